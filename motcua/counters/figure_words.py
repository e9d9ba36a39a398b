"""Figures of a hall as its pages show them: tables whose figures open the tickets behind them, the chart by hour."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.counters import charts
from motcua.counters.figures import Asked, Figure, Figures, TicketRow, Words
from motcua.counters.states import Channel, Priority, State
from motcua.ui import render
from motcua.ui.components import Cell, Column, Table
from motcua.ui.dates import WEEKDAYS, clock, thousands
from motcua.ui.dates import day as day_words

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure above the tables: what it is, its value with the way to what is behind it, a remark."""

    name: str
    value: SafeString
    note: str = ""


def name_of(by: str) -> str:
    """Return what a dimension is called."""
    return {
        "day": _("Ngày"), "hour": _("Giờ lấy số"), "service": _("Nhóm việc"), "counter": _("Quầy"),
        "officer": _("Cán bộ"), "channel": _("Cách lấy số"), "priority": _("Diện ưu tiên"),
    }.get(by, "")  # fmt: skip


def said(by: str, value: str, words: str) -> str:
    """Return a value of a dimension in words."""
    if by == "day":
        on = date.fromisoformat(value)
        return f"{WEEKDAYS[on.weekday()]} {day_words(on)}"
    if by == "hour":
        return _("%(from)s–%(to)s giờ") % {"from": value, "to": int(value) + 1}
    if by == "channel":
        return str(Channel(value).label)
    if by == "priority":
        return str(Priority(value).label)
    return words or value


def only_words(only: str) -> str:
    """Return which tickets a list holds."""
    return {
        "": _("mọi số đã phát"), "called": _("đã được gọi"), "served": _("đã phục vụ"), "absent": _("vắng mặt"),
        "transferred": _("đã chuyển nhóm hoặc quầy"), "cancelled": _("người lấy số bỏ"), "void": _("số bị hủy"),
        "day_over": _("hết ngày chưa được gọi"), "told": _("có báo khoảng chờ"), "missed": _("chờ ngoài khoảng đã báo"),
    }[only]  # fmt: skip


def minutes(value: float | None) -> str:
    """Return minutes in whole numbers, "–" where there are none."""
    return _NONE if value is None else f"{value:.0f}"


def counters(value: float | None) -> str:
    """Return a mean number of counters with one decimal, as Vietnamese writes it."""
    return _NONE if value is None else number_format(value, 1)


def _behind(asked: Asked, figure: Figure, only: str, text: str) -> SafeString | str:
    """Return a figure that opens the tickets behind it; nothing is behind a zero."""
    if text in {"0", _NONE}:
        return text
    query = {"since": day_words(asked.since), "until": day_words(asked.until)}
    if figure.by:
        query |= {"by": figure.by, "value": figure.value}
    if only:
        query["only"] = only
    return format_html(
        '<a href="{}?{}">{}</a>', reverse("hall_tickets", args=[asked.hall.pk]), urlencode(query), text
    )


def _percent(value: int | None) -> str:
    return _NONE if value is None else f"{value}%"


def whole(asked: Asked, figure: Figure) -> list[Tile]:
    """Return the sum as large figures."""

    def behind(only: str, text: str) -> SafeString:
        return format_html("{}", _behind(asked, figure, only, text))

    waited, took = figure.waited, figure.took
    return [
        Tile(_("Số đã phát"), behind("", thousands(figure.issued)),
             _("hủy %(void)s, bỏ %(cancelled)s, hết ngày %(over)s")
             % {"void": figure.void, "cancelled": figure.cancelled, "over": figure.day_over}),
        Tile(_("Đã phục vụ"), behind("served", thousands(figure.served)),
             _("chuyển nhóm hoặc quầy %(count)s") % {"count": figure.transferred}),
        Tile(_("Chờ, phút (giữa)"), behind("called", minutes(waited.median)),
             _("80%%: %(p80)s · 95%%: %(p95)s · trung bình %(mean)s") % _points(waited)),
        Tile(_("Phục vụ, phút (giữa)"), behind("served", minutes(took.median)),
             _("80%%: %(p80)s · 95%%: %(p95)s · trung bình %(mean)s") % _points(took)),
        Tile(_("Vắng khi gọi"), behind("absent", thousands(figure.absent)), _percent(figure.absent_rate)),
        Tile(_("Đúng khoảng đã báo"), behind("told", _percent(figure.hit_rate)),
             ngettext("%(count)s người được báo", "%(count)s người được báo", figure.told) % {"count": figure.told}),
    ]  # fmt: skip


def _points(spread: Any) -> dict[str, str]:
    return {name: minutes(getattr(spread, name)) for name in ("p80", "p95", "mean")}


def tables(asked: Asked, found: Figures) -> list[Table]:
    """Return a table for each dimension that has lines."""
    order = ("service", "hour", "counter", "officer", "channel", "priority", "day")
    return [_table(asked, by, found.tables[by]) for by in order if _worth(by, found)]


def _worth(by: str, found: Figures) -> bool:
    lines = found.tables.get(by, [])
    return bool(lines) and (by not in {"priority", "day"} or len(lines) > 1)


def _table(asked: Asked, by: str, lines: list[Figure]) -> Table:
    columns = [
        Column(name_of(by)), Column(_("Số"), "number"), Column(_("Phục vụ"), "number"), Column(_("Vắng"), "number"),
        Column(_("Chuyển"), "number"), Column(_("Hủy"), "number"), Column(_("Quầy TB"), "number"),
        Column(_("Chờ giữa"), "number"),
        Column(_("Chờ 80%"), "number"), Column(_("Chờ 95%"), "number"), Column(_("Chờ TB"), "number"),
        Column(_("Việc giữa"), "number"), Column(_("Việc 80%"), "number"), Column(_("Việc TB"), "number"),
        Column(_("Đúng báo"), "number"),
    ]  # fmt: skip
    rows = [_line(asked, one) for one in lines]
    return Table(_("Theo %(what)s") % {"what": name_of(by).lower()}, columns, rows)


