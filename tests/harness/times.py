"""Moments of today, at any hour: rows that stand "half an hour ago" must not stand on yesterday just after midnight."""

from datetime import datetime, timedelta

from django.utils import timezone

_LONGEST = timedelta(minutes=61)  # what rows of a day go back at most


def ago(at: datetime, **span: float) -> datetime:
    """Return so long before `at`; in the first hour of a day shorter, in proportion, so that order and day stay."""
    local = timezone.localtime(at)
    since = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
    return at - timedelta(**span) * min(1.0, since / _LONGEST)
