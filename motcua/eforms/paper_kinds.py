"""Kinds of papers whose number, day and issuer declarations ask for, and by which names they lie in a vault. Pure.

A question says `source = "paper.marriage"` for the whole (a group of questions; of one question its number, or the day
where it asks a date), or names one fact: "paper.marriage.issuer".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.eforms.engine.model import Field
from motcua.lib.vietnamese import word_key

PREFIX = "paper."
FACTS: dict[str, Promise] = {
    "number": _("số"), "issued_on": _("ngày cấp"), "issuer": _("nơi cấp"), "valid_to": _("ngày hết hạn"),
}  # fmt: skip

#: Each kind with its words, and the beginnings of names that are papers of it: as offices and people write them.
KINDS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "birth": (_("Giấy khai sinh"), ("Giấy khai sinh", "Trích lục khai sinh", "Trích lục ghi vào sổ khai sinh")),
    "birth_notice": (_("Giấy chứng sinh"), ("Giấy chứng sinh",)),
    "marriage": (
        _("Giấy chứng nhận kết hôn"),
        ("Giấy chứng nhận kết hôn", "Giấy chứng nhận đăng ký kết hôn", "Giấy đăng ký kết hôn", "Trích lục kết hôn"),
    ),
    "single": (_("Giấy xác nhận tình trạng hôn nhân"), ("Giấy xác nhận tình trạng hôn nhân",)),
    "divorce": (
        _("Bản án, quyết định ly hôn"),
        ("Bản án ly hôn", "Bản án về việc ly hôn", "Quyết định ly hôn", "Quyết định công nhận thuận tình ly hôn"),
    ),
    "death": (_("Trích lục khai tử, giấy chứng tử"), ("Trích lục khai tử", "Giấy chứng tử")),
    "death_notice": (_("Giấy báo tử"), ("Giấy báo tử",)),
    "disability": (_("Giấy xác nhận khuyết tật"), ("Giấy xác nhận khuyết tật", "Giấy xác nhận mức độ khuyết tật")),
    "business": (
        _("Giấy chứng nhận đăng ký doanh nghiệp"),
        ("Giấy chứng nhận đăng ký doanh nghiệp", "Giấy chứng nhận đăng ký kinh doanh"),
    ),
    "household_business": (
        _("Giấy chứng nhận đăng ký hộ kinh doanh"), ("Giấy chứng nhận đăng ký hộ kinh doanh",),
    ),
    "transport": (_("Giấy phép kinh doanh vận tải"), ("Giấy phép kinh doanh vận tải",)),
    "cage_farm": (
        _("Giấy xác nhận nuôi trồng thủy sản lồng bè"),
        ("Giấy xác nhận nuôi trồng thủy sản lồng bè", "Giấy xác nhận đăng ký nuôi trồng thủy sản lồng bè"),
    ),
}  # fmt: skip

#: What a part of a group asks, by its key: those of our forms, and those that the form builder makes of the words.
_PARTS = {
    "number": "number", "so": "number", "so_giay": "number",
    "day": "issued_on", "issued_on": "issued_on", "ngay": "issued_on", "ngay_cap": "issued_on",
    "by": "issuer", "issued_by": "issuer", "issuer": "issuer", "noi_cap": "issuer", "co_quan_cap": "issuer",
    "valid_to": "valid_to", "het_han": "valid_to", "ngay_het_han": "valid_to",
    "name": "name", "ten_giay_to": "name",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What is known of one paper; empty is not known."""

    name: str
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_to: date | None = None

    def told(self) -> dict[str, str]:
        """Return the facts as answers hold them."""
        return {
            "name": self.name, "number": self.number, "issuer": self.issuer,
            "issued_on": self.issued_on.isoformat() if self.issued_on else "",
            "valid_to": self.valid_to.isoformat() if self.valid_to else "",
        }  # fmt: skip


def kind_of(name: str) -> str:
    """Return the kind that a paper is of by its name, "" of none: the longest beginning that fits wins."""
    key = f"{word_key(name)} "
    fits = [
        (len(start), kind)
        for kind, (_words, names) in KINDS.items()
        for start in (f"{word_key(one)} " for one in names)
        if key.startswith(start)
    ]
    return max(fits)[1] if fits else ""


def wanted(source: str) -> tuple[str, str]:
    """Return the kind and the fact that a question's source names; ("", "") where it names no paper."""
    if not source.startswith(PREFIX):
        return "", ""
    kind, _dot, fact = source.removeprefix(PREFIX).partition(".")
    return kind, fact


def value_for(field: Field, papers: Mapping[str, PaperFacts]) -> Any:
    """Return what a paper says for a question, None where it says nothing."""
    kind, fact = wanted(field.source)
    paper = papers.get(kind)
    if paper is None:
        return None
    facts = paper.told()
    if field.kind != "group":
        return facts.get(fact or ("issued_on" if field.kind == "date" else "number")) or None
    found = {part.key: facts[_PARTS[part.key]] for part in field.parts if part.key in _PARTS}
    return {key: value for key, value in found.items() if value} or None
