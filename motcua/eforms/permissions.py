"""Who may make and publish forms and look at them; who holds a link may fill in what it leads to."""

from django.utils.translation import gettext as _

from motcua.eforms.models import FormApproval
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted
from motcua.procedures.permissions import APPROVERS, EDITORS, may_edit_catalogue


def require_publisher(actor: Actor) -> None:
    """Refuse people: a form of theirs is approved by a second person first (decision 0016)."""
    if actor.kind != "system":
        raise NotPermitted(_("Biểu mẫu được công bố bằng lệnh của hệ thống; người soạn gửi duyệt."))


def require_maker(actor: Actor) -> None:
    """Refuse everybody but the officers who keep the catalogue."""
    if not may_edit_catalogue(actor) or actor.account_id is None:
        raise NotPermitted(
            _("Chỉ quản trị nghiệp vụ soạn được tờ khai. Anh/chị nhờ quản trị nghiệp vụ của đơn vị.")
        )


def may_approve(actor: Actor, approval: FormApproval) -> bool:
    """Tell whether the actor is a second person for a request: not who asked, with the right of one."""
    if actor.kind != "officer" or actor.account_id in (None, approval.asked_by_id):
        return False
    return actor.has(*EDITORS) or (actor.has(*APPROVERS) and actor.agency_id == approval.asked_agency_id)


def require_second_person(actor: Actor, approval: FormApproval) -> None:
    """Refuse who asked for it, and who may not approve."""
    if actor.account_id == approval.asked_by_id:
        raise NotPermitted(_("Anh/chị là người gửi. Việc này cần một người thứ hai duyệt."))
    if not may_approve(actor, approval):
        raise NotPermitted(
            _("Người duyệt là một quản trị nghiệp vụ khác, hoặc lãnh đạo của cơ quan đã gửi yêu cầu.")
        )
