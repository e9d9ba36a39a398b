"""One applicant with many dossiers, and the same procedure again: what follows on an intake that is done."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.applicants import queries as applicants
from motcua.applicants.models import ApplicantKind, Person
from motcua.base.files.joining import joined
from motcua.base.printing.operations import render as render_pdf
from motcua.base.printing.responses import pdf
from motcua.dossiers import batches, draft_queries, paper_data
from motcua.dossiers.models import Dossier, Draft
from motcua.dossiers.operations import drafts
from motcua.dossiers.views import intake_help, intake_people
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.procedures.models.words import Channel


@require_POST
def same_person(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Begin one more dossier of the applicant who was just served: everything known stands there already."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = _finished(actor, draft_id)
    assert draft.dossier is not None
    content = _person_of(draft.dossier)
    following = drafts.open_next(
        draft_id=draft.pk, actor=actor, at=timezone.now(), content=content, batch=draft.batch or uuid4()
    )
    return HttpResponseRedirect(reverse("intake-page", args=[following.pk]))


@require_POST
def same_procedure(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Begin the same procedure and case for the next person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dossier = _finished(actor, draft_id).dossier
    assert dossier is not None
    procedure = dossier.procedure_version.procedure
    content = {
        "procedure": f"{procedure.code} {dossier.procedure_version.name}",
        "variant": str(dossier.variant_id),
        "agency": str(dossier.competent_agency_id),
        "by_post": "on" if dossier.channel == Channel.POST else "",
    }
    following = drafts.open_next(draft_id=draft_id, actor=actor, at=timezone.now(), content=content)
    return HttpResponseRedirect(reverse("intake-page", args=[following.pk]))


def _finished(actor: Actor, draft_id: UUID) -> Draft:
    draft = draft_queries.get(actor, draft_id)
    if draft.dossier_id is None:
        raise NotFound(_("Bản nháp này chưa thành hồ sơ. Tiếp nhận xong rồi làm tiếp."))
    return draft


def _person_of(dossier: Dossier) -> dict[str, str]:
    party = applicants.get(dossier.applicant_id).party
    if isinstance(party, Person):
        known = intake_help.known_person(party)[0] | intake_people.paper_of(party)
        kind = ApplicantKind.PERSON
    else:
        known = intake_help.known_organization(party)[0]
        known |= {"tax_code": party.tax_code} if party.tax_code else {}
        known |= {"no_tax_code_reason": party.no_tax_code_reason} if party.no_tax_code_reason else {}
        kind = ApplicantKind.ORGANIZATION
    reached = {
        "phone": dossier.contact_phone or known.get("phone", ""),
        "contact_email": dossier.contact_email or "",
    }
    how = {"result_channel": dossier.result_channel, "return_address": dossier.return_address or ""}
    return {"kind": kind.value, **known, **reached, **how}


@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """List what one applicant handed in in one go: codes and dates, and all slips as one print."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dossiers = _batch(actor, batch_id)
    context = {"batch": batch_id, "dossiers": dossiers, "name": dossiers[-1].applicant_name}
    return render(request, "dossiers/intake_batch.html", context)


@require_GET
def batch_slips(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show the slips of a batch as one PDF, one slip after the other."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return slips_of(_batch(actor, batch_id), f"{batch_id}.pdf")


def _batch(actor: Actor, batch_id: UUID) -> list[Dossier]:
    dossiers = batches.of_draft(actor, batch_id)
    if not dossiers:
        raise NotFound(_("Không có đợt tiếp nhận này trong các hồ sơ anh/chị đã nhận."))
    return dossiers


def slips_of(dossiers: list[Dossier], name: str) -> HttpResponse:
    """Return the slips of `dossiers` as one PDF; reprints say so."""
    papers = batches.slips(dossiers)
    if not papers:
        raise NotFound(_("Những hồ sơ này không có giấy tiếp nhận để in."))
    made = [
        render_pdf(paper_data.from_text(one.form, one.data or ""), on=timezone.localdate(one.issued_at))
        for one in papers
    ]
    return pdf(joined(made), name)
