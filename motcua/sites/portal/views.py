"""The front page, and what each agency posts: its procedures as they hold there today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import queries as agencies
from motcua.agencies import whereabouts
from motcua.procedures.queries import posting
from motcua.procedures.views import sheets
from motcua.ui.components import Crumb


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
