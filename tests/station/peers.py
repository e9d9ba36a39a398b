"""Real peers of the station: a CUPS of our own, SANE with its test driver. Where they are not installed, tests say so."""

import getpass
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_CUPSD = "/usr/sbin/cupsd"
needs_cups = pytest.mark.skipif(
    not all(
        Path(one).exists()
        for one in (
            _CUPSD,
            "/usr/lib/cups/filter/imagetopdf",
            "/usr/lib/cups/backend/socket",
            "/usr/sbin/lpadmin",
        )
    ),
    reason="a real CUPS is not installed (package cups)",
)
needs_sane = pytest.mark.skipif(
    shutil.which("scanimage") is None, reason="SANE is not installed (package sane-utils)"
)
needs_airscan = pytest.mark.skipif(
    not any(Path("/usr/lib").glob("*/sane/libsane-airscan.so.1")),
    reason="SANE's eSCL driver is not installed (package sane-airscan)",
)

#: What the maker of a receipt printer ships: a roll of 72 mm, pages as long as wanted. The filter hands PDF on.
_ROLL = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "ROLL.PPD"
*Product: "(Roll)"
*Manufacturer: "Motcua"
*ModelName: "Roll 80"
*ShortNickName: "Roll 80"
*NickName: "Roll 80"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsFilter2: "application/vnd.cups-pdf application/pdf 0 -"
*OpenUI *PageSize/Paper: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: Sheet
*PageSize Sheet/Sheet: "<</PageSize[WIDE HIGH]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: Sheet
*PageRegion Sheet/Sheet: "<</PageSize[WIDE HIGH]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: Sheet
*ImageableArea Sheet: "0 0 WIDE HIGH"
*DefaultPaperDimension: Sheet
*PaperDimension Sheet: "WIDE HIGH"
*DefaultFont: Courier
"""
_AS_LONG_AS_WANTED = """*VariablePaperSize: True
*LeadingEdge Short: ""
*MaxMediaWidth: "226"
*MaxMediaHeight: "2000"
*HWMargins: 0 0 0 0
*NonUIOrderDependency: 20 AnySetup *CustomPageSize
*CustomPageSize True: "pop pop pop pop pop"
*ParamCustomPageSize Width: 1 points 60 226
*ParamCustomPageSize Height: 2 points 60 2000
*ParamCustomPageSize WidthOffset: 3 points 0 0
*ParamCustomPageSize HeightOffset: 4 points 0 0
*ParamCustomPageSize Orientation: 5 int 0 0
"""
_FILES = """ServerRoot {root}
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
ErrorLog {root}/log/error
AccessLog {root}/log/access
PageLog {root}/log/page
FileDevice Yes
Sandboxing relaxed
{user}
"""
_SERVER = """LogLevel info
Listen {root}/sock
Browsing Off
DefaultAuthType None
WebInterface No
PreserveJobHistory Yes
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


class Cups:
    """A scheduler of our own: nothing of the machine's CUPS is touched."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "out"
        for name in ("spool", "spool/tmp", "cache", "state", "log", "out", "ppd"):
            (root / name).mkdir(parents=True, exist_ok=True)
        user = ""
        if getpass.getuser() == "root":  # the scheduler does not let filters run as root
            user = "User lp\nGroup lp\nSystemGroup root"
            for one in [root, *root.rglob("*")]:
                shutil.chown(one, "lp", "lp")
        (root / "cups-files.conf").write_text(_FILES.format(root=root, user=user))
        (root / "cupsd.conf").write_text(_SERVER.format(root=root))
        command = [_CUPSD, "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")]
        self.program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        end = time.monotonic() + 20
        while "is running" not in self.run("lpstat", "-r").stdout and time.monotonic() < end:
            time.sleep(0.1)

    @property
    def socket(self) -> str:
        """Where it listens."""
        return str(self.root / "sock")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of CUPS's own programs."""
        return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "CUPS_SERVER": self.socket})  # fmt: skip

    def queue(self, name: str, device: str, ppd: str = "") -> None:
        """Make a queue that is open; without a PPD a raw one."""
        more: list[str] = []
        if ppd:
            path = self.root / f"{name}.ppd"
            path.write_text(ppd)
            more = ["-P", str(path)]
        done = self.run("lpadmin", "-p", name, "-E", "-v", device, *more)
        assert not done.returncode, done.stderr

    def roll(self, name: str) -> Path:
        """Make a receipt printer; return the file where its last page comes out."""
        wide = _ROLL.replace("WIDE", "204").replace("HIGH", "567")
        self.queue(name, f"file://{self.out}/{name}.pdf", wide + _AS_LONG_AS_WANTED)
        return self.out / f"{name}.pdf"

    def office(self, name: str) -> Path:
        """Make a printer for A4; return the file where its last page comes out."""
        self.queue(name, f"file://{self.out}/{name}.pdf", _ROLL.replace("WIDE", "595").replace("HIGH", "842"))
        return self.out / f"{name}.pdf"


@contextmanager
def cups(root: Path) -> Iterator[Cups]:
    """Run a scheduler."""
    made = Cups(root)
    try:
        yield made
    finally:
        made.program.terminate()
        made.program.wait(20)


def sane(folder: Path, *, test: str = "", airscan: str = "") -> Path:
    """Write a folder of SANE's settings with the test driver or one eSCL scanner; for SANE_CONFIG_DIR."""
    folder.mkdir()
    (folder / "dll.conf").write_text("test\n" if not airscan else "airscan\n")
    (folder / "test.conf").write_text(f"number_of_devices 1\n{test}\n")
    (folder / "airscan.conf").write_text(f"[devices]\n{airscan}\n[options]\ndiscovery = disable\n")
    return folder
