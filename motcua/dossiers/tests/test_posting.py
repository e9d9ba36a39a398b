"""Public posting: a step with a time of its own that nobody may cut short, save by the exception of the workflow."""

import io
from datetime import date, datetime, timedelta
from uuid import uuid4

import pypdf
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers import postings
from motcua.dossiers.models import Dossier, Posting, Task
from motcua.dossiers.operations import posting
from motcua.dossiers.operations.acts import NotAllowedNow
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.models import Procedure
from motcua.ui.routing import set_database_actor
from motcua.workflow.operations import drafting, publishing
from motcua.workflow.source import own

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
PUBLIC = settings.PUBLIC_HOST
STEPS = """
key = "post{key}"
name = "Niêm yết thử {key}"
source = "Kiểm thử"
steps = [
  {{ key = "accept", name = "Tiếp nhận", role = "receiver", unit = "one_stop", status = 2, by = "accept" }},
  {{ key = "post", name = "Niêm yết danh sách", kind = "post", role = "specialist", unit = "owner", days = 2, status = 4 {more} }},
  {{ key = "sign", name = "Ký", role = "leader", unit = "leadership", status = 4, by = "approve", next = "end" }},
]
"""


def posted(world: World, more: str = "") -> Dossier:
    return started(world, STEPS.format(key=len(more), more=more))


def started(world: World, steps: str) -> Dossier:
    """Put a workflow in force for the procedure and take a dossier in under it."""
    draft = own.parse(steps)
    version = drafting.save_draft(draft=draft, actor=SYSTEM, at=MONDAY).version
    publishing.publish(version_id=version.pk, actor=SYSTEM, at=MONDAY)
    publishing.apply_to_procedure(
        procedure_id=Procedure.objects.get(code=LONG).pk, version_id=version.pk, valid_from=date(2025, 7, 1),
        actor=SYSTEM, at=MONDAY,
    )  # fmt: skip
    return take_in(world)


def open_step(dossier: Dossier) -> str:
    return str(Task.objects.get(dossier=dossier, ended_at=None).step_key)


def test_a_posting_lasts_its_own_working_days(world: World) -> None:
    dossier = posted(world)
    with pytest.raises(NotAllowedNow, match="Đang niêm yết công khai đến"):
        attempt(world, "forward", "hoa", dossier, MONDAY + timedelta(days=1), note="Xin xong sớm")
    assert open_step(dossier) == "post"
    due = Task.objects.get(dossier=dossier, ended_at=None).due_at
    assert due is not None and due.date() >= datetime(2026, 7, 8, tzinfo=VIETNAM).date()
    attempt(world, "forward", "hoa", dossier, due)
    assert open_step(dossier) == "sign"


def test_the_exception_ends_it_with_a_reason_that_is_kept(world: World) -> None:
    dossier = posted(world, ', exception = "người nhiễm HIV"')
    early = MONDAY + timedelta(hours=1)
    with pytest.raises(Refusal, match="Chỉ kết thúc sớm khi: người nhiễm HIV") as refused:
        attempt(world, "forward", "hoa", dossier, early)
    assert refused.value.field == "note"
    attempt(world, "forward", "hoa", dossier, early, note="Thuộc diện không niêm yết")
    assert open_step(dossier) == "sign"
    last = Entry.objects.filter(subject_id=str(dossier.pk), verb="forward").latest("seq")
    assert last.payload["note"] == "Thuộc diện không niêm yết"


WAITING = """
key = "wait"
name = "Chờ thử"
source = "Kiểm thử"
steps = [
  { key = "accept", name = "Tiếp nhận", role = "receiver", unit = "one_stop", status = 2, by = "accept" },
  { key = "wait", name = "Chờ cơ quan khác trả lời", kind = "wait", role = "specialist", unit = "owner", days = 2, status = 4, stops_clock = true },
  { key = "sign", name = "Ký", role = "leader", unit = "leadership", status = 4, by = "approve", next = "end" },
]
"""


