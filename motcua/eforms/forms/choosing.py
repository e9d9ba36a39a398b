"""What the builder's forms share: the revision they were drawn at, keys, and conditions.

A condition is chosen from a list of what the other questions answer; who needs more writes the line
(`engine.conditions`).
"""

import re
from collections.abc import MutableMapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.eforms import building
from motcua.eforms.describing import PAPER_SOURCES, SOURCES
from motcua.eforms.engine import conditions
from motcua.eforms.engine.model import NO, SILENT, YES
from motcua.eforms.paper_kinds import PREFIX
from motcua.eforms.tables import Table, elements
from motcua.ui.keyed import KeyedForm

BY_HAND = "~"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
HAND_HELP = gettext_lazy("Ví dụ: copies = yes, not foreign, age(born) < 14, a = x | y and b.")
KEY_HELP = gettext_lazy("Chữ thường không dấu. Đổi được đến khi công bố; điều kiện và ca thử đổi theo.")


def text_field(label: Any, longest: int, *, required: bool = False, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, **options)


def area_field(label: Any, longest: int, rows: int, **options: Any) -> forms.CharField:
    return text_field(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


class SeenForm(KeyedForm):
    """A form that knows the revision of the draft its page was drawn at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def revision(self) -> int:
        """Return that revision; 0 where none was sent."""
        return int(self.cleaned_data.get("seen") or 0)


def picks(table: Table, path: str) -> list[tuple[str, Any]]:
    """Return what a condition at `path` can be chosen from: (line, words), grouped by question.

    Nothing waits for an answer inside itself; a part of a group is named with its group.
    """
    home = building.parent_of(path)
    found: list[tuple[str, Any]] = []
    for at, one in elements(table):
        section, _dot, rest = at.partition(".")
        repeats = bool((building.find(table, section) or {}).get("rows"))
        if not rest or f"{at}.".startswith(f"{path}.") or one["kind"] in SILENT or one["kind"] == "group":
            continue
        if repeats and section != home.partition(".")[0]:
            continue
        name = rest.partition(".")[2] if home.count(".") and home == building.parent_of(at) else rest
        group = building.find(table, building.parent_of(at)) if rest.count(".") else None
        label = f"{group['label'][:40]}: {one['label'][:60]}" if group else one["label"][:60]
        home_words = (building.find(table, section) or {}).get("title", "")[:40]
        found.append(
            (f"{home_words}: {label}", [(line, f"{label}: {words}") for line, words in _answers(name, one)])
        )
    return found


def _answers(name: str, one: Table) -> list[tuple[str, str]]:
    if one["kind"] == "yes_no":
        return [(f"{name} = {YES}", _("Có")), (f"{name} = {NO}", _("Không"))]
    codes = [option.partition(":") for option in one.get("options", ())]
    found = [(conditions.written(["in", name, [code.strip()]]), words.strip()) for code, _c, words in codes]
    return [*found, (name, _("đã trả lời")), (f"not {name}", _("không trả lời"))]


class ConditionMixin:
    """The pair "chosen from a list" and "written by hand" that makes a condition."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def offer(self, table: Table, path: str, initial: MutableMapping[str, Any], always: str) -> None:
        """Fill the list; what stands there and is not in it is shown as written by hand."""
        offered = picks(table, path)
        lines = {line for _label, rows in offered for line, _words in rows}
        pick = self.fields["show_pick"]
        assert isinstance(pick, forms.ChoiceField)
        pick.choices = [("", always), *offered, (BY_HAND, _("Theo điều kiện viết ở ô dưới"))]
        line = initial.get("show", "")
        initial["show_pick"] = line if line in lines or not line else BY_HAND
        initial["show"] = "" if line in lines else line

    def shown_when(self) -> str:
        """Return the line."""
        pick = self.cleaned_data.get("show_pick", "")
        return str(self.cleaned_data.get("show", "")) if pick == BY_HAND else str(pick)


def condition_of(text: str) -> str:
    """Return the line as we write it; raises ValidationError with where it breaks off."""
    if not text.strip():
        return ""
    try:
        return conditions.written(conditions.parse(text.strip()))
    except conditions.BadCondition as broken:
        say = _("Điều kiện không đọc được, từ chỗ “%(where)s”.") % {"where": str(broken)[:40]}
        raise forms.ValidationError(say) from broken


def pick_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Chỉ hỏi khi"), required=False)


def hand_field() -> forms.CharField:
    return text_field(gettext_lazy("Điều kiện viết tay"), 1000, help_text=HAND_HELP)


class KeyMixin:
    """The key of an element."""

    cleaned_data: dict[str, Any]

    def clean_key_name(self) -> str:
        """Refuse what is no key."""
        key = str(self.cleaned_data.get("key_name", "")).strip()
        if key and not _KEY.fullmatch(key):
            raise forms.ValidationError(
                _("Khóa “%(key)s”: chỉ dùng chữ thường không dấu, số, gạch dưới.") % {"key": key}
            )
        return key

    def clean_show(self) -> str:
        """Read the condition."""
        return condition_of(str(self.cleaned_data.get("show", "")))

    def clean_need(self) -> str:
        """Read the condition."""
        return condition_of(str(self.cleaned_data.get("need", "")))


def source_choices() -> list[tuple[Any, Any]]:
    """Return what a question may be filled in from: the applicant's own data, then papers of their vault by kind."""
    own = [(source, words) for source, words in SOURCES.items() if not source.startswith(PREFIX)]
    papers = [(next(iter(group.values())), list(group.items())) for group in PAPER_SOURCES.values()]
    return [
        ("", _("Không điền sẵn")), (_("Người nộp"), own),
        *((_("Kho giấy tờ: %(paper)s") % {"paper": words}, facts) for words, facts in papers),
    ]  # fmt: skip
