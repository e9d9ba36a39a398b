"""The kiosk without a browser: who it answers, numbers, papers, look-up, scans; nothing kept, nothing doubled."""

from collections.abc import Iterator
from datetime import time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from motcua.counters.models import Device, SlotRule, StationJob, Ticket
from motcua.counters.operations import bookings, calling, devices, halls, stations, tickets
from motcua.counters.states import State
from motcua.counters.tests.hall_world import KIOSK, HallWorld, build
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.dossiers.tests.intake_world import build as build_world
from motcua.dossiers.tests.lives import take_in
from motcua.feedback.models import Rating
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import Procedure
from motcua.sites.kiosk import choices
from motcua.sites.kiosk.machine import fitted
from motcua.sites.kiosk.reading import Kind, Read, read
from motcua.sites.kiosk.tests.kiosk_hall import Kiosk, pair
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None) -> Iterator[HallWorld]:
    made = build()
    made.sit("an", 0, "A", "B")
    with time_machine.travel(made.now, tick=False):
        yield made


@pytest.fixture
def kiosk(hall: HallWorld) -> Kiosk:
    return Kiosk(pair(hall)[1])


# ── Who it answers


def test_a_stranger_is_led_to_where_devices_are_paired(hall: HallWorld, kiosk: Kiosk) -> None:
    for path in ("", "nhip", "nhom-viec/", "thu-tuc/", "quet/"):
        answer = Client(HTTP_HOST="localhost").get(f"/ki-ot/{path}")
        assert (answer.status_code, answer["Location"]) == (302, "/man-hinh/")
    refused = Client(HTTP_HOST="localhost").post("/ki-ot/lay-so/", {"service": hall.services["A"].pk})
    assert refused.status_code == 302 and not Ticket.objects.exists()
    assert Kiosk("x" * 43).get("nhip").status_code == 302


def test_a_screen_is_no_kiosk_and_a_revoked_one_is_a_stranger(hall: HallWorld) -> None:
    device, token = pair(hall)
    Device.objects.filter(pk=device.pk).update(kind="hall")
    assert Kiosk(token).get("").status_code == 302
    Device.objects.filter(pk=device.pk).update(kind="kiosk")
    assert Kiosk(token).get("").status_code == 200
    devices.revoke(device_id=device.pk, actor=SYSTEM, at=hall.now, key="")
    assert Kiosk(token).get("nhip").status_code == 302


def test_a_form_of_another_site_writes_nothing(hall: HallWorld, kiosk: Kiosk) -> None:
    sent = {"service": hall.services["A"].pk, "key": uuid4().hex}
    assert kiosk.client.post("/ki-ot/lay-so/", sent).status_code == 400
    assert not Ticket.objects.exists()


def test_nothing_may_be_kept_and_no_cookie_is_set(hall: HallWorld, kiosk: Kiosk) -> None:
    ticket = taken(hall, kiosk)
    for answer in (
        kiosk.get(""),
        kiosk.get("nhom-viec/"),
        kiosk.get(f"phieu/{ticket.pk}/in/"),
        kiosk.post("lay-so/", service=hall.services["A"].pk),
        kiosk.post("da-quet/", text="gì đây"),
    ):
        assert answer["Cache-Control"] == "no-store" and not answer.cookies, answer.request["PATH_INFO"]


def test_a_kiosk_is_fitted_and_nonsense_is_taken_as_usual(hall: HallWorld) -> None:
    device, token = pair(hall, scale=120, low=True, printer="station", guide="Bàn 1, bên phải cửa")
    assert fitted(device) == {"scale": 120, "low": True, "printer": "station", "guide": "Bàn 1, bên phải cửa"}
    page = Kiosk(token).text("")
    assert 'data-scale="120"' in page and "is-low" in page
    assert "Bàn 1, bên phải cửa" in Kiosk(token).text("nguoi-huong-dan/")
    device.settings = {"scale": "to", "low": "yes", "printer": 3, "guide": None}
    assert fitted(device) | {"guide": ""} == {"scale": 100, "low": False, "printer": "browser", "guide": ""}
    for wrong in (True, 10, 9999):
        device.settings = {"scale": wrong}
        assert fitted(device)["scale"] == 100


# ── Numbers


def taken(hall: HallWorld, kiosk: Kiosk, **more: str) -> Ticket:
    assert "k-ticket" in kiosk.said("lay-so/", service=hall.services["A"].pk, **more)
    return Ticket.objects.latest("line")


