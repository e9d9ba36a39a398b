"""The address that somebody else's letters go to: a system administrator writes it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts import queries as accounts
from motcua.accounts.fresh import asked_again
from motcua.accounts.operations import emails
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt


class AddressForm(KeyedForm):
    """The address; empty means none."""

    email = forms.CharField(
        label=gettext_lazy("Thư điện tử công vụ"), max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Để trống nếu không còn dùng địa chỉ nào."),
    )  # fmt: skip


def set_email(request: HttpRequest, account_id: int) -> HttpResponse:
    """Write somebody's address; who sits here is asked once more."""
    here, back = (reverse(name, args=[account_id]) for name in ("agencies_set_email", "agencies_person"))
    if first := asked_again(request, here):
        return first
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    account = accounts.account(account_id)
    form = AddressForm(request.POST or None, initial={"email": account.email})

    def act(data: dict[str, Any]) -> None:
        emails.set_for(account_id=account_id, **data, actor=actor, at=timezone.now())

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi địa chỉ thư. Người này và địa chỉ cũ được báo."))
        return redirect(back)
    title = _("Địa chỉ thư của %(name)s") % {"name": account.full_name}
    crumbs = [
        Crumb(_("Cán bộ"), reverse("agencies_people")), Crumb(account.full_name, back), Crumb(_("Địa chỉ thư"))
    ]  # fmt: skip
    context = {"form": form, "title": title, "button": _("Ghi"), "back": back, "crumbs": crumbs}
    return render(request, "agencies/act.html", context, status=422 if form.errors else 200)
