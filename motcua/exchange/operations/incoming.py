"""What a client sends: files first, then a dossier, the answer to a supplement request, a withdrawal.

Each is the operation of the counter, with the client as actor. One key covers all that one request does.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import agency_by_code
from motcua.applicants.models import Applicant
from motcua.applicants.operations import (
    OrganizationFacts,
    PersonFacts,
    find_or_register_person,
    register_organization,
)
from motcua.applicants.operations.contact import email_of, phone_of
from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files.models import StoredFile
from motcua.dossiers import queries as dossiers
from motcua.dossiers import words
from motcua.dossiers.intake_choice import is_offered
from motcua.dossiers.models import Dossier, DossierDocument, ExternalCode
from motcua.dossiers.operations import attachments, ending, handover, intake, supplement
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.dossiers.states import Status
from motcua.exchange import permissions, queries
from motcua.exchange.models import Client, Incoming, PressedBy, Scope, Upload
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize, word_key
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.models.words import Channel
from motcua.procedures.queries import catalogue

#: How far another system's clock may be ahead of ours.
SKEW = timedelta(minutes=5)
MOST_PAPERS = MOST_FILES = 60
UPLOADS_WAIT = timedelta(days=1)
MOST_WAITING = 500  # unused uploads of one client


class BadSubmission(Refusal):
    """Something in what was sent does not fit together; `field` is where, as a JSON pointer."""

    code = "bad_submission"


@dataclass(frozen=True)
class SentPaper:
    """One paper with the uploads that are its pages. Counts stay 0 for what exists as files alone."""

    name: str = ""
    required_id: int | None = None
    uploads: tuple[UUID, ...] = ()
    originals: int = 0
    certified: int = 0
    plain_copies: int = 0
    note: str = ""

    @property
    def is_something(self) -> bool:
        """Whether it brings anything: a file, paper that comes by post, or a word why there is none."""
        return bool(
            self.uploads or self.originals or self.certified or self.plain_copies or self.note.strip()
        )


@dataclass(frozen=True)
class SuppliedPaper(SentPaper):
    """One paper of a supplement; `item` is the line of the request that it answers."""

    item: int | None = None

    def body(self) -> dict[str, Any]:
        """Return it as the key knows it: as before there were numbers, where it names none."""
        found = asdict(self)
        if self.item is None:
            del found["item"]
        return found


@dataclass(frozen=True)
class Sent:
    """A dossier as a client sends it."""

    procedure: str
    agency: str
    channel: str
    applicant: PersonFacts | OrganizationFacts
    pressed_by: str
    papers: tuple[SentPaper, ...] = ()
    case_id: int | None = None
    submitter: PersonFacts | None = None
    represents: bool = False
    authority: str = ""
    pressed_name: str = ""
    pressed_at: datetime | None = None
    external_code: str = ""
    result_channel: str = words.ResultChannel.ELECTRONIC
    return_address: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    summary: str = ""
    copies: int = 1
    post_sender: str = ""
    posted_on: date | None = None


@transaction.atomic
def keep_upload(*, client: Client, stream: BinaryIO, filename: str, actor: Actor, at: datetime) -> Upload:
    """Take a file in that a dossier will name. Refuses what `files.operations.store` refuses, and too many waiting."""
    permissions.require_scope(actor, Scope.SUBMIT, Scope.SUPPLEMENT)
    if Upload.objects.filter(client=client, used_at=None).count() >= MOST_WAITING:
        raise Conflict(
            _("Đã có 500 tệp chờ dùng. Nộp hồ sơ với các tệp đó, hoặc đợi."), code="too_many_uploads"
        )
    stored = files.store(stream=stream, filename=filename, actor=actor, at=at, purpose="exchange")
    return Upload.objects.create(client=client, stored=stored, created_at=at)


@transaction.atomic
def take_in(*, client: Client, sent: Sent, actor: Actor, at: datetime, key: str) -> tuple[Dossier, bool]:
    """Register a dossier that a client sends; return it, and whether it was made now.

    The same key with the same body returns the dossier made the first time. Refuses what the counter's `submit`
    refuses; a procedure, case, channel or agency that does not fit; uploads that are not the client's own or were used;
    a moment of pressing "submit" that has not come yet; a code of the other system that was sent before.
    """
    claim = keys.claim(actor=actor, key=key, verb="exchange.submit", body=asdict(sent), at=at)
    if claim.answer is not None:
        return dossiers.visible_to(actor).get(pk=claim.answer["dossier"]), False
    permissions.require_scope(actor, Scope.SUBMIT)
    sent = _in_plain_letters(sent)
    _check_pressed(sent, at)
    variant = _variant(sent, timezone.localdate(at))
    uploads = _uploads(client, sent.papers)
    dossier = intake.submit(
        intake=_intake(sent, variant, actor, at), actor=actor, at=at, key=_key(key, "submit")
    )
    _hang(
        dossier,
        sent.papers,
        uploads,
        first=1,
        purpose=words.FilePurpose.DOCUMENT,
        actor=actor,
        at=at,
    )
    Incoming.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, client=client, pressed_by=sent.pressed_by,
        pressed_name=sent.pressed_name, pressed_at=sent.pressed_at, at=at,
    )  # fmt: skip
    _external(client, dossier, sent.external_code.strip())
    record(
        actor=actor, verb="came_in", subject_kind=dossiers.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={
            "system": client.system, "external_code": sent.external_code.strip(), "pressed_by": sent.pressed_by,
            "pressed_name": sent.pressed_name, "pressed_at": sent.pressed_at,
        },
    )  # fmt: skip
    keys.keep(claim, {"dossier": str(dossier.pk)})
    return dossier, True


@transaction.atomic
def answer_supplement(
    *, client: Client, dossier: Dossier, papers: Sequence[SuppliedPaper], actor: Actor, at: datetime, key: str
) -> Dossier:  # fmt: skip
    """Hand in what was asked for, all of it at once, for a dossier that the client sent.

    Refuses, as the page for citizens does, while a line of the request has neither file nor paper by post nor a
    word why there is none; a paper that brings nothing; a line or a paper of the catalogue that there is not.
    """
    body = {"dossier": dossier.pk, "papers": [one.body() for one in papers]}
    claim = keys.claim(actor=actor, key=key, verb="exchange.supplement", body=body, at=at)
    if claim.answer is not None:
        return dossiers.visible_to(actor).get(pk=dossier.pk)
    if not papers:
        raise BadSubmission(_("Gửi ít nhất một giấy tờ bổ sung."), field="/papers")
    uploads = _uploads(client, papers)
    dossiers.lock(dossier.pk, actor)
    dossier.refresh_from_db(fields=["status"])  # as it is now that nobody else changes it
    given = _answers(dossier, papers)
    last = DossierDocument.objects.filter(dossier=dossier).order_by("-position").first()
    done = supplement.receive_supplement(
        dossier_id=dossier.pk, actor=actor, at=at, key=_key(key, "receive"), papers_in=given
    )
    _hang(
        done, papers, uploads, first=(last.position if last else 0) + 1, purpose=words.FilePurpose.SUPPLEMENT,
        actor=actor, at=at,
    )  # fmt: skip
    keys.keep(claim, {"dossier": str(dossier.pk)})
    return done


def _answers(dossier: Dossier, papers: Sequence[SuppliedPaper]) -> list[PaperIn]:
    """Return the papers as the counter has them; refuses while a line of the request is not answered."""
    request = queries.asked_of(dossier)
    lines = [str(one["name"]) for one in request.items] if request is not None else []
    required = {one.pk: one.name for one in catalogue.required_documents(dossier.variant)}
    given, answered = [], set[int]()
    for place, one in enumerate(papers):
        at = f"/papers/{place}"
        if one.item is not None and request is not None and not 0 < one.item <= len(lines):
            raise BadSubmission(
                _("Yêu cầu bổ sung không có mục số này."), code="unknown_item", field=f"{at}/item"
            )
        called = _line(one.name) or (lines[one.item - 1] if one.item and lines else "")
        paper = _paper(replace(one, name=called, note=_line(one.note)), required, at)
        if not one.is_something:
            raise BadSubmission(
                _("Gửi tệp, ghi số bản giấy, hoặc ghi chú vì sao không có."), code="not_answered", field=at
            )
        answered.add(one.item or _line_called(lines, answered, called, paper.name))
        given.append(paper)
    missing = [f"{n}. {name}" for n, name in enumerate(lines, 1) if n not in answered]
    if missing:
        text = _("Còn thiếu: %(papers)s. Mỗi mục gửi tệp, ghi số bản giấy, hoặc ghi chú vì sao không có.")
        raise BadSubmission(text % {"papers": "; ".join(missing)}, code="not_answered", field="/papers")
    return given


def _line_called(lines: Sequence[str], answered: set[int], *names: str) -> int:
    """Return the line that a paper without a number answers, by its name; 0: none, it is one more paper.

    Of lines of the same name the first that has no answer yet.
    """
    called = {word_key(name) for name in names if name}
    found = [n for n, name in enumerate(lines, 1) if word_key(name) in called]
    return next((n for n in found if n not in answered), found[0] if found else 0)


def withdraw(*, dossier: Dossier, reason: str, actor: Actor, at: datetime, key: str) -> Dossier:
    """End a dossier that the client sent, on the applicant's own request."""
    return ending.withdraw(dossier_id=dossier.pk, actor=actor, at=at, key=key, reason=reason)


