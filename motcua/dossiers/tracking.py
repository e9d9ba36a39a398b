"""Public look-up by token (scan) or by code and secret (typed): one SQL call, no personal data.

The database function `motcua_track` is all the public web may read of dossiers: it takes hashes, counts
failures per address and per code, and answers wrong code and wrong secret alike and in the same time.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from motcua.base.calendars.queries import calendar_of_version, working_calendar
from motcua.dossiers import paper_words, route, slips, words
from motcua.dossiers.states import Status
from motcua.lib import due, due_extension
from motcua.lib.lookup import lookup_hash
from motcua.procedures.models.words import OnExpiry
from motcua.ui.components import Station
from motcua.ui.dates import said
from motcua.workflow.engine import Definition, StepKind
from motcua.workflow.queries import definition_of

#: Failed tries an hour before further ones are not looked at (trust-and-ux SC5).
TRIES_PER_CODE = 10
TRIES_PER_ADDRESS = 60

_TRACK = "select motcua_track(%s, %s, %s, %s, %s, %s, %s)"


class TooManyTries(Exception):
    """Too many failed look-ups from this address or for this code in the present hour; a QR code still works."""


@dataclass(frozen=True)
class Part:
    """What another agency does inside the dossier, with its own time."""

    agency: str
    procedure: str
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    state: str
    left: str
    late: bool
    result: str
    missing: tuple[dict[str, str], ...]
    answer_by: datetime | None


@dataclass(frozen=True)
class Ended:
    """Why a dossier was refused or stopped, and where to turn, as the paper says that the applicant holds."""

    reason: str
    where: str


@dataclass(frozen=True)
class Replaced:
    """A paper in the applicant's hands that a corrected one has taken the place of."""

    form: str
    number: str
    issued_at: datetime
    by_number: str
    by_version: int
    at: datetime

    @property
    def title(self) -> str:
        return paper_words.title(self.form)


@dataclass(frozen=True)
class Tracked:
    """What the citizen may see: states, units, dates; no name, no number of a person."""

    code: str
    procedure: str
    status: int
    sub_status: str
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    original_due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    paused_at: datetime | None
    result_channel: str
    unit: str
    unit_since: datetime | None
    next_step: str
    missing: tuple[dict[str, str], ...]
    answer_by: datetime | None
    place: str
    address: str
    decides: str
    received_by: str
    answer_due: datetime | None
    on_expiry: str
    apology: str
    now: datetime
    stations: tuple[Station, ...]
    left: str
    explanation: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    moves: tuple[due_extension.Moved, ...] = ()
    scanned: tuple[str, str] = ("", "")
    ended: Ended | None = None
    online: bool = False  # whether the applicant can sign in and act here
    scan: bool = False  # whether there is a file of the result

    @property
    def outdated(self) -> Replaced | None:
        """The paper that was scanned, where it no longer holds."""
        return next((one for one in self.replaced if (one.form, one.number) == self.scanned), None)

    @property
    def working(self) -> Part | None:
        """The part of another agency that the dossier waits for now."""
        return next((part for part in self.parts if part.ended_at is None), None)

    @property
    def asking(self) -> Part | None:
        """The part in which another agency has asked the applicant for something."""
        return next((part for part in self.parts if part.missing and part.ended_at is None), None)

    @property
    def notice(self) -> Part | None:
        """What another agency has sent: while money is waited for, the notice to pay by."""
        return next((part for part in reversed(self.parts) if part.result), None)

    @property
    def answer_late(self) -> bool:
        """The office's own working day to say whether the dossier is complete is over."""
        return self.answer_due is not None and self.answer_due < self.now

    @property
    def unanswered(self) -> bool:
        """The applicant's deadline for what is missing is over, and nothing came."""
        return self.status == Status.AWAITING_SUPPLEMENT and _over(self.answer_by, self.now)

    @property
    def late(self) -> bool:
        """The promised date is over while the clock runs."""
        return _over(self.due_at, self.now) and self.finished_at is None and self.paused_at is None

    @property
    def follows(self) -> str:
        """What happens now that the applicant's deadline is over."""
        _ = said()
        return {
            OnExpiry.CONTINUE: _("Cơ quan sẽ giải quyết tiếp với giấy tờ đã có."),
            OnExpiry.CLOSE: _("Theo quy định, hồ sơ có thể bị dừng giải quyết."),
            OnExpiry.REFUSE: _("Theo quy định, hồ sơ có thể bị từ chối giải quyết."),
        }.get(OnExpiry(self.on_expiry), _("Cơ quan đang xem xét cách giải quyết."))

    @property
    def plain(self) -> str:
        _ = said()
        if self.asking is not None:
            return _("%(agency)s đang chờ anh/chị bổ sung giấy tờ") % {"agency": self.asking.agency}
        if self.paused_at is not None and self.working is not None:
            return _("Đang chờ kết quả của %(agency)s") % {"agency": self.working.agency}
        return words.plain(self.status, self.sub_status, self.comes_by)

    @property
    def comes_by(self) -> str:
        """How the result comes, as things are: electronically only where there is a file and somebody can sign in."""
        if self.result_channel == words.ResultChannel.ELECTRONIC and not (self.scan and self.online):
            return words.ResultChannel.COUNTER
        return self.result_channel

    @property
    def legal(self) -> str:
        return str(words.LEGAL[self.status, self.sub_status])


