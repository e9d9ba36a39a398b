"""Public figures in words: what each one is and counts, tables, the chart by month. Pure but for translation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.reports.queries import ALL, Line, Year
from motcua.ui.components import Cell, Column, Table
from motcua.ui.dates import thousands

_NONE = "–"
_WIDTH, _ROW, _BAR, _LEFT, _RIGHT = 360, 30, 16, 64, 52


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure with what it counts."""

    name: str
    value: str
    meaning: str


def hidden_word() -> str:
    """Return what stands in place of a small count."""
    return _("ẩn")


def number(value: int | None) -> str:
    """Return a count, or the word for a hidden one."""
    return hidden_word() if value is None else thousands(value)


def percent(value: int | None) -> str:
    """Return whole percent, "–" where there is none to tell."""
    return _NONE if value is None else f"{value}%"


def meanings() -> list[tuple[str, str]]:
    """Return each figure's name and what it counts, in the order of the tables."""
    return [
        (_("Đã xong"), _("hồ sơ giải quyết xong trong tháng, kể cả từ chối có lý do và người nộp xin rút.")),
        (_("Đúng hẹn"), _("phần hồ sơ đã xong mà xong trước hạn hoặc đúng hạn.")),
        (_("Quá hạn"), _("xong sau giờ hẹn trả.")),
        (_("Trước hạn"), _("xong trước ngày hẹn trả.")),
        (_("Đúng hạn"), _("xong trong ngày hẹn trả và không quá giờ hẹn, hoặc người nộp xin rút.")),
        (_("Đã tiếp nhận"), _("hồ sơ được tiếp nhận chính thức trong tháng, tính cho cơ quan giải quyết.")),
        (_("Trực tuyến"), _("phần hồ sơ tiếp nhận được nộp qua mạng.")),
        (_("Hài lòng"), _("phần lượt đánh giá cho 4 hoặc 5 điểm trên 5; không tính lượt có dấu hiệu sắp đặt.")),
    ]  # fmt: skip


def headline(year: Year, line: Line) -> str:
    """Return what the page says in one sentence."""
    values = {"year": year.year, "share": line.on_time_share, "count": number(line["finished"])}
    if line.on_time_share is None:
        return _("Năm %(year)s: đã xong %(count)s hồ sơ.") % values
    if line.on_time_share == 100:
        return _("Năm %(year)s: mọi hồ sơ đã xong đều đúng hẹn.") % values
    return _("Năm %(year)s: cứ 100 hồ sơ thì %(share)s hồ sơ xong đúng hẹn.") % values


def not_in_it(now: Line | None) -> str:
    """Return that open overdue dossiers are not among the finished ones, and how many where that may be told."""
    if now is None or now["standing_late"] == 0:
        return ""
    late = now["standing_late"]
    if late is None:
        return _("Chưa kể hồ sơ còn đang giải quyết mà đã quá hẹn, nếu có.")
    return _("Chưa kể %(count)s hồ sơ còn đang giải quyết mà đã quá hẹn.") % {"count": thousands(late)}


def tiles(line: Line, now: Line | None) -> list[Tile]:
    """Return the large figures of a year, and what is open now."""
    found = [
        Tile(_("Xong đúng hẹn"), percent(line.on_time_share),
             _("%(count)s hồ sơ đã xong; quá hạn: %(late)s.")
             % {"count": number(line["finished"]), "late": number(line["late"])}),
        Tile(_("Đã tiếp nhận"), number(line["received"]),
             _("nộp trực tuyến: %(share)s.") % {"share": percent(line.online_share)}),
        Tile(_("Người dân hài lòng"), percent(line.happy_share),
             _("%(count)s lượt đánh giá.") % {"count": number(line["rated"])}),
    ]  # fmt: skip
    if now is not None:
        meaning = _("đã quá hẹn: %(late)s; chờ người nộp hoặc nghĩa vụ tài chính: %(paused)s.") % {
            "late": number(now["standing_late"]), "paused": number(now["standing_paused"]),
        }  # fmt: skip
        found.append(Tile(_("Đang giải quyết"), number(now["standing"]), meaning))
    return found


