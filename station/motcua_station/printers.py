"""The printer of the settings, whatever way leads to it: TCP, a USB device file, CUPS, IPP."""

import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

from motcua_station import ipp, receipt
from motcua_station.trouble import Trouble

WAYS = ("tcp://", "file:", "cups:", "cups-raw:", "ipp://")
_DOTS_A_MM = 8
_PAUSE = 0.3
_NOT_FOUND = 0x0406
_FAR = "not exist or is unavailable"  # CUPS's backend, while it tries to reach the printer
_RAW, _PNG = "application/vnd.cups-raw", "image/png"
_WIDEST_ROLL = 120  # mm: what takes no wider paper is a receipt or label printer
#: What IPP calls what keeps a printer from printing; a suffix (-error, -warning, -report) may follow.
_REASONS = {
    "media-empty": ("no_paper", "Máy in hết giấy."), "media-needed": ("no_paper", "Máy in hết giấy."),
    "cover-open": ("cover_open", "Nắp máy in đang mở."), "door-open": ("cover_open", "Cửa máy in đang mở."),
    "interlock-open": ("cover_open", "Nắp máy in đang mở."), "media-jam": ("printer_jam", "Máy in kẹt giấy."),
    "offline": ("no_printer", "CUPS không thấy máy in (đã tắt, hoặc rút dây)."),
    "connecting-to-device": ("no_printer", "CUPS đang chờ máy in trả lời."),
}  # fmt: skip


def wants_picture(printer: str) -> bool:
    """Tell whether the printer takes a picture (a driver) instead of commands."""
    return printer.startswith(("cups:", "ipp://"))


def send(printer: str, content: bytes, *, wait: float) -> None:
    """Print. Raises `Trouble` where no paper came out, or (`unsure`) where nobody can know."""
    if printer.startswith("tcp://"):
        host, port = where(printer)
        receipt.send(host, port, content, wait=wait)
    elif printer.startswith("file:"):
        _by_file(file_of(printer), content)
    else:
        _by_ipp(queue_of(printer), content, wait)


def where(printer: str) -> tuple[str, int]:
    """Return host and port of tcp://host[:9100]."""
    parts = urlsplit(printer)
    return parts.hostname or "", parts.port or 9100


def file_of(printer: str) -> Path:
    """Return the device file of file:///dev/usb/lp0."""
    return Path(printer.removeprefix("file://").removeprefix("file:"))


def queue_of(printer: str) -> ipp.Queue:
    """Return the queue of cups:NAME, cups-raw:NAME or ipp://host/path."""
    if printer.startswith("ipp://"):
        return ipp.Queue.of_address(printer)
    return ipp.Queue.of_cups(printer.split(":", 1)[1])


def _by_file(path: Path, content: bytes) -> None:
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise Trouble("no_printer", f"Không mở được máy in {path}: {error.strerror}.") from error
    try:
        with file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) or 0 :]
    except OSError as error:
        raise Trouble("printer", f"Máy in {path} dừng giữa chừng: {error.strerror}.", unsure=True) from error


def look(queue: ipp.Queue) -> ipp.Answer:
    """Ask CUPS how a printer is. Raises `Trouble` where nothing can be printed now."""
    try:
        said = ipp.printer(queue)
    except ipp.NoAnswer as error:
        raise Trouble("no_printer", f"CUPS không trả lời ({error}).") from error
    except ipp.Says as error:
        if error.status == _NOT_FOUND:
            raise Trouble("no_printer", f"CUPS không có máy in {queue.uri.rsplit('/', 1)[-1]}.") from error
        raise Trouble("no_printer", f"CUPS từ chối: {error}.") from error
    if found := _reason(said.words("printer-state-reasons"), warnings=False):
        raise Trouble(*found)
    if said.number("printer-state") == ipp.PRINTER_STOPPED:
        message = " ".join(said.words("printer-state-message"))
        raise Trouble("printer_paused", f"Máy in đang tạm dừng trong CUPS. {message}".strip())
    return said


def _reason(reasons: list[str], *, warnings: bool) -> tuple[str, str] | None:
    for reason in reasons:
        if reason.endswith("-warning") and not warnings:
            continue
        for known, meaning in _REASONS.items():
            if reason.startswith(known):
                return meaning
    return None


def _by_ipp(queue: ipp.Queue, content: bytes, wait: float) -> None:
    """Hand it over and wait for the word that it is out; what was not begun in time is taken back."""
    said = look(queue)
    mime = _PNG if content.startswith(b"\x89PNG") else _RAW
    try:
        job = ipp.print_job(queue, content, mime, _on_paper(content, said) if mime == _PNG else [])
    except ipp.Says as error:
        raise Trouble("no_printer", f"CUPS không nhận: {error}.") from error
    except ipp.NoAnswer as error:  # it may have come there
        raise Trouble("printer", f"CUPS không trả lời khi nhận lệnh in ({error}).", unsure=True) from error
    end, state = time.monotonic() + wait, ipp.PENDING
    while time.monotonic() < end:
        try:
            state = ipp.job_state(queue, job)
        except (ipp.NoAnswer, ipp.Says):
            state = 0
        if state == ipp.COMPLETED:
            return
        if state in {ipp.STOPPED, ipp.CANCELED, ipp.ABORTED}:
            break
        time.sleep(_PAUSE)
    raise _ended(queue, job, state)


def _ended(queue: ipp.Queue, job: int, state: int) -> Trouble:
    """Say why a print is not out. Certain is only what never began: in the queue still, or the printer not reached."""
    try:
        said = ipp.printer(queue)
    except (ipp.NoAnswer, ipp.Says):
        said = ipp.Answer()
    found = _reason(said.words("printer-state-reasons"), warnings=True)
    far = found == _REASONS["connecting-to-device"]
    if found is None and any(_FAR in one for one in said.words("printer-state-message")):
        found, far = _REASONS["offline"], True
    if state not in {ipp.CANCELED, ipp.ABORTED}:
        try:
            ipp.cancel(queue, job)
        except (ipp.NoAnswer, ipp.Says):
            state = 0
    if state in {ipp.PENDING, ipp.HELD} or (state == ipp.PROCESSING and far):
        problem, words = found or (
            "printer_paused",
            "CUPS chưa đưa lệnh ra máy in trong thời gian chờ; đã rút lệnh.",
        )
        return Trouble(problem, words)
    problem, words = found or ("printer", "Máy in không báo đã in xong.")
    if state in {ipp.STOPPED, ipp.ABORTED}:
        words = f"CUPS bỏ lệnh in. {words}"
    return Trouble(problem, words, unsure=True)


def _on_paper(content: bytes, said: ipp.Answer) -> ipp.Given:
    """On a roll a page as long as the slip; on other paper the slip at its own size, not blown up to the sheet."""
    across, down = (dots / _DOTS_A_MM for dots in struct.unpack_from(">II", content, 16))
    if _is_roll(said):
        size = f"{across:g}x{down:g}mm"
        return [ipp.keyword("media", f"custom_motcua-{size}_{size}"), ipp.keyword("print-scaling", "fit")]
    return [ipp.integer("ppi", 203), ipp.keyword("print-scaling", "none")]


def _is_roll(said: ipp.Answer) -> bool:
    for name in said.words("media-default"):
        size = name.rsplit("_", 1)[-1]  # na_letter_8.5x11in, om_roll_72x200mm
        number = size.removesuffix("mm").removesuffix("in").split("x", 1)[0]
        try:
            return float(number) * (25.4 if size.endswith("in") else 1) <= _WIDEST_ROLL
        except ValueError:
            continue
    return False
