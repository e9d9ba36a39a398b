"""Set a register as PDF: a program of its own that reads lines of JSON and writes one file.

    python -m motcua.base.printing.book_program OUT   < head, then one line for each dossier

Parts of a few hundred lines are set one after the other and put together, so memory stays where it is however long
the book. The whole is no PDF/A: putting parts together loses their tags.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

import pypdfium2

from motcua.base.printing import compiler, wording
from motcua.base.printing.text import one_line, printable

PART = 200
# Letters that fit one line of each column; longer words may break.
_LONGEST = (6, 24, 22, 5, 15, 20, 14, 9, 9, 9, 8, 8, 8)


def main(out: str, given: IO[str]) -> int:
    head: dict[str, Any] = json.loads(given.readline())
    template, at = head.pop("template"), datetime.fromisoformat(head.pop("at"))
    values = head | {
        "letterhead": {name: printable(text, longest=30) for name, text in head["letterhead"].items()}
    }
    values |= {name: one_line(head[name]) for name in ("shop", "book", "span", "narrowed", "maker")}
    values |= {"issued_at": wording.instant(at), "reprint": 0}
    whole = pypdfium2.PdfDocument.new()
    page, total = 1, 0
    rows, following = _part(given), _part(given)
    while True:
        total += len(rows)
        part = {
            "rows": rows,
            "first": page,
            "opening": page == 1,
            "closing": not following,
            "total": str(total),
        }
        made = compiler.pdf(template, json.dumps(values | part, ensure_ascii=False), at=at, archive=False)
        piece = pypdfium2.PdfDocument(made)
        whole.import_pages(piece)
        page += len(piece)
        piece.close()
        if not following:
            break
        rows, following = following, _part(given)
    whole.save(out)
    return total


def _part(given: IO[str]) -> list[list[str]]:
    return [_shown(json.loads(line)) for line in islice(_lines(given), PART)]


def _lines(given: IO[str]) -> Iterator[str]:
    return (line for line in given if line.strip())


def _shown(cells: list[str]) -> list[str]:
    return [
        " ".join(printable(cell, longest=most).split()) for cell, most in zip(cells, _LONGEST, strict=True)
    ]


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin)
