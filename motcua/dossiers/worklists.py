"""The lists officers work from: what is in each, and how many. One page of a list is read by `listing`.

Every list is sorted by the time left until the date the applicant was promised, what is late first, what stands
still last: the rank that the database keeps with each open step. All counts together cost one query.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role
from motcua.base.notifications.queries import UNREAD_SQL
from motcua.dossiers import held, states
from motcua.dossiers.models.task import FINISHED, STILL
from motcua.lib.actor import Actor
from motcua.lib.working_time import ZONE

Scope = Literal["own", "others", "unit", "agency", "home", "mentioned", "watched"]
Span = Literal["", "soon", "late", "paused", "asked", "approve", "apology", "proposed", "unsaid", "expired"]

_WIDE = (Role.LEADER, Role.MONITOR)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a list is asked for, and the end of "soon": one working day on."""

    now: datetime
    soon: datetime


# "Soon" is one day on from now by the wall clock, over a weekend three: an officer thinks in office days.
_WEEKEND = {3: 1, 4: 3, 5: 2}


def moment_at(now: datetime) -> Moment:
    """Return the moment with the end of "soon": this time on the next weekday."""
    return Moment(now, now + timedelta(days=_WEEKEND.get(now.astimezone(ZONE).weekday(), 1)))


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list: its key in the URL, its name, the sentence on an empty list, who has it, and what is in it.

    Steps of the officer (`own`: given to them, or to their unit and one of their roles), of the unit or of the
    agency, within a `span` of time; or dossiers of the receiving agency (`home`) in one `status`. `picks` is what
    may be done to several rows at once.
    """

    key: str
    name: Promise
    empty: Promise
    shown: Callable[[Actor], bool]
    scope: Scope
    span: Span = ""
    status: int = 0
    rare: bool = False  # stands in the left column only while it holds something, and has no digit
    picks: str = ""

    @property
    def group(self) -> str:
        """Where it stands in the left column."""
        return {"own": "mine", "home": "counter", "unit": "unit", "agency": "agency"}.get(self.scope, "mine")


def has_desk(actor: Actor) -> bool:
    """Tell whether work can come to this officer: a monitor only looks."""
    return actor.roles != frozenset({Role.MONITOR})


def _receives(actor: Actor) -> bool:
    return actor.has(Role.RECEIVER)


def _looks_wide(actor: Actor) -> bool:
    return actor.has(*_WIDE)


def _leads(actor: Actor) -> bool:
    return actor.has(Role.LEADER)


LISTS: tuple[WorkList, ...] = (
    WorkList(
        "mine", _("Trên bàn tôi"), _("Không còn hồ sơ nào chờ anh/chị."), has_desk, "own",
        picks="assign",
    ),
    WorkList(
        "soon", _("Sắp đến hạn"), _("Không hồ sơ nào đến hạn trong một ngày làm việc tới."), has_desk,
        "own", "soon", picks="assign",
    ),
    WorkList(
        "late", _("Quá hạn"), _("Không hồ sơ nào của anh/chị quá hạn."), has_desk, "own", "late", picks="assign"
    ),
    WorkList(
        "paused", _("Đang dừng chờ"), _("Không hồ sơ nào của anh/chị đang dừng chờ."), has_desk,
        "own", "paused", picks="assign",
    ),
    WorkList(
        "apology", _("Cần xin lỗi trước hạn"), _("Không hồ sơ nào của anh/chị cần chuẩn bị xin lỗi."), has_desk,
        "own", "apology", rare=True,
    ),
    WorkList(
        "unsaid", _("Quá hạn, chưa xin lỗi"), _("Không hồ sơ nào của anh/chị quá hạn mà chưa xin lỗi."), has_desk,
        "own", "unsaid", rare=True,
    ),
    WorkList(
        "others", _("Làm thay"), _("Không hồ sơ nào của người anh/chị làm thay đang chờ."),
        lambda actor: bool(actor.in_place_of), "others", picks="approve",
    ),
    WorkList(
        "asked", _("Được hỏi ý kiến"), _("Không đơn vị nào đang chờ ý kiến của anh/chị."), has_desk, "own", "asked"
    ),
    WorkList(
        "approve", _("Chờ phê duyệt"), _("Không kết quả nào đang chờ anh/chị phê duyệt."),
        lambda actor: actor.has(Role.LEADER), "own", "approve", picks="approve",
    ),
    WorkList(
        "new", _("Chờ tiếp nhận"), _("Không hồ sơ trực tuyến hay bưu chính nào chờ kiểm tra."), _receives,
        "home", status=states.Status.NEW,
    ),
    WorkList(
        "new-late", _("Quá hạn trả lời tiếp nhận"), _("Không hồ sơ nào quá một ngày làm việc mà chưa được trả lời."),
        _receives, "home", "late", status=states.Status.NEW, rare=True,
    ),
    WorkList(
        "supplement-late", _("Hết hạn bổ sung, chưa tiếp nhận"), _("Không hồ sơ nào hết hạn bổ sung trước tiếp nhận."),
        _receives, "home", "late", status=states.Status.AWAITING_SUPPLEMENT, rare=True,
    ),
    WorkList(
        "supplement", _("Chờ bổ sung"), _("Không hồ sơ nào đang chờ người dân bổ sung."), _receives,
        "home", status=states.Status.AWAITING_SUPPLEMENT,
    ),
    WorkList(
        "return", _("Chờ trả kết quả"), _("Không kết quả nào đang chờ người dân đến nhận."),
        lambda actor: actor.has(Role.RETURNER), "home", status=states.Status.DONE,
    ),
    WorkList(
        "unit", _("Cả đơn vị"), _("Đơn vị không còn hồ sơ nào đang mở."),
        lambda actor: has_desk(actor) and not actor.has(Role.LEADER), "unit",
        picks="assign",
    ),
    WorkList(
        "agency", _("Cả cơ quan"), _("Cơ quan không còn hồ sơ nào đang mở."), _looks_wide, "agency"
    ),
    WorkList(
        "agency-soon", _("Sắp đến hạn toàn cơ quan"), _("Không hồ sơ nào đến hạn trong một ngày làm việc tới."),
        _looks_wide, "agency", "soon",
    ),
    WorkList(
        "agency-late", _("Quá hạn toàn cơ quan"), _("Không hồ sơ nào của cơ quan quá hạn."), _looks_wide,
        "agency", "late",
    ),
    WorkList(
        "agency-apologies", _("Xin lỗi chờ duyệt"), _("Không văn bản xin lỗi nào chờ duyệt."), _leads, "agency",
        "proposed", rare=True,
    ),
    WorkList(
        "agency-unsaid", _("Quá hạn, chưa xin lỗi"), _("Không hồ sơ nào của cơ quan quá hạn mà chưa xin lỗi."),
        _looks_wide, "agency", "unsaid", rare=True,
    ),
    WorkList(
        "agency-expired", _("Hết hạn bổ sung, chờ quyết định"), _("Không hồ sơ nào hết hạn bổ sung mà chờ quyết định."),
        _leads, "agency", "expired", rare=True,
    ),
    WorkList(
        "mentioned", _("Nhắc tên tôi"), _("Không ai nhắc tên anh/chị trong ghi chú chưa xem."), lambda actor: True,
        "mentioned",
    ),
    WorkList(
        "watched", _("Đang theo dõi"), _("Anh/chị chưa đánh dấu theo dõi hồ sơ nào."), lambda actor: True, "watched"
    ),
)  # fmt: skip


def lists_of(actor: Actor) -> list[WorkList]:
    """Return the lists this officer has, in the order of the left column."""
    return [one for one in LISTS if one.shown(actor)]


def may_pick(one: WorkList, actor: Actor) -> str:
    """Return what the officer may do to several rows of a list at once; "" for nothing."""
    if one.scope == "others" and not any(who.has(Role.LEADER) for who in actor.in_place_of):
        return ""
    return one.picks if one.picks != "assign" or actor.has(Role.UNIT_HEAD) else ""


def first_list(actor: Actor) -> WorkList:
    """Return the list an officer's day begins with: the desk; results to hand over; the agency for a monitor."""
    mine = lists_of(actor)
    if actor.roles <= {Role.RETURNER}:
        return next((one for one in mine if one.key == "return"), mine[0])
    return mine[0]


