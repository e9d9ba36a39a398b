"""The drawings that the hot pages need too: route, status, time bar, dossier code, icons, as pure functions.

They build their markup without a template engine, so Django tags and Jinja pages call the same code and a
tracking page pays microseconds for it. Everything variable goes through `format_html` or `escape`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from motcua.ui import dates
from motcua.ui.components import HistoryItem, Station, TimeBar
from motcua.ui.dates import said
from motcua.ui.statuses import NATIONAL

# Node drawings, 24 × 24, strokes and fills only: they print, and forced colours keep them apart by shape.
_NODES = {
    "done": '<circle class="f" cx="12" cy="12" r="10"/><path class="k" d="m7 12.5 3.5 3.5L17 8.5"/>',
    "current": '<circle class="g" cx="12" cy="12" r="9.5"/><circle class="f" cx="12" cy="12" r="5"/>',
    "next": '<circle class="g" cx="12" cy="12" r="6.5"/>',
    "waiting": '<circle class="g" cx="12" cy="12" r="9.5"/><path class="s" d="M9.5 8v8M14.5 8v8"/>',
    "late": '<circle class="f" cx="12" cy="12" r="10"/><path class="k" d="M12 6.5v6.5M12 16.2v.6"/>',
    "skipped": '<circle class="g" cx="12" cy="12" r="6.5" stroke-dasharray="2.5 2.5"/>',
}
_DOOR = '<path class="g" d="M5.5 21V3.5h13V21"/><path class="d" d="m5.5 3.5 7 3V23l-7-2Z"/>'

_STATION_WORDS = {
    "done": gettext_noop("đã xong"),
    "current": gettext_noop("đang ở đây"),
    "next": gettext_noop("chưa đến"),
    "waiting": gettext_noop("đang chờ"),
    "late": gettext_noop("đang ở đây, quá hạn"),
    "skipped": gettext_noop("không cần"),
}
_SHORT_ROUTE = 6  # more stations than this stay a vertical line on every screen


@cache
def node(state: str, *, door: bool = False) -> SafeString:
    """Draw one station's node; the door when it is the end of the route."""
    drawing = _DOOR if door and state != "done" else _NODES[state]
    if door and state == "done":
        drawing = _DOOR.replace('class="d"', 'class="d f"')
    head = '<svg class="mc-node" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">'
    return mark_safe(f"{head}{drawing}</svg>")  # noqa: S308


def route(stations: Sequence[Station], *, label: str = "", vertical: bool = False) -> SafeString:
    """Draw the route of a dossier: an ordered list that looks like a line with stations.

    Horizontal from 768 px up while it has at most six stations, vertical otherwise or when asked. A reader
    who sees no picture hears the list with the state of each station in words.
    """
    shape = " mc-route--vertical" if vertical or len(stations) > _SHORT_ROUTE else ""
    translate = said()
    items = "".join([_station(station, translate) for station in stations])
    name = escape(label or translate(_ROUTE))
    return mark_safe(  # noqa: S308  (every text in it is escaped)
        f'<div class="mc-route-box"><ol class="mc-route{shape}" aria-label="{name}">{items}</ol></div>'
    )


_ROUTE = gettext_noop("Đường đi của hồ sơ")


def _station(station: Station, translate: Callable[[str], str]) -> str:
    here = ' aria-current="step"' if station.state in {"current", "waiting", "late"} else ""
    name: str = escape(station.name)
    if station.url:
        name = f'<a href="{escape(station.url)}">{name}</a>'
    lines = "".join(
        f'<span class="mc-station__{part}">{escape(text)}</span>'
        for part, text in (("unit", station.unit), ("time", station.time), ("note", station.note))
        if text
    )
    return (
        f'<li class="mc-station is-{station.state}"{here}>{node(station.state, door=station.door)}'
        f'<span class="mc-station__name">{name}</span>'
        f'<span class="mc-sr">, {translate(_STATION_WORDS[station.state])}</span>{lines}</li>'
    )


_SHAPES = {
    "new": '<circle class="g" cx="6" cy="6" r="4.2"/>',
    "work": '<circle class="g" cx="6" cy="6" r="4.2"/><path class="f" d="M6 1.8a4.2 4.2 0 0 1 0 8.4Z"/>',
    "wait": '<path class="g" d="M6 1.2 11 10.4H1Z"/>',
    "stop": '<rect class="g" x="2" y="2" width="8" height="8"/>',
    "good": '<circle class="f" cx="6" cy="6" r="5"/>',
    "done": '<circle class="f" cx="6" cy="6" r="5.4"/><path class="k" d="m3.4 6.2 1.8 1.8 3.4-3.8"/>',
    "late": '<path class="f" d="M6 .4 11.6 6 6 11.6.4 6Z"/>',
}


