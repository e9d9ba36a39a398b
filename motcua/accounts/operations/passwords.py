"""Setting a password: checked, never one of the last ten, the old sessions end."""

from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from motcua.accounts import sessions
from motcua.accounts.models import Account, NoticeKind, PasswordRecord
from motcua.accounts.operations import notices
from motcua.accounts.validators import REMEMBERED
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


def check(*, account: Account, password: str) -> None:
    """Refuse a password that is too short, common, made of the person's own words, or one of the last ten."""
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), code="weak_password", field="password") from error


@transaction.atomic
def set_password(
    *, account: Account, password: str, actor: Actor, at: datetime, keep: str | None = None
) -> Account:
    """Set a person's own password; ends all their sessions but `keep`, tells them, keeps no clear text."""
    check(account=account, password=password)
    account.set_password(password)
    account.must_set_password = False
    account.password_changed_at = at
    account.save(update_fields=["password", "must_set_password", "password_changed_at"])
    PasswordRecord.objects.create(account=account, hash=account.password, created_at=at)
    _forget_old(account)
    sessions.end_all(account.pk, but=keep)
    notices.tell(account_id=account.pk, kind=NoticeKind.PASSWORD_CHANGED, at=at)
    record(actor=actor, verb="account.set_password", subject_kind="account", subject_id=account.pk, at=at)
    return account


def _forget_old(account: Account) -> None:
    """Keep only the hashes the rule needs: fewer secrets at rest."""
    newest = PasswordRecord.objects.filter(account=account).order_by("-created_at", "-pk")
    kept = list(newest.values_list("pk", flat=True)[:REMEMBERED])
    PasswordRecord.objects.filter(account=account).exclude(pk__in=kept).delete()
