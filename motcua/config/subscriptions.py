"""Who hears what: one line per event, if only with an empty list (a test holds this)."""

from collections.abc import Mapping, Sequence

from motcua.base.outbox.operations import Handler
from motcua.dossiers import handlers as dossiers

SUBSCRIPTIONS: Mapping[str, Sequence[Handler]] = {
    "dossiers.accepted": (),
    "dossiers.moved": (dossiers.child_moved, dossiers.parent_moved),
}
