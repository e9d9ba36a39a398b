"""Dossiers past their keeping period: periods by two people, the year they end in, the list, its copy, who gets none."""

import io
import time
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers import archive
from motcua.dossiers.archive import Asked, Line, Over
from motcua.dossiers.models import AccessLog, Dossier
from motcua.dossiers.operations import archive as copies
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.dossiers.tests.lives import take_in
from motcua.dossiers.tests.test_register import many
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import KeepingPeriod, Procedure, Sector
from motcua.procedures.operations import keeping
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = timezone.now()
FIRST = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"system_admin"}), name="Một")
SECOND = replace(FIRST, account_id=2, position_id=2, name="Hai")
TEXT = "TT 10/2022/TT-BNV, Phụ lục I"


def ask(*, actor: Actor = FIRST, **changes: Any) -> KeepingPeriod:
    facts: dict[str, Any] = {"how": "years", "years": 5, "source": TEXT, "valid_from": date(2020, 1, 1)}
    return keeping.propose(**facts | changes, actor=actor, at=NOW, key=uuid4().hex)


def decide(period: KeepingPeriod, actor: Actor = SECOND, *, approve: bool = True) -> KeepingPeriod:
    return keeping.decide(period_id=period.pk, approve=approve, actor=actor, at=NOW, key=uuid4().hex)


def holds(**changes: Any) -> KeepingPeriod:
    return decide(ask(**changes))


def closed(world: World, at: datetime, *, status: int = 10, sub: str = "granted", **values: Any) -> Dossier:
    """A dossier that was taken in and closed long ago."""
    dossier = take_in(world)
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=dossier.pk).update(
        status=status, sub_status=sub, finished_at=at, returned_at=at if status == 10 else None, **values
    )
    return dossier


def over(world: World, day: date, *, name: str = "thu", **asked: Any) -> list[Line]:
    actor = world.actor(name)
    set_database_actor(actor)
    return list(Over(actor, Asked(**{"agency": world.home, "day": day, **asked})).lines())


def sector_of(dossier: Dossier) -> int:
    sector = dossier.procedure_version.procedure.sector_id
    assert sector is not None
    return sector


def test_a_period_ends_with_the_years_after_the_year_of_closing(world: World) -> None:
    """Five years of what was closed on 31/12/2014 at midnight less a minute: 2015 to 2019; over from 1/1/2020."""
    last = closed(world, datetime(2014, 12, 31, 23, 59, tzinfo=VIETNAM))
    first = closed(world, datetime(2015, 1, 1, 0, 1, tzinfo=VIETNAM))
    holds(sector_id=sector_of(last), valid_from=date(2010, 1, 1))
    assert over(world, date(2019, 12, 31)) == []
    line = over(world, date(2020, 1, 1))[0]
    assert (line.code, line.years, line.source, line.over_from) == (last.code, 5, TEXT, date(2020, 1, 1))
    assert [one.code for one in over(world, date(2021, 6, 1))] == [last.code, first.code]
    assert [one.code for one in over(world, date(2021, 6, 1), year=2015)] == [first.code]


def test_what_has_no_period_or_is_kept_for_ever_is_never_listed(world: World) -> None:
    one = closed(world, datetime(1990, 3, 1, tzinfo=VIETNAM))
    day = date(2100, 1, 1)
    assert over(world, day) == []
    actor = world.actor("thu")
    asked = Asked(agency=world.home, day=day)
    assert Over(actor, asked).left_out() == (0, 1) and Over(actor, asked).count() == 0
    holds(sector_id=sector_of(one), how="forever", years=None)
    assert over(world, day) == [] and Over(actor, asked).left_out() == (1, 0)
    holds(procedure_id=one.procedure_version.procedure_id, years=10)  # the procedure's own goes first
    assert [line.years for line in over(world, day)] == [10]
    holds(
        procedure_id=one.procedure_version.procedure_id, how="sector", years=None, valid_from=date(2021, 1, 1)
    )
    assert over(world, day) == []
    assert [line.years for line in over(world, date(2020, 12, 31))] == [10]  # as it was reckoned before


def test_only_what_is_closed_is_listed_and_only_of_ones_agency(world: World) -> None:
    at = datetime(2000, 5, 5, tzinfo=VIETNAM)
    ends = [(10, "granted"), (10, "refused"), (7, ""), (3, ""), (8, "stopped")]
    codes = {closed(world, at, status=status, sub=sub).code for status, sub in ends}
    waits = closed(world, at, status=9, sub="granted")
    elsewhere = closed(world, at, competent_agency=world.neighbour)
    open_ = take_in(world)
    holds(sector_id=sector_of(waits))
    lines = over(world, date(2026, 1, 1))
    assert {one.code for one in lines} == codes
    assert not {waits.code, elsewhere.code, open_.code} & codes
    assert {one.ended for one in lines} >= {"Đã trả kết quả", "Dừng xử lý", "Không được tiếp nhận"}
    assert over(world, date(2026, 1, 1), name="binh") == []


