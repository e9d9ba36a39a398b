"""Pages of planned changes: the list, one of them with what it moves, and the forms that plan them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import inside, planning, preview
from motcua.agencies.forms import change as forms
from motcua.agencies.models import Agency, ChangeKind, ChangeState, PlannedChange
from motcua.agencies.operations import changes, going_over
from motcua.agencies.views.agencies import crumbs, said
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt

Content = Callable[[dict[str, Any]], dict[str, Any]]


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """List planned changes by their day; `state` shows those carried out or taken back."""
    state = request.GET.get("state", "")
    state = state if state in ChangeState.values else ChangeState.PLANNED
    rows, older = preview.changes_page(state, request.GET.get("after", ""))
    context = {
        "rows": rows, "older": older, "state": state, "states": ChangeState.choices, "today": timezone.localdate(),
        "crumbs": [*crumbs(None), Crumb(_("Sắp xếp lại"))],
    }  # fmt: skip
    return render(request, "agencies/changes.html", context)


def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Show one change with what it moves or has moved; take it back while it is planned."""
    row = preview.one(change_id)
    form = forms.CancelChangeForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        changes.cancel(change_id=row.pk, **said(request, data, "reason"))

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã hủy. Chưa có gì thay đổi."))
        return redirect("agencies_changes")
    planned = row.state == ChangeState.PLANNED
    context = {
        "change": row, "words": preview.in_words([row])[0].words, "form": form, "planned": planned,
        "due": planned and row.on_day <= timezone.localdate(), "preview": preview.of(row) if planned else None,
        "counts": _counted(row), "agencies": preview.concerned(row),
        "crumbs": [*crumbs(None), Crumb(_("Sắp xếp lại"), reverse("agencies_changes")), Crumb(str(row))],
    }  # fmt: skip
    return render(request, "agencies/change.html", context, status=422 if request.method == "POST" else 200)


def merge(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Plan that an agency goes over into another."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    form = forms.MergeForm(request.POST or None, today=today)
    return _plan_page(
        request, form, ChangeKind.MERGE,
        lambda data: {"sources": [agency.pk], "target": data["target"].pk, "join": data["join"]},
        title=_("Sáp nhập %(agency)s") % {"agency": agency.short_name}, agency=agency,
        note=_("Cơ quan này kết thúc; hồ sơ đang mở, người, sổ, lịch, điểm tiếp nhận đi theo cơ quan nhận."),
    )  # fmt: skip


def split(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Plan that an agency goes over into several."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    form = forms.SplitForm(request.POST or None, agency=agency, today=today)
    return _plan_page(
        request, form, ChangeKind.SPLIT,
        lambda data: {"source": agency.pk, "heirs": form.heirs, "units": form.homes, "join": data["join"]},
        title=_("Chia tách %(agency)s") % {"agency": agency.short_name}, agency=agency,
        note=_("Mỗi đơn vị về một cơ quan kế thừa; hồ sơ đang ở đơn vị nào đi theo đơn vị đó."),
    )  # fmt: skip


def move_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Plan that a unit goes over to another agency."""
    unit, today = inside.one_unit(unit_id), timezone.localdate()
    form = forms.MoveUnitForm(request.POST or None, unit=unit, today=today)

    def content(data: dict[str, Any]) -> dict[str, Any]:
        twin = going_over.same_unit(data["target"].pk, unit, data["on_day"]) if data["join"] else None
        return {
            "unit": unit.pk,
            "from": unit.agency_id,
            "target": data["target"].pk,
            "into": twin.pk if twin else None,
        }

    return _plan_page(
        request, form, ChangeKind.MOVE_UNIT, content,
        title=_("Chuyển %(unit)s") % {"unit": unit.name}, agency=unit.agency,
        note=_("Đơn vị cùng người, hồ sơ đang giữ và bộ phận một cửa của nó về cơ quan khác."),
    )  # fmt: skip


# ── Parts


def _plan_page(
    request: HttpRequest, form: Form, kind: ChangeKind, content: Content, *, title: str, agency: Agency, note: str
) -> HttpResponse:  # fmt: skip
    """Show the form; then what the change would move; then, confirmed, put it on the list."""
    made: list[PlannedChange] = []
    looked: PlannedChange | None = None

    def act(data: dict[str, Any]) -> None:
        common = said(request, data, "on_day", "legal_basis")
        made.append(changes.plan(kind=kind, content=content(data), **common))

    if request.method == "POST" and request.POST.get("step") == "confirm" and attempt(form, act):
        messages.success(request, _done(made[0]))
        return redirect("agencies_change", made[0].pk)
    if request.method == "POST" and form.is_valid():
        looked = _looked_at(form, kind, content)
    context = {
        "form": form, "title": title, "note": note, "agency": agency, "crumbs": crumbs(agency, title),
        "back": reverse("agencies_agency", args=[agency.pk]), "change": looked,
        "preview": preview.of(looked) if looked else None, "today": timezone.localdate(),
        "words": preview.in_words([looked])[0].words if looked else "",
        "carried": [(name, value) for name in form.fields if name != "key" for value in request.POST.getlist(name)],
    }  # fmt: skip
    status = 422 if request.method == "POST" and looked is None else 200
    return render(request, "agencies/plan.html", context, status=status)


def _looked_at(form: Form, kind: ChangeKind, content: Content) -> PlannedChange | None:
    """Return the change that the form describes, unsaved, when it may be planned; faults stand on the form."""
    data = form.cleaned_data
    what = content(data)
    concerns, closes = planning.involved(kind, what)
    row = PlannedChange(
        kind=kind,
        content=what,
        on_day=data["on_day"],
        legal_basis=data["legal_basis"],
        concerns=concerns,
        closes=closes,
    )
    try:
        planning.require_sound(row, timezone.localdate())
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    return row


def _done(row: PlannedChange) -> str:
    if row.on_day <= timezone.localdate():
        return _("Đã ghi. Hệ thống đang thực hiện; tải lại trang này để xem kết quả.")
    return _("Đã ghi vào lịch sắp xếp. Trước ngày có hiệu lực vẫn hủy được.")


def _counted(row: PlannedChange) -> list[tuple[str, int]]:
    """Return what a change has moved, in words."""
    words = {
        "dossiers": _("Hồ sơ đang mở"), "people": _("Người"), "units": _("Đơn vị"), "shops": _("Bộ phận một cửa"),
        "points": _("Điểm tiếp nhận"), "drafts": _("Bản nháp"), "papers": _("Giấy tờ đang giữ"),
        "offerings": _("Thủ tục nhận thêm"),
        "workflows": _("Quy trình riêng của cơ quan"), "work": _("Lĩnh vực, thủ tục phân công"),
        "agencies": _("Cơ quan kết thúc"),
    }  # fmt: skip
    counts = row.outcome.get("counts", {})
    return [(label, counts[name]) for name, label in words.items() if counts.get(name)]
