"""Public figures: a year of the whole installation, of one agency, and the same as a file."""

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import whereabouts
from motcua.agencies.queries import agency_by_code
from motcua.base.printing.listing import Listing, write
from motcua.lib.refusal import NotFound
from motcua.reports import queries
from motcua.reports.queries import ALL, NOW, Year
from motcua.sites.portal import figure_words as words
from motcua.ui.components import Crumb


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a year of the whole installation, the newest one unless another is asked for."""
    known = queries.years()
    if not known:
        return render(request, "portal/figures.html", {"crumbs": [Crumb(_("Số liệu"))]})
    year = _year(request.GET.get("nam", ""), known)
    context = _shown(year, ALL, known)
    codes = whereabouts.codes_of(year.agencies(), timezone.localdate())
    names: list[tuple[int, Any]] = [
        (one.pk, _name(one.name, codes.get(one.pk, ""), year.year)) for one in whereabouts.named(year.agencies())
    ]  # fmt: skip
    if len(names) > 1:
        context["agencies"] = words.by_agency(year, names)
    context["crumbs"] = [Crumb(_("Số liệu"))]
    return render(request, "portal/figures.html", context)


@require_GET
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Show a year of one agency."""
    found = agency_by_code(code)
    known = queries.years()
    context: dict[str, Any] = {
        "agency": found, "crumbs": [Crumb(_("Số liệu"), reverse("figures")), Crumb(found.short_name)],
    }  # fmt: skip
    if known:
        year = _year(request.GET.get("nam", ""), known)
        context |= _shown(year, found.pk, known)
    return render(request, "portal/figures.html", context)


@require_GET
def file(request: HttpRequest, year: int) -> HttpResponse:
    """Return every agency's months of a year as CSV; what is hidden on the page is empty in the file."""
    found = queries.year(year) if 2000 <= year <= 2200 else None
    if found is None:
        raise NotFound(_("Chưa có số liệu của năm này."))
    head = Listing(
        sheet=str(year), title=str(year),
        columns=[_("Cơ quan"), _("Mã cơ quan"), _("Tháng"), _("Đã tiếp nhận"), _("Tiếp nhận trực tuyến"), _("Đã xong"),
                 _("Trước hạn"), _("Đúng hạn"), _("Quá hạn"), _("Lượt đánh giá"), _("Lượt hài lòng")],
    )  # fmt: skip
    out = io.BytesIO()
    write("csv", head, _rows(found), out)
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="so-lieu-{year}.csv"'
    return answer


def _rows(year: Year) -> list[list[Any]]:
    codes = whereabouts.codes_of(year.agencies(), timezone.localdate())
    names = ("received", "online", "finished", "early", "on_time", "late", "rated", "happy")
    rows = []
    for one in whereabouts.named(year.agencies()):
        for month, line in year.months(one.pk):
            values = ["" if line[name] is None else line[name] for name in names]
            rows.append([one.name, codes.get(one.pk, ""), f"{month:02d}/{year.year}", *values])
    return rows


def _year(asked: str, known: list[int]) -> Year:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else known[0]
    found = queries.year(number if number in known else known[0])
    assert found is not None
    return found


def _shown(year: Year, agency_id: int, known: list[int]) -> dict[str, Any]:
    line = year.line(agency_id)
    context: dict[str, Any] = {"year": year, "years": known, "line": line, "meanings": words.meanings()}
    if line is None:
        return context
    months = year.months(agency_id)
    now = year.line(agency_id, NOW) if year.year == known[0] else None
    return context | {
        "headline": f"{words.headline(year, line)} {words.not_in_it(now)}".strip(),
        "tiles": words.tiles(line, now),
        "chart": words.chart(months),
        "has_whole": words.has_whole(months),
        "chart_says": words.busiest(months),
        "months": words.by_month(year, agency_id),
        "hidden_word": words.hidden_word(),
        "file": reverse("figures-file", args=[year.year]),
    }


def _name(name: str, code: str, year: int) -> Any:
    return (
        format_html('<a href="{}?nam={}">{}</a>', reverse("figures-of", args=[code]), year, name)
        if code
        else name
    )
