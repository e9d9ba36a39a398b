"""How it stands with each provider: closed for a while after faults, longer each time, so that nobody waits for it."""

from datetime import datetime, timedelta

from django.db import transaction

from motcua.base.notifications.models import Way

_IN_A_ROW = 3  # faults that may be chance
_SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(minutes=30)


def closed(channel: str, name: str, at: datetime) -> bool:
    """Tell whether a provider is left alone for now."""
    return Way.objects.filter(channel=channel, name=name, closed_until__gt=at).exists()


def failed(channel: str, name: str, error: str, at: datetime, *, at_once: bool = False) -> None:
    """Note a fault. Three in a row, or one that is sure (`at_once`), close the provider."""
    with transaction.atomic():
        Way.objects.get_or_create(channel=channel, name=name)
        row = Way.objects.select_for_update().get(channel=channel, name=name)
        row.faults, row.last_error, row.last_fault_at = row.faults + 1, error[:100], at
        over = row.faults if at_once else row.faults - _IN_A_ROW + 1
        if over > 0:
            row.closed_until = at + min(_SHORTEST * 2 ** min(over - 1, 10), _LONGEST)
        row.save(update_fields=["faults", "last_error", "last_fault_at", "closed_until"])


def worked(channel: str, name: str, at: datetime) -> None:
    """Note that a provider took something; written when it had faults, else once a minute."""
    mended = Way.objects.filter(channel=channel, name=name, faults__gt=0)
    if mended.update(faults=0, closed_until=None, last_sent_at=at):
        return
    recent = Way.objects.filter(channel=channel, name=name, last_sent_at__gt=at - timedelta(minutes=1))
    if not recent.exists():
        Way.objects.update_or_create(channel=channel, name=name, defaults={"last_sent_at": at})


def opened_again(channel: str, name: str) -> int:
    """Open a provider at once: somebody has put it right."""
    return Way.objects.filter(channel=channel, name=name).update(faults=0, closed_until=None)
