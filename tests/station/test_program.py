"""The station's program against the real interface, with its doubles: paper, cover, power, network, feeder, jam."""

import io
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdf
import pytest
import zxingcpp
from django.db import transaction
from django.utils import timezone
from motcua_station import config as station_config
from motcua_station import main, pdf
from motcua_station.config import BadConfig, Config
from motcua_station.doubles import scanimage
from motcua_station.doubles.printer import Printer
from motcua_station.doubles.scanner import Scanner
from motcua_station.journal import Journal, Step
from motcua_station.server import Lost, NotPaired, Offline
from motcua_station.trouble import Trouble
from motcua_station.work import Worker
from PIL import Image, ImageDraw

from motcua.base.files import operations as files
from motcua.base.files import queries as stored_files
from motcua.base.printing import thermal
from motcua.counters import printing
from motcua.counters.models import JobState, StationJob, Ticket
from motcua.counters.operations import devices, stations, tickets
from motcua.counters.states import State
from motcua.counters.tests import hall_world
from motcua.counters.tests.hall_world import KIOSK, HallWorld
from motcua.dossiers.tests.committed import database
from motcua.lib.actor import SYSTEM
from tests.station.running import Web, server_of, settings, web

DOUBLES = Path(scanimage.__file__)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Web, HallWorld]]:
    with database(django_db_blocker):
        hall = hall_world.begin()
        hall.now = timezone.now()
        hall.sit("an", 0, "A")
        with web() as running:
            yield running, hall


@pytest.fixture
def hall(site: tuple[Web, HallWorld]) -> HallWorld:
    site[0].down = False
    site[0].refused.clear()
    StationJob.objects.all().delete()
    return site[1]


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer()
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    made = Scanner()
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


class Desk:
    """A paired station on the PC of counter 1, and somebody who asks it."""

    def __init__(self, site: Web, hall: HallWorld, folder: Path, **parts: Any) -> None:
        self.site, self.hall = site, hall
        self.config: Config = settings(site, folder, **parts)
        self.stop = threading.Event()
        self.server = server_of(self.config)
        letters = self.server.pair()["letters"]
        self.device = devices.pair(
            hall_id=hall.hall.pk, kind="station", name="Trạm", code=letters, counter_id=hall.counters[0].pk,
            actor=SYSTEM, at=timezone.now(), key="",
        )  # fmt: skip

    def ticket(self) -> Ticket:
        """Ask for a ticket to be printed."""
        at = timezone.now()
        ticket = tickets.issue(
            service_id=self.hall.services["A"].pk, channel="kiosk", actor=KIOSK, at=at, key=uuid4().hex
        )
        stations.send_print(
            station_id=self.device.pk, subject_kind="ticket", subject_id=str(ticket.pk), actor=KIOSK, at=at,
            key=uuid4().hex,
        )  # fmt: skip
        return ticket

    def scan(self, **more: Any) -> StationJob:
        return stations.ask_scan(
            station_id=self.device.pk, subject_kind="draft", subject_id="d", line="r1",
            actor=self.hall.officers["an"], at=timezone.now(), key=uuid4().hex, **more,
        )  # fmt: skip

    def work(self) -> StationJob:
        """Do one job as after a start of the program; return it as the server has it then."""
        job, _pause = self.server.next(self.config.can)
        assert job is not None
        Worker(self.config, self.server, self.stop).do(job)
        return StationJob.objects.get(pk=job.id)

    def lease_ends(self) -> None:
        StationJob.objects.filter(state=JobState.TAKEN).update(lease_until=timezone.now() - stations.LEASE)


@pytest.fixture
def prints(site: tuple[Web, HallWorld], hall: HallWorld, printer: Printer, tmp_path: Path) -> Desk:
    return Desk(site[0], hall, tmp_path / "station", printer=printer.address)


@pytest.fixture
def scans(site: tuple[Web, HallWorld], hall: HallWorld, scanner: Scanner, tmp_path: Path) -> Desk:
    return Desk(site[0], hall, tmp_path / "station", scanner=scanner.address)


def real(ticket: Ticket) -> bool:
    return Ticket.objects.get(pk=ticket.pk).state == State.WAITING


def page(text: str = "", code: str = "") -> bytes:
    """A scanned A5 page; with `code` a separator sheet."""
    picture = Image.new("L", (874, 1240), 245)
    ImageDraw.Draw(picture).text((100, 100), text, fill=10, font_size=50)
    if code:
        drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        made = Image.fromarray(zxingcpp.write_barcode_to_image(drawn, scale=14))
        picture.paste(made, (150, 300))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


# ── Printing


def test_a_ticket_comes_out_and_reads_back(prints: Desk, printer: Printer) -> None:
    ticket = prints.ticket()
    assert prints.work().state == JobState.DONE and real(ticket)
    (slip,) = printer.slips
    picture = Image.open(io.BytesIO(slip))
    row = Ticket.objects.select_related("service", "hall__point__shop__agency").get(pk=ticket.pk)
    assert picture.convert("1").tobytes() == printing.draw_ticket(row).tobytes()
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == printing.ticket_address(row)


