"""The front page, and what each agency posts: its procedures as they hold there today, dossiers in public posting."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import queries as agencies
from motcua.agencies import whereabouts
from motcua.dossiers import postings
from motcua.procedures.queries import posting
from motcua.procedures.views import sheets
from motcua.ui.components import Crumb, Pager


def home(request: HttpRequest) -> HttpResponse:
    """Answer "Hồ sơ của tôi đang ở đâu?" first, then the ways on."""
    today = timezone.localdate()
    places = whereabouts.open_places(today)
    codes = whereabouts.codes_of((point.shop.agency_id for point in places), today)
    return render(
        request,
        "portal/home.html",
        {"places": [(point, codes.get(point.shop.agency_id, "")) for point in places]},
    )


@require_GET
def posted(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an agency posts by law. The address is on walls for years: a closed agency says who goes on."""
    agency = agencies.agency_by_code(code)
    today = timezone.localdate()
    context = {
        "agency": agency,
        "code": code,
        "crumbs": [Crumb(_("Tìm thủ tục"), reverse("procedures")), Crumb(_("Niêm yết"))],
    }
    if agency.closed_on is not None and agency.closed_on <= today:
        after = agencies.successors_of(agency.pk)
        codes = whereabouts.codes_of((one.pk for one in after), today)
        context["successors"] = [(one, codes.get(one.pk, "")) for one in after]
        return render(request, "portal/posted.html", context)
    sectors = posting.posted(agency.pk, today)
    context |= {
        "name": agencies.name_of(agency.pk, today),
        "points": whereabouts.points_of(agency.pk, today),
        "total": sum(len(rows) for _name, rows in sectors),
        "sectors": [
            (
                number,
                name or _("Lĩnh vực khác"),
                [(row, sheets.limit_words(row), sheets.fee_words(row.fees)) for row in rows],
            )
            for number, (name, rows) in enumerate(sectors, start=1)
        ],
    }
    return render(request, "portal/posted.html", context)


@require_GET
def posting_agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies that post dossiers in public now."""
    now = timezone.now()
    counts = postings.agencies_in_public(now)
    codes = whereabouts.codes_of(counts, timezone.localdate(now))
    rows = [(one.name, codes[one.pk], counts[one.pk]) for one in whereabouts.named(counts) if one.pk in codes]
    context = {"rows": rows, "crumbs": [Crumb(_("Niêm yết hồ sơ"))]}
    return _not_kept(render(request, "portal/postings.html", context))


@require_GET
def posted_dossiers(request: HttpRequest, code: str) -> HttpResponse:
    """Show the dossiers that an agency posts in public now; each leaves when its time is over.

    Names stand here for as long as the law has them posted: search engines and caches are told to keep nothing.
    """
    agency, now = agencies.agency_by_code(code), timezone.now()
    after = request.GET.get("after", "")[:80]
    rows, older = postings.in_public(agency.pk, now, after=after)
    here = reverse("portal-postings-of", args=[code])
    context = {
        "agency": agency, "rows": rows, "now": now,
        "pager": Pager(newer=here if after else "", older=f"?{urlencode({'after': older})}" if older else ""),
        "crumbs": [Crumb(_("Niêm yết hồ sơ"), reverse("portal-postings")), Crumb(agency.short_name)],
    }  # fmt: skip
    return _not_kept(render(request, "portal/posted_dossiers.html", context))


def _not_kept(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer
