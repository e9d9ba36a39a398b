"""Scanners that speak eSCL (AirScan, Mopria): HTTP and XML. Nothing of a maker's driver is needed."""

import re
import time
import xml.etree.ElementTree as Xml
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from motcua_station.scanning import RESOLUTIONS, Ability, Follow, Way
from motcua_station.trouble import Trouble, why

MOST_PAGES = 200
_TIMEOUT, _QUICK = 60.0, 8.0
_BUSY_PAUSE = 1.0
_LARGEST_PAGE = 40 * 1024 * 1024
_A4 = (2480, 3508)  # in 300ths of an inch
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" \
xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>{version}</pwg:Version><scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{width}</pwg:Width>\
<pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt><scan:XResolution>{resolution}</scan:XResolution>\
<scan:YResolution>{resolution}</scan:YResolution><scan:ColorMode>{mode}</scan:ColorMode>\
<scan:Duplex>{duplex}</scan:Duplex>
</scan:ScanSettings>"""
#: The states of a feeder that stop a scan, in our words.
_FEEDER = {
    "ScannerAdfEmpty": ("no_pages", "Khay nạp giấy trống."), "ScannerAdfJam": ("jam", "Máy quét kẹt giấy."),
    "ScannerAdfMispick": ("jam", "Máy quét không kéo được giấy."),
    "ScannerAdfHatchOpen": ("scanner_cover", "Nắp máy quét đang mở."),
    "ScannerAdfMultipickDetected": ("double_feed", "Máy quét kéo hai tờ một lúc."),
    "ScannerAdfInputTrayFailed": ("jam", "Khay nạp giấy của máy quét bị lỗi."),
    "ScannerAdfInputTrayOverloaded": ("jam", "Khay nạp giấy quá đầy."),
    "ScannerAdfDuplexPageTooShort": ("jam", "Tờ giấy quá ngắn để quét hai mặt."),
    "ScannerAdfDuplexPageTooLong": ("jam", "Tờ giấy quá dài để quét hai mặt."),
}  # fmt: skip


class Escl:
    """One scanner at an address that ends in /eSCL; `wait` seconds for a moving page."""

    def __init__(self, address: str, wait: float) -> None:
        self.address, self.wait = address.rstrip("/"), wait
        self.opener = build_opener()

    def ability(self) -> Ability:
        """What the scanner says that it can do. Raises `Trouble` where nobody answers."""
        return _ability(self._capabilities())

    def scan(self, way: Way, folder: Path, follow: Follow) -> tuple[list[Path], int]:
        """Scan until the feeder is empty, or the glass once; return the pages and their dots an inch."""
        capabilities = self._capabilities()
        feeder = capabilities.find(".//{*}Adf") is not None and not (way.glass and _has_glass(capabilities))
        if feeder:
            self._look_into_the_feeder()
        address = self._begin(way, capabilities, feeder=feeder)
        pages: list[Path] = []
        try:
            while len(pages) < MOST_PAGES and follow.going():
                page = self._page(address, follow)
                if page is None:
                    break
                path = folder / f"{len(pages) + 1:04d}.jpg"
                path.write_bytes(page)
                pages.append(path)
                follow.pages(len(pages))
                if not feeder:
                    break
            if follow.going():
                self._require_whole(address, feeder=feeder, pages=len(pages))
        finally:
            self._leave(address)
        if not pages and follow.going():
            raise Trouble("no_pages", "Máy quét không đưa ra trang nào.")
        return pages, _ability(capabilities).nearest(way.resolution)

    # ── What the scanner says

    def _capabilities(self) -> Xml.Element:
        return self._xml("ScannerCapabilities")

    def _xml(self, name: str) -> Xml.Element:
        try:
            with self._open(name, timeout=_QUICK) as answer:
                return Xml.fromstring(answer.read(1_000_000))  # noqa: S314  (a device of the office; expat limits entities)
        except (URLError, HTTPException, OSError) as error:
            raise Trouble("no_scanner", f"Không nối được máy quét {self.address}: {why(error)}.") from error
        except Xml.ParseError as error:
            raise Trouble("no_scanner", f"Ở {self.address} không phải máy quét eSCL.") from error

    def _status(self) -> Xml.Element | None:
        try:
            return self._xml("ScannerStatus")
        except Trouble:
            return None

    def _look_into_the_feeder(self) -> None:
        status = self._status()
        state = _text(status, "AdfState") if status is not None else ""
        if state in _FEEDER:
            raise Trouble(*_FEEDER[state])

    def _require_whole(self, address: str, *, feeder: bool, pages: int) -> None:
        """Refuse a stack of which pages may be missing: a jam ends the pages just as an empty feeder does."""
        status = self._status()
        if status is None:
            return
        state = _text(status, "AdfState")
        if feeder and state in _FEEDER and (state != "ScannerAdfEmpty" or not pages):
            raise Trouble(*_FEEDER[state])
        name = address.rsplit("/", 1)[-1]
        for job in status.iterfind(".//{*}JobInfo"):
            if name in _text(job, "JobUri") + _text(job, "JobUuid") and _text(job, "JobState") == "Aborted":
                raise Trouble("scanner", "Máy quét bỏ dở việc quét.")

    # ── A job

    def _begin(self, way: Way, capabilities: Xml.Element, *, feeder: bool) -> str:
        caps = _input(capabilities, feeder=feeder)
        able = _ability(capabilities)
        width, height = (
            min(full, int(_text(caps, name) or full))
            for full, name in zip(_A4, ("MaxWidth", "MaxHeight"), strict=True)
        )
        body = _SETTINGS.format(
            version=_text(capabilities, "Version") or "2.6", width=width, height=height,
            source="Feeder" if feeder else "Platen", resolution=able.nearest(way.resolution),
            mode="RGB24" if way.colour and able.colour else "Grayscale8",
            duplex=str(way.duplex and able.duplex and feeder).lower(),
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
                raise Trouble("no_scanner", f"Không nối được máy quét: {why(error)}.") from error

    def _page(self, address: str, follow: Follow) -> bytes | None:
        """Return the next page, None when the feeder is empty or the scan was called off."""
        end = time.monotonic() + self.wait
        while follow.going():
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
                raise Trouble("no_scanner", f"Mất kết nối với máy quét: {why(error)}.") from error
        return None

    def _leave(self, address: str) -> None:
        """Let the scanner forget the job, or stop it; many answer 404 because it is over."""
        try:
            request = Request(address, method="DELETE")  # noqa: S310  (the address of the settings)
            self.opener.open(request, timeout=5).close()
        except (URLError, HTTPException, OSError):
            pass

    def _open(self, name: str, body: bytes | None = None, timeout: float = _TIMEOUT) -> Any:
        address = name if name.startswith("http") else f"{self.address}/{name}"
        request = Request(address, data=body, headers={"Content-Type": "text/xml"})  # noqa: S310
        return self.opener.open(request, timeout=timeout)


def _text(part: Xml.Element | None, name: str) -> str:
    found = part.find(f".//{{*}}{name}") if part is not None else None
    return (found.text or "").strip() if found is not None else ""


def _has_glass(capabilities: Xml.Element) -> bool:
    return capabilities.find(".//{*}PlatenInputCaps") is not None


def _input(capabilities: Xml.Element, *, feeder: bool) -> Xml.Element | None:
    return capabilities.find(".//{*}AdfSimplexInputCaps" if feeder else ".//{*}PlatenInputCaps")


def _ability(capabilities: Xml.Element) -> Ability:
    feeder = capabilities.find(".//{*}Adf") is not None
    caps = _input(capabilities, feeder=feeder)
    modes = (
        {(one.text or "").strip() for one in caps.iterfind(".//{*}ColorMode")} if caps is not None else set()
    )
    return Ability(
        resolutions=_resolutions(caps), duplex=capabilities.find(".//{*}AdfDuplexInputCaps") is not None,
        colour=not modes or "RGB24" in modes, feeder=feeder, glass=_has_glass(capabilities),
    )  # fmt: skip


def _resolutions(caps: Xml.Element | None) -> tuple[int, ...]:
    """Return which of ours it has; all where it says none."""
    if caps is None:
        return RESOLUTIONS
    spans = caps.find(".//{*}XResolutionRange")
    if spans is not None:
        low, high = (int(_text(spans, name) or 0) for name in ("Min", "Max"))
        return tuple(one for one in RESOLUTIONS if low <= one <= high) or RESOLUTIONS[:1]
    told = {(one.text or "").strip() for one in caps.iterfind(".//{*}DiscreteResolution/{*}XResolution")}
    own = sorted(int(one) for one in told if re.fullmatch(r"\d{2,4}", one))
    return tuple(one for one in own if one in RESOLUTIONS) or tuple(own) or RESOLUTIONS
