"""The gate of assurance: what a log-in must prove before something may be done with it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.accounts import citizen_session
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

View = Callable[..., HttpResponseBase]
SUBMISSION = (
    2  # what handing in a dossier asks (Nghị định 69/2024/NĐ-CP: level 2 counts as the identity card)
)


def requires_level(level: int) -> Callable[[View], View]:
    """Mark a citizens' view that needs a log-in of this level; others get a page that says what to do (403)."""

    def mark(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.level >= level:
                return view(request, *args, **kwargs)
            return too_low(request, level)

        return gated

    return mark


def too_low(request: HttpRequest, level: int) -> HttpResponse:
    """Return the page that explains the level and leads to it."""
    again = citizen_session.sign_in_url(request.get_full_path(), level=level, fresh=True)
    context = {
        "wanted": level, "level": citizen_session.level(request), "again": again,
        "provider": settings.OIDC,
    }  # fmt: skip
    return render(request, "accounts/level.html", context, status=403)


def require_level(actor: Actor, level: int) -> None:
    """Refuse an applicant whose log-in proves less; for operations, which hold the rule whatever page calls them."""
    if actor.kind == "applicant" and actor.level < level:
        raise NotPermitted(
            _("Việc này cần tài khoản định danh điện tử mức %(level)d. Đăng nhập lại bằng tài khoản mức đó.")
            % {"level": level},
            code="level_too_low",
        )
