"""Sổ theo dõi hồ sơ phi địa giới: what we received for others, what others received for us; on screen and as a file."""

import tempfile
from collections.abc import Sequence
from datetime import date
from typing import IO, Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.queries import NoneThen, name_of
from motcua.base.printing import listing
from motcua.base.printing.listing import KINDS, Listing
from motcua.dossiers import elsewhere, permissions, words
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.register import note_copy_elsewhere
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.ui.components import Pager
from motcua.ui.keyed import day_field

SIDES = {elsewhere.OUT: gettext_lazy("Nhận hộ nơi khác"), elsewhere.IN: gettext_lazy("Nơi khác nhận hộ")}
_LONGEST = 366


class PeriodForm(forms.Form):
    """From which day to which, both included; at most a year."""

    first = day_field(gettext_lazy("Từ ngày"), required=False)
    last = day_field(gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, date]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("Ngày cuối không thể trước ngày đầu."))
        elif first and last and (last - first).days > _LONGEST:
            self.add_error("last", _("Sổ xem được nhiều nhất một năm một lần. Rút ngắn khoảng ngày."))
        return values


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the register of a side and a period with its counts; without a choice, this month's of what we received."""
    return _page(request, request.GET)


@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    """Hand out one side of the register and a period as a workbook; history notes it."""
    actor, now = actor_of(request), timezone.now()
    side, form, (first, last), _asked = _read(request.POST)
    if form.errors:
        return _page(request, request.POST)
    note_copy_elsewhere(side=side, first=first, last=last, actor=actor, at=now)
    made = cast(IO[bytes], tempfile.NamedTemporaryFile(suffix=".xlsx"))  # noqa: SIM115  (the answer closes it)
    with translation.override("vi"):  # paper is Vietnamese whatever the screen speaks
        lines = elsewhere.lines(side, actor, first, last, now=now)
        rows = (_row(number, line) for number, line in enumerate(lines, 1))
        listing.write("xlsx", _head(side, first, last, actor), rows, made)
    made.seek(0)
    name = f"so-phi-dia-gioi-{side}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=KINDS["xlsx"])


def _read(data: Any) -> tuple[str, PeriodForm, tuple[date, date], dict[str, str]]:
    """Return the side, the form, the days that hold (this month where none are right), and what was asked for."""
    today = timezone.localdate()
    side = data.get("side", elsewhere.OUT)
    side = side if side in SIDES else elsewhere.OUT
    asked = {"first": f"{today.replace(day=1):%d/%m/%Y}", "last": f"{today:%d/%m/%Y}"}
    asked |= {name: data[name] for name in asked if data.get(name)}
    form = PeriodForm(asked)
    given = form.cleaned_data if form.is_valid() else {}
    return side, form, (given.get("first") or today.replace(day=1), given.get("last") or today), asked


def _page(request: HttpRequest, data: Any) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    side, form, (first, last), asked = _read(data)
    after = data.get("after", "")
    part = elsewhere.page(side, actor, first, last, now=now, after=after)
    note_shown(dossiers=part.ids, way=Way.BOOK, actor=actor, at=now)
    figures = elsewhere.figures(actor, first, last, now=now)
    context = {
        "form": form,
        "side": side,
        "sides": [(key, name, f"?{urlencode({'side': key, **asked})}") for key, name in SIDES.items()],
        "lines": part.lines,
        "first": first,
        "last": last,
        "figures": figures,
        "with_whom": figures.with_whom[side],
        "may_copy": permissions.reads_register(actor, actor.agency_id or 0),
        "kept": [("side", side), ("first", f"{first:%d/%m/%Y}"), ("last", f"{last:%d/%m/%Y}")],
        "pager": Pager(
            newer=f"?{urlencode({'side': side, **asked})}" if after else "",
            older=f"?{urlencode({'side': side, **asked, 'after': part.older})}" if part.older else "",
        ),
    }
    return render(request, "dossiers/elsewhere.html", context, status=422 if form.errors else 200)


# ── As a file

_COLUMNS = (
    "TT", "Mã hồ sơ", "Tên thủ tục hành chính", "Chủ hồ sơ", "Cơ quan nhận", "Nơi nhận", "Người nhận",
    "Cơ quan giải quyết", "Nhận hồ sơ", "Gửi giấy tờ", "Giấy tờ đến", "Hẹn trả", "Trả kết quả", "Trạng thái", "Ghi chú",
)  # fmt: skip
_WIDTHS = (6, 22, 48, 28, 28, 28, 22, 28, 17, 17, 17, 17, 17, 22, 34)


def _head(side: str, first: date, last: date, actor: Actor) -> Listing:
    try:
        office = name_of(actor.agency_id or 0, timezone.localdate())
    except NoneThen:
        office = ""
    what = "Nhận hộ cơ quan khác" if side == elsewhere.OUT else "Cơ quan khác nhận hộ"
    span = f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"
    made = f"Lập lúc {timezone.localtime():%H:%M %d/%m/%Y}, người lập: {actor.name}"
    title = "Sổ theo dõi hồ sơ phi địa giới"
    return Listing(
        sheet="Sổ phi địa giới", title=title, columns=_COLUMNS, widths=_WIDTHS, frozen=2, author=office,
        above=(office, title.upper(), f"{what} · {span}", made, ""), bold=2,
    )  # fmt: skip


def _row(number: int, line: elsewhere.Line) -> Sequence[Any]:
    one = line.dossier
    notes = [
        f"Hỗ trợ nộp tại {one.helped_point.name}" if one.helped_point else "", "Quá hạn" if line.late else "",
    ]  # fmt: skip
    return (
        number, one.code, one.procedure_version.procedure.name, one.applicant_name, one.home_agency.name,
        one.received_point.name if one.received_point else "", line.receiver, one.competent_agency.name,
        one.submitted_at, line.sent_at, line.arrived_at, one.due_at, one.returned_at,
        str(words.LEGAL[one.status, one.sub_status]), "; ".join(note for note in notes if note),
    )  # fmt: skip
