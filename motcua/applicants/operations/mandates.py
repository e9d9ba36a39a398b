"""A mandate from asking to end: asked by who acts, confirmed by an officer who saw the proof, ended by either."""

import re
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts.levels import SUBMISSION, require_level
from motcua.applicants import mandate_queries, permissions
from motcua.applicants.models import Applicant, Mandate, MandateKind, MandateState
from motcua.applicants.operations.mandate_messages import tell_asker, tell_the_one_over_whom
from motcua.applicants.operations.organizations import OrganizationFacts, register_organization
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts, check
from motcua.base.audit.keys import claim, keep, once
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import normalize

MOST_WAITING = 10
OF_AGE = 18  # years (Bộ luật Dân sự 2015, điều 20–21)


@transaction.atomic
def ask(
    *,
    kind: str,
    name: str,
    number: str,
    birth_date: date | None,
    agency_id: int,
    stream: BinaryIO,
    filename: str,
    actor: Actor,
    at: datetime,
    key: str,
) -> Mandate:
    """Ask to act for somebody, with the paper that shows the right (birth certificate, written mandate, licence).

    Refuses: a log-in below level 2, a name or number no paper holds, a child that is of age, more than ten open
    requests, and a file that is none.
    """
    require_level(actor, SUBMISSION)
    if actor.kind != "applicant" or actor.account_id is None:
        raise NotPermitted(_("Chỉ người dân đã đăng nhập gửi được yêu cầu này."))
    name, number = checked(kind, name, number, birth_date, at)
    if mandate_queries.waiting_of(actor.account_id).count() >= MOST_WAITING:
        raise Refusal(
            _("Anh/chị đang có %(most)d yêu cầu chờ xác nhận. Đợi có trả lời rồi gửi tiếp.")
            % {"most": MOST_WAITING},
            code="too_many",
        )
    body = {"kind": kind, "name": name, "number": number, "born": str(birth_date), "agency": agency_id}
    mine = claim(actor=actor, key=key, verb="mandate.ask", body=body, at=at)
    if mine.answer is not None:
        return mandate_queries.get(UUID(mine.answer["id"]))
    proof = files.store(
        stream=stream, filename=filename, actor=actor, at=at, purpose="mandate", agency_id=agency_id
    )
    made = Mandate.objects.create(
        account_id=actor.account_id, kind=kind, name=name, number=number, birth_date=birth_date,
        agency_id=agency_id, proof=proof, asked_at=at,
    )  # fmt: skip
    _record(made, "mandate.ask", actor, at)
    keep(mine, {"id": str(made.pk)})
    return made


@once("mandate.confirm")
def confirm(
    *, mandate_id: UUID, valid_until: date | None, no_end: bool = False, actor: Actor, at: datetime, key: str
) -> Mandate:  # fmt: skip
    """Confirm after looking at the proof: person or organization is registered, an older mandate is replaced.

    A child's ends the day before it is of age; that of an organization's legal representative may have `no_end` and
    holds until somebody ends it. Refuses: another agency's request, one that was answered, no last day for anybody
    else, a last day beside `no_end`, a day that is over, a number that stands under another name.
    """
    found = _waiting(mandate_id, actor)
    today = timezone.localdate(at)
    until = _last_day(found, valid_until)
    endless = no_end and found.kind == MandateKind.BUSINESS
    if endless and until is not None:
        raise Refusal(
            _("Chọn một: ghi ngày cuối cùng, hoặc không thời hạn."), code="both_ends", field="valid_until"
        )
    if not endless and (until is None or until < today):
        raise Refusal(
            _("Ghi ngày cuối cùng của quyền làm thay, từ hôm nay trở đi."),
            code="bad_day",
            field="valid_until",
        )
    applicant = _applicant(found, actor, at)
    for old in Mandate.objects.select_for_update().filter(
        account_id=found.account_id, applicant=applicant, state=MandateState.CONFIRMED
    ):
        _end(old, _("Thay bằng xác nhận mới"), actor, at)
    found.applicant, found.state = applicant, MandateState.CONFIRMED
    found.answered_by_id, found.answered_at = actor.account_id, at
    found.valid_from, found.valid_until = today, until
    found.save()
    _record(found, "mandate.confirm", actor, at, until=until)
    tell_asker(found, at)
    tell_the_one_over_whom(found, at)
    return found


