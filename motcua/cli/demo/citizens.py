"""The demo's citizens who have an account before they sign in the first time."""

from datetime import datetime

from motcua.accounts.models import Account
from motcua.applicants import queries
from motcua.applicants.operations.citizens import adopt
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.cli.demo.accounts import CITIZENS
from motcua.cli.demo.identity import CITIZENS as KNOWN
from motcua.lib.actor import SYSTEM


def load(accounts: dict[str, Account], *, at: datetime) -> None:
    """Say who each of them is: the identity provider finds them by the personal number."""
    for one in KNOWN:
        account = accounts.get(one.sub) if one.sub in CITIZENS else None
        if account is None or queries.citizen(account.pk) is not None:
            continue
        facts = PersonFacts(
            full_name=one.name,
            personal_id=one.personal_id,
            birth_date=datetime.fromisoformat(one.birth).date(),
            phone=one.phone,
            scanned=True,
        )
        adopt(account_id=account.pk, facts=facts, actor=SYSTEM, at=at)
