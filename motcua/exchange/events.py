"""The names by which other systems hear of a dossier: `dossier.` and the verb of the table of moves."""

from motcua.dossiers import states

PREFIX = "dossier."
TRIAL = "trial"
#: What a webhook may ask for. Names are never changed, only added.
EVENTS: tuple[str, ...] = tuple(f"{PREFIX}{verb}" for verb in ("submit", *states.VERBS))