def _line(asked: Asked, one: Figure) -> list[Cell]:
    return [
        said(one.by, one.value, one.words), _behind(asked, one, "", thousands(one.issued)),
        _behind(asked, one, "served", thousands(one.served)), _behind(asked, one, "absent", thousands(one.absent)),
        _behind(asked, one, "transferred", thousands(one.transferred)),
        _behind(asked, one, "void", thousands(one.void)), counters(one.staffed),
        _behind(asked, one, "called", minutes(one.waited.median)), minutes(one.waited.p80), minutes(one.waited.p95),
        minutes(one.waited.mean), _behind(asked, one, "served", minutes(one.took.median)), minutes(one.took.p80),
        minutes(one.took.mean), _behind(asked, one, "told", _percent(one.hit_rate)),
    ]  # fmt: skip


def by_hour(found: Figures) -> SafeString | str:
    """Return the charts by hour: how many came, how long they waited (bar: middle, line: eight of ten)."""
    lines = {int(one.value): one for one in found.tables.get("hour", [])}
    if not lines:
        return ""
    hours = range(min(lines), max(lines) + 1)
    came = [charts.Bar(f"{hour}h", lines[hour].issued if hour in lines else 0) for hour in hours]
    waits = [
        charts.Bar(f"{hour}h", (lines[hour].waited.median or 0) if hour in lines else 0,
                   lines[hour].waited.p80 if hour in lines else None)
        for hour in hours
    ]  # fmt: skip
    return format_html(
        '<div class="mc-charts"><figure><figcaption>{}</figcaption><div class="mc-scroll" role="region" tabindex="0" '
        'aria-label="{}">{}</div></figure><figure><figcaption>{}</figcaption><div class="mc-scroll" role="region" '
        'tabindex="0" aria-label="{}">{}</div></figure></div>',
        _busiest(lines), _("Biểu đồ số phát theo giờ"), charts.bars(came, label=_in_words(came)),
        _slowest(lines), _("Biểu đồ chờ theo giờ"),
        charts.bars(waits, label=_in_words(waits)),
    )  # fmt: skip


def _busiest(lines: dict[int, Figure]) -> str:
    """Return what the first chart says: the hour in which most numbers were taken."""
    hour, line = max(lines.items(), key=lambda one: one[1].issued)
    return _("Số phát theo giờ, đông nhất %(hour)s: %(count)s số") % {
        "hour": said("hour", str(hour), ""), "count": thousands(line.issued),
    }  # fmt: skip


def _slowest(lines: dict[int, Figure]) -> str:
    """Return what the second chart says: when people waited longest, and how many counters were there for them."""
    kind = _("Phút chờ theo giờ lấy số (cột: giữa; vạch: 80% chờ không quá)")
    waits = {hour: line for hour, line in lines.items() if line.waited.p80}
    if not waits:
        return kind
    hour, line = max(waits.items(), key=lambda one: one[1].waited.p80 or 0)
    first = _("Chờ lâu nhất %(hour)s: 80%% không quá %(minutes)s phút, có trung bình %(counters)s quầy phục vụ") % {
        "hour": said("hour", str(hour), ""), "minutes": minutes(line.waited.p80), "counters": counters(line.staffed),
    }  # fmt: skip
    return f"{first}. {kind}"


def _in_words(many: list[charts.Bar]) -> str:
    return ", ".join(f"{one.name}: {one.value:.0f}" for one in many)


# ── The list behind a figure


def narrowed(asked: Asked, words: Words) -> str:
    """Return in words which tickets the list holds."""
    parts = [only_words(asked.only)]
    if asked.by:
        number = int(asked.value) if asked.value.isdigit() else None
        parts.append(
            f"{name_of(asked.by).lower()}: {said(asked.by, asked.value, words.of(asked.by, number))}"
        )
    return " · ".join(parts)


def title(asked: Asked, words: Words) -> str:
    """Return the head of a copy."""
    return " · ".join(
        (asked.hall.point.name, f"{day_words(asked.since)}–{day_words(asked.until)}", narrowed(asked, words))
    )


_LOOKS = {
    State.PENDING: "wait", State.WAITING: "wait", State.CALLED: "work", State.SERVING: "work", State.HELD: "wait",
    State.SERVED: "done", State.ABSENT: "stop", State.CANCELLED: "stop", State.VOID: "stop", State.DAY_OVER: "late",
}  # fmt: skip


def row(one: TicketRow, words: Words) -> dict[str, Any]:
    """Return one ticket for the list."""
    told = f"{one.told_low}–{one.told_high}" if one.told_low is not None else _NONE
    return {
        "ticket": one, "state": render.badge(str(State(one.state).label), _LOOKS[State(one.state)]),
        "service": words.services.get(one.service_id, ""),
        "came_from": words.services.get(one.first_service_id, "") if one.first_service_id != one.service_id else "",
        "channel": Channel(one.channel).label, "priority": Priority(one.priority).label if one.priority else "",
        "day": day_words(one.day), "taken": clock(one.issued_at),
        "called": clock(one.first_at) if one.first_at else _NONE,
        "ended": clock(one.ended_at) if one.ended_at else _NONE,
        "waited": minutes(one.waited), "took": minutes(one.took),
        "told": told, "missed": one.hit is False, "counter": words.of("counter", one.counter_id),
        "officer": words.of("officer", one.account_id),
    }  # fmt: skip
