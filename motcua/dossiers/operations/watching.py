"""One round of looking after dates, as the system: prepare, note, remind, expire. Each dossier by itself.

Every act is a transaction of its own and claims a key, so that a round that is killed, or runs beside another, does
nothing twice; the next round goes on where it was. A dossier that moved on in the meantime is left alone.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from motcua.dossiers import lateness, watch
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import apology, expiry
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

BATCH = 500
Transaction = Callable[[], AbstractContextManager[Any]]
log = logging.getLogger(__name__)


@dataclass
class Round:
    """What one round came to. `skipped` had moved on by then; `failed` is in the log and tried again."""

    moments: int = 0
    lapsed: int = 0
    prepared: int = 0
    late: int = 0
    reminded: int = 0
    expired: int = 0
    skipped: int = 0
    failed: int = 0

    def said(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items() if count) or "nothing"


def look_after(*, at: datetime, within: Transaction = transaction.atomic, most: int = BATCH) -> Round:
    """Do what is due at `at`, up to `most` of each kind; the rest is the next round's.

    `within` opens each transaction: a job's says that the system asks.
    """
    done = Round()
    with within():
        done.moments = fill_moments(most=most)
        done.lapsed = apology.lapse_moved() + expiry.let_go_of_ended(at=at)
    with within():
        late, near = watch.passed(at, most), watch.near(at, most)
        gone, remind = watch.expired(at, most), watch.to_remind(at, most)

    passed = [partial(apology.note_late, dossier_id=one.dossier_id, due_at=one.due_at) for one in late]
    coming = [partial(apology.prepare, dossier_id=one.dossier_id, due_at=one.due_at) for one in near]
    ended = [partial(expiry.expire, request_id=one.request_id, dossier_id=one.dossier_id) for one in gone]
    ending = [partial(expiry.remind, request_id=one.request_id, dossier_id=one.dossier_id) for one in remind]
    done.late = _each(passed, at, within, done)
    done.prepared = _each(coming, at, within, done)
    done.expired = _each(ended, at, within, done)
    done.reminded = _each(ending, at, within, done)
    return done


def _each(acts: Sequence[Callable[..., Dossier]], at: datetime, within: Transaction, done: Round) -> int:
    count = 0
    for act in acts:
        try:
            with within():
                act(actor=SYSTEM, at=at)
        except Refusal:
            done.skipped += 1
        except Exception:
            log.exception("looking after a date failed")
            done.failed += 1
        else:
            count += 1
    return count


def fill_moments(*, most: int = BATCH) -> int:
    """Give dossiers of before the moment by which completeness is to be answered; return how many."""
    waiting = watch.without_moment(most)
    calendars = watch.calendars() if waiting else {}
    for dossier in waiting:
        moment = lateness.answer_due(calendars[dossier.calendar_id], dossier.submitted_at)
        Dossier.objects.filter(
            pk=dossier.pk, home_agency_id=dossier.home_agency_id, status=1, answer_due_at=None
        ).update(answer_due_at=moment)
    return len(waiting)
