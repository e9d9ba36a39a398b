"""The text in the QR of a citizen's card, typed by a scanner or read by a camera.

Seven fields between "|": personal number, old 9-digit number or nothing, full name, birth date ddmmyyyy, Nam
or Nữ, address, date of issue ddmmyyyy, in UTF-8. The identity cards of 2024 add fields at the end; they are
ignored and never kept. Damage by keyboards is undone where that is certain, with a warning; what is doubtful
is named, so that the officer compares it with the card; the rest is refused with what to do.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from motcua.lib import personal_id, scanner_text
from motcua.lib.finding import Finding, finding
from motcua.lib.finding import mark as _
from motcua.lib.personal_id import Sex
from motcua.lib.vietnamese import fold, has_strange_letters, normalize

FIELDS: Final = 7
_LONGEST: Final = 600
_NUMBER, _OLD_NUMBER, _NAME, _BIRTH, _SEX, _ADDRESS, _ISSUED = range(FIELDS)
_NUMBERS = (_NUMBER, _OLD_NUMBER, _BIRTH, _ISSUED)

_DIGITS = re.compile(r"[0-9]+")
_DATE = re.compile(r"[0-9]{8}")
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_NAME_LETTERS = re.compile(rf"[{_LATIN}]+(?:[ .'’-]+[{_LATIN}]+)*\.?")
_LOST = re.compile("[?\ufffd□]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OTHER_SEPARATOR = re.compile(r"[0-9]{12}([^0-9A-Za-z\s<>|]|\t)(?:[0-9]{9}|[0-9]{12})?\1")
_NO_SEPARATOR = re.compile(
    r"([0-9]{12})\s*([0-9]{9})?\s*(\D{3,}?)\s*([0-9]{8})\s*(Nam|Nữ)\s*(\D.*?)\s*([0-9]{8})"
)
_PLACE_WORDS = re.compile(r"\b(?:xa|phuong|thi tran|tinh|thanh pho|dac khu)\b")
_SEXES: Final[dict[str, Sex]] = {"Nam": "male", "Nữ": "female"}

_RESCAN = _("Hãy tắt bộ gõ tiếng Việt, chọn bàn phím tiếng Anh (US) rồi quét lại.")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `birth_date` is None on cards of people of whom only the year is known."""

    personal_id: str
    old_number: str
    full_name: str
    birth_date: date | None
    birth_year: int
    sex: Sex
    address: str
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class Scan:
    """The outcome of one scan: a card, or the problems that make it none. `doubtful`: fields to compare."""

    card: Card | None
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Raw:
    """The fields on their way: seven texts, and what was noticed so far."""

    fields: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()
    doubtful: frozenset[str] = frozenset()

    def noting(self, *warnings: Finding, doubtful: tuple[str, ...] = (), **fields: str) -> "_Raw":
        changed = list(self.fields)
        for name, value in fields.items():
            changed[{"name": _NAME, "sex": _SEX, "address": _ADDRESS}[name]] = value
        return replace(
            self,
            fields=tuple(changed),
            warnings=self.warnings + warnings,
            doubtful=self.doubtful | set(doubtful),
        )


def parse(text: str, *, today: date | None = None) -> Scan:
    """Read the text of a card's QR. Any text is safe; with `today`, dates to come are noticed too."""
    if len(text) > _LONGEST:
        return Scan(None, (finding("too_long", _("Nội dung quá dài, không phải mã QR của thẻ căn cước.")),))
    cleaned = scanner_text.clean(text)
    if "<" in cleaned or ">" in cleaned:
        return Scan(None, (finding("markup", _("Nội dung có ký tự lạ, không phải mã QR của thẻ căn cước.")),))
    decoded = scanner_text.undo_code_page(cleaned)
    raw = _split(decoded or cleaned)
    if raw is None:
        return Scan(None, (_not_a_card(cleaned),))
    if decoded:
        raw = raw.noting(finding("code_page", _("Máy quét gửi sai bảng mã; đã đọc lại được.")))
    raw = _undo_letters(raw)
    return _validate(raw, today)


def _not_a_card(text: str) -> Finding:
    """Say what is wrong with a text whose seven fields can't be told apart."""
    count = text.count("|") + 1
    if 2 < count < FIELDS:
        return finding("fields", _("Mã QR chỉ có %(count)s trong 7 mục. Hãy quét lại cả thẻ."), count=count)
    if sum(letter.isdigit() for letter in text) >= 20:
        return finding("separators", _("Không tách được các mục của thẻ. %(advice)s"), advice=_RESCAN)
    return finding("not_a_card", _("Đây không phải mã QR của thẻ căn cước."))


