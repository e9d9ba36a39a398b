"""Who may read and who may change workflows: facts first, then the table of actions."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

READERS = ("business_admin", "unit_admin", "system_admin", "monitor", "leader", "unit_head")

EDITORS = ("business_admin",)


def is_business_admin(actor: Actor) -> bool:
    """The officer who keeps procedures and internal workflows (đầu mối kiểm soát thủ tục hành chính)."""
    return actor.kind == "officer" and actor.has("business_admin")


def is_program(actor: Actor) -> bool:
    """The installation's own commands and jobs."""
    return actor.kind == "system"


def may_read(actor: Actor) -> bool:
    return is_program(actor) or (actor.kind == "officer" and actor.has(*READERS))


def may_edit(actor: Actor) -> bool:
    return is_program(actor) or is_business_admin(actor)


ACTIONS = {
    "read": may_read,
    "save_draft": may_edit,
    "publish": may_edit,
    "retire": may_edit,
    "apply": may_edit,
}


def require(action: str, actor: Actor) -> None:
    """Refuse when `actor` may not do `action`."""
    if not ACTIONS[action](actor):
        raise NotPermitted(_("Chỉ quản trị nghiệp vụ được thay đổi quy trình. Hãy nhờ người có vai trò này."))
