"""Choose which dossiers of one submitter stand on one slip, and print it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.printing.operations import render as render_pdf
from motcua.base.printing.responses import pdf
from motcua.dossiers import joint_slip, permissions, queries
from motcua.dossiers.models import Dossier
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.joint_slip import print_joint_slip
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.permissions import Case
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.components import Crumb


def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Show what else the submitter has here, today's ticked; sent, answer with the paper."""
    actor = actor_of(request)
    dossier = queries.get_for(actor, code)
    permissions.require("joint_slip", Case(actor, dossier))
    if request.method != "POST":
        return _page(request, dossier)
    try:
        wanted = [UUID(text) for text in request.POST.getlist("dossier")[: joint_slip.MOST + 1]]
        paper = print_joint_slip(dossier_ids=wanted, actor=actor, at=timezone.now())
    except ValueError:
        return _page(request, dossier, _("Chọn lại hồ sơ trong danh sách."))
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _page(request, dossier, refusal.message)
    return pdf(render_pdf(paper), f"{dossier.code}-phieu-chung.pdf")


def _page(request: HttpRequest, dossier: Dossier, problem: str = "") -> HttpResponse:
    rows = joint_slip.candidates(dossier, actor_of(request))
    shown = [one.pk for one in rows]
    note_shown(dossiers=shown, way=Way.SEARCH, actor=actor_of(request), at=timezone.now())
    day = timezone.localdate(dossier.accepted_at) if dossier.accepted_at else None
    asked = set(request.POST.getlist("dossier"))
    context = {
        "dossier": dossier,
        "problem": problem,
        "rows": [(one, _ticked(one, asked, day)) for one in rows],
        "most": joint_slip.MOST,
        "crumbs": [Crumb(dossier.code, reverse("dossier", args=[dossier.code])), Crumb(_("Phiếu chung"))],
    }
    return render(request, "dossiers/joint_slip.html", context, status=422 if problem else 200)


def _ticked(one: Dossier, asked: set[str], day: object) -> bool:
    if asked:
        return str(one.pk) in asked
    return one.accepted_at is not None and timezone.localdate(one.accepted_at) == day
