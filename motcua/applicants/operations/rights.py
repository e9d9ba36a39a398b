"""What a person may have done with what is known of them: restricted, contact corrected or forgotten, all erased.

The row of a person is one in the whole installation: whoever calls has looked whether dossiers anywhere still need it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.applicants.models import Person
from motcua.applicants.models.person import PHONE
from motcua.applicants.operations.contact import address_of, email_of, phone_of
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.encrypted_field import blind_index
from motcua.lib.refusal import NotFound

ERASED = "(đã xóa theo yêu cầu)"


@transaction.atomic
def restrict(*, applicant_id: UUID, on: bool, actor: Actor, at: datetime) -> Person:
    """Keep a person out of searches by name and telephone (`on`), or let them be found again.

    Their number still finds them, so that nobody is registered twice.
    """
    person = _locked(applicant_id)
    person.restricted_at = at if on else None
    person.save(update_fields=["restricted_at"])
    _note(person, "person.restrict" if on else "person.unrestrict", actor, at)
    return person


@transaction.atomic
def correct_contact(
    *, applicant_id: UUID, phone: str = "", email: str = "", address: str = "", actor: Actor, at: datetime
) -> Person:
    """Bring telephone, mail and address to what the person says; what is left empty stays as it is."""
    person, changed = _locked(applicant_id), []
    if number := phone_of(phone):
        person.phone, person.phone_index = number, blind_index(number, PHONE)
        changed += ["phone", "phone_index"]
    if mail := email_of(email):
        person.email = mail
        changed.append("email")
    if place := address_of(address):
        person.address = place
        changed.append("address")
    if changed:
        person.updated_at = at
        person.save(update_fields=[*changed, "updated_at"])
        _note(person, "person.update", actor, at, changed=[one for one in changed if one != "phone_index"])
    return person


@transaction.atomic
def forget_contact(*, applicant_id: UUID, address: bool, actor: Actor, at: datetime) -> Person:
    """Blank telephone and mail, with `address` the address, too."""
    person = _locked(applicant_id)
    person.phone = person.phone_index = person.email = None
    names = ["phone", "phone_index", "email", "updated_at"]
    if address:
        person.address = None
        names.append("address")
    person.updated_at = at
    person.save(update_fields=names)
    _note(person, "person.forget_contact", actor, at)
    return person


@transaction.atomic
def erase_person(*, applicant_id: UUID, actor: Actor, at: datetime) -> Person:
    """Blank everything of a person no dossier names; the empty row stays, since history counts it."""
    person = _locked(applicant_id)
    person.full_name, person.search_text, person.sort_key = ERASED, "", ""
    person.personal_id = person.personal_id_index = person.passport_number = person.passport_index = None
    person.passport_country, person.no_paper_reason, person.sex = "", ERASED, ""
    person.birth_date = person.birth_year = None
    person.phone = person.phone_index = person.email = person.address = None
    person.updated_at = person.restricted_at = at
    person.save()
    _note(person, "person.erase", actor, at)
    return person


def _locked(applicant_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(applicant=applicant_id).first()
    if person is None:
        raise NotFound(_("Không có người này."))
    return person


def _note(person: Person, verb: str, actor: Actor, at: datetime, **facts: object) -> None:
    record(actor=actor, verb=verb, subject_kind="person", subject_id=person.pk, at=at, payload=facts)
