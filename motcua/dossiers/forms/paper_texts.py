"""Forms of the pages on which an administrator words papers: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers import wordings
from motcua.ui.keyed import KeyedForm, day_field


class PassagesForm(KeyedForm):
    """One box for each passage of a form."""

    def __init__(self, given: Any = None, *, form: str, texts: dict[str, str]) -> None:
        super().__init__(given, label_suffix="")
        for place in wordings.PLACES[form]:
            self.fields[place.key] = forms.CharField(
                label=str(place.label), initial=texts.get(place.key, ""), required=False, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2 if place.key == "subject" else 3}),
            )  # fmt: skip

    def texts(self) -> dict[str, str]:
        """Return the passages as typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class PublishTextsForm(KeyedForm):
    """From which day on, and what was looked at."""

    valid_from = day_field(_("Áp dụng từ ngày"), help_text=_("Sớm nhất là ngày mai. Giấy đã in không đổi."))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)
