"""Reactions to news; at least once, so each bears repetition."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from motcua.base.jobs.operations import ring
from motcua.counters.models import JobState
from motcua.dossiers import linked, message_words, queries, states
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import children, messages, news, recompute, vault
from motcua.lib.actor import SYSTEM

_NEWS = timedelta(days=3)
_ENDS = (states.GRANTED, states.REFUSED, states.WITHDRAWN, states.STOPPED)


def station_job_ended(facts: dict[str, Any]) -> None:
    """Tell who asked when the station at a counter could not print or scan."""
    if facts["state"] == JobState.FAILED:
        news.station_failed(UUID(facts["job"]), datetime.fromisoformat(facts["at"]))


def recompute_waits(facts: dict[str, Any]) -> None:
    """Have a recompute counted or carried out by a job: it may take minutes."""
    ring(recompute.JOB)


def child_moved(facts: dict[str, Any]) -> None:
    """When a child dossier has ended, its parent goes on; a result goes to the agency that asked for it."""
    if _state(facts) not in _ENDS:
        return
    child = _dossier(facts)
    if child is None or child.parent_id is None:
        return
    parent = Dossier.objects.get(pk=child.parent_id)
    at = datetime.fromisoformat(facts["at"])
    if parent.state in (*states.RUNNING, *states.PAUSED):
        children.child_ended(
            parent_id=parent.pk, child_id=child.pk, actor=SYSTEM, at=at, key=f"child-ended:{child.pk}"
        )
    if child.state in states.DECIDED:
        children.hand_to_parent(child_id=child.pk, actor=SYSTEM, at=at, key=f"child-returned:{child.pk}")


def parent_moved(facts: dict[str, Any]) -> None:
    """When a dossier is withdrawn or stopped, what other agencies still do for it ends too."""
    if _state(facts) not in (states.WITHDRAWN, states.STOPPED):
        return
    parent = _dossier(facts)
    if parent is None:
        return
    at = datetime.fromisoformat(facts["at"])
    for child in linked.open_children(parent):
        children.end_with_parent(child_id=child.pk, actor=SYSTEM, at=at, key=f"parent-ended:{child.pk}")


def tell_applicant(facts: dict[str, Any]) -> None:
    """Tell who handed a dossier in what changed and what to do: one message a fact.

    What is older than three days is no news: demo data and dossiers carried over from another system tell nobody.
    """
    at = datetime.fromisoformat(facts["at"])
    if at < timezone.now() - _NEWS:
        return
    verb = facts.get("verb", "accept")  # the news that a dossier was taken in names no verb
    event = message_words.event_of(verb, facts.get("status", 0), facts.get("sub_status", ""))
    if event:
        messages.tell(dossier_id=UUID(facts["subject_id"]), event=event, mark=f"{event}:{facts['at']}", at=at)


def vault_fills(facts: dict[str, Any]) -> None:
    """Keep the papers of a dossier that was taken in, and its result once it is there, in its applicant's vault."""
    if "status" not in facts or _state(facts) in states.DECIDED:
        vault.fill(dossier_id=UUID(facts["subject_id"]), at=datetime.fromisoformat(facts["at"]))


def _state(facts: dict[str, Any]) -> states.State:
    """The state that the news is about; the dossier may have moved on since."""
    return states.State(states.Status(facts["status"]), states.Sub(facts["sub_status"]))


def _dossier(facts: dict[str, Any]) -> Dossier | None:
    return queries.visible_to(SYSTEM).filter(pk=facts["subject_id"]).first()