# ── What a list holds, as SQL over open steps `t` and dossiers `d`

#: The officer's own steps, in two halves that an index answers each.
OWN = (
    "t.position_id = %(position)s",
    "t.position_id is null and t.unit_id = %(unit)s and t.role = any(%(roles)s::text[])",
)
# What was prepared is few and has an index of its own; a date is running while its rank is one. "Is true" keeps
# PostgreSQL from joining the two: it reads the few once and the steps in their order, whatever it thinks they are.
_APOLOGIES = (
    "t.is_owner and t.rank < %(done)s and (t.dossier_id in (select a.dossier_id from dossiers_apology a"
    " where a.agency_id = any(%(agencies)s::bigint[]) and {which})) is true"
)
SPANS: dict[Span, str] = {
    "": "true",
    "soon": "t.rank >= %(now)s and t.rank < %(soon)s",
    "late": "t.rank < %(now)s",
    "paused": "t.rank = %(still)s",
    "apology": _APOLOGIES.format(which="a.state = 'prepared' and a.missed_at is null"),
    "proposed": _APOLOGIES.format(which="a.state = 'proposed'"),
    "unsaid": _APOLOGIES.format(which="a.state in ('prepared', 'proposed') and a.missed_at is not null"),
    "expired": (
        "t.rank = %(still)s and (t.dossier_id in (select d.id from dossiers_dossier d"
        " where d.competent_agency_id = any(%(agencies)s::bigint[]) and d.status = 5"
        " and d.answer_due_at < %(now)s)) is true"
    ),
    "asked": "t.completed_by = 'answer'",
    "approve": "t.completed_by = 'approve'",
}
#: The same over dossiers of the receiving agency, where an answer is due: ours, or the applicant's.
HOME_SPANS: dict[Span, str] = {"": "true", "late": "d.answer_due_at < %(now)s and d.accepted_at is null"}
_SEEN = "d.visible_to && %(agencies)s::bigint[]"
AT_HOME = f"d.home_agency_id = %(home)s and {_SEEN}"
#: The same for an agency that closed ones went over into: theirs wait at its counter, too.
AT_HOMES = f"d.home_agency_id = any(%(homes)s::bigint[]) and {_SEEN}"


