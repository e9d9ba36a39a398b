"""The components as template tags: `{% load ui %}`. Each is shown in all its states on the page `/ui/`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from motcua.ui import dates, fields, render
from motcua.ui import hot as hot_pages
from motcua.ui.components import (
    Crumb,
    FileItem,
    HistoryItem,
    Pager,
    Row,
    Station,
    Steps,
    Table,
    Task,
    TimeBar,
)

register = template.Library()
Context = dict[str, Any]

register.filter("day", dates.day)
register.filter("weekday", dates.weekday)
register.filter("moment", dates.moment)
register.filter("clock", dates.clock)
register.filter("thousands", dates.thousands)
register.filter("dong", dates.dong)
register.filter("filesize_vi", dates.size)
register.filter("clip", render.clip)


# ── Forms


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, **options: Any) -> Context:
    """Draw one form field: label, hint, error and control, wired together for screen readers.

    Options: `label`, `hint`, `width` (2, 3, 4, 5, 10, 20 characters; else the full line), `inline` (radios in
    a row), `big` (the label is the page's h1), `key` (shows a key and focuses on it), `scan` ("card" or
    "code": the scanner wedge writes here), `autosave` (URL that takes this field), `suffix`, `combobox` (URL
    that answers options), `upload` (URL that takes the files of a file field one by one), `optional` (False
    hides "(không bắt buộc)"), `keep` (True keeps the label for screen readers only), `hints` (mapping
    value → hint under a choice), `rows` (of a text area).
    """
    return fields.context(bound, options)


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm | None, refusal: str = "") -> Context:
    """List every fault of a form at the top of the page, each a link to its field; takes the focus.

    `refusal` is a domain refusal that belongs to no field. Draws nothing when all is well.
    """
    errors: list[tuple[str, str]] = [("", refusal)] if refusal else []
    if form is not None and form.errors:
        errors += [("", str(text)) for text in form.non_field_errors()]
        for bound in form:
            errors += [(fields.target_id(bound), text) for text in fields.errors(bound)]
    return {"errors": errors}


@register.inclusion_tag("ui/components/button.html")
def button(text: str, **options: Any) -> Context:
    """Draw a button, or a link that looks like one when `href` is given.

    Options: `kind` ("primary", "secondary", "warning", "quiet"), `key` (shown and bound), `icon`, `name`,
    `value`, `type` (submit), `form`, `href`, `id`, `disabled`, `hx` (mapping of data-hx-… attributes).
    """
    return {"text": text, "kind": "primary", "type": "submit", **options}


# ── Showing things


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Sequence[Row | tuple[Any, ...]]) -> Context:
    """Draw keys and values, each with its source and a way to change it. Takes `Row`s or tuples."""
    return {"rows": [row if isinstance(row, Row) else Row(*row) for row in rows]}


@register.inclusion_tag("ui/components/task_list.html")
def task_list(tasks: Sequence[Task]) -> Context:
    """Draw the parts of a long dossier with how far each is."""
    words = {
        "done": _("Đã xong"), "todo": _("Chưa làm"), "waiting": _("Chờ người khác"), "blocked": _("Chưa làm được"),
        "error": _("Có lỗi"),
    }  # fmt: skip
    looks = {"done": "done", "todo": "new", "waiting": "wait", "blocked": "stop", "error": "late"}
    return {"tasks": [(task, render.badge(words[task.state], looks[task.state])) for task in tasks]}


@register.inclusion_tag("ui/components/table.html")
def table(value: Table) -> Context:
    """Draw a table with caption, header cells and tabular figures; scrolls inside itself on a phone."""
    return {"table": value, "lines": value.lines()}


@register.inclusion_tag("ui/components/file_list.html")
def file_list(files: Sequence[FileItem]) -> Context:
    """List files with kind, size and state."""
    return {"files": files}


@register.simple_tag
def history(items: Sequence[HistoryItem], heading: str = "") -> SafeString:
    """List what happened, newest first as given."""
    return render.history(items, heading=heading)


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(crumbs: Sequence[Crumb | tuple[str, str]]) -> Context:
    """Draw the way back, as stations of a small route."""
    return {"crumbs": [one if isinstance(one, Crumb) else Crumb(*one) for one in crumbs]}


@register.inclusion_tag("ui/components/pager.html")
def pager(value: Pager) -> Context:
    """Draw keyset paging: newer and older, never page numbers."""
    return {"pager": value}


@register.inclusion_tag("ui/components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", icon: str = "paper") -> Context:
    """Say that there is nothing here, why, and what can be done next."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon}