@pytest.mark.parametrize(
    ("fault", "word"), [("paper", "no_paper"), ("cover_open", "cover_open"), ("gone", "no_printer")]
)
def test_a_printer_that_cannot_is_told_and_prints_later(
    prints: Desk, printer: Printer, fault: str, word: str
) -> None:
    ticket = prints.ticket()
    if fault == "gone":
        prints.config = settings(prints.site, prints.config.folder, printer="tcp://127.0.0.1:1")
    else:
        setattr(printer, fault, fault != "paper")
    job = prints.work()
    assert (job.state, job.problem) == (JobState.FAILED, word) and not real(ticket) and not printer.slips


def test_a_mute_printer_is_taken_at_its_word(prints: Desk, printer: Printer) -> None:
    printer.answers = False
    ticket = prints.ticket()
    assert prints.work().state == JobState.DONE and real(ticket)
    with printer.cut:
        assert printer.cut.wait_for(lambda: len(printer.slips) == 1, 3)


def test_power_lost_while_printing_is_a_doubt(prints: Desk, printer: Printer) -> None:
    printer.dies_after = 9_000
    ticket = prints.ticket()
    assert prints.work().state == JobState.UNSURE and not real(ticket)


def test_the_pc_died_while_printing(prints: Desk, printer: Printer) -> None:
    ticket = prints.ticket()
    job, _pause = prints.server.next(["print"])
    assert job is not None
    Journal(prints.config.folder / "journal.jsonl").write(job.mark, Step.BEGUN)
    prints.lease_ends()
    assert prints.work().state == JobState.UNSURE and not printer.slips
    stations.settle(
        job_id=job.id, came_out=False, actor=prints.hall.officers["an"], at=timezone.now(), key=uuid4().hex
    )
    assert prints.work().state == JobState.DONE and len(printer.slips) == 1 and real(ticket)


def test_it_came_out_but_the_server_was_away(prints: Desk, printer: Printer) -> None:
    ticket = prints.ticket()
    prints.site.refused.add("/done")
    prints.stop.set()  # the program is stopped while it tries to tell
    with pytest.raises(Offline):
        prints.work()
    assert len(printer.slips) == 1 and not real(ticket)
    prints.stop.clear()
    prints.site.refused.clear()
    prints.lease_ends()
    assert prints.work().state == JobState.DONE and len(printer.slips) == 1 and real(ticket)


def test_a_short_loss_of_the_network_is_waited_out(prints: Desk) -> None:
    ticket = prints.ticket()
    prints.site.refused.add("/done")
    threading.Timer(0.7, prints.site.refused.clear).start()
    assert prints.work().state == JobState.DONE and real(ticket)


