"""A sheet of people: which column is what, what a line says, and what is wrong with it. Pure but for one look-up."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.applicants.models import Person
from motcua.applicants.queries import personal_id_index
from motcua.dossiers import intake_reading
from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Refusal
from motcua.lib.tables import Cell, Row, column_name
from motcua.lib.vietnamese import fold, normalize

# Of each cell its kind and its text: s text, n number, d date, f formula without a stored value, e error, "" empty.
Cells = Sequence[Sequence[str]]

FIELDS = {
    "full_name": gettext_lazy("Họ và tên"),
    "family": gettext_lazy("Họ và tên đệm"),
    "given": gettext_lazy("Tên"),
    "personal_id": gettext_lazy("Số định danh"),
    "birth": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "address": gettext_lazy("Nơi cư trú"),
    "phone": gettext_lazy("Điện thoại"),
    "summary": gettext_lazy("Nội dung yêu cầu"),
}
# Words over a column, folded; whole first, then what it begins with.
_WHOLE = {
    "ten": "given", "ho": "family", "ho dem": "family", "ho va ten dem": "family", "ho lot": "family", "gt": "sex",
    "ho ten": "full_name", "phai": "sex", "dt": "phone", "sdt": "phone", "so dt": "phone",
}  # fmt: skip
_BEGINS = (
    ("personal_id", ("so dinh danh", "ma dinh danh", "so cccd", "cccd", "so can cuoc", "can cuoc", "so cc", "cmnd",
                     "so cmnd")),
    ("full_name", ("ho va ten", "ho, ten", "ho ten", "ten hoc sinh", "ten nguoi", "ten nhan vien")),
    ("birth", ("ngay sinh", "ngay, thang, nam sinh", "ngay thang nam sinh", "nam sinh", "sinh ngay")),
    ("sex", ("gioi tinh", "nam/nu", "nam / nu")),
    ("address", ("noi cu tru", "dia chi", "noi o", "thuong tru", "noi thuong tru", "ho khau")),
    ("phone", ("dien thoai", "so dien thoai", "di dong")),
    ("summary", ("noi dung", "ghi chu", "yeu cau")),
)  # fmt: skip
_HEAD_WITHIN = 15
_EPOCH = date(1899, 12, 30)  # of the numbers that Excel keeps days as
_DAYS = range(3_000, 60_000)
_MALE, _FEMALE = {"nam", "m", "male", "1"}, {"nu", "f", "female", "0"}
_AT_ONCE = 1000
_LONGEST_CELL = 400


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a line: which cell ("C12"), under which words, what and what to do."""

    cell: str
    heading: str
    text: str


def line_of(row: Row, unsaved: Collection[int]) -> tuple[int, Cells]:
    """Return a row of the sheet as a list keeps it: its number, of each cell kind and text."""
    return row.number, [_kept(cell, place in unsaved) for place, cell in enumerate(row.cells)]


def _kept(cell: Cell, unsaved: bool) -> tuple[str, str]:
    if unsaved:
        return "f", "="
    if cell is None or cell == "":
        return "", ""
    if isinstance(cell, bool):
        return "s", "x" if cell else ""
    if isinstance(cell, date):
        return ("d", f"{cell:%d/%m/%Y}") if cell.year > 1800 else ("n", "0")
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or cell.is_integer()
        return "n", str(int(cell)) if whole and abs(cell) < 1e15 else str(cell)
    text = " ".join(str(cell).split())[:_LONGEST_CELL]
    return "e" if text.startswith("#") and text.rstrip("!?").isupper() else "s", text


def head_of(rows: Sequence[tuple[int, Cells]]) -> int:
    """Return the place of the row with the words over the columns: the first that names two things we know."""
    for place, (_number, cells) in enumerate(rows[:_HEAD_WITHIN]):
        if len(guess([text for _kind, text in cells])) > 1:
            return place
    return 0


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Return the column of each field that the words over the columns tell; the first one of several."""
    found: dict[str, int] = {}
    for place, words in enumerate(headers):
        plain = " ".join(fold(words).split()).strip(" .:*")
        field = _WHOLE.get(plain) or next(
            (name for name, starts in _BEGINS if plain.startswith(starts)), None
        )
        if field:
            found.setdefault(field, place)
    return found


def values_of(cells: Cells, columns: Mapping[str, int]) -> dict[str, str]:
    """Return a line as fields of the intake's form: numbers that lost their zero, days kept as numbers, "Nam"."""

    def cell(field: str) -> tuple[str, str]:
        place = columns.get(field)
        if place is None or place >= len(cells):
            return "", ""
        return cells[place][0], normalize(cells[place][1])

    name = cell("full_name")[1] or normalize(f"{cell('family')[1]} {cell('given')[1]}")
    kind, number = cell("personal_id")
    number = re.sub(r"[\s.']", "", number)
    if kind == "n" and len(number) in {10, 11}:
        number = number.zfill(12)
    kind, phone = cell("phone")
    if kind == "n" and len(phone) == 9:
        phone = f"0{phone}"
    said = fold(cell("sex")[1])
    return {
        "kind": "person", "id_kind": "number", "full_name": name, "personal_id": number,
        "birth": _birth(*cell("birth")), "address": cell("address")[1], "phone": phone,
        "sex": "male" if said in _MALE else "female" if said in _FEMALE else "",
        "summary": cell("summary")[1],
    }  # fmt: skip


