"""By what a dossier is found again: its search text, and keyed hashes of what is kept encrypted.

`text_of` and `marks_of` are worked out where a dossier is numbered and where it is corrected; `asked` turns what an
officer typed into the same hashes. Encrypted things are found whole and exactly, never by a part of them.
"""

import re
from collections.abc import Iterator
from uuid import UUID

from motcua.applicants.models import Applicant
from motcua.dossiers.models import Dossier
from motcua.lib.encrypted_field import blind_index
from motcua.lib.phone import normalize_phone
from motcua.lib.vietnamese import fold

_PURPOSE = "dossiers.dossier.found_by"
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SHORTEST_ADDRESS = 6


def text_of(dossier: Dossier) -> str:
    """Return the folded text that search compares parts of words with.

    Only what stands in plain columns: names of all parties, addresses of organizations, never those of persons.
    """
    procedure = dossier.procedure_version.procedure
    people = _parties(dossier)
    names = [dossier.applicant_name, *(one.name for one in people if one.pk != dossier.applicant_id)]
    offices = [one.organization.address for one in people if one.organization is not None]
    said = (
        dossier.code, *names, procedure.name, procedure.code, dossier.summary, *offices, dossier.post_sender
    )  # fmt: skip
    return fold(" ".join(part for part in dict.fromkeys(said) if part))


def marks_of(dossier: Dossier) -> list[bytes]:
    """Return the hashes of contact phone and e-mail and of every address of the dossier."""
    found: list[bytes] = []
    for one in _parties(dossier):
        found += _of_email(one.party.email or "")
        found += _of_address(one.address)
    found += _of_phone(dossier.contact_phone or "")
    found += _of_email(dossier.contact_email or "")
    found += _of_address(dossier.return_address or "")
    return sorted(set(found))


def asked(text: str) -> list[bytes]:
    """Return the hashes that `text` may stand for."""
    return [*_of_phone(text), *_of_email(text), *_of_address(text)]


def _parties(dossier: Dossier) -> list[Applicant]:
    """Return applicant, submitter and representative, each once: no query when all are the applicant."""
    known: dict[UUID, Applicant] = {dossier.applicant_id: dossier.applicant}
    ids = (dossier.applicant_id, dossier.submitter_id, dossier.representative_id)
    order = list(dict.fromkeys(key for key in ids if key is not None))
    others = [key for key in order if key not in known]
    if others:
        rows = Applicant.objects.select_related("person", "organization").filter(pk__in=others)
        known |= {one.pk: one for one in rows}
    return [known[key] for key in order]


def _of_phone(text: str) -> Iterator[bytes]:
    if phone := normalize_phone(text):
        yield blind_index(f"phone:{phone}", _PURPOSE)


def _of_email(text: str) -> Iterator[bytes]:
    email = text.strip().lower()
    if _EMAIL.fullmatch(email):
        yield blind_index(f"email:{email}", _PURPOSE)


def _of_address(text: str) -> Iterator[bytes]:
    """Marks, case and punctuation are ignored; an address holds at least one letter."""
    plain = re.sub(r"[^0-9a-z]+", " ", fold(text)).strip()
    if len(plain) >= _SHORTEST_ADDRESS and not plain.replace(" ", "").isdigit() and "@" not in text:
        yield blind_index(f"address:{plain}", _PURPOSE)
