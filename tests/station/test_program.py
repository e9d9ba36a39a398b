"""The station's program against the real interface, with its doubles: paper, cover, power, network, feeder, jam."""

import io
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pypdf
import pytest
import zxingcpp
from django.db import transaction
from django.utils import timezone
from motcua_station import check, main, pdf, printers, receipt, scanners, work
from motcua_station import config as station_config
from motcua_station.config import BadConfig, Config
from motcua_station.doubles import scanimage
from motcua_station.doubles.printer import Printer
from motcua_station.doubles.scanner import Scanner
from motcua_station.journal import Journal, Step
from motcua_station.server import Lost, NotPaired, Offline
from motcua_station.trouble import Trouble
from motcua_station.work import Worker
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from motcua.base.files import operations as files
from motcua.base.files import queries as stored_files
from motcua.base.printing import thermal
from motcua.base.printing.sheets import Separator, SeparatorSheets, render_sheet
from motcua.counters import printing, station_queries
from motcua.counters.models import JobState, Pairing, StationJob, Ticket
from motcua.counters.operations import devices, stations, tickets
from motcua.counters.states import State
from motcua.counters.tests import hall_world
from motcua.counters.tests.hall_world import KIOSK, HallWorld
from motcua.dossiers import separators
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
    Pairing.objects.all().delete()
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


