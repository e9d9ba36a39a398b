"""The second wall, tried as the program's own role: what it sees, and what it can never change.

Every assertion stands in a function, so that the controls can break the wall inside a transaction of the
administrator and show that the same function then fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from motcua.agencies.models import ShopKind, Unit, UnitKind
from motcua.agencies.operations import places
from motcua.base.audit.operations import anchor_day
from motcua.base.calendars.models import Day
from motcua.base.files.models import StoredFile
from motcua.certification.kinds import SIGNATURE
from motcua.certification.models import CopiedPaper, ElectronicCopy
from motcua.certification.tests import desk_world
from motcua.cli.run import pytest_plugin
from motcua.config.database import PROGRAM_ROLE
from motcua.counters.operations import halls, tickets
from motcua.dossiers import scanned
from motcua.dossiers.models import (
    AccessLog,
    Dossier,
    DossierFile,
    DueMove,
    ExternalCode,
    HallTicket,
    Posting,
    Recompute,
    Relation,
    ScanText,
    Task,
)
from motcua.dossiers.operations import (
    apology,
    consultation,
    custody,
    decision,
    drafts,
    intake,
    pauses,
    processing,
    supplement,
    together,
)
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.lives import MONDAY, common, later, plan, take_in
from motcua.exchange.models import Change, Incoming
from motcua.exchange.tests import client_world
from motcua.lib.actor import SYSTEM
from motcua.moving.models import MovedDossier

pytestmark = pytest.mark.sql

_PROTECTED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and (c.relname in ('dossiers_dossier', 'dossiers_handoverslip', 'dossiers_scantext')
  or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'dossier_id' and not a.attisdropped))
order by 1
"""
WORDS = "giấy chứng nhận quyền sử dụng đất"
_OPEN = "select relname from pg_class where relname = any(%s) and not relrowsecurity order by 1"


@dataclass(frozen=True)
class Wall:
    """A database with dossiers of two communes: `first` has rows in every table, `second` a dossier alone."""

    url: str
    login: str
    first: int
    second: int
    tables: tuple[str, ...]

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A transaction of the migrating role that is always rolled back."""
        with psycopg.connect(self.url) as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def program(self, connection: psycopg.Connection | None = None) -> Iterator[psycopg.Connection]:
        """The same as the program's role: by its own log-in, or inside a transaction of the administrator."""
        if connection is not None:
            connection.execute(f"set local role {PROGRAM_ROLE}")
            yield connection
            return
        with psycopg.connect(self.login) as own:
            yield own
            own.rollback()


@pytest.fixture(scope="module")
def wall(django_db_setup: None, django_db_blocker: Any) -> Iterator[Wall]:
    with committed.database(django_db_blocker) as name:
        world = committed.build()
        with committed.acting(SYSTEM):
            _fill(world)
            anchor_day(day=timezone.localdate(), at=timezone.now())
        url = pytest_plugin.cluster.admin(name).url()
        with psycopg.connect(url) as connection:
            connection.execute("insert into motcua_track_try values ('\\x00', now(), 1)")
            tables = tuple(row[0] for row in connection.execute(_PROTECTED).fetchall())
        login = pytest_plugin.cluster.address(PROGRAM_ROLE, pytest_plugin._PASSWORD, name).url()
        yield Wall(url, login, world.home.pk, world.neighbour.pk, tables)


