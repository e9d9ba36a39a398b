"""The station with a real CUPS and a real SANE; what comes out is read by programs that know nothing of ours."""

import io
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from motcua_station import check, ipp, printers, scanners
from motcua_station.config import Config
from motcua_station.doubles.printer import Printer
from motcua_station.doubles.scanner import Scanner
from motcua_station.sane import Sane
from motcua_station.scanning import Follow, Way
from motcua_station.trouble import Trouble
from PIL import Image

from motcua.base.printing import thermal
from motcua.counters import printing
from tests.station.peers import Cups, cups, needs_airscan, needs_cups, needs_sane, sane

CODE = "H24.123.456-261129-0007"
_MM = 25.4 / 72


@pytest.fixture(scope="module")
def spooler() -> Iterator[Cups]:
    with tempfile.TemporaryDirectory(prefix="motcua-cups-") as root, cups(Path(root)) as made:
        Path(root).chmod(0o755)
        yield made


@pytest.fixture
def to_cups(spooler: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    monkeypatch.setenv("CUPS_SERVER", spooler.socket)
    return spooler


def label() -> Image.Image:
    return printing.draw_label(
        code=CODE, office="UBND phường Đông Hải", due_at=None, procedure="Đăng ký khai sinh"
    )


def drawn(pdf: Path, folder: Path) -> Image.Image:
    """Draw the page that came out, at the printer's 203 dots an inch."""
    subprocess.run(
        ["pdftoppm", "-r", "203", "-png", "-singlefile", str(pdf), str(folder / "page")], check=True
    )
    return Image.open(folder / "page.png").convert("L")


def codes(picture: Image.Image, path: Path) -> set[str]:
    """Read the codes by two readers that know nothing of each other."""
    picture.save(path)
    by_zbar = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(path)], capture_output=True, text=True, check=False
    )
    found = [one.text for one in zxingcpp.read_barcodes(picture)]
    assert len(found) == 2 and set(found) == set(by_zbar.stdout.split()), "QR and Code 128, both read alike"
    return set(found)


@needs_cups
def test_a_label_on_a_roll_through_cups(to_cups: Cups, tmp_path: Path) -> None:
    """The page is as wide as the roll and as long as the slip: nothing is shrunk to the driver's usual length."""
    out, picture = to_cups.roll("roll"), label()
    printers.send("cups:roll", thermal.png(picture), wait=20)
    (page,) = pypdf.PdfReader(out).pages
    assert abs(float(page.mediabox.width) * _MM - 72) < 0.6
    assert abs(float(page.mediabox.height) * _MM - picture.height / 8) < 0.6
    assert codes(drawn(out, tmp_path), tmp_path / "codes.png") == {CODE}


@needs_cups
def test_a_label_on_an_office_printer_keeps_its_size(to_cups: Cups, tmp_path: Path) -> None:
    out = to_cups.office("a4")
    printers.send("cups:a4", thermal.png(label()), wait=20)
    sheet = drawn(out, tmp_path)
    assert codes(sheet, tmp_path / "codes.png") == {CODE}
    ink = sheet.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None and sheet.width > 1600
    assert (ink[2] - ink[0]) / 8 < 74, "72 mm on a sheet of 210 mm"


@needs_cups
def test_commands_through_a_raw_queue(to_cups: Cups) -> None:
    """A USB receipt printer that CUPS knows without a driver: ESC/POS goes through byte by byte."""
    printer, picture = Printer(), label()
    threading.Thread(target=printer.serve_forever, args=(0.05,), daemon=True).start()
    to_cups.queue("raw", f"socket://127.0.0.1:{printer.server_address[1]}/?waiteof=false")
    printers.send("cups-raw:raw", thermal.escpos(picture), wait=20)
    with printer.cut:
        assert printer.cut.wait_for(lambda: len(printer.slips) == 1, 5)
    assert Image.open(io.BytesIO(printer.slips[0])).convert("1").tobytes() == picture.tobytes()
    printer.shutdown()


