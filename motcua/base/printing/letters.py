"""Sealed letters: one page a person with a one-time address to set a password. Made in memory, stored nowhere."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from motcua.base.printing import compiler, wording
from motcua.lib import barcodes


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """What one letter says. `url` is known only while it is printed."""

    name: str
    login: str
    position: str
    office: str
    url: str
    expires_at: datetime


def sealed_letters(letters: Sequence[SealedLetter], *, at: datetime) -> bytes:
    """Return one PDF, a page a person."""
    data = {
        "office": letters[0].office,
        "made": f"{at.astimezone(wording.HERE):%d/%m/%Y}",
        "letters": [
            {name: value for name, value in asdict(one).items() if name != "expires_at"}
            | {
                "until": f"{one.expires_at.astimezone(wording.HERE):%H:%M %d/%m/%Y}",
                "qr": barcodes.qr(one.url).svg,
            }
            for one in letters
        ],
    }
    return compiler.pdf("sealed_letter", json.dumps(data, ensure_ascii=False), at=at)
