"""What one press of Ctrl+Enter does: people, dossier, decision, files and the end of the draft, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position
from motcua.applicants.models import Applicant
from motcua.applicants.operations import find_or_register_person, register_organization
from motcua.base.files import operations as files
from motcua.base.files.models import StoredFile
from motcua.dossiers import draft_queries, intake_reading, intake_vault, words
from motcua.dossiers.draft_queries import FILES
from motcua.dossiers.intake_choice import is_offered
from motcua.dossiers.intake_reading import OTHER, Reading
from motcua.dossiers.models import Dossier, DossierDocument, Draft
from motcua.dossiers.operations import attachments, drafts, intake, reuse, supplement
from motcua.dossiers.operations import vault as vault_papers
from motcua.dossiers.operations.intake import BadIntake, Intake, PaperIn
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models.words import Channel

ACCEPT, REFUSE, ASK = "accept", "refuse", "request_supplement"
MOST_FILES = 60


@dataclass(frozen=True)
class Decision:
    """What the counter decided on the papers: take in, ask for what is missing, or refuse in writing."""

    verb: str = ACCEPT
    reason: str = ""
    where_to_turn: str = ""


@transaction.atomic
def take_in(
    *,
    draft_id: UUID,
    reading: Reading,
    cards: Mapping[str, Mapping[str, str]],
    decision: Decision,
    actor: Actor,
    at: datetime,
) -> Dossier:
    """Turn a draft into a dossier, once: the draft is locked and its id is the idempotency key.

    A second call, also one that came at the same instant, returns the dossier of the first. Refusals of the
    operations below carry the name of the form's field where one is to blame.
    """
    draft = open_draft(draft_id, actor)
    if draft.dossier_id is not None:
        return Dossier.objects.get(pk=draft.dossier_id)
    if decision.verb == ACCEPT and not is_offered(reading.choice.variant, reading.channel):
        raise BadIntake(not_by_post(), field="by_post")
    wanted = _intake(reading, cards, actor, at)
    key = str(draft.pk)
    if decision.verb == ACCEPT:
        dossier = intake.accept_at_counter(intake=wanted, actor=actor, at=at, key=key)
    else:
        dossier = intake.submit(intake=wanted, actor=actor, at=at, key=key)
        dossier = _decide(dossier, reading, decision, actor, at, key)
    _attach(dossier, reading, actor, at, key)
    if any(paper.reused_from for paper in wanted.papers):
        reuse.take_over(dossier=dossier, actor=actor, at=at, key=key)
    _take_from_vault(dossier, reading, actor, at, draft.pk.hex)
    drafts.finish(draft_id=draft.pk, actor=actor, dossier=dossier)
    return dossier


def not_by_post() -> str:
    """What to say of a case that the catalogue does not receive by post."""
    return _(
        "Danh mục không ghi nhận trường hợp này qua bưu chính. Từ chối bằng Mẫu 03 (F9), hoặc bỏ chọn “qua bưu chính” "
        "nếu người dân đến nộp."
    )


def _decide(
    dossier: Dossier, reading: Reading, decision: Decision, actor: Actor, at: datetime, key: str
) -> Dossier:
    if decision.verb == REFUSE:
        try:
            return intake.refuse(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:refuse", reason=decision.reason,
                where_to_turn=decision.where_to_turn,
            )  # fmt: skip
        except Refusal as refusal:
            refusal.field = "refuse_reason" if refusal.field == "reason" else None
            raise
    items = [supplement.Missing(name=name, reason=why) for name, why in reading.asked]
    return supplement.request_supplement(
        dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:ask", items=items
    )


def _intake(
    reading: Reading, cards: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime
) -> Intake:  # fmt: skip
    values = reading.values
    applicant = _applicant(reading, cards, actor, at)
    other = _person(reading, OTHER, cards, actor, at, phone="") if values.get("other") else None
    represents = other is not None and bool(values.get("represents"))
    position = Position.objects.filter(pk=actor.position_id or 0).values_list("point_id", flat=True).first()
    return Intake(
        variant_id=reading.choice.variant.pk,
        channel=reading.channel,
        applicant_id=applicant.pk,
        submitter_id=other.pk if other else applicant.pk,
        representative_id=other.pk if other and represents else None,
        authority=str(values.get("authority") or "") if represents else "",
        papers=_papers(reading, applicant, actor, at),
        competent_agency_id=reading.choice.agency.pk,
        result_channel=str(values.get("result_channel") or words.ResultChannel.COUNTER),
        return_address=str(values.get("return_address") or ""),
        summary=str(values.get("summary") or ""),
        copies=values.get("copies") or 1,
        exemption_id=_number(values.get("exemption")),
        contact_phone=reading.phone,
        contact_email=str(values.get("contact_email") or ""),
        point_id=position,
        helped_point_id=values.get("helped_point"),
        **(_post_slip(values) if reading.channel == Channel.POST else {}),
    )


def _papers(reading: Reading, applicant: Applicant, actor: Actor, at: datetime) -> tuple[PaperIn, ...]:
    chosen = {row.name: row.reused for row in reading.papers if row.reused}
    earlier = reuse.require_usable(chosen, applicant_id=applicant.pk, actor=actor)
    notes = intake_vault.notes_of(reading.papers, applicant.pk, timezone.localdate(at))
    papers = []
    for row in reading.papers:
        paper = intake_reading.as_paper(row)
        if paper.reused_from:
            paper = replace(paper, note=reuse.note_of(earlier[paper.reused_from]))
        papers.append(replace(paper, note=notes[row.key]) if row.key in notes else paper)
    return tuple(papers)


def _take_from_vault(dossier: Dossier, reading: Reading, actor: Actor, at: datetime, key: str) -> None:
    """Hang the papers of the vault on the lines that they stand for."""
    chosen = {row.required.pk: row.vaulted for row in reading.papers if row.required and row.vaulted}
    rows = DossierDocument.objects.filter(dossier=dossier, required_id__in=chosen).order_by("position")
    for document in rows if chosen else ():
        assert document.required_id is not None
        vault_papers.take_over(
            dossier=dossier, document_id=document.pk, paper_id=chosen[document.required_id], actor=actor, at=at,
            key=f"{key[:20]}-v{document.position}",
        )  # fmt: skip


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _post_slip(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the slip of the post says; nothing typed there counts once the box is empty again."""
    return {"post_sender": str(values.get("post_sender") or ""), "posted_on": values.get("posted_on")}


