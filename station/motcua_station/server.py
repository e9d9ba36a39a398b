"""Talking to the server: JSON over HTTPS, always from here to there."""

import json
import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from motcua_station.scanning import Ability, Way

TIMEOUT = 20.0
UPLOAD_TIMEOUT = 300.0
_USUAL = Way()
_WAY = ("duplex", "resolution", "colour", "glass")
_LARGEST = 8 * 1024 * 1024  # of what is printed


class Offline(Exception):
    """The server was not reached, or is busy: try again later."""


class NotPaired(Exception):
    """The server does not know this station (any more)."""


class Revoked(Exception):
    """The office took this station away: its token opens nothing any more, and pairs no more either."""


class Lost(Exception):
    """The job is no longer ours."""


class Refused(Exception):
    """The server understood and says no; the words are for people."""


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the address in the settings and nowhere else."""

    def redirect_request(self, *_parts: Any, **_named: Any) -> None:
        return None


@dataclass(frozen=True)
class Job:
    """One print or scan, with the lease that lets us speak about it."""

    id: str
    kind: str
    lease: str
    mark: str
    again: bool
    way: Way = _USUAL


class Server:
    """The interface `/tram/…` of one server."""

    def __init__(self, address: str, token: str, *, ca: str = "") -> None:
        self.address, self.token = address, token
        self.opener = build_opener(
            _NoRedirect, HTTPSHandler(context=ssl.create_default_context(cafile=ca or None))
        )

    def pair(self) -> dict[str, Any]:
        """Return {"paired", "letters" or where we stand}."""
        return self._json("pair")

    def clock(self) -> float | None:
        """Return by how many seconds this machine's clock is before the server's (+), or None.

        Raises `Offline` where the server is not reached.
        """
        request = Request(f"{self.address}/tram/pair", method="HEAD")  # noqa: S310
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                date = answer.headers.get("Date")
        except HTTPError as error:  # it is for POST: the head says the time all the same
            date = error.headers.get("Date")
        except (URLError, HTTPException, OSError) as error:
            raise Offline(f"Không nối được máy chủ: {reason(error)}.") from error
        return time.time() - parsedate_to_datetime(date).timestamp() if date else None

    def next(self, can: list[str], scanner: Ability | None = None) -> tuple[Job | None, float]:
        """Return the next job, if there is one, and how long to wait before asking again; say what the scanner has."""
        said = self._json("next", {"can": can} | ({"scanner": scanner.told()} if scanner else {}))
        row = said.get("job")
        if not isinstance(row, dict):
            return None, float(said.get("pause", 1.0))
        job = Job(
            id=str(row["id"]), kind=str(row["kind"]), lease=str(row["lease"]), mark=str(row["mark"]),
            again=bool(row["again"]), way=Way(**{name: row[name] for name in _WAY if name in row}),
        )  # fmt: skip
        return job, 0.0

    def content(self, job: Job, *, png: bool = False) -> bytes:
        """Return what is to be printed."""
        return self._send(
            f"jobs/{job.id}/content" + ("?as=png" if png else ""), b"", {"Motcua-Lease": job.lease}
        )

    def hold(self, job: Job, *, pages: int = 0) -> None:
        """Say that we are still at it, and how many pages there are. `Lost`: nobody wants it any more."""
        self._json(f"jobs/{job.id}/hold", {"pages": pages}, job)

    def done(self, job: Job) -> None:
        """Say that the paper came out."""
        self._json(f"jobs/{job.id}/done", {}, job)

    def failed(self, job: Job, problem: str, *, unsure: bool = False) -> None:
        """Say what went wrong."""
        self._json(f"jobs/{job.id}/failed", {"problem": problem, "unsure": unsure}, job)

    def scanned(self, job: Job, path: Path) -> None:
        """Send the scanned pages."""
        mark = secrets.token_hex(16)
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="ban-quet.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        size = path.stat().st_size + len(head) + len(tail)
        with path.open("rb") as file:
            self._send(
                f"jobs/{job.id}/scanned", _body(head, file, tail),
                {"Motcua-Lease": job.lease, "Content-Type": f"multipart/form-data; boundary={mark}",
                 "Content-Length": str(size)}, timeout=UPLOAD_TIMEOUT,
            )  # fmt: skip

    def _json(self, path: str, body: dict[str, Any] | None = None, job: Job | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Motcua-Lease": job.lease} if job else {})
        answer = self._send(path, json.dumps(body or {}).encode(), headers)
        try:
            said = json.loads(answer)
        except ValueError as error:
            raise Offline("Máy chủ trả lời không đúng dạng.") from error
        if not isinstance(said, dict):
            raise Offline("Máy chủ trả lời không đúng dạng.")
        return said

    def _send(
        self, path: str, body: bytes | Iterator[bytes], headers: dict[str, str], *, timeout: float = TIMEOUT
    ) -> bytes:
        address = f"{self.address}/tram/{path}"
        request = Request(  # noqa: S310  (config.read lets only http and https through)
            address, data=body, method="POST", headers={**headers, "Authorization": f"Bearer {self.token}"}
        )
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return bytes(answer.read(_LARGEST))
        except HTTPError as error:
            raise _meaning(error) from error
        except (URLError, HTTPException, OSError) as error:
            raise Offline(f"Không nối được máy chủ: {reason(error)}.") from error


def reason(error: Exception) -> str:
    """Say why a connection failed, in words that tell what to look at."""
    why = getattr(error, "reason", error)
    if isinstance(why, ssl.SSLCertVerificationError):
        when = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED
        if why.verify_code in when:
            return "chứng thư của máy chủ chưa có hiệu lực hoặc đã hết hạn; xem đồng hồ của máy này có đúng không"
        return f"không tin chứng thư của máy chủ ({why.verify_message}); xem địa chỉ server và ca trong tệp cấu hình"
    if isinstance(why, ssl.SSLError):
        return "máy chủ không nói HTTPS ở địa chỉ này"
    if isinstance(why, socket.gaierror):
        return "không tìm thấy tên máy chủ; xem mạng và địa chỉ server"
    if isinstance(why, ConnectionRefusedError):
        return "máy chủ không nhận kết nối; xem địa chỉ server, hoặc máy chủ đang tắt"
    if isinstance(why, TimeoutError):
        return "máy chủ không trả lời kịp; xem mạng"
    return str(why)


def _body(head: bytes, file: IO[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    while piece := file.read(64 * 1024):
        yield piece
    yield tail


def _meaning(error: HTTPError) -> Exception:
    if error.code == 401:
        return NotPaired()
    if error.code == 410:
        return Revoked()
    if error.code == 409:
        return Lost()
    if error.code in {403, 404, 422}:
        return Refused(_words(error))
    return Offline(f"Máy chủ đang bận hoặc bảo trì (mã {error.code}).")


def _words(error: HTTPError) -> str:
    try:
        said = json.loads(error.read(100_000))
        return str(said["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"Máy chủ từ chối (mã {error.code})."
