"""Every status of a dossier and every move between them, in one table. No Django. Read this first.

Statuses are the national codes 1–10 (sync payload of the National Public Service Portal); two of them have
sub-kinds, because one code means two things: 8 is a pause or the end, 9 is a grant or a refusal. Documentation,
audit verbs, URL names, REST actions and buttons take their words from this table.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Status(IntEnum):
    """The national status code."""

    NEW = 1  # Mới đăng ký
    ACCEPTED = 2  # Được tiếp nhận
    NOT_ACCEPTED = 3  # Không được tiếp nhận
    PROCESSING = 4  # Đang xử lý
    AWAITING_SUPPLEMENT = 5  # Yêu cầu bổ sung giấy tờ
    AWAITING_MONEY = 6  # Yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = 7  # Công dân yêu cầu rút hồ sơ
    STOPPED = 8  # Dừng xử lý
    DONE = 9  # Đã xử lý xong
    RETURNED = 10  # Đã trả kết quả


class Sub(StrEnum):
    """What the code alone does not say."""

    NONE = ""
    BEFORE_ACCEPTANCE = "before_acceptance"  # 5: asked for while still 1
    SUSPENDED = "suspended"  # 8: a pause
    STOPPED = "stopped"  # 8: the end
    GRANTED = "granted"  # 9, 10
    REFUSED = "refused"  # 9, 10: refused with reasons, as a result


class Clock(StrEnum):
    """What a move does to the legal clock."""

    KEEP = "keep"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


@dataclass(frozen=True, slots=True)
class State:
    """A status with its sub-kind; `sub=None` in a pattern means any."""

    status: Status
    sub: Sub | None = Sub.NONE

    def covers(self, other: "State") -> bool:
        return self.status is other.status and (self.sub is None or self.sub is other.sub)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: the verb, where it may start, where it leads (None: stays), what the clock does."""

    verb: str
    sources: tuple[State, ...]
    target: State | None
    clock: Clock
    sentence: str


class NotAllowedNow(Exception):
    """The verb is not allowed in the dossier's present state."""


_S = State
NEW = _S(Status.NEW)
ACCEPTED = _S(Status.ACCEPTED)
PROCESSING = _S(Status.PROCESSING)
ASKED_BEFORE = _S(Status.AWAITING_SUPPLEMENT, Sub.BEFORE_ACCEPTANCE)
ASKED = _S(Status.AWAITING_SUPPLEMENT)
MONEY = _S(Status.AWAITING_MONEY)
SUSPENDED = _S(Status.STOPPED, Sub.SUSPENDED)
STOPPED = _S(Status.STOPPED, Sub.STOPPED)
GRANTED = _S(Status.DONE, Sub.GRANTED)
REFUSED = _S(Status.DONE, Sub.REFUSED)
RETURNED_GRANTED = _S(Status.RETURNED, Sub.GRANTED)
RETURNED_REFUSED = _S(Status.RETURNED, Sub.REFUSED)
NOT_ACCEPTED = _S(Status.NOT_ACCEPTED)
WITHDRAWN = _S(Status.WITHDRAWN)

STATES: tuple[State, ...] = (
    NEW, ACCEPTED, NOT_ACCEPTED, PROCESSING, ASKED_BEFORE, ASKED, MONEY, WITHDRAWN, SUSPENDED, STOPPED,
    GRANTED, REFUSED, RETURNED_GRANTED, RETURNED_REFUSED,
)  # fmt: skip
FINAL: tuple[State, ...] = (NOT_ACCEPTED, WITHDRAWN, STOPPED, RETURNED_GRANTED, RETURNED_REFUSED)
RUNNING: tuple[State, ...] = (ACCEPTED, PROCESSING)
PAUSED: tuple[State, ...] = (ASKED, MONEY, SUSPENDED)
OPEN: tuple[State, ...] = (NEW, ASKED_BEFORE, *RUNNING, *PAUSED)
DECIDED: tuple[State, ...] = (GRANTED, REFUSED)

