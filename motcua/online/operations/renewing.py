"""An application goes on under the version in force (`renew`), or once more after its dossier ended (`again`).

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

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.files.models import FileStatus
from motcua.base.files.queries import open_content
from motcua.eforms import prefill
from motcua.eforms import queries as eforms
from motcua.eforms.engine import showing
from motcua.eforms.models import FormAnswer
from motcua.eforms.operations import answering
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import word_key
from motcua.online import queries
from motcua.online.models import Application, ApplicationPaper
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


@once("online.again")
def again(*, code: str, actor: Actor, at: datetime, key: str) -> Application:
    """Begin anew what was refused, stopped or withdrawn, with the declaration and the papers that were sent then.

    Under the version in force, at the same agency. Refuses a dossier that goes on or was not handed in here, and where
    the procedure, the case or the agency of then is received online no more.
    """
    dossier, _inside = queries.dossier_of(actor, code, at)
    old = queries.handed_in_here(dossier)
    if dossier.state not in queries.TO_DO_AGAIN or old is None:
        raise Conflict(_("Hồ sơ này không làm lại từ đây được. Bắt đầu hồ sơ mới ở trang thủ tục."))
    today = timezone.localdate(at)
    procedure = dossier.procedure_version.procedure.code or ""
    found = queries.offer(procedure, today)
    name = word_key(old.variant.name)
    variant = next((one for one in found.variants if word_key(one.name) == name), None)
    if variant is None and len(found.variants) == 1:
        variant = found.variants[0]
    agency = next((one for one in found.agencies if one.pk == old.agency_id), None)
    if variant is None or agency is None:
        raise Refusal(_("Trường hợp hoặc cơ quan của hồ sơ cũ không còn nhận qua mạng. Chọn lại ở đây."))
    row = drafting.begin(
        code=procedure, variant_id=variant.pk, agency_id=agency.pk, applicant_id=old.applicant_id, actor=actor,
        at=at, key="",
    )  # fmt: skip
    row.result_channel, row.return_address = old.result_channel, old.return_address
    row.contact_phone, row.contact_email = old.contact_phone, old.contact_email
    made = row.answer
    if made is not None and old.answer is not None:
        row.answer, _left = _declared(old.answer, made.definition_id, today, actor, at)
    row.save()
    if made is not None and row.answer_id != made.pk:
        made.delete()
    _take_along(old, row, actor, at)
    return row


def _take_along(old: Application, row: Application, actor: Actor, at: datetime) -> None:
    """Put copies of the files that were sent, and the papers of the vault, to the papers of the same name."""
    wanted = catalogue.required_documents(row.variant)
    places = {word_key(one.name): (n, one) for n, one in reversed(list(enumerate(wanted, 1)))}
    sent = old.papers.order_by("round", "item", "pk").prefetch_related("files__stored")
    for before in sent:
        kept = [one.stored for one in before.files.all() if one.stored.status == FileStatus.CLEAN]
        if not kept and before.vault_paper is None:
            continue
        number, same = places.get(word_key(before.name), (0, None))
        paper = row.papers.filter(round=0, required=same, name=before.name).first()
        if paper is None:
            paper = ApplicationPaper.objects.create(
                application=row, required=same, name=before.name, item=number or drafting.own_place(row)
            )
        if before.vault_paper is not None:
            paper.vault_paper = before.vault_paper
            paper.save(update_fields=["vault_paper"])
        for one in kept:
            with open_content(one) as content:
                drafting.keep_file(paper, content, one.original_name, actor, at)


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
