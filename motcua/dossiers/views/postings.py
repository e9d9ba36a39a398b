"""What an agency posts in public now: how each dossier is posted, decided in its row; the list for the wall."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.agencies.queries import name_of
from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import PostedDossiers, PostedLine, render_sheet
from motcua.dossiers import postings, queries
from motcua.dossiers.models import HowPosted
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations import posting
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotFound, Refusal


@require_http_methods(["GET", "POST"])
def wall(request: HttpRequest) -> HttpResponse:
    """List what is being posted; sent, decide one row."""
    actor = actor_of(request)
    refusal, code = "", request.POST.get("code", "")[:40]
    if request.method == "POST":
        try:
            posting.decide(
                dossier_id=queries.get_for(actor, code).pk, how=request.POST.get("how", ""),
                reason=request.POST.get("reason", ""), actor=actor, at=timezone.now(),
                key=request.POST.get("key", "")[:64] or uuid4().hex,
            )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Đã ghi cách niêm yết hồ sơ %(code)s.") % {"code": code})
            return redirect("postings")
    rows = postings.on_the_wall(actor)
    note_shown(dossiers=[one.dossier.pk for one in rows], way=Way.BOOK, actor=actor, at=timezone.now())
    context = {
        "rows": [(one, uuid4().hex) for one in rows], "refusal": refusal, "code": code,
        "how": request.POST.get("how", ""), "reason": request.POST.get("reason", "")[:300],
    }  # fmt: skip
    return render(request, "dossiers/postings.html", context, status=422 if refusal else 200)


@require_GET
def wall_pdf(request: HttpRequest) -> HttpResponse:
    """Print the list for the wall: only what was decided to be posted, names only where decided so."""
    actor, now = actor_of(request), timezone.now()
    shown = [one for one in postings.on_the_wall(actor) if one.how in {HowPosted.NAMED, HowPosted.UNNAMED}]
    note_shown(dossiers=[one.dossier.pk for one in shown], way=Way.BOOK, actor=actor, at=now)
    lines = tuple(
        PostedLine(
            code=one.dossier.code, procedure=one.dossier.procedure_version.procedure.name,
            name=one.name or "không nêu tên",
            until=f"{timezone.localtime(one.task.due_at):%H:%M %d/%m/%Y}" if one.task.due_at else "",
        )
        for one in shown
    )  # fmt: skip
    office = name_of(actor.agency_id or 0, timezone.localdate(now))
    foot = f"In lúc {timezone.localtime(now):%H:%M %d/%m/%Y}"
    made = render_sheet(PostedDossiers(office=office, lines=lines, foot=foot, issued_at=now))
    return pdf(made, f"niem-yet-{timezone.localdate(now):%Y%m%d}.pdf")
