"""File names as people may see and save them: no path, no control, no letter that turns the line around."""

import re
import unicodedata

from motcua.lib.file_kinds import KIND_OF_ENDING, Kind

LONGEST = 150
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def cleaned(name: str) -> str:
    """Return `name` without path, controls and direction marks, NFC, at most 150 letters; "tep" if empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    kept = " ".join(_FORBIDDEN.sub("", kept).split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"tep {stem}".strip()
    ending = ending[:10]
    room = LONGEST - len(ending) - len(dot)
    return f"{stem[:room].rstrip()}{dot}{ending}"


def ending(name: str) -> str:
    """Return the lower-case ending of `name` without its dot, or nothing."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def claimed_kind(name: str) -> Kind | None:
    """Return the kind a name claims, if it is one the program takes."""
    return KIND_OF_ENDING.get(ending(name))


def with_ending(name: str, kind: Kind) -> str:
    """Return `name` with the ending of `kind` when it has none of that kind's."""
    return name if ending(name) in kind.endings else f"{name}.{kind.endings[0]}"
