"""Who reads what is not theirs: for leaders and inspectors, of the agencies they may see."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from motcua.agencies.roles import Role
from motcua.dossiers import reading_patterns
from motcua.dossiers.operations.access import note_inspection
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import day_field


class PeriodForm(forms.Form):
    """Which days; thirty up to today unless said otherwise, three months at most."""

    since = day_field(gettext_lazy("Từ ngày"), required=False)
    until = day_field(gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        until = values.get("until") or timezone.localdate()
        since = values.get("since") or until - timedelta(days=reading_patterns.DAYS - 1)
        if not self.errors and not timedelta() <= until - since <= reading_patterns.LONGEST:
            self.add_error("since", _("Ngày đầu phải trước ngày cuối, nhiều nhất ba tháng."))
        return {**values, "since": since, "until": until}


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show who opened dossiers that are not their work, and which dossiers that happened to; the look is noted."""
    actor, form = actor_of(request), PeriodForm(request.GET)
    fine = form.is_valid()
    officers, dossiers = (
        reading_patterns.patterns(actor, form.cleaned_data["since"], form.cleaned_data["until"])
        if fine
        else ([], [])
    )
    if fine:
        note_inspection(actor=actor, at=timezone.now(), by=["patterns"])
    context = {
        "form": form, "officers": officers, "dossiers": dossiers, "fine": fine,
        "may_read": actor.has(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR),
        "since": form.cleaned_data.get("since"), "until": form.cleaned_data.get("until"),
        "unsaid": sum(one.unsaid for one in officers),
        "crumbs": [Crumb(_("Quản trị"), reverse("administration")), Crumb(_("Ai xem hồ sơ không phải việc mình"))],
    }  # fmt: skip
    return render(request, "desk/administration/reading_patterns.html", context, status=200 if fine else 422)
