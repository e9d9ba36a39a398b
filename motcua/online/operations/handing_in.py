"""Hand an application in, answer a supplement request, withdraw, take the result: the counter's operations, from home.

The actor stays the applicant: history says who, by what right and who really pressed.
"""

import io
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts import levels
from motcua.agencies.queries import name_of
from motcua.applicants import acting, mandate_queries
from motcua.applicants import queries as applicants
from motcua.applicants.models import MandateKind
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files.models import FileStatus, StoredFile
from motcua.dossiers import queries as dossiers
from motcua.dossiers import words
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile
from motcua.dossiers.operations import attachments, ending, handover, intake, supplement
from motcua.dossiers.operations import vault as vault_papers
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.dossiers.states import Status
from motcua.eforms import papers as declarations
from motcua.eforms import queries as eforms
from motcua.eforms.operations import answering
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.online import queries
from motcua.online.models import Application, ApplicationFile, ApplicationPaper, Helper, State
from motcua.online.operations import drafting
from motcua.online.permissions import require_citizen
from motcua.procedures.models.words import Channel


@transaction.atomic
def hand_in(
    *, application_id: UUID, actor: Actor, at: datetime, helped_by: str = Helper.NOBODY, helper_name: str = ""
) -> Application:  # fmt: skip
    """Make the application a dossier: code at once, the working day to answer begins. Twice is as good as once.

    Refuses a log-in under level 2, an applicant one may no longer act for, and what is not complete.
    """
    require_citizen(actor)
    levels.require_level(actor, levels.SUBMISSION)
    Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    row = queries.mine(actor, application_id, at)
    if row.state == State.HANDED_IN:
        return row
    role = acting.require_may_act(actor, row.applicant_id, at)
    if helped_by not in Helper.values or (helped_by != Helper.NOBODY and not helper_name.strip()):
        raise Refusal(
            _("Có người giúp nộp thì ghi họ tên và nơi làm việc của người đó."), field="helper_name"
        )
    found = queries.standing(row, actor=actor, at=at)
    if not found.complete:
        raise Refusal(
            _("Hồ sơ chưa nộp được: %(what)s.") % {"what": "; ".join(text for text, _url in found.faults)}
        )
    inside = queries.entered(actor, row.applicant_id, [row.agency_id])
    used = [one for one in found.slots if one.by_form or one.there]
    with override("vi"):  # it is kept
        given = _intake(row, role, used, found.declaration, actor)
    dossier = intake.submit(
        intake=given,
        actor=inside,
        at=at,
        key=f"online-{row.pk.hex}",
    )
    _hang(dossier, used, inside, at)
    if found.declaration is not None:
        _declare(dossier, found, used, inside, at)
    row.state, row.handed_in_at, row.became, row.code = State.HANDED_IN, at, dossier.pk, dossier.code
    row.home_agency_id, row.mandate, row.right = dossier.home_agency_id, role.mandate, role.kind[:12]
    row.helped_by, row.helper_name, row.saved_at = helped_by, helper_name.strip()[:120], at
    row.save()
    record(
        actor=inside, verb="handed_in_online", subject_kind=dossiers.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={
            "application": row.pk, "pressed_by": helped_by, "pressed_name": row.helper_name, "right": role.kind,
            "mandate": role.mandate, "level": actor.level,
        },
    )  # fmt: skip
    return row


def _intake(
    row: Application, role: acting.ActingRole, used: list[queries.Slot], declared: eforms.Standing | None, actor: Actor
) -> Intake:  # fmt: skip
    citizen = applicants.citizen(actor.account_id or 0)
    if citizen is None:
        raise NotFound(_("Tài khoản này chưa gắn với người nào. Đăng xuất rồi đăng nhập lại bằng VNeID."))
    me = citizen.person.applicant.pk
    given = [
        PaperIn(name=one.name[:2000], required_id=one.required.pk if one.required else None) for one in used
    ]
    if declared is not None and not any(one.by_form for one in used):
        given.append(PaperIn(name=_("Tờ khai điện tử: %(title)s") % {"title": declared.form.title}))
    return Intake(
        variant_id=row.variant_id, channel=Channel.ONLINE, applicant_id=row.applicant_id, submitter_id=me,
        papers=tuple(given), competent_agency_id=row.agency_id, result_channel=row.result_channel,
        representative_id=None if role.is_self else me, authority="" if role.is_self else _authority(role),
        contact_phone=row.contact_phone or "", contact_email=row.contact_email or "",
        return_address=row.return_address or "",
    )  # fmt: skip