def _fill(world: Any) -> None:
    """Give the first commune a row in every table of a dossier, the second a dossier that only it may see."""
    dossier = take_in(world, contact_phone="0912345678")
    unit = Task.objects.filter(dossier=dossier, role="receiver").first().unit_id
    processing.assign(**common(world, "hoa", dossier, later(hours=1), to_position=world.positions["hoa"]))
    consultation.consult(
        **common(world, "hoa", dossier, later(hours=2), unit_id=unit, question="Đã có chưa?")
    )
    supplement.request_supplement(
        **common(world, "hoa", dossier, later(hours=3), items=[Missing("A", "Thiếu")])
    )
    supplement.receive_supplement(**common(world, "minh", dossier, later(days=1), papers_in=[]))
    pauses.suspend(**common(world, "hoa", dossier, later(days=2), reason="Chờ"))
    pauses.resume(**common(world, "hoa", dossier, later(days=3)))
    dossier.refresh_from_db()
    assert dossier.due_at is not None
    apology.prepare(dossier_id=dossier.pk, due_at=dossier.due_at, actor=SYSTEM, at=later(days=3, hours=1))
    decision.propose(**common(world, "hoa", dossier, later(days=4), kind="granted", choice="Trình kết quả"))
    custody.hand_over(
        holding_ids=[dossier.holdings.get(until=None).pk], to_unit_id=Unit.objects.get(
            agency=world.home, kind=UnitKind.DIVISION).pk,
        actor=world.actor("minh"), at=later(days=4), key=uuid4().hex,
    )  # fmt: skip
    ExternalCode.objects.create(home_agency=world.home, dossier=dossier, system="dvcqg", code="G22.1")
    sender = client_world.register(world).client
    Incoming.objects.create(
        home_agency=world.home, dossier=dossier, client=sender, pressed_by="applicant", at=MONDAY
    )
    Change.objects.create(
        home_agency=world.home,
        dossier=dossier,
        code=dossier.code,
        event="dossier.submit",
        status=1,
        at=MONDAY,
    )
    MovedDossier.objects.create(
        home_agency=world.home,
        dossier=dossier,
        system="cu",
        old_code="HA-1",
        row_hash=b"1" * 32,
        version=1,
        moved_at=MONDAY,
    )
    opened: dict[str, Any] = {"opened_on": MONDAY.date(), "actor": SYSTEM, "at": MONDAY}
    shop = places.open_shop(agency_id=world.home.pk, name="Một cửa", kind=ShopKind.COMMUNE_CENTRE, **opened)
    point = places.open_point(shop_id=shop.pk, name="Sảnh", address="Số 1", **opened)
    hall = halls.open_hall(point_id=point.pk, actor=SYSTEM, at=MONDAY, key="")
    service = halls.add_service(
        hall_id=hall.pk, prefix="A", name="Hộ tịch", minutes=10, actor=SYSTEM, at=MONDAY, key=""
    )
    ticket = tickets.issue(service_id=service.pk, channel="kiosk", actor=SYSTEM, at=MONDAY, key="")
    HallTicket.objects.create(
        home_agency=world.home, dossier=dossier, ticket=ticket, how="hand", joined_at=MONDAY
    )
    recompute = Recompute.objects.create(
        day=Day.objects.earliest("on"), day_mark="", source="Nghỉ tránh bão", calendars=[], state="dropped", opened_at=MONDAY
    )  # fmt: skip
    DueMove.objects.create(
        home_agency=world.home, dossier=dossier, recompute=recompute, state="later", due_before=MONDAY,
        procedure_id=dossier.procedure_version.procedure_id, due_after=later(days=1),
    )  # fmt: skip
    AccessLog.objects.create(home_agency=world.home, dossier=dossier, at=MONDAY, reason="Kiểm thử")
    stored = StoredFile.objects.create(
        agency_id=world.home.pk, sha256="a" * 64, size=1, kind="jpeg", original_name="a.jpg", pages=1, purpose="dossier",
        created_at=MONDAY,
    )  # fmt: skip
    DossierFile.objects.create(
        home_agency=world.home, dossier=dossier, stored=stored, purpose="other", added_at=MONDAY
    )
    ScanText.objects.create(
        sha256=stored.sha256, pages=1, texts='["chữ"]', words=scanned.words_of(WORDS), queued_at=MONDAY
    )
    together.add_note(dossier=dossier, text="Xem giúp @mai", actor=world.actor("hoa"), at=MONDAY)
    together.watch(dossier=dossier, on=True, actor=world.actor("hoa"), at=MONDAY)
    drafts.open_draft(actor=world.actor("minh"), at=MONDAY)
    task = Task.objects.filter(dossier=dossier).first()
    Posting.objects.create(home_agency=world.home, dossier=dossier, task=task, how="named", decided_at=MONDAY)
    desk_world.open_lane(MONDAY)
    copied = CopiedPaper.objects.filter(visit=desk_world.Desk(world).take()).first()
    assert copied is not None
    ElectronicCopy.objects.create(
        home_agency=world.home, dossier_id=copied.dossier_id, paper=copied, applicant=dossier.applicant, stored=stored,
        made_at=MONDAY, made_by_id=world.positions["minh"],
    )  # fmt: skip
    desk_world.Desk(world).take(who="Phạm Thị Lan 031185000025", kind=SIGNATURE)
    Relation.objects.create(
        home_agency=world.home, dossier=dossier, made_by=world.accounts["hoa"], at=MONDAY,
        other=Dossier.objects.filter(home_agency=world.home).exclude(pk=dossier.pk)[0],
    )  # fmt: skip
    binh = world.actor("binh")
    intake.submit(
        intake=plan(world, binh, competent_agency_id=world.neighbour.pk),
        actor=binh,
        at=MONDAY,
        key=uuid4().hex,
    )