def test_by_a_device_file(site: tuple[Web, HallWorld], hall: HallWorld, tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    desk = Desk(site[0], hall, tmp_path / "station", printer=f"file://{device}")
    ticket = desk.ticket()
    assert desk.work().state == JobState.DONE and real(ticket)
    assert len(thermal.read_escpos(device.read_bytes())) == 1


# ── Scanning


def test_a_stack_is_scanned_and_its_sheets_are_seen(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page(code="MC1:K:77"), page("A"), page("B"), page(code="MC1:K:78"), page("C")]
    scans.scan()
    job = scans.work()
    assert job.state == JobState.DONE and job.file is not None and job.file.pages == 5
    assert files.page_codes(file_id=job.file.pk) == [["MC1:K:77"], [], [], ["MC1:K:78"], []]
    (asked,) = scanner.asked
    assert (asked["InputSource"], asked["Duplex"], asked["XResolution"], asked["ColorMode"]) == (
        "Feeder", "true", "300", "Grayscale8",
    )  # fmt: skip
    assert list((scans.config.folder / "scans").iterdir()) == [], "nothing of somebody's papers stays"


def test_one_side_in_colour(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page("A")]
    scans.scan(duplex=False, colour=True, resolution=200)
    assert scans.work().state == JobState.DONE
    assert (scanner.asked[0]["Duplex"], scanner.asked[0]["ColorMode"]) == ("false", "RGB24")


@pytest.mark.parametrize(("fault", "word"), [("empty", "no_pages"), ("jam", "jam"), ("rubbish", "scanner"), ("gone", "no_scanner")])  # fmt: skip
def test_a_scanner_that_cannot_is_told(scans: Desk, scanner: Scanner, fault: str, word: str) -> None:
    scanner.pages = {"empty": [], "rubbish": [page("A"), b"%!PS"]}.get(fault, [page("A"), page("B")])
    scanner.jams_at = 1 if fault == "jam" else None
    if fault == "gone":
        scans.config = settings(scans.site, scans.config.folder, scanner="http://127.0.0.1:1/eSCL")
    scans.scan()
    job = scans.work()
    assert (job.state, job.problem, job.file) == (JobState.FAILED, word, None)


def test_a_scan_that_was_finished_is_sent_not_scanned_again(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page("A"), page("B")]
    scans.scan()
    scans.site.refused.add("/scanned")
    scans.stop.set()
    with pytest.raises(Offline):
        scans.work()
    scans.stop.clear()
    scans.site.refused.clear()
    scans.lease_ends()
    job = scans.work()
    assert (
        job.state == JobState.DONE
        and job.file is not None
        and job.file.pages == 2
        and len(scanner.asked) == 1
    )


def test_sane(
    site: tuple[Web, HallWorld], hall: HallWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeder, programs = tmp_path / "feeder", tmp_path / "bin"
    feeder.mkdir()
    programs.mkdir()
    run = programs / "scanimage"
    run.write_text(f'#!/bin/sh\nexec {sys.executable} {DOUBLES} "$@"\n')
    run.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("MOTCUA_FEEDER", str(feeder))
    desk = Desk(site[0], hall, tmp_path / "station", scanner="sane:double:0")
    desk.scan()
    assert desk.work().problem == "no_pages"
    for number in (1, 2):
        (feeder / f"{number}.jpg").write_bytes(page(str(number)))
    desk.scan(duplex=True)
    job = desk.work()
    assert job.state == JobState.DONE and job.file is not None and job.file.pages == 2
    assert "ADF Duplex" in (feeder / "asked.txt").read_text()
    (feeder / "3.jpg").write_bytes(page("3"))
    (feeder / "JAM").touch()
    desk.scan()
    assert desk.work().problem == "jam"


def test_a_withdrawn_job_is_left(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page("A")]
    asked = scans.scan()
    job, _pause = scans.server.next(["scan"])
    assert job is not None
    StationJob.objects.filter(pk=asked.pk).update(lease_hash=b"x" * 32)  # another taking
    with pytest.raises(Lost):
        scans.server.hold(job)


# ── Starting


def test_the_loop_pairs_works_and_ends(
    site: tuple[Web, HallWorld], hall: HallWorld, printer: Printer, tmp_path: Path
) -> None:
    config = settings(site[0], tmp_path / "station", printer=printer.address)
    server = server_of(config)
    with pytest.raises(NotPaired):
        server.next(["print"])
    stop = threading.Event()
    runs = threading.Thread(target=main.run, args=(config, server, stop), daemon=True)
    desk = Desk(site[0], hall, config.folder, printer=printer.address)  # the same token: an officer pairs it
    ticket = desk.ticket()
    runs.start()
    with printer.cut:
        assert printer.cut.wait_for(lambda: len(printer.slips) == 1, 10)
    end = time.monotonic() + 5
    while not real(ticket) and time.monotonic() < end:
        time.sleep(0.05)
    assert real(ticket)
    stop.set()
    runs.join(5)
    assert not runs.is_alive()


def test_the_token_is_for_its_own_user(tmp_path: Path) -> None:
    first = station_config.token(tmp_path / "a")
    assert station_config.token(tmp_path / "a") == first and len(first) >= 43
    assert stat.S_IMODE((tmp_path / "a" / "token").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('server = "http://motcua.example.gov.vn"\nprinter = "tcp://1.2.3.4"', "https"),
        ('server = "motcua"\nprinter = "tcp://1.2.3.4"', "địa chỉ máy chủ"),
        ('server = "https://x.vn"', "ít nhất một thiết bị"),
        ('server = "https://x.vn"\nprinter = "lpt1"', "printer"),
        ('server = "https://x.vn"\nscanner = "twain"', "scanner"),
        ('server = "https://x.vn"\nprintr = "tcp://1.2.3.4"', "printr"),
        ('server = "https://x.vn"\nprinter = "tcp://a"\nsane_sources = ["ADF"]', "sane_sources"),
        ("server = ", "viết sai"),
    ],
)
def test_bad_settings_say_what_to_write(tmp_path: Path, text: str, said: str, capsys: Any) -> None:
    path = tmp_path / "station.toml"
    path.write_text(text)
    with pytest.raises(BadConfig, match=said):
        station_config.read(path)
    assert main.main(["--config", str(path)]) == 2 and said in capsys.readouterr().err


def test_a_torn_journal_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.write("a", Step.OUT)
    with path.open("a") as file:
        file.write('{"mark": "b", "ste')
    again = Journal(path)
    assert (again.step("a"), again.step("b")) == (Step.OUT, Step.NEVER)


def test_pages_become_a_pdf_as_they_are(tmp_path: Path) -> None:
    paths = []
    for number, mode in enumerate(("L", "RGB", "CMYK")):
        path = tmp_path / f"{number}.jpg"
        Image.new(mode, (600, 300)).save(path, progressive=number == 1)
        paths.append(path)
    pdf.write(paths, tmp_path / "out.pdf", resolution=300)
    pages = pypdf.PdfReader(tmp_path / "out.pdf").pages
    assert [(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in pages] == [
        (144, 72)
    ] * 3
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff\xe0\x00\x04ab")
    with pytest.raises(Trouble):
        pdf.write([bad], tmp_path / "x.pdf", resolution=300)


def test_what_was_scanned_is_what_is_kept(scans: Desk, scanner: Scanner) -> None:
    """No page is decoded and made smaller on the way."""
    sheet = page("A")
    scanner.pages = [sheet]
    scans.scan()
    job = scans.work()
    assert job.file is not None
    with transaction.atomic():
        assert sheet in stored_files.open_content(job.file).read()
