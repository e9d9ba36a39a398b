"""Turn the fields of a paper into what is printed: dates in words, money, dossier codes, harmless text."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from motcua.base.printing.data import Handover, Letterhead, Signer, Station
from motcua.base.printing.text import LONGEST_WORD, printable

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_KINDS_OF_PLACE = ("xã ", "phường ", "thị trấn ", "đặc khu ", "huyện ", "quận ", "thành phố ", "tỉnh ")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


# Parts that stand in narrow columns: the longest word there before it must be able to break.
_NARROW: dict[type, int] = {Letterhead: 14, Signer: 16, Station: 7, Handover: 12}


def printed(value: Any, *, longest: int = LONGEST_WORD) -> Any:
    """Return `value` (a paper or a part of one) as the JSON that a template reads.

    Dataclasses become objects, tuples lists, instants the object of `instant`; every text is made printable.
    """
    if isinstance(value, str):
        return printable(value, longest=longest)
    if isinstance(value, datetime):
        return instant(value)
    if is_dataclass(value):
        longest = _NARROW.get(type(value), longest)
        return {field.name: printed(getattr(value, field.name), longest=longest) for field in fields(value)}
    if isinstance(value, tuple):
        return [printed(part, longest=longest) for part in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"a paper cannot hold {type(value).__name__}")


def instant(at: datetime) -> dict[str, str]:
    """Return the wordings of one instant in the time of Việt Nam.

    Days below 10 and the months 1 and 2 get a leading zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    if at.tzinfo is None:
        raise ValueError("a paper takes aware instants only")
    local = at.astimezone(HERE)
    month = f"{local.month:02}" if local.month < 3 else str(local.month)
    day = f"ngày {local.day:02} tháng {month} năm {local.year}"
    hour = f"{local.hour:02} giờ {local.minute:02} phút"
    weekday = WEEKDAYS[local.weekday()]
    return {
        "day": day,
        "words": f"{hour}, {day}",
        "full": f"{hour}, {weekday} {day}",
        "hero": f"{local:%H:%M} {weekday} {local:%d/%m/%Y}",
        "clock": f"{local:%H:%M}",
        "weekday": weekday,
        "date": f"{local:%d/%m/%Y}",
        "brief": f"{local:%H:%M %d/%m}",
    }


def place(name: str) -> str:
    """Return the place before a date: the proper name alone, but "phường 12" whole (NĐ 30/2020/NĐ-CP)."""
    for kind in _KINDS_OF_PLACE:
        proper = name[len(kind) :].strip()
        if name.lower().startswith(kind) and proper and not proper[0].isdigit():
            return proper
    return name


def money(amount: int) -> str:
    """Return whole đồng with dots between thousands: `50.000 đồng`."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def fee(amount: int | None, unit: str) -> str:
    """Return what a fee costs: `8.000 đồng/bản`, "Không" for nothing, whose amount it is when it is set elsewhere."""
    if amount is None:
        return "theo mức Hội đồng nhân dân tỉnh quy định"
    if amount == 0:
        return "Không"
    return f"{money(amount)}/{unit}" if unit else money(amount)


def grouped(secret: str) -> str:
    """Return a secret in groups of three for reading aloud and typing: `K7M 4QX`."""
    return "\u00a0".join(secret[at : at + 3] for at in range(0, len(secret), 3))
