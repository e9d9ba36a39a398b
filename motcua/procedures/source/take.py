"""Taking values out of a foreign record: each of the right kind and small enough to store, or `BadRecord`."""

from decimal import Decimal
from typing import Any

from motcua.procedures.source.shape import BadRecord

_MOST_COPIES = 100_000


def text(value: object, longest: int | None = None) -> str:
    """Return a text; nothing counts as "". Refuses other kinds and what is longer than `longest`."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(f"cần chữ, không phải {type(value).__name__}: {str(value)[:60]}")
    if longest is not None and len(value) > longest:
        raise BadRecord(f"dài quá {longest} chữ: {value[:60]}…")
    return value


def whole(value: object) -> int:
    """Return a number of copies; nothing counts as 0."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_COPIES:
        raise BadRecord(f"cần số bản từ 0 đến {_MOST_COPIES}: {str(value)[:60]}")
    return value


def number(value: object, most: int) -> Decimal | None:
    """Return a number from 0 to `most` with at most two decimals, or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRecord(f"cần số: {str(value)[:60]}")
    found = Decimal(str(value))
    if not found.is_finite() or not 0 <= found <= most or found != round(found, 2):
        raise BadRecord(f"cần số từ 0 đến {most}: {str(value)[:60]}")
    return found


def rows(value: object) -> list[Any]:
    """Return a list; nothing counts as empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRecord(f"cần danh sách, không phải {type(value).__name__}")
    return value


def objects(value: object) -> list[dict[str, Any]]:
    """Return a list of objects; nothing counts as empty."""
    found = rows(value)
    if not all(isinstance(row, dict) for row in found):
        raise BadRecord("cần danh sách các đối tượng")
    return found
