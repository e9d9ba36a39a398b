"""Who stands at the desk: a name, a scanned card, a name with the number of a paper, or a number known already."""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.applicants import queries as applicants
from motcua.applicants.models import Applicant
from motcua.applicants.operations import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.lib import citizen_card
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

NO_PAPER = "Chứng thực bản sao: không yêu cầu giấy tờ tùy thân"

# "Phạm Thị Lan 031185000017", "Phạm Thị Lan B1234567", "John Smith US:123456789"
_PAPER = re.compile(
    r"(?P<name>.*[^\W\d_].*?)[\s,;]+"
    r"(?:(?P<number>\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3})|(?P<passport>[A-Za-z]\d{6,8})"
    r"|(?P<country>[A-Za-z]{2}):(?P<foreign>[A-Za-z0-9]{5,20}))"
)


def applicant_of(who: str, actor: Actor, at: datetime, *, with_paper: bool = False) -> Applicant:
    """Return who is meant, registered if new.

    `with_paper`: a paper must have been shown, as for signatures (Nghị định 23/2015/NĐ-CP, Điều 24). Refuses a name
    alone then, a number nobody is known by, a card that cannot be read, and a number that belongs to another name.
    """
    text = normalize(who)
    if "|" in who:
        scan = citizen_card.parse(who, today=timezone.localdate(at))
        if scan.card is None:
            raise Refusal(" ".join(one.say(_) for one in scan.problems), field="who")
        return _register(PersonFacts.from_card(scan.card), actor, at)
    digits = text.replace(" ", "").replace(".", "")
    if digits.isascii() and digits.isdigit():
        person = applicants.by_personal_id(digits)
        if person is None:
            raise Refusal(_("Chưa gặp số định danh này. Quét thẻ, hoặc gõ họ tên thay cho số."), field="who")
        return _register(PersonFacts(full_name=person.full_name, personal_id=digits), actor, at)
    if shown := _PAPER.fullmatch(text):
        return _register(_facts(shown), actor, at)
    if with_paper:
        raise Refusal(
            _(
                "“%(name)s” chưa có giấy tờ tùy thân: quét thẻ, hoặc gõ họ tên rồi số định danh hay số hộ chiếu."
            )
            % {"name": text[:120]},
            code="no_paper",
            field="who",
        )
    return _register(PersonFacts(full_name=text, no_paper_reason=NO_PAPER), actor, at)


def _facts(shown: re.Match[str]) -> PersonFacts:
    if number := shown["number"]:
        return PersonFacts(full_name=shown["name"], personal_id=re.sub(r"[ .]", "", number))
    number, country = shown["passport"] or shown["foreign"], shown["country"] or "VN"
    return PersonFacts(full_name=shown["name"], passport_number=number, passport_country=country)


def _register(facts: PersonFacts, actor: Actor, at: datetime) -> Applicant:
    try:
        return find_or_register_person(facts=facts, actor=actor, at=at).applicant
    except Refusal as refusal:
        refusal.field = "who"
        raise
