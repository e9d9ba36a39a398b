"""Returning applicants on the intake page: looked up while somebody types, chosen by one key."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.applicants.models import ApplicantKind, How, Person
from motcua.applicants.operations import look_ups
from motcua.dossiers import draft_queries, known_people
from motcua.dossiers.intake_reading import OTHER, PaperKind
from motcua.dossiers.operations import drafts
from motcua.dossiers.views import intake_help
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound

_LONGEST = 120


@require_POST
def people(request: HttpRequest, draft_id: UUID) -> JsonResponse:
    """Answer who `text` may be: a name, a whole number or telephone. By POST: names do not stand in addresses."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft_queries.get(actor, draft_id)
    kind = ApplicantKind.ORGANIZATION if request.POST.get("kind") == "organization" else ApplicantKind.PERSON
    text = request.POST.get("text", "")[:_LONGEST]
    found = known_people.look_up(text, kind=kind, actor=actor)
    look_ups.note(how=found.how, shown=[one.id for one in found.found], actor=actor, at=timezone.now())
    options = [{"value": str(one.id), "label": one.name, "note": one.note} for one in found.found]
    return JsonResponse({"options": options, "more": _("Còn nữa: gõ thêm chữ.") if found.more else ""})


@require_POST
def choose(request: HttpRequest, draft_id: UUID) -> JsonResponse:
    """Take the chosen applicant into the draft; answer the fields."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    draft_queries.get(actor, draft_id)
    try:
        wanted = UUID(request.POST.get("applicant", ""))
    except ValueError:
        raise NotFound(_("Không có chủ hồ sơ này.")) from None
    applicant = known_people.chosen(wanted, text=request.POST.get("text", "")[:_LONGEST], actor=actor)
    prefix = OTHER if request.POST.get("party") == "other" else ""
    party = applicant.party
    if isinstance(party, Person):
        known, notes = intake_help.known_person(party)
        values = {
            name if name == "phone" else prefix + name: value
            for name, value in (known | paper_of(party)).items()
        }
    else:
        known, notes = intake_help.known_organization(party)
        values = known | ({"tax_code": party.tax_code} if party.tax_code else {})
    look_ups.note(how=How.CHOSEN, shown=[applicant.pk], actor=actor, at=at)
    answer: dict[str, Any] = {"fields": values, "notes": notes, "problems": [], "warnings": []}
    try:
        drafts.save_fields(
            draft_id=draft_id, actor=actor, at=at, values=values, page=request.GET.get("page", "")
        )
    except Conflict as refusal:
        return JsonResponse({"fields": {}, "problems": [refusal.message], "notes": []}, status=409)
    return JsonResponse(answer)


def paper_of(person: Person) -> dict[str, str]:
    """Return by what paper the person is known, as fields of the form."""
    if person.personal_id:
        return {"id_kind": PaperKind.NUMBER.value, "personal_id": person.personal_id}
    if person.passport_number:
        return {
            "id_kind": PaperKind.PASSPORT.value,
            "passport_number": person.passport_number,
            "passport_country": person.passport_country,
        }
    return {"id_kind": PaperKind.NONE.value, "no_paper_reason": person.no_paper_reason}
