"""`motcua-station --check`: looks at everything the station needs and says, for people, what is wrong and what to do.

Prints no page, scans none, takes no job. Each finding is a line; the exit is 0 only when all is well.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from motcua_station import ipp, printers, receipt, scanners
from motcua_station.config import Config
from motcua_station.journal import Journal
from motcua_station.server import NotPaired, Offline, Refused, Revoked, Server
from motcua_station.trouble import Trouble

_SLOW_CLOCK = 120.0  # seconds; certificates are judged by it, and people read the log
_ROOM = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `good` None: well enough, but worth a look."""

    good: bool | None
    words: str

    def __str__(self) -> str:
        mark = {True: "ĐƯỢC  ", False: "HỎNG  ", None: "CHÚ Ý "}[self.good]
        return f"{mark} {self.words}"


def everything(config: Config, server: Server) -> Iterator[Finding]:
    """Look at the folder, the network, the clock, the pairing, the printer, the scanner, in this order."""
    yield _folder(config)
    try:
        off = server.clock()
    except Offline as fault:
        yield Finding(False, f"{fault}")
    else:
        yield Finding(True, f"Nối được máy chủ {config.server}.")
        yield _clock(off)
        yield _pairing(server)
    if config.printer:
        yield _printer(config.printer)
    if config.scanner:
        yield _scanner(config)


def _folder(config: Config) -> Finding:
    try:
        Journal(config.folder / "journal.jsonl")
        free = shutil.disk_usage(config.folder).free
        token = config.folder / "token"
        open_to_others = os.name == "posix" and token.stat().st_mode & 0o077
    except OSError as fault:
        return Finding(
            False,
            f"Không ghi được thư mục {config.folder}: {fault.strerror}. Cấp quyền cho tài khoản chạy trạm.",
        )
    if open_to_others:
        return Finding(False, f"Người khác đọc được mã của trạm: chạy chmod 600 {token}.")
    if free < _ROOM:
        return Finding(False, f"Đĩa chỉ còn {free // 1024 // 1024} MB. Dọn đĩa để giữ được bản quét.")
    return Finding(True, f"Thư mục của trạm: {config.folder}.")


def _clock(off: float | None) -> Finding:
    if off is None:
        return Finding(None, "Máy chủ không cho biết giờ; tự xem đồng hồ của máy này.")
    if abs(off) > _SLOW_CLOCK:
        way = "nhanh" if off > 0 else "chậm"
        return Finding(
            False,
            f"Đồng hồ của máy này {way} {round(abs(off) / 60)} phút. Bật tự chỉnh giờ (timedatectl set-ntp true).",
        )
    return Finding(True, "Đồng hồ của máy đúng.")


def _pairing(server: Server) -> Finding:
    try:
        said = server.pair()
    except Revoked:
        return Finding(
            False,
            "Trạm đã bị gỡ khỏi sảnh. Chạy trạm để lấy mã ghép mới, rồi nhập mã ở trang Thiết bị của sảnh.",
        )
    except (Offline, NotPaired, Refused) as fault:
        return Finding(False, f"Không hỏi được việc ghép trạm: {fault}")
    if said.get("paired"):
        place = ", ".join(str(said[name]) for name in ("name", "place", "counter") if said.get(name))
        return Finding(True, f"Đã ghép: {place}.")
    return Finding(
        False,
        f"Chưa ghép. Nhập mã {said.get('letters')} ở trang Thiết bị của sảnh, loại “Trạm in và quét ở quầy”.",
    )


def _printer(printer: str) -> Finding:
    try:
        if printer.startswith("tcp://"):
            return _receipt(printer)
        if printer.startswith("file:"):
            path = printers.file_of(printer)
            if not path.exists():
                raise Trouble("no_printer", f"Không có {path}. Xem máy in đã bật và cắm dây USB chưa.")
            if not os.access(path, os.W_OK):
                raise Trouble(
                    "no_printer", f"Không được ghi vào {path}. Cho tài khoản chạy trạm vào nhóm lp."
                )
            return Finding(None, f"Máy in {path}: có, nhưng nối kiểu này máy in không báo hết giấy.")
        queue = printers.queue_of(printer)
        said = printers.look(queue)
        name = " ".join(said.words("printer-make-and-model")) or queue.uri
        return Finding(True, f"Máy in {printer}: {name}.")
    except Trouble as trouble:
        return Finding(False, f"Máy in: {trouble}{_hint(printer)}")
    except (ipp.NoAnswer, ipp.Says) as fault:
        return Finding(False, f"Máy in {printer}: {fault}")


def _receipt(printer: str) -> Finding:
    host, port = printers.where(printer)
    with receipt.connect(host, port) as line:
        try:
            now = receipt.condition(line)
        except OSError as fault:
            raise Trouble("no_printer", f"Máy in đóng kết nối: {fault}.") from fault
    if now.problem:
        raise Trouble(now.problem, now.words)
    if not now.answers:
        return Finding(
            None, f"Máy in {printer}: nối được, nhưng không trả lời câu hỏi: hết giấy thì trạm không biết."
        )
    if now.near_end:
        return Finding(None, f"Máy in {printer}: giấy sắp hết.")
    return Finding(True, f"Máy in {printer}: sẵn sàng, còn giấy.")


def _hint(printer: str) -> str:
    if printer.startswith("cups"):
        return " Tên máy in xem bằng lệnh lpstat -v."
    return (
        " Địa chỉ máy in xem trên phiếu tự kiểm tra (giữ nút FEED khi bật máy)."
        if printer.startswith("tcp")
        else ""
    )


def _scanner(config: Config) -> Finding:
    try:
        has = scanners.ability(config)
    except Trouble as trouble:
        hint = " Tên máy quét xem bằng lệnh scanimage -L." if config.scanner.startswith("sane:") else ""
        return Finding(False, f"Máy quét: {trouble}{hint}")
    parts = [f"{', '.join(map(str, has.resolutions))} dpi"]
    named = ((has.feeder, "khay nạp"), (has.glass, "mặt kính"), (has.duplex, "hai mặt"), (has.colour, "màu"))
    parts += [words for there, words in named if there]
    return Finding(True, f"Máy quét {config.scanner}: {'; '.join(parts)}.")