@pytest.mark.parametrize("kind", ["post", "wait"])
def test_the_head_gives_a_step_that_only_waits_to_another_officer(world: World, kind: str) -> None:
    dossier = posted(world) if kind == "post" else started(world, WAITING)
    before = Dossier.objects.values("paused_at", "due_at").get(pk=dossier.pk)
    committed.one_more(world, f"nam{kind}", "Phạm Văn Nam", UnitKind.DIVISION, (Role.SPECIALIST,), MONDAY)
    nam = world.positions[f"nam{kind}"]
    page = world.client("hoa").get(f"/dossiers/{dossier.code}/").content.decode()
    set_database_actor(SYSTEM)
    assert "Giao cho người khác" in page
    attempt(world, "assign", "hoa", dossier, MONDAY + timedelta(hours=2), to_position=nam)
    task = Task.objects.get(dossier=dossier, ended_at=None)
    assert (task.step_key, task.position_id) == (kind, nam)
    assert Dossier.objects.values(*before).get(pk=dossier.pk) == before
    page = world.client(f"nam{kind}").get(f"/dossiers/{dossier.code}/").content.decode()
    set_database_actor(SYSTEM)
    assert "Giao cho người khác" not in page  # the head's word, not the officer's
    with pytest.raises(Refusal):
        attempt(
            world, "assign", "hoa", dossier, MONDAY + timedelta(hours=3), to_position=world.positions["minh"]
        )


def test_the_officer_meets_the_exception_before_sending(world: World) -> None:
    now = timezone.now()
    dossier = posted(world, ', exception = "người nhiễm HIV"')
    Task.objects.filter(dossier=dossier, ended_at=None).update(due_at=now + timedelta(days=1))
    page = world.client("hoa").get(f"/dossiers/{dossier.code}/do/forward/").content.decode()
    set_database_actor(SYSTEM)
    assert "Chỉ kết thúc sớm khi: người nhiễm HIV" in page and "Đang niêm yết đến" in page
    other = posted(world)
    Task.objects.filter(dossier=other, ended_at=None).update(due_at=now + timedelta(days=1))
    page = world.client("hoa").get(f"/dossiers/{other.code}/do/forward/").content.decode()
    set_database_actor(SYSTEM)
    assert "chưa chuyển bước được" in page
    Task.objects.filter(dossier=other, ended_at=None).update(due_at=now - timedelta(minutes=1))
    assert (
        "niêm yết đến" not in world.client("hoa").get(f"/dossiers/{other.code}/do/forward/").content.decode()
    )


# ── How it is posted


def decided(world: World, dossier: Dossier, how: str, reason: str = "", by: str = "hoa") -> Posting:
    return posting.decide(
        dossier_id=dossier.pk, how=how, reason=reason, actor=world.actor(by), at=MONDAY, key=uuid4().hex
    )


def wall(world: World) -> str:
    content = world.client("hoa").get("/postings.pdf").content
    set_database_actor(SYSTEM)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_nothing_hangs_on_the_wall_before_somebody_decided(world: World) -> None:
    dossier = posted(world)
    page = world.client("hoa").get("/postings/").content.decode()
    set_database_actor(SYSTEM)
    assert dossier.code in page and "chưa quyết, chưa niêm yết" in page
    text = wall(world)
    assert "Hiện không có hồ sơ nào được niêm yết" in text and dossier.code not in text
    decided(world, dossier, "named")
    text = wall(world)
    assert dossier.code in text and dossier.applicant_name in text


def test_without_a_name_the_wall_shows_none_and_the_newest_decision_counts(world: World) -> None:
    dossier = posted(world)
    decided(world, dossier, "named")
    decided(world, dossier, "unnamed", "Theo yêu cầu của người nộp", by="tuan")
    text = wall(world)
    assert dossier.code in text and "không nêu tên" in text and dossier.applicant_name not in text
    assert "yêu cầu" not in text  # the ground is for officers
    history = world.client("hoa").get(f"/dossiers/{dossier.code}/").content.decode()
    set_database_actor(SYSTEM)
    assert (
        "Quyết cách niêm yết: Niêm yết, không nêu tên" in history and "Theo yêu cầu của người nộp" in history
    )


def test_only_an_exception_of_the_workflow_keeps_it_off_the_wall_and_then_ends_it_at_once(
    world: World,
) -> None:
    plain, excepted = posted(world), posted(world, ', exception = "người nhiễm HIV"')
    with pytest.raises(Refusal, match="không có ngoại lệ"):
        decided(world, plain, "not", "Xin không dán")
    decided(world, plain, "named")
    decided(world, excepted, "not", "Thuộc ngoại lệ của quy trình")
    assert excepted.code not in wall(world)
    attempt(world, "forward", "hoa", excepted, MONDAY + timedelta(hours=1))
    assert open_step(excepted) == "sign"
    with pytest.raises(Refusal, match="không còn ở bước niêm yết"):
        decided(world, excepted, "named")


