#!/usr/bin/env python3
"""Write the tracking page's small sheet from the rules of ui.css and public.css that it needs.

    python scripts/track_sheet.py            write motcua/ui/static/ui/track.css
    python scripts/track_sheet.py --check    only tell whether it is up to date

The tracking page is read on phones over weak links, so it loads one sheet of its own; taking the rules from
the common sheets keeps a dossier looking the same everywhere.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from collect_assets import rules

SHEETS = Path(__file__).resolve().parent.parent / "motcua" / "ui" / "static" / "ui"
HEAD = """\
/* The tracking page alone, written by scripts/track_sheet.py from ui.css and public.css: change those. */
@layer reset, govuk, tokens, base, public, work, print;
"""
_ELEMENTS = (
    r"\*|::(?:before|after|selection)|\[hidden\]|:focus-visible|html|\.public|body|main|h[1-4]|p|ul|ol|li|dl|dd|a|strong|b|th"
    r"|time|figure|svg|img|button|input|summary"
)
_CLASSES = (
    r"\.mc-(?:sr|skip|print-only|mark|code|button|buttons|label|errors|notice|shape|status|route|station|node|summary"
    r"|source|details|none|hint|off-print|input-code|input-secret|width|top|brand|page|main|lead|foot|demo|answer|camera)"
    r"|\.is-(?:done|current|waiting|late|next|skipped)|\.govuk-(?:label|hint|input|error-message|form-group)"
)
_WANTED = re.compile(rf"(?:{_ELEMENTS}|{_CLASSES})(?![a-z-])")
_UNWANTED = re.compile(
    r"is-quiet|is-warning|mc-icon|mc-key|govuk-(?:select|textarea|fieldset|file|radios|check)"
)


def kept(prelude: str) -> str:
    """Return the selectors of a rule that the tracking page uses."""
    selectors = [one.strip() for one in re.split(r",(?![^(]*\))", prelude)]
    return ", ".join(one for one in selectors if _WANTED.match(one) and not _UNWANTED.search(one))


def walk(text: str) -> list[str]:
    """Return the kept rules of a sheet, inside their layers and conditions."""
    found = []
    for prelude, block in rules(text):
        if block is None:
            continue
        if prelude.startswith(("@layer", "@media", "@container")):
            if inner := walk(block):
                found.append(f"{prelude} {{\n{chr(10).join(inner)}\n}}")
        elif prelude.startswith("@font-face") or prelude == ":root":
            found.append(f"{prelude} {{ {re.sub(r'--govuk-[a-z-]+: [^;]+; ?', '', block.strip())} }}")
        elif selectors := kept(prelude):
            found.append(f"{selectors} {{ {block.strip()} }}")
    return found


def sheet() -> str:
    """Return the tracking page's sheet."""
    out = []
    for name in ("ui.css", "public.css"):
        text = (SHEETS / name).read_text(encoding="utf-8")
        text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()
        out += walk(text)
    return HEAD + "\n".join(out) + "\n"


def main() -> int:
    """Run the command."""
    target = SHEETS / "track.css"
    if "--check" in sys.argv:
        same = target.read_text(encoding="utf-8") == sheet()
        print("track.css is up to date" if same else "track.css is out of date: run scripts/track_sheet.py")
        return 0 if same else 1
    target.write_text(sheet(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
