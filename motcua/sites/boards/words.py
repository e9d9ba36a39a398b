"""Words of the screens: when a closed hall opens, and the dossiers of the progress board, grouped by state.

A wall has room for nine lines of letters that the farthest seat reads, so the state is said once above its codes and
the groups of a code that are the same for all stand once at the foot. Codes are cut between groups only: people find
theirs by the groups printed on the slip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.due_today import Due
from motcua.dossiers.states import Status
from motcua.ui.dates import clock, weekday


@dataclass(frozen=True)
class Group:
    """Dossiers of one state: the mark of the state, its words, and the codes."""

    mark: str
    words: str
    codes: list[str]


def groups(rows: Sequence[Due]) -> list[Group]:
    """Return the dossiers by state: first what somebody can do something about, last what is over."""
    found: dict[tuple[int, str, str], list[str]] = {}
    for one in rows:
        found.setdefault(state(one), []).append(one.code)
    return [Group(mark, words, codes) for (_rank, mark, words), codes in sorted(found.items())]


def state(due: Due) -> tuple[int, str, str]:
    """Return the rank, the mark and the words of a dossier's state for everybody in the hall."""
    if due.is_ready:
        return 0, "good", _("Có kết quả, mời nhận")
    if due.status == Status.AWAITING_MONEY:
        return 1, "wait", _("Chờ nộp tiền")
    if due.status == Status.AWAITING_SUPPLEMENT:
        return 2, "wait", _("Chờ bổ sung giấy tờ")
    if due.status == Status.RETURNED:
        return 6, "done", _("Đã trả kết quả")
    if due.is_paused:
        return 5, "wait", _("Tạm dừng")
    if due.due_at < timezone.now():
        return 3, "late", _("Chưa xong, quá giờ hẹn")
    return 4, "run", _("Đang giải quyết")


def prefix(codes: Sequence[str]) -> str:
    """Return the groups with their hyphens that all codes begin with, "" for none; the last group always stays."""
    rows = [code.split("-")[:-1] for code in codes]
    same: list[str] = []
    for column in zip(*rows, strict=False):
        if len(set(column)) > 1:
            break
        same.append(column[0])
    return "".join(f"{one}-" for one in same) if len(codes) > 1 else ""


def title(day: datetime, at: datetime) -> str:
    """Return for when the dossiers shown are promised: today, or a later day because none is due today."""
    if timezone.localdate(day) == timezone.localdate(at):
        return _("Hẹn trả hôm nay")
    return _("Hẹn trả %(day)s") % {"day": day_words(day)}


def opening(opens: datetime | None, at: datetime) -> str:
    """Return when a closed hall opens again, "" where that is not known."""
    if opens is None:
        return ""
    if timezone.localdate(opens) == timezone.localdate(at):
        return _("Mở cửa lúc %(time)s hôm nay") % {"time": clock(opens)}
    return _("Mở cửa lúc %(time)s %(day)s") % {"time": clock(opens), "day": day_words(opens)}


def day_words(moment: datetime) -> str:
    """Return "thứ Hai 30/11": the year is known to everybody in a hall."""
    return weekday(moment).rpartition("/")[0]
