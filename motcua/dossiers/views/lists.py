"""The officer's lists: what to do today, sorted by the time that is left."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.roles import PEOPLE_ADMIN_ROLES, Role
from motcua.base.notifications import queries as messages
from motcua.base.notifications.operations import telling
from motcua.dossiers import contents, listing, office_today, rows, today, worklists
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.permissions import REGISTER_READERS
from motcua.dossiers.reading import actor_of
from motcua.dossiers.worklists import Moment, WorkList
from motcua.lib.actor import Actor
from motcua.procedures.permissions import EDITORS
from motcua.ui import hot
from motcua.ui.components import Pager

_WHOSE = frozenset({"unit", "agency", "others", "mentioned", "watched"})
MOST_COUNTED = 9999
MOST_TOLD = 50
LONG_PAGE = 100  # `?rows=100`, for a tall screen


def moment_now() -> Moment:
    """Return now and the end of "soon"."""
    return worklists.moment_at(timezone.now())


def home(request: HttpRequest) -> HttpResponse:
    """Show one of the officer's lists; without a choice the one their day begins with."""
    actor = actor_of(request)
    moment = moment_now()
    chosen = request.GET.get("list", "")
    mine = worklists.lists_of(actor)
    one = next((entry for entry in mine if entry.key == chosen), None) or worklists.first_list(actor)
    after = request.GET.get("after", "")
    size = LONG_PAGE if request.GET.get("rows") == str(LONG_PAGE) else listing.PAGE
    part = listing.page(one, actor, moment, after=after, size=size)
    note_shown(dossiers=(item.dossier_id for item in part.items), way=Way.LIST, actor=actor, at=moment.now)
    picking = worklists.may_pick(one, actor)
    drafts = listing.drafts_of([item.dossier_id for item in part.items]) if picking == "approve" else None
    lines = rows.lines(
        part.items,
        now=moment.now,
        whose=one.scope in _WHOSE,
        # Among the work of others much is no decision: there only what was drafted can be ticked.
        picking=set(drafts) if drafts is not None and one.scope == "others" else bool(picking),
        drafts=drafts,
    )
    context: dict[str, Any] = {
        "today": today.first_things(actor, _all_counts(request)) if not chosen and not after else (),
        "list": one,
        "lines": lines,
        "table": drawn(lines, str(one.name)),
        "pager": _pager(one, part.older, after, size),
        "now": moment.now,
        "first_page": not after,
        "instead": _instead(actor) if not lines else ("", ""),
        "calls": _calls(request, one) if chosen and not after else [],
        "picking": picking,
        "key": uuid4().hex if picking else "",
    }
    request.desk_list = one.key  # type: ignore[attr-defined]
    return render(request, "dossiers/list.html", context)


# Where somebody goes on whose list is empty, by what their role does besides dossiers: the first that fits.
_GOES_ON: tuple[tuple[frozenset[str], str, Any], ...] = (
    (frozenset({Role.RECEIVER}), "intake", gettext_lazy("Tiếp nhận hồ sơ mới (F2)")),
    (PEOPLE_ADMIN_ROLES, "agencies_people", gettext_lazy("Việc quản trị: cán bộ, vị trí, lời mời")),
    (frozenset(EDITORS), "procedure_flags", gettext_lazy("Thủ tục cần xem lại")),
    (frozenset({Role.GUIDE}), "console-guide", gettext_lazy("Bàn hướng dẫn: lấy số, tra cứu giúp người dân")),
    (frozenset({Role.RETURNER, Role.CASHIER}), "console", gettext_lazy("Quầy của tôi: gọi số tiếp theo")),
    (frozenset({Role.POSTAL}), "papers", gettext_lazy("Giấy tờ, bàn giao")),
    (frozenset(REGISTER_READERS), "register", gettext_lazy("Sổ theo dõi hồ sơ")),
    (frozenset({Role.SPECIALIST}), "opinion-templates", gettext_lazy("Soạn mẫu ý kiến dùng cho lần sau")),
)  # fmt: skip


def _instead(actor: Actor) -> tuple[str, str]:
    """Return address and words of the way on from an empty list; empty for who has none."""
    for roles, name, words in _GOES_ON:
        if actor.roles & roles:
            return reverse(name), str(words)
    return "", ""


def drawn(lines: list[rows.Line], caption: str) -> SafeString:
    """Return the table of a list, "" for no rows: by Jinja, see docs/decisions/0012."""
    if not lines:
        return mark_safe("")
    template = hot.page("lines.html")
    return mark_safe(template.render({"lines": lines, "caption": caption}))  # noqa: S308  (escapes by itself)


def counts(request: HttpRequest) -> JsonResponse:
    """Return how many rows each list holds, for the numbers of an open screen."""
    found = worklists.counts(actor_of(request), moment_now())
    return JsonResponse({**found, "reminders": today.asked_of_me(found)})


def reminders(request: HttpRequest) -> HttpResponse:
    """Show everything that wants the officer's eye, the most pressing first, news, notes that name them."""
    actor = actor_of(request)
    context = {
        "things": today.first_things(actor, _all_counts(request), most=99),
        "told": list(messages.of_account(actor.account_id or 0)[:MOST_TOLD]),
        "unread": counts_of(request).get("told", 0),
        "key": uuid4().hex,
        "mentions": contents.mentions_of(actor),
        "now": timezone.now(),
    }
    return render(request, "dossiers/reminders.html", context)


def _all_counts(request: HttpRequest) -> dict[str, int]:
    """Return the counts of the lists and of what waits for who looks after the office."""
    return {**counts_of(request), **office_today.counts(actor_of(request), timezone.localdate())}


@require_GET
def told(request: HttpRequest, message_id: int) -> HttpResponse:
    """Open what a message is about; it counts as read from then on. Somebody else's is not there."""
    actor = actor_of(request)
    message = messages.own(actor.account_id or 0, message_id)
    telling.read(account_id=actor.account_id or 0, at=timezone.now(), message_ids=[message.pk])
    return redirect(message.link if message.link.startswith("/") else "reminders")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that the officer has read everything they were told. Once more changes nothing."""
    telling.read(account_id=actor_of(request).account_id or 0, at=timezone.now())
    return redirect("reminders")


def counts_of(request: HttpRequest) -> dict[str, int]:
    """Return how much each of the officer's lists holds, by key: asked once for a page."""
    kept: dict[str, int] | None = getattr(request, "desk_counts", None)
    if kept is None:
        kept = worklists.counts(actor_of(request), moment_now())
        request.desk_counts = kept  # type: ignore[attr-defined]
    return kept


def counted_lists(request: HttpRequest) -> list[tuple[WorkList, int]]:
    """Return the officer's lists with their counts: for the left column and what the page itself says of them."""
    found = counts_of(request)
    return [(one, found.get(one.key, 0)) for one in worklists.lists_of(actor_of(request))]


def _calls(request: HttpRequest, shown: WorkList) -> list[tuple[WorkList, int]]:
    """Return the lists that hold something now and call for somebody before the day's work does."""
    return [(one, count) for one, count in counted_lists(request) if one.rare and count and one is not shown]


def _pager(one: WorkList, older: str, after: str, size: int) -> Pager:
    long = {"rows": size} if size == LONG_PAGE else {}

    def address(key: str) -> str:
        return "/?" + urlencode({"list": one.key, **long, **({"after": key} if key else {})})

    return Pager(newer=address("") if after else "", older=address(older) if older else "", by_time=False)
