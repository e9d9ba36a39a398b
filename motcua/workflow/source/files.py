"""Any workflow file: recognised by its keys, never by its name or place."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.lib.refusal import Refusal
from motcua.workflow.shape import Draft
from motcua.workflow.source import collection, own

_LARGEST = 20_000_000


def read(path: Path) -> list[Draft]:
    """Return every draft in the file; refuses a file too large, unreadable or of an unknown shape."""
    if path.stat().st_size > _LARGEST:
        raise Refusal(f"Tệp {path.name} lớn hơn 20 MB nên không phải tệp quy trình.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"Tệp {path.name} không phải văn bản UTF-8.") from error
    content = _parsed(text)
    if collection.recognises(content):
        return list(collection.drafts(content))
    if own.recognises(content):
        return [own.draft(content)]
    raise Refusal(f"Tệp {path.name} không phải tệp quy trình. Hãy xem docs/reference/workflow.md.")


def _parsed(text: str) -> Any:
    try:
        if text.lstrip()[:1] in ("{", "["):
            return json.loads(text, parse_float=Decimal)
        return tomllib.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(f"Tệp sai cú pháp: {error}.") from error