@once("mandate.refuse")
def refuse(*, mandate_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Mandate:
    """Refuse with words that tell the person what to bring; refuses an empty reason."""
    found = _waiting(mandate_id, actor)
    words = normalize(reason)
    if not words:
        raise Refusal(
            _("Ghi rõ thiếu gì hoặc sai ở đâu để người dân biết cần làm gì."),
            code="no_reason",
            field="reason",
        )
    found.state, found.reason = MandateState.REFUSED, words[:300]
    found.answered_by_id, found.answered_at = actor.account_id, at
    found.save()
    _record(found, "mandate.refuse", actor, at)
    tell_asker(found, at)
    return found


@once("mandate.end")
def end(*, mandate_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Mandate:
    """End a mandate or withdraw a request at once: who acts, who is acted for, or the agency's officer."""
    found = mandate_queries.lock(mandate_id)
    if not permissions.may_end(actor, found):
        raise NotPermitted(_("Anh/chị không chấm dứt được quyền làm thay này."))
    if found.state == MandateState.REVOKED:
        return found
    if found.state == MandateState.REFUSED:
        raise Conflict(_("Yêu cầu này đã bị từ chối; không còn gì để chấm dứt."), code="refused")
    if actor.kind == "officer" and not normalize(reason):
        raise Refusal(_("Ghi lý do chấm dứt."), code="no_reason", field="reason")
    ended = _end(found, normalize(reason), actor, at)
    if actor.account_id != found.account_id:  # by the office, or by the person acted for
        tell_asker(ended, at)
    return ended


def _end(found: Mandate, reason: str, actor: Actor, at: datetime) -> Mandate:
    found.state, found.ended_at, found.ended_by_id = MandateState.REVOKED, at, actor.account_id
    found.reason = reason[:300]
    found.save()
    _record(found, "mandate.end", actor, at)
    return found


def _waiting(mandate_id: UUID, actor: Actor) -> Mandate:
    found = mandate_queries.lock(mandate_id)
    permissions.require_mandate_officer(actor, found)
    if found.state != MandateState.ASKED:
        raise Conflict(_("Yêu cầu này đã có trả lời. Tải lại trang để xem."), code="answered")
    return found


def checked(kind: str, name: str, number: str, birth_date: date | None, at: datetime) -> tuple[str, str]:
    """Return name and number in the form they are kept. Refuses what no paper holds, and a child that is of age."""
    if kind not in MandateKind.values:
        raise Refusal(_("Chọn làm thay ai."), code="no_kind", field="kind")
    if kind == MandateKind.BUSINESS:
        code = normalize_tax_code(number)
        if code is None:
            raise Refusal(
                _("Mã số thuế có 10 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số."),
                code="bad_tax_code",
                field="number",
            )
        words = normalize(name)
        if not any(letter.isalpha() for letter in words) or len(words) > 300:
            raise Refusal(_("Nhập tên tổ chức (tối đa 300 chữ)."), code="bad_name", field="name")
        return words, code
    try:
        facts = check(PersonFacts(full_name=name, personal_id=number or "-", birth_date=birth_date), at)
    except Refusal as refused:
        field = {"full_name": "name", "personal_id": "number"}.get(refused.field or "", refused.field)
        raise Refusal(refused.message, code=refused.code, field=field) from None
    if kind == MandateKind.CHILD:
        if birth_date is None:
            raise Refusal(_("Nhập ngày sinh của con."), code="no_birth", field="birth_date")
        if _birthday(birth_date, OF_AGE) <= timezone.localdate(at):
            raise Refusal(
                _("Người từ đủ 18 tuổi tự làm hồ sơ của mình. Muốn làm thay thì chọn người thân ủy quyền."),
                code="of_age",
                field="birth_date",
            )
    return facts.full_name, re.sub(r"\D", "", facts.personal_id)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February
        return date(born.year + years, 3, 1)


def _last_day(found: Mandate, wanted: date | None) -> date | None:
    if found.kind != MandateKind.CHILD or found.birth_date is None:
        return wanted
    of_age = date.fromordinal(_birthday(found.birth_date, OF_AGE).toordinal() - 1)
    return min(wanted, of_age) if wanted else of_age


def _applicant(found: Mandate, actor: Actor, at: datetime) -> Applicant:
    if found.kind == MandateKind.BUSINESS:
        facts = OrganizationFacts(name=found.name or "", tax_code=found.number or "")
        return register_organization(facts=facts, actor=actor, at=at).applicant
    person = PersonFacts(
        full_name=found.name or "", personal_id=found.number or "", birth_date=found.birth_date
    )
    return find_or_register_person(facts=person, actor=actor, at=at).applicant


def _record(found: Mandate, verb: str, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        actor=actor, verb=verb, subject_kind="mandate", subject_id=found.pk, at=at, agency_id=found.agency_id,
        payload={"kind": found.kind, "account": found.account_id, "applicant": found.applicant_id, **facts},
    )  # fmt: skip
