"""The front page, and what each agency posts: its procedures as they hold there today, dossiers in public posting."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import opening, whereabouts
from motcua.agencies import queries as agencies
from motcua.dossiers import postings
from motcua.procedures.guides import guides
from motcua.procedures.queries import listing, posting
from motcua.procedures.views import sheets
from motcua.sites.portal import online
from motcua.ui.components import Crumb, Pager

_WHOLE_UP_TO = 120  # procedures on one page; an agency with more shows its fields first


_FEW = 3  # places that the front page names; more are found by name on a page of their own
_OFTEN = 4


def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody wants to do, then show the four doors, the life events and when the office is open."""
    now = timezone.now()
    today = timezone.localdate(now)
    places = whereabouts.open_places(today)
    calendar = opening.usual_calendar(places)
    few = places if len(places) <= _FEW else []
    codes = whereabouts.codes_of((point.shop.agency_id for point in few), today)
    context = {
        "often": listing.needs(today)[:_OFTEN],
        "guides": guides(),
        "online": online.offered(),
        "today": opening.today(calendar, now),
        "day": today,
        "holiday": opening.holiday(calendar, today),
        "places": [(point, codes.get(point.shop.agency_id, "")) for point in few],
        "count": len(places),
    }
    return render(request, "portal/home.html", context)


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
    counts = posting.counts(agency.pk, today)
    total = sum(count for _name, count in counts)
    words, sector = request.GET.get("tim", "").strip()[:100], request.GET.get("linh-vuc", "")[:200]
    asks_first = total > _WHOLE_UP_TO and not (words or sector)
    sectors = [] if asks_first else posting.posted(agency.pk, today, sector=sector, words=words)
    found = sum(len(rows) for _name, rows in sectors)
    sectors, older = _page(sectors, request.GET.get("sau", ""))
    asked = {name: value for name, value in (("tim", words), ("linh-vuc", sector)) if value}
    context |= {
        "name": agencies.name_of(agency.pk, today),
        "points": whereabouts.points_of(agency.pk, today),
        "total": total,
        "found": found,
        "long": total > _WHOLE_UP_TO,
        "asks_first": asks_first,
        "words": words,
        "narrowed": bool(asked),
        "counts": [
            (name or _("Lĩnh vực khác"), urlencode({"linh-vuc": name or posting.NO_SECTOR}), count)
            for name, count in counts
        ],
        "pager": Pager(
            newer="?" + urlencode(asked) if request.GET.get("sau") else "",
            older="?" + urlencode({**asked, "sau": older}) if older else "",
            by_time=False,
        ),
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


def _page(
    sectors: list[tuple[str, list[posting.Posted]]], after: str
) -> tuple[list[tuple[str, list[posting.Posted]]], str]:
    """Return the procedures behind the one with code `after`, and the last code if more follow."""
    codes = [row.version.procedure.code or "" for _name, rows in sectors for row in rows]
    first = codes.index(after) + 1 if after in codes else 0
    shown, place = [], 0
    for name, rows in sectors:
        kept = [row for number, row in enumerate(rows, place) if first <= number < first + _WHOLE_UP_TO]
        place += len(rows)
        if kept:
            shown.append((name, kept))
    return shown, codes[first + _WHOLE_UP_TO - 1] if len(codes) > first + _WHOLE_UP_TO else ""


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
        "pager": Pager(
            newer=here if after else "", older="?" + urlencode({"after": older}) if older else "", by_time=False
        ),
        "crumbs": [Crumb(_("Niêm yết hồ sơ"), reverse("portal-postings")), Crumb(agency.short_name)],
    }  # fmt: skip
    return _not_kept(render(request, "portal/posted_dossiers.html", context))


def _not_kept(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer
