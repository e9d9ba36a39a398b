"""Registering persons: the same paper is the same row, whoever types it and however often."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from motcua.applicants import permissions, queries
from motcua.applicants.models import Applicant, ApplicantKind, Person
from motcua.applicants.operations.person_facts import PersonFacts, check, columns
from motcua.base.audit.operations import record
from motcua.lib import personal_id
from motcua.lib.actor import Actor
from motcua.lib.finding import Finding
from motcua.lib.refusal import Conflict
from motcua.lib.vietnamese import fold

# Columns that only a card corrects, and those that anybody's word corrects; the rest is settled at creation.
_FROM_CARD = ("full_name", "search_text", "sort_key", "birth_date", "birth_year", "sex")
_BY_WORD = ("phone", "phone_index", "email", "address")
_PASSPORT = ("passport_number", "passport_country", "passport_index")
_NUMBER = ("personal_id", "personal_id_index")
_DERIVED = frozenset({"search_text", "sort_key", "phone_index", "passport_index", "personal_id_index"})


@dataclass(frozen=True, slots=True)
class Registered:
    """The applicant, whether the row is new, which columns changed, and what the officer should compare."""

    applicant: Applicant
    created: bool
    changed: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()


@transaction.atomic
def find_or_register_person(*, facts: PersonFacts, actor: Actor, at: datetime) -> Registered:
    """Return the person with this number or passport, made if new, with phone, e-mail and address brought up.

    Refuses: a name that is none, a number that has not 12 digits, a typed number that belongs to a person of
    another name (a wrong digit must not join two people), no paper without a reason. A number that
    contradicts birth year or sex only warns: civil status gets corrected, the number stays.
    """
    permissions.require_may_register(actor)
    facts = check(facts, at)
    person = _known(facts)
    applicant = _create(facts, at) if person is None else None
    if applicant is None:  # known, or registered by somebody else between the two lines above
        person = person or _known(facts)
        assert person is not None
        changed = _bring_up(person, facts, at)
        applicant = Applicant.objects.select_related("person").get(person=person)
        created = False
    else:
        created, changed = True, ()
    if created or changed:
        record(
            actor=actor,
            verb="person.register" if created else "person.update",
            subject_kind="person",
            subject_id=applicant.party.pk,
            at=at,
            payload={"changed": changed, "scanned": facts.scanned},
        )
    return Registered(applicant, created, changed, _warnings(facts, at))


def _known(facts: PersonFacts) -> Person | None:
    """Lock and return the person whose paper this is: by number, else by passport."""
    rows = Person.objects.select_for_update()
    found = None
    if facts.personal_id:
        found = rows.filter(personal_id_index=queries.personal_id_index(facts.personal_id)).first()
    if found is None and facts.passport_number:
        index = queries.passport_index(facts.passport_number, facts.passport_country)
        found = rows.filter(passport_index=index).first()
    return found


def _bring_up(person: Person, facts: PersonFacts, at: datetime) -> tuple[str, ...]:
    """Write what is new about a known person; return the columns that changed."""
    if not facts.scanned and fold(person.full_name) != fold(facts.full_name):
        message = _(
            "Giấy tờ này đã có trong hệ thống với tên %(name)s. Kiểm tra lại số; nếu người này đã đổi họ tên,"
            " hãy quét thẻ căn cước."
        ) % {"name": person.full_name}
        raise Conflict(message, code="other_name", field="full_name")
    if facts.personal_id and person.personal_id not in {None, facts.personal_id}:
        raise _other_passport()
    values = columns(facts)
    wanted = [*_BY_WORD, *_PASSPORT, *_NUMBER, *(_FROM_CARD if facts.scanned else ())]
    if not facts.scanned:  # typed facts fill gaps and correct nothing
        wanted += [name for name in ("birth_date", "birth_year", "sex") if not getattr(person, name)]
    changed = [name for name in wanted if name in values and _differs(getattr(person, name), values[name])]
    if not changed:
        return ()
    for name in changed:
        setattr(person, name, values[name])
    person.updated_at = at
    try:
        with transaction.atomic():
            person.save(update_fields=[*changed, "updated_at"])
    except IntegrityError:
        raise _other_passport() from None
    return tuple(name for name in changed if name not in _DERIVED)


def _other_passport() -> Conflict:
    message = _("Số hộ chiếu này đã có trong hệ thống với một người khác. Kiểm tra lại số.")
    return Conflict(message, code="other_passport", field="passport_number")


def _differs(known: Any, new: Any) -> bool:
    return bool((bytes(known) if isinstance(known, memoryview) else known) != new)


def _create(facts: PersonFacts, at: datetime) -> Applicant | None:
    """Write person and applicant; None when the paper was registered in the meantime."""
    try:
        with transaction.atomic():
            person = Person.objects.create(**columns(facts), registered_at=at, updated_at=at)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return None
        raise
    return Applicant.objects.create(kind=ApplicantKind.PERSON, person=person)


def _warnings(facts: PersonFacts, at: datetime) -> tuple[Finding, ...]:
    if not facts.personal_id:
        return ()
    reasons = personal_id.read(facts.personal_id, today=at.date()).reasons
    return reasons + personal_id.contradictions(facts.personal_id, facts.birth_year, facts.sex)
