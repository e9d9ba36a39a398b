"""A citizen's pages about acting for others: what holds, what waits, asking, ending."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.accounts.levels import SUBMISSION, requires_level
from motcua.agencies import whereabouts
from motcua.applicants import acting, mandate_queries
from motcua.applicants.models import Mandate, MandateState
from motcua.applicants.operations import mandates
from motcua.base.files.uploads import uploaded
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.sites.portal.mandate_forms import MandateForm
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def mine(request: HttpRequest) -> HttpResponse:
    """Show for whom I may act, what I asked for, and who may act for me."""
    actor, today = _actor(request), timezone.localdate()
    own = next((one for one in acting.roles_of_request(request) if one.is_self), None)
    context = {
        "rows": [(one, _ends(one)) for one in mandate_queries.of_account(actor.account_id or 0)],
        "over": mandate_queries.over(own.applicant_id, today) if own else [],
        "today": today,
        "crumbs": [Crumb(_("Tài khoản của tôi"), "/tai-khoan/"), Crumb(_("Làm thay người khác"))],
    }
    return render(request, "portal/mandates.html", context)


def _ends(one: Mandate) -> bool:
    return one.state in {MandateState.ASKED, MandateState.CONFIRMED}


@requires_level(SUBMISSION)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to act for somebody."""
    actor, now = _actor(request), timezone.now()
    places = whereabouts.open_places(timezone.localdate(now))
    sent = request.method == "POST"
    form = MandateForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        places=places,
        initial=_again(actor.account_id or 0, request.GET.get("lai", "")),
    )

    def act(data: dict[str, object]) -> object:
        upload = uploaded(request, "file")
        return mandates.ask(
            kind=str(data["kind"]), name=str(data["name"]), number=str(data["number"]),
            birth_date=data["birth_date"],  # type: ignore[arg-type]
            agency_id=int(str(data["place"])), stream=upload.file, filename=upload.name or "",  # type: ignore[arg-type]
            actor=actor, at=now, key=str(data["key"]),
        )  # fmt: skip

    if sent and attempt(form, act):
        messages.success(request, _("Đã gửi. Bộ phận một cửa xem giấy tờ rồi trả lời ở trang này."))
        return redirect("portal-mandates")
    context = {
        "form": form,
        "crumbs": [
            Crumb(_("Tài khoản của tôi"), "/tai-khoan/"),
            Crumb(_("Làm thay người khác"), "/tai-khoan/lam-thay/"),
            Crumb(_("Gửi yêu cầu")),
        ],
    }
    return render(request, "portal/mandate_ask.html", context, status=422 if sent else 200)


def _again(account_id: int, word: str) -> dict[str, object]:
    """Return what a refused request of mine said, to send it again with another paper; nothing for any other."""
    mine = mandate_queries.of_account(account_id) if word else []
    one = next((row for row in mine if str(row.pk) == word and row.state == MandateState.REFUSED), None)
    if one is None:
        return {}
    return {
        "kind": one.kind, "name": one.name, "number": one.number, "birth_date": one.birth_date,
        "place": str(one.agency_id),
    }  # fmt: skip


@require_POST
def end(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """End a right to act, of mine or over me."""
    try:
        mandates.end(
            mandate_id=mandate_id,
            reason="",
            actor=_actor(request),
            at=timezone.now(),
            key=request.POST.get("key", ""),
        )
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Đã chấm dứt. Từ bây giờ không ai nộp hồ sơ theo quyền này nữa."))
    return redirect("portal-mandates")
