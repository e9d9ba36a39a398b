"""People and officers for tests. Numbers follow the rule and belong to nobody."""

from datetime import UTC, date, datetime

from motcua.applicants.operations import PersonFacts, Registered, find_or_register_person
from motcua.lib.actor import Actor

AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)
MINH = Actor(
    kind="officer",
    account_id=None,
    position_id=7,
    agency_id=1,
    roles=frozenset({"receiver"}),
    agencies=frozenset({1}),
    name="Phạm Quang Minh",
)


def facts(**changes: object) -> PersonFacts:
    """Return the facts of Lan, the citizen of all tests."""
    given = {
        "full_name": "Nguyễn Thị Lan",
        "personal_id": "031190000012",
        "birth_date": date(1990, 3, 8),
        "sex": "female",
        "phone": "0912 345 678",
        "address": "Số 5, đường Lê Lợi, Phường Hồng Bàng, Thành phố Hải Phòng",
    }
    return PersonFacts(**(given | changes))  # type: ignore[arg-type]


def lan(**changes: object) -> Registered:
    """Register Lan, or somebody like her."""
    return find_or_register_person(facts=facts(**changes), actor=MINH, at=AT)
