"""Figures of a hall by period, the tickets behind each, and copies of them as files."""

import tempfile
from dataclasses import replace
from typing import IO, Any, cast
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import copies, figure_words, figures, setting
from motcua.counters.figures import Asked
from motcua.counters.forms.halls import SpanForm
from motcua.counters.models import Hall
from motcua.counters.operations.copying import note_copy
from motcua.counters.views.common import actor_of, around
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.components import Pager
from motcua.ui.dates import day as day_words


@require_GET
def figures_page(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show the figures of a span: the sum, by hour as a chart, and a table for each dimension."""
    hall = setting.hall_for(hall_id, "read_figures", actor_of(request))
    form = _span(request)
    context = around(request, hall, _("Số liệu"), form=form, spans=_spans(request, hall))
    if not form.is_valid():
        return render(request, "counters/figures.html", context, status=422)
    asked = _asked(request, hall, form)
    found = figures.read(asked)
    context |= {
        "whole": figure_words.whole(asked, found.whole), "tables": figure_words.tables(asked, found),
        "chart": figure_words.by_hour(found), "asked": asked, "any": found.whole.issued,
        "kept": _kept(asked), "kinds": [("xlsx", _("Tải XLSX")), ("csv", _("Tải CSV"))],
    }  # fmt: skip
    return render(request, "counters/figures.html", context)


@require_GET
def tickets(request: HttpRequest, hall_id: int) -> HttpResponse:
    """List the tickets behind a figure."""
    hall = setting.hall_for(hall_id, "read_figures", actor_of(request))
    form = _span(request)
    if not form.is_valid():
        raise NotFound(_("Khoảng ngày này không có. Mở lại từ trang số liệu."))
    asked = _asked(request, hall, form)
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    rows, older = figures.page(asked, before=before)
    words = figures.words_of(hall)
    kept = _kept(asked)
    here = urlencode(kept)
    back = f"{reverse('hall_figures', args=[hall.pk])}?{urlencode(_days(asked))}"
    context = around(
        request, hall, _("Số thứ tự"), rows=[figure_words.row(one, words) for one in rows], kept=kept, back=back,
        narrowed=figure_words.narrowed(asked, words), asked=asked,
        kinds=[("xlsx", _("Tải XLSX")), ("csv", _("Tải CSV"))],
        count=figures.count(asked) if before is None else None,
        pager=Pager(newer=f"?{here}" if before else "", older=f"?{here}&before={older}" if older else ""),
    )  # fmt: skip
    return render(request, "counters/tickets.html", context)


@require_POST
def copy(request: HttpRequest, hall_id: int, kind: str) -> HttpResponseBase:
    """Hand out the tickets behind a figure as a file; history notes who took it."""
    actor = actor_of(request)
    hall = setting.hall_for(hall_id, "read_figures", actor)
    if kind not in copies.KINDS:
        raise NotFound(_("Số liệu tải về được dưới dạng XLSX hoặc CSV."))
    form = SpanForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Khoảng ngày này không đúng. Chọn lại ở trang số liệu."))
    asked = _asked(request, hall, form)
    words = figures.words_of(hall)
    note_copy(asked=asked, kind=kind, most=copies.MOST, actor=actor, at=timezone.now())
    made = cast(IO[bytes], tempfile.NamedTemporaryFile(suffix=f".{kind}"))  # noqa: SIM115  (the answer closes it)
    copies.write(kind, figure_words.title(asked, words), figures.every(asked), words, made)
    made.seek(0)
    name = f"so-thu-tu-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.{kind}"
    return FileResponse(made, as_attachment=True, filename=name, content_type=copies.KINDS[kind])


# ── What is asked for


def _span(request: HttpRequest) -> SpanForm:
    since, until = figures.last_days(timezone.localdate(), 30)
    data = {
        "since": request.GET.get("since") or f"{since:%d/%m/%Y}",
        "until": request.GET.get("until") or f"{until:%d/%m/%Y}",
    }
    return SpanForm(data)


def _asked(request: HttpRequest, hall: Hall, form: SpanForm) -> Asked:
    """Return what the address asks for; a dimension or value that does not exist is left out."""
    data = request.POST if request.method == "POST" else request.GET
    by, value, only = data.get("by", ""), data.get("value", ""), data.get("only", "")
    asked = figures.asked(
        hall, actor_of(request), since=form.cleaned_data["since"], until=form.cleaned_data["until"]
    )
    if by in figures.BY and figures.sound(by, value):
        asked = replace(asked, by=by, value=value)
    return replace(asked, only=only if only in figures.ONLY else "")


def _days(asked: Asked) -> dict[str, str]:
    return {"since": day_words(asked.since), "until": day_words(asked.until)}


def _kept(asked: Asked) -> dict[str, str]:
    """Return what an address carries on."""
    more = {"by": asked.by, "value": asked.value, "only": asked.only}
    return _days(asked) | {
        name: text for name, text in more.items() if text or (name == "value" and asked.by)
    }


def _spans(request: HttpRequest, hall: Hall) -> list[tuple[Any, str]]:
    """Return the spans that are asked for most, each as a link."""
    today = timezone.localdate()
    wanted = (
        (_("hôm nay"), 1),
        (_("7 ngày"), 7),
        (_("30 ngày"), 30),
        (_("90 ngày"), 90),
        (_("một năm"), 365),
    )
    return [
        (words, "?" + urlencode({"since": day_words(since), "until": day_words(until)}))
        for words, (since, until) in ((words, figures.last_days(today, days)) for words, days in wanted)
    ]
