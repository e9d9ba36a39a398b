"""Who stands in for whom: one page that lists it, one form that names somebody."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.agencies import away, permissions, queries
from motcua.agencies.models import DelegationState
from motcua.agencies.operations import delegations
from motcua.dossiers.forms.delegations import DelegationForm
from motcua.dossiers.picks import procedures_named
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

_LIVE = {DelegationState.WAITING, DelegationState.AGREED}


def delegation_list(request: HttpRequest) -> HttpResponse:
    """List what concerns the officer: whom they asked, for whom they work, what waits for their word."""
    actor, today = actor_of(request), timezone.localdate()
    found = away.delegations_about(actor, today)
    names = procedures_named([code for row in found for code in row.procedures])
    rows = [
        {
            "row": row,
            "last_day": away.last_day(row),
            "procedures": [f"{code} {names.get(code, '')}".strip() for code in row.procedures],
            "live": row.state in _LIVE and (row.valid_to or today) > today,
            "begun": row.valid_from <= today,
            "may_decide": row.state == DelegationState.WAITING
            and permissions.may_decide_delegation(actor, row.from_position),
            "may_end": row.to_position.account_id == actor.account_id
            or permissions.may_delegate(actor, row.from_position),
        }
        for row in found
    ]
    context: dict[str, Any] = {
        "live": [one for one in rows if one["live"]],
        "over": [one for one in rows if not one["live"]],
        "needs_approval": queries.agency(actor.agency_id or 0).delegation_needs_approval,
        "may_set": permissions.runs(actor, actor.agency_id or 0),
    }
    return render(request, "dossiers/delegations.html", context)


def delegation_new(request: HttpRequest) -> HttpResponse:
    """Name who does one's own work; a head or leader chooses for whom (`?for=`)."""
    actor, now = actor_of(request), timezone.now()
    today = timezone.localdate(now)
    choices = away.absent_ones(actor, today)
    wanted = request.POST.get("from_position") or request.GET.get("for", "")
    absent = next((one for one in choices if str(one.pk) == wanted), None)
    if absent is None:
        absent = next((one for one in choices if one.pk == actor.position_id), choices[0])
    people = away.stand_ins_for(absent, today)
    sent = request.method == "POST"
    form = DelegationForm(
        request.POST if sent else None, people=people, today=today, agency=actor.agency_id or 0
    )
    looking, refusal = sent and form.is_looking(), ""
    if looking:
        form.shown_as_typed()
    elif sent and form.is_valid():
        data = form.cleaned_data
        try:
            row = delegations.delegate(
                from_position=absent.pk, to_position=int(data["to_position"]), first_day=data["first_day"],
                last_day=data["last_day"], procedures=data["procedures"], reason=data["reason"], actor=actor, at=now,
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
        except Refusal as refused:
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
            else:
                refusal = refused.message
        else:
            said = _("Đã cử %(name)s làm thay.") % {"name": row.to_position.account.full_name}
            if row.state == DelegationState.WAITING:
                said = _("Đã gửi; chờ lãnh đạo duyệt.")
            messages.success(request, said)
            return redirect("delegations")
    context = {
        "form": form, "refusal": refusal, "absent": absent, "choices": choices if len(choices) > 1 else [],
        "own": absent.account_id == actor.account_id, "key": request.POST.get("key") or uuid4().hex,
    }  # fmt: skip
    faulty = sent and not looking
    return render(request, "dossiers/delegation_new.html", context, status=422 if faulty else 200)


@require_POST
def delegation_act(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Agree to a delegation, refuse it or end it."""
    actor, now = actor_of(request), timezone.now()
    what = request.POST.get("do", "")
    try:
        if what == "end":
            delegations.end_delegation(delegation_id=delegation_id, actor=actor, at=now)
            said = _("Đã kết thúc việc làm thay.")
        elif what in {"agree", "refuse"}:
            delegations.decide_delegation(
                delegation_id=delegation_id, agree=what == "agree", actor=actor, at=now
            )
            said = _("Đã duyệt việc ủy quyền.") if what == "agree" else _("Đã từ chối việc ủy quyền.")
        else:
            return redirect("delegations")
    except (NotPermitted, NotFound):
        raise
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("delegations")


@require_POST
def delegation_rule(request: HttpRequest) -> HttpResponse:
    """Say whether the agency's delegations wait for the head's agreement."""
    actor = actor_of(request)
    needed = request.POST.get("needed") == "1"
    delegations.set_approval(agency_id=actor.agency_id or 0, needed=needed, actor=actor, at=timezone.now())
    messages.success(
        request,
        _("Từ nay việc ủy quyền phải được lãnh đạo duyệt.") if needed else _("Từ nay việc ủy quyền có hiệu lực ngay."),
    )  # fmt: skip
    return redirect("delegations")