@transaction.atomic
def result_received(
    *, dossier: Dossier, received_by: str, received_at: datetime | None, actor: Actor, at: datetime, key: str
) -> Dossier:  # fmt: skip
    """Close a dossier that the client sent, once it has handed the electronic result to the applicant.

    Refuses a dossier without a result, or whose result is fetched at the counter or comes by post; no name; a moment
    that has not come yet, or before the result was there.
    """
    body = {"dossier": dossier.pk, "received_by": received_by, "received_at": received_at}
    claim = keys.claim(actor=actor, key=key, verb="exchange.result_received", body=body, at=at)
    if claim.answer is not None:
        return dossiers.visible_to(actor).get(pk=dossier.pk)
    permissions.require_scope(actor, Scope.RESULTS)
    dossiers.lock(dossier.pk, actor)
    dossier.refresh_from_db(fields=["status", "finished_at", "result_channel"])
    if dossier.status != Status.DONE or dossier.result_channel != words.ResultChannel.ELECTRONIC:
        raise Conflict(_("Hồ sơ không có kết quả điện tử đang chờ trao."), code="not_allowed_now")
    name = _line(received_by)
    if not name:
        raise BadSubmission(_("Ghi họ tên người nhận kết quả."), field="/received_by")
    if received_at is not None and received_at > at + SKEW:
        raise BadSubmission(_("Thời điểm nhận ở sau giờ máy chủ quá 5 phút. Kiểm tra đồng hồ của hệ thống gửi."),
                            code="clock_ahead", field="/received_at")  # fmt: skip
    if (
        received_at is not None
        and dossier.finished_at is not None
        and received_at < dossier.finished_at - SKEW
    ):
        raise BadSubmission(_("Thời điểm nhận ở trước lúc có kết quả."), field="/received_at")
    record(
        actor=actor, verb="result_received", subject_kind=dossiers.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id, payload={"received_by": name, "received_at": received_at or at},
    )  # fmt: skip
    done = handover.return_result(
        dossier_id=dossier.pk, actor=SYSTEM, at=at, key=f"api-result-{dossier.pk.hex}", returned_to=name,
        channel=words.ResultChannel.ELECTRONIC,
    )  # fmt: skip
    keys.keep(claim, {"dossier": str(dossier.pk)})
    return done


