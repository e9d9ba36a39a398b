"""What is said of a person, checked and brought into the one written form."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.applicants import queries
from motcua.applicants.models.person import PHONE
from motcua.applicants.operations.contact import address_of, email_of, phone_of
from motcua.lib import personal_id
from motcua.lib.citizen_card import Card
from motcua.lib.encrypted_field import blind_index
from motcua.lib.personal_id import Sex
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold, name_sort_key, normalize

_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_PASSPORT = re.compile(r"[0-9A-Z]{5,20}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a person at this moment. Empty means "not said" and changes nothing that is known.

    `scanned` says that number, name, birth and sex come from the card's QR: only then do they correct an
    earlier row with the same number.
    """

    full_name: str
    personal_id: str = ""
    passport_number: str = ""
    passport_country: str = ""
    no_paper_reason: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    nationality: str = "VN"
    scanned: bool = False

    @classmethod
    def from_card(cls, card: Card, *, phone: str = "", email: str = "") -> "PersonFacts":
        """Return the facts of a scanned card, with the contact details that the person tells."""
        return cls(
            full_name=card.full_name,
            personal_id=card.personal_id,
            birth_date=card.birth_date,
            birth_year=card.birth_year,
            sex=card.sex,
            address=card.address,
            phone=phone,
            email=email,
            scanned=True,
        )


def check(facts: PersonFacts, at: datetime) -> PersonFacts:
    """Return the facts in their one written form; refuse what no paper can say."""
    name = normalize(facts.full_name)
    if not name or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise Refusal(
            _("Họ tên chỉ gồm chữ. Nếu quét thẻ bị mất dấu, hãy gõ lại họ tên theo thẻ."),
            code="bad_name",
            field="full_name",
        )
    number = re.sub(r"[\s.]", "", facts.personal_id)
    if number and {"not_digits", "length"} & {reason.code for reason in personal_id.read(number).reasons}:
        raise Refusal(_("Số định danh có 12 chữ số."), code="bad_personal_id", field="personal_id")
    passport, country = _passport(facts)
    reason = normalize(facts.no_paper_reason)
    if not (number or passport or reason):
        message = _("Nhập số định danh, số hộ chiếu, hoặc lý do không có giấy tờ.")
        raise Refusal(message, code="no_paper", field="personal_id")
    year = facts.birth_date.year if facts.birth_date else facts.birth_year
    _check_birth(facts, year, at)
    return replace(
        facts,
        full_name=name,
        personal_id=number,
        passport_number=passport,
        passport_country=country,
        no_paper_reason=reason,
        birth_year=year,
        phone=phone_of(facts.phone) or "",
        email=email_of(facts.email) or "",
        address=address_of(facts.address),
    )


def _passport(facts: PersonFacts) -> tuple[str, str]:
    number = re.sub(r"[^0-9A-Z]", "", facts.passport_number.upper())
    if not facts.passport_number.strip():
        return "", ""
    country = facts.passport_country.strip().upper()
    if not _PASSPORT.fullmatch(number):
        message = _("Số hộ chiếu gồm 5 đến 20 chữ cái và chữ số.")
        raise Refusal(message, code="bad_passport", field="passport_number")
    if not _COUNTRY.fullmatch(country):
        message = _("Chọn nước cấp hộ chiếu.")
        raise Refusal(message, code="no_country", field="passport_country")
    return number, country


def _check_birth(facts: PersonFacts, year: int | None, at: datetime) -> None:
    if year is None:
        return
    if not 1880 <= year <= at.year or (facts.birth_date and facts.birth_date > at.date()):
        raise Refusal(_("Ngày sinh không thể có thật."), code="bad_birth", field="birth_date")


def columns(facts: PersonFacts) -> dict[str, Any]:
    """Return column values; what was not said is left out, so that it overwrites nothing."""
    values: dict[str, Any] = {
        "full_name": facts.full_name,
        "search_text": fold(facts.full_name)[:200],
        "sort_key": name_sort_key(facts.full_name)[:600],
        "nationality": facts.nationality.strip().upper() or "VN",
        "no_paper_reason": "" if facts.personal_id or facts.passport_number else facts.no_paper_reason[:300],
    }
    if facts.personal_id:
        values["personal_id"] = facts.personal_id
        values["personal_id_index"] = queries.personal_id_index(facts.personal_id)
    if facts.passport_number:
        values["passport_number"], values["passport_country"] = facts.passport_number, facts.passport_country
        values["passport_index"] = queries.passport_index(facts.passport_number, facts.passport_country)
    if facts.birth_year:
        values["birth_date"], values["birth_year"] = facts.birth_date, facts.birth_year
    if facts.phone:
        values["phone"], values["phone_index"] = facts.phone, blind_index(facts.phone, PHONE)
    values |= {
        column: value
        for column, value in (("sex", facts.sex), ("email", facts.email), ("address", facts.address))
        if value
    }
    return values