@needs_cups
def test_what_cups_gives_up_is_no_print(to_cups: Cups) -> None:
    """A job that CUPS aborts leaves the queue as a printed one does; only its state tells them apart."""
    to_cups.roll("gives_up")
    with pytest.raises(Trouble, match="CUPS bỏ lệnh in") as caught:
        printers.send("cups:gives_up", thermal.png(label())[:400], wait=20)
    assert (caught.value.problem, caught.value.unsure) == ("printer", True)


@needs_cups
def test_a_printer_that_is_off_or_paused_prints_nothing_later(to_cups: Cups) -> None:
    printer = Printer()  # bound, but nobody answers; then gone
    port = printer.server_address[1]
    printer.server_close()
    to_cups.queue("off", f"socket://127.0.0.1:{port}")
    with pytest.raises(Trouble) as caught:
        printers.send("cups-raw:off", thermal.escpos(label()), wait=3)
    assert (caught.value.problem, caught.value.unsure) == ("no_printer", False)
    back = Printer(port)
    threading.Thread(target=back.serve_forever, args=(0.05,), daemon=True).start()
    time.sleep(1)
    assert not back.slips, "taken back: nothing comes out when it is switched on"
    back.shutdown()
    to_cups.roll("paused")
    to_cups.run("cupsdisable", "-r", "Thay mực", "paused")
    with pytest.raises(Trouble, match="tạm dừng") as caught:
        printers.send("cups:paused", thermal.png(label()), wait=3)
    assert (caught.value.problem, caught.value.unsure) == ("printer_paused", False)
    with pytest.raises(Trouble, match="không có máy in"):
        printers.send("cups:khong_co", thermal.png(label()), wait=3)


def test_no_cups_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none"))
    with pytest.raises(Trouble, match="CUPS không trả lời"):
        printers.send("cups:x", thermal.png(label()), wait=1)
    finding = check._printer("cups:x")
    assert finding.good is False and "lpstat -v" in finding.words


@pytest.mark.parametrize(
    "said", [b"", b"\x02\x00", b"\x02\x00\x00\x00\x00\x00\x00\x01\x04\x21\x00", b"<html>" * 20]
)
def test_what_is_no_ipp_is_refused_or_empty(said: bytes) -> None:
    with suppress(ipp.NoAnswer):
        assert ipp._read(said).number("job-state") == 0


# ── SANE


def wants(going: Any = lambda: True) -> tuple[Follow, list[int]]:
    told: list[int] = []
    return Follow(told.append, going), told


def config(device: str, tmp_path: Path) -> Config:
    return Config(server="", folder=tmp_path, scanner=device, escl_wait=10)


@needs_sane
def test_sanes_own_test_scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANE_CONFIG_DIR", str(sane(tmp_path / "sane", test='test-picture "Grid"')))
    here = config("sane:test:0", tmp_path)
    has = scanners.ability(here)
    assert has.told() == {
        "resolutions": [150, 200, 300, 400, 600], "duplex": False, "colour": True, "feeder": True, "glass": True,
    }  # fmt: skip
    follow, told = wants()
    pages, dots = scanners.scan(here, Way(resolution=150, duplex=True), tmp_path, follow)
    assert len(pages) == 10 and dots == 150 and all(0 < one < 10 for one in told)
    sheet = Image.open(pages[9])
    assert sheet.mode == "L" and sheet.size == (1181, 1181), "all that it has of A4: 200 by 200 mm"
    folder = tmp_path / "glass"
    folder.mkdir()
    (card,), _dots = scanners.scan(here, Way(resolution=300, colour=True, glass=True), folder, wants()[0])
    assert Image.open(card).mode == "RGB"


@needs_sane
@pytest.mark.parametrize(
    ("status", "word"),
    [("JAMMED", "jam"), ("COVER_OPEN", "scanner_cover"), ("NO_DOCS", "no_pages"), ("IO_ERROR", "scanner")],
)
def test_sane_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, word: str
) -> None:
    monkeypatch.setenv(
        "SANE_CONFIG_DIR", str(sane(tmp_path / "sane", test=f'read-status-code "SANE_STATUS_{status}"'))
    )
    with pytest.raises(Trouble) as caught:
        scanners.scan(config("sane:test:0", tmp_path), Way(resolution=150), tmp_path, wants()[0])
    assert caught.value.problem == word