def by_token(token: str, *, address: str, now: datetime) -> Tracked | None:
    """Look up by the token of the QR code."""
    mark = token.strip()[:64].partition(".")[2]
    found = by_slip(slips.of_token(token), address=address, now=now)
    return replace(found, scanned=paper_words.read_mark(mark)) if found else None


def by_code(code: str, secret: str, *, address: str, now: datetime) -> Tracked | None:
    """Look up by the code and the six characters."""
    return by_slip(slips.of_code(code, secret), address=address, now=now)


def by_slip(slip: slips.Slip, *, address: str, now: datetime) -> Tracked | None:
    """Look up by what the database compares. Raises `TooManyTries`."""
    # The address is only ever kept as a keyed hash, for an hour.
    who = lookup_hash(f"address|{address}", settings.INDEX_KEY)
    with connection.cursor() as cursor:
        asked = [slip.agency, slip.code, slip.secret, slip.token, who, TRIES_PER_CODE, TRIES_PER_ADDRESS]
        cursor.execute(_TRACK, asked)
        (answer,) = cursor.fetchone()
    if answer is None:
        return None
    facts: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
    if facts.get("blocked"):
        raise TooManyTries
    return _tracked(facts, now)


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _tracked(facts: dict[str, Any], now: datetime) -> Tracked:
    status = facts["status"]
    definition = definition_of(facts["workflow"])
    parts = tuple(_part(part, now) for part in facts["parts"])
    stops = _stops(facts, definition, parts)
    line = _line(facts, definition, stops, now)
    owner = next((stop for stop in stops if stop.is_owner and stop.ended_at is None), None)
    coming = next((station.name for station in line if station.state == "next"), "")
    asked = facts["asked"] or {}
    left, explanation = _clock(facts, now)
    return Tracked(
        code=facts["code"],
        procedure=facts["procedure"],
        status=status,
        sub_status=facts["sub"],
        submitted_at=datetime.fromisoformat(facts["submitted"]),
        accepted_at=_moment(facts["accepted"]),
        due_at=_moment(facts["due"]),
        original_due_at=_moment(facts["original_due"]),
        finished_at=_moment(facts["finished"]),
        returned_at=_moment(facts["returned"]),
        paused_at=_moment(facts["paused"]),
        result_channel=facts["result_channel"],
        unit=owner.unit if owner else facts["unit"],
        unit_since=owner.started_at if owner else None,
        next_step=coming,
        missing=tuple(asked.get("items") or ()),
        answer_by=_moment(asked.get("answer_by")),
        answer_due=_moment(facts["answer_due"]) if status == Status.NEW else None,
        on_expiry=asked.get("on_expiry") or "",
        apology=(facts["extension"] or {}).get("reason") or "",
        now=now,
        place=facts["place"] or facts["agency"],
        address=facts["address"] or "",
        decides=facts["decides"] or "",
        received_by=facts["agency"],
        stations=tuple(line),
        left=left,
        explanation=explanation,
        parts=parts,
        replaced=_replaced(facts["replaced"]),
        moves=_moves(facts),
        ended=_why(facts["ended"] or {}),
        online=bool(facts["own"]) and (settings.OIDC is not None or settings.CITIZEN_PASSWORDS),
        scan=bool(facts["scan"]),
    )


def _line(
    facts: dict[str, Any], definition: Definition, stops: list[route.Stop], now: datetime
) -> list[Station]:
    """Return the route, with what stands at its end: the door, or how it ended without a result."""
    status, sub, promised = facts["status"], facts["sub"], _moment(facts["due"])
    ended = status in {Status.NOT_ACCEPTED, Status.WITHDRAWN} or sub == "stopped"
    paused = facts["paused"] is not None
    late = promised is not None and promised < now and facts["finished"] is None and not paused
    over = str(words.LEGAL[status, sub]) if ended else ""
    return route.stations(
        definition, stops, returned=status == Status.RETURNED, over=over, late=late, paused=paused
    )


def _why(facts: dict[str, Any]) -> Ended | None:
    return Ended(facts["reason"], facts.get("where") or "") if facts.get("reason") else None


def _replaced(facts: list[dict[str, Any]]) -> tuple[Replaced, ...]:
    """Return each replaced paper with the newest that stands in its place: corrections may follow one another."""
    following = {(one["form"], one["number"]): one for one in facts}
    found = []
    for one in facts:
        last = one
        while (last["form"], last["by"]) in following:
            last = following[last["form"], last["by"]]
        issued, at = datetime.fromisoformat(one["issued"]), datetime.fromisoformat(last["at"])
        found.append(Replaced(one["form"], one["number"], issued, last["by"], last["version"] - 1, at))
    return tuple(found)


