"""From what was typed at the counter to what operations take: people, papers, the whole intake.

A draft is a flat mapping of form fields. Papers are four fields each under the catalogue row's key
("paper-r12-originals"), or under "x1", "x2" … for papers the catalogue does not know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.applicants.models import ApplicantKind
from motcua.applicants.operations import OrganizationFacts, PersonFacts
from motcua.applicants.operations import person_facts as facts_of_person
from motcua.dossiers.intake_choice import Choice, channel_of, choose
from motcua.dossiers.operations.intake import PaperIn
from motcua.lib import personal_id
from motcua.lib.citizen_card import Card
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import ZONE
from motcua.procedures.models import ProcedureVariant, RequiredDocument
from motcua.procedures.queries import catalogue

if TYPE_CHECKING:
    from motcua.applicants.models import VaultPaper
    from motcua.dossiers.earlier_papers import Earlier
    from motcua.dossiers.vault_offers import Offered

__all__ = ["Choice", "PaperRow", "Reading", "channel_of", "choose", "paper_rows", "read"]

Files = Mapping[str, list[dict[str, Any]]]
OTHER = "other_"
EXTRA_ROWS = 20
_COUNTS = ("originals", "certified", "copies")
PAPER_KEY = re.compile(r"r[0-9]{1,18}|x[0-9]{1,2}")
PAPER_FIELD = re.compile(
    r"paper-(?:r[0-9]{1,18}|x[0-9]{1,2})-(?:name|originals|certified|copies|shown|ask|why|reuse|vault)"
)
_MOST_COPIES = 99
# Field of a refusal of `applicants` → field of this form.
_PERSON_FIELDS = {"birth_date": "birth", "name": "full_name", "country": "passport_country"}
_CONTACT_FIELDS = {"phone": "phone", "email": "contact_email"}
_ORGANIZATION_FIELDS = {"name": "org_name", "address": "org_address"}


class PaperKind(StrEnum):
    """What identifies a person at the counter."""

    NUMBER = "number"
    PASSPORT = "passport"
    NONE = "none"


# ── People


def birth_of(text: str) -> tuple[date | None, int | None]:
    """Read 1/2/1990, 01021990 or only a year; (None, None) when it is no date."""
    plain = text.strip()
    if re.fullmatch(r"(?:19|20|18)[0-9]{2}", plain):
        return None, int(plain)
    parts = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", plain) or re.fullmatch(
        r"([0-9]{2})([0-9]{2})([0-9]{4})", plain
    )
    if not parts:
        return None, None
    try:
        born = date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return None, None
    return born, born.year


def posted_on(text: str, day: date) -> date | None:
    """Read the date on the post's slip: 25/11/2026, 25112026, or 25/11 for the last such day; None for no date."""
    short = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})", text.strip())
    if short is None:
        return birth_of(text)[0]
    for year in (day.year, day.year - 1):
        found = birth_of(f"{short[0]}/{year}")[0]
        if found is not None and found <= day:
            return found
    return None


def card_fields(card: Card) -> dict[str, str]:
    """Return a card as values of the form, without prefix."""
    return {
        "id_kind": PaperKind.NUMBER.value,
        "personal_id": card.personal_id,
        "full_name": card.full_name,
        "birth": f"{card.birth_date:%d/%m/%Y}" if card.birth_date else str(card.birth_year),
        "sex": card.sex,
        "address": card.address,
    }


def is_scanned(values: Mapping[str, Any], prefix: str, card: Mapping[str, str]) -> bool:
    """Tell whether the person's facts still are those of the card that was read: then they may correct a row."""
    named = ("personal_id", "full_name", "birth", "sex")
    return bool(card) and all(
        normalize(str(values.get(f"{prefix}{name}") or "")) == card.get(name) for name in named
    )


