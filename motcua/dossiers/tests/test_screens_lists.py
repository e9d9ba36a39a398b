"""The officers' lists: the same few queries at any size, paged by key, and only what is one's own."""

import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import listing, worklists
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import processing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, take_in
from motcua.dossiers.views.lists import moment_now
from motcua.lib.ids import uuid7
from motcua.lib.lookup import lookup_hash, new_token

pytestmark = pytest.mark.sql

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    """Each test in a transaction of its own."""


def many(seed: Dossier, count: int) -> None:
    """Copy one dossier and its open step; only their dates and codes differ."""
    task = Task.objects.get(dossier=seed, ended_at=None)
    dossiers, tasks = [], []
    for number in range(count):
        due = seed.due_at + timedelta(hours=number - 40) if seed.due_at else None
        copy = (
            Dossier.objects.get(pk=seed.pk) if number == 0 else dossiers[0].__class__(**_values(dossiers[0]))
        )
        copy.pk, copy.code, copy.due_at = uuid7(), f"H24.12-260706-{number + 5000}", due
        copy.token_hash = lookup_hash(new_token(), os.urandom(32))
        dossiers.append(copy)
        values = {**_values(task), "dossier_id": copy.pk, "id": uuid7()}
        tasks.append(Task(**values))
    Dossier.objects.bulk_create(dossiers)
    Task.objects.bulk_create(tasks)


def _values(row: Dossier | Task) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def asked(world: World, name: str, path: str) -> tuple[int, str]:
    client = world.client(name)
    client.get(path)  # the process learns calendars and workflows once
    with CaptureQueriesContext(connection) as seen:
        page = client.get(path)
    assert page.status_code == 200
    return len(seen), page.content.decode()


@pytest.mark.parametrize(
    ("name", "key"), [("hoa", "mine"), ("hoa", "unit"), ("tuan", "agency"), ("hoa", "late")]
)
def test_a_list_costs_the_same_at_1_and_at_1000_rows(world: World, name: str, key: str) -> None:
    seed = take_in(world)
    few, page = asked(world, name, f"/?list={key}")
    many(seed, 1000)
    lots, page = asked(world, name, f"/?list={key}")
    assert lots == few
    assert page.count("data-line ") == listing.PAGE


def test_a_list_stays_under_twelve_queries(world: World) -> None:
    """Everything counts but savepoints and what opens and closes the transaction: that is no question."""
    take_in(world)
    client = world.client("hoa")
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/")
    about = [one["sql"] for one in seen if "dossiers_" in one["sql"] or "calendars_" in one["sql"]]
    assert len(about) < MOST_QUERIES / 2, about
    assert len([one for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]) < MOST_QUERIES


def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    many(take_in(world), 130)
    client = world.client("hoa")
    seen: list[str] = []
    path = "/?list=mine"
    for _page in range(5):
        response = client.get(path)
        assert "Cũ hơn" not in response.content.decode(), "the list goes by the time left, not by age"
        seen += [line.code for line in response.context["lines"]]
        older = response.context["pager"].older
        if not older:
            break
        path = older
        assert parse_qs(urlsplit(path).query)["after"]
    assert len(seen) == len(set(seen)) == 131


def test_what_is_late_stands_first_and_what_stands_still_last(world: World) -> None:
    seed = take_in(world)
    many(seed, 3)
    still = Dossier.objects.order_by("due_at").first()
    assert still is not None
    Dossier.objects.filter(pk=still.pk).update(status=8, sub_status="suspended", paused_at=timezone.now())
    items = listing.page(worklists.LISTS[0], world.actor("hoa"), moment_now()).items
    assert items[-1].dossier_id == still.pk
    dates = [item.due_at for item in items[:-1]]
    assert dates == sorted(dates)


def test_a_broken_key_begins_anew(world: World) -> None:
    take_in(world)
    for broken in ("x", "2026-01-01|", "2026-01-01T00:00:00|nope", "|", "'; drop table"):
        assert len(world.client("hoa").get("/", {"after": broken}).context["lines"]) == 1


def test_counts_say_what_the_lists_hold(world: World) -> None:
    seed = take_in(world)
    many(seed, 60)
    actor = world.actor("hoa")
    moment = moment_now()
    counts = worklists.counts(actor, moment)
    for one in worklists.lists_of(actor):
        assert counts[one.key] == len(listing.page(one, actor, moment, size=500).items), one.key
    assert counts["mine"] == 61


