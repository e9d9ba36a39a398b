"""How somebody is told: the page behind the link in each message, open without a log-in to whoever holds the link."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.base.notifications.channels import push
from motcua.base.notifications.models import Kind, Recipient
from motcua.base.notifications.operations import choosing
from motcua.base.notifications.outlets import ready
from motcua.base.notifications.words import masked
from motcua.lib import phone
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import workers
from motcua.ui.keyed import KeyedForm, attempt

_WAYS = {
    "zalo": gettext_lazy("Zalo"), "sms": gettext_lazy("Tin nhắn SMS"), "email": gettext_lazy("Thư điện tử"),
}  # fmt: skip
_PLAIN = "text/plain; charset=utf-8"
_HOURS = [(str(hour), f"{hour} giờ") for hour in range(24)]


class ChoiceForm(KeyedForm):
    """Which ways, and between which hours nothing."""

    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Báo cho tôi bằng"), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    quiet_from = forms.ChoiceField(label=gettext_lazy("Không báo từ"), choices=_HOURS)
    quiet_to = forms.ChoiceField(
        label=gettext_lazy("đến"), choices=_HOURS,
        help_text=gettext_lazy("Hai giờ bằng nhau: báo cả ngày đêm."),
    )  # fmt: skip

    def __init__(self, given: Any, row: Recipient) -> None:
        channels = choosing.CHANNELS_OF[row.kind]
        wanted = [channel for channel in channels if channel not in row.refused]
        usual = {"ways": wanted, "quiet_from": str(row.quiet_from), "quiet_to": str(row.quiet_to)}
        super().__init__(given, initial=usual, label_suffix="")
        ways = self.fields["ways"]
        assert isinstance(ways, forms.MultipleChoiceField)
        ways.choices = [(channel, _WAYS[channel]) for channel in channels]
        if row.kind == Kind.PHONE:
            ways.help_text = _("Bỏ hết thì chỉ còn những tin luật buộc báo.")
        else:
            ways.help_text = _("Bỏ chọn thì không còn thư nào gửi tới hộp thư này.")


def choice(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the owner of the link is told, and change it."""
    try:
        row = choosing.by_token(token)
    except NotFound:
        return render(request, "portal/telling_gone.html", status=404)
    form = ChoiceForm(request.POST if request.method == "POST" else None, row)
    if request.method == "POST" and attempt(
        form,
        lambda data: choosing.choose(
            token=token, refused=[one for one in choosing.CHANNELS_OF[row.kind] if one not in data["ways"]],
            quiet=(int(data["quiet_from"]), int(data["quiet_to"])), actor=PUBLIC, at=timezone.now(), key=data["key"],
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã ghi cách báo tin của anh/chị."))
        return redirect("telling", token)
    context = {
        "form": form, "phone": row.kind == Kind.PHONE, "push": _push(token) if ready(push.NAME) else None,
        "address": phone.masked(row.address or "") if row.kind == Kind.PHONE else masked(row.address),
    }  # fmt: skip
    answer = render(request, "portal/telling.html", context, status=422 if request.method == "POST" else 200)
    answer["Referrer-Policy"] = "same-origin"  # the address is the right; its own form needs its Origin
    return answer


@csrf_exempt
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Turn letters off: a mail program posts here when its owner pressed its button (RFC 8058).

    Opened as a page it changes nothing, for scanners open every link of a letter: it leads to the choice.
    """
    if request.method != "POST":
        return redirect("telling", token)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponse(_("Thiếu List-Unsubscribe=One-Click."), status=400, content_type=_PLAIN)
    choosing.leave(token=token, actor=PUBLIC, at=timezone.now())
    return HttpResponse(_("Đã thôi gửi thư tới hộp thư này."), content_type=_PLAIN)


def _push(token: str) -> dict[str, str]:
    return {
        "url": reverse("telling-browser", args=[token]), "worker": reverse("telling-worker"), "scope": "/bao-tin/",
        "key": push.sender().public,
    }  # fmt: skip


@require_POST
def browser(request: HttpRequest, token: str) -> HttpResponse:
    """Have this browser told, or no more."""
    endpoint = request.POST.get("endpoint", "")[:3000]
    try:
        if request.POST.get("act") == "stop":
            choosing.stop_listening(endpoint=endpoint, token=token)
        else:
            choosing.listen(
                endpoint=endpoint, public=request.POST.get("public", "")[:200],
                auth=request.POST.get("auth", "")[:100], token=token, at=timezone.now(),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refused:
        return HttpResponse(refused.message, status=422, content_type=_PLAIN)
    return HttpResponse(status=204)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Answer with the script that shows what is pushed."""
    script = settings.ROOT / "motcua" / "ui" / "static" / "ui" / "js" / "push-worker.js"
    return workers.worker(script, title=_("Tin về hồ sơ"))
