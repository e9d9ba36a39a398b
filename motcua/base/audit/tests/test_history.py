"""History: chained, verifiable, and refused by the database to everyone who would change it."""

from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base.audit import keys, operations, queries
from motcua.base.audit.models import Entry
from motcua.cli.run import pytest_plugin
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.ids import uuid7

AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)
pytestmark = pytest.mark.sql


def _record(subject: str = "S1", **payload: object) -> Entry:
    return operations.record(
        actor=SYSTEM,
        verb="accept",
        subject_kind="thing",
        subject_id=subject,
        at=AT,
        payload=payload,
        agency_id=7,
    )


@pytest.mark.django_db
def test_entries_of_a_subject_form_one_chain() -> None:
    first, second = _record(a=1), _record(b="Đặng")
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous_hash == first.hash
    assert list(queries.verify_all()) == []


@pytest.mark.django_db
def test_a_chain_that_begins_is_not_read_and_cannot_begin_twice() -> None:
    def begin() -> Entry:
        return operations.record(
            actor=SYSTEM, verb="accept", subject_kind="thing", subject_id="S1", at=AT, agency_id=7, begins=True
        )  # fmt: skip

    first = begin()
    assert (first.seq, bytes(first.previous_hash)) == (1, bytes(32))
    assert _record(a=1).previous_hash == first.hash
    assert list(queries.verify_all()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        begin()


@pytest.mark.django_db
def test_chains_of_two_subjects_do_not_meet() -> None:
    _record("S1")
    other = _record("S2")
    assert other.seq == 1
    assert bytes(other.previous_hash) == bytes(32)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set verb = 'x'",
        "delete from audit_entry",
        "truncate audit_entry",
        "alter table audit_entry disable trigger all",
        "set session_replication_role = replica",
        "drop trigger audit_entry_append_only on audit_entry",
        "delete from audit_anchor",
    ],
)
def test_the_programs_role_cannot_change_history(statement: str) -> None:
    _record()
    with pytest.raises(Exception, match="permission denied|must be owner") as caught, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_trigger_refuses_even_the_owner(fresh_database: str) -> None:
    _record()
    with psycopg.connect(pytest_plugin.cluster.admin(fresh_database).url()) as admin:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            admin.execute("update audit_entry set verb = 'x'")
        admin.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            admin.execute("truncate audit_entry")


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        ("update audit_entry set payload = '{\"n\": 99}' where seq = 2", "content differs"),
        ("update audit_entry set at = at - interval '1 day' where seq = 2", "content differs"),
        ("delete from audit_entry where seq = 2", "is missing"),
        (
            "update audit_entry set seq = case seq when 2 then 3 when 3 then 2 else seq end where seq in (2,3)",
            "content",
        ),
    ],
)
def test_tampering_by_a_superuser_is_found(fresh_database: str, tamper: str, problem: str) -> None:
    for number in range(4):
        _record(n=number)
    with psycopg.connect(pytest_plugin.cluster.admin(fresh_database).url()) as admin:
        admin.execute("alter table audit_entry drop constraint audit_entry_chain")
        admin.execute("alter table audit_entry disable trigger user")
        admin.execute(tamper)
    faults = list(queries.verify_all())
    assert any(problem in fault.problem for fault in faults)


def test_the_tail_cannot_be_cut_off_unseen_once_anchored(fresh_database: str) -> None:
    for number in range(3):
        _record(n=number)
    day = Entry.objects.earliest("recorded_at").recorded_at
    operations.anchor_day(day=day.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date(), at=AT)
    assert list(queries.verify_all()) == []
    with psycopg.connect(pytest_plugin.cluster.admin(fresh_database).url()) as admin:
        admin.execute("alter table audit_entry disable trigger user")
        admin.execute("delete from audit_entry where seq = 3")
    assert [fault.subject_kind for fault in queries.verify_all()] == ["anchor"]


