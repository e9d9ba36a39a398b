"""The station's file of settings (TOML), and the folder where it keeps its token, journal and unsent scans."""

import os
import secrets
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from motcua_station.printers import WAYS

_KNOWN = {
    "server", "printer", "scanner", "folder", "ca", "allow_plain_http", "sane_sources", "escl_wait", "print_wait",
}  # fmt: skip
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class BadConfig(Exception):
    """A setting is missing or makes no sense; the words say which and what to write."""


@dataclass(frozen=True)
class Config:
    """`printer`: a way of `printers.WAYS`, or "". `scanner`: http(s)://host/eSCL, sane:DEVICE, or "".

    `sane_sources`: what the scanner calls its feeder for one side and for both, where the guess is wrong. Waits are
    seconds.
    """

    server: str
    folder: Path
    printer: str = ""
    scanner: str = ""
    ca: str = ""
    sane_sources: tuple[str, str] | None = None
    escl_wait: float = 90.0
    print_wait: float = 15.0

    @property
    def can(self) -> list[str]:
        """What this station has, as the server is told."""
        return [word for word, what in (("print", self.printer), ("scan", self.scanner)) if what]


def read(path: Path) -> Config:
    """Read the file; refuses unknown names, a server without https (but on this machine), and neither device."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfig(f"Không đọc được tệp cấu hình {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"Tệp cấu hình {path} viết sai: {error}.") from error
    if unknown := sorted(set(found) - _KNOWN):
        raise BadConfig(f"Tệp cấu hình có tên lạ: {', '.join(unknown)}.")
    server = str(found.get("server", "")).rstrip("/")
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadConfig('Ghi địa chỉ máy chủ, ví dụ server = "https://motcua.example.gov.vn".')
    if parts.scheme == "http" and parts.hostname not in _LOCAL and found.get("allow_plain_http") is not True:
        raise BadConfig(
            "Máy chủ phải dùng https; mã của trạm và bản quét không được đi qua mạng ở dạng đọc được."
        )
    printer, scanner = str(found.get("printer", "")), str(found.get("scanner", ""))
    if not printer and not scanner:
        raise BadConfig('Ghi ít nhất một thiết bị: printer = "tcp://…" hoặc scanner = "http://…/eSCL".')
    if printer and not printer.startswith(WAYS):
        raise BadConfig(
            "printer là tcp://địa-chỉ:9100, file:///dev/usb/lp0, cups:TÊN, cups-raw:TÊN hoặc ipp://địa-chỉ/ipp/print."
        )
    if scanner and not scanner.startswith(("http://", "https://", "sane:")):
        raise BadConfig("scanner là http://địa-chỉ/eSCL hoặc sane:TÊN-THIẾT-BỊ.")
    sources = found.get("sane_sources")
    if sources is not None and (not isinstance(sources, list) or len(sources) != 2):
        raise BadConfig('sane_sources cần hai tên: ["một mặt", "hai mặt"].')
    folder = Path(str(found.get("folder") or path.resolve().parent / "data"))
    return Config(
        server=server, folder=folder, printer=printer, scanner=scanner, ca=str(found.get("ca", "")),
        sane_sources=(str(sources[0]), str(sources[1])) if sources else None,
        escl_wait=_seconds(found, "escl_wait", 90), print_wait=_seconds(found, "print_wait", 15),
    )  # fmt: skip


def _seconds(found: dict[str, Any], name: str, usual: float) -> float:
    value = found.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 600:
        raise BadConfig(f"{name} là số giây, từ 1 đến 600.")
    return float(value)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this process: two programs with one journal would not know what the other printed."""
    path = folder / "running"
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise BadConfig(
                "Trạm này đang chạy rồi (dịch vụ motcua-station?). Không mở thêm chương trình thứ hai."
            ) from error
        yield


def _lock(number: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (of that system only)

        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def token(folder: Path, *, fresh: bool = False) -> str:
    """Return this station's secret, made at the first start (or `fresh`); only its own user reads the file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "token"
    if not fresh and path.exists():
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) >= 32:
            return kept
    made = secrets.token_urlsafe(32)
    beside = folder / f"token.{secrets.token_hex(4)}"
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(made + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return made
