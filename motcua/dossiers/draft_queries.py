"""Reads of drafts: only the officer who began one ever sees it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier, Draft, Paper
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import normalize

_SHOWN = 50
_LOOKED_BACK = 100  # intakes of an officer that tell which procedures they use: about a day
# Parts of a draft that no field of the form holds; names begin with "_" so that no field can write them.
CARDS, FILES = "_cards", "_files"
VAULT = "_vault"
SCANS = "scans"  # among the files: stacks that were split, which belong to no line


@dataclass(frozen=True)
class Content:
    """What a draft holds: fields as typed, cards as read (by person), files by line of the paper list.

    A file is {"id", "name", "size", "pages"}. `vault`: whose vault was opened for this intake.
    """

    values: dict[str, Any]
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    vault: str = ""


@dataclass(frozen=True)
class Open:
    """A draft in a list: enough to recognise it."""

    id: UUID
    updated_at: datetime
    name: str
    procedure: str
    held_at: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.held_at or self.updated_at

    @property
    def empty(self) -> bool:
        return not (self.name or self.procedure)


def _own(actor: Actor) -> QuerySet[Draft]:
    return Draft.objects.filter(account_id=actor.account_id or 0, agency_id=actor.agency_id or 0)


def get(actor: Actor, draft_id: UUID) -> Draft:
    """Return the actor's own draft; another officer's and none at all answer alike."""
    draft = _own(actor).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy bản nháp này. Mở một hồ sơ mới."))
    return draft


def content(draft: Draft) -> Content:
    """Return what the draft holds."""
    everything = json.loads(draft.content or "{}")
    values = {name: value for name, value in everything.items() if not name.startswith("_")}
    return Content(values=values, cards=everything.get(CARDS, {}), files=everything.get(FILES, {}),
                   vault=everything.get(VAULT, ""))  # fmt: skip


def outcome(draft: Draft) -> tuple[Dossier, Paper | None]:
    """Return the dossier that the draft became, and the last paper issued with it."""
    assert draft.dossier_id is not None
    dossier = Dossier.objects.select_related(
        "procedure_version__procedure", "variant", "applicant", "owner_unit", "competent_agency"
    ).get(pk=draft.dossier_id)
    return dossier, Paper.objects.filter(dossier=dossier).order_by("-issued_at", "-id").first()


def untouched(actor: Actor) -> Draft | None:
    """Return a draft of the actor that nothing was typed into yet, so that F2 twice makes one."""
    rows = _own(actor).filter(dossier=None, revision=0)
    return rows.order_by("-created_at").first()


def mine(actor: Actor) -> list[Open]:
    """Return the actor's drafts that hold something: held ones first, each kind the last touched first (one query)."""
    rows = _own(actor).filter(dossier=None).exclude(revision=0)
    ordered = rows.order_by(F("held_at").desc(nulls_last=True), "-updated_at", "-id")
    return [_open(draft) for draft in ordered[:_SHOWN]]


def held_and_begun(actor: Actor, *, but: UUID | None = None) -> tuple[list[Open], list[Open]]:
    """Return the actor's unfinished drafts without `but`: those set aside, and those only begun."""
    every = [one for one in mine(actor) if one.id != but]
    return [one for one in every if one.held_at], [one for one in every if not one.held_at]


def procedures_used(actor: Actor) -> list[tuple[str, str]]:
    """Return code and name of the procedures the actor took in lately, the last one first (one query)."""
    rows = _own(actor).filter(dossier__isnull=False).order_by("-updated_at", "-id")
    version = "dossier__procedure_version__"
    lately = rows.values_list(f"{version}procedure__code", f"{version}procedure__name")[:_LOOKED_BACK]
    return [(code, name) for code, name in dict.fromkeys(lately) if code]


def _open(draft: Draft) -> Open:
    values = content(draft).values
    organization = values.get("kind") == "organization"
    name = values.get("org_name" if organization else "full_name") or ""
    procedure = normalize(str(values.get("procedure") or ""))
    return Open(draft.pk, draft.updated_at, normalize(str(name)), procedure, draft.held_at)
