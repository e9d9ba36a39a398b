"""How a row held about a person is told: its personal fields, what says which row it is, who stands behind it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from motcua.agencies.models import Agency, Position
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.phone import masked

# Hashes, folded copies and keys: they say nothing that the fields beside them do not.
_TECHNICAL = ("_index", "_hash", "search_text", "search_vector", "sort_key", "found_by", "secret", "token", "sha256",
              "words", "actor_name", "fingerprint", "shown", "copy", "certificate", "kind_key")  # fmt: skip
_TEXTS = (EncryptedTextField,
          models.CharField, models.TextField, models.DateField, models.JSONField, models.BooleanField,
          models.PositiveSmallIntegerField, models.UUIDField)  # fmt: skip
_NUMBERS = frozenset({"personal_id", "passport_number", "phone", "contact_phone", "email", "contact_email"})
# Whole papers and decisions repeat the numbers that are hidden.
_ONLY_WITH_CARD = frozenset({"data", "content", "payload"})
_WHENS = (
    "at",
    "received_at",
    "requested_at",
    "issued_at",
    "started_at",
    "submitted_at",
    "registered_at",
    "created_at",
)
# What says which row it is, beside its personal fields.
_EXTRA: dict[str, tuple[str, ...]] = {
    "dossiers.Dossier": (
        "code",
        "applicant_name",
        "channel",
        "status",
        "accepted_at",
        "due_at",
        "finished_at",
        "returned_at",
    ),
    "dossiers.Task": ("step_name", "due_at", "ended_at"),
    "dossiers.Pause": ("ended_at",),
    "dossiers.SupplementRequest": ("asked_at", "answer_by", "received_at"),
    "dossiers.Consultation": ("asked_at", "answered_at"),
    "dossiers.Apology": ("due_at", "new_due_at"),
    "dossiers.Holding": ("originals", "certified", "plain_copies", "since", "until"),
    "dossiers.HandoverLine": ("settled_at",),
    "dossiers.DossierDocument": ("name", "originals", "certified", "plain_copies"),
    "dossiers.AccessLog": ("reason",),
    "dossiers.Shown": ("way",),
    "applicants.LookUp": ("how",),
    "applicants.VaultPaper": ("source", "issuer", "issued_on", "valid_to", "origin_code", "handed_in_on"),
    "applicants.VaultFile": ("position",),
    "applicants.VaultLook": ("how", "used_in", "reason"),
    "applicants.CitizenAccount": ("opened_at",),
    "applicants.CitizenIdentity": ("issuer", "linked_at"),
    "applicants.Mandate": ("kind", "state", "asked_at", "valid_until"),
    "eforms.FormAnswer": ("begun_at", "finished_at"),
    "eforms.Confirmation": ("signer", "confirmed_at", "level"),
    "online.Application": ("begun_at", "handed_in_at", "code"),
    "certification.Visit": ("kind",),
    "certification.CopiedPaper": ("number", "volume", "year", "copies"),
    "certification.ElectronicCopy": ("made_at",),
    "privacy.DataRequest": ("code", "kind", "state", "closed_at"),
    "exchange.Incoming": ("pressed_at",),
    "audit.Entry": ("verb",),
    "dossiers.Result": ("name", "number"),
    "dossiers.Paper": ("form", "number"),
}


def fields_of(model: type[models.Model]) -> Iterator[str]:
    """Yield the fields that are told: personal ones a person can read, and what says which row it is."""
    yield from _EXTRA.get(model._meta.label, ())
    for name in getattr(model, "personal_data", {}):
        if any(name == one or name.endswith(one) for one in _TECHNICAL):
            continue
        if isinstance(model._meta.get_field(name), _TEXTS):
            yield name


class Teller:
    """Tells rows of one copy; it looks each post up once. `hidden`: numbers of papers and telephones masked."""

    def __init__(self, *, hidden: bool) -> None:
        self.hidden = hidden
        self._posts: dict[tuple[int | None, int | None], str] = {}

    def tell(self, row: models.Model) -> dict[str, Any]:
        """Return one row as it is told, as JSON holds it."""
        told: dict[str, Any] = {}
        names: Iterable[str] = dict.fromkeys(fields_of(type(row)))
        when = next((one for one in _WHENS if hasattr(row, one)), "")
        if when:
            told["when"] = plain(getattr(row, when))
        if by := self._by(row):
            told["by"] = by
        for name in names:
            value = getattr(row, name)
            if value in (None, "", [], {}) or (self.hidden and name in _ONLY_WITH_CARD):
                continue
            told[name] = masked(str(value)) if self.hidden and name in _NUMBERS else plain(value)
        return told

    def _by(self, row: models.Model) -> str:
        of_actor = hasattr(row, "actor_agency_id")  # an entry's own agency is that of its subject
        agency = getattr(row, "actor_agency_id" if of_actor else "agency_id", None)
        key = getattr(row, "position_id", None), agency
        if key not in self._posts:
            self._posts[key] = _post(*key)
        return self._posts[key]


def _post(position_id: int | None, agency_id: int | None) -> str:
    """Return the post and office behind an act or a look, never an officer's name (as `dossiers.who_read`)."""
    if position_id:
        position = Position.objects.select_related("unit__agency").filter(pk=position_id).first()
        if position is not None:
            parts = (position.title, position.unit.name, position.unit.agency.name)
            return ", ".join(part for part in parts if part)
    return (
        Agency.objects.filter(pk=agency_id).values_list("name", flat=True).first() or "" if agency_id else ""
    )


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
