"""From a map of old and new codes to the changes that turn one tree of agencies into the other, in their order.

New agencies open first, agencies that go on take their new name and place, then every other old one closes into its
successors. Each step carries the line it comes from, so that the same file twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motcua.agencies import queries
from motcua.agencies.map_file import BadMap, Named, Pair
from motcua.agencies.models import (
    Agency,
    AgencyArea,
    AgencyCode,
    AgencyParent,
    ChangeKind,
    ChangeState,
    PlannedChange,
    holds_on,
)

_SHOWN = 20


@dataclass(frozen=True)
class Step:
    """One planned change. In `content`, {"origin": …} stands for the agency that an earlier step opens."""

    kind: ChangeKind
    origin: str
    content: dict[str, Any]
    title: str


@dataclass
class Reorganisation:
    """The steps of a file, and what of it is not about this installation."""

    day: date
    steps: list[Step] = field(default_factory=list)
    strangers: int = 0
    done: int = 0


@dataclass
class _World:
    """What the codes of a file stand for in this installation."""

    day: date
    before: dict[str, Agency]  # by area or identifier, the day before
    after: dict[str, Agency]  # those that have their new code already
    names: Mapping[str, Named]


def work_out(
    pairs: Iterable[Pair], names: Mapping[str, Named], *, day: date, under: Agency, level: str
) -> Reorganisation:
    """Return the steps that a map means for the agencies of this installation.

    Refuses new agencies without a name. An old code that no agency here has is counted as a stranger: a map of
    the whole country serves a province. Identifiers that no file names are the next free ones below `under`.
    """
    listed = list(pairs)
    world = _world(listed, names, day)
    here = [pair for pair in listed if pair.old in world.before]
    if not here:
        raise BadMap(
            _("Không mã cũ nào trong tệp là của cơ quan trong hệ thống. Gán mã bằng “motcua agency area”.")
        )
    found = Reorganisation(day, strangers=len({pair.old for pair in listed if pair.old not in world.before}))
    renewed = {pair.old for pair in here if pair.old == pair.new and pair.default}
    untouched = {pair.new for pair in here} & set(world.before) - {pair.old for pair in here}
    stays = renewed | untouched
    found.steps += _openings(here, stays, world, under, level)
    found.steps += _renamings(sorted(renewed), world, under)
    found.steps += _closings(here, stays, world)
    there = set(
        PlannedChange.objects.filter(state=ChangeState.APPLIED, origin__startswith=f"{day}:").values_list(
            "origin", flat=True
        )
    )
    found.done = sum(step.origin in there for step in found.steps)
    found.steps = [step for step in found.steps if step.origin not in there]
    return found


def _world(pairs: list[Pair], names: Mapping[str, Named], day: date) -> _World:
    codes = {code for pair in pairs for code in (pair.old, pair.new)}
    eve = day - timedelta(days=1)
    areas = AgencyArea.objects.filter(code__in=codes).select_related("agency__level")
    coded = AgencyCode.objects.filter(code__in=codes).select_related("agency__level")
    by_identifier = {row.code: row.agency for row in coded}
    before = by_identifier | {row.code: row.agency for row in areas.filter(holds_on(eve))}
    after = by_identifier | {row.code: row.agency for row in areas.filter(holds_on(day))}
    return _World(day, before, after, names)


def _openings(here: list[Pair], stays: set[str], world: _World, under: Agency, level: str) -> Iterable[Step]:
    """Agencies of codes that nobody goes on with."""
    new = sorted({pair.new for pair in here} - stays)
    missing = []
    free = _free_codes(queries.code_of(under.pk, world.day))
    for code in new:
        opened = code in world.after and world.after[code] != world.before.get(code)
        if opened and not PlannedChange.objects.filter(origin=f"{world.day}:open:{code}").exists():
            continue  # by hand
        named = world.names.get(code)
        if named is None:
            missing.append(code)
            continue
        content = {
            "name": named.name, "short_name": named.short_name, "level": level, "parent": under.pk,
            "code": named.identifier or next(free), "calendar": under.calendar_id,
            "area": code if code.isdigit() else "",
        }  # fmt: skip
        yield Step(ChangeKind.OPEN, f"{world.day}:open:{code}", content, named.name)
    if missing:
        raise BadMap(
            _("Chưa có tên cho %(count)s mã mới: %(codes)s. Thêm tệp tên bằng --names.")
            % {"count": len(missing), "codes": ", ".join(missing[:_SHOWN])}
        )


def _renamings(stays: list[str], world: _World, under: Agency) -> Iterable[Step]:
    """Agencies that go on: a new name, and their place directly below the province."""
    ids = [world.before[code].pk for code in stays]
    above = dict(
        AgencyParent.objects.filter(holds_on(world.day), agency_id__in=ids).values_list(
            "agency_id", "parent_id"
        )
    )
    for code in stays:
        agency, named = world.before[code], world.names.get(code)
        content: dict[str, Any] = {"agency": agency.pk, "name": agency.name, "short_name": agency.short_name}
        if named is not None:
            content |= {"name": named.name, "short_name": named.short_name}
            if named.identifier and named.identifier != queries.code_of(agency.pk, world.day):
                content["code"] = named.identifier
        if agency.pk != under.pk and above.get(agency.pk) != under.pk:
            content["parent"] = under.pk
        same = (content["name"], content["short_name"]) == (agency.name, agency.short_name)
        if same and not {"code", "parent"} & set(content):
            continue
        yield Step(ChangeKind.RENAME, f"{world.day}:rename:{code}", content, content["name"])


def _closings(here: list[Pair], stays: set[str], world: _World) -> Iterable[Step]:
    """Every other old agency goes over to its successors, the main one first."""
    by_old: dict[str, list[Pair]] = {}
    for pair in here:
        by_old.setdefault(pair.old, []).append(pair)
    for old, given in sorted(
        by_old.items(), key=lambda one: (-len(one[0]), one[0])
    ):  # districts after their communes
        if old in stays:
            continue
        heirs = [_ref(pair.new, stays, world) for pair in sorted(given, key=lambda pair: not pair.default)]
        agency = world.before[old]
        if len(heirs) == 1:
            content: dict[str, Any] = {"sources": [agency.pk], "target": heirs[0]}
            yield Step(ChangeKind.MERGE, f"{world.day}:close:{old}", content, agency.name)
        else:
            content = {"source": agency.pk, "heirs": heirs, "units": None}
            yield Step(ChangeKind.SPLIT, f"{world.day}:close:{old}", content, agency.name)


def _ref(code: str, stays: set[str], world: _World) -> Any:
    if code in stays:
        return world.before[code].pk
    opened = world.after.get(code)
    if opened is not None and opened != world.before.get(code):
        return opened.pk
    return {"origin": f"{world.day}:open:{code}"}


def _free_codes(above: str) -> Iterator[str]:
    """Yield the identifiers below `above` that nobody ever had, nor is to get."""
    given = set(AgencyCode.objects.filter(code__startswith=f"{above}.").values_list("code", flat=True))
    given |= {one.content.get("code", "") for one in PlannedChange.objects.filter(state=ChangeState.PLANNED)}
    for number in range(1, 1000):
        if f"{above}.{number}" not in given:
            yield f"{above}.{number}"
    raise BadMap(_("Hết số trống dưới mã %(code)s. Ghi mã định danh trong tệp tên.") % {"code": above})