def shape(look: str) -> SafeString:
    """Draw the small shape that goes with a status word."""
    head = '<svg class="mc-shape" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">'
    return mark_safe(f"{head}{_SHAPES[look]}</svg>")  # noqa: S308


def badge(words: str, look: str, *, legal: str = "") -> SafeString:
    """Draw a status: shape, word and colour; the legal word as title when it differs."""
    title = format_html(' title="{}"', legal) if legal and legal != words else ""
    return format_html('<span class="mc-status is-{}"{}>{}{}</span>', look, title, shape(look), words)


def status(code: int, sub_status: str = "") -> SafeString:
    """Draw a national dossier status 1–10; `sub_status` is the kind in words ("lần 2", "tạm dừng")."""
    words, legal, look = NATIONAL[int(code)]
    text = f"{words} · {sub_status}" if sub_status else str(words)
    return badge(text, look, legal=str(legal))


_DUE = gettext_noop("Hẹn trả: %(due)s")
_DUE_WHY = gettext_noop("Hẹn trả: %(due)s. Bấm để xem cách tính.")


def time_left(bar: TimeBar) -> SafeString:
    """Draw time used against time allowed, pauses hatched, with the same in words beside it."""
    title = ""
    if bar.due:
        text = said()(_DUE_WHY if bar.url else _DUE) % {"due": bar.due}
        title = f' title="{escape(text)}"'
    name, address = ("a", f' href="{escape(bar.url)}"') if bar.url else ("span", "")
    return mark_safe(  # noqa: S308  (every text in it is escaped)
        f'<{name} class="mc-time is-{bar.state}"{address}{title}>{_bar_drawing(max(bar.used, 3), bar.pauses)}'
        f'<span class="mc-time__words">{escape(bar.words)}</span></{name}>'
    )


@lru_cache(maxsize=1024)
def _bar_drawing(used: int, pauses: tuple[tuple[int, int], ...]) -> str:
    hatched = "".join(
        f'<line class="h" x1="{int(start)}%" x2="{int(end)}%" y1="3" y2="3"/>' for start, end in pauses
    )
    return (
        '<svg class="mc-time__bar" width="100%" height="6" aria-hidden="true">'
        '<rect class="t" width="100%" height="6" rx="3"/>'
        f'<rect class="u" width="{int(used)}%" height="6" rx="3"/>{hatched}</svg>'
    )


def dossier_code(code: str) -> SafeString:
    """Show a dossier code in groups: the gaps are drawn, so a copy carries no spaces."""
    spans = "<span>-</span>".join(
        [f'<span class="mc-code__part">{escape(part)}</span>' for part in code.split("-")]
    )
    return mark_safe(f'<span class="mc-code" translate="no">{spans}</span>')  # noqa: S308  (escaped above)


@lru_cache(maxsize=256)
def icon(name: str, *, label: str = "") -> SafeString:
    """Draw an icon of our set. Beside words it is silent; alone it needs `label`."""
    href = f"{static('ui/icons.svg')}#{name}"
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="mc-icon" width="20" height="20" {}><use href="{}"/></svg>', role, href)


def when(value: datetime | date) -> SafeString:
    """Draw an instant as <time>: "14:00 thứ Năm 26/11/2026"; a date without the hour."""
    text = dates.moment(value) if isinstance(value, datetime) else dates.weekday(value)
    # HTML knows at most three digits of a second; minutes and seconds are all anybody reads.
    machine = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return mark_safe(f'<time datetime="{machine}">{escape(text)}</time>')  # noqa: S308


def history(items: Iterable[HistoryItem], *, heading: str = "") -> SafeString:
    """List what happened, newest first as given. A long dossier has forty entries and more."""
    head = f'<h2 class="mc-panel__title">{escape(heading)}</h2>' if heading else ""
    lines = "".join(_happened(item) for item in items)
    return mark_safe(f'{head}<ol class="mc-history">{lines}</ol>')  # noqa: S308  (texts are escaped below)