@pytest.mark.parametrize(
    ("said", "pages", "word"),
    [
        ("sane_read: Scanner cover is open", 0, "scanner_cover"),
        ("sane_start: Document feeder jammed", 0, "jam"),
        ("sane_start: Document feeder out of documents", 0, "no_pages"),
        ("sane_start: Document feeder out of documents", 2, ""),
        ("sane_read: Error during device I/O", 0, "scanner"),
    ],
)
def test_a_driver_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, pages: int, word: str
) -> None:
    """Seen with SANE's test driver after a fault, now and then: it neither ends nor hears an interrupt.

    What it said before counts: pages that came are kept, and an empty feeder is told as such.
    """
    here = tmp_path / "scanimage"
    here.write_text(
        "#!/bin/sh\ncase \"$*\" in *all-options*) echo '    --source ADF [ADF]'; exit;; esac\n"
        'for one in "$@"; do case "$one" in --batch=*) to=${one#--batch=}; to=${to%/*};; esac; done\n'
        f"trap '' INT\nfor page in $(seq {pages}); do echo x > \"$to/000$page.jpg\"; done\n"
        f"echo 'scanimage: {said}' >&2\n"
        f"echo 'Batch terminated, {pages} pages scanned' >&2\nsleep 600 & wait\n"
    )
    here.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("motcua_station.sane._LEAVING", 0.5)
    monkeypatch.setattr("motcua_station.sane._CLOSING", 0.5)
    device = Sane("hangs", None, 30)
    if not word:
        found, _ = device.scan(Way(), tmp_path, wants()[0])
        assert len(found) == pages
        return
    with pytest.raises(Trouble) as caught:
        device.scan(Way(), tmp_path, wants()[0])
    assert caught.value.problem == word


@needs_sane
def test_sane_has_no_such_scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANE_CONFIG_DIR", str(sane(tmp_path / "sane")))
    with pytest.raises(Trouble, match="SANE không mở được") as caught:
        scanners.ability(config("sane:fujitsu:fi-7160:1", tmp_path))
    assert caught.value.problem == "no_scanner"


@needs_sane
def test_a_running_sane_scan_is_called_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = "read-delay true\nread-delay-duration 200000"
    monkeypatch.setenv("SANE_CONFIG_DIR", str(sane(tmp_path / "sane", test=slow)))
    begun = time.monotonic()
    follow, _told = wants(lambda: time.monotonic() < begun + 1)
    pages, _dots = scanners.scan(config("sane:test:0", tmp_path), Way(resolution=300), tmp_path, follow)
    assert pages == [] and time.monotonic() - begun < 20
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in listed, "no scanimage is left behind"


@needs_sane
@needs_airscan
def test_sanes_escl_driver_scans_from_our_double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The double is a scanner to a program that is not ours: what it speaks is eSCL."""
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((1654, 2338)).save(buffer, "JPEG")
    double = Scanner([buffer.getvalue()] * 2)
    threading.Thread(target=double.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv(
        "SANE_CONFIG_DIR", str(sane(tmp_path / "sane", airscan=f'"May" = {double.address}, eSCL'))
    )
    here = config("sane:airscan:e0:May", tmp_path)
    has = scanners.ability(here)
    assert has.duplex and has.feeder and has.glass and 200 in has.resolutions
    pages, dots = scanners.scan(here, Way(resolution=200, duplex=True), tmp_path, wants()[0])
    double.shutdown()
    assert (len(pages), dots) == (2, 200) and double.asked[0]["Duplex"] == "true"
    assert Image.open(pages[0]).size[0] in range(1600, 1700)


def test_pages_without_a_scanner_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(Trouble, match="không có SANE"):
        scanners.ability(config("sane:test:0", tmp_path))
