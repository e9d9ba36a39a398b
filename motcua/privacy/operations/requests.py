"""Requests about data: taken in with their clocks, answered, given to somebody, extended once, done or refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from motcua.accounts.levels import SUBMISSION, require_level
from motcua.accounts.operations.informing import inform
from motcua.agencies.models import Agency, Position, holds_on
from motcua.agencies.queries import code_of
from motcua.applicants import queries as applicants
from motcua.applicants.models import Applicant, ApplicantKind
from motcua.applicants.operations.contact import email_of, phone_of
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.operations import people
from motcua.base.numbering.operations import next_number
from motcua.dossiers.models import Dossier
from motcua.lib import due, lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize
from motcua.privacy import permissions, queries
from motcua.privacy.models import DataRequest
from motcua.privacy.models.request import Identity
from motcua.privacy.operations import answering, erasing
from motcua.privacy.states import GROUNDS, OPEN, Kind, State, answer_limit, doing_limit

SUBJECT = "data_request"
MOST_WORDS = 4000
#: One person asks no more than so many at a time: the rest waits until one is answered.
MOST_OPEN = 10
_NEW = gettext_lazy("Yêu cầu mới về dữ liệu cá nhân: %(code)s")
_GIVEN = gettext_lazy("Yêu cầu về dữ liệu cá nhân giao cho anh/chị: %(code)s")
_NEW_BODY = gettext_lazy("Trả lời lần đầu trong hai ngày làm việc. Mở yêu cầu %(code)s để xem.")
_WORDS = {
    "accepted": gettext_lazy(
        "Cơ quan đã nhận và đang thực hiện yêu cầu %(code)s, xong trước hết ngày %(due)s."
    ),
    "extended": gettext_lazy(
        "Yêu cầu %(code)s cần thêm thời gian, xong trước hết ngày %(due)s. Lý do ở trang theo dõi."
    ),
    "done": gettext_lazy(
        "Yêu cầu %(code)s đã thực hiện. Mở trang theo dõi bằng mã yêu cầu và mã tra cứu để xem trả lời."
    ),
    "refused": gettext_lazy(
        "Yêu cầu %(code)s không thực hiện được. Căn cứ và nơi khiếu nại ở trang theo dõi."
    ),
}


@once("privacy.ask")
def ask_by_slip(
    *, dossier: Dossier, kind: str, wants: str, email: str = "", phone: str = "", actor: Actor, at: datetime, key: str
) -> DataRequest:  # fmt: skip
    """Take in what the holder of a slip asks about the data of its applicant (code and secret were right).

    Refuses a dossier whose applicant is no person, nothing said where something has to be put right, and an eleventh
    open request about the same dossier.
    """
    return _take_in(
        agency=dossier.home_agency, applicant=dossier.applicant, about=dossier, identity=Identity.SLIP, kind=kind,
        wants=wants, email=email, phone=phone, actor=actor, at=at,
    )  # fmt: skip


@once("privacy.ask_at_counter")
def ask_at_counter(
    *, applicant_id: UUID, kind: str, wants: str, card_seen: bool, email: str = "", phone: str = "", actor: Actor,
    at: datetime, key: str,
) -> DataRequest:  # fmt: skip
    """Take in what a person asks who stands at the counter. Refuses without their card, and who may not."""
    if not permissions.takes_in(actor):
        raise NotPermitted(_("Anh/chị không ở quầy nên không ghi yêu cầu thay người dân."))
    if not card_seen:
        raise Refusal(
            _("Xem thẻ căn cước của người yêu cầu rồi đánh dấu. Không có thẻ thì người đó gửi bằng mã hồ sơ."),
            code="no_card", field="card_seen",
        )  # fmt: skip
    applicant = Applicant.objects.select_related("person").get(pk=applicant_id)
    agency = Agency.objects.select_related("calendar").get(pk=actor.agency_id or 0)
    return _take_in(
        agency=agency, applicant=applicant, about=None, identity=Identity.CARD, kind=kind, wants=wants, email=email,
        phone=phone, actor=actor, at=at,
    )  # fmt: skip


@once("privacy.ask_signed_in")
def ask_signed_in(
    *, agency_id: int, kind: str, wants: str, email: str = "", phone: str = "", actor: Actor, at: datetime, key: str
) -> DataRequest:  # fmt: skip
    """Take in what somebody asks who signed in with a proven identity: about all of their own data, no card needed.

    Refuses a log-in that proves less, and an account that is nobody yet. The caller sees the agency (`queries.within`).
    """
    citizen = applicants.citizen(actor.account_id or 0) if actor.kind == "applicant" else None
    if citizen is None:
        raise NotPermitted(_("Đăng nhập bằng tài khoản định danh của chính anh/chị rồi gửi."))
    require_level(actor, SUBMISSION)
    agency = Agency.objects.select_related("calendar").get(pk=agency_id)
    return _take_in(
        agency=agency, applicant=citizen.person.applicant, about=None, identity=Identity.EID, kind=kind, wants=wants,
        email=email, phone=phone, actor=actor, at=at,
    )  # fmt: skip


def _take_in(
    *, agency: Agency, applicant: Applicant, about: Dossier | None, identity: Identity, kind: str, wants: str,
    email: str, phone: str, actor: Actor, at: datetime,
) -> DataRequest:  # fmt: skip
    if kind not in set(Kind):
        raise Refusal(_("Chọn một việc trong danh sách."), code="bad_kind", field="kind")
    if applicant.kind != ApplicantKind.PERSON:
        raise Refusal(
            _("Chủ hồ sơ này là tổ chức. Quyền này chỉ của cá nhân; hỏi quầy hướng dẫn."),
            code="no_person",
            field="code",
        )
    said = normalize(wants)
    if len(said) > MOST_WORDS:
        raise Refusal(_("Viết ngắn hơn %(n)s chữ.") % {"n": MOST_WORDS}, code="too_long", field="wants")
    if kind == Kind.CORRECT and len(said) < 5:
        raise Refusal(_("Ghi điều gì sai và đúng phải là gì."), code="no_words", field="wants")
    waiting = DataRequest.objects.filter(home_agency=agency, applicant=applicant, closed_at=None)
    if waiting.count() >= MOST_OPEN:
        raise Conflict(
            _("Đang có %(n)s yêu cầu chưa trả lời. Đợi trả lời, hoặc gọi cơ quan để hỏi.") % {"n": MOST_OPEN},
            code="too_many",
        )
    day = timezone.localdate(at)
    calendar = queries.calendar_of(agency)
    answer = due.reckon(calendar, at, answer_limit(day)).due
    done = due.reckon(calendar, at, doing_limit(Kind(kind), day)).due
    owner = code_of(agency.pk, day)
    number = next_number(agency_id=agency.pk, kind="data_request", period=day.isoformat())
    code, secret = f"{queries.PREFIX}{owner}-{day:%y%m%d}-{number:03d}", lookup.new_secret()
    row = DataRequest.objects.create(
        home_agency=agency, code=code, secret=secret, secret_hash=queries.secret_hash(code, secret), kind=kind,
        identity=identity, identity_seen_by=actor.account_id if identity == Identity.CARD else None,
        applicant=applicant, about=about, wants=said, contact_email=email_of(email) or "",
        contact_phone=phone_of(phone) or "", received_at=at, answer_due_at=answer,
        received_by=None if identity == Identity.EID else actor.account_id,
        original_due_at=done, due_at=done,
    )  # fmt: skip
    _note(row, "data_request.ask", actor, at, {"kind": kind, "identity": identity.value}, begins=True)
    inform(
        account_ids=queries.keepers(agency, day), mark=f"data-request:{row.pk}", subject=_NEW,
        body=_NEW_BODY, facts={"code": code}, link=f"/privacy/{code}/", at=at,
    )  # fmt: skip
    return row


@once("privacy.accept")
def accept(*, request_id: UUID, actor: Actor, at: datetime, key: str) -> DataRequest:
    """Give the first answer: the request is being carried out, by when and how. Refuses one that was answered."""
    row = _open(request_id, actor)
    if row.state != State.NEW:
        raise Conflict(_("Yêu cầu này đã được trả lời lần đầu. Tải lại trang để xem."), code="answered")
    row.state, row.answered_at = State.ACCEPTED.value, at
    row.save(update_fields=["state", "answered_at"])
    _note(row, "data_request.accept", actor, at, {"late": at > row.answer_due_at})
    _tell(row, "accepted", at)
    return row


@once("privacy.assign")
def assign(*, request_id: UUID, position_id: int, actor: Actor, at: datetime, key: str) -> DataRequest:
    """Give a request to somebody of the agency. Refuses who holds no position there today."""
    row = _locked(request_id)
    permissions.require_keeps(actor, row.home_agency_id)
    _require_open(row)
    held = Position.objects.filter(holds_on(timezone.localdate(at)), pk=position_id, account__is_active=True)
    position = held.filter(unit__agency_id=row.home_agency_id).first()
    if position is None:
        raise Refusal(_("Chọn một người đang làm việc ở cơ quan."), code="nobody", field="position")
    row.assigned_to = position
    row.save(update_fields=["assigned_to"])
    _note(row, "data_request.assign", actor, at, {"position": position.pk})
    inform(
        account_ids=[position.account_id], mark=f"data-request:{row.pk}:given:{int(at.timestamp())}",
        subject=_GIVEN, body=_NEW_BODY, facts={"code": row.code}, link=f"/privacy/{row.code}/", at=at,
    )  # fmt: skip
    return row


@once("privacy.extend")
def extend(*, request_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> DataRequest:
    """Give a request its second span, once, with a reason the person is told. Refuses a second time and a late one."""
    row = _open(request_id, actor)
    if row.extended_at is not None:
        raise Conflict(_("Luật cho gia hạn một lần; yêu cầu này đã gia hạn."), code="extended")
    if at > row.due_at:
        raise Conflict(_("Đã quá hạn nên không gia hạn được nữa. Thực hiện và trả lời ngay."), code="late")
    said = normalize(reason)[:500]
    if len(said) < 10:
        raise Refusal(
            _("Ghi rõ vì sao cần thêm thời gian; người yêu cầu đọc lý do này."),
            code="no_reason",
            field="reason",
        )
    calendar = queries.calendar_of(row.home_agency)
    limit = doing_limit(Kind(row.kind), timezone.localdate(row.received_at))
    row.extended_at, row.extension_reason = at, said
    row.due_at = due.reckon(calendar, row.original_due_at, limit).due
    row.save(update_fields=["extended_at", "extension_reason", "due_at"])
    _note(row, "data_request.extend", actor, at, {"due_at": row.due_at, "reason": said})
    _tell(row, "extended", at)
    return row


@once("privacy.identify")
def confirm_identity(*, request_id: UUID, actor: Actor, at: datetime, key: str) -> DataRequest:
    """Note that the person of a request by slip has shown their card: from now on it covers all their data here."""
    row = _locked(request_id)
    if not (permissions.handles(actor, row) or permissions.takes_in(actor)):
        raise NotPermitted(_("Anh/chị không ở quầy nên không xác nhận được người yêu cầu."))
    _require_open(row)
    if row.identity != Identity.SLIP:
        raise Conflict(_("Người yêu cầu đã được xác nhận đúng người."), code="known")
    row.identity, row.identity_seen_by = Identity.CARD.value, actor.account_id
    row.save(update_fields=["identity", "identity_seen_by"])
    _note(row, "data_request.identify", actor, at, {})
    return row


@once("privacy.finish")
def finish(
    *, request_id: UUID, answer: str, contact: dict[str, str] | None = None, card: str = "", seen: str = "",
    actor: Actor, at: datetime, key: str,
) -> DataRequest:  # fmt: skip
    """Carry a request out and answer it: make the copy, correct, restrict, forget or erase (`answering`).

    Refuses to change anything for somebody who has only shown a slip, and to erase by anybody but who answers for the
    agency's data, or who has not seen what goes and stays as it is now (`seen`: `erasing.digest`). A first answer that
    was still owed is given with it.
    """
    row = _open(request_id, actor)
    if row.kind != Kind.SEE and row.identity == Identity.SLIP:
        raise Refusal(
            _("Người này mới đưa mã hồ sơ. Xem thẻ căn cước rồi xác nhận trước khi đổi hay xóa dữ liệu."),
            code="no_card",
        )
    if row.kind == Kind.ERASE:
        permissions.require_keeps(actor, row.home_agency_id)
        if seen != erasing.digest(erasing.plan(row, answering.subject_of(row))):
            raise Conflict(
                _("Xem sẽ xóa gì, giữ lại gì rồi xác nhận. Nếu đã xem thì dữ liệu vừa thay đổi: xem lại."),
                code="not_seen",
            )
    said = normalize(answer)[:MOST_WORDS]
    if row.kind == Kind.CORRECT and len(said) < 5:
        raise Refusal(_("Ghi đã sửa gì."), code="no_words", field="answer")
    with override("vi"):  # what is kept of it is Vietnamese
        answering.carry_out(row, contact=contact or {}, card=card, actor=actor, at=at)
    row.state, row.closed_at, row.closed_by, row.answer = State.DONE.value, at, actor.account_id, said
    row.answered_at = row.answered_at or at
    row.save()
    facts: dict[str, Any] = {
        "late": at > row.due_at,
        "sha256": row.copy_sha256,
        "certificate": row.certificate,
    }
    _note(row, "data_request.finish", actor, at, facts)
    _tell(row, "done", at)
    return row


@once("privacy.refuse")
def refuse(
    *, request_id: UUID, ground: str, answer: str, actor: Actor, at: datetime, key: str
) -> DataRequest:
    """Refuse a request on a ground of law, said in full. Refuses a ground that is none, and no words."""
    row = _open(request_id, actor)
    permissions.require_keeps(actor, row.home_agency_id)
    if ground not in GROUNDS:
        raise Refusal(_("Chọn căn cứ."), code="bad_ground", field="ground")
    said = normalize(answer)[:MOST_WORDS]
    if len(said) < 10:
        raise Refusal(_("Ghi rõ vì sao, và người đó khiếu nại ở đâu."), code="no_words", field="answer")
    row.state, row.closed_at, row.closed_by = State.REFUSED.value, at, actor.account_id
    row.ground, row.answer, row.answered_at = ground, said, row.answered_at or at
    row.save()
    _note(row, "data_request.refuse", actor, at, {"ground": ground, "late": at > row.due_at})
    _tell(row, "refused", at)
    return row


def forget_copies(*, at: datetime) -> int:
    """Empty the copies whose time to be fetched is over; their hashes stay. Returns how many."""
    return DataRequest.objects.filter(copy_until__lte=at, copy__isnull=False).update(copy=None)


def _locked(request_id: UUID) -> DataRequest:
    rows = DataRequest.objects.select_for_update(of=("self",)).select_related(
        "home_agency", "applicant__person", "about"
    )
    row = rows.filter(pk=request_id).first()
    if row is None:
        raise NotFound(_("Không có yêu cầu này."))
    return row


def _open(request_id: UUID, actor: Actor) -> DataRequest:
    row = _locked(request_id)
    permissions.require_handles(actor, row)
    _require_open(row)
    return row


def _require_open(row: DataRequest) -> None:
    if row.state not in OPEN:
        raise Conflict(_("Yêu cầu này đã khép. Tải lại trang để xem trả lời."), code="closed")


def _note(
    row: DataRequest, verb: str, actor: Actor, at: datetime, facts: dict[str, Any], *, begins: bool = False
) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=row.pk, at=at, agency_id=row.home_agency_id,
        payload={"code": row.code, **facts}, begins=begins,
    )  # fmt: skip


def _tell(row: DataRequest, what: str, at: datetime) -> None:
    """Tell the person how the request stands: its code, never what it is about."""
    link = settings.PUBLIC_URL + reverse("data-rights-follow", urlconf="motcua.config.urls_public")
    with transaction.atomic(), override("vi"):
        said = str(_WORDS[what]) % {"code": row.code, "due": f"{timezone.localtime(row.due_at):%d/%m/%Y}"}
        people.tell(
            phone=row.contact_phone, email=row.contact_email, mark=f"data-request:{row.pk}:{what}", at=at, link=link,
            subject=_("Yêu cầu %(code)s về dữ liệu của anh/chị") % {"code": row.code}, body=said,
            text=f"{said} {link.partition('://')[2]}", about=f"data-request:{row.pk}", required=True,
        )  # fmt: skip
