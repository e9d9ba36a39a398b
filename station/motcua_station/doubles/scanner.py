"""A scanner that is none: speaks eSCL over HTTP and feeds the JPEG pages it was given.

    python -m motcua_station.doubles.scanner --port 8090 page1.jpg page2.jpg

Protocol: GET /eSCL/ScannerCapabilities and /ScannerStatus; POST /ScanJobs with ScanSettings answers 201 and Location;
GET <Location>/NextDocument gives a page each, 503 while the paper moves, 404 when the feeder is empty. With `jams_at`
the paper jams before that page; `asked` keeps the settings of each job.
"""

import argparse
import re
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

_SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
_RESOLUTIONS = "".join(
    f"<scan:DiscreteResolution><scan:XResolution>{dots}</scan:XResolution><scan:YResolution>{dots}</scan:YResolution>"
    "</scan:DiscreteResolution>"
    for dots in (100, 200, 300, 600)
)
#: What one way in can do: up to A4 (in 300ths of an inch), gray and colour, JPEG.
_CAPS = f"""<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>16</scan:MinHeight>\
<scan:MaxHeight>3508</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles>\
<scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>\
</scan:ColorModes><scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats><scan:SupportedResolutions>\
<scan:DiscreteResolutions>{_RESOLUTIONS}</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile>\
</scan:SettingProfiles><scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>"""
_CAPABILITIES = f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {_SPACES}><pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Double</pwg:MakeAndModel>\
<scan:Platen><scan:PlatenInputCaps>{_CAPS}</scan:PlatenInputCaps></scan:Platen>\
<scan:Adf><scan:AdfSimplexInputCaps>{_CAPS}</scan:AdfSimplexInputCaps>\
<scan:AdfDuplexInputCaps>{_CAPS}</scan:AdfDuplexInputCaps></scan:Adf></scan:ScannerCapabilities>"""


class Scanner(ThreadingHTTPServer):
    """The double. `pages` lie in the feeder; a job takes them out."""

    daemon_threads = True

    def __init__(self, pages: Sequence[bytes] = (), port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.pages = list(pages)
        self.jobs: dict[str, bool] = {}  # job → whether a page was said to be moving
        self.asked: list[dict[str, str]] = []
        self.jams_at: int | None = None
        self.stops_as = "ScannerAdfJam"  # what the feeder says of itself when it stopped
        self.jammed, self.fed = False, 0
        self.aborts_at: int | None = None  # pages of a job before the scanner gives it up without a word
        self.aborted: set[str] = set()
        self.left: list[str] = []  # jobs that were told to go
        self.glass: bytes | None = None  # what lies on the glass
        self.calls_itself = f"127.0.0.1:{self.server_address[1]}"  # many name a host that nobody knows
        self.pause = 0.0  # seconds a page takes

    @property
    def address(self) -> str:
        """What stands in the station's settings."""
        return f"http://127.0.0.1:{self.server_address[1]}/eSCL"

    @property
    def adf(self) -> str:
        """The state of the feeder."""
        return self.stops_as if self.jammed else "ScannerAdfLoaded" if self.pages else "ScannerAdfEmpty"


class _Talk(BaseHTTPRequestHandler):
    server: Scanner

    def log_message(self, *_parts: object) -> None:
        return

    def do_GET(self) -> None:
        if self.path == "/eSCL/ScannerCapabilities":
            self._say(200, _CAPABILITIES.encode(), "text/xml")
        elif self.path == "/eSCL/ScannerStatus":
            self._say(200, self._status().encode(), "text/xml")
        elif found := re.fullmatch(r"/eSCL/ScanJobs/([\w-]+)/NextDocument", self.path):
            self._next(found[1])
        else:
            self._say(404)

    def _status(self) -> str:
        jobs = "".join(
            f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{name}</pwg:JobUri><pwg:JobUuid>{name}</pwg:JobUuid><pwg:JobState>"
            f"{'Aborted' if name in self.server.aborted else 'Processing'}</pwg:JobState></scan:JobInfo>"
            for name in self.server.jobs
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {_SPACES}><pwg:Version>2.6</pwg:Version>'
            f"<pwg:State>Idle</pwg:State><scan:AdfState>{self.server.adf}</scan:AdfState><scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path != "/eSCL/ScanJobs":
            self._say(404)
            return
        settings = dict(re.findall(r"<(?:\w+:)?(\w+)>([^<>]+)</", body))
        if (
            settings.get("DocumentFormatExt", settings.get("DocumentFormat")) != "image/jpeg"
            or "XResolution" not in settings
        ):
            self._say(400)
            return
        if int(settings["XResolution"]) not in (100, 200, 300, 600) or int(settings.get("Width", 0)) > 2550:
            self._say(409)  # as scanners do with what they did not offer
            return
        if settings["InputSource"] == "Platen" and self.server.glass is not None:
            self.server.pages.insert(0, self.server.glass)
        self.server.asked.append(settings)
        name = str(uuid4())
        self.server.jobs[name] = False
        self.send_response(201)
        self.send_header("Location", f"http://{self.server.calls_itself}/eSCL/ScanJobs/{name}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        self.server.left.append(name)
        self.server.jobs.pop(name, None)
        self._say(200)

    def _next(self, name: str) -> None:
        server = self.server
        if name not in server.jobs or not server.pages:
            self._say(404)
        elif server.jams_at == server.fed:
            server.jammed = True
            self._say(404)
        elif server.aborts_at is not None and server.fed >= server.aborts_at:
            server.aborted.add(name)
            self._say(404)
        elif not server.jobs[name]:  # the paper moves: each page is asked for twice
            server.jobs[name] = True
            self._say(503)
        else:
            server.jobs[name] = False
            time.sleep(server.pause)
            if name not in server.jobs:  # called off meanwhile
                self._say(404)
                return
            server.fed += 1
            self._say(200, server.pages.pop(0), "image/jpeg")

    def _say(self, status: int, body: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Run until Ctrl+C; the pages are fed once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("pages", type=Path, nargs="+")
    given = parser.parse_args()
    with Scanner([page.read_bytes() for page in given.pages], given.port) as scanner:
        print(scanner.address)
        scanner.serve_forever()


if __name__ == "__main__":
    main()
