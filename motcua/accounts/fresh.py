"""Asking who sits here once more, before an act on somebody's way to log in."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _


def asked_again(request: HttpRequest, back: str) -> HttpResponseRedirect | None:
    """Lead to the page that asks for password or second factor; None where it was given minutes ago.

    The same five minutes as before a change of one's own credentials (`AccountAdapter`). It leads on to `back`,
    where the button stands: what was sent is not carried out behind the person's back.
    """
    if not reauthentication.is_reauthentication_required(request, app="account"):
        return None
    ways = get_adapter().get_reauthentication_methods(request.user)
    messages.info(request, _("Chưa làm gì. Xác nhận đúng là anh/chị, rồi bấm lại nút vừa bấm."))
    return HttpResponseRedirect(f"{ways[0]['url']}?{urlencode({'next': back})}")
