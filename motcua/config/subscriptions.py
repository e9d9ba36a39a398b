"""Who hears what: one line per event, if only with an empty list (a test holds this)."""

from collections.abc import Mapping, Sequence

from motcua.agencies import handlers as agencies
from motcua.base.notifications import handlers as notifications
from motcua.base.outbox.operations import Handler
from motcua.dossiers import handlers as dossiers
from motcua.exchange import handlers as exchange
from motcua.feedback import handlers as feedback

SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    "accounts.emergency_used": (agencies.emergency_used,),
    "agencies.change_due": (agencies.change_due,),
    "counters.called": (),  # heard by open screens alone
    "counters.help_asked": (),
    "counters.line_moved": (),
    "counters.station_job_ended": (dossiers.station_job_ended,),
    "dossiers.accepted": (dossiers.tell_applicant, dossiers.vault_fills, exchange.dossier_accepted),
    "dossiers.moved": (
        dossiers.child_moved,
        dossiers.parent_moved,
        dossiers.tell_applicant,
        dossiers.vault_fills,
        exchange.dossier_moved,
    ),
    "dossiers.recompute_waits": (dossiers.recompute_waits,),
    "exchange.delivery_waits": (exchange.delivery_waits,),
    "feedback.result_objected": (feedback.result_objected,),
    "notifications.message_written": (notifications.message_written,),
}
