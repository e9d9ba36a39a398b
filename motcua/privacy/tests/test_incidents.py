"""Incidents: clocks of real hours that nobody stops, notices, people told, closed with what was learnt."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.utils import timezone

from motcua.base.notifications.models import Message
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.privacy import queries
from motcua.privacy.models import Incident
from motcua.privacy.operations import incidents

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TEXT = "Danh sách đăng nhầm lên mạng trong hai giờ. Anh/chị đổi mật khẩu hộp thư."


@pytest.fixture
def dossier(world: World) -> Dossier:
    return take_in(world, at=timezone.now(), contact_email="giang@example.vn")


def reported(world: World, name: str = "hoa", **more: Any) -> Incident:
    now = more.get("at") or timezone.now()
    given: dict[str, Any] = {
        "what": "leak", "title": "Đăng nhầm danh sách", "story": "Tệp danh sách hiện trên trang tin hai giờ.",
        "found_at": now - timedelta(hours=1), "data_kinds": ["names", "numbers"], "people": 120, "serious": True,
        "actor": world.actor(name), "at": now, "key": uuid4().hex, **more,
    }  # fmt: skip
    return incidents.report(**given)


def frame(world: World, row: Incident, **more: Any) -> dict[str, Any]:
    return {
        "incident_id": row.pk, "actor": world.actor("tuan"), "at": timezone.now(), "key": uuid4().hex, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "facts"),
    [("title", {"title": "lộ"}), ("story", {"story": "mất"}), ("title", {"title": "", "story": ""})],
)
def test_a_fault_stands_at_its_own_field(world: World, field: str, facts: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        reported(world, **facts)
    assert refused.value.field == field


def test_a_late_notice_says_before_that_it_needs_a_reason(world: World) -> None:
    row = reported(world, found_at=timezone.now() - timedelta(hours=30))
    page = world.client("tuan").get(f"/incidents/{row.code}/").content.decode()
    assert page.count("Phải ghi, trừ khi giờ gửi") == 1  # the first notice; the others have time
    label = page.partition('for="first_notice_at_why_late"')[2].partition("</label>")[0]
    assert "không bắt buộc" not in label


def test_clocks_run_in_real_hours_from_when_it_was_found(world: World) -> None:
    row = reported(world)
    clocks = {name: (by - row.found_at) for name, by, _at, _left in queries.clocks(row, timezone.now())}
    hour = timedelta(hours=1)
    assert clocks == {"first_notice_at": 24 * hour, "authority_at": 72 * hour, "people_at": 72 * hour}
    mild = reported(world, serious=False)
    assert {name for name, *_rest in queries.clocks(mild, timezone.now())} == {"authority_at", "people_at"}
    assert Message.objects.filter(mark__startswith=f"incident:{row.pk}:").count() >= 1, (
        "the keepers know at once"
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"what": "fire"}, {"title": " "}, {"story": "?"}, {"data_kinds": ["dna"]},
        {"found_at": timezone.now() + timedelta(days=1)}, {"happened_at": timezone.now() + timedelta(days=1)},
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_recorded(world: World, bad: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        reported(world, **bad)
    assert not Incident.objects.exists()


def test_a_late_notice_says_why_and_none_is_owed_at_the_end(world: World, dossier: Dossier) -> None:
    row = reported(world, at=timezone.now(), found_at=timezone.now() - timedelta(hours=80))
    now = timezone.now()
    with pytest.raises(Refusal, match="quá hạn"):
        incidents.note_notice(which="authority_at", sent_at=now, **frame(world, row, at=now))
    with pytest.raises(Refusal, match="Giờ gửi"):
        incidents.note_notice(
            which="authority_at", sent_at=now + timedelta(hours=1), **frame(world, row, at=now)
        )
    with pytest.raises(NotFound):
        incidents.note_notice(which="closed_at", sent_at=now, **frame(world, row, at=now))
    why = "Người phát hiện nghỉ phép, báo muộn"
    for which in ("first_notice_at", "authority_at"):
        incidents.note_notice(which=which, sent_at=now, why_late=why, **frame(world, row, at=now))
    with pytest.raises(Conflict, match="Còn thông báo"):
        incidents.close(lessons="Hai người xem trước khi đăng tệp.", **frame(world, row, at=now))
    with pytest.raises(Refusal, match="người liên quan"):
        incidents.note_notice(which="people_at", sent_at=now, why_late=why, **frame(world, row, at=now))
    second = take_in(world, at=now, key="second", contact_email="")
    codes = [dossier.code.lower(), "", second.code]
    with pytest.raises(Refusal, match="H24.12-260101-9999"):
        incidents.tell_people(codes=[*codes, "H24.12-260101-9999"], text=TEXT, **frame(world, row, at=now))
    assert not Message.objects.filter(channel="email").exists(), "nobody is told of half a list"
    made = incidents.tell_people(codes=codes, text=TEXT, **frame(world, row, at=now))
    letter = Message.objects.get(channel="email")
    assert (letter.address, letter.body) == ("giang@example.vn", TEXT) and not letter.heeds_quiet
    incidents.note_notice(which="people_at", sent_at=now, why_late=why, **frame(world, row, at=now))
    with pytest.raises(Conflict, match="chưa báo được"):
        incidents.close(lessons="Hai người xem trước khi đăng tệp.", **frame(world, row, at=now))
    (left,) = [one for one in made if one.how == "letter"]
    incidents.told_by_letter(line_id=left.pk, **frame(world, row, at=now))
    incidents.close(lessons="Hai người xem trước khi đăng tệp.", **frame(world, row, at=now))
    row.refresh_from_db()
    assert row.closed_at == now and set(row.late_reasons) == {"first_notice_at", "authority_at", "people_at"}
    with pytest.raises(Conflict, match="khép"):
        incidents.close(lessons="Hai người xem trước khi đăng tệp.", **frame(world, row, at=now))


def test_keepers_are_reminded_at_set_hours_and_every_day_it_is_late(world: World) -> None:
    row = reported(world)

    def told(hours: float) -> int:
        before = Message.objects.count()
        incidents.remind(at=row.found_at + timedelta(hours=hours))
        return Message.objects.count() - before

    assert told(2) == 0
    first = told(13)
    assert first > 0 and told(13.5) == 0 and told(20.5) > 0 and told(23.5) > 0
    assert told(25) > 0 and told(25.1) == 0


def test_only_keepers_change_it_and_serious_stays_serious(world: World) -> None:
    row = reported(world)
    facts: dict[str, Any] = {"story": row.story, "data_kinds": [], "people": None, "measures": ""}
    with pytest.raises(NotPermitted):
        incidents.fill_in(**facts, serious=True, **frame(world, row, actor=world.actor("hoa")))
    with pytest.raises(Refusal, match="nghiêm trọng"):
        incidents.fill_in(**facts, serious=False, **frame(world, row))
    for one in ("binh", "thu"):
        with pytest.raises(NotFound):
            queries.incident(world.actor(one), row.code)
    assert queries.incident(world.actor("hoa"), row.code) == row, "who reported it may follow it"


def test_pages(world: World, dossier: Dossier) -> None:
    local = timezone.localtime() - timedelta(hours=2)
    form = {
        "what": "recipient", "title": "Gửi nhầm thư <b>", "story": "Thư kết quả gửi nhầm #let x = 1 địa chỉ.",
        "found_day": f"{local:%d/%m/%Y}", "found_time": f"{local:%H:%M}", "key": uuid4().hex, "serious": "on",
    }  # fmt: skip
    client = world.client("minh")
    assert client.post("/incidents/new/", {**form, "found_day": "31/02/2026"}).status_code == 422
    assert client.post("/incidents/new/", form).status_code == 302
    assert client.post("/incidents/new/", form).status_code == 302
    row = Incident.objects.get()
    leader = world.client("tuan")
    text = leader.get(f"/incidents/{row.code}/").content.decode()
    assert "Gửi nhầm thư &lt;b&gt;" in text and "còn 2" in text
    assert "1 sự cố còn phải báo" in leader.get("/incidents/").content.decode()
    assert "sự cố dữ liệu cá nhân còn phải báo" in leader.get("/").content.decode()
    act = f"/incidents/{row.code}/act/"
    assert leader.post(act, {"act": "people", "codes": "x", "text": TEXT, "key": "1"}).status_code == 422
    now = timezone.localtime()
    sent = {"act": "authority_at", "day": f"{now:%d/%m/%Y}", "time": f"{now:%H:%M:%S}", "key": "2"}
    assert leader.post(act, sent).status_code == 302
    assert client.post(act, {"act": "close", "lessons": "x" * 30}).status_code == 403
    pdf = leader.get(f"/incidents/{row.code}/notice.pdf")
    assert "#let x = 1" in pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert world.client("binh").get(f"/incidents/{row.code}/").status_code == 404