_T = Transition
TRANSITIONS: tuple[Transition, ...] = (
    _T("accept", (NEW,), ACCEPTED, Clock.START, "Taken in officially; the clock starts, the slip is printed."),
    _T("refuse", (NEW, ASKED_BEFORE), NOT_ACCEPTED, Clock.END, "Not taken in, with the reason in writing."),
    _T("request_supplement", (NEW,), ASKED_BEFORE, Clock.KEEP, "Something is missing before acceptance."),
    _T("request_supplement", RUNNING, ASKED, Clock.PAUSE, "Something is missing; asked once, all at once."),
    _T("receive_supplement", (ASKED_BEFORE,), NEW, Clock.KEEP, "What was missing came; check again."),
    _T("receive_supplement", (ASKED,), PROCESSING, Clock.RESUME, "What was missing came; work goes on."),
    _T("go_on_without", (ASKED_BEFORE,), NEW, Clock.KEEP, "Nothing came in time; checked with what there is."),
    _T("go_on_without", (ASKED,), PROCESSING, Clock.RESUME, "Nothing came in time; work goes on without it."),
    _T("refuse_unanswered", (ASKED,), REFUSED, Clock.END, "Nothing came in time; refused in writing, as a result."),
    _T("assign", RUNNING, PROCESSING, Clock.KEEP, "A named officer is given the step."),
    _T("assign", PAUSED, None, Clock.KEEP, "Somebody else holds it while the clock stands still."),
    _T("forward", RUNNING, PROCESSING, Clock.KEEP, "A step is done; the next one opens."),
    _T("send_back", RUNNING, PROCESSING, Clock.KEEP, "Back to an earlier step, with the reason."),
    _T("consult", RUNNING, PROCESSING, Clock.KEEP, "Another unit is asked; the owner stays."),
    _T("answer", (*RUNNING, *PAUSED), None, Clock.KEEP, "The asked unit answers."),
    _T("suspend", RUNNING, SUSPENDED, Clock.PAUSE, "Paused for a lawful reason; the clock stops."),
    _T("suspend_for_money", RUNNING, MONEY, Clock.PAUSE, "Waits for a financial obligation to be met."),
    _T("resume", (SUSPENDED, MONEY), PROCESSING, Clock.RESUME, "The reason of the pause is gone."),
    _T("extend", RUNNING, None, Clock.KEEP, "Apology and a new date, before the old one passes; once."),
    _T("propose", RUNNING, PROCESSING, Clock.KEEP, "A result is drafted and put to the leader."),
    _T("approve", RUNNING, PROCESSING, Clock.KEEP, "The leader decides."),
    _T("issue", RUNNING, GRANTED, Clock.END, "The result is numbered and stamped."),
    _T("issue_refusal", RUNNING, REFUSED, Clock.END, "The refusal is numbered and stamped."),
    _T("return_result", (GRANTED,), RETURNED_GRANTED, Clock.KEEP, "The result is in the applicant's hands."),
    _T("return_result", (REFUSED,), RETURNED_REFUSED, Clock.KEEP, "The refusal is in the applicant's hands."),
    _T("withdraw", OPEN, WITHDRAWN, Clock.END, "The applicant takes the dossier back."),
    _T("stop", (*RUNNING, *PAUSED), STOPPED, Clock.END, "Ended without a result, with the reason."),
    _T("correct", STATES, None, Clock.KEEP, "A slip of the pen is put right; the old value stays in history."),
)  # fmt: skip

VERBS: tuple[str, ...] = tuple(dict.fromkeys(row.verb for row in TRANSITIONS))


def transition(verb: str, state: State) -> Transition:
    """Return the row for `verb` in `state`; refuses every pair that is not in the table."""
    for row in TRANSITIONS:
        if row.verb == verb and any(source.covers(state) for source in row.sources):
            return row
    raise NotAllowedNow(f"{verb} in {state.status.value}/{state.sub}")


def allowed(state: State) -> tuple[str, ...]:
    """Return the verbs that `state` permits, in the order of the table."""
    return tuple(dict.fromkeys(row.verb for row in TRANSITIONS if state in row.sources))


def target(verb: str, state: State) -> State:
    """Return the state after `verb`."""
    return transition(verb, state).target or state