@transaction.atomic
def sweep_uploads(*, at: datetime) -> int:
    """Forget uploads no dossier named within a day; their content goes with the sweep of files. Return how many."""
    old = list(
        Upload.objects.filter(used_at=None, created_at__lt=at - UPLOADS_WAIT).values_list("pk", "stored_id")
    )
    Upload.objects.filter(pk__in=[one for one, _stored in old]).delete()
    StoredFile.objects.filter(pk__in=[stored for _one, stored in old]).delete()
    return len(old)


def _key(key: str, part: str) -> str:
    return f"{key}:{part}"[:80]


def _in_plain_letters(sent: Sent) -> Sent:
    """Return what people will read without letters that hide, turn or break the line."""
    return replace(
        sent, pressed_name=_line(sent.pressed_name), summary=_line(sent.summary), authority=_line(sent.authority),
        return_address=_line(sent.return_address), post_sender=_line(sent.post_sender),
        external_code=_line(sent.external_code),
        papers=tuple(replace(one, name=_line(one.name), note=_line(one.note)) for one in sent.papers),
    )  # fmt: skip


def _line(text: str) -> str:
    """Return one line in its written form: no controls, no letters without width, none that turn the writing."""
    return "".join(one for one in normalize(text) if unicodedata.category(one) not in {"Cc", "Cf"}).strip()


