#!/usr/bin/env python3
"""A `scanimage` that is none: "feeds" the JPEG files of $MOTCUA_FEEDER; exits as SANE's does (7: feeder empty, 6: jam).

Put a link or copy named `scanimage` first on the PATH. `JAM` in the feeder's folder jams after the pages before it.
"""

import os
import shutil
import sys
from pathlib import Path

_OPTIONS = """All options specific to device `double:0':
  Scan Mode:
    --source Flatbed|ADF Front|ADF Back|ADF Duplex [ADF Front]
        Selects the scan source (such as a document-feeder).
    --mode Lineart|Halftone|Gray|Color [Lineart]
        Selects the scan mode (e.g., lineart, monochrome, or color).
    --resolution 200|300|400|600dpi [600]
        Sets the resolution of the scanned image.
    --brightness -127..127 (in steps of 1) [inactive]
  Geometry:
    --page-width 0..219.428mm (in steps of 0.0211639) [215.872]
    --page-height 0..3100mm (in steps of 0.0211639) [279.364]
    -l 0..215.872mm (in steps of 0.0211639) [0]
    -x 0..215.872mm (in steps of 0.0211639) [215.872]
    -y 0..3100mm (in steps of 0.0211639) [279.364]"""


def main(arguments: list[str]) -> int:
    """Say the options, or copy page after page to where --batch says."""
    if "--all-options" in arguments:
        print(_OPTIONS)
        return 0
    batch = next((one.removeprefix("--batch=") for one in arguments if one.startswith("--batch=")), "")
    if "--format=jpeg" not in arguments or "-d" not in arguments or "%" not in batch:
        print("scanimage: what is this?", file=sys.stderr)
        return 1
    feeder = Path(os.environ["MOTCUA_FEEDER"])
    pages = sorted(path for path in feeder.iterdir() if path.name == "JAM" or path.suffix == ".jpg")
    (feeder / "asked.txt").write_text("\n".join(arguments))
    for number, page in enumerate(pages, 1):
        if page.name == "JAM":
            print("scanimage: sane_start: Document feeder jammed", file=sys.stderr)
            return 6
        shutil.copy(page, batch % number)
        page.unlink()
    print("scanimage: sane_start: Document feeder out of documents", file=sys.stderr)
    return 7


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
