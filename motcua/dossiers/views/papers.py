"""Printed papers as PDF from their stored data, the control sheet, and counting reprints."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.base.printing.operations import render as render_pdf
from motcua.base.printing.responses import pdf
from motcua.dossiers import custody, paper_data, paper_words, queries
from motcua.dossiers.models import Paper
from motcua.dossiers.operations import access, papers
from motcua.dossiers.paper_pdf import pdf_of
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.detail import back
from motcua.lib.refusal import Conflict, NotFound


def paper(request: HttpRequest, code: str, paper_id: UUID) -> HttpResponse:
    """Show one issued paper, made anew from what was kept; a reprint says which one it is."""
    row = _paper(request, code, paper_id)
    reason = _("In %(paper)s") % {"paper": paper_words.title(row.form)}
    access.note_reading(
        dossier=row.dossier, actor=actor_of(request), at=timezone.now(), reason=reason, daily=True
    )
    return pdf(pdf_of(row), f"{code}-{row.form}.pdf")


@require_POST
def reprint(request: HttpRequest, code: str, paper_id: UUID) -> HttpResponse:
    """Count one more print; the page comes back and prints it."""
    try:
        row = papers.reprint(
            paper_id=_paper(request, code, paper_id).pk, actor=actor_of(request), at=timezone.now()
        )
    except Conflict as refusal:
        return back(request, code, refusal.message, good=False)
    request.session["motcua.print"] = str(row.pk)
    text = _("Bản in lại lần %(n)s của %(paper)s.") % {
        "n": row.reprints,
        "paper": paper_words.title(row.form),
    }
    return back(request, code, text)


def control_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show the custody log as it stands now."""
    dossier = queries.get_for(actor_of(request), code)
    now = timezone.now()
    access.note_reading(
        dossier=dossier, actor=actor_of(request), at=now, reason=_("In phiếu kiểm soát"), daily=True
    )
    sheet = custody.control_sheet(dossier, at=now)
    data = paper_data.with_family(sheet, dossier.procedure_version.procedure_id, now)
    return pdf(render_pdf(data), f"{dossier.code}-control-sheet.pdf")


def _paper(request: HttpRequest, code: str, paper_id: UUID) -> Paper:
    dossier = queries.get_for(actor_of(request), code)
    row = queries.paper_of(dossier, paper_id)
    if row is None:
        raise NotFound(_("Hồ sơ này không có giấy in như vậy."))
    return row