# ── The assertions


def scope(connection: psycopg.Connection, kind: str, agencies: str) -> None:
    connection.execute(
        "select set_config('motcua.scope', %s, true), set_config('motcua.agencies', %s, true)",
        [kind, agencies],
    )


def count(connection: psycopg.Connection, table: str, where: str = "") -> int:
    row = connection.execute(f'select count(*) from "{table}" {where}').fetchone()
    assert row is not None
    return int(row[0])


def assert_protected(connection: psycopg.Connection, wall: Wall) -> None:
    assert connection.execute(_OPEN, [[*wall.tables, "audit_entry"]]).fetchall() == []


def assert_nothing_without_scope(connection: psycopg.Connection, wall: Wall) -> None:
    for kind, agencies in (("", ""), ("none", "{}"), ("agencies", "{}")):
        scope(connection, kind, agencies)
        seen = {table: count(connection, table) for table in wall.tables}
        assert not any(seen.values()), (kind, seen)
        assert count(connection, "audit_entry", "where subject_kind = 'dossier'") == 0


def assert_only_its_own(connection: psycopg.Connection, wall: Wall) -> None:
    scope(connection, "agencies", f"{{{wall.first}}}")
    assert _homes(connection) == {wall.first}
    mine = {table: count(connection, table) for table in wall.tables}
    assert all(mine.values()), mine
    assert count(connection, "audit_entry", "where subject_kind = 'dossier'") > 5
    scope(connection, "agencies", f"{{{wall.second}}}")
    assert _homes(connection) == {wall.second}
    theirs = {table: count(connection, table) for table in wall.tables if count(connection, table)}
    assert theirs == {"dossiers_dossier": 1, "dossiers_dossierdocument": 2}
    assert count(connection, "audit_entry", "where subject_kind = 'dossier'") == 1


def _homes(connection: psycopg.Connection) -> set[int]:
    rows = connection.execute("select distinct home_agency_id from dossiers_dossier").fetchall()
    return {row[0] for row in rows}


# ── What the program sees


def test_every_table_of_a_dossier_is_protected(wall: Wall) -> None:
    assert len(wall.tables) >= 12
    with wall.admin() as connection:
        assert_protected(connection, wall)


def test_without_a_scope_no_row_is_visible(wall: Wall) -> None:
    with wall.program() as connection:
        assert_nothing_without_scope(connection, wall)


def test_an_agency_sees_its_own_dossiers_only(wall: Wall) -> None:
    with wall.program() as connection:
        assert_only_its_own(connection, wall)