@contextmanager
def program(config: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The station's program as its own process."""
    command = [sys.executable, "-u", "-m", "motcua_station.main", "--config", str(config), *more]
    running = subprocess.Popen(command, cwd=DOUBLES.parents[2], text=True, stdout=subprocess.PIPE)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


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
    ("fault", "word"),
    [
        ("paper", "no_paper"),
        ("cover_open", "cover_open"),
        ("cutter_stuck", "cutter"),
        ("error", "printer"),
        ("gone", "no_printer"),
    ],
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


@pytest.mark.parametrize(
    ("fault", "word", "said"),
    [("paper_for", "no_paper", "Hết giấy"), ("closed_for", "cover_open", "Nắp máy in")],
)
def test_half_a_ticket_is_a_doubt_with_its_reason(
    prints: Desk, printer: Printer, fault: str, word: str, said: str
) -> None:
    """The roll ends or somebody opens the cover amid a slip: the ticket is not real, and who stands there is asked."""
    setattr(printer, fault, 200)
    ticket = prints.ticket()
    job = prints.work()
    assert (job.state, job.problem) == (JobState.UNSURE, word) and not real(ticket)
    assert not printer.slips and len(printer.torn) == 1, "half of it hangs out"
    how = station_queries.standing(job, timezone.now())
    assert how.ask and said in how.words
    assert [one.pk for one in station_queries.troubles(prints.hall.hall.pk, timezone.now())] == [job.pk]
    printer.mended.set()
    with printer.cut:
        assert printer.cut.wait_for(lambda: len(printer.slips) == 1, 5), (
            "a new roll: it prints what it still holds"
        )
    stations.settle(
        job_id=job.pk, came_out=False, actor=prints.hall.officers["an"], at=timezone.now(), key=uuid4().hex
    )
    assert prints.work().state == JobState.DONE and real(ticket), "printed anew when asked for, and then real"


def test_bytes_of_a_question_in_a_picture_confuse_nobody(printer: Printer) -> None:
    """DLE EOT within a picture is answered by real printers: an answer that nobody waits for is passed over."""
    picture = Image.frombytes("1", (576, 40), bytes(255 - byte for byte in b"\x10\x04\x04" * 960))
    receipt.send(*printers.where(printer.address), thermal.escpos(picture), wait=2)
    assert len(printer.slips) == 1


def test_nearly_at_its_end_is_no_failure(prints: Desk, printer: Printer) -> None:
    printer.near_end = True
    ticket = prints.ticket()
    assert prints.work().state == JobState.DONE and real(ticket)


def test_a_full_disk_prints_nothing_and_says_so(prints: Desk, printer: Printer) -> None:
    ticket = prints.ticket()
    (prints.config.folder / "journal.jsonl").unlink(missing_ok=True)
    job, _pause = prints.server.next(["print"])
    assert job is not None
    worker = Worker(prints.config, prints.server, prints.stop)
    worker.journal.path = Path("/dev/full")
    worker.do(job)
    assert StationJob.objects.get(pk=job.id).problem == "station" and not printer.slips and not real(ticket)


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
    scanner.calls_itself = "scanner.local"
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


def test_printed_separator_sheets_are_read_from_a_poor_scan(
    scans: Desk, scanner: Scanner, tmp_path: Path
) -> None:
    """The sheets as they are printed, then as a scanner gives them: gray, crooked, noisy, one upside down."""
    made = SeparatorSheets(
        office="UBND phường Đông Hải", issued_at=timezone.now(),
        sheets=tuple(
            Separator(name=name, of="", place=str(place), coded=separators.kind_code(place))
            for place, name in ((77, "Tờ khai đăng ký khai sinh"), (78, "Giấy chứng sinh"))
        ),
    )  # fmt: skip
    (tmp_path / "sheets.pdf").write_bytes(render_sheet(made))
    command = ["pdftoppm", "-r", "200", "-gray", str(tmp_path / "sheets.pdf"), str(tmp_path / "sheet")]
    subprocess.run(command, check=True)
    stack = []
    for path, turn in zip(sorted(tmp_path.glob("sheet-*.pgm")), (1.4, 179.0), strict=True):
        poor = Image.open(path).rotate(turn, fillcolor=225).filter(ImageFilter.GaussianBlur(0.8))
        poor = ImageChops.add(poor, Image.effect_noise(poor.size, 40), scale=1, offset=-128)
        buffer = io.BytesIO()
        poor.save(buffer, "JPEG", quality=55)
        stack += [buffer.getvalue(), page(f"Giấy {turn}")]
    scanner.pages = stack
    scans.scan(resolution=200)
    job = scans.work()
    assert job.file is not None and files.page_codes(file_id=job.file.pk) == [
        ["MC1:K:77"],
        [],
        ["MC1:K:78"],
        [],
    ]


def test_one_side_in_colour(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page("A")]
    scans.scan(duplex=False, colour=True, resolution=200)
    assert scans.work().state == JobState.DONE
    assert (scanner.asked[0]["Duplex"], scanner.asked[0]["ColorMode"]) == ("false", "RGB24")


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("empty", "no_pages"),
        ("jam", "jam"),
        ("ScannerAdfHatchOpen", "scanner_cover"),
        ("ScannerAdfMultipickDetected", "double_feed"),
        ("aborted", "scanner"),
        ("rubbish", "scanner"),
        ("gone", "no_scanner"),
    ],
)
def test_a_scanner_that_cannot_is_told(scans: Desk, scanner: Scanner, fault: str, word: str) -> None:
    scanner.pages = {"empty": [], "rubbish": [page("A"), b"%!PS"]}.get(fault, [page("A"), page("B")])
    scanner.jams_at = 1 if fault == "jam" or fault.startswith("Scanner") else None
    scanner.stops_as = fault if fault.startswith("Scanner") else "ScannerAdfJam"
    scanner.aborts_at = 1 if fault == "aborted" else None
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
    assert scanners.ability(desk.config).told() == {
        "resolutions": [200, 300, 400, 600],
        "duplex": True,
        "colour": True,
        "feeder": True,
        "glass": True,
    }
    desk.scan()
    assert desk.work().problem == "no_pages"
    for number in (1, 2):
        (feeder / f"{number}.jpg").write_bytes(page(str(number)))
    desk.scan(duplex=True)
    job = desk.work()
    assert job.state == JobState.DONE and job.file is not None and job.file.pages == 2
    asked = (feeder / "asked.txt").read_text().splitlines()
    assert asked[asked.index("--source") + 1] == "ADF Duplex" and asked[asked.index("-y") + 1] == "297"
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