def person_facts(
    values: Mapping[str, Any], prefix: str, *, phone: str = "", scanned: bool = False
) -> PersonFacts:
    """Return the person of the form; papers of another kind than the chosen one do not count."""
    kind = values.get(f"{prefix}id_kind") or PaperKind.NUMBER

    def said(name: str, only: PaperKind | None = None) -> str:
        return str(values.get(f"{prefix}{name}") or "").strip() if only is None or only == kind else ""

    number = re.sub(r"[\s.]", "", said("personal_id", PaperKind.NUMBER))
    birth_date, birth_year = birth_of(said("birth"))
    sex = said("sex")
    return PersonFacts(
        full_name=said("full_name"),
        personal_id=number,
        passport_number=said("passport_number", PaperKind.PASSPORT),
        passport_country=said("passport_country", PaperKind.PASSPORT),
        no_paper_reason=said("no_paper_reason", PaperKind.NONE),
        birth_date=birth_date,
        birth_year=birth_year,
        sex="male" if sex == "male" else "female" if sex == "female" else personal_id.read(number).sex,
        address=said("address"),
        phone=phone,
        scanned=scanned,
    )


def check_person(values: Mapping[str, Any], prefix: str, *, day: date) -> None:
    """Let the applicants' rules speak before anything is written."""
    facts_of_person.check(person_facts(values, prefix), datetime.combine(day, time(12), tzinfo=ZONE))


def form_field(name: str | None, prefix: str, *, organization: bool = False) -> str | None:
    """Return the form's name of the field a refusal points at."""
    if name is None or name in _CONTACT_FIELDS:
        return _CONTACT_FIELDS.get(name or "")
    if organization:
        return _ORGANIZATION_FIELDS.get(name, name)
    return prefix + _PERSON_FIELDS.get(name, name)