def test_a_kiosk_that_is_set_to_a_station_prints_there(hall: HallWorld) -> None:
    token = "t" * 43
    station = devices.pair(
        hall_id=hall.hall.pk, kind="station", name="Trạm", code=devices.ask(token, hall.now),
        counter_id=hall.counters[0].pk, actor=SYSTEM, at=hall.now, key="",
    )  # fmt: skip
    kiosk = Kiosk(pair(hall, printer="station")[1])
    ticket = taken(hall, kiosk)
    assert not StationJob.objects.exists(), "no station is there: the kiosk's own printer is tried"
    stations.alive(station, can=["print"], at=hall.now)
    address, key = f"phieu/{ticket.pk}/in-lai", uuid4().hex
    for _time in range(2):  # the same answer lost and asked for again is one paper
        assert kiosk.post(address, key=key).json() == {"printer": "station"}
    assert StationJob.objects.count() == 1
    watched = f"phieu/{ticket.pk}/trang-thai"
    job = stations.take(station=station, can=["print"], at=hall.now)
    assert job is not None
    held = {"job_id": job.job.pk, "lease": job.lease, "station": station}
    stations.fail(problem="no_paper", at=hall.now, **held)
    assert kiosk.get(watched).json() == {"held": False, "print": "failed"}
    kiosk.post(address)
    job = stations.take(station=station, can=["print"], at=hall.now)
    assert job is not None
    stations.finish(job_id=job.job.pk, lease=job.lease, station=station, at=hall.now)
    assert kiosk.get(watched).json() == {"held": True, "print": ""}


def test_services_say_how_many_wait_and_a_range(hall: HallWorld, kiosk: Kiosk) -> None:
    for _number in range(3):
        hall.take("A")
    page = kiosk.text("nhom-viec/")
    assert "3 người đang chờ" in page and "chờ khoảng" in page
    assert page.count("chưa có quầy nào") == 1  # nobody serves C
    assert page.index("Hộ tịch") < page.index("Đất đai") < page.index("Tôi không biết chọn gì")
    english = Kiosk(kiosk.client.cookies["mc_device"].value, "en").text("nhom-viec/")
    assert "waiting" in english and "đang chờ" not in english


def test_at_most_six_choices_at_once_and_every_service_is_reached(hall: HallWorld, kiosk: Kiosk) -> None:
    for number, prefix in enumerate("DEFGHI"):
        halls.add_service(
            hall_id=hall.hall.pk, prefix=prefix, name=f"Việc {prefix}", minutes=5, actor=SYSTEM,
            at=hall.now - timedelta(days=number), key="",
        )  # fmt: skip
    offers = choices.offers(hall.hall, hall.now)
    seen, page = set(), 0
    for _round in range(9):
        rows, general, other = choices.shown(offers, page)
        assert general is not None and other is not None and len(rows) + 2 <= 6
        seen |= {one.service.pk for one in rows}
        page = other
        if page == 0:
            break
    assert seen == {one.service.pk for one in offers} - {hall.services["C"].pk}


def test_a_number_waits_once_its_paper_came_out(hall: HallWorld, kiosk: Kiosk) -> None:
    ticket = taken(hall, kiosk)
    assert ticket.state == State.PENDING and hall.label() == ""
    assert kiosk.get(f"phieu/{ticket.pk}/trang-thai").json()["held"] is False
    paper = kiosk.get(f"phieu/{ticket.pk}/in/")
    assert "frame-ancestors 'self'" in paper["Content-Security-Policy"]
    assert kiosk.post(f"phieu/{ticket.pk}/da-in").json()["held"] is True
    assert kiosk.post(f"phieu/{ticket.pk}/da-in").json()["held"] is True
    assert kiosk.get(f"phieu/{ticket.pk}/trang-thai").json()["held"] is True
    assert hall.label() == ticket.label


def test_the_same_press_sent_again_is_the_same_number(hall: HallWorld, kiosk: Kiosk) -> None:
    same = uuid4().hex
    first = kiosk.said("lay-so/", service=hall.services["A"].pk, key=same)
    assert kiosk.said("lay-so/", service=hall.services["A"].pk, key=same) == first
    assert Ticket.objects.count() == 1
    assert "thiếu mã yêu cầu" in kiosk.said("lay-so/", service=hall.services["A"].pk, key="x")


