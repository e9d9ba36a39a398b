"""What calendar pages say about rows: kinds, confidence, state, hours, history. Words only."""

from collections.abc import Iterable
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Confidence, Day, DayKind, DayStatus, OfficeHours
from motcua.lib.due_terms import plain_number
from motcua.ui import dates, render
from motcua.ui.components import Column, HistoryItem, Table

VERBS = {
    "calendar.load_day": gettext_lazy("Nạp từ lịch đi kèm sản phẩm"),
    "calendar.import_day": gettext_lazy("Nhập từ tệp"),
    "calendar.propose_day": gettext_lazy("Đề xuất từ bộ dữ liệu mở"),
    "calendar.add_day": gettext_lazy("Thêm vào lịch"),
    "calendar.approve_day": gettext_lazy("Duyệt"),
    "calendar.switch_day": gettext_lazy("Bật hoặc tắt"),
    "calendar.change_day": gettext_lazy("Sửa"),
    "calendar.withdraw_day": gettext_lazy("Rút khỏi lịch"),
    "calendar.open": gettext_lazy("Mở lịch"),
    "calendar.rename": gettext_lazy("Đổi tên lịch"),
    "calendar.set_hours": gettext_lazy("Đổi giờ làm việc"),
}
_STATES = {
    "counts": (gettext_lazy("Đang tính"), "done"),
    "off": (gettext_lazy("Đang tắt"), "stop"),
    "proposed": (gettext_lazy("Đề xuất, chưa tính"), "wait"),
    "withdrawn": (gettext_lazy("Đã rút"), "stop"),
}
#: Column heads of a month, with the whole word for readers.
WEEKDAYS = tuple(
    zip(
        (
            gettext_lazy("T2"), gettext_lazy("T3"), gettext_lazy("T4"), gettext_lazy("T5"), gettext_lazy("T6"),
            gettext_lazy("T7"), gettext_lazy("CN"),
        ),
        dates.WEEKDAYS,
        strict=True,
    )
)  # fmt: skip
_SURE = {Confidence.HIGH: "done", Confidence.MEDIUM: "wait", Confidence.LOW: "wait"}


def state(row: Day) -> SafeString:
    """Draw whether a day counts."""
    if row.status == DayStatus.WITHDRAWN:
        words, look = _STATES["withdrawn"]
    elif row.status == DayStatus.PROPOSED:
        words, look = _STATES["proposed"]
    else:
        words, look = _STATES["counts" if row.enabled else "off"]
    return render.badge(str(words), look)


def confidence(row: Day) -> SafeString:
    """Draw how sure a day is."""
    sure = Confidence(row.confidence)
    return render.badge(str(sure.label), _SURE[sure])


def kind(row: Day) -> str:
    """Name the kind of a day with its other half."""
    label = str(DayKind(row.kind).label)
    if row.in_place_of is None:
        return label
    joint = (
        _("%(kind)s, làm bù %(day)s") if row.kind == DayKind.SWAPPED_OFF else _("%(kind)s, thay cho %(day)s")
    )
    return joint % {"kind": label, "day": f"{row.in_place_of:%d/%m}"}


def weekdays(row: OfficeHours) -> str:
    """Name the weekdays of office hours: "thứ Hai – thứ Sáu"."""
    first = dates.WEEKDAYS[row.first_weekday - 1]
    last = dates.WEEKDAYS[row.last_weekday - 1]
    return f"{first}" if row.first_weekday == row.last_weekday else f"{first} – {last}"


def sessions(row: OfficeHours) -> str:
    """Write the sessions of office hours: "07:30–11:30, 13:30–17:00"."""
    pairs = [(row.morning_start, row.morning_end), (row.afternoon_start, row.afternoon_end)]
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in pairs if start and end)


def hours_now(rows: Iterable[OfficeHours], on: date) -> str:
    """Write the hours that count on a day, or that there are none."""
    found = [
        f"{sessions(row)} ({weekdays(row)})"
        for row in rows
        if row.counts and row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    ]
    return "; ".join(found)


def hours_table(rows: Iterable[OfficeHours]) -> Table:
    """Return the dated hours of a calendar, the latest first."""
    ordered = sorted(rows, key=lambda row: (row.valid_from, -row.first_weekday), reverse=True)
    return Table(
        caption=_("Giờ làm việc"),
        caption_hidden=True,
        columns=[
            Column(_("Áp dụng")), Column(_("Ngày trong tuần")), Column(_("Các buổi"), "time"),
            Column(_("Một ngày"), "number"), Column(_("Thời hạn"), "status"), Column(_("Căn cứ")),
        ],
        rows=[
            [
                _span(row), weekdays(row), sessions(row),
                _("%(hours)s giờ") % {"hours": plain_number(row.hours_a_day)},
                render.badge(_("Tính"), "done") if row.counts else render.badge(_("Không tính"), "stop"),
                row.source,
            ]
            for row in ordered
        ],
        empty=_("Lịch chưa có giờ làm việc, chưa dùng được."),
        as_list=True,
    )  # fmt: skip


def _span(row: OfficeHours) -> str:
    if row.valid_to is None:
        return _("từ %(first)s") % {"first": dates.day(row.valid_from)}
    return _("%(first)s đến trước %(last)s") % {
        "first": dates.day(row.valid_from),
        "last": dates.day(row.valid_to),
    }


def days_table(rows: Iterable[tuple[Day, str]], year: int) -> Table:
    """Return the special days of a year with their sources; each leads to its page."""
    return Table(
        caption=_("Ngày nghỉ và ngày làm bù năm %(year)s") % {"year": year},
        caption_hidden=True,
        columns=[
            Column(_("Ngày")), Column(_("Tên và nguồn pháp lý")), Column(_("Tình trạng, độ chắc chắn"), "status"),
        ],
        rows=[
            [
                format_html(
                    '<a href="{}">{}</a><span class="mc-source-line">{}</span>', url, dates.weekday(row.on), kind(row)
                ),
                format_html('{}<span class="mc-source-line">{}</span>', row.name, _source(row)),
                format_html('<span class="mc-states">{}{}</span>', state(row), confidence(row)),
            ]
            for row, url in rows
        ],
        empty=_("Chưa có ngày nào."),
        as_list=True,
    )  # fmt: skip


def _source(row: Day) -> str:
    return row.source if row.calendar_id is None else _("%(source)s (chỉ lịch này)") % {"source": row.source}


def history(entries: Iterable[Entry]) -> list[HistoryItem]:
    """Return acts as history items, the newest first."""
    items = []
    for entry in entries:
        facts = entry.payload
        said = str(VERBS.get(entry.verb, entry.verb))
        if entry.verb == "calendar.switch_day":
            said = _("Bật: tính vào ngày hẹn") if facts.get("enabled") else _("Tắt: không tính vào ngày hẹn")
        note = facts.get("reason") or facts.get("source") or ""
        if entry.verb == "calendar.rename":
            note = _("“%(old)s” thành “%(new)s”") % {"old": facts["from"], "new": facts["to"]}
        items.append(HistoryItem(at=entry.at, what=said, who=entry.actor_name, note=str(note)))
    return items[::-1]
