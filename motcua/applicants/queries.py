"""Reads of applicants. Callers check first that the actor may look: rights come with dossiers, not from here.

Exact search goes over keyed hashes; name search over folded words, whole-word prefixes first.
"""

import re
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from motcua.applicants.models import Applicant, CitizenAccount, CitizenIdentity, Organization, Person
from motcua.applicants.models import organization as organization_columns
from motcua.applicants.models import person as person_columns
from motcua.lib.encrypted_field import blind_index
from motcua.lib.phone import normalize_phone
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import fold, normalize

Row = TypeVar("Row", Person, Organization)
_WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 8


def personal_id_index(number: str) -> bytes:
    """Return the keyed hash under which a personal number stands."""
    return blind_index(re.sub(r"\s", "", number), person_columns.PERSONAL_ID)


def passport_index(number: str, country: str) -> bytes:
    """Return the keyed hash of a passport: numbers are unique only within a country."""
    return blind_index(
        f"{country.upper()}:{re.sub(r'[^0-9A-Z]', '', number.upper())}", person_columns.PASSPORT
    )


_APPLICANT: Prepared[Applicant] = Prepared(
    lambda applicant: Applicant.objects.select_related("person", "organization").filter(pk=applicant),
    applicant=UUID,
)


def get(applicant_id: UUID) -> Applicant:
    """Return the applicant with its person or organization, or raise NotFound."""
    found = _APPLICANT.first(applicant=applicant_id)
    if found is None:
        raise NotFound(_("Không có chủ hồ sơ này."))
    return found


def get_many(applicant_ids: list[UUID]) -> dict[UUID, Applicant]:
    """Return several applicants in one query, for lists."""
    found = Applicant.objects.select_related("person", "organization").filter(pk__in=applicant_ids)
    return {applicant.pk: applicant for applicant in found}


def of(party: Person | Organization) -> Applicant:
    """Return the applicant that a person or an organization is."""
    field = "person" if isinstance(party, Person) else "organization"
    return Applicant.objects.get(**{field: party})


def by_personal_id(number: str) -> Person | None:
    """Return the person with this personal number."""
    return Person.objects.filter(personal_id_index=personal_id_index(number)).first()


def citizen_by_personal_id(number: str) -> CitizenAccount | None:
    """Return the account of the person with this personal number, its row held until the transaction ends."""
    return (
        CitizenAccount.objects.select_for_update(of=("self",))
        .filter(person__personal_id_index=personal_id_index(number))
        .select_related("account", "person")
        .first()
    )


_CITIZEN: Prepared[CitizenAccount] = Prepared(
    lambda account_id: CitizenAccount.objects.select_related("person__applicant").filter(
        account_id=account_id
    ),
    account_id=int,
)


def citizen(account_id: int) -> CitizenAccount | None:
    """Return who a citizen's account is, with person and applicant; None for an account that is nobody yet."""
    return _CITIZEN.first(account_id=account_id)


def identities_of(account_id: int) -> list[CitizenIdentity]:
    """Return the identities by which an account signs in now."""
    return list(
        CitizenIdentity.objects.filter(citizen__account_id=account_id, released_at=None).order_by("linked_at")
    )


def by_passport(number: str, country: str) -> Person | None:
    """Return the person with this passport of this country (two letters, ISO 3166)."""
    return Person.objects.filter(passport_index=passport_index(number, country)).first()


def by_phone(text: str) -> list[Applicant]:
    """Return applicants with this telephone number, in whatever way it was typed; families share one."""
    number = normalize_phone(text)
    if number is None:
        return []
    found = Applicant.objects.select_related("person", "organization").filter(
        Q(person__phone_index=blind_index(number, person_columns.PHONE), person__restricted_at=None)
        | Q(organization__phone_index=blind_index(number, organization_columns.PHONE))
    )
    return sorted(found, key=lambda applicant: applicant.sort_key)


def by_tax_code(text: str) -> Organization | None:
    """Return the organization with this tax code, with or without spaces and dash."""
    code = normalize_tax_code(text)
    return Organization.objects.filter(tax_code=code).first() if code else None


def search_people(text: str, *, limit: int = 20) -> list[Person]:
    """Return people whose name has words that begin like the words of `text`, marks ignored.

    Names that hold the text exactly as typed, marks and all, come first; then Vietnamese order.
    """
    return list(_by_words(Person.objects.filter(restricted_at=None), text, "full_name")[:limit])


def search_organizations(text: str, *, limit: int = 20) -> list[Organization]:
    """Return organizations by words of their name, as `search_people` does, or by the exact tax code."""
    found = by_tax_code(text)
    return [found] if found else list(_by_words(Organization.objects.all(), text, "name")[:limit])


def _by_words(rows: QuerySet[Row], text: str, name: str) -> QuerySet[Row]:
    words = _WORD.findall(fold(text))[:MOST_WORDS]
    if not words:
        return rows.none()
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    exact = When(**{f"{name}__icontains": normalize(text)}, then=Value(True))
    return (
        rows.filter(search_vector=query)
        .annotate(exact=Case(exact, default=Value(False), output_field=BooleanField()))
        .order_by("-exact", "sort_key", "pk")
    )