def test_a_paper_that_did_not_come_makes_the_number_void_unless_a_phone_has_it(
    hall: HallWorld, kiosk: Kiosk
) -> None:
    lost, kept = taken(hall, kiosk), taken(hall, kiosk)
    assert kiosk.post(f"phieu/{lost.pk}/bo").json() == {"void": True}
    tickets.confirm(ticket_id=kept.pk, actor=KIOSK, at=hall.now, key=uuid4().hex)  # its page was opened
    assert kiosk.post(f"phieu/{kept.pk}/bo").json() == {"void": False}
    assert hall.label() == kept.label
    assert "đã bị hủy" in kiosk.said(f"phieu/{lost.pk}/da-in")  # void stays void for a machine


def test_a_kiosk_touches_its_own_numbers_for_a_while(hall: HallWorld, kiosk: Kiosk) -> None:
    ticket, other = taken(hall, kiosk), Kiosk(pair(hall)[1])
    for path in ("in/", "trang-thai"):
        assert "Không tìm thấy số này" in other.text(f"phieu/{ticket.pk}/{path}")
    assert "Không tìm thấy" in other.said(f"phieu/{ticket.pk}/bo")
    with time_machine.travel(hall.now + timedelta(minutes=16), tick=False):
        assert "Không tìm thấy" in kiosk.said(f"phieu/{ticket.pk}/bo")


def test_priority_is_asked_only_of_who_says_so(hall: HallWorld, kiosk: Kiosk) -> None:
    assert "diện ưu tiên" in kiosk.text("nhom-viec/")
    assert "80 tuổi" in kiosk.text("uu-tien/")
    page = kiosk.text("nhom-viec/", dien="elderly")
    assert 'name="dien" value="elderly"' in page and "Tôi thuộc diện ưu tiên" not in page
    assert taken(hall, kiosk, dien="elderly").priority == "elderly"
    assert 'name="dien" value=""' in kiosk.text("nhom-viec/", dien="planted")
    assert "Không có diện ưu tiên" in kiosk.said("lay-so/", service=hall.services["A"].pk, dien="planted")


def test_a_closed_hall_and_a_service_that_is_none_say_what_to_do(hall: HallWorld, kiosk: Kiosk) -> None:
    for wrong in (0, 999_999, "x", hall.services["A"].pk * 10**12):
        assert "không nhận số" in kiosk.said("lay-so/", service=wrong)
    halls.set_open(hall_id=hall.hall.pk, is_open=False, actor=SYSTEM, at=hall.now, key="")
    assert "ngừng phát số" in kiosk.text("nhom-viec/")
    assert "ngừng phát số" in kiosk.said("lay-so/", service=hall.services["A"].pk)


def test_the_paper_carries_no_name_and_what_is_needed(hall: HallWorld, kiosk: Kiosk) -> None:
    hall.take("A")
    ticket = taken(hall, kiosk, dien="pregnant")
    paper = kiosk.text(f"phieu/{ticket.pk}/in/")
    for wanted in (ticket.label, "Hộ tịch", "Quầy 1", "<svg", "Gọi theo thứ tự", "Sảnh chính"):
        assert wanted in paper
    assert "mang thai" not in paper.lower() and ticket.token not in paper.replace("<path", "")


def test_a_booking_is_checked_in_by_its_code(hall: HallWorld, kiosk: Kiosk) -> None:
    SlotRule.objects.create(
        service=hall.services["A"], weekday=0, from_time=time(8), to_time=time(10), minutes=30, capacity=1,
        valid_from=hall.now.date() - timedelta(days=30),
    )  # fmt: skip
    at = hall.now.replace(hour=8, minute=0)
    booking = bookings.book(
        service_id=hall.services["A"].pk,
        starts_at=at,
        channel="web",
        actor=KIOSK,
        at=hall.now,
        key=uuid4().hex,
    )
    with time_machine.travel(at - timedelta(minutes=10), tick=False):
        page = kiosk.said("da-quet/", text=f" {booking.code.lower()} ", viec="lich-hen")
        assert "k-ticket" in page and "hẹn 08:00" in page.lower()
        address = f"https://x.vn/dat-lich/{booking.token}/"
        assert "k-ticket" in kiosk.said("da-quet/", text=address, viec="lich-hen")
    assert Ticket.objects.count() == 1
    assert "Không tìm thấy lịch hẹn" in kiosk.said("da-quet/", text="ABCDEF", viec="lich-hen")


