"""Where officers choose what comes by mail, and administrators set their agency's default."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts import queries as accounts
from motcua.accounts.operations.informing import choose_mail
from motcua.agencies.roles import PEOPLE_ADMIN_ROLES
from motcua.base.notifications import queries as messages
from motcua.dossiers import reminders
from motcua.dossiers.operations import reminders as operations
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.browsers import push_of_page
from motcua.ui.keyed import KeyedForm, attempt

_ON_OFF = [("on", gettext_lazy("Gửi thư mỗi sáng")), ("off", gettext_lazy("Không gửi"))]


class OwnForm(KeyedForm):
    """One's own choice."""

    own = forms.ChoiceField(label=gettext_lazy("Thư của tôi"), choices=_ON_OFF, widget=forms.RadioSelect)


class NewsForm(KeyedForm):
    """Whether what the system tells comes by mail too."""

    news = forms.ChoiceField(
        label=gettext_lazy("Tin của hệ thống qua thư"),
        choices=[
            ("on", gettext_lazy("Gửi cả qua thư")),
            ("off", gettext_lazy("Chỉ hiện trên màn hình")),
        ],
        widget=forms.RadioSelect,
    )


class DefaultForm(KeyedForm):
    """What holds for those who chose nothing."""

    default = forms.ChoiceField(
        label=gettext_lazy("Với cán bộ chưa tự chọn"), choices=_ON_OFF, widget=forms.RadioSelect
    )


def reminder_settings(request: HttpRequest) -> HttpResponse:
    """Show what holds, and change it."""
    actor, at = actor_of(request), timezone.now()
    chosen = reminders.choice_of(actor)
    by_mail = bool(messages.wanting("email", [actor.account_id or 0]))
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    shown: dict[str, KeyedForm] = {}
    for name, kind, now in (
        ("own", OwnForm, chosen.on),
        ("news", NewsForm, by_mail),
        ("default", DefaultForm, chosen.agency),
    ):
        data = request.POST if sent == name else None
        shown[name] = kind(data, initial={name: "on" if now else "off"}, auto_id=f"{name}_%s")

    def carry_out(data: dict[str, Any]) -> None:
        on = data[sent] == "on"
        frame: dict[str, Any] = {"actor": actor, "at": at, "key": data["key"] or ""}
        if sent == "own":
            operations.choose(wants=on, **frame)
        elif sent == "news":
            choose_mail(wants=on, **frame)
        else:
            operations.set_default(on=on, **frame)

    if sent in shown and attempt(shown[sent], carry_out):
        notices.success(request, _("Đã ghi."))
        return redirect("mail-reminders")
    context = {
        **shown,
        "administers": actor.has(*PEOPLE_ADMIN_ROLES),
        "form": shown.get(sent),
        "chosen": chosen,
        "address": accounts.account(actor.account_id or 0).email,
        "mail": settings.MAIL,
        "push": push_of_page(),
    }
    return render(request, "dossiers/mail_reminders.html", context, status=422 if sent else 200)