def _applicant(
    reading: Reading, cards: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime
) -> Applicant:
    # The contact number is the submitter's: it is kept with the applicant only when they are one.
    phone = "" if reading.values.get("other") else reading.phone
    if not reading.organization:
        return _person(reading, "", cards, actor, at, phone=phone)
    facts = intake_reading.organization_facts(reading.values, phone=phone)
    try:
        return register_organization(facts=facts, actor=actor, at=at).applicant
    except Refusal as refusal:
        refusal.field = intake_reading.form_field(refusal.field, "", organization=True)
        raise


def _person(
    reading: Reading, prefix: str, cards: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime, *, phone: str
) -> Applicant:  # fmt: skip
    scanned = intake_reading.is_scanned(reading.values, prefix, cards.get(prefix, {}))
    if prefix == OTHER:
        phone = reading.phone
    facts = intake_reading.person_facts(reading.values, prefix, phone=phone, scanned=scanned)
    try:
        return find_or_register_person(facts=facts, actor=actor, at=at).applicant
    except Refusal as refusal:
        refusal.field = intake_reading.form_field(refusal.field, prefix)
        raise


def _attach(dossier: Dossier, reading: Reading, actor: Actor, at: datetime, key: str) -> None:
    """Hang the scans made before saving on their papers; a scan of a paper that was not handed in, and a stack that was
    split, on the dossier.
    """
    wanted = [(row, str(one["id"])) for row in reading.rows for one in row.files]
    scans = [str(one["id"]) for one in reading.scans]
    if not wanted and not scans:
        return
    numbers = [*scans, *(number for _row, number in wanted)]
    stored = {str(one.pk): one for one in StoredFile.objects.filter(pk__in=numbers)}
    for number in scans:
        if number in stored:
            attachments.attach(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:{number}", stored=stored[number],
                purpose=words.FilePurpose.OTHER,
            )  # fmt: skip
    places = {row.key: place for place, row in enumerate(reading.papers, 1)}
    papers = dict(DossierDocument.objects.filter(dossier=dossier).values_list("position", "pk"))
    for row, number in wanted:
        if number in stored:
            attachments.attach(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:{number}", stored=stored[number],
                purpose=words.FilePurpose.DOCUMENT, document_id=papers.get(places.get(row.key, 0)),
            )  # fmt: skip


@transaction.atomic
def keep_file(
    *, draft_id: UUID, row: str, file: BinaryIO, name: str, actor: Actor, at: datetime
) -> list[dict[str, Any]]:  # fmt: skip
    """Take a scan in for one line of a draft's paper list; return the files of that line.

    Refuses what `files.operations.store` refuses, and more than 60 files on one draft.
    """
    draft = open_draft(draft_id, actor)
    held = draft_queries.content(draft).files
    require_room(held)
    stored = files.store(
        stream=file, filename=name, actor=actor, at=at, purpose="draft", agency_id=actor.agency_id or 0
    )
    held[row] = [*held.get(row, []), fact_of(stored)]
    drafts.save_fields(draft_id=draft.pk, actor=actor, at=at, values={FILES: held})
    return held[row]


def require_room(held: Mapping[str, list[dict[str, Any]]]) -> None:
    """Refuse one more file on a draft that holds the most it may."""
    if sum(len(files) for files in held.values()) >= MOST_FILES:
        raise Refusal(
            _("Hồ sơ này đã có 60 tệp. Ghép các trang vào một tệp PDF rồi gửi lại."), code="too_many_files"
        )


def fact_of(stored: StoredFile) -> dict[str, Any]:
    """Return what a draft holds of a file."""
    return {"id": str(stored.pk), "name": stored.original_name, "size": stored.size, "pages": stored.pages}


@transaction.atomic
def drop_file(*, draft_id: UUID, row: str, file_id: UUID, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Take a file off a line of a draft again; its content goes with the sweep. Return what is left there."""
    draft = open_draft(draft_id, actor)
    held = draft_queries.content(draft).files
    held[row] = [one for one in held.get(row, []) if one["id"] != str(file_id)]
    drafts.save_fields(draft_id=draft.pk, actor=actor, at=at, values={FILES: held})
    return held[row]


def open_draft(draft_id: UUID, actor: Actor) -> Draft:
    """Lock the actor's own draft; two scans that arrive together must not forget each other."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, account_id=actor.account_id or 0).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy bản nháp này. Mở một hồ sơ mới."))
    return draft
