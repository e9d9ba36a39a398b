"""What is wrong with a definition, in plain words for whoever builds forms. Nothing found: it may be published."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from motcua.base.codelists import lists
from motcua.eforms.engine import conditions
from motcua.eforms.engine.computing import FROM, MANY, WAYS
from motcua.eforms.engine.model import KINDS, MOST_FIELDS, MOST_ROWS, NO, YES, Condition, Field, Form, Section
from motcua.eforms.engine.schema import Json, form_of

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_LABEL = 300
_WITH_OPTIONS = {"choice", "several"}
_NEVER_IN_A_GROUP = {"group", "computed"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where (a section or field), and what to do about it."""

    at: str
    say: str


def faults(schema: Json) -> list[Fault]:
    """Return all that is wrong with a stored definition."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return [
            Fault(
                ".".join(map(str, error.path)),
                _("Không phải JSON Schema: %(why)s") % {"why": error.message[:200]},
            )
        ]
    try:
        form = form_of(schema)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return [Fault("", _("Thiếu hoặc sai phần bắt buộc: %(why)s") % {"why": repr(error)[:200]})]
    return faults_of(form)


def faults_of(form: Form) -> list[Fault]:
    """Return all that is wrong with a form."""
    return [*_frame(form), *_keys(form), *_fields(form), *_conditions(form), *_answers(form), *_signers(form)]


def _frame(form: Form) -> Iterator[Fault]:
    if not form.title.strip():
        yield Fault("", _("Biểu mẫu chưa có tên."))
    if not form.sections:
        yield Fault("", _("Biểu mẫu chưa có phần nào."))
    if sum(1 for _one in form.fields()) > MOST_FIELDS:
        yield Fault("", _("Biểu mẫu có hơn %(n)s câu hỏi. Tách thành nhiều biểu mẫu.") % {"n": MOST_FIELDS})
    for section in form.sections:
        if not section.fields:
            yield Fault(section.key, _("Phần “%(title)s” chưa có câu hỏi nào.") % {"title": section.title})
        if not section.title.strip():
            yield Fault(section.key, _("Phần này chưa có tên."))
        least, most = section.rows or (0, 1)
        if not 0 <= least <= most <= MOST_ROWS or most < 1:
            yield Fault(
                section.key,
                _("Số dòng lặp phải từ 0 đến %(n)s, số ít nhất không quá số nhiều nhất.") % {"n": MOST_ROWS},
            )


def _keys(form: Form) -> Iterator[Fault]:
    taken: set[str] = set()
    for section in form.sections:
        names = [section.key] if section.rows else []
        own: set[str] = set()
        for key in [*names, *(field.key for field in section.fields)]:
            here = own if section.rows and key != section.key else taken
            if not _KEY.fullmatch(key):
                yield Fault(
                    key, _("Khóa “%(key)s”: chỉ dùng chữ thường không dấu, số, gạch dưới.") % {"key": key}
                )
            if key in here:
                yield Fault(key, _("Khóa “%(key)s” dùng hai lần.") % {"key": key})
            here.add(key)


def _fields(form: Form) -> Iterator[Fault]:
    for section, field in form.fields():
        yield from _field(section, field)
        for part in field.parts:
            if part.kind in _NEVER_IN_A_GROUP:
                yield Fault(f"{field.key}.{part.key}", _("Trong một nhóm không đặt được loại câu hỏi này."))
            yield from _field(section, part)
        if field.kind == "group" and not field.parts:
            yield Fault(field.key, _("Nhóm chưa có ô nào."))


def _field(section: Section, field: Field) -> Iterator[Fault]:
    if field.kind not in KINDS:
        yield Fault(field.key, _("Không có loại câu hỏi “%(kind)s”.") % {"kind": field.kind})
        return
    if not field.label.strip() or len(field.label) > _LONGEST_LABEL:
        yield Fault(field.key, _("Câu hỏi phải có lời, không quá %(n)s chữ.") % {"n": _LONGEST_LABEL})
    codes = [code for code, _words in field.options]
    if field.kind in _WITH_OPTIONS and len(codes) < 2:
        yield Fault(field.key, _("Câu hỏi chọn cần ít nhất hai lựa chọn."))
    if len(codes) != len(set(codes)) or "" in codes:
        yield Fault(field.key, _("Mỗi lựa chọn cần một mã riêng, không để trống."))
    said = [words for _code, words in field.options]
    if len(said) != len(set(said)) or "" in said:
        yield Fault(field.key, _("Có lựa chọn ghi hai lần, hoặc không có lời."))
    if field.kind == "code" and field.list not in lists.NAMES:
        yield Fault(field.key, _("Không có danh mục “%(name)s”.") % {"name": field.list})
    if field.least is not None and field.most is not None and field.least > field.most:
        yield Fault(field.key, _("Số nhỏ nhất lớn hơn số lớn nhất."))
    if field.kind == "computed" and (field.compute is None or field.compute[0] not in WAYS):
        yield Fault(field.key, _("Ô tự tính chưa nói tính thế nào."))
    if field.kind == "file" and section.rows:
        yield Fault(field.key, _("Không đặt tệp trong phần lặp; đặt ở một phần riêng."))


def _conditions(form: Form) -> Iterator[Fault]:
    known = _paths(form)
    for section in form.sections:
        local = known | ({field.key for field in section.fields} if section.rows else set())
        yield from _condition(section.key, section.show, known)
        for field in section.fields:
            inner = local | {f"{field.key}.{part.key}" for part in field.parts}
            for one in (field.show, field.need):
                yield from _condition(field.key, one, inner)
            for part in field.parts:
                beside = inner | {other.key for other in field.parts}
                for one in (part.show, part.need):
                    yield from _condition(f"{field.key}.{part.key}", one, beside)
            yield from _computed(form, section, field)
    yield from _circles(form)
    for rule in form.rules:
        yield from _condition(rule.at, rule.holds, known)
        if rule.at not in known:
            yield Fault(rule.at, _("Điều kiểm tra đặt cạnh ô không có."))
        if not rule.say.strip():
            yield Fault(rule.at, _("Điều kiểm tra chưa có lời nhắc."))


def _computed(form: Form, section: Section, field: Field) -> Iterator[Fault]:
    """What a computed question is worked out from is there, is enough, and is of a kind that its way can use."""
    if field.compute is None or field.compute[0] not in WAYS:
        return
    way, sources = field.compute
    if len(sources) < MANY.get(way, 1):
        yield Fault(field.key, str(_TOO_FEW[way]))
    if len(sources) > 1 and way not in MANY:
        yield Fault(field.key, _("Cách tính này chỉ dùng một câu. Bỏ bớt ở “Tính từ”."))
    for path in sources:
        found = _source(form, section, path)
        if found is None:
            yield Fault(field.key, _("Tính từ ô “%(path)s” không có trong biểu mẫu.") % {"path": path})
        elif isinstance(found, Section):
            if way != "count":
                yield Fault(field.key, _UNFIT[way] % {"label": found.title})
        elif found.kind != "computed" and (
            found.kind not in FROM[way] or (way != "sum" and _through_rows(form, path))
        ):
            yield Fault(field.key, _UNFIT[way] % {"label": found.label})


def _source(form: Form, section: Section, path: str) -> Section | Field | None:
    """Return what a computed question of a section names: a question beside it, one of a plain section, rows."""
    steps = path.split(".")
    rows = form.section(steps[0])
    if rows is not None and rows.rows:
        if len(steps) == 1:
            return rows
        return next((one for one in rows.fields if one.key == steps[1]), None)
    homes = [section, *(one for one in form.sections if not one.rows and one is not section)]
    found = next((one for home in homes for one in home.fields if one.key == steps[0]), None)
    if found is not None and len(steps) > 1:
        return next((part for part in found.parts if part.key == steps[1]), None)
    return found


def _through_rows(form: Form, path: str) -> bool:
    """Tell whether a path means a question of every row: there are many answers to it."""
    rows = form.section(path.partition(".")[0])
    return rows is not None and rows.rows is not None and "." in path


_SOME = gettext_lazy("Ô tự tính chưa nói tính từ câu nào. Đánh dấu ở “Tính từ”.")
_TOO_FEW = dict.fromkeys(WAYS, _SOME) | {
    "product": gettext_lazy("Nhân các số cần ít nhất hai câu. Đánh dấu ở “Tính từ”."),
}
_UNFIT = {
    "sum": gettext_lazy("Chỉ cộng được câu loại Số hoặc Số tiền; “%(label)s” không phải."),
    "product": gettext_lazy(
        "Chỉ nhân được câu loại Số hoặc Số tiền, mỗi câu một số; “%(label)s” không phải."
    ),
    "count": gettext_lazy("Chỉ đếm được số dòng của một phần lặp; “%(label)s” không phải."),
    "age": gettext_lazy("Tuổi chỉ tính được từ câu loại Ngày; “%(label)s” không phải."),
    "date_words": gettext_lazy("Chỉ viết bằng chữ được câu loại Ngày; “%(label)s” không phải."),
    "money_words": gettext_lazy("Chỉ viết bằng chữ được câu loại Số tiền hoặc Số; “%(label)s” không phải."),
    "join": gettext_lazy("Chỉ ghép được câu loại chữ hoặc số; “%(label)s” không phải."),
}


def _circles(form: Form) -> Iterator[Fault]:
    """A question that is shown only if it was answered itself, straight or by way of others, is never shown."""
    wants = {}
    for section, field in form.fields():  # what stands in rows cannot be named from outside them
        also = set() if section.rows else conditions.needs(section.show)
        wants[field.key] = _heads(conditions.needs(field.show) | also)
    for key in wants:
        reached, todo = set(), set(wants[key])
        while todo:
            one = todo.pop()
            reached.add(one)
            todo |= wants.get(one, set()) - reached
        if key in reached:
            yield Fault(key, _("Câu hỏi này chỉ hiện khi chính nó đã được trả lời."))
    reckoned = {field.key for _section, field in form.fields() if field.kind == "computed"}
    for _section, field in form.fields():
        if field.compute and reckoned & _heads(set(field.compute[1])):
            yield Fault(field.key, _("Ô tự tính chỉ tính từ ô người dân điền, không từ ô tự tính khác."))


def _heads(paths: set[str]) -> set[str]:
    return {path.partition(".")[0] for path in paths}


def _answers(form: Form) -> Iterator[Fault]:
    """A condition must not wait for an answer that the question does not offer."""
    offered = {}
    for _section, field in form.fields():
        for path, one in [(field.key, field), *((f"{field.key}.{part.key}", part) for part in field.parts)]:
            if one.kind in _WITH_OPTIONS or one.kind == "yes_no":
                offered[path] = {code for code, _words in one.options} or {YES, NO}
    asked = [(one.key, one.show) for one in form.sections]
    asked += [(field.key, one) for _section, field in form.fields() for one in (field.show, field.need)]
    asked += [(rule.at, rule.holds) for rule in form.rules]
    for at, condition in asked:
        for path, codes in conditions.codes_asked(condition):
            for code in codes:
                if code not in offered.get(path, {code}):
                    say = _("Điều kiện hỏi lựa chọn “%(code)s” mà câu “%(path)s” không có.")
                    yield Fault(at, say % {"code": code, "path": path})


def _condition(at: str, condition: Condition | None, known: set[str]) -> Iterator[Fault]:
    if condition is None:
        return
    if broken := conditions.fault(condition):
        yield Fault(at, _("Điều kiện không đọc được: %(text)s") % {"text": broken})
        return
    for path in conditions.paths(condition):
        if path not in known:
            yield Fault(at, _("Điều kiện hỏi ô “%(path)s” không có trong biểu mẫu.") % {"path": path})


def _paths(form: Form) -> set[str]:
    found: set[str] = set()
    for section in form.sections:
        if section.rows:
            found.add(section.key)
            continue
        for field in section.fields:
            found.add(field.key)
            found |= {f"{field.key}.{part.key}" for part in field.parts}
            if field.kind == "address":
                found |= {f"{field.key}.{name}" for name in ("province", "commune", "nation")}
    return found


def _signers(form: Form) -> Iterator[Fault]:
    known = _paths(form)
    keys: list[Any] = [one.key for one in form.signers]
    for signer in form.signers:
        if signer.name not in known:
            yield Fault(signer.key, _("Người cùng xác nhận lấy tên từ ô không có."))
        yield from _condition(signer.key, signer.show, known)
    if len(keys) != len(set(keys)):
        yield Fault("", _("Hai người cùng xác nhận trùng khóa."))
