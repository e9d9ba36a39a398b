"""A citizen's own page: who is signed in and how surely, for whom they act, where they are logged in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts import citizen_session, sessions
from motcua.accounts.levels import SUBMISSION
from motcua.accounts.operations import accounts
from motcua.applicants import acting, queries
from motcua.applicants.models import CitizenAccount
from motcua.base.notifications.models import Kind
from motcua.base.notifications.operations import choosing
from motcua.base.notifications.words import masked
from motcua.lib.actor import Actor
from motcua.online import queries as online
from motcua.ui.components import Crumb

_MOST_ADDRESSES = 6


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Show who I am here, my roles and my sessions."""
    actor = _actor(request)
    account_id = actor.account_id or 0
    citizen = queries.citizen(account_id)
    context = {
        "actor_name": actor.name,
        "citizen": citizen,
        "telling": _telling(actor, citizen),
        "level": citizen_session.level(request),
        "signed_in_at": citizen_session.signed_in_at(request),
        "provider": settings.OIDC,
        "higher": citizen_session.sign_in_url(request.path, level=2, fresh=True),
        "roles": acting.roles_of_request(request),
        "role": acting.role_of_request(request),
        "sessions": sessions.sessions_of(account_id),
        "session_key": request.session.session_key,
        "crumbs": [Crumb(_("Tài khoản của tôi"))],
    }
    return render(request, "portal/account.html", context)


def _telling(actor: Actor, citizen: CitizenAccount | None) -> list[tuple[str, str]]:
    """Return where somebody is told, masked, each with the word in the address of the page where they choose how.

    Theirs are telephone and mail of their identity, and those they gave for dossiers of their own: these only to who
    proved who they are, since what is chosen holds for whoever else is told there.
    """
    if citizen is None:
        return []
    found = [(Kind.PHONE, citizen.person.phone or ""), (Kind.EMAIL, citizen.person.email or "")]
    if actor.level >= SUBMISSION:
        for one in online.own_dossiers(actor, citizen.person.applicant.pk):
            found += [(Kind.PHONE, one.contact_phone or ""), (Kind.EMAIL, one.contact_email or "")]
    told = [one for one in dict.fromkeys(found) if one[1]][:_MOST_ADDRESSES]
    now = timezone.now()
    return [
        (masked(address), choosing.token_of(choosing.recipient(kind=kind, address=address, at=now)))
        for kind, address in told
    ]


@require_GET
def stay(request: HttpRequest) -> HttpResponse:
    """Say that the person is still here: the request itself keeps the session alive."""
    return JsonResponse({})


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End my sessions on other machines."""
    actor = _actor(request)
    accounts.end_sessions(
        account_id=actor.account_id or 0, actor=actor, at=timezone.now(), keep=request.session.session_key
    )
    messages.success(request, _("Đã đăng xuất khỏi các máy khác."))
    return redirect("portal-account")


def choose_role(request: HttpRequest) -> HttpResponse:
    """Choose for whom I act from now on; after it, back to where I was going."""
    roles = acting.roles_of_request(request)
    back = citizen_session.safe_next(request.POST.get("next") or request.GET.get("next", ""), "/tai-khoan/")
    if request.method == "POST":
        wanted = request.POST.get("role", "")
        chosen = next((one for one in roles if str(one.applicant_id) == wanted), None)
        if chosen is not None:
            acting.choose(request, chosen)
            return redirect(back)
        messages.error(request, _("Vai này không còn hiệu lực. Chọn vai khác."))
    context = {
        "roles": roles,
        "role": acting.role_of_request(request),
        "next": back,
        "crumbs": [Crumb(_("Tài khoản của tôi"), "/tai-khoan/"), Crumb(_("Chọn vai"))],
    }
    return render(request, "portal/choose_role.html", context)
