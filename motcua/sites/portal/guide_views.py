"""Guides by life event: what is done in which order, each step with what its procedure asks for today."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.lib.refusal import NotFound
from motcua.procedures.guides import Step, guide, guides
from motcua.procedures.models import ProcedureVersion
from motcua.procedures.queries import catalogue
from motcua.procedures.views import present
from motcua.ui.components import Crumb

_MOST_PAPERS = 4  # in a step; the page of the procedure names all


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as the page shows it. Without `version` nobody here takes the procedure in: `step.where` says who does."""

    number: int
    step: Step
    version: ProcedureVersion | None
    papers: list[str]
    more_papers: bool
    limit: str
    fee: str
    channels: str
    online: str


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the life events."""
    context = {"guides": guides(), "crumbs": [Crumb(_("Hướng dẫn theo việc"))]}
    return render(request, "portal/guides.html", context)


@require_GET
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one life event step by step."""
    found = guide(slug)
    if found is None:
        raise NotFound(_("Không có hướng dẫn này. Chọn việc khác ở trang hướng dẫn."))
    held = catalogue.offered_by_code((step.procedure for step in found.steps), timezone.localdate())
    context = {
        "guide": found,
        "steps": [
            _shown(number, step, held.get(step.procedure)) for number, step in enumerate(found.steps, 1)
        ],
        "others": [one for one in guides() if one.slug != slug],
        "crumbs": [Crumb(_("Hướng dẫn theo việc"), reverse("guides")), Crumb(str(found.title))],
    }
    return render(request, "portal/guide.html", context)


def _shown(number: int, step: Step, version: ProcedureVersion | None) -> Shown:
    if version is None:
        return Shown(number, step, None, [], False, "", "", "", "")
    papers = present.bring(version)
    limit, fee = present.default_limit(version), present.fee_line(version)
    return Shown(
        number, step, version, papers[:_MOST_PAPERS], len(papers) > _MOST_PAPERS, limit, fee,
        ", ".join(present.channels(version)), present.online_start(version, step.procedure),
    )  # fmt: skip
