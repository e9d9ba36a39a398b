"""Dates counted anew after a day or the hours of a calendar changed: the log, one of them, what is decided."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from motcua.dossiers import recompute as reads
from motcua.dossiers.models import DueMove, Recompute
from motcua.dossiers.models.recompute import Choice, MoveState, RecomputeState
from motcua.dossiers.operations import recompute
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui import dates
from motcua.ui import render as parts
from motcua.ui.components import Cell, Column, Crumb, Row, Table
from motcua.ui.keyed import KeyedForm, attempt

_LOOKS = {
    RecomputeState.COUNTING: "work",
    RecomputeState.COUNTED: "wait",
    RecomputeState.PROPOSED: "wait",
    RecomputeState.MOVING: "work",
    RecomputeState.DONE: "done",
    RecomputeState.KEPT: "done",
    RecomputeState.DROPPED: "stop",
}
_MOVE_LOOKS = {
    MoveState.LATER: "wait",
    MoveState.EARLIER: "done",
    MoveState.MOVED: "done",
    MoveState.SKIPPED: "stop",
}
_GROUPS = 50


class ChoiceForm(KeyedForm):
    """Keep what was promised, or move the later ones; and why."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Chọn"), choices=Choice.choices, initial=Choice.KEEP, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        help_text=gettext_lazy(
            "Người duyệt và nhật ký cần biết. Người dân đọc căn cứ của ngày, không đọc dòng này."
        ),
    )


class ReturnForm(KeyedForm):
    """Why a proposed choice goes back."""

    reason = forms.CharField(label=gettext_lazy("Vì sao trả lại"), max_length=500)


# ── The log


@require_GET
def recompute_list(request: HttpRequest) -> HttpResponse:
    """List what was counted anew, the newest first: for which day, what was chosen, by whom."""
    after = request.GET.get("after", "")
    rows = reads.newest(reads.PAGE + 1, before=int(after) if after.isdecimal() else None)
    shown = rows[: reads.PAGE]
    context = {
        "table": _log(shown),
        "older": shown[-1].pk if len(rows) > reads.PAGE else "",
        "crumbs": [*_crumbs()[:1], Crumb(_("Ngày hẹn tính lại"))],
    }
    return render(request, "desk/calendars/recomputes.html", context)


def _log(rows: list[Recompute]) -> Table:
    names = reads.people_of(rows)
    return Table(
        caption=_("Các lần tính lại ngày hẹn"),
        caption_hidden=True,
        columns=[
            Column(_("Lịch đã đổi")), Column(_("Tình trạng"), "status"), Column(_("Hồ sơ"), "number"),
            Column(_("Người đề nghị, người duyệt")), Column(_("Bắt đầu"), "time"),
        ],
        rows=[
            [
                format_html('<a href="{}">{}</a>', reverse("recompute", args=[one.pk]), one.source),
                _badge(one), sum(group[2] + group[3] for group in one.groups),
                ", ".join(_who(one, names)) or "—", dates.moment(one.opened_at),
            ]
            for one in rows
        ],
        empty=_("Chưa lần nào. Mở một ngày trong lịch, hoặc trang đổi giờ làm việc, để tính lại ngày hẹn."),
        as_list=True,
    )  # fmt: skip


def _badge(row: Recompute) -> Cell:
    state = RecomputeState(row.state)
    return parts.badge(str(state.label), _LOOKS[state])


def _who(row: Recompute, names: dict[int, str]) -> list[str]:
    return [names.get(one, "") for one in (row.proposed_by, row.decided_by) if one]


# ── One


def start(request: HttpRequest, day_id: int) -> HttpResponse:
    """Count the dossiers that a day concerns; one that is under way is shown instead."""
    if request.method != "POST":
        return redirect("recompute_list")
    row = recompute.open_for_day(
        day_id=day_id, actor=actor_of(request), at=timezone.now(), key=request.POST.get("key", "")
    )
    return redirect("recompute", row.pk)


def start_hours(request: HttpRequest, change_id: int) -> HttpResponse:
    """Count the dossiers that changed office hours concern; one that is under way is shown instead."""
    if request.method != "POST":
        return redirect("recompute_list")
    row = recompute.open_for_hours(
        change_id=change_id, actor=actor_of(request), at=timezone.now(), key=request.POST.get("key", "")
    )
    return redirect("recompute", row.pk)


@require_GET
def one(request: HttpRequest, recompute_id: int) -> HttpResponse:
    """Show what a day concerns: counts by procedure, dossiers with both dates, who chose and approved what."""
    return render(request, "desk/calendars/recompute.html", _context(request, recompute_id))


def act(request: HttpRequest, recompute_id: int) -> HttpResponse:
    """Propose, approve, send back or drop; a fault comes back on the page."""
    name = request.POST.get("act", "")
    if request.method != "POST" or name not in _ACTS:
        return redirect("recompute", recompute_id)
    form = _ACTS[name](request.POST)

    def carry_out(data: dict[str, Any]) -> None:
        said: dict[str, Any] = {
            "recompute_id": recompute_id, "actor": actor_of(request), "at": timezone.now(),
            "key": data.get("key") or "",
        }  # fmt: skip
        if name == "propose":
            recompute.propose(choice=Choice(data["choice"]), reason=data["reason"], **said)
        elif name == "return":
            recompute.send_back(reason=data["reason"], **said)
        elif name == "approve":
            recompute.approve(**said)
        else:
            recompute.drop(**said)

    if attempt(form, carry_out):
        messages.success(request, _DONE[name]())
        return redirect("recompute", recompute_id)
    context = _context(request, recompute_id, **{f"{name}_form": form, "form": form})
    return render(request, "desk/calendars/recompute.html", context, status=422)