@register.simple_tag(takes_context=True)
def hot(context: Any, name: str) -> SafeString:
    """Draw a part of a page by Jinja, with everything the page knows (decision 0012)."""
    return mark_safe(hot_pages.page(name).render(context.flatten()))  # noqa: S308  (Jinja escapes by itself)


@register.simple_tag
def route(stations: Sequence[Station], label: str = "", vertical: bool = False) -> SafeString:
    """Draw the route of a dossier; see `render.route`."""
    return render.route(stations, label=label, vertical=vertical)


@register.simple_tag
def steps(names: Sequence[str], current: int) -> SafeString:
    """Draw where one stands in a form of few pages, as a route ending at the door."""
    return render.route(Steps(names, int(current)).stations(), label=_("Các bước"))


@register.simple_tag
def status(code: int, sub_status: str = "") -> SafeString:
    """Draw a national dossier status 1–10 as word + shape + colour."""
    return render.status(code, sub_status)


@register.simple_tag
def badge(words: str, look: str = "work") -> SafeString:
    """Draw any state as word + shape; looks: new, work, wait, stop, good, done, late."""
    return render.badge(words, look)


@register.simple_tag
def time_left(bar: TimeBar) -> SafeString:
    """Draw time used against time allowed with the same in words."""
    return render.time_left(bar)


@register.simple_tag
def dossier_code(code: str) -> SafeString:
    """Show a dossier code in groups that copy without spaces."""
    return render.dossier_code(code)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of our set."""
    return render.icon(name, label=label)


@register.simple_tag
def mark() -> SafeString:
    """Draw the mark."""
    return render.mark()


@register.simple_tag
def scene() -> SafeString:
    """Draw the front page's picture: a route that leads to the open door."""
    return render.scene()


@register.simple_tag
def camera(target: str) -> SafeString:
    """Draw the button that reads a code by camera into the field `target` (a selector); see `render.camera`."""
    return render.camera(target)


@register.simple_tag
def keyhint(key: str | int) -> SafeString:
    """Show the key of a control, the first where it has two. Silent to readers, who get `aria-keyshortcuts`."""
    first = str(key).split(" ")[0].replace("Escape", "Esc")
    return format_html('<kbd class="mc-key" aria-hidden="true">{}</kbd>', first)


@register.simple_tag
def when(value: datetime | date) -> SafeString:
    """Show an instant as <time>: "14:00 thứ Năm 26/11/2026"; a date without the hour."""
    return render.when(value)


# ── Blocks


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Frame a message: `kind` is info, good, wait or late. Late ones are announced at once."""
    looks = {"info": "work", "good": "done", "wait": "wait", "late": "late"}
    role = "alert" if kind == "late" else "status"
    head = (
        format_html('<p class="mc-notice__title">{}{}</p>', render.shape(looks[kind]), title) if title else ""
    )
    return format_html(
        '<div class="mc-notice is-{}" role="{}">{}<div class="mc-notice__text">{}</div></div>',
        kind,
        role,
        head,
        content,
    )


@register.simple_block_tag
def details(content: str, summary: str, opened: bool = False) -> SafeString:
    """Fold text that few need away behind one line."""
    return format_html(
        '<details class="mc-details"{}><summary>{}</summary><div class="mc-details__text">{}</div></details>',
        " open" if opened else "",
        summary,
        content,
    )


@register.simple_block_tag
def panel(content: str, title: str = "", level: int = 2, count: str = "") -> SafeString:
    """Group things under a heading in a quiet frame; `count` stands beside the heading."""
    number = format_html(' <span class="mc-count">{}</span>', count) if str(count) else ""
    head = (
        format_html('<h{} class="mc-panel__title">{}{}</h{}>', level, title, number, level) if title else ""
    )
    return format_html('<section class="mc-panel">{}{}</section>', head, content)


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """Return `mapping[key]` or nothing."""
    return mapping.get(key)
