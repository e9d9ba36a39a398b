"""Sheets without a form of law in the table of forms: labels and registers, filled with plain values."""

import json
from datetime import datetime
from typing import Any

from motcua.base.printing import compiler
from motcua.base.printing.text import printable


def sheet(template: str, values: dict[str, Any], *, title: str, at: datetime) -> bytes:
    """Return the PDF of a template of this app; every text in `values` is made harmless first.

    Tagged PDF/UA-1 and PDF/A-2a like the statutory papers. `at` is its time stamp: equal values give equal bytes.
    """
    data = {**_shown(values), "title": printable(title)}
    return compiler.pdf(template, json.dumps(data, ensure_ascii=False), at=at)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part) for part in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"a sheet cannot hold {type(value).__name__}")
