"""Scanners through SANE: the program `scanimage`, whose options are named by the scanner's driver and asked first."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from motcua_station.escl import MOST_PAGES
from motcua_station.scanning import RESOLUTIONS, Ability, Follow, Way
from motcua_station.trouble import Trouble

_A4 = {"x": 210.0, "y": 297.0}  # mm
_LOOKING, _LEAVING, _CLOSING = 30.0, 5.0, 3.0
_LARGEST_WORDS = 200_000
_POLL = 0.3
# What scanimage's exit says: the numbers of SANE_Status.
_BUSY, _JAM, _NO_DOCS, _COVER = 3, 6, 7, 8
_OPTION = re.compile(r"^ {4}(-[xy]|--[\w-]+)(?:\[=\(.*?\)\])? ?(.*?)(?: \[([^\]]*)\])?(?: \[[a-z, -]+\])*$")
#: What drivers call gray and colour.
_GRAYS, _COLOURS = (
    ("gray", "grey", "true gray", "8-bit gray", "grayscale"),
    ("color", "colour", "24bit color", "color pattern"),
)


@dataclass(frozen=True)
class Options:
    """The options of a scanner: name → what it takes, as `scanimage --all-options` says; inactive ones are left out."""

    takes: dict[str, str] = field(default_factory=dict)

    def words(self, name: str) -> list[str]:
        """The words that an option takes."""
        return [one.strip() for one in self.takes.get(name, "").split("|") if one.strip()]

    def highest(self, name: str) -> float | None:
        """The upper end of a range such as 0..215.9mm."""
        found = re.search(r"\.\.([\d.]+)", self.takes.get(name, ""))
        return float(found[1]) if found else None

    def one_of(self, name: str, wanted: tuple[str, ...]) -> str:
        """The first word of an option that is among the wanted, else ""."""
        return next((one for one in self.words(name) if one.lower() in wanted), "")


def read_options(said: str) -> Options:
    """Read what `scanimage --all-options` printed."""
    takes = {}
    for line in said.splitlines():
        found = _OPTION.match(line)
        if found and "[inactive]" not in line:
            takes[found[1].lstrip("-")] = found[2].strip()
    return Options(takes)


class Sane:
    """One device of SANE. `sources`: what it calls its feeder for one side and both, where the guess is wrong.

    `wait`: seconds for a page; a driver that hangs is ended then.
    """

    def __init__(self, device: str, sources: tuple[str, str] | None, wait: float) -> None:
        self.device, self.sources, self.wait = device, sources, wait

    def options(self) -> Options:
        """Ask the device for its options. Raises `Trouble` where it does not open."""
        if shutil.which("scanimage") is None:
            raise Trouble("no_scanner", "Máy này không có SANE (lệnh scanimage).")
        command = ["scanimage", "-d", self.device, "--all-options"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", check=False, timeout=_LOOKING, env=_plain()
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Trouble("no_scanner", f"Máy quét {self.device} không trả lời.") from error
        found = read_options(done.stdout)
        if done.returncode or not found.takes:
            raise Trouble("no_scanner", f"SANE không mở được máy quét: {_last(done.stderr)}")
        return found

    def ability(self) -> Ability:
        """What the device has."""
        found = self.options()
        return Ability(
            resolutions=_resolutions(found), duplex=bool(self._feeding(found, duplex=True)),
            colour=bool(found.one_of("mode", _COLOURS)), feeder=bool(self._feeding(found, duplex=False)),
            glass=bool(_glass(found)),
        )  # fmt: skip

    def scan(self, way: Way, folder: Path, follow: Follow) -> tuple[list[Path], int]:
        """Scan until the feeder is empty, or the glass once; return the pages and their dots an inch."""
        found = self.options()
        feeding = self._feeding(found, duplex=way.duplex) or self._feeding(found, duplex=False)
        glass = _glass(found)
        from_glass = bool(glass) and (way.glass or not feeding)
        command = ["scanimage", "-d", self.device, *(glass if from_glass else feeding)]
        mode = found.one_of("mode", _COLOURS) if way.colour else ""
        if mode := mode or found.one_of("mode", _GRAYS):
            command += ["--mode", mode]
        resolution = Ability(resolutions=_resolutions(found)).nearest(way.resolution)
        if "resolution" in found.takes:
            command += ["--resolution", str(resolution)]
        command += [*_page_size(found), "--format=jpeg", f"--batch={folder}/%04d.jpg"]
        command += [f"--batch-count={1 if from_glass else MOST_PAGES}"]
        code, said = _run(command, folder, follow, self.wait)
        pages = sorted(path for path in folder.glob("*.jpg") if path.stat().st_size)
        return (_judged(code, said, pages) if follow.going() else []), resolution

    def _feeding(self, found: Options, *, duplex: bool) -> list[str]:
        """Return the words that choose the feeder, for one side or both; none where it cannot."""
        sources = found.words("source")
        if self.sources is not None and self.sources[duplex] in sources:
            return ["--source", self.sources[duplex]]
        feeders = [one for one in sources if re.search(r"adf|feeder", one, re.I)]
        both = [one for one in sources if re.search(r"duplex|both", one, re.I)]
        single = [one for one in feeders if one not in both and not re.search(r"back|rear", one, re.I)]
        if not duplex:
            return ["--source", single[0]] if single else _one_side(found, feeders)
        if both:
            return ["--source", both[0]]
        sides = found.one_of("adf-mode", ("duplex",)) or found.one_of("adf_mode", ("duplex",))
        if sides and feeders:
            return ["--source", feeders[0], _name(found), sides]
        return []


def _name(found: Options) -> str:
    return "--adf-mode" if "adf-mode" in found.takes else "--adf_mode"


def _one_side(found: Options, feeders: list[str]) -> list[str]:
    """A scanner that is nothing but a feeder may have no word for it."""
    if feeders:
        return ["--source", feeders[0]]
    return []


def _glass(found: Options) -> list[str]:
    name = found.one_of("source", ("flatbed", "platen", "document table", "normal"))
    return ["--source", name] if name else []


def _resolutions(found: Options) -> tuple[int, ...]:
    """Return which of ours the device has, from 75|150|300dpi or 1..1200dpi; its own where none fits."""
    takes = found.takes.get("resolution", "")
    if span := re.match(r"(\d+)(?:\.\d+)?\.\.(\d+)", takes):
        return tuple(one for one in RESOLUTIONS if int(span[1]) <= one <= int(span[2])) or (int(span[2]),)
    own = tuple(int(one) for one in re.findall(r"\d+", takes))
    return tuple(one for one in own if one in RESOLUTIONS) or own or RESOLUTIONS


def _page_size(found: Options) -> list[str]:
    """A4, or as much of it as the device has: drivers begin with what they like, the test driver with 80 by 100 mm."""
    words: list[str] = []
    for name, full in (("page-width", "x"), ("page-height", "y"), ("x", "x"), ("y", "y")):
        if (most := found.highest(name)) is not None:
            words += [f"--{name}" if len(name) > 1 else f"-{name}", f"{min(most, _A4[full]):g}"]
    return words


def _plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}


def _last(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1][:200] if lines else ""


def _run(command: list[str], folder: Path, follow: Follow, wait: float) -> tuple[int, str]:
    """Run scanimage and count its pages; a scan that is called off is interrupted as by Ctrl+C."""
    with tempfile.TemporaryFile("w+", errors="replace") as words:
        try:
            program = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=words, env=_plain(), start_new_session=True
            )
        except OSError as error:
            raise Trouble("no_scanner", f"Không chạy được scanimage: {error.strerror}.") from error
        told, end = 0, time.monotonic() + wait
        while program.poll() is None:
            if not follow.going() or time.monotonic() > end:
                _end(program)
                break
            whole = len(list(folder.glob("*.jpg"))) - 1  # the last is being written
            if whole > told:
                told, end = whole, time.monotonic() + wait
                follow.pages(told)
            time.sleep(_POLL)
            if _over(words):  # drivers that reported a fault have been seen to hang while they close
                end = min(end, time.monotonic() + _CLOSING)
        words.seek(0)
        return program.returncode, words.read()


def _over(words: IO[str]) -> bool:
    """Tell whether scanimage said that its batch is at its end."""
    at = os.pread(words.fileno(), _LARGEST_WORDS, 0)
    return b"Batch terminated" in at


def _end(program: subprocess.Popen[bytes]) -> None:
    """Interrupt, and where that is not heard end the program with all that it began."""
    program.send_signal(signal.SIGINT)
    try:
        program.wait(_LEAVING)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _judged(code: int, said: str, pages: list[Path]) -> list[Path]:
    words = _last("\n".join(line for line in said.splitlines() if line.startswith("scanimage:")))
    low = said.lower()
    if "out of documents" in low:  # said last, it counts even where the driver hung while it closed
        code = _NO_DOCS
    if code == _JAM or "jammed" in low:
        raise Trouble("jam", "Máy quét kẹt giấy.")
    if code == _COVER or "cover is open" in low:
        raise Trouble("scanner_cover", "Nắp máy quét đang mở.")
    if code == _BUSY:
        raise Trouble("scanner_busy", "Máy quét đang bận việc khác.")
    if pages and code in {0, _NO_DOCS}:
        return pages
    if code in {0, _NO_DOCS}:
        raise Trouble("no_pages", "Khay nạp giấy trống.")
    if code == -signal.SIGKILL or code == -signal.SIGINT:
        raise Trouble("scanner", "Máy quét không đưa ra trang nào trong thời gian chờ.")
    if not pages and ("no SANE devices" in said or "open of device" in said):
        raise Trouble("no_scanner", f"SANE không mở được máy quét: {words}")
    raise Trouble("scanner", f"SANE dừng (mã {code}): {words}")