def test_a_row_for_another_agency_cannot_be_written(wall: Wall) -> None:
    with wall.program() as connection:
        scope(connection, "all", "{}")
        (dossier,) = connection.execute(
            "select id from dossiers_dossier where home_agency_id = %s", [wall.first]
        ).fetchone()
        scope(connection, "agencies", f"{{{wall.second}}}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level"):
            connection.execute(
                "insert into dossiers_externalcode (home_agency_id, dossier_id, system, code) values (%s, %s, 'x', 'y')",
                [wall.first, dossier],
            )


def test_words_of_papers_find_only_what_may_be_seen(wall: Wall) -> None:
    with wall.program() as connection:
        marks = scanned.asked(WORDS)
        for kind, agencies, many in (
            ("agencies", f"{{{wall.first}}}", 1), ("agencies", f"{{{wall.second}}}", 0), ("", "", 0), ("all", "{}", 1),
        ):  # fmt: skip
            scope(connection, kind, agencies)
            row = connection.execute("select motcua_in_papers(%s::bytea[], 10)", [marks]).fetchone()
            assert row is not None and len(row[0]) == many, (kind, agencies)
            nothing = connection.execute("select motcua_in_papers('{}', 10)").fetchone()
            assert nothing == ([],)


def test_a_search_finds_only_what_may_be_seen(wall: Wall) -> None:
    with wall.program() as connection:
        scope(connection, "all", "{}")
        text, marks = connection.execute(
            "select search_text, found_by from dossiers_dossier where home_agency_id = %s limit 1",
            [wall.first],
        ).fetchone()
        code, owner = connection.execute(
            "select e.code, e.home_agency_id from dossiers_externalcode e limit 1"
        ).fetchone()
        asked: list[tuple[list[str], list[bytes], str, int]] = [
            (text.split()[:3], [], "", wall.first), ([], marks, "", wall.first), ([], [], code.lower(), owner),
        ]  # fmt: skip
        assert marks
        for words, hashes, other, home in asked:
            for kind, agencies, seen in (
                ("agencies", f"{{{wall.first}}}", home == wall.first), ("agencies", f"{{{wall.second}}}", home == wall.second),
                ("", "", False), ("all", "{}", True),
            ):  # fmt: skip
                scope(connection, kind, agencies)
                values = [words, hashes, other]
                (ids,) = connection.execute(
                    "select motcua_found(%s::text[], %s::bytea[], %s, 50)", values
                ).fetchone()
                homes = connection.execute(
                    "select distinct home_agency_id from dossiers_dossier where id = any(%s)", [ids]
                ).fetchall()
                visible = connection.execute(
                    "select count(*) from dossiers_dossier where id = any(%s)", [ids]
                ).fetchone()
                assert visible == (len(ids),), "an id that the wall hides"
                assert ((home,) in homes) == seen, (values, kind, agencies)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "' or true --", "%s", "{}", '"'])
def test_what_is_typed_into_a_search_is_only_text(wall: Wall, typed: str) -> None:
    with wall.program() as connection:
        scope(connection, "all", "{}")
        ask = "select motcua_found(%s::text[], '{}', '', 50)"
        assert connection.execute(ask, [[typed]]).fetchone() == ([],)
        assert connection.execute(ask, [[typed, "a"]]).fetchone() == ([],)


def test_an_officer_writes_no_text_of_papers(wall: Wall) -> None:
    with wall.program() as connection:
        scope(connection, "agencies", f"{{{wall.first}}}")
        changed = connection.execute("update dossiers_scantext set state = 'read'")
        assert changed.rowcount == 0
        assert connection.execute("delete from dossiers_scantext").rowcount == 0


def test_the_programs_role_owns_nothing_and_bypasses_nothing(wall: Wall) -> None:
    with wall.admin() as connection:
        row = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = %s",
            [PROGRAM_ROLE],
        ).fetchone()
        assert row == (False,) * 5
        owned = connection.execute(
            "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = %s",
            [PROGRAM_ROLE],
        ).fetchone()
        assert owned == (0,)