@pytest.mark.django_db
def test_the_same_key_gives_the_same_answer() -> None:
    first = keys.claim(actor=SYSTEM, key="k", verb="accept", body={"a": 1}, at=AT)
    assert first.answer is None
    keys.keep(first, {"code": "H24"})
    assert keys.claim(actor=SYSTEM, key="k", verb="accept", body={"a": 1}, at=AT).answer == {"code": "H24"}


@pytest.mark.django_db
def test_an_answer_known_before_the_work_is_kept_with_the_claim() -> None:
    body = {"a": 1}
    first = keys.claim(actor=SYSTEM, key="k", verb="accept", body=body, at=AT, answer={"thing": "S1"})
    assert first.answer is None
    again = keys.claim(actor=SYSTEM, key="k", verb="accept", body=body, at=AT, answer={"thing": "another"})
    assert again.answer == {"thing": "S1"}


def test_a_body_of_dataclasses_hashes_as_their_fields() -> None:
    """A request repeated after an upgrade is known by the hash it had before."""
    given = keys.Claim("officer:1", "k", {"papers": ["Đơn"]})
    assert keys.body_hash({"papers": (given,)}) == keys.body_hash({"papers": [asdict(given)]})


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    keys.keep(keys.claim(actor=SYSTEM, key="k", verb="accept", body={"a": 1}, at=AT), {})
    with pytest.raises(keys.KeyReused):
        keys.claim(actor=SYSTEM, key="k", verb="accept", body={"a": 2}, at=AT)


# ── What the program's role may insert


def _forge(**changes: object) -> None:
    """Insert a row as somebody would who holds the program's connection and knows the arithmetic."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "create temporary table forged on commit drop as select * from audit_entry order by seq desc limit 1"
        )
        changes = {"id": uuid7(), **changes}
        for column, value in changes.items():
            cursor.execute(f"update forged set {column} = %s", [value])
        cursor.execute("insert into audit_entry select * from forged")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"seq": 4}, "a gap, where an entry never was or was taken out"),
        ({"seq": 3}, "another past: it does not name the entry before"),
        ({"seq": 3, "previous_hash": bytes(32)}, "a second beginning"),
        ({"subject_id": "S9"}, "a new chain that begins in the middle"),
    ],
)
def test_an_entry_that_does_not_follow_is_refused(changes: dict[str, object], why: str) -> None:
    _record()
    _record()
    with pytest.raises(Exception, match="does not follow") as caught:
        _forge(**changes)
    assert isinstance(caught.value.__cause__, psycopg.errors.CheckViolation), why


@pytest.mark.django_db
def test_nobody_writes_into_a_day_that_is_over() -> None:
    _record()
    last = _record()
    _forge(seq=3, previous_hash=bytes(last.hash), recorded_at=AT)
    written = Entry.objects.get(seq=3)
    assert written.recorded_at.date() == datetime.now(UTC).date(), "the database's clock, not the writer's"


def test_the_owner_still_loads_a_whole_history(fresh_database: str) -> None:
    first = _record()
    with psycopg.connect(pytest_plugin.cluster.admin(fresh_database).url()) as admin:
        admin.execute("create temporary table kept as select * from audit_entry")
        admin.execute("update kept set id = gen_random_uuid(), subject_id = 'copy', recorded_at = %s", [AT])
        admin.execute("insert into audit_entry select * from kept")
    assert Entry.objects.get(subject_id="copy").recorded_at == AT
    assert first.seq == 1


@pytest.mark.django_db
def test_one_person_never_gets_the_answer_of_anothers_key() -> None:
    """B sends A's key: B's own act, not A's stored answer; a program and a person never meet either."""
    mine = Actor(kind="officer", account_id=1)
    keys.keep(keys.claim(actor=mine, key="k", verb="accept", body={"a": 1}, at=AT), {"code": "of A"})
    others = (Actor(kind="officer", account_id=2), Actor(kind="integration", account_id=1), SYSTEM)
    for other in others:
        assert keys.claim(actor=other, key="k", verb="accept", body={"a": 1}, at=AT).answer is None
    assert keys.claim(actor=mine, key="k", verb="accept", body={"a": 1}, at=AT).answer == {"code": "of A"}
