"""What is wrong with an answer, by field path, and the content that somebody confirms or hands in."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.codelists import lists
from motcua.eforms.engine import conditions, dates
from motcua.eforms.engine.model import (
    ABROAD,
    NO,
    SILENT,
    TEXTS,
    YES,
    Field,
    Form,
    Section,
    Values,
    blank,
    places,
    rows_of,
)
from motcua.lib import personal_id
from motcua.lib.phone import normalize_phone
from motcua.lib.vietnamese import has_strange_letters

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_SHORT_LIST = 6
BIGGEST = 512 * 1024  # bytes of JSON that one answer may take

Faults = dict[str, str]


def check(form: Form, values: Values, *, on: date) -> Faults:
    """Return everything that keeps an answer from being complete: path → sentence, in the order of the form.

    What is not shown is not looked at. Empty: complete.
    """
    found: Faults = {}
    for section, field, path, beside in places(form, values):
        if visible(section, field, values, beside, on):
            for at, say in _faults(field, path, values | beside, on, value=beside.get(field.key)):
                found.setdefault(at, say)
    for section in form.sections:
        if section.rows and conditions.true(section.show, values, on=on):
            found |= _count(section, len(rows_of(section, values)))
    for rule in form.rules:
        asked = {path.partition(".")[0] for path in conditions.paths(rule.holds)}
        if any(blank(values.get(key)) for key in asked) or rule.at in found:
            continue
        if not conditions.true(rule.holds, values, on=on):
            found[rule.at] = rule.say
    return found


def check_section(form: Form, section: Section, values: Values, *, on: date) -> Faults:
    """Return the faults of one section."""
    own = {field.key for field in section.fields} | {section.key}
    return {
        path: say for path, say in check(form, values, on=on).items() if path.partition(".")[0] in own
    }  # fmt: skip


def visible(section: Section, field: Field, values: Values, beside: Values, on: date) -> bool:
    """Tell whether a question is asked: its section's condition and its own hold."""
    return conditions.true(section.show, values, on=on) and conditions.true(
        field.show, values | beside, on=on
    )


def clean(form: Form, values: Values, *, on: date) -> Values:
    """Return what is handed in: only what is asked and answered. The typed rest stays in the stored answer."""
    found: Values = {}
    for section in form.sections:
        if not conditions.true(section.show, values, on=on):
            continue
        if section.rows is None:
            found |= _clean(section.fields, values, values, on)
        else:
            rows = [_clean(section.fields, row, values | row, on) for row in rows_of(section, values)]
            found[section.key] = [row for row in rows if row]
    return found


def _clean(fields: tuple[Field, ...], own: Values, scope: Values, on: date) -> Values:
    found: Values = {}
    for field in fields:
        value = own.get(field.key)
        if field.kind in SILENT or blank(value) or not conditions.true(field.show, scope, on=on):
            continue
        if field.kind == "group" and isinstance(value, dict):
            value = _clean(field.parts, value, scope | value, on)
        if not blank(value):
            found[field.key] = value
    return found