# Every function that reads past the wall, with what it gives back: numbers of open dossiers, never a row of one; of
# searches and of the words of papers the ids of dossiers that the transaction may see anyway.
# What hangs on the wall in public: what the printed list shows, decided by an officer, while its clock runs; on the
# screen of a hall codes and states of what is due that day.
# Ratings: the day a visit was rated, and whether today's was put in its place; who asks has the visit's secret mark.
# Who read a dossier: day, unit, post and reason, to who has its secret or its token; no officer by name.
# A dossier and a request about data by code and secret: key and agency, no more; the same of an applicant's own ones.
# The trigger of history reads the entry before; it can be called by nothing but its table.
PAST_THE_WALL = [
    ("feedback_rate_again", "boolean"),
    ("feedback_rated_on", "date"),
    ("motcua_data_request", "json"),
    ("motcua_data_rights_of", "json"),
    ("motcua_dossier_of", "json"),
    ("motcua_dossiers_of", "json"),
    ("motcua_due_on_wall", "json"),
    ("motcua_entry_follows", "trigger"),
    ("motcua_forget_tries", "void"),
    ("motcua_found", "uuid[]"),
    ("motcua_in_papers", "uuid[]"),
    ("motcua_open_due", "bigint"),
    ("motcua_open_of_agencies", "bigint[]"),
    ("motcua_open_of_applicant", "bigint[]"),
    ("motcua_open_of_units", "bigint[]"),
    ("motcua_open_work", "bigint"),
    ("motcua_posted", "json"),
    ("motcua_posting", "json"),
    ("motcua_received_since", "bigint"),
    ("motcua_track", "json"),
    ("motcua_who_read", "json"),
]


def test_only_the_lookup_and_counts_read_past_the_wall(wall: Wall) -> None:
    with wall.admin() as connection:
        rows = connection.execute(
            "select p.proname, p.prorettype::regtype::text, p.proretset from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where p.prosecdef and n.nspname = 'public' order by 1"
        ).fetchall()
        assert rows == [(name, kind, False) for name, kind in PAST_THE_WALL]
        open_to_all = connection.execute(
            "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where p.prosecdef and n.nspname = 'public'"
            " and (p.proacl is null or exists (select 1 from aclexplode(p.proacl) a where a.grantee = 0))"
        ).fetchall()
        assert open_to_all == []
        paths = connection.execute(
            "select proconfig from pg_proc where proname = any(%s)", [[name for name, _kind in PAST_THE_WALL]]
        ).fetchall()
        assert paths == [(["search_path=public, pg_temp"],)] * len(PAST_THE_WALL)


def test_the_program_cannot_read_who_tried(wall: Wall) -> None:
    with wall.program() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from motcua_track_try")


# ── Controls: a broken wall is noticed

_TABLES = (
    "dossier", "task", "draft", "dossierdocument", "externalcode", "pause", "supplementrequest", "consultation",
    "apology", "holding", "handoverline", "handoverslip",
    "result", "paper", "accesslog", "dossierfile", "scantext",
)  # fmt: skip
_POLICY = {"draft": "draft_seen", "task": "task_seen", "dossier": "dossier_seen"}


@pytest.mark.parametrize("name", _TABLES)
def test_a_dropped_policy_is_noticed(wall: Wall, name: str) -> None:
    with wall.admin() as connection:
        connection.execute(f"drop policy {_POLICY.get(name, f'{name}_seen')} on dossiers_{name}")
        with wall.program(connection), pytest.raises(AssertionError):
            assert_only_its_own(connection, wall)


@pytest.mark.parametrize("name", _TABLES)
def test_a_table_without_its_wall_is_noticed(wall: Wall, name: str) -> None:
    with wall.admin() as connection:
        connection.execute(f"alter table dossiers_{name} disable row level security")
        with pytest.raises(AssertionError):
            assert_protected(connection, wall)
        with wall.program(connection), pytest.raises(AssertionError):
            assert_nothing_without_scope(connection, wall)


