"""The administrators' catalogue: the list, one procedure with its versions, a new procedure, what waits."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.audit.queries import entries_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.forms.review import NewProcedureForm
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.models.words import State
from motcua.procedures.operations import editing
from motcua.procedures.permissions import may_approve, may_edit_catalogue
from motcua.procedures.queries import managing, snapshot
from motcua.procedures.queries.search import STATES
from motcua.procedures.views import history_words, states
from motcua.ui.components import Cell, Column, Crumb, Pager, Table
from motcua.ui.keyed import attempt

_PAGE = 40
_HISTORY = 30


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def crumbs(procedure: Procedure, *more: Crumb) -> list[Crumb]:
    """Return the way back to a procedure and the list."""
    here = Crumb(procedure.code or procedure.name[:40], reverse("procedure_card", args=[procedure.pk]))
    return [Crumb(_("Danh mục thủ tục"), reverse("procedure_list")), here, *more]


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("Tất cả")),
        ("current", _("Đang áp dụng")),
        ("ahead", _("Đã công bố, chưa áp dụng")),
        ("written", _("Đang soạn")),
        ("waiting", _("Chờ duyệt")),
        ("flagged", _("Có dòng cần xem lại")),
        ("national", _("Khác bản quốc gia, chưa đối chiếu")),
        ("repealed", _("Đã hết hiệu lực")),
        ("draft", _("Chưa công bố")),
    ]


@require_GET
def procedure_list(request: HttpRequest) -> HttpResponse:
    """List procedures, drafts included: by words, state and sector."""
    text, only = request.GET.get("q", "").strip(), request.GET.get("state", "")
    only = only if only in STATES else ""
    wanted = request.GET.get("sector", "")
    sector = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    today = timezone.localdate()
    rows, sectors = managing.listing(
        text, only=only, sector=sector, after=request.GET.get("after", ""), on=today, limit=_PAGE + 1
    )
    older = ""
    if len(rows) > _PAGE:
        asked = {"q": text, "state": only, "sector": sector or "", "after": rows[_PAGE - 1].found.after}
        older = "?" + urlencode({name: value for name, value in asked.items() if value})
    context = {
        "text": text,
        "state": only,
        "states": _states(),
        "sector": sector,
        "sectors": sectors,
        "rows": rows[:_PAGE],
        "table": _table(rows[:_PAGE]),
        "pager": Pager(older=older, by_time=False),
        "approvals": [] if text else managing.waiting_approvals(limit=20),
        "actor": actor_of(request),
        "edits": may_edit_catalogue(actor_of(request)),
    }
    return render(request, "procedures/list.html", context)


def _table(rows: list[managing.Listed]) -> Table:
    columns = [
        Column(_("Thủ tục")),
        Column(_("Trạng thái"), "status"),
        Column(_("Lĩnh vực")),
        Column(_("Đang làm")),
    ]
    lines: list[list[Cell]] = [
        [_link(row), states.mark_of(row.found), row.found.sector, _marks(row)] for row in rows
    ]
    return Table(_("Danh mục thủ tục"), columns, lines, caption_hidden=True, as_list=True)


def _link(row: managing.Listed) -> SafeString:
    url = reverse("procedure_card", args=[row.found.id])
    return format_html(
        '<a href="{}"><span class="mc-code" translate="no">{}</span> {}</a>',
        url,
        row.found.code or "—",
        row.found.name,
    )


def _marks(row: managing.Listed) -> str:
    said = []
    if row.waiting:
        said.append(_("chờ duyệt"))
    elif row.drafts:
        said.append(_("đang soạn"))
    if row.flags:
        said.append(_("%(n)s dòng cần xem lại") % {"n": row.flags})
    if row.national:
        said.append(_("khác bản quốc gia"))
    return ", ".join(said)


@require_GET
def card(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show one procedure: its versions with their states, what waits, what may be done, its history."""
    found = managing.card(procedure_id)
    actor, today = actor_of(request), timezone.localdate()
    current, ours = found.current(today), found.ours(today)
    acts = entries_of("procedure", procedure_id, agency_id=0)
    context = {
        "card": found,
        "procedure": found.procedure,
        "crumbs": [*crumbs(found.procedure)[:1], Crumb(found.procedure.code or _("Chưa có mã"))],
        "versions": [
            (
                one,
                states.mark(one, today, found.waiting),
                states.days(one),
                source_words(one),
                found.flags.get(one.pk),
            )
            for one in found.versions
        ],
        "current": current,
        "coming": found.coming(today),
        "ours": ours,
        "base": ours or next(iter(found.versions), None),
        "draft": found.draft,
        "national": found.national if ours and found.national and found.national.pk != ours.pk else None,
        "review": found.review,
        "repealable": any(one.state == State.PUBLISHED and one.in_force_to is None for one in found.versions),
        "waiting": [(one, may_approve(actor, one)) for one in found.waiting],
        "ended": [one for one in found.approvals if one.outcome][:5],
        "flags": sum(found.flags.values()),
        "history": history_words.items(acts.reverse()[:_HISTORY]),
        "edits": may_edit_catalogue(actor),
    }
    return render(request, "procedures/card.html", context)


def source_words(version: ProcedureVersion) -> str:
    """Say where a version's text comes from."""
    if version.source == snapshot.OFFICE:
        if version.based_on is not None:
            return _("soạn tại đây từ bản %(number)s") % {"number": version.based_on.number}
        return _("soạn tại đây")
    return _("biên soạn sẵn") if version.source == snapshot.PROJECT else _("bản ghi quốc gia")


def new(request: HttpRequest) -> HttpResponse:
    """Enter a procedure that the catalogue does not have yet."""
    form = NewProcedureForm(request.POST or None)
    made: list[Procedure] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            editing.open_procedure(
                code=data["code"], name=data["name"], sector=data["sector"], actor=actor_of(request),
                at=timezone.now(), key=data["key"],
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã tạo thủ tục với một bản dự thảo. Điền từng phần rồi gửi duyệt."))
        return redirect("procedure_card", made[0].pk)
    context = {
        "form": form,
        "title": _("Thêm thủ tục"),
        "note": _("Thủ tục có mã nhưng chưa có trong danh mục. Bản ghi quốc gia thì nhập bằng lệnh."),
        "button": _("Tạo bản dự thảo"),
        "back": reverse("procedure_list"),
        "crumbs": [Crumb(_("Danh mục thủ tục"), reverse("procedure_list")), Crumb(_("Thêm thủ tục"))],
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


@require_POST
def start_draft(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Begin a draft from a version; where one is being written already, lead there and say so."""
    asked = request.POST.get("version", "")
    try:
        draft = editing.start_draft(
            procedure_id=procedure_id,
            based_on=int(asked) if asked.isascii() and asked.isdigit() else 0,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        if refusal.code != "draft_exists":
            raise
        messages.warning(request, refusal.message)
        return redirect("procedure_card", procedure_id)
    messages.success(request, _("Đã mở bản dự thảo %(number)s.") % {"number": draft.number})
    return HttpResponseRedirect(reverse("procedure_draft", args=[draft.pk]))
