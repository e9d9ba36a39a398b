"""Dossiers past their keeping period on screen, and a copy as XLSX. A copy is taken by POST: history notes it."""

import tempfile
from typing import IO, Any, cast
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.queries import NoneThen, parent_of
from motcua.base.printing import archive_list
from motcua.dossiers.archive import ArchivePage, Line, Over
from motcua.dossiers.forms.archive import ArchiveForm
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.archive import note_copy
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui.components import Column, Pager, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def over_page(request: HttpRequest) -> HttpResponse:
    """Show one page of the list."""
    form = ArchiveForm(request.GET or None, actor=actor_of(request), today=timezone.localdate())
    return _page(request, form)


@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    """Hand out the part that was asked for as a workbook."""
    actor, now = actor_of(request), timezone.now()
    form = ArchiveForm(request.POST, actor=actor, today=timezone.localdate(now))
    if not form.is_valid():
        return _page(request, form, status=422)
    over = Over(actor, form.asked)
    try:
        note_copy(over=over, actor=actor, at=now)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, status=422)
    made = cast(IO[bytes], tempfile.NamedTemporaryFile(suffix=".xlsx"))  # noqa: SIM115  (the answer closes it)
    archive_list.write_xlsx(_head(over, actor), map(_line, over.lines()), cast(Any, made))
    made.seek(0)
    name = f"ho-so-het-thoi-han-bao-quan-{form.asked.day:%Y%m%d}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


def _head(over: Over, actor: Actor) -> archive_list.ListHead:
    asked, now = over.asked, timezone.localtime()
    try:
        parent = parent_of(asked.agency.pk, now.date())
    except NoneThen:  # it has closed since
        parent = None
    parts = [
        f"Lĩnh vực: {asked.sector.name}" if asked.sector else "",
        f"Năm kết thúc: {asked.year}" if asked.year else "",
    ]
    return archive_list.ListHead(
        parent=parent.name if parent else "", office=asked.agency.name, day=asked.day,
        narrowed=" · ".join(part for part in parts if part), maker=actor.name, issued_at=now,
    )  # fmt: skip


def _line(line: Line) -> archive_list.ListLine:
    return archive_list.ListLine(
        code=line.code, procedure=line.procedure, applicant=line.applicant, summary=line.summary, sector=line.sector,
        closed_on=timezone.localdate(line.closed_at), years=line.years, over_from=line.over_from,
        source=line.source, ended=line.ended,
    )  # fmt: skip


def _page(request: HttpRequest, form: ArchiveForm, *, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    over = Over(actor_of(request), form.asked) if form.is_valid() else None
    page = over.page(after) if over else None
    shown = [one.id for one in page.lines] if page else []
    note_shown(dossiers=shown, way=Way.BOOK, actor=actor_of(request), at=timezone.now())
    forever, without = over.left_out() if over else (0, 0)
    context = {
        "form": form, "page": page, "forever": forever, "without": without, "none_set": over and not over.spans,
        "table": _table(page.lines) if page and page.lines else None,
        "pager": _pager(form, page, after) if page else None,
        "kept": [(name, form.data.get(name, "")) for name in form.fields],
    }  # fmt: skip
    return render(request, "dossiers/archive.html", context, status=status)


def _table(lines: list[Line]) -> Table:
    columns = [
        Column(_("Hồ sơ")), Column(_("Chủ hồ sơ")), Column(_("Kết thúc"), "time"), Column(_("Thời hạn")),
        Column(_("Hết từ"), "time"),
    ]  # fmt: skip
    rows = [
        [
            format_html(
                '<a href="{}">{}</a><br>{}', reverse("dossier", args=[one.code]), one.code, one.procedure
            ),
            one.applicant,
            format_html("<i>{} </i>{}", _("Kết thúc"), f"{timezone.localtime(one.closed_at):%d/%m/%Y}"),
            format_html("{}<br>{}", _("%(years)s năm") % {"years": one.years}, one.source),
            format_html("<i>{} </i>{}", _("Hết từ"), f"{one.over_from:%d/%m/%Y}"),
        ]
        for one in lines
    ]
    return Table(_("Hồ sơ hết thời hạn bảo quản"), columns, rows, caption_hidden=True, as_list=True)


def _pager(form: ArchiveForm, page: ArchivePage, after: str) -> Pager:
    asked = {name: form.data.get(name, "") for name in form.fields if form.data.get(name)}

    def address(key: str) -> str:
        return "?" + urlencode({**asked, **({"after": key} if key else {})})

    older = address(page.older) if page.older else ""
    return Pager(newer=address("") if after else "", older=older, by_time=False)
