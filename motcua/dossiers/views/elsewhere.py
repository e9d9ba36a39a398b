"""Sổ theo dõi hồ sơ phi địa giới: what we received for others, what others received for us."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from motcua.dossiers import elsewhere
from motcua.dossiers.reading import actor_of
from motcua.ui.components import Pager
from motcua.ui.keyed import day_field

SIDES = {elsewhere.OUT: gettext_lazy("Nhận hộ nơi khác"), elsewhere.IN: gettext_lazy("Nơi khác nhận hộ")}
_LONGEST = 366


class PeriodForm(forms.Form):
    """From which day to which, both included; at most a year."""

    first = day_field(gettext_lazy("Từ ngày"), required=False)
    last = day_field(gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, date]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("Ngày cuối không thể trước ngày đầu."))
        elif first and last and (last - first).days > _LONGEST:
            self.add_error("last", _("Sổ xem được nhiều nhất một năm một lần. Rút ngắn khoảng ngày."))
        return values


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the register of a side and a period with its counts; without a choice, this month's of what we received."""
    actor, now = actor_of(request), timezone.now()
    today = timezone.localdate(now)
    side = request.GET.get("side", elsewhere.OUT)
    side = side if side in SIDES else elsewhere.OUT
    asked = {"first": f"{today.replace(day=1):%d/%m/%Y}", "last": f"{today:%d/%m/%Y}"}
    asked |= {name: request.GET[name] for name in asked if request.GET.get(name)}
    form = PeriodForm(asked)
    right = form.is_valid()
    first = form.cleaned_data.get("first") if right else None
    last = form.cleaned_data.get("last") if right else None
    first, last = first or today.replace(day=1), last or today
    after = request.GET.get("after", "")
    part = elsewhere.page(side, actor, first, last, now=now, after=after)
    figures = elsewhere.figures(actor, first, last, now=now)
    context = {
        "form": form,
        "side": side,
        "sides": [(key, name, f"?{urlencode({'side': key, **asked})}") for key, name in SIDES.items()],
        "lines": part.lines,
        "first": first,
        "last": last,
        "figures": figures,
        "with_whom": figures.with_whom[side],
        "pager": Pager(
            newer=f"?{urlencode({'side': side, **asked})}" if after else "",
            older=f"?{urlencode({'side': side, **asked, 'after': part.older})}" if part.older else "",
        ),
    }
    return render(request, "dossiers/elsewhere.html", context, status=200 if right else 422)
