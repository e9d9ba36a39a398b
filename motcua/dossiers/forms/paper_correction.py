"""The form of a correction after issue: why, and the texts that only the paper itself says."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.base.printing import data as printed
from motcua.dossiers import paper_corrections
from motcua.ui.keyed import KeyedForm


class PaperCorrectionForm(KeyedForm):
    """One box for each free text of the paper, with what was printed in it."""

    reason = forms.CharField(
        label=_("Vì sao sửa"),
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In trên bản sửa và hiện trong lịch sử hồ sơ. Viết điều người dân cần biết."),
    )

    def __init__(self, given: Any = None, *, paper: printed.Paper) -> None:
        super().__init__(given, label_suffix="")
        self.texts = paper_corrections.texts_of(paper)
        for name, value in self.texts.items():
            short = name.startswith("name_")
            self.fields[name] = forms.CharField(
                label=_label(name), initial=value, required=bool(value), max_length=500 if short else 2000,
                widget=forms.TextInput if short else forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        self.order_fields([*self.texts, "reason"])

    def given(self) -> dict[str, str]:
        """Return the free texts as typed."""
        return {name: self.cleaned_data[name] for name in self.texts}


def _label(name: str) -> str:
    kind, _sep, place = name.rpartition("_")
    if kind == "name":
        return gettext("Giấy tờ %(n)s") % {"n": int(place) + 1}
    if kind == "note":
        return gettext("Lý do cần giấy tờ %(n)s") % {"n": int(place) + 1}
    return paper_corrections.label(name)