def _stops(facts: dict[str, Any], definition: Definition, parts: tuple[Part, ...]) -> list[route.Stop]:
    return [
        route.Stop(
            step_key=task["key"],
            step_name=task["name"],
            unit=_who(task, definition, parts),
            started_at=datetime.fromisoformat(task["started"]),
            due_at=_moment(task["due"]),
            ended_at=_moment(task["ended"]),
            is_owner=task["owner"],
        )
        for task in facts["tasks"]
    ]


def _who(task: dict[str, Any], definition: Definition, parts: tuple[Part, ...]) -> str:
    """Who works while a step is open: waiting for another agency's part, that agency."""
    step = definition.by_key.get(task["key"])
    if step is None or step.kind is not StepKind.CHILD:
        return str(task["unit"])
    started, ended = datetime.fromisoformat(task["started"]), _moment(task["ended"])
    inside = [
        part for part in parts if started <= part.started_at and (not ended or part.started_at <= ended)
    ]
    return inside[-1].agency if inside else str(task["unit"])


def _part(facts: dict[str, Any], now: datetime) -> Part:
    promised, ended = _moment(facts["due"]), _moment(facts["ended"])
    calendar = working_calendar(facts["calendar"])
    running = promised is not None and ended is None and facts["paused"] is None
    left = due.time_left(calendar, now, promised) if running and promised else None
    issued, asked = _moment(facts["issued"]), facts["asked"] or {}
    result = ""
    if facts["number"] and issued:
        _ = said()
        result = _("%(name)s số %(number)s ngày %(day)s") % {
            "name": facts["result"], "number": facts["number"], "day": f"{timezone.localtime(issued):%d/%m/%Y}",
        }  # fmt: skip
    return Part(
        agency=facts["agency"],
        procedure=facts["procedure"],
        started_at=datetime.fromisoformat(facts["started"]),
        due_at=promised,
        ended_at=ended,
        state=str(words.LEGAL[facts["status"], facts["sub"]]),
        left=left.words() if left else "",
        late=left is not None and left.late,
        result=result,
        missing=tuple(asked.get("items") or ()) if facts["status"] == Status.AWAITING_SUPPLEMENT else (),
        answer_by=_moment(asked.get("answer_by")),
    )


def _over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment < now


def _clock(facts: dict[str, Any], now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return the words of the time left and the lines that explain the due date."""
    promised, accepted = _moment(facts["due"]), _moment(facts["accepted"])
    if promised is None or accepted is None:
        return "", ()
    _ = said()
    calendar = calendar_of_version(facts["calendar"], UUID(facts["calendar_version"]))
    running = facts["finished"] is None and facts["paused"] is None
    left = due.time_left(calendar, now, promised).words(_) if running else ""
    pauses, extension = [_pause(one) for one in facts["pauses"]], _extension(facts["extension"])
    if facts["limit_value"] is None:  # moved in: as the old slip promised (clock.carried_of)
        carried = due_extension.Extension(accepted, _moment(facts["original_due"]) or promised)
        told = due_extension.tell_carried(calendar, carried, pauses, extension)
    else:
        limit = due.Limit(facts["limit_value"], due.Unit(facts["limit_unit"]))
        told = due_extension.tell(
            calendar, accepted, limit, due.Convention(facts["convention"]), pauses, extension
        )
    if told.due != promised:  # the calendar changed since: lines that lead elsewhere explain nothing
        return left, ()
    lines = due_extension.with_moves(told.lines, _moves(facts))
    return left, tuple(line.say(_) for line in lines)


def _moves(facts: dict[str, Any]) -> tuple[due_extension.Moved, ...]:
    """How a changed day of the calendar moved the date: not the office's delay, so without an apology."""
    return tuple(
        due_extension.Moved(
            datetime.fromisoformat(one["at"]), datetime.fromisoformat(one["before"]),
            datetime.fromisoformat(one["after"]), one["source"],
        )
        for one in facts["moved"]
    )  # fmt: skip


def _pause(facts: dict[str, Any]) -> due.Pause:
    """A pause as the citizen may know it: of what kind, never with the officer's own words."""
    own = due.Limit(facts["own_value"], due.Unit(facts["own_unit"])) if facts["own_value"] else None
    start, end = datetime.fromisoformat(facts["start"]), datetime.fromisoformat(facts["end"])
    kind = words.PAUSES.get(facts["kind"])
    return due.Pause(start, end, due.Resume(facts["resume"]), own, str(kind) if kind else "")


def _extension(facts: dict[str, Any] | None) -> due_extension.Extension | None:
    """The apology: its reason is printed on Mẫu 04, which the citizen holds."""
    if facts is None:
        return None
    at, promised = datetime.fromisoformat(facts["at"]), datetime.fromisoformat(facts["due"])
    return due_extension.Extension(at, promised, _moment(facts["before"]), facts["reason"] or "")
