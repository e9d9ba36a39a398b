#!/usr/bin/env python3
"""A `scanimage` that is none: "feeds" the JPEG files of $MOTCUA_FEEDER; exits as SANE's does (7: feeder empty, 6: jam).

Put a link or copy named `scanimage` first on the PATH. `JAM` in the feeder's folder jams after the pages before it.
"""

import os
import shutil
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Copy page after page to where --batch says."""
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
