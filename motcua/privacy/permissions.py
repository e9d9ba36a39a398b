"""Who handles requests about data, and who keeps the register of incidents. Always inside one's own agency."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted
from motcua.privacy.models import DataRequest
from motcua.privacy.roles import COUNTER, KEEPERS


def keeps(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor answers for the data of an agency."""
    return actor.kind == "officer" and actor.has(*KEEPERS) and actor.speaks_for(agency_id)


def require_keeps(actor: Actor, agency_id: int) -> None:
    """Refuse who does not answer for the data of an agency."""
    if not keeps(actor, agency_id):
        raise NotPermitted(_("Chỉ lãnh đạo hoặc quản trị của cơ quan làm được việc này."))


def handles(actor: Actor, row: DataRequest) -> bool:
    """Tell whether the actor works on a request: it was given to them, or they answer for the agency's data."""
    mine = row.assigned_to_id is not None and row.assigned_to_id == actor.position_id
    return mine or keeps(actor, row.home_agency_id)


def require_handles(actor: Actor, row: DataRequest) -> None:
    """Refuse who does not work on a request."""
    if not handles(actor, row):
        raise NotPermitted(_("Yêu cầu này giao cho người khác. Nhờ lãnh đạo giao lại nếu cần."))


def takes_in(actor: Actor) -> bool:
    """Tell whether the actor writes down requests of people at the counter."""
    return actor.kind == "officer" and actor.has(*COUNTER, *KEEPERS) and actor.agency_id is not None
