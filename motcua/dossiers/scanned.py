"""Words of scanned papers: how they are hashed, how a dossier is found by them, and what a page of a file says."""

import json
import re
from dataclasses import dataclass

from motcua.base.files.models import StoredFile
from motcua.dossiers.models import ScanState, ScanText
from motcua.lib.encrypted_field import blind_index
from motcua.lib.vietnamese import fold

MOST_WORDS = 20_000  # of one file
MOST_ASKED = 12
_PURPOSE = "dossiers.scantext.words"
_HASH_SIZE = 8
_WORD = re.compile(r"[0-9a-z]{2,40}")
_NUMBER = re.compile(r"[0-9](?:[ .]?[0-9]){5,14}")  # a number of a card or telephone, however it is spaced
_SHORTEST = 4  # letters of all words together


def words_of(text: str) -> list[bytes]:
    """Return the hashes by which a text is found, each once: its words, and its long numbers without spaces."""
    return [_hash(word) for word in sorted(_words(text))[:MOST_WORDS]]


def asked(text: str) -> list[bytes]:
    """Return the hashes that a file must hold all of; none where too little was typed to look for.

    `listing.rows_of` finds dossiers by them: the database looks past row-level security for the words alone and gives
    back only what the transaction may see (docs/decisions/0050).
    """
    plain = fold(text)
    whole = _NUMBER.fullmatch(plain)
    words = [re.sub(r"[ .]", "", plain)] if whole else list(dict.fromkeys(_WORD.findall(plain)))
    if sum(map(len, words)) < _SHORTEST or "|" in text or "://" in text:
        return []
    return [_hash(word) for word in words[:MOST_ASKED]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page of a file shows of its text: `pages` are (number, text), `percent` how sure Tesseract was."""

    pages: list[tuple[int, str]]
    waiting: bool
    unreadable: bool
    percent: int | None
    engine: str
    read: int
    beyond: int


def reading_of(stored: StoredFile) -> Reading | None:
    """Return what was read of a file of a dossier that the caller may see; None where it was not noted yet."""
    row = ScanText.objects.filter(pk=stored.sha256).first()
    if row is None:
        return None
    texts: list[str] = json.loads(row.texts) if row.texts else []
    return Reading(
        pages=[(number, text) for number, text in enumerate(texts, 1) if text],
        waiting=row.state in {ScanState.WAITING, ScanState.NO_ENGINE},
        unreadable=row.state == ScanState.UNREADABLE,
        percent=round(row.confidence) if row.confidence is not None else None,
        engine=row.engine, read=row.pages_read, beyond=max(0, stored.pages - row.pages),
    )  # fmt: skip


def standing() -> dict[str, int]:
    """Return how many contents stand at each state, of those the transaction may see."""
    return {state: ScanText.objects.filter(state=state).count() for state in ScanState.values}


def _words(text: str) -> set[str]:
    plain = fold(text)
    return {*_WORD.findall(plain), *(re.sub(r"[ .]", "", one) for one in _NUMBER.findall(plain))}


def _hash(word: str) -> bytes:
    return blind_index(word, _PURPOSE)[:_HASH_SIZE]