def _check_pressed(sent: Sent, at: datetime) -> None:
    if sent.pressed_at is not None and sent.pressed_at > at + SKEW:
        raise BadSubmission(
            _("Thời điểm bấm nộp ở sau giờ máy chủ quá 5 phút. Kiểm tra đồng hồ của hệ thống gửi."),
            code="clock_ahead", field="/pressed_by/at",
        )  # fmt: skip
    if sent.pressed_by in {PressedBy.OFFICER, PressedBy.POST} and not sent.pressed_name:
        raise BadSubmission(_("Nộp giúp thì ghi tên người nộp giúp."), field="/pressed_by/name")
    if len(sent.papers) > MOST_PAPERS:
        raise BadSubmission(_("Nhiều nhất 60 giấy tờ một hồ sơ."), field="/papers")


def _variant(sent: Sent, day: date) -> ProcedureVariant:
    version = catalogue.open_version(sent.procedure, day)
    cases = list(catalogue.variants(version))
    if sent.case_id is None:
        found = next((one for one in cases if one.is_default or len(cases) == 1), None)
    else:
        found = next((one for one in cases if one.pk == sent.case_id), None)
    if found is None:
        raise BadSubmission(_("Chọn một trường hợp của thủ tục (xem danh mục)."), field="/case")
    if not is_offered(found, sent.channel):
        raise BadSubmission(
            _("Trường hợp này không nhận qua kênh đã chọn."), field="/channel", code="channel_not_offered"
        )
    return found


def _intake(sent: Sent, variant: ProcedureVariant, actor: Actor, at: datetime) -> Intake:
    agency = agency_by_code(sent.agency)
    if agency.pk not in actor.agencies:
        raise NotPermitted(_("Kết nối này không được nộp vào cơ quan đã chọn."), code="not_your_agency")
    if not catalogue.settles(agency.pk, variant.version.procedure_id, timezone.localdate(at)):
        raise BadSubmission(_("Cơ quan này không giải quyết thủ tục đã chọn."), field="/agency")
    applicant = _registered(sent.applicant, "/applicant", actor, at)
    submitter = _registered(sent.submitter, "/submitter", actor, at) if sent.submitter else applicant
    if sent.represents and not sent.submitter:
        raise BadSubmission(_("Đại diện thì ghi người nộp."), field="/submitter")
    required = {one.pk: one.name for one in catalogue.required_documents(variant)}
    return Intake(
        variant_id=variant.pk, channel=sent.channel, applicant_id=applicant.pk, submitter_id=submitter.pk,
        papers=tuple(_paper(one, required, f"/papers/{place}") for place, one in enumerate(sent.papers)),
        competent_agency_id=agency.pk, result_channel=sent.result_channel,
        representative_id=submitter.pk if sent.represents else None,
        authority=sent.authority if sent.represents else "", summary=sent.summary, copies=sent.copies,
        contact_phone=_contact(phone_of, sent.contact_phone, "/contact_phone"),
        contact_email=_contact(email_of, sent.contact_email, "/contact_email"), return_address=sent.return_address,
        post_sender=sent.post_sender if sent.channel == Channel.POST else "",
        posted_on=sent.posted_on if sent.channel == Channel.POST else None,
    )  # fmt: skip


def _contact(read: Callable[[str], str | None], text: str, at: str) -> str:
    """Return where the applicant wants to be told, in its one form; refuses what leads nowhere."""
    try:
        return read(text) or ""
    except Refusal as refused:
        refused.field = at
        raise


