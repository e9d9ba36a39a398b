"""Conditions in words: why a question stands there although it need not be answered."""

from django.utils.translation import gettext as _

from motcua.eforms.engine.model import Condition, Field, Form
from motcua.eforms.engine.showing import YES_NO


def only_when(form: Form, condition: Condition | None, beside: tuple[Field, ...] = ()) -> str:
    """Return "Chỉ trả lời khi …" for a condition; a general sentence for one that is hard to say."""
    said = _said(
        condition, {one.key: one for _section, one in form.fields()} | {one.key: one for one in beside}
    )
    if not said:
        return _("Chỉ trả lời khi các câu trên cần đến.")
    return _("Chỉ trả lời khi %(condition)s.") % {"condition": said}


def _said(condition: Condition | None, fields: dict[str, Field]) -> str:
    match condition:
        case ["in", str(path), list(codes)] if path in fields:
            words = _words(fields[path])
            return _("“%(label)s” là %(answer)s") % {
                "label": fields[path].label, "answer": _(" hoặc ").join(words.get(str(one), str(one)) for one in codes),
            }  # fmt: skip
        case ["filled", str(path)] if path in fields:
            return _("đã điền “%(label)s”") % {"label": fields[path].label}
        case ["not", ["filled", str(path)]] if path in fields:
            return _("không điền “%(label)s”") % {"label": fields[path].label}
        case ["and", *parts]:
            said = [_said(one, fields) for one in parts]
            return _(" và ").join(said) if all(said) else ""
        case ["or", *parts]:
            said = [_said(one, fields) for one in parts]
            return _(" hoặc ").join(said) if all(said) else ""
    return ""


def _words(field: Field) -> dict[str, str]:
    return YES_NO if field.kind == "yes_no" else dict(field.options)