def _authority(role: acting.ActingRole) -> str:
    """Say by what paper somebody acts for another: which agency confirmed it, and when."""
    found = mandate_queries.get(role.mandate) if role.mandate else None
    kind = str(MandateKind(role.kind).label)
    if found is None or found.answered_at is None:
        return kind
    day = timezone.localdate(found.answered_at)
    facts = {"kind": kind, "agency": name_of(found.agency_id, day), "day": f"{day:%d/%m/%Y}"}
    return _("%(kind)s; %(agency)s xác nhận ngày %(day)s") % facts


def _hang(dossier: Dossier, used: list[queries.Slot], inside: Actor, at: datetime) -> None:
    """Hang the files and the vault's papers on the dossier's papers, which stand in the same order."""
    rows = list(DossierDocument.objects.filter(dossier=dossier).order_by("position"))
    for slot, document in zip(used, rows, strict=False):
        if slot.paper is None:
            continue
        _attach(dossier, slot.paper, document.pk, words.FilePurpose.DOCUMENT, inside, at)
        # A spoiled one is left out: its page has said so, and files came instead.
        if slot.paper.vault_paper is not None and not slot.spoiled:
            vault_papers.take_over(
                dossier=dossier, document_id=document.pk, paper_id=slot.paper.vault_paper, actor=inside, at=at,
                key=f"{dossier.pk.hex[:20]}-v{slot.paper.pk}",
            )  # fmt: skip


def _attach(
    dossier: Dossier, paper: ApplicationPaper, document_id: UUID, purpose: str, inside: Actor, at: datetime
) -> None:  # fmt: skip
    for one in paper.files.all():
        if one.stored.status != FileStatus.CLEAN:
            continue  # set apart since it was sent; the page has said so
        StoredFile.objects.filter(pk=one.stored_id).update(agency_id=dossier.home_agency_id, purpose="paper")
        attachments.attach(
            dossier_id=dossier.pk, actor=inside, at=at, key=f"online-file-{one.stored_id.hex}", stored=one.stored,
            purpose=purpose, document_id=document_id,
        )  # fmt: skip


def _declare(
    dossier: Dossier, found: queries.Standing, used: list[queries.Slot], inside: Actor, at: datetime
) -> None:
    """Hang the declaration on the dossier as the paper it is, and close it."""
    declared = found.declaration
    assert declared is not None
    answering.hand_in(answer_id=declared.answer.pk, actor=inside, at=at, key="")
    declared.answer.refresh_from_db()
    place = next((n for n, one in enumerate(used) if one.by_form), len(used))
    document = DossierDocument.objects.filter(dossier=dossier).order_by("position")[place]
    stored = files.store(
        stream=io.BytesIO(declarations.declaration(declared)), filename="to-khai.pdf", actor=inside, at=at,
        purpose="paper", agency_id=dossier.home_agency_id,
    )  # fmt: skip
    attachments.attach(
        dossier_id=dossier.pk, actor=inside, at=at, key=f"online-form-{dossier.pk.hex}", stored=stored,
        purpose=words.FilePurpose.DOCUMENT, document_id=document.pk,
    )  # fmt: skip


# ── After handing in


@transaction.atomic
def add_answer(
    *, code: str, item: int, stream: BinaryIO | None, filename: str, note: str | None, actor: Actor, at: datetime
) -> ApplicationPaper:  # fmt: skip
    """Prepare one line of a supplement request: a file, or a word why there is none. Nothing is sent yet.

    `note` None leaves the word as it is.
    """
    dossier, _inside = _held(actor, code, at)
    request = queries.asked_for(dossier)
    if request is None or not 0 < item <= len(request.items):
        raise Conflict(_("Cơ quan không còn chờ giấy tờ này. Tải lại trang để xem hồ sơ."), code="not_asked")
    row = _application_of(dossier, actor, at)
    paper, _made = ApplicationPaper.objects.get_or_create(
        application=row, round=request.number, item=item,
        defaults={"name": str(request.items[item - 1]["name"])[:2000]},
    )  # fmt: skip
    if note is not None:
        paper.note = note.strip()[:500]
        paper.save(update_fields=["note"])
    if stream is not None:
        drafting.keep_file(paper, stream, filename, actor, at)
    return paper


@transaction.atomic
def remove_answer_file(*, code: str, file_id: int, actor: Actor, at: datetime) -> None:
    """Take a file out of a supplement that is not sent yet."""
    dossier, _inside = _held(actor, code, at)
    request = queries.asked_for(dossier)
    if request is not None:
        rows = ApplicationFile.objects.filter(
            pk=file_id, paper__application__became=dossier.pk, paper__round=request.number
        )
        drafting.forget(list(rows))


