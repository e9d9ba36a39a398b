"""A procedure that was replaced while somebody prepared an application: it goes on under the version in force.

What was declared and sent is taken along where the new version has a place for it; the rest is told, and papers that
are no longer asked for stay as papers of one's own (Nghị định 118/2025/NĐ-CP: asked for is what the law of the day
of receipt asks for).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.eforms import prefill
from motcua.eforms import queries as eforms
from motcua.eforms.engine import showing
from motcua.eforms.models import FormAnswer
from motcua.eforms.operations import answering
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import word_key
from motcua.online import queries
from motcua.online.models import Application
from motcua.online.operations import drafting
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries import catalogue


@dataclass(frozen=True, slots=True)
class Renewed:
    """The application under the version in force; `left`: what was declared and has no place there, in words."""

    application: Application
    left: list[str]


@transaction.atomic
def renew(
    *, application_id: UUID, variant_id: int, agency_id: int, actor: Actor, at: datetime
) -> Renewed:  # fmt: skip
    """Move an application to the version of its procedure that is in force. Under it already: nothing is done.

    Refuses a case or an agency that the version does not have, and a procedure that takes no dossier any more.
    """
    row, today = drafting.opened(application_id, actor, at), timezone.localdate(at)
    found = queries.offer(row.variant.version.procedure.code or "", today)
    if row.variant.version_id == found.version.pk and queries.settles(row, today):
        return Renewed(row, [])
    variant = next((one for one in found.variants if one.pk == variant_id), None)
    if variant is None:
        raise Refusal(_("Chọn một trường hợp nhận qua mạng."), field="variant")
    agency = next((one for one in found.agencies if one.pk == agency_id), None)
    if agency is None or (agency.closed_on is not None and agency.closed_on <= today):
        raise Refusal(_("Chọn cơ quan giải quyết."), field="agency")
    variant.version = found.version
    _papers(row, variant)
    before = row.variant.version
    left: list[str] = []
    row.variant, row.agency, row.saved_at = variant, agency, at
    old = row.answer
    definition = queries.definition_for(variant, today)
    if old is not None and (definition is None or definition.pk != old.definition_id):
        row.answer, left = _declared(old, definition.pk if definition else None, today, actor, at)
    elif old is None and definition is not None:
        row.answer = drafting.declaration_for(definition, row.applicant_id, actor, at)
    row.save()
    if old is not None and row.answer_id != old.pk:
        old.delete()
    record(
        actor=actor, verb="online.renew", subject_kind=drafting.SUBJECT, subject_id=row.pk, at=at,
        payload={
            "procedure": found.version.procedure.code, "from": before.number, "to": found.version.number,
            "left": len(left),
        },
    )  # fmt: skip
    return Renewed(row, left)


def _papers(row: Application, variant: ProcedureVariant) -> None:
    """Put what is there to the papers of the same name; one that is asked for no more becomes a paper of one's own."""
    wanted = {word_key(one.name): one for one in reversed(catalogue.required_documents(variant))}
    places = {one.pk: n for n, one in enumerate(catalogue.required_documents(variant), 1)}
    for paper in row.papers.filter(round=0).exclude(required=None).prefetch_related("files__stored"):
        same = wanted.pop(word_key(paper.name), None)
        if same is None and not paper.files.all() and paper.vault_paper is None:
            paper.delete()
            continue
        paper.required = same
        paper.item = places[same.pk] if same else drafting.own_place(row)
        paper.save(update_fields=["required", "item"])


def _declared(
    old: FormAnswer, definition_id: int | None, on: date, actor: Actor, at: datetime
) -> tuple[FormAnswer | None, list[str]]:  # fmt: skip
    """Return the declaration under another form with what it has a place for, and what it has none for."""
    before, values = eforms.form(old.definition), eforms.values_of(old)
    told: dict[str, str] = {}
    for part in showing.shown(before, values, on=on):
        told |= {line.path: f"{line.label}: {line.text}" for line in part.lines if line.text}
        told |= {part.key: part.title} if part.rows else {}
    if definition_id is None:
        return None, list(told.values())
    form = eforms.form(eforms.definition(definition_id))
    taken, lost = prefill.carried(form, values, on=on)
    sources = {path: words for path, words in old.sources.items() if path in taken}
    made = answering.begin(
        definition_id=definition_id, values=taken, sources=sources, actor=actor, at=at, key=""
    )
    return made, [text for path, text in told.items() if path.partition(".")[0] in lost]
