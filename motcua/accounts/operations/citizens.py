"""Accounts of citizens: opened when somebody arrives whom the identity provider vouches for."""

import secrets
from datetime import datetime

from django.db import transaction

from motcua.accounts.models import Account, AccountKind
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.vietnamese import fold, name_sort_key, normalize

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@transaction.atomic
def open_citizen(*, full_name: str, actor: Actor, at: datetime) -> Account:
    """Open an account without a password. Its log-in name says nothing of the person."""
    person = normalize(full_name)
    account = Account(
        login_name="cd-" + "".join(secrets.choice(_LETTERS) for _place in range(16)),
        full_name=person,
        sort_key=name_sort_key(person),
        search_text=fold(person)[:200],
        account_kind=AccountKind.CITIZEN,
        created_at=at,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    record(
        actor=actor, verb="account.open", subject_kind="account", subject_id=account.pk, at=at,
        payload={"kind": str(AccountKind.CITIZEN)}, begins=True,
    )  # fmt: skip
    return account


@transaction.atomic
def renamed(*, account_id: int, full_name: str, actor: Actor, at: datetime) -> None:
    """Bring the name of an account up to what the identity provider says of the same person."""
    person = normalize(full_name)
    changed = (
        Account.objects.filter(pk=account_id)
        .exclude(full_name=person)
        .update(full_name=person, sort_key=name_sort_key(person), search_text=fold(person)[:200])
    )
    if changed:
        record(actor=actor, verb="account.rename", subject_kind="account", subject_id=account_id, at=at)