def digest(definition: str, values: Values) -> str:
    """Return the SHA-256 of a content under its definition (that one's own digest), as 64 hex digits."""
    body = json.dumps([definition, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def mark(content: str) -> str:
    """Return the mark that is printed for a digest: 16 letters in groups of four; the same content, the same mark."""
    letters = base64.b32encode(bytes.fromhex(content)[:10]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def too_big(values: Values) -> bool:
    """Tell whether an answer takes more room than one may."""
    return len(json.dumps(values, ensure_ascii=False).encode()) > BIGGEST


# ── One field


def _count(section: Section, count: int) -> Faults:
    least, most = section.rows or (0, 0)
    item = section.item or section.title
    if count < least:
        return {section.key: _("%(item)s: cần ít nhất %(n)s.") % {"item": item, "n": least}}
    if count > most:
        return {section.key: _("%(item)s: nhiều nhất %(n)s.") % {"item": item, "n": most}}
    return {}


def _faults(field: Field, path: str, scope: Values, on: date, *, value: Any) -> Iterator[tuple[str, str]]:
    if field.kind in SILENT:
        return
    if blank(value):
        if field.required and conditions.true(field.need, scope, on=on):
            yield path, missing(field)
        return
    if field.kind == "group":
        if not isinstance(value, dict):
            yield path, _again(field)
            return
        for part in field.parts:
            inner = scope | value
            if conditions.true(part.show, inner, on=on):
                yield from _faults(part, f"{path}.{part.key}", inner, on, value=value.get(part.key))
        return
    if field.kind == "address":
        yield from _address(field, path, value, on)
        return
    if say := _CHECKS.get(field.kind, _text)(field, value, on):
        yield path, say


def missing(field: Field) -> str:
    """Return what is said of a question that was not answered."""
    if field.kind in {"choice", "several", "yes_no", "code"}:
        return _("Chưa chọn: %(label)s") % {"label": field.label}
    if field.kind == "file":
        return _("Chưa có tệp: %(label)s") % {"label": field.label}
    return _("Chưa điền: %(label)s") % {"label": field.label}


def _again(field: Field) -> str:
    return _("Điền lại: %(label)s") % {"label": field.label}


def _text(field: Field, value: Any, on: date) -> str:
    if not isinstance(value, str) or field.kind not in TEXTS:
        return _again(field)
    if len(value) > field.longest:
        return _("%(label)s: dài nhất %(n)s chữ, ở đây có %(have)s.") % {
            "label": field.label, "n": field.longest, "have": len(value),
        }  # fmt: skip
    return ""


def _name(field: Field, value: Any, on: date) -> str:
    if say := _text(field, value, on):
        return say
    if not _NAME.fullmatch(value):
        return _("%(label)s: chỉ gồm chữ, viết như trong giấy tờ.") % {"label": field.label}
    foreign = field.key.endswith("foreign")
    if has_strange_letters(value) and not foreign and not value.isascii() and _broken_font(value):
        return _("%(label)s: có chữ lạ, có thể do phông chữ cũ. Gõ lại bằng bàn phím tiếng Việt.") % {
            "label": field.label
        }
    return ""


def _broken_font(name: str) -> bool:
    """Tell letters of an old font ("NguyÔn ThÞ") from those of a foreign name: a capital inside a word."""
    return any(one.isupper() for word in name.split() for one in word[1:]) and not name.isupper()


def _personal_id(field: Field, value: Any, on: date) -> str:
    reasons = personal_id.read(str(value), today=on).reasons
    return f"{field.label}: {reasons[0].say(_)}" if reasons else ""


def _phone(field: Field, value: Any, on: date) -> str:
    if isinstance(value, str) and normalize_phone(value):
        return ""
    return _("%(label)s: không phải số điện thoại. Viết như 0912 345 678.") % {"label": field.label}


def _email(field: Field, value: Any, on: date) -> str:
    if isinstance(value, str) and len(value) <= 254 and _EMAIL.fullmatch(value):
        return ""
    return _("%(label)s: không phải địa chỉ thư điện tử. Viết như ten@noi.vn.") % {"label": field.label}


def _number(field: Field, value: Any, on: date) -> str:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not field.decimals)
    ):
        return _("%(label)s: viết bằng chữ số, ví dụ 1.250.") % {"label": field.label}
    if field.least is not None and value < field.least:
        return _("%(label)s: nhỏ nhất là %(n)s.") % {"label": field.label, "n": _plain(field.least)}
    if field.most is not None and value > field.most:
        return _("%(label)s: lớn nhất là %(n)s.") % {"label": field.label, "n": _plain(field.most)}
    return ""


def _plain(number: float) -> str:
    return f"{int(number):,}".replace(",", ".") if number == int(number) else str(number).replace(".", ",")


def _date(field: Field, value: Any, on: date) -> str:
    day = dates.whole(value)
    moment = field.kind == "moment"
    if day is None or (moment and not dates.is_moment(value)) or ("T" in str(value) and not moment):
        shape = _("07 30, 29 11 2026") if moment else _("29 11 2026")
        return _("%(label)s: ngày này không có. Điền đủ từng ô, như %(shape)s.") % {
            "label": field.label,
            "shape": shape,
        }
    if dates.is_partial(value) and not field.partial:
        return _("%(label)s: điền đủ ngày, tháng, năm.") % {"label": field.label}
    if field.latest and day > _bound(field.latest, on):
        if field.latest == "today":
            return _("%(label)s: không thể sau hôm nay.") % {"label": field.label}
        return _("%(label)s: không thể sau %(day)s.") % {
            "label": field.label,
            "day": dates.said(field.latest),
        }
    if field.earliest and day < _bound(field.earliest, on):
        if field.earliest == "today":
            return _("%(label)s: không thể trước hôm nay.") % {"label": field.label}
        return _("%(label)s: không thể trước %(day)s.") % {
            "label": field.label,
            "day": dates.said(field.earliest),
        }
    return ""


def _bound(text: str, on: date) -> date:
    """Return a bound: "today", "today-120y", or a day."""
    if text.startswith("today"):
        years = text.removeprefix("today").removesuffix("y")
        return on + timedelta(days=round(365.25 * int(years))) if years else on
    return date.fromisoformat(text)


def _choice(field: Field, value: Any, on: date) -> str:
    codes = [YES, NO] if field.kind == "yes_no" else [code for code, _words in field.options]
    return "" if value in codes else _("Xin chọn lại: %(label)s") % {"label": field.label}


def _several(field: Field, value: Any, on: date) -> str:
    codes = {code for code, _words in field.options}
    right = isinstance(value, list) and all(isinstance(one, str) and one in codes for one in value)
    return "" if right else _("Xin chọn lại: %(label)s") % {"label": field.label}


def _code(field: Field, value: Any, on: date) -> str:
    right = isinstance(value, str) and lists.holds(field.list, value, on=on)
    return "" if right else _("Xin chọn lại: %(label)s") % {"label": field.label}


def _file(field: Field, value: Any, on: date) -> str:
    if not isinstance(value, list) or not all(isinstance(one, dict) and one.get("id") for one in value):
        return _again(field)
    if field.most is not None and len(value) > field.most:
        return _("%(label)s: nhiều nhất %(n)s tệp.") % {"label": field.label, "n": int(field.most)}
    return ""


def _address(field: Field, path: str, value: Any, on: date) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        yield path, _again(field)
        return
    province, typed = value.get("province", ""), value.get("commune_name", "")
    if province == ABROAD:
        if not lists.holds("nation", value.get("nation", ""), on=on):
            yield f"{path}.nation", _("%(label)s: chọn nước.") % {"label": field.label}
        return
    if not lists.holds("province", province, on=on):
        yield f"{path}.province", _("%(label)s: chọn tỉnh, thành phố.") % {"label": field.label}
        return
    communes = lists.rows("commune", on=on, parent=province)
    if not typed and not value.get("commune"):
        yield f"{path}.commune", _("%(label)s: điền xã, phường, đặc khu.") % {"label": field.label}
    elif communes and value.get("commune") not in {one.code for one in communes}:
        say = _("%(label)s: không có “%(typed)s” ở %(province)s. Chọn tên xã, phường theo đơn vị mới.")
        yield f"{path}.commune", say % {
            "label": field.label, "typed": typed, "province": lists.called("province", province),
        }  # fmt: skip


_CHECKS = {
    "name": _name, "personal_id": _personal_id, "phone": _phone, "email": _email, "number": _number, "money": _number,
    "date": _date, "moment": _date, "choice": _choice, "yes_no": _choice, "several": _several, "code": _code,
    "file": _file,
}  # fmt: skip


def fits(field: Field, value: Any, *, on: date) -> bool:
    """Tell whether a value passes the check of its field on its own."""
    return not list(_faults(field, field.key, {}, on, value=value))