_ACTS: dict[str, type[KeyedForm]] = {
    "propose": ChoiceForm,
    "return": ReturnForm,
    "approve": KeyedForm,
    "drop": KeyedForm,
}
_DONE = {
    "propose": lambda: _("Đã gửi. Một người giữ lịch khác xem và duyệt."),
    "return": lambda: _("Đã trả lại; chưa ngày hẹn nào đổi."),
    "approve": lambda: _("Đã duyệt."),
    "drop": lambda: _("Đã bỏ lần tính này; chưa ngày hẹn nào đổi."),
}


def _context(request: HttpRequest, recompute_id: int, **forms_: Any) -> dict[str, Any]:
    row = reads.one_recompute(recompute_id)
    actor = actor_of(request)
    procedure = request.GET.get("procedure", "")
    procedure_id = int(procedure) if procedure.isdecimal() else None
    moves = reads.page_of_moves(row, procedure_id=procedure_id, after=_uuid(request), most=reads.PAGE + 1)
    shown = moves[: reads.PAGE]
    start_at = int(request.GET["groups"]) if request.GET.get("groups", "").isdecimal() else 0
    later = sum(group[2] for group in row.groups)
    return {
        "row": row,
        "badge": _badge(row),
        "later": later,
        "earlier": sum(group[3] for group in row.groups),
        "facts": _facts(row, reads.people_of([row])),
        "groups": _groups(row, start_at),
        "more_groups": start_at + _GROUPS if len(row.groups) > start_at + _GROUPS else 0,
        "dossiers": _dossiers(shown, kept=row.state == RecomputeState.KEPT),
        "any": bool(shown),
        "procedure": next((group[1] for group in row.groups if group[0] == procedure_id), ""),
        "procedure_id": procedure_id or "",
        "older": shown[-1].pk if len(moves) > reads.PAGE else "",
        "own": row.proposed_by is not None and row.proposed_by == actor.account_id,
        "propose_form": ChoiceForm(initial={"choice": Choice.MOVE if later else Choice.KEEP}),
        "return_form": ReturnForm(auto_id="return_%s"),
        "approve_form": KeyedForm(auto_id="approve_%s"),
        "drop_form": KeyedForm(auto_id="drop_%s"),
        "crumbs": [*_crumbs(), Crumb(f"{row.since:%d/%m/%Y}")],
        "form": None,
        **forms_,
    }


def _facts(row: Recompute, names: dict[int, str]) -> list[Row]:
    facts = [Row(_("Lịch đã đổi"), row.source), Row(_("Tình trạng"), _badge(row))]
    facts.append(Row(_("Đã xem"), _("%(n)s hồ sơ đang chạy, hẹn từ ngày ấy") % {"n": row.looked}))
    if row.choice:
        facts.append(Row(_("Chọn"), f"{Choice(row.choice).label}: {row.reason}"))
    if row.proposed_at:
        facts.append(Row(_("Người đề nghị"), _by(names, row.proposed_by, row.proposed_at)))
    if row.decided_at:
        facts.append(Row(_("Người duyệt"), _by(names, row.decided_by, row.decided_at)))
    if row.state in {RecomputeState.DONE, RecomputeState.MOVING}:
        counts = reads.outcome(row)
        said = _("%(moved)s đã dời, %(skipped)s không dời") % {
            "moved": counts.get(MoveState.MOVED, 0),
            "skipped": counts.get(MoveState.SKIPPED, 0),
        }
        facts.append(Row(_("Kết quả ở cơ quan anh/chị"), said))
    return facts


def _by(names: dict[int, str], account_id: int | None, at: Any) -> str:
    return f"{names.get(account_id or 0, '')}, {dates.moment(at)}"


def _groups(row: Recompute, start_at: int) -> Table:
    return Table(
        caption=_("Theo thủ tục, mọi cơ quan"),
        columns=[Column(_("Thủ tục")), Column(_("Hồ sơ"))],
        rows=[
            [
                format_html('<a href="?procedure={}#ho-so">{}</a>', key, name),
                _("%(later)s muộn hơn, %(earlier)s sớm hơn") % {"later": later, "earlier": earlier},
            ]
            for key, name, later, earlier in row.groups[start_at : start_at + _GROUPS]
        ],
        empty=_("Không hồ sơ nào có ngày hẹn tính lại khác."),
    )


def _dossiers(moves: list[DueMove], *, kept: bool) -> Table:
    return Table(
        caption=_("Hồ sơ của cơ quan anh/chị"),
        caption_hidden=True,
        columns=[
            Column(_("Hồ sơ")), Column(_("Đã hẹn, và lịch nay tính ra")), Column(_("Tình trạng"), "status"),
        ],
        rows=[
            [
                format_html('<a href="{}">{}</a>', reverse("dossier-due", args=[one.dossier.code]), one.dossier.code),
                format_html(
                    '{}<span class="mc-source-line">{}</span>', dates.moment(one.due_before),
                    _("lịch nay tính: %(when)s") % {"when": dates.moment(one.due_after)},
                ),
                _state(one, kept=kept),
            ]
            for one in moves
        ],
        as_list=True,
    )  # fmt: skip


def _state(row: DueMove, *, kept: bool) -> Cell:
    state = MoveState(row.state)
    if state is MoveState.LATER and kept:
        return parts.badge(str(RecomputeState.KEPT.label), "done")
    badge = parts.badge(str(state.label), _MOVE_LOOKS[state])
    return (
        format_html('{}<span class="mc-source-line">{}</span>', badge, row.get_why_display())
        if row.why
        else badge
    )


def _uuid(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _crumbs() -> list[Crumb]:
    return [
        Crumb(_("Lịch làm việc"), reverse("calendar_list")),
        Crumb(_("Ngày hẹn tính lại"), reverse("recompute_list")),
    ]
