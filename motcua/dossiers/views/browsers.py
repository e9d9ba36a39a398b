"""An officer's own browser is told, too: the worker it needs, and the places where it is named and forgotten."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.notifications.channels import push
from motcua.base.notifications.operations import choosing
from motcua.base.notifications.outlets import ready
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import Refusal
from motcua.ui import workers


def push_of_page() -> dict[str, str] | None:
    """Return what the form of a page needs to have its browser told; None where push is not set up."""
    if not ready(push.NAME):
        return None
    return {
        "url": reverse("browser"), "worker": reverse("browser-worker"), "scope": "/account/",
        "key": push.sender().public,
    }  # fmt: skip


@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Have this browser told, or no more."""
    account, endpoint = actor_of(request).account_id, request.POST.get("endpoint", "")[:3000]
    try:
        if request.POST.get("act") == "stop":
            choosing.stop_listening(endpoint=endpoint, account_id=account)
        else:
            choosing.listen(
                endpoint=endpoint, public=request.POST.get("public", "")[:200],
                auth=request.POST.get("auth", "")[:100], account_id=account, at=timezone.now(),
            )  # fmt: skip
    except Refusal as refused:
        return HttpResponse(refused.message, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Answer with the script that shows what is pushed."""
    script = settings.ROOT / "motcua" / "ui" / "static" / "ui" / "js" / "push-worker.js"
    return workers.worker(script, title=_("Tin của hệ thống"))
