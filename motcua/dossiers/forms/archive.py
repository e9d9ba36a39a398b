"""Which part of the list of dossiers past their keeping period: shape only."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers import register
from motcua.dossiers.archive import Asked
from motcua.lib.actor import Actor
from motcua.procedures.models import Sector
from motcua.ui.keyed import day_field


class ArchiveForm(forms.Form):
    """Agency, the day it is reckoned for, sector, year of closing. `asked` holds the answer once the form is valid."""

    agency = forms.TypedChoiceField(label=_("Cơ quan"))
    day = day_field(_("Tính đến ngày"))
    sector = forms.ModelChoiceField(
        Sector.objects.none(), label=_("Lĩnh vực"), required=False, empty_label=_("Mọi lĩnh vực")
    )
    year = forms.IntegerField(
        label=_("Năm kết thúc"), required=False, min_value=1945, max_value=2199,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Viết năm bằng bốn chữ số, như 2015.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, today: date) -> None:
        given = {name: str(data.get(name, "")).strip() for name in self.base_fields} if data else {}
        usual = {"agency": str(actor.agency_id or ""), "day": f"{today:%d/%m/%Y}"}
        super().__init__(usual | {name: value for name, value in given.items() if value}, label_suffix="")
        agencies = {str(one.pk): one for one in register.agencies_of(actor)}
        self.fields["agency"].choices = [(pk, str(one)) for pk, one in agencies.items()]  # type: ignore[attr-defined]
        self.fields["agency"].coerce = agencies.__getitem__  # type: ignore[attr-defined]
        self.fields["sector"].queryset = register.sectors()  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        """A day within reach: the list may be made for next year, not for another age."""
        day: date = self.cleaned_data["day"]
        if not 1946 <= day.year <= 2199:
            raise forms.ValidationError(_("Ngày này quá xa. Xem lại năm."))
        return day

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["agency"], data["day"], data["sector"], data["year"])
