"""Who does whose work, from when to when, for what."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.models import Position
from motcua.dossiers.forms.act import day, line
from motcua.dossiers.picks import procedures_named
from motcua.procedures.queries.search import search

MOST = 100  # procedures of one delegation
# What fits is shown below the field while one types; without script the button beside it asks.
_AS_TYPED = {
    "data-hx-trigger": "input changed delay:250ms",
    "data-hx-target": "#stand-procedures",
    "data-hx-select": "#stand-procedures",
    "data-hx-swap": "outerHTML",
    "data-hx-include": "closest form",
    "autocomplete": "off",
}


class DelegationForm(forms.Form):
    """A delegation. `absent` is whose work it is about; the people who may do it follow from that."""

    to_position = forms.ChoiceField(label=gettext_lazy("Người làm thay"))
    first_day = day(gettext_lazy("Từ ngày"), required=True)
    last_day = day(gettext_lazy("Đến hết ngày"), required=True)
    reason = line(
        gettext_lazy("Lý do vắng"), hint=gettext_lazy("Ví dụ: nghỉ phép, đi công tác. Không ghi bệnh tình.")
    )
    find = line(
        gettext_lazy("Chỉ một số thủ tục"),
        required=False,
        most=200,
        hint=gettext_lazy("Gõ tên hoặc mã thủ tục, rồi đánh dấu thủ tục cần làm thay. Để trống: mọi việc."),
    )

    def __init__(self, *args: Any, people: list[Position], today: date, agency: int, **kwargs: Any) -> None:
        kwargs |= {"auto_id": "stand_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        field = self.fields["to_position"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn người"))] + [
            (str(one.pk), f"{one.account.full_name}, {one.title} · {one.unit.name}") for one in people
        ]
        self.fields["first_day"].initial = today
        data = self.data if self.is_bound else {}
        picked = data.getlist("procedures") if hasattr(data, "getlist") else []
        self.picked = list(dict.fromkeys(code for code in picked if code))[:MOST]
        self.names = procedures_named(self.picked)
        self.wanted = str(data.get("find", "")).strip()[:200]
        found = (
            search(self.wanted, on=today, agency=agency, current_only=True, limit=8) if self.wanted else []
        )
        self.found = [(hit.code, hit.name) for hit in found if hit.code not in self.names]
        self.fields["find"].widget.attrs |= _AS_TYPED | {"data-hx-post": reverse("delegation-new")}

    def is_looking(self) -> bool:
        """What was typed to look for a procedure has not been answered yet: show what there is, save nothing."""
        return "look" in self.data or self.wanted != self.data.get("looked_for", self.wanted)

    def shown_as_typed(self) -> None:
        """Keep what is typed without judging it: the officer is still filling in."""
        self.initial = {name: self.data.get(name, "") for name in self.fields}
        self.is_bound = False

    def clean(self) -> dict[str, Any]:
        """Refuse codes that the catalogue does not know, and a search of which nothing was ticked."""
        data = super().clean() or {}
        unknown = [code for code in self.picked if code not in self.names]
        if unknown:
            self.add_error(
                "find", _("Danh mục không có thủ tục mang mã %(codes)s.") % {"codes": ", ".join(unknown[:5])}
            )
        elif self.wanted and not self.picked:
            self.add_error("find", _("Đánh dấu thủ tục cần làm thay, hoặc xóa ô này nếu là mọi việc."))
        return {**data, "procedures": self.picked}
