"""Officers' pages about mandates: what waits at their agency, one of them with its proof, the answer."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.applicants import mandate_queries, permissions
from motcua.applicants.forms import ConfirmForm, EndForm, RefuseForm
from motcua.applicants.models import Mandate, MandateKind, MandateState
from motcua.applicants.operations import mandates as operations
from motcua.base.files import operations as files
from motcua.base.files import responses
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt

_STATES = (MandateState.ASKED, MandateState.CONFIRMED, MandateState.REFUSED, MandateState.REVOKED)


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def mandates(request: HttpRequest) -> HttpResponse:
    """List what citizens asked of my agency, what waits first."""
    actor = _actor(request)
    state = request.GET.get("state", "")
    state = state if state in MandateState.values else MandateState.ASKED
    own = {actor.agency_id or 0, *actor.stands_for}
    context = {
        "rows": mandate_queries.at_agency(own, state),
        "state": state,
        "states": [(one.value, one.label) for one in _STATES],
    }
    return render(request, "applicants/mandates.html", context)


def mandate(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Show one with its proof; confirm, refuse or end it."""
    actor, now, found = _actor(request), timezone.now(), _mine(request, mandate_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    common = {"mandate_id": mandate_id, "actor": actor, "at": now}
    forms: dict[str, tuple[KeyedForm, Callable[..., Mandate]]] = {
        "confirm": (
            ConfirmForm(
                request.POST if act == "confirm" else None,
                auto_id="confirm_%s",
                child=found.kind == MandateKind.CHILD,
                business=found.kind == MandateKind.BUSINESS,
            ),
            operations.confirm,
        ),
        "refuse": (
            RefuseForm(request.POST if act == "refuse" else None, auto_id="refuse_%s"),
            operations.refuse,
        ),
        "end": (EndForm(request.POST if act == "end" else None, auto_id="end_%s"), operations.end),
    }
    if act in forms:
        form, operation = forms[act]
        if attempt(form, lambda data: operation(**data, **common)):
            messages.success(request, _("Đã ghi. Người dân thấy ngay ở trang của họ."))
            return redirect("mandates")
    context = {
        "one": found,
        "crumbs": [Crumb(_("Quyền làm thay"), reverse("mandates")), Crumb(found.name or "")],
        "waiting": found.state == MandateState.ASKED,
        "holds": found.state == MandateState.CONFIRMED,
        "pages": range(1, found.proof.pages + 1),
        "form": forms[act][0] if act in forms else None,
        **{name: form for name, (form, _operation) in forms.items()},
    }
    return render(request, "applicants/mandate.html", context, status=422 if act else 200)


def proof(request: HttpRequest, mandate_id: UUID, number: int) -> FileResponse:
    """Return one page of the proof as a picture, drawn by us."""
    found = _mine(request, mandate_id)
    return responses.picture(files.preview(file_id=found.proof_id, page=number))


def _mine(request: HttpRequest, mandate_id: UUID) -> Mandate:
    found = mandate_queries.get(mandate_id)
    permissions.require_mandate_officer(_actor(request), found)
    return found
