"""The left column of every work page: my lists with their counts, my positions."""

from itertools import count as count_up
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies.queries import positions_of_request
from motcua.agencies.roles import PEOPLE_ADMIN_ROLES, Role
from motcua.certification.lane import offered_kinds
from motcua.certification.permissions import READERS as CERTIFIERS
from motcua.certification.permissions import may as may_certify
from motcua.counters.permissions import SERVES, WATCHES
from motcua.counters.queries import uses_tickets
from motcua.dossiers import today, worklists
from motcua.dossiers.permissions import ARCHIVE_READERS, REGISTER_READERS
from motcua.dossiers.views.lists import counted_lists, counts_of
from motcua.feedback.permissions import READERS as RATING_READERS
from motcua.feedback.queries.petitions import calls_lately as petition_calls
from motcua.privacy.roles import COUNTER as DATA_COUNTER
from motcua.privacy.roles import WATCHERS as DATA_WATCHERS
from motcua.procedures.permissions import APPROVERS, EDITORS
from motcua.ui.routing import officer
from motcua.workflow.permissions import READERS

register = template.Library()

_LATE = frozenset(
    {"late", "agency-late", "unsaid", "agency-unsaid", "new-late", "supplement-late", "agency-expired"}
)

_EVERY_ROLE = frozenset(Role.values)
# The pages about the office itself, with the roles whose day they belong to.
_OFFICE = (
    ("register", _("Sổ theo dõi hồ sơ"), frozenset(REGISTER_READERS)),
    ("papers", _("Giấy tờ, bàn giao"), _EVERY_ROLE),
    (
        "postings",
        _("Hồ sơ đang niêm yết"),
        frozenset({Role.SPECIALIST, Role.UNIT_HEAD, Role.LEADER, Role.CLERK}),
    ),
    ("archive", _("Hết thời hạn bảo quản"), frozenset(ARCHIVE_READERS)),
    ("register-elsewhere", _("Sổ hồ sơ phi địa giới"), _EVERY_ROLE),
    ("halls", _("Sảnh lấy số"), frozenset(WATCHES)),
    ("ratings", _("Đánh giá của người dân"), frozenset(RATING_READERS)),
    ("petitions", _("Phản ánh, kiến nghị"), _EVERY_ROLE),
    ("data-requests", _("Yêu cầu về dữ liệu"), frozenset({*DATA_COUNTER, *DATA_WATCHERS})),
    ("incidents", _("Sự cố dữ liệu"), frozenset(DATA_WATCHERS)),
    ("incident-new", _("Báo sự cố dữ liệu"), _EVERY_ROLE),
    ("agencies_people", _("Cán bộ"), PEOPLE_ADMIN_ROLES),
    ("workflow_list", _("Quy trình nội bộ"), READERS),
    ("procedure_list", _("Danh mục thủ tục"), APPROVERS),
    ("procedure_flags", _("Thủ tục cần xem lại"), EDITORS),
    ("legal_list", _("Văn bản pháp luật"), _EVERY_ROLE),
    ("paper-texts", _("Lời văn trên giấy"), frozenset({Role.BUSINESS_ADMIN})),
    ("message-texts", _("Lời báo cho người nộp"), frozenset({Role.BUSINESS_ADMIN})),
    ("questions", _("Câu hỏi khi đánh giá"), frozenset({Role.BUSINESS_ADMIN})),
    ("result-templates", _("Mẫu kết quả"), frozenset({Role.BUSINESS_ADMIN})),
    ("calendar_list", _("Lịch làm việc"), _EVERY_ROLE),
    ("opinion-templates", _("Mẫu ý kiến"), _EVERY_ROLE),
    ("delegations", _("Làm thay khi vắng"), _EVERY_ROLE),
    ("mandates", _("Dân xin làm thay"), frozenset({Role.GUIDE, Role.RECEIVER})),
    ("agencies_tree", _("Cây cơ quan"), _EVERY_ROLE),
    ("administration", _("Quản trị"), frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR})),
    ("agencies_reviews", _("Rà soát quyền"), frozenset({Role.LEADER})),
)


@register.inclusion_tag("desk/lists.html", takes_context=True)
def desk_lists(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the officer's lists, each with its count and the digit that opens it."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor):
        return {"groups": []}
    here = getattr(request, "desk_list", "")
    groups: dict[str, list[dict[str, Any]]] = {}
    digits = count_up(1)
    for one, count in counted_lists(request):
        if one.rare and not count and one.key != here:
            continue
        number = 0 if one.rare or one.scope in worklists.ASIDE else next(digits)
        entry = {
            "list": one,
            "count": count,
            "key": number if 0 < number < 10 else "",
            "here": one.key == here,
        }
        groups.setdefault(one.group, []).append({**entry, "late": one.key in _LATE and count > 0})
    return {
        "groups": list(groups.items()),
        "actor": actor,
        "request": request,
        "reminders": today.asked_of_me(counts_of(request)),
    }


@register.inclusion_tag("desk/positions.html", takes_context=True)
def desk_positions(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the switch between the officer's positions; nothing for officers with one."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor):
        return {"positions": []}
    held = positions_of_request(request)
    return {"positions": held if len(held) > 1 else [], "actor": actor, "request": request}


@register.inclusion_tag("desk/office.html", takes_context=True)
def desk_office(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the way to the pages about people, workflows, the catalogue, calendars and agencies, by role."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor):
        return {"links": []}
    offered = [(reverse(name), words) for name, words, roles in _OFFICE if actor.has(*roles)]
    here = max((url for url, _words in offered if request.path.startswith(url)), key=len, default="")
    called = {
        reverse("papers"): today.papers_call(counts_of(request)),
        reverse("petitions"): petition_calls(actor, timezone.now()),
    }
    return {
        "links": [
            {"url": url, "words": words, "here": url == here, "called": called.get(url, 0)}
            for url, words in offered
        ]
    }


@register.inclusion_tag("desk/hall.html", takes_context=True)
def desk_hall(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the way to the officer's counter, where the agency has a hall and the officer serves there."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor) or not actor.has(*SERVES):
        return {"shown": False}
    return {"shown": uses_tickets(frozenset({actor.agency_id or 0, *actor.stands_for})), "request": request}


@register.inclusion_tag("desk/certification.html", takes_context=True)
def desk_certification(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the way to the certification desk, where the agency certifies and the officer has a part in it."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor) or not actor.has(*CERTIFIERS):
        return {"shown": False}
    kinds = offered_kinds(actor.agency_id)
    return {"shown": bool(kinds), "takes": may_certify("take_in", actor), "request": request}