def _split(text: str) -> _Raw | None:
    """Tell the seven fields apart, on whichever keyboard layout they were typed."""
    parts = text.split("|")
    if len(parts) >= FIELDS and _outline(parts):
        return _Raw(_tidy(parts))
    for layout in scanner_text.LAYOUTS:
        typed = layout.restore(text).split("|")
        for place in _NUMBERS if len(typed) >= FIELDS else ():
            typed[place] = layout.restore_number(typed[place])
        if len(typed) >= FIELDS and _outline(typed):
            typed[_ADDRESS] = layout.restore_words(typed[_ADDRESS])
            note = finding(
                "layout", _("Bàn phím đang ở kiểu %(layout)s; đã đọc lại được."), layout=layout.name
            )
            return _Raw(_tidy(typed)).noting(note, doubtful=("full_name", "address"))
    other = _OTHER_SEPARATOR.match(text)
    if other and text.count(other[1]) >= FIELDS - 1:
        note = finding("separator", _("Dấu ngăn cách bị đổi do kiểu bàn phím; đã đọc lại được."))
        return _Raw(_tidy(text.split(other[1]))).noting(note)
    joined = _NO_SEPARATOR.fullmatch(normalize(text))
    if joined:
        note = finding("separator", _("Dấu ngăn cách bị mất do kiểu bàn phím; đã đọc lại được."))
        return _Raw(_tidy([part or "" for part in joined.groups()])).noting(note, doubtful=("address",))
    return _Raw(_tidy(parts)) if len(parts) >= FIELDS else None


def _outline(parts: list[str]) -> bool:
    """Tell whether the fields that hold digits do: then the layout is the right one."""
    return bool(_DIGITS.fullmatch(parts[_NUMBER].strip()) and _DIGITS.fullmatch(parts[_BIRTH].strip()))


def _tidy(parts: list[str]) -> tuple[str, ...]:
    return tuple(normalize(part) for part in parts[:FIELDS])


def _undo_letters(raw: _Raw) -> _Raw:
    """Undo Caps Lock, and Vietnamese letters that came as keys; note marks and letters that were lost."""
    name, sex, address = raw.fields[_NAME], raw.fields[_SEX], raw.fields[_ADDRESS]
    if scanner_text.looks_swapped(name):
        note = finding("capitals", _("Phím Caps Lock đang bật; đã đổi lại chữ hoa, chữ thường."))
        restored = {field: scanner_text.undo_capitals(raw.fields[place]) for field, place in _TEXTS.items()}
        restored["name"] = " ".join(word[:1].upper() + word[1:] for word in restored["name"].split())
        raw = raw.noting(note, doubtful=("address",), **restored)
    if sex.capitalize() in _SEXES:
        raw = raw.noting(sex=sex.capitalize())
    if (name + sex + address).isascii():
        raw = _undo_keys(raw)
    name, sex, address = raw.fields[_NAME], raw.fields[_SEX], raw.fields[_ADDRESS]
    if has_strange_letters(name + address):
        note = finding("strange_letters", _("Có chữ không phải chữ tiếng Việt. %(advice)s"), advice=_RESCAN)
        raw = raw.noting(note, doubtful=("full_name", "address"))
    if _LOST.search(name + sex + address):
        note = finding("letters_lost", _("Chữ có dấu bị mất. %(advice)s"), advice=_RESCAN)
        raw = raw.noting(note, doubtful=("full_name", "address"))
    return raw


_TEXTS: Final = {"name": _NAME, "sex": _SEX, "address": _ADDRESS}


def _undo_keys(raw: _Raw) -> _Raw:
    """Handle a card without one Vietnamese letter: keys of an input method, or marks that were dropped."""
    typed = {field: scanner_text.undo_keys(raw.fields[place]) for field, place in _TEXTS.items()}
    if typed["sex"] == "Nữ" or (typed["sex"] == "Nam" and _has_place_with_marks(typed["address"])):
        note = finding("keys", _("Máy quét gửi chữ theo kiểu gõ Telex hoặc VNI; đã đổi lại."))
        return raw.noting(note, doubtful=("full_name", "address"), **typed)
    if raw.fields[_SEX] == "Nu" or _PLACE_WORDS.search(fold(raw.fields[_ADDRESS])):
        note = finding("marks_lost", _("Dấu tiếng Việt bị mất. %(advice)s"), advice=_RESCAN)
        sex = "Nữ" if raw.fields[_SEX] == "Nu" else raw.fields[_SEX]
        return raw.noting(note, doubtful=("full_name", "address"), sex=sex)
    return raw