def test_the_neighbour_sees_nothing_of_it(world: World) -> None:
    dossier = take_in(world)
    client = world.client("binh")
    assert client.get("/").context["lines"] == []
    assert client.get("/search", {"q": dossier.applicant_name}).context["lines"] == []
    answers = {
        client.get(f"/dossiers/{code}/").status_code for code in (dossier.code, "H24.12-260706-9999", "x")
    }
    assert answers == {404}
    assert client.get(f"/api/v1/dossiers/{dossier.code}/due").status_code == 404


@pytest.mark.parametrize("name", ["code", "name", "no_marks", "procedure", "number", "phone", "spaced"])
def test_anything_on_the_slip_finds_it(world: World, name: str) -> None:
    dossier = take_in(world)
    text = {
        "code": dossier.code.lower(),
        "spaced": dossier.code.replace("-", " "),
        "name": dossier.applicant_name,
        "no_marks": "pham thi huong giang",
        "procedure": "giay phep xay dung",
        "number": "031185000017",
        "phone": "0912 345 678",
    }[name]
    answer = world.client("hoa").get("/search", {"q": text})
    if name in {"code", "spaced"}:
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/dossiers/{dossier.code}/"
    else:
        assert [line.code for line in answer.context["lines"]] == [dossier.code]


def test_the_qr_of_the_slip_opens_it(world: World) -> None:
    dossier = take_in(world)
    client = world.client("hoa")
    found = client.post("/search", {"q": f"http://localhost/tra-cuu#{dossier.token}"})
    assert found.headers["Location"] == f"/dossiers/{dossier.code}/"
    assert client.post("/search", {"q": "http://localhost/tra-cuu#AAAAAAAAAAAAAAAAAAAAAA"}).status_code == 200


def test_a_row_says_what_to_do_and_whose_it_is(world: World) -> None:
    dossier = take_in(world)
    processing.assign(
        **common(world, "hoa", dossier, dossier.accepted_at or timezone.now()),
        to_position=world.positions["hoa"],
    )
    line = world.client("hoa").get("/").context["lines"][0]
    assert line.todo == "Thẩm định hồ sơ"
    assert "bước 3 trên" in line.dots
    whole = world.client("tuan").get("/?list=agency").context["lines"][0]
    assert "Đỗ Thị Hoa" in whole.why


def test_the_ticket_to_listen_is_for_the_own_agency_and_once(world: World) -> None:
    from django.conf import settings

    from motcua.lib import stream_tokens

    answer = world.client("hoa").get("/live/token").json()
    ticket = answer["url"].partition("token=")[2]
    claims = stream_tokens.read(ticket, key=settings.LIVE_KEY)
    assert claims["agency"] == world.home.pk
    assert answer["url"] != world.client("hoa").get("/live/token").json()["url"]


def test_an_officer_with_two_positions_switches_in_the_left_column(world: World) -> None:
    from motcua.agencies.operations import people
    from motcua.agencies.roles import Role
    from motcua.lib.actor import SYSTEM

    client = world.client("hoa")
    assert 'name="position"' not in client.get("/").content.decode()
    second = people.appoint(
        account_id=world.accounts["hoa"].pk, unit_id=world.actor("tuan").unit_id or 0, title="Quyền Phó Chủ tịch",
        roles=(Role.LEADER,), valid_from=timezone.localdate() - timedelta(days=3), is_primary=False, actor=SYSTEM,
        at=timezone.now(),
    )  # fmt: skip
    page = client.get("/").content.decode()
    assert "Quyền Phó Chủ tịch" in page
    assert "?list=agency" not in page
    assert client.post("/account/positions/", {"position": second.pk}).status_code == 302
    assert "?list=agency" in client.get("/").content.decode()


def test_only_those_who_look_after_the_office_find_the_way_to_it(world: World) -> None:
    head, receiver = (world.client(name).get("/").content.decode() for name in ("tuan", "minh"))
    assert 'href="/workflows/"' in head
    assert 'href="/people/"' not in head
    assert 'href="/workflows/"' not in receiver
