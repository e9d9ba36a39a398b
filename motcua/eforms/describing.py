"""A form in words, element by element, and what two of them say differently. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.eforms.paper_kinds import FACTS, PREFIX
from motcua.eforms.paper_kinds import KINDS as PAPERS
from motcua.eforms.tables import FRAME, Table, elements

KINDS = {
    "text": gettext_lazy("Một dòng chữ"),
    "long": gettext_lazy("Đoạn văn"),
    "name": gettext_lazy("Họ tên người"),
    "personal_id": gettext_lazy("Số định danh cá nhân"),
    "date": gettext_lazy("Ngày"),
    "moment": gettext_lazy("Ngày và giờ"),
    "number": gettext_lazy("Số"),
    "money": gettext_lazy("Số tiền"),
    "yes_no": gettext_lazy("Có hoặc không"),
    "choice": gettext_lazy("Chọn một"),
    "several": gettext_lazy("Chọn nhiều"),
    "code": gettext_lazy("Chọn từ danh mục"),
    "address": gettext_lazy("Địa chỉ"),
    "phone": gettext_lazy("Điện thoại"),
    "email": gettext_lazy("Thư điện tử"),
    "file": gettext_lazy("Tệp đính kèm"),
    "group": gettext_lazy("Nhóm ô"),
    "computed": gettext_lazy("Máy tự tính"),
    "note": gettext_lazy("Lời dẫn, không hỏi gì"),
}
LISTS = {
    "province": gettext_lazy("Tỉnh, thành phố"),
    "commune": gettext_lazy("Xã, phường, đặc khu"),
    "nation": gettext_lazy("Quốc gia"),
    "ethnic_group": gettext_lazy("Dân tộc"),
    "bank": gettext_lazy("Ngân hàng"),
}
WAYS = {
    "sum": gettext_lazy("Cộng các số"),
    "product": gettext_lazy("Nhân các số"),
    "count": gettext_lazy("Đếm số dòng của phần lặp"),
    "age": gettext_lazy("Tuổi, từ ngày sinh"),
    "date_words": gettext_lazy("Ngày viết bằng chữ"),
    "money_words": gettext_lazy("Số tiền viết bằng chữ"),
    "join": gettext_lazy("Ghép các ô chữ"),
}
SOURCES: dict[str, Promise | str] = {
    "identity.full_name": gettext_lazy("Họ tên"),
    "identity.born": gettext_lazy("Ngày sinh"),
    "identity.sex": gettext_lazy("Giới tính"),
    "identity.ethnic_group": gettext_lazy("Dân tộc"),
    "identity.nation": gettext_lazy("Quốc tịch"),
    "identity.personal_id": gettext_lazy("Số định danh"),
    "identity.paper": gettext_lazy("Giấy tờ tùy thân"),
    "identity.residence": gettext_lazy("Nơi cư trú"),
    "identity.phone": gettext_lazy("Điện thoại"),
    "identity.email": gettext_lazy("Thư điện tử"),
}
#: Papers of the applicant's vault: the whole (a group of questions), or one fact of it.
PAPER_SOURCES: dict[str, dict[str, Promise | str]] = {
    kind: {
        f"{PREFIX}{kind}": words,
        **{f"{PREFIX}{kind}.{fact}": format_lazy("{}: {}", words, said) for fact, said in FACTS.items()},
    }
    for kind, (words, _names) in PAPERS.items()
}
SOURCES |= {source: words for group in PAPER_SOURCES.values() for source, words in group.items()}
_NAMES = {
    "title": gettext_lazy("Tên"),
    "basis": gettext_lazy("Căn cứ"),
    "intro": gettext_lazy("Lời dẫn"),
    "pledge": gettext_lazy("Lời cam đoan"),
    "to": gettext_lazy("Kính gửi"),
    "signature": gettext_lazy("Người ký"),
    "label": gettext_lazy("Câu hỏi"),
    "kind": gettext_lazy("Loại"),
    "help": gettext_lazy("Lời hướng dẫn"),
    "required": gettext_lazy("Bắt buộc"),
    "need": gettext_lazy("Bắt buộc khi"),
    "show": gettext_lazy("Chỉ hỏi khi"),
    "options": gettext_lazy("Các lựa chọn"),
    "list": gettext_lazy("Danh mục"),
    "longest": gettext_lazy("Dài nhất (chữ)"),
    "least": gettext_lazy("Nhỏ nhất"),
    "most": gettext_lazy("Lớn nhất"),
    "decimals": gettext_lazy("Số chữ số thập phân"),
    "earliest": gettext_lazy("Sớm nhất"),
    "latest": gettext_lazy("Muộn nhất"),
    "partial": gettext_lazy("Được chỉ ghi năm"),
    "compute": gettext_lazy("Cách tính"),
    "own": gettext_lazy("Mẫu chính thức không đánh số"),
    "source": gettext_lazy("Điền sẵn từ"),
    "default": gettext_lazy("Trả lời sẵn"),
    "rows": gettext_lazy("Lặp lại (ít nhất, nhiều nhất)"),
    "item": gettext_lazy("Mỗi dòng gọi là"),
    "restart": gettext_lazy("Đánh số lại từ đầu"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact that differs; an empty side says that it is not there. `kind`: changed, added, removed."""

    label: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One element that differs."""

    key: str
    lines: list[Line] = field(default_factory=list)


def facts(element: Table) -> Iterator[tuple[str, str]]:
    """Yield what an element says: each fact's name and its words."""
    for name, label in _NAMES.items():
        if name in element and name != "section":
            yield str(label), _said(name, element[name])


