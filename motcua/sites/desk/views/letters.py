"""Letters that could not be handed over: why, have them tried again, give them up. For system administrators."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts import queries as accounts
from motcua.base.notifications import queries, words
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import dead_letters, providers
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """List what could not be handed over, the newest first, and how the sending stands."""
    now, before = timezone.now(), request.GET.get("before", "")
    found, older = queries.dead_letters(before=int(before) if before.isdecimal() else 0)
    people = accounts.by_id({one.account_id for one in found if one.account_id})
    stands = queries.standing(now)
    context = {
        "rows": [_row(one, people) for one in found], "older": older, "standing": stands,
        "waiting": [(words.WAYS[one.channel], one) for one in stands.waiting],
        "mail": settings.MAIL, "now": now, "key": uuid4().hex,
        "channels": [(words.WAYS[one.channel], one) for one in queries.channels(now)],
        "arrived": [(words.WAYS[one.channel], one) for one in queries.arrived(now)],
        "zalo": settings.PROVIDERS.zalo is not None, "token": queries.token_stands(),
        "crumbs": [Crumb(_("Quản trị"), "/administration/"), Crumb(_("Tin chưa gửi được"))],
    }  # fmt: skip
    return render(request, "desk/administration/letters.html", context)


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Have one letter or all of them tried again, or give one up."""
    frame: dict[str, Any] = {
        "actor": actor_of(request), "at": timezone.now(), "key": request.POST.get("key", "")[:64],
    }  # fmt: skip
    wanted, chosen = request.POST.get("act", ""), request.POST.get("letter", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    try:
        if wanted == "all":
            count = len(dead_letters.send_all_again(**frame))
            said = ngettext("%(n)s tin sẽ được gửi lại.", "%(n)s tin sẽ được gửi lại.", count) % {"n": count}
        elif wanted == "token":
            providers.give_token(refresh=request.POST.get("token", "")[:3000], **frame)
            said = _("Đã ghi mã mới. Tin Zalo đang chờ sẽ đi trong một phút.")
        elif wanted == "open":
            channel, _colon, name = request.POST.get("way", "")[:60].partition(":")
            providers.open_way(channel=channel, name=name, **frame)
            said = _("Đã mở lại. Tin đang chờ sẽ đi trong một phút.")
        elif wanted == "drop":
            dead_letters.give_up(message_id=number, **frame)
            said = _("Đã thôi gửi tin này.")
        else:
            dead_letters.send_again(message_id=number, address=_address(number), **frame)
            said = _("Tin này sẽ được gửi lại ngay.")
    except NotPermitted:
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("letters")


def _address(message_id: int) -> str:
    """Return the address that the letter's person has today: it may be what was put right."""
    account_id = queries.person_of(message_id)
    person = accounts.by_id({account_id}).get(account_id) if account_id else None
    return person.email if person else ""


def _row(one: Message, people: dict[int, Any]) -> dict[str, Any]:
    person = people.get(one.account_id or 0)
    return {
        "message": one, "why": words.reason(one), "name": person.full_name if person else "",
        "address": person.email if person and one.channel == "email" else words.masked(one.address),
        "channel": words.WAYS.get(one.channel, ""),
    }  # fmt: skip