@pytest.mark.parametrize(
    ("how", "reason", "words"), [("unnamed", " ", "Ghi căn cứ"), ("x", "", "Chọn cách niêm yết")]
)
def test_what_a_decision_needs(world: World, how: str, reason: str, words: str) -> None:
    dossier = posted(world)
    with pytest.raises(Refusal, match=words):
        decided(world, dossier, how, reason)
    assert not Posting.objects.exists()
    client = world.client("hoa")
    answer = client.post("/postings/", {"code": dossier.code, "how": how, "reason": reason, "key": "p1"})
    set_database_actor(SYSTEM)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_others_decide_nothing_and_another_commune_sees_nothing(world: World) -> None:
    dossier = posted(world)
    for name in ("minh", "thu", "mai"):
        with pytest.raises(NotPermitted):
            decided(world, dossier, "named", by=name)
    with pytest.raises(NotFound):
        decided(world, dossier, "named", by="binh")
    assert dossier.code not in world.client("binh").get("/postings/").content.decode()


def test_sent_twice_it_is_one_decision_and_the_database_keeps_it(world: World) -> None:
    dossier = posted(world)
    client = world.client("hoa")
    for _time in range(2):
        answer = client.post("/postings/", {"code": dossier.code, "how": "named", "key": "same"})
        set_database_actor(SYSTEM)
        assert answer.status_code == 302
    assert Posting.objects.filter(dossier=dossier).count() == 1
    for broken in (
        lambda: Posting.objects.update(how="named"),
        lambda: Posting.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            broken()


# ── The public page


def public(path: str = "/niem-yet-ho-so/H24.12") -> str:
    answer = Client(HTTP_HOST=PUBLIC).get(path)
    set_database_actor(SYSTEM)
    assert answer.status_code == 200 and "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def hang(dossier: Dossier, until: timedelta = timedelta(days=1)) -> None:
    Task.objects.filter(dossier=dossier, ended_at=None).update(due_at=timezone.now() + until)


def test_the_public_page_shows_what_was_decided_and_ends_by_its_clock(world: World) -> None:
    named, unnamed, undecided = posted(world), take_in(world), take_in(world)
    for one in (named, unnamed, undecided):
        hang(one)
    assert "Hiện không có hồ sơ nào" in public()
    decided(world, named, "named")
    decided(world, unnamed, "named")
    decided(world, unnamed, "unnamed", "Theo yêu cầu của người nộp")
    page = public()
    assert named.code in page and unnamed.code in page and undecided.code not in page
    assert page.count(named.applicant_name) == 1 and "Không nêu tên" in page and "yêu cầu của" not in page
    assert "2 hồ sơ" in public("/niem-yet-ho-so/")
    hang(named, timedelta(seconds=-1))  # its time is over; its step still waits for its officer
    page = public()
    assert named.code not in page and unnamed.code in page and named.applicant_name not in page


def test_a_dossier_kept_off_the_wall_or_gone_on_is_not_public(world: World) -> None:
    off, gone = posted(world, ', exception = "người nhiễm HIV"'), posted(world, ', exception = "khác"')
    for one in (off, gone):
        decided(world, one, "named")
    decided(world, off, "not", "Thuộc ngoại lệ của quy trình")
    attempt(world, "forward", "hoa", gone, MONDAY + timedelta(hours=1), note="Thuộc diện không niêm yết")
    Task.objects.filter(dossier__in=[off, gone]).update(due_at=timezone.now() + timedelta(days=1))
    page = public()
    assert off.code not in page and gone.code not in page
    assert "Hiện không có hồ sơ nào" in public("/niem-yet-ho-so/")


def test_the_public_pages_go_by_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [posted(world), take_in(world), take_in(world)]
    for one in made:
        decided(world, one, "unnamed", "Theo yêu cầu")
        hang(one)
    monkeypatch.setattr(postings, "PAGE", 2)
    agency, now = world.home.pk, timezone.now()
    first, older = postings.in_public(agency, now)
    second, end = postings.in_public(agency, now, after=older)
    assert sorted(one.code for one in (*first, *second)) == sorted(one.code for one in made) and not end
    for broken in ("x", "_", "2026-13-01_x", "2026-01-01T00:00:00_x", "9999-12-31T23:59:59+00:00_x", "\x00"):
        assert len(postings.in_public(agency, now, after=broken.replace("\x00", ""))[0]) == 2
    assert postings.in_public(world.neighbour.pk, now) == ([], "")
    assert Client(HTTP_HOST=PUBLIC).get("/niem-yet-ho-so/H99.99").status_code == 404
