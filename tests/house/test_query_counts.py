"""Every list asks fewer than twelve queries, and as many at one row as at many.

Everything that is asked for the page counts, who asks and with which rights too; savepoints, the statements that
open and close a transaction and the row that says who saw whom do not, since they ask nothing.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
LIMIT = 12  # "fewer than 12 SQL queries" for each list
TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
NOTED = 'INSERT INTO "dossiers_shown"'  # who saw whom leaves one row; it asks nothing


def cost(client: Client, address: str) -> int:
    """Return how many queries the page asks."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    set_database_actor(SYSTEM)
    return sum(1 for query in seen.captured_queries if not query["sql"].startswith((*TRANSACTION, NOTED)))


def appoint(world: World, number: int) -> None:
    unit = Unit.objects.filter(agency=world.home, kind=UnitKind.DIVISION).first()
    assert unit is not None
    account = open_account(
        login_name=f"nguoi{number}", full_name=f"Người Thứ {number}", account_kind=AccountKind.STAFF, actor=SYSTEM,
        at=timezone.now(),
    )  # fmt: skip
    people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.SPECIALIST,),
        valid_from=date(2025, 7, 1), actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip


def test_the_search_of_procedures_costs_the_same_for_one_hit_and_for_many(world: World) -> None:
    visitor = Client(HTTP_HOST="localhost")
    one, many = cost(visitor, "/thu-tuc?q=ket+hon"), cost(visitor, "/thu-tuc?q=dang+ky")
    assert one < LIMIT and many < LIMIT
    assert abs(one - many) <= 1  # the note under a search that found nothing exactly


def test_the_tree_of_agencies_costs_the_same_with_more_people(world: World) -> None:
    officer = world.client("minh")
    before = cost(officer, "/agencies/")
    for number in range(10):
        appoint(world, number)
    assert cost(officer, "/agencies/") == before < LIMIT


@pytest.mark.parametrize(
    ("name", "address"),
    [
        *(("hoa", f"/?list={key}") for key in ("mine", "unit", "soon", "late")),
        ("tuan", "/?list=agency"),
        ("minh", "/"),
        ("mai", "/"),
        ("thu", "/"),
        ("hoa", "/search?q=Hương+Giang"),
        ("minh", "/intake/drafts/"),
        ("minh", "/intake/lists/"),
        ("minh", "/account/positions/"),
        ("hoa", "/workflows/"),
        *(("minh", f"/papers/?list={key}") for key in ("here", "coming", "missing", "slips", "unclaimed")),
        ("minh", "/register/"),
        ("minh", "/register/elsewhere/"),
        ("minh", "/register/elsewhere/?side=in"),
        ("minh", "/certification/"),
        ("tuan", "/certification/?stage=sign"),
        ("minh", "/certification/register/"),
        ("minh", "/certification/register/?kind=signature"),
        ("minh", "/certification/money/"),
    ],
)
def test_a_list_of_officers_asks_fewer_than_twelve(world: World, name: str, address: str) -> None:
    take_in(world)
    assert cost(world.client(name), address) < LIMIT


def test_the_lists_of_paper_cost_the_same_with_more_rows(world: World) -> None:
    take_in(world)
    pages = ("/papers/", "/register/", "/register/elsewhere/")
    before = [cost(world.client("minh"), one) for one in pages]
    for number in range(5):
        take_in(world, key=f"more-{number}")
    assert [cost(world.client("minh"), one) for one in pages] == before


def test_a_query_for_each_row_is_noticed(world: World) -> None:
    """Control: the same count over a loop that asks once a row."""

    def looped(rows: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            for unit in Unit.objects.all()[:rows]:
                str(unit.agency.name)
        return len(seen.captured_queries)

    measured: Callable[[int], int] = looped
    assert measured(1) != measured(4)
