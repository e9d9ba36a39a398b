"""The text of one page of a stored file: its own where the PDF has one, else what Tesseract makes of its picture."""

from dataclasses import dataclass

from motcua.base.files import queries, recognition, sandbox, storage
from motcua.base.files.models import FileKind, StoredFile

SIDE = 2400  # about 200 dots an inch of an A4 page
_MUCH = 400  # letters of a text layer that is more than a signature's stamp on a scan


class Unreadable(Exception):
    """This page gives no text, now and later; the argument says why."""


class NeedsEngine(Exception):
    """The page has to be read from its picture, and there is no Tesseract."""


@dataclass(frozen=True, slots=True)
class PageText:
    """Text of a page; `words` and `confidence` are of what was read from the picture, 0 where nothing was."""

    text: str
    words: int = 0
    confidence: float = 0.0


def of_page(stored: StoredFile, page: int, engine: recognition.Engine | None) -> PageText:
    """Return the text of a page (from 1).

    Raises `Unreadable`, `NeedsEngine`, `sandbox.CheckerFailed`, and the refusals of `queries.open_content`.
    """
    with queries.open_content(stored) as content:
        own = ""
        if stored.kind == FileKind.PDF:
            with storage.draft() as out:
                said = sandbox.text(content.fileno(), page=page, out=out.file.fileno())
                _complain(said)
                out.file.seek(0)
                own = recognition.plain(out.file.read().decode("utf-8", "replace"))
            if said["letters"] >= _MUCH or (said["letters"] and not said["pictures"]):
                return PageText(own)
        if engine is None:
            raise NeedsEngine
        with storage.draft() as picture:
            _complain(
                sandbox.draw(content.fileno(), stored.kind, page=page, side=SIDE, out=picture.file.fileno())
            )
            try:
                seen = recognition.read(engine, picture.file)
            except recognition.NotRead as error:
                raise Unreadable(str(error)) from None
    return PageText("\n\n".join(part for part in (seen.text, own) if part), seen.words, seen.confidence)


def _complain(answer: dict[str, object]) -> None:
    if "problem" in answer:
        raise Unreadable(str(answer["problem"]))
