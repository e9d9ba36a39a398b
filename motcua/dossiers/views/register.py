"""The register on screen, and copies of it as PDF and XLSX. A copy is taken by POST: history notes it."""

import tempfile
from datetime import datetime
from pathlib import Path
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

from motcua.agencies.queries import NoneThen, name_of, parent_of
from motcua.base.printing import book
from motcua.base.printing.data import Letterhead
from motcua.dossiers import register
from motcua.dossiers.forms.register import RegisterForm
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.register import note_copy
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.dossiers.register import Asked
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.components import Column, Pager, Table

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
def book_page(request: HttpRequest) -> HttpResponse:
    """Show one page of the register, telephone numbers masked: whoever needs them opens the dossier or takes a copy."""
    return _page(
        request, RegisterForm(request.GET or None, actor=actor_of(request), today=timezone.localdate())
    )


@require_POST
def copy(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand out the part that was asked for as a file."""
    if kind not in KINDS:
        raise NotFound(_("Sổ tải về được dưới dạng PDF hoặc XLSX."))
    actor, now = actor_of(request), timezone.now()
    form = RegisterForm(request.POST, actor=actor, today=timezone.localdate(now))
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.asked
    try:
        note_copy(asked=asked, kind=kind, actor=actor, at=now)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, form, status=422)
    head = _head(asked, actor)
    name = f"so-theo-doi-ho-so-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.{kind}"
    return FileResponse(
        _made(kind, head, actor, asked), as_attachment=True, filename=name, content_type=KINDS[kind]
    )


def _made(kind: str, head: book.BookHead, actor: Actor, asked: Asked) -> IO[bytes]:
    """Return the file, open at its beginning and gone from the disk once it is closed."""
    lines = register.lines(register.dossiers(actor, asked))
    made = cast(IO[bytes], tempfile.NamedTemporaryFile(suffix=f".{kind}"))  # noqa: SIM115  (the answer closes it)
    if kind == "pdf":
        book.write_pdf(head, lines, Path(made.name))
    else:
        book.write_xlsx(head, lines, cast(Any, made))
    made.seek(0)
    return made


def _head(asked: Asked, actor: Actor) -> book.BookHead:
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        parent, name = parent_of(asked.agency.pk, today), name_of(asked.agency.pk, today)
    except NoneThen:  # it has closed since: its book keeps its name
        parent, name = None, asked.agency.name
    place = name.removeprefix("UBND ").removeprefix("Ủy ban nhân dân ")
    return book.BookHead(
        letterhead=Letterhead(parent=parent.name if parent else "", office=name, place=place),
        book=register.book_name(asked), since=asked.since, until=asked.until, narrowed=asked.narrowed,
        maker=actor.name, issued_at=now,
    )  # fmt: skip


def _page(request: HttpRequest, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    actor, after = actor_of(request), request.GET.get("after", "")
    found = register.page(actor, form.asked, after=after) if form.is_valid() else None
    note_shown(dossiers=found.ids if found else (), way=Way.BOOK, actor=actor, at=timezone.now())
    context = {
        "form": form,
        "table": _table(found.lines) if found else None,
        "pager": _pager(form, found.older, after) if found else None,
        "kinds": [("pdf", _("Tải PDF")), ("xlsx", _("Tải XLSX"))],
        "kept": [(name, form.data.get(name, "")) for name in form.fields],
    }
    return render(request, "dossiers/register.html", context, status=status)


def _table(lines: list[book.BookLine]) -> Table | None:
    if not lines:
        return None
    columns = [
        Column(_("TT"), "number"), Column(_("Hồ sơ")), Column(_("Chủ hồ sơ")), Column(_("Chủ trì")),
        Column(_("Nhận"), "time"), Column(_("Hẹn trả"), "time"), Column(_("Trả"), "time"), Column(_("Ghi chú")),
    ]  # fmt: skip
    rows = [_cells(line) for line in lines]
    return Table(_("Sổ theo dõi hồ sơ"), columns, rows, caption_hidden=True, as_list=True)


def _cells(line: book.BookLine) -> list[Any]:
    """Return one line for the screen: what belongs together in one cell, so that nothing scrolls sideways."""
    address = reverse("dossier", args=[line.code])
    code = format_html('<a href="{}">{}</a><br>{}', address, line.code, line.procedure)
    who = format_html("{}<br>{}", line.applicant, line.reached) if line.reached else line.applicant
    times = [
        _moment(words, at)
        for words, at in (
            (_("Nhận"), line.received_at), (_("Hẹn trả"), line.due_at), (_("Trả"), line.returned_at),
        )
    ]  # fmt: skip
    return [line.number, code, who, line.responsible, *times, line.note]


def _moment(words: str, at: datetime | None) -> str:
    """Return hour and day on two lines; on a phone, where a row is a card without heads, with what it is."""
    local = timezone.localtime(at) if at else None
    if local is None:
        return ""
    return format_html("<i>{} </i>{} <span>{}</span>", words, f"{local:%H:%M}", f"{local:%d/%m/%Y}")


def _pager(form: RegisterForm, older: str, after: str) -> Pager:
    asked = {name: form.data.get(name, "") for name in form.fields if form.data.get(name)}

    def address(key: str) -> str:
        return "?" + urlencode({**asked, **({"after": key} if key else {})})

    return Pager(newer=address("") if after else "", older=address(older) if older else "", by_time=False)
