"""Reactions to news; at least once, so each bears repetition."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.accounts.models import EmergencySeal, NoticeKind
from motcua.accounts.operations import notices
from motcua.agencies import queries
from motcua.agencies.events import CARRY_OUT
from motcua.base.jobs.operations import ring


def emergency_used(facts: dict[str, Any]) -> None:
    """Tell every system administrator that an emergency account was opened, and why once that is known."""
    seal = EmergencySeal.objects.select_related("account").get(pk=facts["seal"])
    at = datetime.fromisoformat(facts["at"])
    detail = f"{seal.account.full_name}: {seal.reason}" if seal.reason else seal.account.full_name
    for account_id in queries.administrators(timezone.localdate(at)):
        if account_id != seal.account_id:
            notices.tell(
                account_id=account_id,
                kind=NoticeKind.EMERGENCY_USED,
                at=at,
                detail=detail,
                address=seal.address,
            )


def change_due(facts: dict[str, Any]) -> None:
    """Let the worker carry out planned changes now instead of within five minutes; a transaction of their own."""
    ring(CARRY_OUT, timestamp=int(datetime.fromisoformat(facts["at"]).timestamp()))
