"""Where officers switch their morning letter on or off, and administrators set their agency's default."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts import queries as accounts
from motcua.agencies.roles import PEOPLE_ADMIN_ROLES
from motcua.dossiers import reminders
from motcua.dossiers.operations import reminders as operations
from motcua.dossiers.reading import actor_of
from motcua.ui.keyed import KeyedForm, attempt

_ON_OFF = [("on", gettext_lazy("Gửi thư mỗi sáng")), ("off", gettext_lazy("Không gửi"))]


class OwnForm(KeyedForm):
    """One's own choice."""

    own = forms.ChoiceField(label=gettext_lazy("Thư của tôi"), choices=_ON_OFF, widget=forms.RadioSelect)


class DefaultForm(KeyedForm):
    """What holds for those who chose nothing."""

    default = forms.ChoiceField(
        label=gettext_lazy("Với cán bộ chưa tự chọn"), choices=_ON_OFF, widget=forms.RadioSelect
    )


def reminder_settings(request: HttpRequest) -> HttpResponse:
    """Show what holds, and change it."""
    actor = actor_of(request)
    chosen = reminders.choice_of(actor)
    administers = actor.has(*PEOPLE_ADMIN_ROLES)
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    own = OwnForm(
        request.POST if sent == "own" else None, initial={"own": _word(chosen.on)}, auto_id="own_%s"
    )
    default = DefaultForm(
        request.POST if sent == "default" else None,
        initial={"default": _word(chosen.agency)},
        auto_id="default_%s",
    )

    def choose(data: dict[str, Any]) -> None:
        operations.choose(wants=data["own"] == "on", actor=actor, at=timezone.now(), key=data["key"] or "")

    def set_default(data: dict[str, Any]) -> None:
        operations.set_default(
            on=data["default"] == "on", actor=actor, at=timezone.now(), key=data["key"] or ""
        )

    done = attempt(own, choose) if sent == "own" else attempt(default, set_default) if sent else False
    if done:
        messages.success(request, _("Đã ghi."))
        return redirect("mail-reminders")
    context = {
        "own": own,
        "default": default,
        "administers": administers,
        "form": own if sent == "own" else default if sent else None,
        "chosen": chosen,
        "address": accounts.account(actor.account_id or 0).email,
        "mail": settings.MAIL,
    }
    return render(request, "dossiers/mail_reminders.html", context, status=422 if sent else 200)


def _word(on: bool) -> str:
    return "on" if on else "off"
