"""The register of a year with the columns of the law, as a page and as PDF; volumes; the day's money."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.printing.responses import pdf
from motcua.certification import permissions, queries, sheets
from motcua.certification.forms import day_of
from motcua.certification.kinds import KINDS, kind_of
from motcua.certification.lane import offered_kinds
from motcua.certification.operations import correcting, reading
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import Refusal
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import KeyedForm

MOST_PRINTED = 5000


def _span(request: HttpRequest) -> tuple[int, date | None, date | None]:
    first, last = day_of(request.GET.get("first", "")), day_of(request.GET.get("last", ""))
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    if first is not None and last is not None and first <= last:
        return (first.year if not text else year), first, last
    return year, None, None


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show a year's book, or some days of it, in the order of the numbers."""
    actor = actor_of(request)
    kind = kind_of(request.GET.get("kind", ""))
    year, first, last = _span(request)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    lines, older = queries.book(actor, kind=kind.key, year=year, first=first, last=last, after=after)
    asked: dict[str, Any] = {"kind": kind.key, "year": year}
    if first and last:
        asked |= {"first": f"{first}", "last": f"{last}"}
    volumes = queries.volumes(actor.agency_id or 0, kind.key, year)
    offered = offered_kinds(actor.agency_id)
    shown = [one for one in KINDS.values() if one is kind or one in offered]
    context = {
        "kind": kind, "kinds": [(one, one is kind) for one in shown] if len(shown) > 1 else [],
        "lines": [(line, [queries.masked(one) for one in line.papers]) for line in lines],
        "year": year, "years": queries.first_and_last_year(actor, kind.key), "first": first,
        "last": last, "volumes": volumes, "current": volumes[-1] if volumes else None, "asked": urlencode(asked),
        "pager": Pager(
            newer="?" + urlencode(asked) if after else "",
            older="?" + urlencode({**asked, "after": older}) if older else "",
            by_time=False,
        ),
        "opens": permissions.may("open_volume", actor) and year == timezone.localdate().year and volumes,
        "key_form": KeyedForm(), "today": timezone.localdate(),
        "crumbs": [Crumb(_("Chứng thực"), reverse("certification")), Crumb(_("Sổ chứng thực"))],
    }  # fmt: skip
    return render(request, "certification/register.html", context)


@require_GET
def register_pdf(request: HttpRequest) -> HttpResponse:
    """Print the same lines, whole; more than 5,000 are to be printed in parts. Numbers of papers stand in full."""
    actor = actor_of(request)
    kind = kind_of(request.GET.get("kind", ""))
    year, first, last = _span(request)
    lines, more = queries.book(actor, kind=kind.key, year=year, first=first, last=last, size=MOST_PRINTED)
    if more:
        raise Refusal(_("Khoảng này có hơn 5.000 số. Chọn ít ngày hơn rồi in từng phần."))
    now = timezone.now()
    made = sheets.register(
        lines, kind=kind, agency_id=actor.agency_id or 0, year=year, first=first, last=last, at=now
    )
    if kind.signers:
        reading.note_numbers(
            dossiers=[line.dossier_id for line in lines],
            reason=_("In sổ chứng thực chữ ký"),
            actor=actor,
            at=now,
        )
    return pdf(made, f"so-chung-thuc-{kind.key}-{year}.pdf")


@require_POST
def open_volume(request: HttpRequest) -> HttpResponse:
    """Begin the next volume of this year's book."""
    after = request.POST.get("after", "")
    kind = kind_of(request.POST.get("kind", ""))
    try:
        row = correcting.open_volume(
            kind=kind, year=timezone.localdate().year, after=int(after) if after.isdigit() and len(after) < 5 else 0,
            actor=actor_of(request), at=timezone.now(), key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã mở quyển %(volume)s; số ghi tiếp.") % {"volume": row.words})
    return redirect(f"{reverse('certification-register')}?kind={kind.key}")


@require_GET
def tills(request: HttpRequest) -> HttpResponse:
    """Show what each officer marked as taken on a day, and what is still open."""
    actor = actor_of(request)
    day = day_of(request.GET.get("day", "")) or timezone.localdate()
    rows = queries.tills(actor, day)
    count, owed = queries.unpaid(actor, day)
    context = {
        "day": day, "rows": rows, "total": sum(row.total for row in rows), "unpaid": count, "owed": owed,
        "crumbs": [Crumb(_("Chứng thực"), reverse("certification")), Crumb(_("Tiền trong ngày"))],
    }  # fmt: skip
    return render(request, "certification/tills.html", context)
