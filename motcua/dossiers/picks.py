"""What an officer picks from: colleagues with their load, units to ask, papers to ask for, linked procedures."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from motcua.agencies.models import Unit, holds_on
from motcua.agencies.queries import officers_of, parent_of
from motcua.agencies.roles import Role
from motcua.dossiers.models import Dossier, OpinionTemplate, Task
from motcua.dossiers.offers import Desk
from motcua.lib.actor import Actor
from motcua.lib.vietnamese import fold
from motcua.procedures.models import AgencyProcedure, Procedure, ProcedureVariant
from motcua.procedures.queries.catalogue import holds_on as version_holds_on
from motcua.procedures.queries.catalogue import required_documents
from motcua.workflow import units
from motcua.workflow.engine import END, StepKind

_MOST = 400


def officers_with_load(desk: Desk, *, on: date) -> list[tuple[int, str]]:
    """Return whom the step may be given to, the least loaded first, each with what they hold now."""
    task = desk.owner or next((one for one in desk.case.tasks if one.is_owner), None)
    if task is None:
        return []
    people = list(officers_of(task.unit_id, on, _role_to_give(desk, task) or None))
    if task.position_id is not None:
        people = [one for one in people if one.pk != task.position_id]
    held = load_of([one.pk for one in people])
    people.sort(key=lambda one: (one.pk == desk.actor.position_id, held.get(one.pk, 0)))
    return [(one.pk, _with_load(one.account.full_name, one.title, held.get(one.pk, 0))) for one in people]


def colleagues_with_load(actor: Actor, *, on: date) -> list[tuple[int, str]]:
    """Return the officers of the actor's unit, the least loaded first, each with what they hold now."""
    people = list(officers_of(actor.unit_id or 0, on))
    held = load_of([one.pk for one in people])
    people.sort(key=lambda one: (one.pk == actor.position_id, held.get(one.pk, 0)))
    return [(one.pk, _with_load(one.account.full_name, one.title, held.get(one.pk, 0))) for one in people]


def procedures_named(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of procedures by code; codes the catalogue lacks are left out. One query, none for none."""
    asked = set(codes)
    found = Procedure.objects.filter(code__in=asked).values_list("code", "name") if asked else ()
    return {str(code): name for code, name in found}


def templates_for(actor: Actor) -> list[OpinionTemplate]:
    """Return the texts an officer may insert: their own first, then the unit's that no own key hides. One query."""
    mine = Q(account_id=actor.account_id or 0) | Q(unit_id=actor.unit_id or 0)
    return list(
        OpinionTemplate.objects.filter(mine).order_by(F("unit_id").asc(nulls_first=True), "key")[:200]
    )


def load_of(positions: list[int]) -> dict[int, int]:
    """Return how many open steps each position holds by name: one query."""
    rows = (
        Task.objects.filter(position__in=positions, ended_at=None).values("position").annotate(n=Count("id"))
    )
    return {row["position"]: row["n"] for row in rows.values("position", "n")}


def _with_load(name: str, title: str, count: int) -> str:
    held = _("đang giữ %(n)s việc") % {"n": count} if count else _("chưa giữ việc nào")
    return f"{name}, {title} ({held})" if title else f"{name} ({held})"


def _role_to_give(desk: Desk, task: Task) -> str:
    """The role of the step that the officer will do: the next one after an assigning step, else this one."""
    if task.completed_by != "assign":
        return task.role
    routes = next(iter(desk.definition.step(task.step_key).outcomes().values()), ())
    following = next((one.to for one in routes if one.to != END), None)
    return desk.definition.step(following).role if following else Role.SPECIALIST


def units_to_ask(dossier: Dossier, actor: Actor, *, on: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the units that may be asked, by agency: the own one first, then those around it, one query."""
    parent = parent_of(actor.agency_id or 0, on)
    around = Q(agency_id=actor.agency_id)
    if parent is not None:
        around |= Q(agency=parent) | Q(agency__parents__parent=parent, agency__level__rank__lte=30)
    found = (
        Unit.objects.filter(around, holds_on(on))
        .exclude(pk=dossier.owner_unit_id)
        .select_related("agency")
        .order_by("agency__level__rank", "agency__sort_key", "name")
        .distinct()[:_MOST]
    )
    groups: dict[str, list[tuple[int, str]]] = {}
    for unit in sorted(found, key=lambda one: one.agency_id != actor.agency_id):
        groups.setdefault(unit.agency.name, []).append((unit.pk, unit.name))
    return list(groups.items())


def papers_to_ask(dossier: Dossier) -> list[str]:
    """Return the names of the dossier's papers, as handed in, and behind them of what the case asks for besides."""
    there = list(dossier.documents.order_by("position").values_list("name", "required_id"))
    seen = {required for _name, required in there}
    asked = required_documents(dossier.variant)
    rest = [one.name for one in asked if one.must_submit and not one.is_note and one.pk not in seen]
    return list(dict.fromkeys([*(name for name, _required in there), *rest]))


def linked_procedures(
    dossier: Dossier, *, on: date, wanted: str = ""
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return other agencies' procedures that a child dossier may be opened for, by agency.

    `wanted` is the agency as the workflow words it ("Cơ quan thuế"): those it fits stand first.
    """
    offered = (
        AgencyProcedure.objects.filter(holds_on(on), competent=True)
        .exclude(agency_id=dossier.competent_agency_id)
        .select_related("agency", "procedure")
        .order_by("agency__sort_key", "procedure__code")[:_MOST]
    )
    rows = list(offered)
    variants: dict[int, Any] = {}
    default = ProcedureVariant.objects.filter(version__procedure__in=[row.procedure_id for row in rows])
    for variant in default.select_related("version").order_by("-is_default", "position"):
        if version_holds_on(variant.version, on):
            variants.setdefault(variant.version.procedure_id, variant)
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.procedure_id in variants:
            key = f"{row.agency_id}:{variants[row.procedure_id].pk}"
            groups.setdefault(row.agency.name, []).append(
                (key, f"{row.agency.short_name or row.agency.name}: {row.procedure.name}"[:140])
            )
    return sorted(groups.items(), key=lambda group: not _fits(group[0], wanted))


def outside_agency(desk: Desk) -> str:
    """Return what the workflow calls the agency whose part comes next, "" where it names none."""
    if desk.owner is None or desk.owner.step_key not in desk.definition.by_key:
        return ""
    here = desk.definition.step(desk.owner.step_key)
    ahead = [desk.definition.step(one.to) for one in here.routes if one.to != END]
    found = next((step for step in (here, *ahead) if step.kind is StepKind.CHILD), None)
    unit = found.unit if found else ""
    return unit.removeprefix(units.OUTSIDE) if unit.startswith(units.OUTSIDE) else ""


def _fits(agency: str, wanted: str) -> bool:
    """Tell whether an agency's name holds every word of the wanted one that says which agency it is."""
    words = set(fold(wanted).split()) - {"co", "quan"}
    return bool(words) and words <= set(fold(agency).split())


def only_fitting(groups: list[tuple[str, list[tuple[str, str]]]], wanted: str) -> str | None:
    """Return the one choice that fits what the workflow names, None where there are several or none."""
    keys = [key for agency, rows in groups if _fits(agency, wanted) for key, _label in rows]
    return keys[0] if len(keys) == 1 else None