# ── What is scanned


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://motcua.vn/tra-cuu#abcdefghijklmnopqrstuv", Read(Kind.SLIP, "abcdefghijklmnopqrstuv")),
        ("https://motcua.vn/tra-cuu#abcdefghijklmnopqrstuv.m2", Read(Kind.SLIP, "abcdefghijklmnopqrstuv.m2")),
        ("HTTP://motcua.vn/so/abcdefghijklmnopqrstuv/", Read(Kind.TICKET, "abcdefghijklmnopqrstuv")),
        ("https://x/danh-gia/abcdefghijklmnopqrstuv/", Read(Kind.TICKET, "abcdefghijklmnopqrstuv")),
        ("https://x/dat-lich/abcdefghijklmnopqrstuv/", Read(Kind.BOOKING, "abcdefghijklmnopqrstuv")),
        (" h24.12-261121-0001 ", Read(Kind.DOSSIER, "H24.12-261121-0001")),
        ("k7m 2px", Read(Kind.BOOKING, "K7M2PX")),
        ("", Read(Kind.UNKNOWN)),
        ("A105", Read(Kind.UNKNOWN)),
        ("https://x/tra-cuu", Read(Kind.UNKNOWN)),
        ("https://x/so/../etc/passwd", Read(Kind.UNKNOWN)),
        ("https://[x/so/abcdefghijklmnopqrstuv/", Read(Kind.UNKNOWN)),
        ("https://x/dat-lich/", Read(Kind.UNKNOWN)),
        ("036064000789|272133838|Nguyễn Văn A|01011990|Nam|Hà Nội|01012021", Read(Kind.UNKNOWN)),
        ("x" * 5000, Read(Kind.UNKNOWN)),
    ],
)
def test_what_a_scanner_reads_is_told_apart(text: str, found: Read) -> None:
    assert read(text) == found


def test_an_identity_card_under_the_scanner_is_not_kept_and_not_repeated(
    hall: HallWorld, kiosk: Kiosk
) -> None:
    card = "036064000789|272133838|Nguyễn Văn A|01011990|Nam|Hà Nội|01012021"
    page = kiosk.said("da-quet/", text=card)
    assert "chưa đọc được" in page and "036064000789" not in page


def test_a_ticket_under_the_scanner_says_where_it_stands(hall: HallWorld, kiosk: Kiosk) -> None:
    hall.take("A")
    second = hall.take("A")
    page = kiosk.said("da-quet/", text=f"http://localhost/so/{second.token}/", viec="ho-so")
    assert second.label in page and "còn 1 số" in page
    assert "Không tìm thấy số" in kiosk.said("da-quet/", text="http://localhost/so/abcdefghijklmnopqrstuv/")


def test_a_visit_is_rated_by_the_number_on_the_ticket(hall: HallWorld, kiosk: Kiosk) -> None:
    assert "số trên phiếu hôm nay" in kiosk.text("quet/", viec="danh-gia")
    ticket = hall.take("A")
    assert "chưa làm việc" in kiosk.said("da-quet/", text="a001", viec="danh-gia")
    assert "không có số A999" in kiosk.said("da-quet/", text="A999", viec="danh-gia")
    hall.next()
    calling.finish(ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.later(minutes=4), key=uuid4().hex)
    for typed in ("a001", " A 1 ", "A001"):
        assert "Rất hài lòng" in kiosk.said("da-quet/", text=typed, viec="danh-gia")
    assert "Cảm ơn" in kiosk.said("danh-gia/", text="A001", score="4")
    again = kiosk.said("da-quet/", text="A001", viec="danh-gia", sua="1")
    assert "đã được đánh giá" in again and "Sửa đánh giá" not in again, "a number is no secret"
    assert "đã được đánh giá" in kiosk.said("danh-gia/", text="A001", score="1", sua="1")
    hall.now += timedelta(days=1)
    with time_machine.travel(hall.now, tick=False):
        assert "không có số A001" in kiosk.said("da-quet/", text="A001", viec="danh-gia")
    assert "Sửa đánh giá" in kiosk.said(
        "da-quet/", text=f"http://localhost/so/{ticket.token}/", viec="danh-gia"
    ), "the paper's own code may"


def test_a_visit_is_rated_at_the_kiosk_once(hall: HallWorld, kiosk: Kiosk) -> None:
    ticket = hall.take("A")
    address = f"http://localhost/so/{ticket.token}/"
    assert "chưa làm việc" in kiosk.said("da-quet/", text=address, viec="danh-gia")
    hall.next()
    calling.finish(ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.later(minutes=4), key=uuid4().hex)
    assert "Rất hài lòng" in kiosk.said("da-quet/", text=address, viec="danh-gia")
    assert "một trong các mức" in kiosk.said("danh-gia/", text=address, score="9")
    assert "Cảm ơn" in kiosk.said("danh-gia/", text=address, score="4", reasons=["manner"])
    assert "đã được đánh giá" in kiosk.said("danh-gia/", text=address, score="1")
    assert "Không tìm thấy" in kiosk.said("danh-gia/", text="BBBBBB", score="1")
    set_database_actor(SYSTEM)
    assert [one.score for one in Rating.objects.all()] == [4]


