"""Helpers for tests of a dossier's life: take one in, act as somebody, jump in time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import intake
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.lib.actor import Actor
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries.catalogue import version_on

# A plain working Monday; nothing near is a day off.
MONDAY = datetime(2026, 7, 6, 9, 15, tzinfo=VIETNAM)
LONG = "1.013225"  # 15 calendar days: time enough for everything


def variant_of(code: str = LONG) -> ProcedureVariant:
    from motcua.procedures.models import Procedure

    version = version_on(Procedure.objects.get(code=code), MONDAY.date())
    assert version is not None
    return version.variants.order_by("-is_default", "position").first()  # type: ignore[return-value]


def applicant(actor: Actor, name: str = "Phạm Thị Hương Giang", number: str = "031185000017") -> Any:
    facts = PersonFacts(full_name=name, personal_id=number, phone="0912345678")
    return find_or_register_person(facts=facts, actor=actor, at=MONDAY).applicant


def plan(world: World, actor: Actor, *, code: str = LONG, **values: Any) -> Intake:
    who = applicant(actor)
    fields: dict[str, Any] = {
        "variant_id": variant_of(code).pk,
        "channel": "in_person",
        "applicant_id": who.pk,
        "submitter_id": who.pk,
        "papers": (PaperIn("Đơn đề nghị", originals=1), PaperIn("Thẻ căn cước", shown_only=True)),
        "competent_agency_id": world.home.pk,
    }
    return Intake(**{**fields, **values})


def take_in(world: World, *, at: datetime = MONDAY, key: str | None = None, **values: Any) -> Dossier:
    """Minh takes a dossier in at the counter."""
    minh = world.actor("minh")
    return intake.accept_at_counter(
        intake=plan(world, minh, **values), actor=minh, at=at, key=key or uuid4().hex
    )


def common(world: World, name: str, dossier: Dossier, at: datetime = MONDAY, **values: Any) -> dict[str, Any]:
    return {"dossier_id": dossier.pk, "actor": world.actor(name), "at": at, "key": uuid4().hex, **values}


def later(**span: float) -> datetime:
    return MONDAY + timedelta(**span)


def owner_task(dossier: Dossier) -> Task:
    return Task.objects.get(dossier=dossier, is_owner=True, ended_at=None)
