"""What a request does when it is carried out: a copy, a correction, a restriction, contact forgotten, data erased.

Erasing goes as far as the rules of retention let it (`erasing`): the certificate says of each table how many rows were
erased, blanked or kept, and on what ground.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motcua.agencies.queries import name_of
from motcua.applicants.operations import rights
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.applicants.operations.vault import note_copied
from motcua.dossiers.operations.known import forget_name
from motcua.lib import citizen_card
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE
from motcua.privacy import held, queries, sealed
from motcua.privacy.models import DataRequest
from motcua.privacy.models.request import Identity
from motcua.privacy.operations import erasing
from motcua.privacy.states import Kind

#: So long a copy lies ready to be fetched.
COPY_LASTS = timedelta(days=30)


def carry_out(row: DataRequest, *, contact: dict[str, str], card: str, actor: Actor, at: datetime) -> None:
    """Do what the request asks; the caller saves the row. Refuses what the kind of request cannot do."""
    match Kind(row.kind):
        case Kind.SEE:
            make_copy(row, actor=actor, at=at)
        case Kind.CORRECT:
            _correct(row, contact, card, actor, at)
        case Kind.RESTRICT:
            rights.restrict(applicant_id=row.applicant_id, on=True, actor=actor, at=at)
            forget_name(applicant_id=row.applicant_id, agency_id=row.home_agency_id)
        case Kind.WITHDRAW:
            row.certificate = _withdraw(row, actor, at)
        case Kind.ERASE:
            row.certificate = erasing.erase(row, subject_of(row), actor=actor, at=at)


def subject_of(row: DataRequest) -> held.Subject:
    """Return whose data a request covers: all of the person once it is known who they are, else that of its dossier."""
    by_slip = row.identity == Identity.SLIP
    return held.Subject(row.applicant_id, row.about_id if by_slip else None)


def make_copy(row: DataRequest, *, actor: Actor, at: datetime) -> None:
    """Put the copy of everything held into the request, as JSON, with its hash."""
    office = name_of(row.home_agency_id, at.astimezone(ZONE).date())
    subject = subject_of(row)
    text = sealed.as_json(subject, code=row.code, office=office, at=at)
    if subject.dossier_id is None:
        note_copied(
            applicant_id=row.applicant_id, request=row.code, actor=actor, at=at,
            reason=f"Bản sao dữ liệu theo yêu cầu {row.code} của chính anh/chị",
        )  # fmt: skip
    row.copy, row.copy_sha256, row.copy_until = text, sealed.sha256(text), at + COPY_LASTS


def _correct(row: DataRequest, contact: dict[str, str], card: str, actor: Actor, at: datetime) -> None:
    """Bring the person's facts up to their card, and telephone, mail and address to what they say now."""
    if card.strip():
        read = citizen_card.parse(card)
        if read.card is None:
            raise Refusal(
                _("Không đọc được thẻ. Quét lại mã QR trên thẻ căn cước."), code="bad_card", field="card"
            )
        person = row.applicant.person
        if person is None or person.personal_id not in (None, read.card.personal_id):
            raise Refusal(
                _("Thẻ này mang số khác với người yêu cầu. Số định danh không sửa ở đây."),
                code="other_card",
                field="card",
            )
        find_or_register_person(facts=PersonFacts.from_card(read.card), actor=actor, at=at)
    if any(contact.values()):
        rights.correct_contact(applicant_id=row.applicant_id, **contact, actor=actor, at=at)


def _withdraw(row: DataRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    """Forget telephone and mail beyond open dossiers: nothing else here rests on consent."""
    open_now, _all = queries.open_of_applicant(row.applicant_id)
    if open_now == 0:
        rights.forget_contact(applicant_id=row.applicant_id, address=False, actor=actor, at=at)
    lines = [
        erasing.line("applicants.Person", 1, erasing.BLANKED if open_now == 0 else erasing.KEPT,
              _("Điện thoại, thư điện tử") if open_now == 0 else _("Còn hồ sơ đang giải quyết, cần để báo kết quả"))
    ]  # fmt: skip
    return {"lines": lines, "open": open_now}
