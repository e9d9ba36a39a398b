"""Any workflow file: recognised by its keys, never by its name or place."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.workflow.shape import Draft
from motcua.workflow.source import collection, own

_LARGEST = 20_000_000


def read(path: Path) -> list[Draft]:
    """Return every draft in the file; refuses a file too large, unreadable or of an unknown shape."""
    if path.stat().st_size > _LARGEST:
        raise Refusal(phrase(_("Tệp %(name)s lớn hơn 20 MB nên không phải tệp quy trình."), name=path.name))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(phrase(_("Tệp %(name)s không phải văn bản UTF-8."), name=path.name)) from error
    content = _parsed(text)
    if collection.recognises(content):
        return list(collection.drafts(content))
    if own.recognises(content):
        return [own.draft(content)]
    text = _("Tệp %(name)s không phải tệp quy trình. Hãy xem docs/reference/workflow.md.")
    raise Refusal(phrase(text, name=path.name))


def _parsed(text: str) -> Any:
    try:
        if text.lstrip()[:1] in ("{", "["):
            return json.loads(text, parse_float=Decimal)
        return tomllib.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(phrase(_("Tệp sai cú pháp: %(error)s."), error=str(error))) from error
