"""Which part of the register: shape only; what may be read is decided by queries and operations."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Point
from motcua.dossiers import register
from motcua.dossiers.register import Asked
from motcua.lib.actor import Actor
from motcua.procedures.models import Sector
from motcua.ui.keyed import day_field


class RegisterForm(forms.Form):
    """Agency, days of reception, place, sector. `asked` holds the answer once the form is valid."""

    agency = forms.TypedChoiceField(label=_("Cơ quan"))
    since = day_field(_("Nhận từ ngày"))
    until = day_field(_("Đến hết ngày"))
    point = forms.ModelChoiceField(
        Point.objects.none(), label=_("Nơi tiếp nhận"), required=False, empty_label=_("Mọi nơi")
    )
    sector = forms.ModelChoiceField(
        Sector.objects.none(), label=_("Lĩnh vực"), required=False, empty_label=_("Mọi lĩnh vực")
    )

    def __init__(self, data: Any = None, *, actor: Actor, today: date) -> None:
        super().__init__(self._filled(data, actor, today), label_suffix="")
        agencies = {
            str(one.pk): one for one in register.agencies_of(actor)
        }  # read once: shown, chosen, printed
        self.fields["agency"].choices = [(pk, str(one)) for pk, one in agencies.items()]  # type: ignore[attr-defined]
        self.fields["agency"].coerce = agencies.__getitem__  # type: ignore[attr-defined]
        self.fields["point"].queryset = register.points_of(actor.agencies)  # type: ignore[attr-defined]
        self.fields["sector"].queryset = register.sectors()  # type: ignore[attr-defined]

    def _filled(self, data: Any, actor: Actor, today: date) -> dict[str, str]:
        """Return what was asked; the book of this year of one's own agency where nothing was."""
        usual = {
            "agency": str(actor.agency_id or ""),
            "since": f"01/01/{today.year}",
            "until": f"{today:%d/%m/%Y}",
        }
        given = {name: str(data.get(name, "")).strip() for name in self.base_fields} if data else {}
        return usual | {name: value for name, value in given.items() if value}

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error(
                "until",
                gettext("Ngày cuối phải bằng hoặc sau ngày đầu (%(day)s).") % {"day": f"{since:%d/%m/%Y}"},
            )
        if until and until.year > 2199:
            self.add_error("until", gettext("Ngày này quá xa."))
        return data

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["agency"], data["since"], data["until"], data["point"], data["sector"])