def _paper(one: SentPaper, required: dict[int, str] | None, at: str) -> PaperIn:
    """Return a paper as the counter has it; what the catalogue asks for has the catalogue's name."""
    if one.required_id is not None and required is not None and one.required_id not in required:
        raise BadSubmission(_("Giấy tờ này không thuộc trường hợp đã chọn."), field=f"{at}/required")
    known = (required or {}).get(one.required_id or 0, "")
    name = known or one.name.strip()
    if not name:
        raise BadSubmission(_("Giấy tờ phải có tên."), field=f"{at}/name")
    return PaperIn(
        name=name[:2000], required_id=one.required_id if known else None, originals=one.originals,
        certified=one.certified, plain_copies=one.plain_copies, note=one.note,
    )  # fmt: skip


def _registered(facts: PersonFacts | OrganizationFacts, at: str, actor: Actor, when: datetime) -> Applicant:
    """Find or write down who applies. What is wrong says where, and never whose name a number belongs to."""
    with _pointing(at):
        if isinstance(facts, PersonFacts):
            return find_or_register_person(facts=facts, actor=actor, at=when).applicant
        return register_organization(facts=facts, actor=actor, at=when).applicant


@contextmanager
def _pointing(at: str) -> Iterator[None]:
    try:
        yield
    except Refusal as refused:
        if refused.code in {"other_name", "other_passport"}:
            raise Conflict(
                _("Số giấy tờ này đã thuộc về một tên khác. Kiểm tra lại số và họ tên; nếu người đó đã đổi tên, "
                  "nhờ họ đến quầy."), code=refused.code, field=f"{at}/{refused.field or ''}",
            ) from None  # fmt: skip
        refused.field = f"{at}/{refused.field}" if refused.field else at
        raise


def _uploads(client: Client, papers: Sequence[SentPaper]) -> dict[UUID, Upload]:
    """Lock the uploads that are named; refuses one that is not there, used before, or named twice."""
    named = [(place, one) for place, paper in enumerate(papers) for one in paper.uploads]
    if len(named) > MOST_FILES:
        raise BadSubmission(_("Nhiều nhất 60 tệp một hồ sơ."), field="/papers")
    found = queries.waiting_uploads(client, [one for _place, one in named])
    seen: set[UUID] = set()
    for place, one in named:
        if one not in found or one in seen:
            raise BadSubmission(
                _("Tệp này chưa được tải lên, đã dùng cho hồ sơ khác, hoặc được ghi hai lần."),
                code="unknown_upload", field=f"/papers/{place}/uploads",
            )  # fmt: skip
        seen.add(one)
    return found


def _hang(
    dossier: Dossier, papers: Sequence[SentPaper], uploads: dict[UUID, Upload], *, first: int, purpose: str,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Hang the files on their papers; the uploads are used up.

    An upload is used once, so its own number is the key; the space keeps it apart from the keys of clients.
    """
    rows = dict(DossierDocument.objects.filter(dossier=dossier).values_list("position", "pk"))
    for place, paper in enumerate(papers, first):
        for one in paper.uploads:
            stored = uploads[one].stored
            StoredFile.objects.filter(pk=stored.pk).update(agency_id=dossier.home_agency_id, purpose="paper")
            attachments.attach(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"upload {one.hex}", stored=stored,
                purpose=purpose, document_id=rows[place],
            )  # fmt: skip
    Upload.objects.filter(pk__in=list(uploads)).update(used_at=at)


def _external(client: Client, dossier: Dossier, code: str) -> None:
    """Keep the other system's code; the same code twice is the same dossier sent twice."""
    if not code:
        return
    try:
        with transaction.atomic():
            ExternalCode.objects.create(
                home_agency_id=dossier.home_agency_id, dossier=dossier, system=client.system, code=code
            )
    except IntegrityError:
        raise Conflict(
            _("Mã hồ sơ của hệ thống gửi đã có ở đây: hồ sơ này đã nộp rồi."), code="external_code_taken",
            field="/external_code",
        ) from None  # fmt: skip
