"""Several photos of one paper as one PDF: in the order and turned as the person put them."""

import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO

from motcua.base.files import joining, names, refusals, sandbox, storage
from motcua.base.files.receiving import receive
from motcua.lib.file_kinds import HEAD_SIZE, KINDS, sniff

MOST = 30
LIMIT = 50 * 1024 * 1024  # of one picture
_PICTURES = frozenset(code for code in KINDS if code != "pdf")


def one_pdf(sent: Sequence[tuple[BinaryIO, str]], turns: Sequence[int] = ()) -> tuple[BinaryIO, str]:
    """Return a nameless open file with one PDF of all pictures, a page each, and a name for it.

    `sent` are open files with the names they came under, `turns` degrees to the right. Each picture is opened and
    drawn in the checker's child alone; what comes out is our own. Refuses more than `MOST`, and by its name whatever
    is no picture or cannot be read. The caller stores it like any other file.
    """
    if len(sent) > MOST:
        raise refusals.too_many_pictures(MOST)
    pages = [
        _page(stream, names.cleaned(name), turns[place] if place < len(turns) else 0)
        for place, (stream, name) in enumerate(sent)
    ]
    made: BinaryIO = tempfile.TemporaryFile(dir=storage.drafts())  # noqa: SIM115
    made.write(joining.joined(pages))
    made.seek(0)
    first = names.cleaned(sent[0][1])
    stem = first[: -len(names.ending(first)) - 1] if names.ending(first) else first
    return made, f"{stem}.pdf"


def _page(stream: BinaryIO, name: str, turn: int) -> bytes:
    with storage.draft() as draft, tempfile.TemporaryFile(dir=storage.drafts()) as out:
        receive(draft, stream, name, LIMIT)
        code = sniff(draft.head(HEAD_SIZE))
        if code not in KINDS:
            raise refusals.kind_not_taken(name, code)
        if code not in _PICTURES:
            raise refusals.not_one_paper(name)
        answer = _asked(draft, code, turn, out.fileno(), name)
        if "problem" in answer:
            raise refusals.found_bad(name, answer["problem"], code)
        out.seek(0)
        return out.read()


def _asked(draft: storage.Draft, code: str, turn: int, out: int, name: str) -> dict[str, Any]:
    try:
        return sandbox.bind(draft.file.fileno(), code, turn=turn, out=out)
    except sandbox.CheckerFailed:
        raise refusals.not_checked(name) from None
