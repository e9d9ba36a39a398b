"""Who may register applicants and correct what is known of them."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

_OFFICERS = frozenset({Role.GUIDE, Role.RECEIVER, Role.SPECIALIST, Role.RETURNER, Role.POSTAL})


def may_register(actor: Actor) -> bool:
    """Tell whether the actor may write down who applies: desk officers, applicants, systems."""
    if actor.kind == "officer":
        return actor.has(*_OFFICERS)
    return actor.kind in {"applicant", "integration", "system"}


def require_may_register(actor: Actor) -> None:
    """Refuse who may not register applicants."""
    if not may_register(actor):
        raise NotPermitted(_("Anh/chị không có vai trò ghi nhận người nộp hồ sơ."))


def owns_vault(actor: Actor, applicant_id: UUID) -> bool:
    """Tell whether the vault is that of the applicant somebody acts for in this session."""
    return actor.kind == "applicant" and actor.for_applicant == applicant_id
