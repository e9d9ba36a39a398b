"""What the `field` tag needs to know about a Django form field: control, ids, attributes."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

_CONTROLS: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.TextInput, "input"),
]
_CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "input": "govuk-input",
}


def control(bound: BoundField) -> str:
    """Name the kind of control a field is drawn with."""
    return next((name for kind, name in _CONTROLS if isinstance(bound.field.widget, kind)), "input")


def target_id(bound: BoundField) -> str:
    """Return the id an error link must lead to: the control, or the first of a group."""
    if control(bound) in {"radios", "checkboxes"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def errors(bound: BoundField) -> list[str]:
    """Return what is wrong with a field, naming the field: Django's "Trường này là bắt buộc." helps nobody.

    Messages that a form states itself stay as they are.
    """
    found = []
    data = bound.form.errors.get(bound.name)
    for error in data.as_data() if data is not None else []:
        default = type(bound.field).default_error_messages.get(error.code or "")
        own = default is not None and error.message != default and error.code != "required"
        text = " ".join(str(one) for one in error.messages)
        if error.code == "required" and text == str(forms.Field.default_error_messages["required"]):
            text = _missing(bound)
        elif error.code == "invalid_choice" and not own:
            text = _("Xin chọn lại: %(label)s") % {"label": bound.label}
        if text not in found:
            found.append(text)
    return found


def _missing(bound: BoundField) -> str:
    words = {
        "radios": _("Chưa chọn: %(label)s"),
        "checkboxes": _("Chưa chọn: %(label)s"),
        "select": _("Chưa chọn: %(label)s"),
        "checkbox": _("Chưa đánh dấu: %(label)s"),
        "file": _("Chưa có tệp. Chọn một tệp ở ô “%(label)s”."),
    }
    return words.get(control(bound), _("Chưa điền: %(label)s")) % {"label": bound.label}


def context(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """Return the context of `ui/components/field.html`."""
    kind = control(bound)
    hint = options.get("hint", bound.help_text)
    error_text = ". ".join(text.rstrip(".") for text in errors(bound))
    group = kind in {"radios", "checkboxes"}
    described = [f"{bound.auto_id}-hint"] if hint else []
    described += [f"{bound.auto_id}-error"] if error_text else []
    attributes = _attributes(bound, kind, options, described, bool(error_text))
    return {
        "bound": bound,
        "kind": kind,
        "group": group,
        "hint": hint,
        "error": error_text,
        "label": options.get("label", bound.label),
        "optional": options.get("optional", True) and not bound.field.required and kind != "checkbox",
        "described": " ".join(described),
        "html": "" if group else bound.as_widget(attrs=attributes),
        "choices": _choices(bound, options) if group else [],
        "options": options,
        "combobox_id": f"{bound.auto_id}-list",
    }


def _attributes(
    bound: BoundField, kind: str, options: dict[str, Any], described: list[str], wrong: bool
) -> dict[str, Any]:
    classes = [_CLASSES.get(kind, "")]
    if wrong and kind in _CLASSES:
        classes.append(f"{_CLASSES[kind]}--error")
    if width := options.get("width"):
        classes.append(f"govuk-input--width-{width}")
    if kind == "checkbox":
        classes = ["govuk-checkboxes__input"]
    attributes: dict[str, Any] = {"class": " ".join(one for one in classes if one)}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    attributes["aria-invalid"] = "true" if wrong else False
    for option in ("key", "scan", "autosave", "combobox", "upload"):
        if value := options.get(option):
            attributes[f"data-{option}"] = value
    if options.get("upload"):
        attributes["data-upload-list"] = f"{bound.auto_id}-files"
        attributes |= {f"data-{name}": "" for name in ("shrink", "join") if options.get(name)}
        if options.get("join"):
            attributes["multiple"] = True
        if options.get("ticket"):
            attributes["data-ticket"] = str(options["ticket"])
    if key := options.get("key"):
        attributes["aria-keyshortcuts"] = str(key).replace("Ctrl", "Control")
    if kind == "textarea":
        attributes.setdefault("rows", options.get("rows", bound.field.widget.attrs.get("rows", 4)))
    return attributes


def _choices(bound: BoundField, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the choices of a radio or checkbox group with their ids, drawn one by one."""
    found = []
    for widget in bound.subwidgets:
        data = widget.data
        hints = options.get("hints") or {}
        found.append(
            {
                "id": data["attrs"]["id"],
                "name": data["name"],
                "value": data["value"],
                "label": data["label"],
                "checked": data["selected"],
                "hint": hints.get(data["value"], ""),
            }
        )
    return found