def _has_place_with_marks(address: str) -> bool:
    return not address.isascii() and bool(_PLACE_WORDS.search(fold(address)))


def _validate(raw: _Raw, today: date | None) -> Scan:
    """Check each field; build the card if nothing stands against it."""
    number = raw.fields[_NUMBER].replace(" ", "")
    reading = personal_id.read(number, today=today)
    problems: list[Finding] = []
    warnings = list(raw.warnings)
    if any(reason.code in {"not_digits", "length"} for reason in reading.reasons):
        text = _("Mục số định danh không phải 12 chữ số. %(advice)s")
        problems.append(finding("number", text, advice=_RESCAN))
    else:
        warnings += reading.reasons
    doubtful = set(raw.doubtful)
    name, sex = raw.fields[_NAME], _SEXES.get(raw.fields[_SEX])
    if not _NAME_LETTERS.fullmatch(_LOST.sub("x", name)):
        problems.append(finding("name", _("Mục họ tên không phải tên người. %(advice)s"), advice=_RESCAN))
    if sex is None and raw.fields[_SEX][:1] == "N" and _LOST.fullmatch(raw.fields[_SEX][1:]):
        sex = reading.sex
    if sex is None:
        problems.append(finding("sex", _("Mục giới tính không phải Nam hay Nữ. %(advice)s"), advice=_RESCAN))
    birth_date, birth_year = _birth(raw.fields[_BIRTH])
    if birth_year is None:
        text = _("Ngày sinh đọc được không có trong lịch. %(advice)s")
        problems.append(finding("birth_date", text, advice=_RESCAN))
    issued_on = _date(raw.fields[_ISSUED])
    if issued_on is None and raw.fields[_ISSUED]:
        text = _("Ngày cấp đọc được không có trong lịch. %(advice)s")
        problems.append(finding("issued_on", text, advice=_RESCAN))
    if _CONTROL.search("".join(raw.fields)):
        problems.append(finding("control", _("Nội dung có ký tự điều khiển. Hãy quét lại.")))
    if problems or sex is None or birth_year is None:
        return Scan(None, tuple(problems), tuple(warnings), frozenset(doubtful))
    old_number = raw.fields[_OLD_NUMBER].replace(" ", "")
    card = Card(number, old_number, name, birth_date, birth_year, sex, raw.fields[_ADDRESS], issued_on)
    warnings += _notes(card, today)
    return Scan(card, (), tuple(warnings), frozenset(doubtful))


def _notes(card: Card, today: date | None) -> list[Finding]:
    """Return what is odd about a card that can be read."""
    notes = list(personal_id.contradictions(card.personal_id, card.birth_year, card.sex))
    if card.old_number and not re.fullmatch(r"[0-9]{9}|[0-9]{12}", card.old_number):
        notes.append(finding("old_number", _("Số CMND cũ trên thẻ không có 9 hoặc 12 chữ số.")))
    if card.birth_date is None:
        notes.append(finding("year_only", _("Thẻ chỉ ghi năm sinh.")))
    if not card.address:
        notes.append(finding("no_address", _("Thẻ không ghi nơi cư trú.")))
    if card.issued_on is None:
        notes.append(finding("no_issue_date", _("Mã QR không ghi ngày cấp.")))
    elif card.issued_on.year < card.birth_year or (today and card.issued_on > today):
        text = _("Ngày cấp không khớp với ngày sinh hoặc với hôm nay. Hãy đối chiếu.")
        notes.append(finding("issue_order", text))
    if today and card.birth_date and card.birth_date > today:
        notes.append(finding("birth_future", _("Ngày sinh chưa tới. Hãy đối chiếu.")))
    return notes


def _birth(text: str) -> tuple[date | None, int | None]:
    """Read ddmmyyyy; 0000yyyy, 00mmyyyy and yyyy say that only the year is known."""
    day = _date(text)
    if day:
        return day, day.year
    year_only = re.fullmatch(r"(?:00(?:0[0-9]|1[0-2]))?((?:19|20)[0-9]{2})", text)
    return None, int(year_only[1]) if year_only else None


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None
