"""Stations: jobs asked for, pulled, told back; tickets real once printed; who may, and what comes twice."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.base.audit.models import Entry
from motcua.base.files.models import StoredFile
from motcua.base.printing import thermal
from motcua.counters import printing, station_queries
from motcua.counters.models import Device, JobState, Pairing, StationJob, Ticket
from motcua.counters.operations import devices, stations, tickets
from motcua.counters.operations.stations import LeaseLost, TooMany
from motcua.counters.states import State
from motcua.counters.tests.hall_world import KIOSK, HallWorld
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TOKEN = "t" * 43
CAN = ["print", "scan"]


def paired(hall: HallWorld, token: str = TOKEN, counter: int = 0) -> Device:
    letters = devices.ask(token, hall.now)
    return devices.pair(
        hall_id=hall.hall.pk, kind="station", name="Trạm quầy 1", code=letters, counter_id=hall.counters[counter].pk,
        actor=SYSTEM, at=hall.now, key="",
    )  # fmt: skip


@pytest.fixture
def station(hall: HallWorld) -> Device:
    made = paired(hall)
    stations.alive(made, can=CAN, at=hall.now)
    made.refresh_from_db()
    return made


def ticket_job(hall: HallWorld, station: Device, **more: Any) -> tuple[Ticket, StationJob]:
    ticket = hall.take(real=False)
    job = stations.send_print(
        station_id=station.pk, subject_kind="ticket", subject_id=str(ticket.pk), actor=KIOSK, at=hall.now,
        key=uuid4().hex, **more,
    )  # fmt: skip
    return ticket, job


def take(hall: HallWorld, station: Device) -> stations.Taken:
    taken = stations.take(station=station, can=CAN, at=hall.now)
    assert taken is not None
    return taken


def state(ticket: Ticket) -> str:
    return str(Ticket.objects.get(pk=ticket.pk).state)


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 240).save(buffer, "JPEG")
    return buffer.getvalue()


# ── Printing


def test_a_ticket_is_real_once_its_paper_came_out(hall: HallWorld, station: Device) -> None:
    ticket, _job = ticket_job(hall, station)
    taken = take(hall, station)
    assert not taken.again and state(ticket) == State.PENDING
    held = {"job_id": taken.job.pk, "lease": taken.lease, "station": station}
    for _time in range(2):
        assert stations.finish(at=hall.later(seconds=2), **held).state == JobState.DONE
    assert state(ticket) == State.WAITING
    assert stations.take(station=station, can=CAN, at=hall.now) is None


def test_a_printed_ticket_reads_back(hall: HallWorld, station: Device) -> None:
    ticket, job = ticket_job(hall, station)
    (picture,) = thermal.read_escpos(thermal.escpos(printing.draw(job)))
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == printing.ticket_address(ticket) and code.text.endswith(f"/so/{ticket.token}/")


def test_no_paper_leaves_the_ticket_unreal_and_says_so(hall: HallWorld, station: Device) -> None:
    ticket, _job = ticket_job(hall, station)
    taken = take(hall, station)
    held = {"job_id": taken.job.pk, "lease": taken.lease, "station": station}
    stations.fail(problem="no_paper", at=hall.now, **held)
    assert state(ticket) == State.PENDING
    (row,) = station_queries.troubles(hall.hall.pk, hall.now)
    assert "hết giấy" in station_queries.standing(row, hall.now).words
    assert Entry.objects.filter(verb="ticket.not_printed").exists()
    assert stations.fail(problem="jam", at=hall.now, **held).problem == "no_paper", "the first word counts"


def test_a_doubt_is_settled_by_a_person(hall: HallWorld, station: Device) -> None:
    ticket, job = ticket_job(hall, station)
    taken = take(hall, station)
    held = {"job_id": taken.job.pk, "lease": taken.lease, "station": station}
    stations.fail(problem="printer", unsure=True, at=hall.now, **held)
    assert stations.take(station=station, can=CAN, at=hall.later(minutes=5)) is None, (
        "never printed again unasked"
    )
    an = hall.officers["an"]
    stations.settle(job_id=job.pk, came_out=False, actor=an, at=hall.now, key="s1")
    again = take(hall, station)
    assert again.mark != taken.mark and not again.again
    with pytest.raises(LeaseLost):
        stations.finish(at=hall.now, **held)
    stations.fail(job_id=job.pk, lease=again.lease, station=station, problem="x", unsure=True, at=hall.now)
    stations.settle(job_id=job.pk, came_out=True, actor=an, at=hall.now, key="s2")
    assert state(ticket) == State.WAITING
    with pytest.raises(Refusal, match="đã rõ"):
        stations.settle(job_id=job.pk, came_out=True, actor=an, at=hall.now, key="s3")


def test_a_job_comes_again_only_when_its_lease_ended(hall: HallWorld, station: Device) -> None:
    ticket_job(hall, station)
    first = take(hall, station)
    assert stations.take(station=station, can=CAN, at=hall.later(seconds=59)) is None
    stations.held(job_id=first.job.pk, lease=first.lease, station=station, at=hall.now)
    assert stations.take(station=station, can=CAN, at=hall.later(seconds=59)) is None, "it was renewed"
    second = stations.take(station=station, can=CAN, at=hall.later(seconds=2))
    assert second is not None and second.again and second.mark == first.mark
    for _time in range(stations.MOST_TRIES - 2):
        hall.later(minutes=2)
        take(hall, station)
    assert stations.take(station=station, can=CAN, at=hall.later(minutes=2)) is None
    assert StationJob.objects.get().problem == "given_up"


def test_a_ticket_void_meanwhile_stays_void(hall: HallWorld, station: Device) -> None:
    ticket, _job = ticket_job(hall, station)
    taken = take(hall, station)
    tickets.void(ticket_id=ticket.pk, reason="máy in kẹt", actor=KIOSK, at=hall.now, key="")
    stations.finish(job_id=taken.job.pk, lease=taken.lease, station=station, at=hall.now)
    assert state(ticket) == State.VOID and Entry.objects.filter(verb="ticket.printed_too_late").exists()


def test_what_waits_too_long_is_not_printed_for_nobody(hall: HallWorld, station: Device) -> None:
    ticket, job = ticket_job(hall, station)
    hall.later(minutes=3)
    assert stations.take(station=station, can=CAN, at=hall.now) is None
    assert station_queries.standing(job, hall.now).state == "failed"
    stations.sweep(hall.now)
    assert StationJob.objects.get().problem == "too_late" and state(ticket) == State.PENDING


def test_the_same_key_prints_once_and_another_station_none(hall: HallWorld, station: Device) -> None:
    facts = {"code": "H24-1", "office": "UBND", "procedure": "Khai sinh", "due_at": ""}
    for _time in range(2):
        stations.send_print(
            station_id=station.pk, subject_kind="label", subject_id="H24-1", facts=facts,
            actor=hall.officers["an"], at=hall.now, key="once",
        )  # fmt: skip
    assert StationJob.objects.count() == 1
    other = paired(hall, "u" * 43, 1)
    assert stations.take(station=other, can=CAN, at=hall.now) is None
    assert stations.take(station=station, can=["scan"], at=hall.now) is None, "it has no printer now"


def test_who_may_not(hall: HallWorld, station: Device) -> None:
    ticket = hall.take(real=False)
    wanted = {
        "station_id": station.pk,
        "subject_kind": "ticket",
        "subject_id": str(ticket.pk),
        "at": hall.now,
        "key": "",
    }
    with pytest.raises(NotPermitted):
        stations.send_print(actor=PUBLIC, **wanted)
    with pytest.raises(NotFound):
        stations.send_print(actor=KIOSK, **{**wanted, "subject_kind": "letter"})
    devices.revoke(device_id=station.pk, actor=SYSTEM, at=hall.now, key="")
    with pytest.raises(NotFound):
        stations.send_print(actor=KIOSK, **wanted)


def test_a_station_nobody_empties_takes_no_more(hall: HallWorld, station: Device) -> None:
    StationJob.objects.bulk_create(
        StationJob(
            home_agency_id=hall.hall.point.shop.agency_id, station=station, kind="print", subject_kind="label",
            subject_id=str(number), asked_at=hall.now, expires_at=hall.now + timedelta(minutes=2),
        )
        for number in range(stations.MOST_OPEN)
    )  # fmt: skip
    with pytest.raises(TooMany):
        ticket_job(hall, station)


def test_the_station_of_an_officer_is_the_one_at_their_counter(hall: HallWorld, station: Device) -> None:
    an, be = hall.officers["an"], hall.officers["be"]
    assert station_queries.here(an, hall.now).prints == station
    assert station_queries.here(be, hall.now).prints is None
    assert station_queries.here(an, hall.now + timedelta(seconds=61)).prints is None, "switched off"
    stations.alive(station, can=["scan"], at=hall.now)
    assert (
        station_queries.here(an, hall.now).prints is None
        and station_queries.here(an, hall.now).scans == station
    )


def test_the_station_of_a_kiosk_is_named_or_the_only_one(hall: HallWorld, station: Device) -> None:
    letters = devices.ask("k" * 43, hall.now)
    kiosk = devices.pair(
        hall_id=hall.hall.pk, kind="kiosk", name="Ki-ốt", code=letters, actor=SYSTEM, at=hall.now, key=""
    )
    assert station_queries.printer_of(kiosk, hall.now) == station
    other = paired(hall, "u" * 43, 1)
    stations.alive(other, can=CAN, at=hall.now)
    assert station_queries.printer_of(kiosk, hall.now) is None, "which of both is for the office to say"
    kiosk.settings = {"station": other.pk}
    assert station_queries.printer_of(kiosk, hall.now) == other
    assert station_queries.printer_of(kiosk, hall.now + timedelta(minutes=2)) is None


# ── Scanning


def ask(hall: HallWorld, station: Device, name: str = "an", **more: Any) -> StationJob:
    return stations.ask_scan(
        station_id=station.pk, subject_kind="draft", subject_id="d1", line="r7", actor=hall.officers[name], at=hall.now,
        key=uuid4().hex, **more,
    )  # fmt: skip


def test_scanned_pages_are_for_who_asked_and_once(hall: HallWorld, station: Device) -> None:
    an = hall.officers["an"]
    job = ask(hall, station)
    taken = take(hall, station)
    held = {"job_id": job.pk, "lease": taken.lease, "station": station}
    assert list(station_queries.under_way(an, "draft", "d1", hall.now)) == ["r7"]
    with pytest.raises(Refusal):
        stations.finish(at=hall.now, **held)
    for _time in range(2):
        done = stations.receive(stream=io.BytesIO(jpeg()), name="a.jpg", at=hall.now, **held)
        assert done.state == JobState.DONE
    assert StoredFile.objects.count() == 1
    with pytest.raises(NotFound):
        stations.collect(job_id=job.pk, actor=hall.officers["be"], at=hall.now)
    stored = stations.collect(job_id=job.pk, actor=an, at=hall.now)
    assert (stored.created_by, stored.purpose) == (an.account_id, "draft")
    with pytest.raises(Refusal, match="đã được lấy"):
        stations.collect(job_id=job.pk, actor=an, at=hall.now)
    assert station_queries.under_way(an, "draft", "d1", hall.now) == {}


def test_a_station_that_went_away_is_said_and_the_job_can_be_taken_back(
    hall: HallWorld, station: Device
) -> None:
    an, job = hall.officers["an"], ask(hall, station)
    assert not station_queries.standing(job, hall.now).may_withdraw
    assert station_queries.standing(job, hall.later(seconds=6)).may_withdraw
    taken = take(hall, station)
    hall.later(seconds=61)
    job.refresh_from_db()
    assert station_queries.standing(job, hall.now).state == "away"
    assert stations.withdraw(job_id=job.pk, actor=an, at=hall.now, key="w2").problem == "withdrawn"
    late = stations.receive(
        job_id=job.pk,
        lease=taken.lease,
        station=station,
        stream=io.BytesIO(jpeg()),
        name="a.jpg",
        at=hall.now,
    )
    assert late.state == JobState.FAILED and not StoredFile.objects.exists(), (
        "pages nobody wants are not kept"
    )


def test_a_running_scan_is_counted_and_called_off(hall: HallWorld, station: Device) -> None:
    an, job = hall.officers["an"], ask(hall, station)
    taken = take(hall, station)
    held = {"job_id": job.pk, "lease": taken.lease, "station": station}
    stations.hold(pages=7, at=hall.later(seconds=50), **held)
    job.refresh_from_db()
    how = station_queries.standing(job, hall.later(seconds=50))
    assert how.may_withdraw and "7 trang" in how.words
    stations.withdraw(job_id=job.pk, actor=an, at=hall.now, key="w1")
    with pytest.raises(LeaseLost):
        stations.hold(pages=8, at=hall.now, **held)
    job.refresh_from_db()
    assert "khay máy quét" in station_queries.standing(job, hall.now).words
    ticket_job(hall, station)
    print_job = take(hall, station).job
    stations.withdraw(job_id=print_job.pk, actor=an, at=hall.now, key="w2")
    print_job.refresh_from_db()
    assert print_job.state == JobState.TAKEN, "a print cannot be called back from the printer"


def test_only_what_the_scanner_has_is_offered_and_the_last_way_is_remembered(
    hall: HallWorld, station: Device
) -> None:
    free = station_queries.scan_choices(station)
    assert (free.resolutions, free.resolution, free.duplex, free.glass) == ((200, 300, 400), 300, True, False)
    plain = {"resolutions": [150, 200, 600], "duplex": False, "colour": True, "feeder": True, "glass": True}
    stations.alive(station, can=CAN, scanner=plain, at=hall.now)
    has = station_queries.scan_choices(Device.objects.get(pk=station.pk))
    assert (has.resolutions, has.resolution, has.duplex, has.two_sides, has.glass) == (
        (200,),
        200,
        False,
        False,
        True,
    )
    ask(hall, station, colour=True, resolution=200, glass=True, duplex=False)
    stations.alive(station, can=CAN, at=hall.now)  # an older copy in hand loses nothing
    kept = Device.objects.get(pk=station.pk)
    has = station_queries.scan_choices(kept)
    assert has.in_colour and has.resolution == 200 and kept.settings["can"] == CAN
    assert "glass" not in kept.settings["scan"]


def test_a_bad_resolution_is_refused(hall: HallWorld, station: Device) -> None:
    with pytest.raises(Refusal, match="dpi"):
        ask(hall, station, resolution=9600)


def test_pages_nobody_took_are_gone_after_a_day(hall: HallWorld, station: Device) -> None:
    job = ask(hall, station)
    taken = take(hall, station)
    stations.receive(
        job_id=job.pk,
        lease=taken.lease,
        station=station,
        stream=io.BytesIO(jpeg()),
        name="a.jpg",
        at=hall.now,
    )
    stations.sweep(hall.now + timedelta(hours=23))
    assert StoredFile.objects.count() == 1
    stations.sweep(hall.now + timedelta(hours=25))
    assert StoredFile.objects.count() == 0 and StationJob.objects.count() == 1
    stations.sweep(hall.now + timedelta(days=31))
    assert StationJob.objects.count() == 0


# ── The interface


class Program:
    """A station without a machine: asks the public host as the program does."""

    def __init__(self, token: str = TOKEN) -> None:
        self.client, self.token = Client(HTTP_HOST="localhost", enforce_csrf_checks=True), token

    def post(self, path: str, body: Any = None, lease: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Motcua-Lease": lease}
        kind = {} if more else {"content_type": "application/json"}
        return self.client.post(f"/tram/{path}", more or body or {}, headers=headers, **kind)


@pytest.fixture
def program(station: Device) -> Program:
    return Program()


def test_pairing_by_six_letters(hall: HallWorld) -> None:
    fresh = Program("f" * 43)
    answer = fresh.post("pair")
    letters = answer.json()["letters"]
    assert answer.status_code == 202 and len(letters) == 6
    assert fresh.post("pair").json()["letters"] == letters and fresh.post("next").status_code == 401
    devices.pair(
        hall_id=hall.hall.pk, kind="station", name="Trạm", code=letters, counter_id=hall.counters[2].pk, actor=SYSTEM,
        at=timezone.now(), key="",
    )  # fmt: skip
    said = fresh.post("pair").json()
    assert said["paired"] and said["counter"] and fresh.post("next", {"can": CAN}).json()["job"] is None


def test_a_screen_is_no_station(hall: HallWorld) -> None:
    letters = devices.ask("s" * 43, hall.now)
    devices.pair(
        hall_id=hall.hall.pk, kind="hall", name="Bảng", code=letters, actor=SYSTEM, at=hall.now, key=""
    )
    screen = Program("s" * 43)
    assert screen.post("next").status_code == 401 and screen.post("pair").status_code == 422


@pytest.mark.parametrize("token", ["", "short", "x" * 200, "đ" * 43])
def test_strange_tokens_open_nothing(hall: HallWorld, token: str) -> None:
    program = Program()
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin1")}
    for path in ("pair", "next", f"jobs/{uuid4()}/content"):
        assert program.client.post(f"/tram/{path}", headers=headers).status_code == 401
    assert not Pairing.objects.exists()


def test_a_crowd_that_wants_to_be_paired_is_held_off(hall: HallWorld) -> None:
    now = timezone.now()
    Pairing.objects.bulk_create(
        Pairing(code=f"{number:06d}", token_hash=number.to_bytes(32), asked_at=now)
        for number in range(stations.MOST_PAIRING)
    )
    assert Program("g" * 43).post("pair").status_code == 429


def test_a_revoked_station_is_out_at_once(hall: HallWorld, station: Device, program: Program) -> None:
    assert program.post("next", {"can": CAN}).status_code == 200
    devices.revoke(device_id=station.pk, actor=SYSTEM, at=hall.now, key="")
    assert program.post("next", {"can": CAN}).status_code == 401
    answer = program.post("pair")
    assert (answer.status_code, answer.json()["code"]) == (410, "revoked"), (
        "its token is spent: it makes a new one"
    )
    assert not Pairing.objects.exists()


@pytest.mark.parametrize(
    "scanner",
    [
        None,
        [],
        "x",
        {},
        {"resolutions": 300},
        {"resolutions": "300"},
        {"resolutions": [300, "400", None, True, 9600, [1]]},
    ],
)
def test_strange_scanners_are_read_with_care(station: Device, program: Program, scanner: Any) -> None:
    assert program.post("next", {"can": CAN, "scanner": scanner}).status_code == 200
    has = station_queries.scan_choices(Device.objects.get(pk=station.pk))
    assert has.resolutions and has.resolution in has.resolutions


def test_a_print_over_the_interface(hall: HallWorld, station: Device, program: Program) -> None:
    hall.now = timezone.now()
    ticket, _job = ticket_job(hall, station)
    job = program.post("next", {"can": CAN}).json()["job"]
    at = f"jobs/{job['id']}"
    assert program.post(f"{at}/content", lease="wrong").status_code == 409
    bytes_ = program.post(f"{at}/content", lease=job["lease"]).content
    assert len(thermal.read_escpos(bytes_)) == 1
    png = program.post(f"{at}/content?as=png", lease=job["lease"])
    assert png["Content-Type"] == "image/png" and Image.open(io.BytesIO(png.content)).width == 576
    assert program.post(f"{at}/done", lease=job["lease"]).json() == {"state": "done"}
    assert state(ticket) == State.WAITING
    other = Program("u" * 43)
    paired(hall, other.token, 1)
    assert other.post(f"{at}/done", lease=job["lease"]).status_code == 409


def test_pages_over_the_interface(hall: HallWorld, station: Device, program: Program) -> None:
    hall.now = timezone.now()
    ask(hall, station, colour=True)
    job = program.post("next", {"can": CAN}).json()["job"]
    assert (job["kind"], job["duplex"], job["resolution"], job["colour"]) == ("scan", True, 300, True)
    at, lease = f"jobs/{job['id']}", job["lease"]
    bad = program.post(f"{at}/scanned", lease=lease, file=SimpleUploadedFile("a.pdf", b"MZ not a paper"))
    assert bad.status_code == 422 and bad.json()["message"]
    assert program.post(f"{at}/scanned", lease=lease).status_code == 422
    assert program.post(f"{at}/failed", {"problem": "refused"}, lease=lease).json() == {"state": "failed"}
    ask(hall, station)
    job = program.post("next", {"can": CAN}).json()["job"]
    good = SimpleUploadedFile("a.jpg", jpeg(), content_type="image/jpeg")
    answer = program.post(f"jobs/{job['id']}/scanned", lease=job["lease"], file=good)
    assert answer.json() == {"state": "done"}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b'{"can": "print"}', b'{"can": [1, null]}', b"\xff", b"x" * 9000]
)
def test_strange_bodies_count_as_nothing(station: Device, program: Program, body: bytes) -> None:
    answer = program.client.post(
        "/tram/next", body, content_type="application/json", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 200 and answer.json()["job"] is None


def test_no_plain_http_where_there_is_tls(program: Program, settings: Any) -> None:
    settings.HTTPS = True
    assert program.post("next").status_code == 403