def test_pages_go_by_key_and_count_the_whole(world: World) -> None:
    seed = closed(world, datetime(2001, 2, 3, tzinfo=VIETNAM))
    many(Dossier.objects.get(pk=seed.pk), 7)
    holds(sector_id=sector_of(seed))
    actor = world.actor("thu")
    set_database_actor(actor)
    found = Over(actor, Asked(agency=world.home, day=date(2026, 1, 1)))
    seen, after = [], ""
    while True:
        page = found.page(after, size=3)
        assert page.count == 8
        seen += [one.code for one in page.lines]
        after = page.older
        if not after:
            break
    assert len(seen) == len(set(seen)) == 8
    for broken in ("x-y", "nan-1", "1e400-2", f"-{uuid4()}"):
        assert len(found.page(broken, size=3).lines) == 3


def test_a_copy_reads_back_is_noted_and_deletes_nothing(world: World) -> None:
    one = closed(world, datetime(2001, 2, 3, tzinfo=VIETNAM), summary="=1+1")
    holds(sector_id=sector_of(one))
    before = Dossier.objects.count()
    client, asked = world.client("thu"), {"agency": world.home.pk, "day": "01/01/2026"}
    page = client.get("/archive/", asked).content.decode()
    assert one.code in page and "1 hồ sơ hết thời hạn" in page and TEXT in page
    answer = client.post("/archive/xlsx", asked)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    assert sheet["A3"].value == "DANH MỤC HỒ SƠ HẾT THỜI HẠN BẢO QUẢN"
    row = [cell.value for cell in sheet[7]]
    assert row[:2] == [1, one.code] and row[4] == "=1+1" and sheet["E7"].data_type == "s"
    assert (row[6].date(), row[7], row[8].date(), row[9]) == (date(2001, 2, 3), 5, date(2007, 1, 1), TEXT)
    set_database_actor(SYSTEM)
    entry = Entry.objects.get(verb="copy_archive")
    assert entry.payload == {"day": "2026-01-01", "sector": None, "year": None, "dossiers": 1}
    assert AccessLog.objects.filter(dossier=one, reason__startswith="Tải danh mục").count() == 1
    assert Dossier.objects.count() == before


def test_who_gets_none_and_bad_input_comes_back_in_place(world: World) -> None:
    one = closed(world, datetime(2001, 2, 3, tzinfo=VIETNAM))
    holds(sector_id=sector_of(one))
    found = Over(world.actor("minh"), Asked(agency=world.home, day=date(2026, 1, 1)))
    with pytest.raises(NotPermitted):
        copies.note_copy(over=found, actor=world.actor("minh"), at=NOW)
    assert world.client("minh").get("/archive/").status_code == 403
    client = world.client("thu")
    for bad in (
        {"day": "31/02/2026"},
        {"day": "01/01/9999"},
        {"year": "x"},
        {"agency": "0"},
        {"sector": "abc"},
    ):
        assert client.get("/archive/", bad).status_code == 200
        assert client.post("/archive/xlsx", {"agency": world.home.pk, **bad}).status_code == 422
    assert client.post("/archive/xlsx", {"agency": world.neighbour.pk}).status_code == 422
    set_database_actor(SYSTEM)
    assert not Entry.objects.filter(verb="copy_archive").exists()


# ── Periods by two people


def test_a_period_holds_once_a_second_person_approved_it(db: None) -> None:
    birth = Procedure.objects.create(
        key="x", name="Khai sinh", lowered="", folded="", search_text="", sort_key="x"
    )
    period = ask(procedure_id=birth.pk)
    with pytest.raises(NotPermitted, match="không tự duyệt"):
        decide(period, FIRST)
    with pytest.raises(Conflict, match="đang chờ"):
        ask(procedure_id=birth.pk, years=7)
    decide(period)
    with pytest.raises(Conflict):
        decide(period)
    with pytest.raises(Refusal, match="đúng như vậy"):
        ask(procedure_id=birth.pk)
    decide(ask(procedure_id=birth.pk, years=9), FIRST, approve=False)
    told = [one.verb for one in Entry.objects.filter(subject_kind="keeping").order_by("seq")]
    assert told == ["keeping.propose", "keeping.approve", "keeping.propose", "keeping.refuse"]
    with pytest.raises(IntegrityError), transaction.atomic():
        KeepingPeriod.objects.filter(pk=period.pk).update(decided_by=period.proposed_by)