def _said(name: str, value: Any) -> str:
    tables: dict[str, Mapping[str, Promise | str]] = {"kind": KINDS, "list": LISTS, "source": SOURCES}
    table = tables.get(name)
    if table is not None:
        return str(table.get(value, value))
    if name in ("earliest", "latest"):
        return bound(value)
    if value is True:
        return _("có")
    if name == "compute":
        return f"{WAYS.get(value[0], value[0])}: {', '.join(value[1:])}"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value) if name == "options" else "–".join(map(str, value))
    return str(value)


def bound(text: str) -> str:
    """Return a bound of a date as a person reads and writes it."""
    if text == "today":
        return _("hôm nay")
    if text.startswith("today-"):
        return _("hôm nay - %(n)s năm") % {"n": text.removeprefix("today-").removesuffix("y")}
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


def between(before: Table, after: Table) -> list[Unit]:
    """Return what `after` says otherwise than `before`, in the order of the form; same path, same element."""
    found = [*_unit("", _frame(before), _frame(after), _("Tờ khai"))]
    old, new = dict(elements(before)), dict(elements(after))
    for path in [*new, *(path for path in old if path not in new)]:
        found += _unit(path, old.get(path), new.get(path), name_of(new.get(path) or old[path]))
    for name, label in (("rule", _("Kiểm tra giữa các câu")), ("signer", _("Người cùng xác nhận"))):
        here, there = _rows(before.get(name, [])), _rows(after.get(name, []))
        if here != there:
            kind = "added" if not here else "removed" if not there else "changed"
            found.append(Unit(name, [Line(label, kind, here, there)]))
    order = [path for path, _one in elements(before) if path in new]
    if order != [path for path in new if path in old]:
        found.append(
            Unit("!order", [Line(_("Thứ tự câu hỏi"), "changed", _labels(before, order), _labels(after, list(new)))])
        )  # fmt: skip
    return found


def same_place(before: Table, after: Table) -> list[Unit]:
    """Return what two texts of one element say differently."""
    return list(_unit("", before, after, name_of(after)))


def name_of(element: Table) -> str:
    """Return the words an element is known by."""
    return str(element.get("label") or element.get("title") or element.get("key") or "")


def _frame(table: Table) -> Table:
    return {name: table[name] for name in FRAME if table.get(name)}


def _unit(path: str, before: Table | None, after: Table | None, name: str) -> Iterator[Unit]:
    here = dict(facts(before)) if before else {}
    there = dict(facts(after)) if after else {}
    if before is None or after is None:
        say: Callable[[dict[str, str]], str] = lambda it: "\n".join(f"{k}: {v}" for k, v in it.items())  # noqa: E731
        yield Unit(path, [Line(name, "added" if after else "removed", say(here), say(there))])
        return
    lines = [
        Line(f"{name} · {label}", "changed", here.get(label, ""), there.get(label, ""))
        for label in [*there, *(label for label in here if label not in there)]
        if here.get(label) != there.get(label)
    ]
    if lines:
        yield Unit(path, lines)


def _rows(rows: list[Table]) -> str:
    """Return rows in words; the database keeps no order of their names."""
    names = ("title", "name", "holds", "show", "say", "at")
    return "\n".join("; ".join(str(row[name]) for name in names if row.get(name)) for row in rows)


def _labels(table: Table, paths: list[str]) -> str:
    found = dict(elements(table))
    return "\n".join(name_of(found[path]) for path in paths if path in found)
