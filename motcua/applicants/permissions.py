"""Who may register applicants and correct what is known of them."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.applicants import queries
from motcua.applicants.models import Mandate
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


_MANDATES = frozenset({Role.GUIDE, Role.RECEIVER})


def may_look_at_mandates(actor: Actor) -> bool:
    """Tell whether the actor confirms mandates: who receives people at the counter and sees their papers."""
    return actor.kind == "officer" and actor.has(*_MANDATES)


def require_mandate_officer(actor: Actor, mandate: Mandate) -> None:
    """Refuse who may not look at this mandate: another agency's officer, and somebody without the role."""
    if not (may_look_at_mandates(actor) and actor.agency_id and actor.speaks_for(mandate.agency_id)):
        raise NotPermitted(_("Yêu cầu này gửi cơ quan khác, hoặc anh/chị không có vai trò tiếp nhận."))


def may_end(actor: Actor, mandate: Mandate) -> bool:
    """Tell whether the actor may end a mandate: who acts by it, the person acted for, an officer of the agency."""
    if actor.kind == "officer":
        return may_look_at_mandates(actor) and actor.speaks_for(mandate.agency_id)
    if actor.kind != "applicant" or actor.account_id is None:
        return False
    if mandate.account_id == actor.account_id:
        return True
    own = queries.citizen(actor.account_id)
    return own is not None and mandate.applicant_id == own.person.applicant.pk
