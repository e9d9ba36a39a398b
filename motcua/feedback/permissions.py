"""Who reads the ratings, which name nobody; who reads, sorts, answers and publishes petitions."""

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.feedback.models import Petition
from motcua.feedback.states import About, Verb
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

READERS = (Role.UNIT_HEAD, Role.LEADER, Role.MONITOR, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)

_SORTERS = (Role.UNIT_HEAD, Role.LEADER)

_OF_LEADERS = {Verb.APPROVE, Verb.SEND_BACK}
_OF_SORTERS = {
    *(Verb.ASSIGN, Verb.REFUSE, Verb.PUBLISH, Verb.UNPUBLISH),
    *(Verb.FORWARD, Verb.SEND_OUT, Verb.GIVE_BACK),
}
_OF_SENDERS = {Verb.REPLY, Verb.WITHDRAW, Verb.KEEP_PRIVATE, Verb.SCORE}


def may(verb: Verb, actor: Actor, petition: Petition) -> bool:
    """Tell whether the actor may do this to the petition now, as far as rights go.

    A sender is whoever opened the petition by its token or secret; nobody else comes as far as this in public.
    """
    if actor.kind != "officer":
        return actor.kind == "system" or verb in _OF_SENDERS
    if verb in _OF_SENDERS or petition.concerns_account == actor.account_id:
        return False
    if not actor.speaks_for(petition.at_agency_id):
        return False
    if verb in _OF_LEADERS:
        return actor.has(Role.LEADER)
    sorts = actor.has(Role.LEADER) if petition.about == About.CONDUCT else actor.has(*_SORTERS)
    if verb in _OF_SORTERS:
        return sorts
    return sorts or (petition.assigned_to_id is not None and petition.assigned_to_id == actor.position_id)


def require(verb: Verb, actor: Actor, petition: Petition) -> None:
    """Refuse what `may` does not allow."""
    if not may(verb, actor, petition):
        raise NotPermitted(_("Vị trí của anh/chị không làm được việc này. Báo lãnh đạo cơ quan."))


#: Who writes and publishes what ratings ask.
QUESTION_KEEPERS = (Role.BUSINESS_ADMIN, Role.SYSTEM_ADMIN)


def require_questions(actor: Actor) -> None:
    """Refuse whoever is no functional administrator."""
    if actor.kind != "system" and not actor.has(*QUESTION_KEEPERS):
        raise NotPermitted(_("Chỉ quản trị nghiệp vụ soạn và công bố bộ câu hỏi."))