def at_home(actor: Actor) -> str:
    """Return the condition 'a dossier waits at the counter of the actor's agency'."""
    return AT_HOMES if len(actor.stands_for) > 1 else AT_HOME


def asked_by(actor: Actor, moment: Moment) -> dict[str, Any]:
    """Return the values of the conditions above."""
    return {
        "position": actor.position_id,
        "unit": actor.unit_id,
        "roles": [*sorted(actor.roles), ""],
        "home": actor.agency_id,
        "homes": sorted(actor.stands_for),
        "agencies": sorted(actor.agencies),
        "now": moment.now,
        "soon": moment.soon,
        "still": STILL,
        "done": FINISHED,
        "account": actor.account_id,
        **{
            f"{name}_{number}": value
            for number, one in enumerate(actor.in_place_of)
            for name, value in (
                ("position", one.position_id),
                ("unit", one.unit_id),
                ("roles", [*sorted(one.roles), ""]),
                ("only", sorted(one.only_procedures)),
            )
        },
    }


_OF_PROCEDURES = """ and exists (select 1 from dossiers_dossier d
  join procedures_procedureversion v on v.id = d.procedure_version_id
  join procedures_procedure p on p.id = v.procedure_id
  where d.home_agency_id = t.home_agency_id and d.id = t.dossier_id and p.code = any(%(only_{number})s::text[]))"""


