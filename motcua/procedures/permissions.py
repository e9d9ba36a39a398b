"""Who may change the catalogue: business administrators, and who approves as a second person."""

from datetime import date

from django.utils.translation import gettext as _

from motcua.agencies.queries import agencies_below
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted
from motcua.procedures.models import Approval

EDITORS = ("business_admin",)
#: Who reads drafts and approves them; a leader what their own agency's administrator asked for.
APPROVERS = ("business_admin", "leader")


def may_edit_catalogue(actor: Actor) -> bool:
    """Tell whether the actor may import, publish, repeal and settle doubtful rows."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(*EDITORS))


def require_editor(actor: Actor) -> None:
    """Refuse everyone else with a sentence that says whom to ask."""
    if not may_edit_catalogue(actor):
        raise NotPermitted(
            _("Chỉ quản trị nghiệp vụ được sửa danh mục thủ tục. Anh/chị nhờ quản trị nghiệp vụ của đơn vị.")
        )


def may_read_drafts(actor: Actor) -> bool:
    """Tell whether the actor may look at the administrators' pages of the catalogue."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(*APPROVERS))


def may_approve(actor: Actor, approval: Approval) -> bool:
    """Tell whether the actor is a second person for a request: not who asked, with the right of one."""
    if actor.kind != "officer" or actor.account_id in (None, approval.asked_by_id):
        return False
    return actor.has(*EDITORS) or (actor.has(*APPROVERS) and actor.agency_id == approval.asked_agency_id)


def require_second_person(actor: Actor, approval: Approval) -> None:
    """Refuse who asked for the approval, and who may not approve."""
    if actor.account_id == approval.asked_by_id:
        raise NotPermitted(_("Anh/chị là người gửi. Việc này cần một người thứ hai duyệt."))
    if not may_approve(actor, approval):
        raise NotPermitted(
            _("Người duyệt là một quản trị nghiệp vụ khác, hoặc lãnh đạo của cơ quan đã gửi yêu cầu.")
        )


def require_system(actor: Actor) -> None:
    """Refuse people: what they publish or repeal is approved by a second person."""
    if actor.kind != "system":
        raise NotPermitted(_("Công bố, bãi bỏ cần người thứ hai duyệt. Gửi duyệt ở trang của thủ tục."))


def sets_up(actor: Actor, agency_id: int, on: date) -> bool:
    """Tell whether the actor says how an agency handles procedures: its own, and those below it."""
    if actor.kind == "system":
        return True
    if not may_edit_catalogue(actor) or actor.agency_id is None:
        return False
    return actor.agency_id == agency_id or agency_id in agencies_below(actor.agency_id, on)


def require_sets_up(actor: Actor, agency_id: int, on: date) -> None:
    """Refuse whoever has no say in how an agency handles procedures."""
    require_editor(actor)
    if not sets_up(actor, agency_id, on):
        raise NotPermitted(
            _(
                "Chỉ quản trị nghiệp vụ của chính cơ quan này hoặc của cơ quan cấp trên đổi được cách làm riêng."
            )
        )