def test_a_policy_that_lets_all_through_is_noticed(wall: Wall) -> None:
    with wall.admin() as connection:
        connection.execute("create policy hole on dossiers_task using (true)")
        with wall.program(connection), pytest.raises(AssertionError):
            assert_only_its_own(connection, wall)


def test_open_history_is_noticed(wall: Wall) -> None:
    with wall.admin() as connection:
        connection.execute("alter table audit_entry disable row level security")
        with wall.program(connection), pytest.raises(AssertionError):
            assert_nothing_without_scope(connection, wall)


# ── History

_HISTORY = ("audit_entry", "audit_anchor", "dossiers_accesslog")
_STAMP = {"audit_entry": "at", "audit_anchor": "made_at", "dossiers_accesslog": "at"}


def attempts(table: str) -> dict[str, str]:
    """Everything by which history could be changed, and the ways around the trigger."""
    return {
        "update": f"update {table} set {_STAMP[table]} = now()",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table}",
        "disable trigger": f"alter table {table} disable trigger all",
        "disable user trigger": f"alter table {table} disable trigger user",
        "replication role": "set session_replication_role = replica",
        "drop": f"drop table {table}",
        "new policy": f"create policy mine on {table} using (true)",
        "other trigger": f"create or replace trigger {table}_append_only before update on {table}"
        " for each row execute function suppress_redundant_updates_trigger()",
        "other function": "create or replace function motcua_refuse_change() returns trigger language plpgsql as"
        " 'begin return new; end'",
        "other role": "set role motcua_admin",
    }


def refused(connection: psycopg.Connection, statement: str) -> bool:
    """Tell whether the database refuses `statement` for want of rights (and for no other reason)."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("table", _HISTORY)
@pytest.mark.parametrize("way", list(attempts("audit_entry")))
def test_history_cannot_be_changed_by_the_program(wall: Wall, table: str, way: str) -> None:
    with wall.program() as connection:
        scope(connection, "all", "{}")
        assert count(connection, table) > 0
        assert refused(connection, attempts(table)[way])


@pytest.mark.parametrize("table", _HISTORY)
@pytest.mark.parametrize("way", ["update", "delete", "truncate"])
def test_the_trigger_refuses_even_where_the_grant_was_given(wall: Wall, table: str, way: str) -> None:
    with wall.admin() as connection:
        connection.execute(f"grant all on {table} to {PROGRAM_ROLE}")
        if table != "audit_anchor":
            connection.execute(f"create policy all_of_it on {table} using (true)")
        with wall.program(connection):
            scope(connection, "all", "{}")
            assert refused(connection, attempts(table)[way])


@pytest.mark.parametrize("table", _HISTORY)
@pytest.mark.parametrize("way", ["update", "delete", "truncate"])
def test_history_without_grant_and_trigger_is_noticed(wall: Wall, table: str, way: str) -> None:
    with wall.admin() as connection:
        connection.execute(f"grant all on {table} to {PROGRAM_ROLE}")
        connection.execute(f"alter table {table} disable trigger user")
        with wall.program(connection):
            scope(connection, "all", "{}")
            assert not refused(connection, attempts(table)[way])


def test_an_altered_entry_is_found_by_the_chain(wall: Wall) -> None:
    """What only the administrator could do, `motcua verify` still finds."""
    from motcua.base.audit.queries import verify_all

    with committed.acting(SYSTEM):
        assert list(verify_all()) == []
    with psycopg.connect(wall.url, autocommit=True) as connection:
        connection.execute("alter table audit_entry disable trigger user")
        before = connection.execute("select id, at from audit_entry where seq = 2 limit 1").fetchone()
        assert before is not None
        connection.execute("update audit_entry set at = at - interval '1 day' where id = %s", [before[0]])
        try:
            with committed.acting(SYSTEM):
                assert any("differs from its hash" in fault.problem for fault in verify_all())
        finally:
            connection.execute("update audit_entry set at = %s where id = %s", [before[1], before[0]])
            connection.execute("alter table audit_entry enable trigger user")
    with committed.acting(SYSTEM):
        assert list(verify_all()) == []