def others_steps(actor: Actor) -> list[str]:
    """Return the conditions "a step of somebody whose work the officer does", less what is the officer's own."""
    found = []
    for number, one in enumerate(actor.in_place_of):
        only = _OF_PROCEDURES.format(number=number) if one.only_procedures else ""
        found += [
            f"t.position_id = %(position_{number})s{only}",
            f"t.position_id is null and t.unit_id = %(unit_{number})s and t.role = any(%(roles_{number})s::text[])"
            f" and not ({OWN[1]}){only}",
        ]
    return found


#: Dossiers on which the officer was named and has not looked, and those they watch: (alias, table, condition).
ASIDE: dict[str, tuple[str, str]] = {
    "mentioned": ("dossiers_mention", "w.account_id = %(account)s and w.seen_at is null"),
    "watched": ("dossiers_watch", "w.account_id = %(account)s"),
}


# Delegations that wait for the word of this head or leader: no list of dossiers, but a number to see.
_DECIDE = """select count(*) as decide from agencies_delegation g
join agencies_position s on s.id = g.from_position_id join agencies_unit u on u.id = s.unit_id
where g.state = 'waiting' and s.account_id <> %(account)s and (
  (s.unit_id = %(unit)s and 'unit_head' = any(%(roles)s::text[]))
  or (u.agency_id = %(home)s and 'leader' = any(%(roles)s::text[])))"""


def counts(actor: Actor, moment: Moment) -> dict[str, int]:
    """Return how many rows each of the officer's lists holds, how much paper calls for them, and how much they have not
    read (`told`), by key: one query.
    """
    mine = lists_of(actor)
    parts = [
        part
        for part in (
            _counted(
                [one for one in mine if one.scope in {"own", "unit"}],
                "dossiers_task t",
                "t.ended_at is null and (t.position_id = %(position)s or t.unit_id = %(unit)s)",
            ),
            _counted(
                [one for one in mine if one.scope == "agency"],
                "dossiers_task t",
                "t.ended_at is null and t.is_owner and t.agency_id = any(%(agencies)s::bigint[])",
            ),
            _counted(
                [one for one in mine if one.scope == "others"],
                "dossiers_task t",
                f"t.ended_at is null and (({') or ('.join(others_steps(actor)) or 'false'}))",
            ),
            *(
                f"select count(distinct w.dossier_id) as {scope} from {table} w where {where}"  # noqa: S608
                for scope, (table, where) in ASIDE.items()
            ),
            UNREAD_SQL,
            _DECIDE if actor.has(Role.UNIT_HEAD, Role.LEADER) else "",
            held.alarms(actor),
            _counted([one for one in mine if one.scope == "home"], "dossiers_dossier d", _waiting(actor)),
        )
        if part
    ]
    with connection.cursor() as cursor:
        joined = " cross join ".join(f"({part}) part{number}" for number, part in enumerate(parts))
        cursor.execute(f"select * from {joined}", asked_by(actor, moment))  # noqa: S608
        found = cursor.fetchone()
        names = [column[0] for column in cursor.description]
    return {name.replace("_", "-"): int(number) for name, number in zip(names, found, strict=True)}


def _counted(lists: list[WorkList], table: str, where: str) -> str:
    """Return the statement that counts several lists in one pass; "" for no list."""
    asked = [f"count(*) filter (where {_holds(one)}) as {one.key.replace('-', '_')}" for one in lists]
    return f"select {', '.join(asked)} from {table} where {where}" if asked else ""  # noqa: S608


def _holds(one: WorkList) -> str:
    """Return the condition that one list adds to the rows that several share."""
    if one.scope == "home":
        return f"d.status = {int(one.status)} and {HOME_SPANS[one.span]}"
    if one.scope == "own":
        return f"(({OWN[0]}) or ({OWN[1]})) and {SPANS[one.span]}"
    return (
        "t.unit_id = %(unit)s" if one.scope == "unit" else SPANS[one.span]
    )  # of the agency, and of others: all


def _waiting(actor: Actor) -> str:
    """The statuses stand in the SQL itself: only so does PostgreSQL see that its index of them fits."""
    known = sorted({int(one.status) for one in LISTS if one.scope == "home"})
    return f"d.status in ({', '.join(map(str, known))}) and {at_home(actor)}"