def month_name(month: int) -> str:
    """Return "Tháng 3", or what the sum is called."""
    return _("Cả năm") if month == ALL else _("Tháng %(month)s") % {"month": month}


def by_month(year: Year, agency: int) -> Table:
    """Return the months of a year as a table, the year itself as the last line."""
    rows = [[month_name(month), *_cells(line)] for month, line in year.months(agency)]
    whole = year.line(agency)
    if whole is not None:
        rows.append([month_name(ALL), *_cells(whole)])
    return Table(_("Theo tháng"), [Column(_("Tháng")), *_columns()], rows)


def by_agency(year: Year, names: Sequence[tuple[int, SafeString | str]]) -> Table:
    """Return the agencies as a table; `names` says which, in order, with the way to the page of each."""
    rows: list[list[Cell]] = []
    for agency, name in names:
        line = year.line(agency)
        if line is not None:
            rows.append([name, *_cells(line)])
    return Table(_("Theo cơ quan"), [Column(_("Cơ quan")), *_columns()], rows)


def _columns() -> list[Column]:
    # What people ask first stands first: a phone shows three columns before it scrolls.
    names = (
        _("Đã xong"), _("Đúng hẹn"), _("Quá hạn"), _("Trước hạn"), _("Đúng hạn"), _("Đã tiếp nhận"), _("Trực tuyến"),
        _("Hài lòng"),
    )  # fmt: skip
    return [Column(name, "number") for name in names]


def _cells(line: Line) -> list[Cell]:
    return [
        number(line["finished"]), percent(line.on_time_share), number(line["late"]), number(line["early"]),
        number(line["on_time"]), number(line["received"]), percent(line.online_share), percent(line.happy_share),
    ]  # fmt: skip


# ── The chart


def chart(months: Sequence[tuple[int, Line]]) -> SafeString | str:
    """Draw what was finished each month as one bar: before the date, on the day, late. Hidden parts as one piece."""
    top = max((line["finished"] or 0 for _month, line in months), default=0)
    if not top:
        return ""
    room = _WIDTH - _LEFT - _RIGHT
    drawn = format_html_join(
        "", '<text class="n" x="{}" y="{}">{}</text>{}<text class="v" x="{}" y="{}">{}</text>',
        (_bar(place, month, line, room / top) for place, (month, line) in enumerate(months)),
    )  # fmt: skip
    said = "; ".join(f"{month_name(month)}: {number(line['finished'])}" for month, line in months)
    return format_html(
        '<svg class="mc-months" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>',
        _WIDTH, _ROW * len(months) + 4, said, drawn,
    )  # fmt: skip


def _bar(place: int, month: int, line: Line, scale: float) -> tuple[object, ...]:
    top, base = place * _ROW + 7, place * _ROW + 20
    parts = [(name, line[name]) for name in ("early", "on_time", "late")]
    finished = line["finished"] or 0
    if any(value is None for _name, value in parts):
        parts = [("whole", finished)]
    left, pieces = float(_LEFT), []
    for name, value in parts:
        width = round((value or 0) * scale, 1)
        if width:
            pieces.append((name, f"{left:g}", top, f"{width:g}", _BAR))
            left += width
    drawn = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', pieces)
    return (_LEFT - 8, base, _("Th. %(month)s") % {"month": month}, drawn, f"{left + 6:g}", base,
            number(line["finished"]))  # fmt: skip


def has_whole(months: Sequence[tuple[int, Line]]) -> bool:
    """Tell whether a bar of the chart is drawn in one piece."""
    return any(
        line["finished"] and None in (line["early"], line["on_time"], line["late"]) for _month, line in months
    )


def busiest(months: Sequence[tuple[int, Line]]) -> str:
    """Return what the chart says."""
    late = [(line["late"] or 0, month) for month, line in months]
    most, month = max(late, default=(0, 0))
    if not most:
        return _("Hồ sơ đã xong theo tháng")
    return _("Nhiều hồ sơ quá hạn nhất: tháng %(month)s, %(count)s hồ sơ") % {
        "month": month, "count": thousands(most),
    }  # fmt: skip