def test_a_resolution_the_scanner_has_not_becomes_the_next_finer(scans: Desk, scanner: Scanner) -> None:
    scanner.pages = [page("A")]
    scans.scan(resolution=400)
    job = scans.work()
    assert scanner.asked[0]["XResolution"] == "600" and job.file is not None
    with transaction.atomic():
        (sheet,) = pypdf.PdfReader(stored_files.open_content(job.file)).pages
    assert round(float(sheet.mediabox.width)) == round(874 * 72 / 600), "and the page has its true size"


def test_from_the_glass(scans: Desk, scanner: Scanner) -> None:
    scanner.glass = page("Thẻ căn cước")
    scans.scan(glass=True)
    job = scans.work()
    assert job.file is not None and job.file.pages == 1 and scanner.asked[0]["InputSource"] == "Platen"


def test_pages_are_counted_and_a_scan_is_called_off(
    scans: Desk, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(work._HOLD, "scan", 0.1)
    scanner.pages, scanner.pause = [page("A")] * 30, 0.2
    asked, an = scans.scan(), scans.hall.officers["an"]
    runs = threading.Thread(target=scans.work, daemon=True)
    runs.start()
    end = time.monotonic() + 20
    while (
        "trang" not in (how := station_queries.standing(asked, timezone.now())).words
        and time.monotonic() < end
    ):
        time.sleep(0.1)
        asked.refresh_from_db()
    assert how.may_withdraw and "được" in how.words
    stations.withdraw(job_id=asked.pk, actor=an, at=timezone.now(), key=uuid4().hex)
    runs.join(10)
    asked.refresh_from_db()
    assert not runs.is_alive() and len(scanner.pages) > 20, "the scanner stopped within a page or two"
    assert (asked.problem, asked.file) == ("withdrawn", None) and scanner.left, "and was told to let go"
    assert list((scans.config.folder / "scans").iterdir()) == []


# ── Starting


def test_a_second_program_does_not_start(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "station.toml"
    path.write_text(
        f'server = "https://127.0.0.1:1"\nprinter = "tcp://127.0.0.1:1"\nfolder = "{tmp_path / "data"}"\n'
    )
    station_config.token(tmp_path / "data")
    with station_config.alone(tmp_path / "data"):
        assert main.main(["--config", str(path)]) == 2
    assert "đang chạy rồi" in capsys.readouterr().err


def test_a_station_that_was_taken_away_pairs_anew(site: tuple[Web, HallWorld], prints: Desk) -> None:
    old = prints.server.token
    devices.revoke(device_id=prints.device.pk, actor=SYSTEM, at=timezone.now(), key="")
    runs = threading.Thread(target=main.run, args=(prints.config, prints.server, prints.stop), daemon=True)
    runs.start()
    end = time.monotonic() + 10
    while not Pairing.objects.exists() and time.monotonic() < end:
        time.sleep(0.05)
    letters = Pairing.objects.get().code
    made = devices.pair(
        hall_id=prints.hall.hall.pk, kind="station", name="Trạm", code=letters, counter_id=prints.hall.counters[0].pk,
        actor=SYSTEM, at=timezone.now(), key="",
    )  # fmt: skip
    assert made.pk != prints.device.pk and station_config.token(prints.config.folder) != old
    prints.stop.set()
    runs.join(5)


@pytest.mark.parametrize("cut", ["at the printer", "before the server hears"])
def test_a_killed_program_neither_prints_twice_nor_forgets(prints: Desk, printer: Printer, cut: str) -> None:
    """SIGKILL while the paper moves: asked. SIGKILL after it came out: told once it runs again. Never a second paper."""
    if cut == "at the printer":
        printer.paper_for = 100  # it stands still, so the program waits for it
    else:
        prints.site.refused.add("/done")
    path = prints.config.folder.parent / "station.toml"
    path.write_text(
        f'server = "{prints.site.public}"\nprinter = "{printer.address}"\nfolder = "{prints.config.folder}"\n'
    )
    ticket = prints.ticket()
    with program(path) as first:
        end = time.monotonic() + 20
        journal = prints.config.folder / "journal.jsonl"
        wanted = '"begun"' if cut == "at the printer" else '"out"'
        while not (journal.exists() and wanted in journal.read_text()) and time.monotonic() < end:
            time.sleep(0.02)
        while cut == "at the printer" and not printer.torn and time.monotonic() < end:
            time.sleep(0.02)
        first.kill()
    printer.mended.set()
    with printer.cut:
        assert printer.cut.wait_for(lambda: len(printer.slips) == 1, 5)
    assert not real(ticket)
    prints.site.refused.clear()
    prints.lease_ends()
    with program(path, "--once") as second:
        assert second.wait(20) == 0
    job = StationJob.objects.get()
    assert job.state == (JobState.UNSURE if cut == "at the printer" else JobState.DONE)
    assert len(printer.slips) == 1 and real(ticket) == (job.state == JobState.DONE)


def test_its_log_names_nobody(prints: Desk, printer: Printer) -> None:
    path = prints.config.folder.parent / "station.toml"
    path.write_text(
        f'server = "{prints.site.public}"\nprinter = "{printer.address}"\nfolder = "{prints.config.folder}"\n'
    )
    ticket = prints.ticket()
    with program(path, "--once") as once:
        said, _none = once.communicate(timeout=20)
    assert "Đã in." in said and real(ticket)
    row = Ticket.objects.get(pk=ticket.pk)
    for secret in (row.token, prints.server.token, str(row.pk), row.label):
        assert secret not in said


# ── Looking whether all is well


def looks(desk: Desk) -> dict[bool | None, str]:
    """Run the check; return its words by how good they are."""
    found: dict[bool | None, str] = {True: "", False: "", None: ""}
    for one in check.everything(desk.config, desk.server):
        found[one.good] += f"{one.words}\n"
    return found


def test_the_check_finds_all_well(
    site: tuple[Web, HallWorld], hall: HallWorld, printer: Printer, scanner: Scanner, tmp_path: Path
) -> None:
    desk = Desk(site[0], hall, tmp_path / "station", printer=printer.address, scanner=scanner.address)
    found = looks(desk)
    assert not found[False] and "Đã ghép: Trạm" in found[True] and "còn giấy" in found[True]
    assert "200, 300, 600 dpi" in found[True] and "hai mặt" in found[True]
    assert not StationJob.objects.exists() and not printer.slips


def test_the_check_says_what_is_wrong(
    prints: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer.paper = False
    assert "hết giấy" in looks(prints)[False]
    printer.paper, printer.answers = True, False
    assert "không trả lời câu hỏi" in looks(prints)[None]
    away = settings(
        prints.site, prints.config.folder, printer="tcp://127.0.0.1:1", scanner="http://127.0.0.1:1/eSCL"
    )
    prints.config = away
    said = looks(prints)[False]
    assert "Máy in: Không nối được" in said and "Máy quét: Không nối được" in said and "FEED" in said
    late = SimpleNamespace(time=lambda: time.time() - 3600)
    monkeypatch.setattr("motcua_station.server.time", late)
    assert "chậm 60 phút" in looks(prints)[False]
    monkeypatch.undo()
    (prints.config.folder / "token").chmod(0o644)
    assert "chmod 600" in looks(prints)[False]
    devices.revoke(device_id=prints.device.pk, actor=SYSTEM, at=timezone.now(), key="")
    assert "đã bị gỡ" in looks(prints)[False]
    prints.server.address = "https://khong-co-may-chu.invalid"
    assert "không tìm thấy tên máy chủ" in looks(prints)[False]
    prints.server.address = f"https://127.0.0.1:{prints.site.port}"
    assert "không nói HTTPS" in looks(prints)[False]


def test_the_check_knows_a_station_that_waits_to_be_paired(
    site: tuple[Web, HallWorld], hall: HallWorld, printer: Printer, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "station.toml"
    path.write_text(f'server = "{site[0].public}"\nprinter = "{printer.address}"\n')
    assert main.main(["--config", str(path), "--check"]) == 1
    said = capsys.readouterr().out
    assert f"Nhập mã {Pairing.objects.get().code}" in said and "1 chỗ cần sửa" in said


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