# ── Procedures and dossiers, in the commune of the intake's tests


class Commune:
    """The commune with its catalogue, a dossier, and a hall with a kiosk."""

    def __init__(self) -> None:
        self.world: World = build_world()
        self.dossier: Dossier = take_in(self.world)
        self.hall = build()
        self.kiosk = Kiosk(pair(self.hall)[1])


@pytest.fixture(scope="module")
def commune(django_db_setup: None, django_db_blocker: object) -> Iterator[Commune]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield Commune()
        transaction.set_rollback(True)


def test_procedures_are_found_by_need_by_sector_and_without_marks(commune: Commune) -> None:
    kiosk = commune.kiosk
    page = kiosk.text("thu-tuc/")
    assert "khai sinh" in page and page.count("k-choice__button") <= 6
    assert "k-choice__button" in kiosk.text("thu-tuc/", cach="linh-vuc")
    assert "k-key" in kiosk.text("thu-tuc/", cach="go")
    assert BIRTH in kiosk.text("tim/", q="khai sinh", trong="1")
    assert "Không tìm thấy" in kiosk.text("tim/", q="zzzzqqq")
    for nonsense in ({"q": "%' or 1=1"}, {"linh-vuc": "x"}, {"sau": "x"}, {}):
        assert kiosk.get("tim/", **nonsense).status_code == 200


def test_a_procedure_says_what_to_bring_and_gives_the_number_for_it(commune: Commune) -> None:
    hall, kiosk = commune.hall, commune.kiosk
    service = hall.services["B"]
    page = kiosk.text(f"thu-tuc/{BIRTH}/")
    assert "Giấy tờ phải nộp" in page and f'value="{hall.services["C"].pk}"' in page  # who does not know
    sector = Procedure.objects.get(code=BIRTH).sector_id
    service.sectors.create(sector_id=sector)
    assert f'value="{service.pk}"' in kiosk.text(f"thu-tuc/{BIRTH}/")
    paper = kiosk.text(f"thu-tuc/{BIRTH}/in/")
    assert "k-paper" in paper and "Mang theo gì" in paper
    assert "Không tìm thấy" in kiosk.text("thu-tuc/0.000000/")


def test_a_slip_shows_where_the_dossier_is_and_no_more(commune: Commune) -> None:
    kiosk, dossier = commune.kiosk, commune.dossier
    page = kiosk.said("da-quet/", text=f"https://x/tra-cuu#{dossier.token}", viec="ho-so")
    assert "mc-code" in page and "mc-route" in page
    assert dossier.applicant_name not in page
    assert "Không tìm thấy hồ sơ" in kiosk.said("da-quet/", text=f"https://x/tra-cuu#{'x' * 22}")


def test_a_code_alone_opens_nothing(commune: Commune) -> None:
    kiosk, dossier = commune.kiosk, commune.dossier
    asked = kiosk.said("da-quet/", text=dossier.code, viec="ho-so")
    assert 'name="secret"' in asked and "mc-route" not in asked
    assert "Không tìm thấy hồ sơ" in kiosk.said("da-quet/", text=dossier.code, secret="AAAAAA")
    assert "mc-route" in kiosk.said("da-quet/", text=dossier.code, secret=dossier.secret)


def test_guessing_at_a_kiosk_ends(commune: Commune) -> None:
    code = f"{commune.dossier.code[:-4]}7777"
    for _try in range(10):
        commune.kiosk.said("da-quet/", text=code, secret="AAAAAA")
    assert "quá nhiều lần" in commune.kiosk.said("da-quet/", text=code, secret="AAAAAA")


def test_a_dossier_is_rated_with_its_slip(commune: Commune) -> None:
    kiosk, text = commune.kiosk, f"https://x/tra-cuu#{commune.dossier.token}"
    assert "Rất hài lòng" in kiosk.said("da-quet/", text=text, viec="danh-gia")
    assert "Cảm ơn" in kiosk.said("danh-gia/", text=text, score="5")
    assert "đã được đánh giá" in kiosk.said("danh-gia/", text=text, score="5")