def _birth(kind: str, text: str) -> str:
    if kind == "n" and text.isdigit() and int(text) in _DAYS:
        return f"{_EPOCH + timedelta(days=int(text)):%d/%m/%Y}"
    return text.replace("-", "/")


def problems_of(
    number: int, cells: Cells, columns: Mapping[str, int], headers: Sequence[str], *, day: date
) -> list[Problem]:  # fmt: skip
    """Return everything wrong with one line by itself."""
    found: list[Problem] = []

    def add(field: str, text: str) -> None:
        found.append(_problem(number, field, columns, headers, text))

    for place, (kind, text) in enumerate(cells):
        field = next((name for name, column in columns.items() if column == place), None)
        if field and kind == "f":
            add(
                field,
                _("công thức chưa có giá trị. Mở tệp bằng Excel, lưu lại rồi gửi; hoặc gõ giá trị vào ô."),
            )
        elif field and kind == "e":
            add(field, _("ô báo lỗi %(text)s. Sửa ô này.") % {"text": text[:12]})
    if found:
        return found
    values = values_of(cells, columns)
    if not values["full_name"]:
        add("full_name" if "full_name" in columns else "given", _("thiếu họ và tên."))
    if not re.fullmatch(r"[0-9]{12}", values["personal_id"]):
        add(
            "personal_id",
            _("“%(text)s” không phải số định danh 12 chữ số.") % {"text": values["personal_id"][:20]},
        )
    if values["birth"] and intake_reading.birth_of(values["birth"]) == (None, None):
        add(
            "birth",
            _("“%(text)s” không phải ngày. Viết như 1/2/2010; chỉ biết năm: 2010.")
            % {"text": values["birth"][:20]},
        )
    if values["phone"] and normalize_phone(values["phone"]) is None:
        add("phone", _("“%(text)s” không phải số điện thoại.") % {"text": values["phone"][:20]})
    if "sex" in columns and not values["sex"] and columns["sex"] < len(cells) and cells[columns["sex"]][1]:
        add("sex", _("“%(text)s”: viết Nam hoặc Nữ.") % {"text": cells[columns["sex"]][1][:20]})
    if not found:
        try:
            intake_reading.check_person(values, "", day=day)
        except Refusal as refusal:
            field = {"birth_date": "birth", "name": "full_name"}.get(
                refusal.field or "", refusal.field or "full_name"
            )
            add(field if field in FIELDS else "full_name", refusal.message)
    return found


def together(
    lines: Sequence[tuple[int, Cells]], columns: Mapping[str, int], headers: Sequence[str]
) -> dict[int, Problem]:  # fmt: skip
    """Return what is wrong between lines, by number of the line: a number twice, a number known under another name."""
    found: dict[int, Problem] = {}
    first: dict[str, tuple[int, str]] = {}
    for number, cells in lines:
        values = values_of(cells, columns)
        wanted = values["personal_id"]
        if not wanted:
            continue
        if wanted in first:
            text = _("trùng số định danh với dòng %(line)s.") % {"line": first[wanted][0]}
            found[number] = _problem(number, "personal_id", columns, headers, text)
        else:
            first[wanted] = (number, values["full_name"])
    for wanted, other in _known(first).items():
        number, name = first[wanted]
        if fold(other) != fold(name):
            text = _("số này đã có trong hệ thống với họ tên khác. Kiểm tra lại số và tên.")
            found.setdefault(number, _problem(number, "personal_id", columns, headers, text))
    return found


def _known(numbers: Iterable[str]) -> dict[str, str]:
    """Return the names known for these numbers."""
    by_index = {personal_id_index(one): one for one in numbers}
    found: dict[str, str] = {}
    indexes = list(by_index)
    for start in range(0, len(indexes), _AT_ONCE):
        rows = Person.objects.filter(personal_id_index__in=indexes[start : start + _AT_ONCE])
        for index, name in rows.values_list("personal_id_index", "full_name"):
            found[by_index[bytes(index or b"")]] = name
    return found


def _problem(
    number: int, field: str, columns: Mapping[str, int], headers: Sequence[str], text: str
) -> Problem:  # fmt: skip
    place = columns.get(field)
    if place is None:
        return Problem(str(number), str(FIELDS.get(field, "")), text)
    heading = headers[place] if place < len(headers) else ""
    return Problem(f"{column_name(place)}{number}", heading or str(FIELDS[field]), text)


def lacking(columns: Mapping[str, int]) -> list[str]:
    """Return in words which columns must still be named before anything can be taken in."""
    lacks = []
    if "full_name" not in columns and not {"family", "given"} <= set(columns):
        lacks.append(str(FIELDS["full_name"]))
    if "personal_id" not in columns:
        lacks.append(str(FIELDS["personal_id"]))
    return lacks


def as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [vars(one) for one in problems]
