"""On whose desk a step lands: from role and unit in the workflow to a unit of a real agency, today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import Position, Unit, holds_on
from motcua.agencies.queries import front_of
from motcua.agencies.roles import Role
from motcua.dossiers.models import Dossier, HandlingUnit, Task
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import Refusal
from motcua.workflow import units
from motcua.workflow.engine import Step

# Work of the one-stop shop that took the papers in; everything else is the competent agency's.
HOME_ROLES = frozenset({Role.RECEIVER, Role.RETURNER, Role.GUIDE, Role.CASHIER, Role.POSTAL})
DIVISION_ROLES = frozenset({Role.SPECIALIST, Role.UNIT_HEAD, ""})


class NobodyForStep(Refusal):
    """No open position of the agency holds the role that the next step asks for."""

    code = "nobody_for_step"


@dataclass(frozen=True)
class Place:
    """Agency, unit, and the officer where the workflow or a colleague already named one."""

    agency_id: int
    unit_id: int
    position_id: int | None = None


def _held(agency: int, on: date) -> QuerySet[Position]:
    held = Position.objects.filter(holds_on(on), unit__agency_id=agency, account__is_active=True)
    return held.order_by("unit_id", "pk")


# Units whose people hold a role, in order; a unit stands once for each of them.
_HOLDERS: Prepared[tuple[int]] = Prepared(
    lambda agency, role, on: _held(agency, on).filter(roles__contains=[role]).values_list("unit_id"),
    agency=int,
    role=str,
    on=date,
)
_ANYBODY: Prepared[tuple[int]] = Prepared(
    lambda agency, on: _held(agency, on).values_list("unit_id"), agency=int, on=date
)


def place_for(
    step: Step, dossier: Dossier, *, on: date, received: Place | None = None,
    tasks: Sequence[Task] | None = None,
) -> Place:  # fmt: skip
    """Return where `step` lands; refuses when nobody there holds its role, naming the role.

    `tasks` are all the tasks so far where the caller holds them; otherwise they are read when needed.

    A division keeps a dossier it has worked on; otherwise `HandlingUnit` says which division handles the
    sector, and where that is silent too, the only division with such an officer.
    """
    if step.unit.startswith(units.OUTSIDE):
        return _keeper(dossier, _newest_first(dossier, tasks))
    if step.unit.startswith(units.NAMED):
        named = _named(step.unit.removeprefix(units.NAMED), dossier, on=on)
        if named is not None:
            return named
    at_home = step.role in HOME_ROLES or step.unit == units.RECEIVING_CENTRE
    agency = dossier.home_agency_id if at_home else dossier.competent_agency_id
    if at_home and received is not None:
        return received
    found = _units_with(agency, step.role, on)
    if not found and at_home:  # it may have closed: then another stands for it
        agency = front_of(agency, on)
        found = _units_with(agency, step.role, on)
    if not found:
        raise NobodyForStep(
            _("Chưa có ai giữ vai trò “%(role)s” để nhận bước “%(step)s”. Nhờ quản trị đơn vị bổ sung người "
              "rồi làm lại; hồ sơ vẫn ở bước hiện tại.")
            % {"role": dict(Role.choices).get(step.role, step.role), "step": step.name}
        )  # fmt: skip
    if len(found) > 1 and at_home:
        return Place(agency, _where_received(_newest_first(dossier, tasks), found))
    if len(found) > 1 and step.role in DIVISION_ROLES:
        return Place(agency, _division(dossier, _newest_first(dossier, tasks), found, on=on))
    return Place(agency, found[0])


def _units_with(agency: int, role: str, on: date) -> list[int]:
    """The units of an agency whose people hold a role ("" means any), in order."""
    holders = _HOLDERS(agency=agency, role=role, on=on) if role else _ANYBODY(agency=agency, on=on)
    return list(dict.fromkeys(unit for (unit,) in holders))


def _named(name: str, dossier: Dossier, *, on: date) -> Place | None:
    """The unit of this name in the competent agency, by its full or its short name."""
    unit = (
        Unit.objects.filter(holds_on(on), agency_id=dossier.competent_agency_id)
        .filter(Q(name__iexact=name) | Q(short_name__iexact=name))
        .first()
    )
    return Place(unit.agency_id, unit.pk) if unit else None


def _newest_first(dossier: Dossier, tasks: Sequence[Task] | None) -> list[Task]:
    if tasks is None:
        return list(
            Task.objects.filter(home_agency_id=dossier.home_agency_id, dossier=dossier).order_by("-number")
        )
    return sorted(tasks, key=lambda task: -task.number)


def _keeper(dossier: Dossier, tasks: list[Task]) -> Place:
    """Another body's part stays on the desk of the unit that keeps the dossier: it sends and collects."""
    competent = dossier.competent_agency_id
    last = next((task for task in tasks if task.is_owner and task.agency_id == competent), None)
    if last is None:
        unit = Unit.objects.get(pk=dossier.owner_unit_id)
        return Place(unit.agency_id, unit.pk)
    return Place(last.agency_id, last.unit_id, last.ended_position_id or last.position_id)


def _where_received(tasks: list[Task], found: list[int]) -> int:
    """The one-stop unit that took the dossier in, so that the papers need not travel."""
    first = next((task for task in reversed(tasks) if task.role == Role.RECEIVER), None)
    return first.unit_id if first and first.unit_id in found else found[0]


def _division(dossier: Dossier, tasks: list[Task], found: list[int], *, on: date) -> int:
    own = (task.unit_id for task in tasks if task.is_owner and task.role in DIVISION_ROLES)
    worked = next((unit for unit in own if unit in found), None)
    return worked or handling_unit(dossier, found, on=on) or found[0]


def handling_unit(dossier: Dossier, found: list[int], *, on: date) -> int | None:
    """Return the division that handles the dossier's procedure or sector in the competent agency."""
    procedure = dossier.procedure_version.procedure
    rows = HandlingUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(procedure_id=procedure.pk) | Q(sector_id=procedure.sector_id),
        agency_id=dossier.competent_agency_id,
        valid_from__lte=on,
        unit_id__in=found,
    )
    best = sorted(rows, key=lambda row: row.procedure_id is None)
    return best[0].unit_id if best else None