def contradictions(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return in words what the number says otherwise than the typed birth or sex, to be shown as warnings."""
    facts = person_facts(values, prefix)
    if not facts.personal_id:
        return []
    found = personal_id.read(facts.personal_id).reasons
    found += personal_id.contradictions(facts.personal_id, facts.birth_year, facts.sex)
    return [one.say(_) for one in found]


def organization_facts(values: Mapping[str, Any], *, phone: str) -> OrganizationFacts:
    """Return the organization of the form."""
    return OrganizationFacts(
        name=str(values.get("org_name") or ""),
        tax_code=str(values.get("tax_code") or ""),
        no_tax_code_reason=str(values.get("no_tax_code_reason") or ""),
        legal_representative=str(values.get("legal_representative") or ""),
        address=str(values.get("org_address") or ""),
        phone=phone,
        renamed=bool(values.get("renamed")),
    )


# ── Papers


@dataclass(frozen=True)
class PaperRow:
    """One line of the paper list: what the catalogue asks, what was handed in."""

    key: str
    name: str
    required: RequiredDocument | None = None
    originals: int = 0
    certified: int = 0
    copies: int = 0
    shown: bool = False
    ask: bool = False
    why: str = ""
    files: tuple[dict[str, Any], ...] = ()
    bad: tuple[str, ...] = ()
    reuse: UUID | None = None
    earlier: "Earlier | None" = None
    vault: UUID | None = None
    offer: "Offered | None" = None
    others: "tuple[VaultPaper, ...]" = ()

    @property
    def _brought(self) -> bool:
        return bool(self.shown or self.originals or self.certified or self.copies)

    @property
    def present(self) -> bool:
        return bool(self._brought or self.reuse or self.vault)

    @property
    def reused(self) -> UUID | None:
        """The earlier paper that stands for this one, where nothing was handed in or shown."""
        return None if self._brought else self.reuse

    @property
    def vaulted(self) -> UUID | None:
        """The paper of the vault that stands for this one, where neither a paper nor an earlier one does."""
        return None if self._brought or self.reuse else self.vault

    @property
    def must(self) -> bool:
        """The catalogue asks for it in every dossier of this case."""
        return self.required is not None and self.required.always

    @property
    def asked(self) -> dict[str, int]:
        """What "all present" means for this line, by field."""
        if self.required is None or not self.required.always:
            return {}
        if not self.required.must_submit:
            return {"shown": 1}
        originals, copies = self.required.originals, self.required.copies
        return {"originals": originals or int(not copies), "copies": copies}

    @property
    def asked_words(self) -> str:
        """Say what the catalogue asks: "1 chính", "1 sao", "xuất trình"."""
        if self.required is None:
            return ""
        if not self.required.must_submit:
            return _("xuất trình")
        parts = []
        if self.required.originals:
            parts.append(_("%(count)s chính") % {"count": self.required.originals})
        if self.required.copies:
            parts.append(_("%(count)s sao") % {"count": self.required.copies})
        return ", ".join(parts)


def paper_rows(variant: ProcedureVariant, values: Mapping[str, Any], files: Files) -> list[PaperRow]:
    """Return the catalogue's papers of a case with what was marked, then the papers the officer added."""
    rows = [
        _row(f"r{required.pk}", required.name, required, values, files)
        for required in catalogue.required_documents(variant)
    ]
    for number in range(1, EXTRA_ROWS + 1):
        key = f"x{number}"
        name = normalize(str(values.get(f"paper-{key}-name") or ""))
        if name:
            rows.append(_row(key, name, None, values, files))
    return rows


def _row(
    key: str, name: str, required: RequiredDocument | None, values: Mapping[str, Any], files: Files
) -> PaperRow:  # fmt: skip
    counts: dict[str, Any] = {}
    bad = []
    for one in _COUNTS:
        text = str(values.get(f"paper-{key}-{one}") or "").strip()
        right = re.fullmatch(r"[0-9]{1,2}", text) is not None or not text
        counts[one] = int(text or 0) if right else 0
        if not right:
            bad.append(text[:20])
    return PaperRow(
        key=key,
        name=name[:2000],
        required=required,
        shown=bool(values.get(f"paper-{key}-shown")),
        ask=bool(values.get(f"paper-{key}-ask")),
        why=normalize(str(values.get(f"paper-{key}-why") or ""))[:500],
        files=tuple(files.get(key, ())),
        bad=tuple(bad),
        reuse=_id(values.get(f"paper-{key}-reuse")) if required else None,
        vault=_id(values.get(f"paper-{key}-vault")) if required else None,
        **counts,
    )


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def next_extra(values: Mapping[str, Any]) -> str:
    """Return the key of the first extra line that is still empty."""
    taken = {
        key for key in range(1, EXTRA_ROWS + 1) if normalize(str(values.get(f"paper-x{key}-name") or ""))
    }
    return f"x{next((key for key in range(1, EXTRA_ROWS + 1) if key not in taken), EXTRA_ROWS)}"


def as_paper(row: PaperRow) -> PaperIn:
    """Return a line as operations take it; a paper that was handed in is not "only shown"."""
    handed_in = bool(row.originals or row.certified or row.copies)
    return PaperIn(
        name=row.name,
        required_id=row.required.pk if row.required else None,
        originals=row.originals,
        certified=row.certified,
        plain_copies=row.copies,
        shown_only=row.shown and not handed_in,
        reused_from=row.reused,
    )


# ── The whole


@dataclass(frozen=True)
class Reading:
    """A checked form as operations take it."""

    choice: Choice
    channel: str
    values: Mapping[str, Any]
    organization: bool
    phone: str
    rows: list[PaperRow]
    papers: list[PaperRow]
    missing: list[PaperRow]
    asked: list[tuple[str, str]] = field(default_factory=list)
    scans: tuple[dict[str, Any], ...] = ()  # stacks that were split


def read(
    values: Mapping[str, Any],
    typed: Mapping[str, Any],
    *,
    choice: Choice,
    files: Files,
) -> Reading:
    """Put the checked fields (`values`) and the papers (`typed`) together."""
    rows = paper_rows(choice.variant, typed, files)
    return Reading(
        choice=choice,
        channel=channel_of(values),
        values=values,
        organization=values.get("kind") == ApplicantKind.ORGANIZATION,
        phone=str(values.get("phone") or ""),
        rows=rows,
        papers=[row for row in rows if row.present],
        missing=[row for row in rows if row.must and not row.present],
        asked=[(row.name, row.why) for row in rows if row.ask],
        scans=tuple(files.get("scans", ())),
    )
