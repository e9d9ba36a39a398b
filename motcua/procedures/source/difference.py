"""What differs between two versions, field by field, and a version made of both by choice."""

from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from motcua.lib.vietnamese import fold, normalize
from motcua.procedures.models.words import Part
from motcua.procedures.source import words
from motcua.procedures.source.shape import FeeData, PaperData, VersionData

Kind = Literal["changed", "added", "removed"]
T = TypeVar("T")
R = TypeVar("R", PaperData, FeeData)


@dataclass(frozen=True, slots=True)
class Line:
    """One field that differs; an empty side says that the field is not there."""

    label: str
    kind: Kind
    before: str
    after: str


@dataclass(slots=True)
class Unit:
    """What is taken over as a whole: one field of the record, a case with its limits, a paper, a fee."""

    key: str
    part: Part
    lines: list[Line] = field(default_factory=list)


def between(before: VersionData, after: VersionData) -> list[Unit]:
    """Return what differs, grouped by what can be taken over as a whole, in the order of the page.

    Spaces and the form of letters make no difference.
    """
    old, new = words.lines(before), words.lines(after)
    units: dict[str, Unit] = {}
    for key in [*old, *(key for key in new if key not in old)]:
        one, two = old.get(key), new.get(key)
        if key == "decision_number" and not (two and two.text):
            continue  # a draft has none yet
        said = two or one
        assert said is not None
        kind: Kind = "changed" if one and two else "added" if two else "removed"
        here, there = one.text if one else "", two.text if two else ""
        if one and two and normalize(here) == normalize(there):
            if normalize(one.name) == normalize(two.name):
                continue
            here, there = one.name, two.name  # another mark, another capital
        unit = units.setdefault(said.unit, Unit(said.unit, said.part))
        unit.lines.append(Line(said.label, kind, here, there))
    order = list(Part)
    return sorted(units.values(), key=lambda unit: order.index(unit.part))


def merged(ours: VersionData, theirs: VersionData, taken: Collection[str]) -> VersionData:
    """Return our version with the units `taken` from theirs; everything else stays as it is."""
    data = deepcopy(ours)
    if "name" in taken:
        data.name = theirs.name
    if "levels" in taken:
        data.levels = list(theirs.levels)
    for column in (*(name for name, _label in words.TEXTS), "applicants", "online_level"):
        if column in taken:
            data.texts[column] = deepcopy(theirs.texts.get(column, data.texts.get(column)))
    if "steps_text" in taken:
        data.plain = theirs.plain
    papers = _rows(_named(ours, ours.papers), words.paper_keys(ours), _named(theirs, theirs.papers),
                   words.paper_keys(theirs), taken)  # fmt: skip
    fees = _rows(_named(ours, ours.fees), words.fee_keys(ours), _named(theirs, theirs.fees),
                 words.fee_keys(theirs), taken)  # fmt: skip
    _merge_cases(data, theirs, taken)
    data.papers, data.fees = _placed(data, papers), _placed(data, fees)
    for fee in data.fees:
        fee.row = None
    data.results = _rows(
        data.results, words.result_keys(ours), theirs.results, words.result_keys(theirs), taken
    )
    data.references = _rows(
        data.references, words.reference_keys(ours), theirs.references, words.reference_keys(theirs), taken
    )
    return data


def _rows(
    ours: list[T], our_keys: list[str], theirs: list[T], their_keys: list[str], taken: Collection[str]
) -> list[T]:
    """Replace, drop and add the rows whose keys are taken; added ones stand at the end."""
    there = dict(zip(their_keys, theirs, strict=True))
    kept = [
        (deepcopy(there[key]) if key in taken else row)
        for key, row in zip(our_keys, ours, strict=True)
        if key not in taken or key in there
    ]
    new = [deepcopy(row) for key, row in there.items() if key in taken and key not in our_keys]
    return [*kept, *new]


def _merge_cases(data: VersionData, theirs: VersionData, taken: Collection[str]) -> None:
    our_keys, their_keys = words.case_keys(data), words.case_keys(theirs)
    for place, key in enumerate(their_keys):
        if key not in taken:
            continue
        case = deepcopy(theirs.cases[place])
        limits = [deepcopy(row) for row in theirs.limits if row.case == place]
        if key in our_keys:
            here = our_keys.index(key)
            case.is_default = data.cases[here].is_default
            data.cases[here] = case
            data.limits = [row for row in data.limits if row.case != here]
        else:
            here = len(data.cases)
            case.is_default = False
            data.cases.append(case)
        for row in limits:
            row.case = here
        data.limits += limits
    gone = [place for place, key in enumerate(our_keys) if key in taken and key not in their_keys]
    for place in sorted(gone, reverse=True):
        drop_case(data, place)
    data.limits.sort(key=lambda row: row.case)


def drop_case(data: VersionData, place: int) -> None:
    """Take a case out with its limits."""
    del data.cases[place]
    data.limits = [row for row in data.limits if row.case != place]
    for row in data.limits:
        row.case -= row.case > place
    if data.cases and not any(case.is_default for case in data.cases):
        data.cases[0].is_default = True


def _named(data: VersionData, rows: list[R]) -> list[tuple[R, str]]:
    """Return papers or fees, each with the folded name of its case; "" for every case."""
    several = len(data.cases) > 1
    return [
        (row, fold(data.cases[row.case].name) if several and row.case is not None else "") for row in rows
    ]


def _placed(data: VersionData, rows: list[tuple[R, str]]) -> list[R]:
    """Return copies of the rows that name cases of `data`; those of a case that is gone are left out."""
    places = {fold(case.name): place for place, case in enumerate(data.cases)}
    found = []
    for row, name in rows:
        if name and name not in places:
            continue
        copy = deepcopy(row)
        copy.case = places[name] if name and len(data.cases) > 1 else None
        found.append(copy)
    return found