def _happened(item: HistoryItem) -> str:
    parts = (("what", item.what), ("who", item.who), ("note", item.note))
    spans = "".join(
        f'<span class="mc-history__{name}">{escape(text)}</span>'
        for name, text in parts
        if text or name == "what"
    )
    kind = f" is-{item.kind}" if item.kind else ""
    return f'<li class="mc-history__item{kind}"><span class="mc-history__when">{when(item.at)}</span>{spans}</li>'


def mark() -> SafeString:
    """Draw the mark: an open door in two strokes."""
    return mark_safe(
        '<svg class="mc-mark" width="32" height="32" viewBox="0 0 32 32" aria-hidden="true">'
        '<path class="a" d="M6 28V4.5h20V28"/><path class="b" d="m6 4.5 11 4.6V31L6 28"/></svg>'
    )


def scene() -> SafeString:
    """Draw the front page's picture: a route that leads to the open door. Decoration only."""
    return mark_safe(
        '<svg class="mc-scene" viewBox="0 0 400 210" aria-hidden="true">'
        '<path class="g" d="M150 207h246"/><path class="l" d="M14 120h60c26 0 26 60 52 60h34"/>'
        '<path class="n" d="M172 180h60c30 0 26 22 52 22h14"/>'
        '<circle class="o" cx="14" cy="120" r="11"/><path class="k" d="m9 120.5 3.5 3.5 6.5-7"/>'
        '<circle class="o" cx="74" cy="120" r="11"/><path class="k" d="m69 120.5 3.5 3.5 6.5-7"/>'
        '<circle class="r" cx="163" cy="180" r="11"/><circle class="o" cx="163" cy="180" r="5"/>'
        '<path class="a" d="M274 206V22h112v184"/><path class="b" d="m274 22 52 22v162l-52-8Z"/>'
        '<circle class="o" cx="314" cy="128" r="4"/></svg>'
    )


_CAMERA = (
    ("loading", gettext_noop("Đang mở camera. Nếu điện thoại hỏi, chọn Cho phép.")),
    ("aim", gettext_noop("Đưa mã QR hoặc mã vạch trên giấy vào giữa khung, giữ yên.")),
    ("found", gettext_noop("Đã đọc được mã.")),
    ("denied", gettext_noop("Trang chưa được dùng camera. Cho phép trong cài đặt của trang, hoặc nhập mã bằng tay.")),
    ("missing", gettext_noop("Máy này không có camera dùng được. Xin nhập mã bằng tay.")),
    ("busy", gettext_noop("Ứng dụng khác đang dùng camera. Đóng ứng dụng ấy rồi thử lại, hoặc nhập mã bằng tay.")),
    ("failed", gettext_noop("Chưa mở được camera. Thử lại, hoặc nhập mã bằng tay.")),
    ("insecure", gettext_noop("Địa chỉ này không dùng được camera: cần https. Xin nhập mã bằng tay.")),
)  # fmt: skip
_OPEN, _CLOSE = gettext_noop("Quét bằng camera"), gettext_noop("Thôi quét")


def camera(target: str) -> SafeString:
    """Draw the button that reads QR and Code 128 by camera into the field `target` (a selector). Shown by its script.

    The answer that carries it has to go through `responses.scans`.
    """
    translate = said()
    words = "".join(f' data-{name}="{escape(translate(text))}"' for name, text in _CAMERA)
    return mark_safe(  # noqa: S308  (every text in it is escaped)
        f'<div class="mc-camera mc-off-print" data-camera="{escape(target)}" hidden'
        f' data-reader="{static("vendor/zxing/reader.js")}" data-wasm="{static("vendor/zxing/reader.wasm")}"{words}>'
        f'<button class="mc-button is-secondary" type="button">{translate(_OPEN)}</button>'
        '<video class="mc-camera__picture" muted playsinline hidden></video>'
        '<p class="mc-camera__say" role="status"></p>'
        f'<button class="mc-button is-secondary" type="button" hidden>{translate(_CLOSE)}</button></div>'
    )


def clip(text: str) -> SafeString:
    """Cut a long text at two lines; its title holds all of it."""
    return format_html('<span class="mc-clip" title="{}">{}</span>', text, text)


def words_of_status(code: int) -> tuple[str, str]:
    """Return (plain words, legal words) of a national status, for papers and plain text."""
    plain, legal, _look = NATIONAL[int(code)]
    return str(plain), str(legal)