@once("online.supplement")
def answer_supplement(*, code: str, actor: Actor, at: datetime, key: str) -> None:
    """Send what was asked for, all at once: the clock goes on. Refuses while a line has neither file nor word."""
    levels.require_level(actor, levels.SUBMISSION)
    dossier, inside = _held(actor, code, at)
    request = queries.asked_for(dossier)
    if request is None:
        raise Conflict(_("Cơ quan không còn chờ bổ sung. Tải lại trang để xem hồ sơ."), code="not_asked")
    there = queries.prepared_for(dossier, request.number)
    missing = [
        one["name"] for place, one in enumerate(request.items, 1)
        if place not in there or not (queries.has_files(there[place]) or there[place].note)
    ]  # fmt: skip
    if missing:
        raise Refusal(
            _("Còn thiếu: %(papers)s. Gửi tệp, hoặc ghi vì sao không có.") % {"papers": "; ".join(missing)}
        )
    last = DossierDocument.objects.filter(dossier=dossier).order_by("-position").first()
    given = [PaperIn(name=there[place].name, note=there[place].note) for place in sorted(there)]
    supplement.receive_supplement(
        dossier_id=dossier.pk,
        actor=inside,
        at=at,
        key=f"online-{dossier.pk.hex}-{request.number}",
        papers_in=given,
    )
    rows = DossierDocument.objects.filter(
        dossier=dossier, position__gt=last.position if last else 0
    ).order_by("position")
    for place, document in zip(sorted(there), rows, strict=True):
        _attach(dossier, there[place], document.pk, words.FilePurpose.SUPPLEMENT, inside, at)


@once("online.withdraw")
def withdraw(*, code: str, reason: str, actor: Actor, at: datetime, key: str) -> None:
    """End the dossier on the applicant's own wish, before there is a result."""
    levels.require_level(actor, levels.SUBMISSION)
    dossier, inside = _mine(actor, code, at)
    if not queries.may_withdraw(dossier):
        raise Conflict(_("Hồ sơ đã có kết quả hoặc đã kết thúc nên không rút được nữa."), code="ended")
    ending.withdraw(dossier_id=dossier.pk, actor=inside, at=at, key=f"{key}-w", reason=reason)


def take_result(*, code: str, file_id: UUID, actor: Actor, at: datetime) -> StoredFile:
    """Return a file of the result. Where it was wished electronically, taking it closes the dossier as handed over."""
    with transaction.atomic():
        dossier, inside = _mine(actor, code, at)
        if dossier.status not in (Status.DONE, Status.RETURNED):
            raise NotFound(_("Hồ sơ chưa có kết quả."))
        one = (
            DossierFile.objects.filter(
                dossier=dossier,
                stored_id=file_id,
                purpose=words.FilePurpose.RESULT,
                stored__status=FileStatus.CLEAN,
            )
            .select_related("stored")
            .first()
        )
        if one is None:
            raise NotFound(_("Hồ sơ này không có tệp kết quả như vậy."))
        record(
            actor=inside, verb="took_result", subject_kind=dossiers.SUBJECT, subject_id=dossier.pk, at=at,
            agency_id=dossier.home_agency_id, payload={"file": one.pk, "sha256": one.stored.sha256},
        )  # fmt: skip
        if dossier.status == Status.DONE and dossier.result_channel == words.ResultChannel.ELECTRONIC:
            handover.return_result(
                dossier_id=dossier.pk, actor=SYSTEM, at=at, key=f"online-result-{dossier.pk.hex}",
                returned_to=actor.name, channel=words.ResultChannel.ELECTRONIC,
            )  # fmt: skip
        return one.stored


def _mine(actor: Actor, code: str, at: datetime) -> tuple[Dossier, Actor]:
    require_citizen(actor)
    return queries.dossier_of(actor, code, at)


def _held(actor: Actor, code: str, at: datetime) -> tuple[Dossier, Actor]:
    """The same, locked: what is put to a supplement while it is sent goes with it or is told that it came too late."""
    dossier, inside = _mine(actor, code, at)
    dossiers.lock(dossier.pk, inside)
    dossier.refresh_from_db(fields=["status"])  # as it is now that nobody else changes it
    return dossier, inside


def _application_of(dossier: Dossier, actor: Actor, at: datetime) -> Application:
    """Return the application a dossier came from; one for a dossier that came another way."""
    found, _made = Application.objects.get_or_create(
        home_agency_id=dossier.home_agency_id, became=dossier.pk,
        defaults={
            "owner_id": require_citizen(actor), "applicant_id": dossier.applicant_id, "variant_id": dossier.variant_id,
            "agency_id": dossier.competent_agency_id, "state": State.HANDED_IN, "begun_at": at, "saved_at": at,
            "handed_in_at": dossier.submitted_at, "code": dossier.code, "result_channel": dossier.result_channel,
        },
    )  # fmt: skip
    return found
