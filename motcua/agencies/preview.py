"""What a change would move, counted before it is planned: a fixed number of queries at any size."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies import inside, planning, queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyParent,
    ChangeKind,
    ChangeState,
    OneStopShop,
    PlannedChange,
    Position,
    Unit,
    holds_on,
)
from motcua.agencies.moved import followers
from motcua.base.numbering.models import Series
from motcua.base.printing.legal_forms import FORMS
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold

PAGE = 30


@dataclass(frozen=True)
class UnitLine:
    """One unit: where it goes, how, and what goes with it."""

    name: str
    target: str
    joins: bool
    people: int
    dossiers: int
    renamed: str = ""


@dataclass
class Preview:
    """Everything a merger, split or move takes along; `numbers` are the series that end with the agency."""

    source: Agency
    targets: list[Agency]
    units: list[UnitLine]
    dossiers: int = 0
    people: int = 0
    shops: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    numbers: list[tuple[str, int]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    below: int = 0
    offerings: int = 0
    work: int = 0
    workflows: int = 0
    closes: bool = True


def of(change: PlannedChange) -> Preview | None:
    """Return what a change of units would move; None for one that moves nothing but names and codes."""
    content, day = change.content, change.on_day
    if change.kind == ChangeKind.MOVE_UNIT:
        unit = inside.one_unit(content["unit"])
        rows = list(Unit.objects.filter(_still(day), Q(pk=unit.pk) | Q(parent=unit)))
        agency, heirs = unit.agency, _agencies([content["target"]])
    elif change.kind in {ChangeKind.MERGE, ChangeKind.SPLIT}:
        source = content["source"] if change.kind == ChangeKind.SPLIT else content["sources"][0]
        agency = inside.one_agency(source)
        heirs = _agencies([planning.agency_of(ref) for ref in planning.heirs_of(change)])
        rows = list(Unit.objects.filter(_still(day), agency=agency).order_by("name"))
    else:
        return None
    if not heirs:
        return None
    moving = change.kind == ChangeKind.MOVE_UNIT
    found = Preview(agency, heirs, _lines(change, agency, rows, heirs), closes=not moving)
    _count(found, [unit.pk for unit in rows], day, moving)
    return found


def _agencies(ids: Iterable[int | None]) -> list[Agency]:
    wanted = [one for one in ids if one is not None]
    rows = {row.pk: row for row in Agency.objects.filter(pk__in=wanted)}
    return [rows[one] for one in wanted if one in rows]


def _lines(change: PlannedChange, agency: Agency, rows: list[Unit], heirs: list[Agency]) -> list[UnitLine]:
    content, day = change.content, change.on_day
    there = list(Unit.objects.filter(_still(day), agency__in=heirs))
    twins = {(row.agency_id, row.kind, fold(row.name)): row for row in there}
    names = {(row.agency_id, row.name) for row in there}
    ids = [row.pk for row in rows]
    people = dict(
        Position.objects.filter(_still(day), unit_id__in=ids)
        .values_list("unit_id")
        .annotate(n=Count("account_id", distinct=True))
    )
    dossiers = inside.open_work().of_each_unit(ids)
    where = {int(key): place for key, place in (content.get("units") or {}).items()}
    lines = []
    for row in rows:
        heir = heirs[min(where.get(row.pk, 0), len(heirs) - 1)]
        twin = twins.get((heir.pk, row.kind, fold(row.name))) if content.get("join", True) else None
        if change.kind == ChangeKind.MOVE_UNIT:
            twin = next((one for one in there if one.pk == content.get("into")), None)
        clash = twin is None and (heir.pk, row.name) in names
        lines.append(
            UnitLine(
                row.name, heir.short_name, twin is not None, people.get(row.pk, 0), dossiers.get(row.pk, 0),
                f"{row.name} ({agency.short_name})" if clash else "",
            )
        )  # fmt: skip
    return lines


def _count(found: Preview, unit_ids: list[int], day: date, moving: bool) -> None:
    held = Position.objects.filter(_still(day), unit_id__in=unit_ids)
    found.people = held.values("account_id").distinct().count()
    shops = OneStopShop.objects.filter(_still(day), agency=found.source)
    if moving:
        shops = shops.filter(unit_id__in=unit_ids)
    counted = shops.annotate(
        here=Count("points", filter=_still(day, "points__"), distinct=True),
        desks=Count("points__counters", filter=_still(day, "points__counters__"), distinct=True),
    )
    listed = list(counted.order_by("name"))
    found.shops = [row.name for row in listed]
    found.places = {"points": sum(row.here for row in listed), "counters": sum(row.desks for row in listed)}
    agencies = [] if moving else [found.source.pk]
    for app in followers():
        for name, number in app.what_follows(agencies, unit_ids).items():
            setattr(found, name, number)
    if moving:
        found.dossiers = sum(line.dossiers for line in found.units)
        return
    found.dossiers = inside.open_work().of_each_agency([found.source.pk])[found.source.pk]
    series = Series.objects.filter(agency_id=found.source.pk, period__startswith=str(day.year)).order_by(
        "kind"
    )
    found.numbers = [(series_name(row.kind), row.last) for row in series if row.period == str(day.year)]
    found.codes = list(
        AgencyCode.objects.filter(holds_on(day), agency=found.source)
        .order_by("scheme")
        .values_list("code", flat=True)
    )
    found.below = AgencyParent.objects.filter(holds_on(day), parent=found.source).count()


def series_name(kind: str) -> str:
    """Return what a series of numbers is called on a page."""
    known = {
        "register": _("Sổ theo dõi hồ sơ"),
        "result": _("Số văn bản kết quả"),
        "certification.copy": _("Số chứng thực bản sao"),
    }
    form = FORMS.get(kind.removeprefix("paper."))
    if form:
        title = form[-1].title.replace("\n", " ")
        return title[:1] + title[1:].lower() if title.isupper() else title
    return known.get(kind, kind)


# ── Lists


def one(change_id: int) -> PlannedChange:
    """Return a change with who planned it and who took it back; NotFound when there is none."""
    row = PlannedChange.objects.select_related("made_by", "decided_by").filter(pk=change_id).first()
    if row is None:
        raise NotFound(_("Không có thay đổi này."))
    return row


def concerned(change: PlannedChange) -> QuerySet[Agency]:
    """Return the agencies a change is about, by name."""
    return Agency.objects.filter(pk__in=change.concerns).order_by("sort_key")


@dataclass(frozen=True)
class Listed:
    """A change in a list, in words."""

    change: PlannedChange
    words: str


def changes_page(state: str, after: str) -> tuple[list[Listed], str]:
    """Return one page of changes, planned ones by their day, others the latest first; and the key of the next."""
    rows = PlannedChange.objects.filter(state=state)
    day, _sep, last = after.partition("~")
    later = state == ChangeState.PLANNED
    if last.isdecimal() and queries.is_day(day):
        beyond = {"gt": later, "lt": not later}
        sign = next(name for name, yes in beyond.items() if yes)
        rows = rows.filter(Q(**{f"on_day__{sign}": day}) | Q(**{"on_day": day, f"pk__{sign}": int(last)}))
    order = ("on_day", "pk") if later else ("-on_day", "-pk")
    found = list(rows.order_by(*order)[: PAGE + 1])
    more = f"{found[PAGE - 1].on_day}~{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return in_words(found[:PAGE]), more


def planned_here(agency_id: int) -> list[Listed]:
    """Return the planned changes about one agency, the next first."""
    return in_words(
        list(PlannedChange.objects.filter(planning.planned_for(agency_id)).order_by("on_day", "pk")[:20])
    )


def in_words(found: list[PlannedChange]) -> list[Listed]:
    """Say each change in one sentence; three queries for all the names."""
    agencies = {pk for one in found for pk in (*one.concerns, *one.closes)}
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "short_name"))
    units = {one.content["unit"] for one in found if one.kind == ChangeKind.MOVE_UNIT}
    unit_names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
    codes = {one.content["code_id"] for one in found if one.kind == ChangeKind.CODE}
    code_names = dict(AgencyCode.objects.filter(pk__in=codes).values_list("pk", "code"))
    opened = dict(
        PlannedChange.objects.filter(
            pk__in={
                ref["change"] for one in found for ref in planning.heirs_of_any(one) if isinstance(ref, dict)
            }
        ).values_list("pk", "content__short_name")
    )

    def called(ref: Any) -> str:
        return str(opened.get(ref["change"], "") if isinstance(ref, dict) else names.get(ref, ""))

    said = [_sentence(one, called, unit_names, code_names) for one in found]
    return [Listed(one, words[:1].upper() + words[1:]) for one, words in zip(found, said, strict=True)]


def _sentence(one: PlannedChange, called: Any, units: dict[int, str], codes: dict[int, str]) -> str:
    content = one.content
    if one.kind == ChangeKind.MERGE:
        said = {"sources": ", ".join(map(called, content["sources"])), "target": called(content["target"])}
        return _("%(sources)s nhập vào %(target)s") % said
    if one.kind == ChangeKind.SPLIT:
        return _("%(source)s chia thành %(heirs)s") % {
            "source": called(content["source"]), "heirs": ", ".join(map(called, content["heirs"])),
        }  # fmt: skip
    if one.kind == ChangeKind.MOVE_UNIT:
        return _("%(unit)s chuyển về %(target)s") % {
            "unit": units.get(content["unit"], ""), "target": called(content["target"]),
        }  # fmt: skip
    if one.kind == ChangeKind.CODE:
        return _("Mã %(code)s hết hiệu lực") % {"code": codes.get(content["code_id"], "")}
    if one.kind == ChangeKind.OPEN:
        return _("Thành lập %(name)s, mã %(code)s") % {"name": content["name"], "code": content["code"]}
    said = {"agency": called(content["agency"]), "name": content["name"], "code": content.get("code", "")}
    if not said["name"]:
        return _("%(agency)s nhận mã %(code)s") % said
    return (
        _("%(agency)s thành %(name)s, mã %(code)s") if said["code"] else _("%(agency)s thành %(name)s")
    ) % said


def _still(day: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": day})
