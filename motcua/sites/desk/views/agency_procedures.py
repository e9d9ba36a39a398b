"""One procedure at the agencies: who receives it, and the own way of each with it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.agencies.inside import one_agency
from motcua.agencies.models import Agency
from motcua.agencies.queries import agencies_below
from motcua.lib.actor import Actor
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import Procedure
from motcua.procedures.operations import local, offering
from motcua.procedures.permissions import may_edit_catalogue, require_sets_up
from motcua.procedures.queries import local_rules, managing
from motcua.sites.desk import own_workflows
from motcua.sites.desk.procedure_forms import NOT, PASSES_ON, SETTLES, AtAgencyForm
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import attempt
from motcua.workflow.operations import publishing

_PAGE = 40


def _crumbs(procedure: Procedure, *more: Crumb) -> list[Crumb]:
    here = Crumb(procedure.code or procedure.name[:40], reverse("procedure_card", args=[procedure.pk]))
    return [Crumb(_("Danh mục thủ tục"), reverse("procedure_list")), here, *more]


@require_GET
def at_agencies(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """List agencies with how each handles a procedure; those one has a say in can be opened."""
    today = timezone.localdate()
    procedure, receivers = managing.received_by(procedure_id, today)
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    rows = local_rules.at_agencies(
        procedure_id, day=today, among=None, text=text, after=request.GET.get("after", ""), limit=_PAGE + 1
    )
    older = "?" + urlencode({"q": text, "after": rows[_PAGE - 1].mark}) if len(rows) > _PAGE else ""
    mine = agencies_below(actor.agency_id, today) | {actor.agency_id} if actor.agency_id else set()
    own = own_workflows.of_agencies(procedure_id, [row.agency.pk for row in rows], today)
    context = {
        "procedure": procedure,
        "crumbs": _crumbs(procedure, Crumb(_("Các cơ quan nhận"))),
        "text": text,
        "rows": [
            (
                row,
                _limit_words(row.setting),
                own.get(row.agency.pk),
                row.agency.pk in mine and may_edit_catalogue(actor),
            )
            for row in rows[:_PAGE]
        ],
        "pager": Pager(older=older, by_time=False),
        "count": receivers,
        "own": actor.agency_id if may_edit_catalogue(actor) else None,
    }
    return render(request, "desk/procedures/agencies.html", context)


def _limit_words(setting: Any) -> str:
    if setting is None or setting.limit_value is None:
        return ""
    return Limit(setting.limit_value, Unit(setting.limit_unit)).words()


@require_http_methods(["GET", "POST"])
def at_agency(request: HttpRequest, procedure_id: int, agency_id: int) -> HttpResponse:
    """Change how one agency handles a procedure, from a day on."""
    procedure, today = managing.procedure(procedure_id), timezone.localdate()
    agency = one_agency(agency_id)
    require_sets_up(actor_of(request), agency_id, today)
    if procedure.code is None:
        raise NotFound(_("Thủ tục chưa có mã nên chưa cơ quan nào nhận được."))
    held = next(iter(local_rules.at_agencies(procedure_id, day=today, among=[agency_id])), None)
    if held is None:
        raise NotFound(_("Cơ quan này không còn hoạt động."))
    own = own_workflows.of_agencies(procedure_id, [agency_id], today).get(agency_id)
    initial = _initial(held, own, today)
    form = AtAgencyForm(request.POST or None, agency=agency, today=today, initial=initial)

    def act(data: dict[str, Any]) -> None:
        _carry_out(data, initial, procedure, agency, actor_of(request), timezone.now())

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi cách làm của %(agency)s.") % {"agency": agency.short_name})
        return redirect("procedure_agencies", procedure_id)
    title = _("%(agency)s: cách làm riêng") % {"agency": agency.short_name}
    back = reverse("procedure_agencies", args=[procedure_id])
    context = {
        "form": form,
        "title": title,
        "note": f"{procedure.code} {procedure.name}",
        "facts": [
            _("Đã có thay đổi đặt cho ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"} for day in held.later
        ],
        "facts_title": _("Sắp đổi"),
        "button": _("Lưu"),
        "back": back,
        "crumbs": _crumbs(procedure, Crumb(_("Các cơ quan nhận"), back), Crumb(agency.short_name)),
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


def _initial(held: local_rules.AtAgency, own: Any, today: Any) -> dict[str, Any]:
    setting = held.setting
    offered = NOT
    if held.competent is not None:
        offered = SETTLES if held.competent else PASSES_ON
    return {
        "offered": offered,
        "point": setting.point if setting else None,
        "calendar": setting.calendar if setting else None,
        "limit": _limit_words(setting),
        "note": setting.note if setting else "",
        "workflow": own,
        "valid_from": today,
    }


def _carry_out(
    data: dict[str, Any],
    before: dict[str, Any],
    procedure: Procedure,
    agency: Agency,
    actor: Actor,
    at: datetime,
) -> None:
    """Do what differs from before: offering, workflow, setting."""
    day, code = data["valid_from"], str(procedure.code)
    who: dict[str, Any] = {"actor": actor, "at": at}
    if data["offered"] != before["offered"]:
        try:
            if data["offered"] == NOT:
                offering.stop_offering(agency_id=agency.pk, codes=[code], valid_to=day, **who)
            else:
                settles = data["offered"] == SETTLES
                offering.offer(agency_id=agency.pk, codes=[code], valid_from=day, competent=settles, **who)
        except Refusal as refused:
            refused.field = "valid_from" if refused.code == "too_early" else "offered"
            raise
    if data["workflow"] != before["workflow"]:
        _change_workflow(data["workflow"], procedure, agency, day, who)
    limit: Limit | None = data["limit"]
    setting = local.Setting(
        point_id=data["point"].pk if data["point"] else None,
        calendar_id=data["calendar"].pk if data["calendar"] else None,
        limit_value=limit.value if limit else None,
        limit_unit=limit.unit.value if limit else "",
        note=data["note"],
    )
    same = (
        data["point"] == before["point"]
        and data["calendar"] == before["calendar"]
        and (limit.words() if limit else "") == before["limit"]
        and data["note"].strip() == before["note"]
    )
    if not same:
        local.set_up(
            agency_id=agency.pk,
            procedure_id=procedure.pk,
            setting=setting,
            valid_from=day,
            key=data["key"],
            **who,
        )


def _change_workflow(
    wanted: Any, procedure: Procedure, agency: Agency, day: Any, who: dict[str, Any]
) -> None:
    try:
        if wanted is None:
            publishing.use_default(procedure_id=procedure.pk, on_day=day, agency_id=agency.pk, **who)
        else:
            publishing.apply_to_procedure(
                procedure_id=procedure.pk, version_id=wanted.pk, valid_from=day, agency_id=agency.pk, **who
            )
    except Refusal as refused:
        refused.field = "workflow"
        raise