def test_bad_periods_are_refused(db: None) -> None:
    sector = Sector.objects.create(name="Thử", folded="thu", sort_key="thu").pk
    bad: list[tuple[dict[str, Any], str]] = [
        ({"years": 0}, "từ 1 đến 100"),
        ({"years": 101}, "từ 1 đến 100"),
        ({"years": None}, "từ 1 đến 100"),
        ({"how": "sector", "years": None}, "số năm hoặc vĩnh viễn"),
        ({"how": "x"}, "số năm hoặc vĩnh viễn"),
        ({"source": "  "}, "văn bản"),
        ({"valid_from": date(1600, 1, 1)}, "quá xa"),
    ]
    for changes, words in bad:
        with pytest.raises(Refusal, match=words):
            ask(sector_id=sector, **changes)
    assert not KeepingPeriod.objects.exists()


def test_others_set_nothing_and_nothing_unknown_is_set(db: None) -> None:
    with pytest.raises(NotFound):
        ask(sector_id=0)
    with pytest.raises(NotFound):
        ask(procedure_id=-1)
    with pytest.raises(NotFound):
        ask()
    for who in (replace(FIRST, roles=frozenset({"unit_admin", "business_admin"})), SYSTEM):
        with pytest.raises(NotPermitted):
            ask(sector_id=1, actor=who)


def test_two_administrators_set_a_period_on_the_pages(world: World) -> None:
    birth = Procedure.objects.get(code="1.001193")
    committed.one_more(world, "an", "Trần Văn An", UnitKind.CLERICAL, (Role.SYSTEM_ADMIN,), NOW)
    client = world.client("an")
    here = f"/administration/keeping/sectors/{birth.sector_id}/"
    faults = client.post(
        here, {"how": "years", "years": "", "source": "", "valid_from": "1/13/2020", "key": "a"}
    )
    assert faults.status_code == 422
    sent = {"how": "years", "years": "20", "source": TEXT, "valid_from": "01/01/2023", "key": "b"}
    assert client.post(here, sent).status_code == 302
    assert "Chờ duyệt" in client.get("/administration/keeping/").content.decode()
    set_database_actor(SYSTEM)
    period = KeepingPeriod.objects.get()
    KeepingPeriod.objects.update(proposed_by=world.accounts["hoa"].pk)  # somebody else asked
    there = f"/administration/keeping/{period.pk}/decide/"
    assert client.post(there, {"decision": "approve", "key": "c"}).status_code == 302
    page = client.get("/administration/keeping/?q=khai sinh").content.decode()
    assert "20 năm" in page and TEXT in page and birth.name in page
    assert client.get("/administration/keeping/sectors/999999/").status_code == 404
    assert client.post("/administration/keeping/999999/decide/", {"key": "d"}).status_code == 404
    assert world.client("thu").get("/administration/keeping/").status_code == 403


@pytest.mark.long
def test_150_000_closed_dossiers_are_read_by_the_index(world: World) -> None:
    """Twenty-six years of an agency: a page, the count and what is left out; the page walks its index alone."""
    seed = closed(world, datetime(2000, 1, 1, 8, 0, tzinfo=VIETNAM))
    holds(sector_id=sector_of(seed), years=10)
    told = {
        "id": "gen_random_uuid()",
        "code": "'H24.12-000101-' || n",
        "token_hash": "sha256(n::text::bytea)",
        "search_text": "''",
        "found_by": "null",
        "finished_at": "finished_at + n * interval '90 minutes'",
        "returned_at": "returned_at + n * interval '90 minutes'",
    }
    columns = [field.column for field in Dossier._meta.concrete_fields]
    taken = ", ".join(told.get(name, name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into dossiers_dossier ({', '.join(columns)}) select {taken} from dossiers_dossier,"
            " generate_series(1, 149999) n where id = %s",
            [seed.pk],
        )
        cursor.execute("analyze dossiers_dossier")
    actor = world.actor("thu")
    set_database_actor(actor)
    found = Over(actor, Asked(agency=world.home, day=date(2026, 6, 1)))
    page = found.page()
    assert len(page.lines) == 50 and 90_000 < page.count < 100_000
    after = next(islice(found.lines(), 80_000, None)).key
    for name, act in (
        ("page", found.page), ("deep page", lambda: found.page(after)), ("left out", found.left_out),
    ):  # fmt: skip
        start = time.monotonic()
        act()
        print(f"{name}: {(time.monotonic() - start) * 1000:.0f} ms")
    with connection.cursor() as cursor:
        values = found._values | {"after": None, "after_id": None, "limit": 51}
        cursor.execute(f"explain (analyze, buffers) {archive._PAGE}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    print(plan)
    assert "dossier_closed" in plan and "Seq Scan on dossiers_dossier" not in plan
