"""Scanners: by eSCL (AirScan, HTTP) or by SANE's `scanimage`. Pages come as JPEG files, in the order of the feeder."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from motcua_station.config import Config
from motcua_station.server import Job
from motcua_station.trouble import Trouble

MOST_PAGES = 200
_TIMEOUT = 60.0
_BUSY_PAUSE = 1.0
_LARGEST_PAGE = 40 * 1024 * 1024
_A4 = (2480, 3508)  # in 300ths of an inch
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" \
xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{width}</pwg:Width>\
<pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt><scan:XResolution>{resolution}</scan:XResolution>\
<scan:YResolution>{resolution}</scan:YResolution><scan:ColorMode>{mode}</scan:ColorMode>\
<scan:Duplex>{duplex}</scan:Duplex>
</scan:ScanSettings>"""

Said = Callable[[int], None]


def scan(config: Config, job: Job, folder: Path, said: Said) -> list[Path]:
    """Scan until the feeder is empty; `said` hears after each page how many there are. Raises `Trouble`."""
    if config.scanner.startswith("sane:"):
        return _sane(config, job, folder)
    return _Escl(config.scanner, config.escl_wait).scan(job, folder, said)


class _Escl:
    """One scanner that speaks eSCL."""

    def __init__(self, address: str, wait: float) -> None:
        self.address, self.wait = address.rstrip("/"), wait
        self.opener = build_opener()

    def scan(self, job: Job, folder: Path, said: Said) -> list[Path]:
        capabilities = self._get("ScannerCapabilities").decode(errors="replace")
        feeder = bool(re.search(r"<(?:\w+:)?Adf>", capabilities))
        duplex = job.duplex and bool(re.search(r"<(?:\w+:)?AdfDuplexInputCaps", capabilities))
        if feeder:
            self._look_into_the_feeder()
        address = self._begin(job, feeder=feeder, duplex=duplex and feeder)
        pages: list[Path] = []
        try:
            while len(pages) < MOST_PAGES:
                page = self._page(address)
                if page is None:
                    break
                path = folder / f"{len(pages) + 1:04d}.jpg"
                path.write_bytes(page)
                pages.append(path)
                said(len(pages))
                if not feeder:
                    break
        finally:
            self._leave(address)
        if feeder and self._adf() == "ScannerAdfJam":
            raise Trouble("jam", "Máy quét kẹt giấy.")
        if not pages:
            raise Trouble("no_pages", "Máy quét không đưa ra trang nào.")
        return pages

    def _adf(self) -> str:
        try:
            status = self._get("ScannerStatus").decode(errors="replace")
        except Trouble:
            return ""
        found = re.search(r"<(?:\w+:)?AdfState>\s*(\w+)", status)
        return found[1] if found else ""

    def _look_into_the_feeder(self) -> None:
        state = self._adf()
        if state == "ScannerAdfEmpty":
            raise Trouble("no_pages", "Khay nạp giấy trống.")
        if state in {"ScannerAdfJam", "ScannerAdfMispick"}:
            raise Trouble("jam", "Máy quét kẹt giấy.")

    def _begin(self, job: Job, *, feeder: bool, duplex: bool) -> str:
        body = _SETTINGS.format(
            width=_A4[0], height=_A4[1], source="Feeder" if feeder else "Platen", resolution=job.resolution,
            mode="RGB24" if job.colour else "Grayscale8", duplex=str(duplex).lower(),
        ).encode()  # fmt: skip
        end = time.monotonic() + self.wait
        while True:
            try:
                with self._open("ScanJobs", body) as answer:
                    where = urlsplit(answer.headers.get("Location", "")).path
                if not where:
                    raise Trouble("scanner", "Máy quét không cho biết việc quét ở đâu.")
                base = urlsplit(self.address)
                return f"{base.scheme}://{base.netloc}{where.rstrip('/')}"  # of the same machine, whatever it says
            except HTTPError as error:
                if error.code not in {409, 503} or time.monotonic() > end:
                    raise Trouble("scanner", f"Máy quét từ chối (mã {error.code}).") from error
                time.sleep(_BUSY_PAUSE)
            except (URLError, HTTPException, OSError) as error:
                raise Trouble("no_scanner", f"Không nối được máy quét: {error}.") from error

    def _page(self, address: str) -> bytes | None:
        """Return the next page, None when the feeder is empty."""
        end = time.monotonic() + self.wait
        while True:
            try:
                with self._open(f"{address}/NextDocument") as answer:
                    page = bytes(answer.read(_LARGEST_PAGE + 1))
                if not page.startswith(b"\xff\xd8") or len(page) > _LARGEST_PAGE:
                    raise Trouble("scanner", "Máy quét đưa ra một trang không phải ảnh JPEG, hoặc quá lớn.")
                return page
            except HTTPError as error:
                if error.code in {404, 410}:
                    return None
                if error.code != 503 or time.monotonic() > end:
                    raise Trouble("scanner", f"Máy quét dừng giữa chừng (mã {error.code}).") from error
                time.sleep(_BUSY_PAUSE)
            except (URLError, HTTPException, OSError) as error:
                raise Trouble("no_scanner", f"Mất kết nối với máy quét: {error}.") from error

    def _leave(self, address: str) -> None:
        """Let the scanner forget the job; many answer 404 because it is over."""
        try:
            request = Request(address, method="DELETE")  # noqa: S310  (the address of the settings)
            self.opener.open(request, timeout=5).close()
        except (URLError, HTTPException, OSError):
            pass

    def _get(self, name: str) -> bytes:
        try:
            with self._open(name) as answer:
                return bytes(answer.read(1_000_000))
        except (URLError, HTTPException, OSError) as error:
            raise Trouble("no_scanner", f"Không nối được máy quét {self.address}: {error}.") from error

    def _open(self, name: str, body: bytes | None = None) -> Any:
        address = name if name.startswith("http") else f"{self.address}/{name}"
        request = Request(address, data=body, headers={"Content-Type": "text/xml"})  # noqa: S310
        return self.opener.open(request, timeout=_TIMEOUT)


# What scanimage's exit says: the numbers of SANE_Status.
_SANE_JAM, _SANE_NO_DOCS, _SANE_COVER = 6, 7, 8


def _sane(config: Config, job: Job, folder: Path) -> list[Path]:
    if shutil.which("scanimage") is None:
        raise Trouble("no_scanner", "Máy này không có SANE (lệnh scanimage).")
    command = [
        "scanimage", "-d", config.scanner.removeprefix("sane:"), "--source", config.sane_sources[int(job.duplex)],
        "--mode", "Color" if job.colour else "Gray", "--resolution", str(job.resolution), "--format=jpeg",
        f"--batch={folder}/%04d.jpg", f"--batch-count={MOST_PAGES}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    pages = sorted(path for path in folder.glob("*.jpg") if path.stat().st_size)
    words = done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else ""
    if done.returncode == _SANE_JAM or "jam" in words.lower():
        raise Trouble("jam", "Máy quét kẹt giấy.")
    if pages and done.returncode in {0, _SANE_NO_DOCS}:
        return pages
    if done.returncode in {0, _SANE_NO_DOCS}:
        raise Trouble("no_pages", "Khay nạp giấy trống.")
    if not pages and ("no SANE devices" in done.stderr or "open of device" in done.stderr):
        raise Trouble("no_scanner", f"SANE không mở được máy quét: {words}")
    raise Trouble("scanner", f"SANE dừng (mã {done.returncode}): {words}")
