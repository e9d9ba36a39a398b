"""What a completed log-in leaves behind."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.accounts.models import Account, NoticeKind
from motcua.accounts.operations import notices
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor


@transaction.atomic
def logged_in(*, account: Account, actor: Actor, at: datetime, address: str, methods: Sequence[str]) -> None:
    """Write a log-in into history; tell the person when a recovery code was spent."""
    Account.objects.filter(pk=account.pk).update(last_seen_at=at)
    if "recovery_codes" in methods:
        notices.tell(account_id=account.pk, kind=NoticeKind.RECOVERY_CODE_USED, at=at, address=address)
    record(
        actor=actor,
        verb="account.log_in",
        subject_kind="account",
        subject_id=account.pk,
        at=at,
        payload={"address": address, "methods": list(methods)},
    )
