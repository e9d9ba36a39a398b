"""Daily work around agencies: names that hold from today, planned changes whose day has come. Doorbells."""

import logging

from django.db import DatabaseError
from django.utils import timezone

from motcua.agencies.events import CARRY_OUT
from motcua.agencies.operations import changes, letters, reviews
from motcua.agencies.operations.agencies import adopt_names
from motcua.base.jobs.operations import job, periodic
from motcua.base.jobs.system import as_system
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

_log = logging.getLogger(__name__)


@periodic(cron="1 17 * * *")  # 00:01 in Vietnam
@job(name="agencies.adopt_names", queueing_lock="agencies.adopt_names")
def adopt_todays_names(timestamp: int) -> None:
    """Let agencies and units be called what their dated names say from today."""
    with as_system():
        adopt_names(actor=SYSTEM, at=timezone.now())


@periodic(cron="*/5 * * * *")
@job(name=CARRY_OUT, queueing_lock=CARRY_OUT, lock=CARRY_OUT)
def carry_out_changes(timestamp: int) -> None:
    """Carry out planned changes of agencies whose day has come; each is a transaction of its own."""
    for change_id in changes.due_now(at=timezone.now()):
        try:
            with as_system():
                changes.carry_out(change_id=change_id, actor=SYSTEM, at=timezone.now())
        except Refusal as refusal:
            changes.note_problem(change_id=change_id, problem=refusal.message)
        except DatabaseError as error:  # one that fails must not hold up those behind it
            _log.exception("change %s", change_id)
            changes.note_problem(change_id=change_id, problem=f"{type(error).__name__}")


@periodic(cron="20 23 * * *")  # 06:20 in Vietnam
@job(name="agencies.look_after_reviews", queueing_lock="agencies.look_after_reviews")
def look_after_reviews(timestamp: int) -> None:
    """Open the half-yearly access review, remind those who have not answered, then tell administrators."""
    with as_system():
        reviews.look_after(at=timezone.now())


@periodic(cron="*/30 0-13 * * *")  # 07:00 to 20:30 in Vietnam
@job(name="agencies.tell_of_letters", queueing_lock="agencies.tell_of_letters")
def tell_of_letters(timestamp: int) -> None:
    """Tell system administrators of letters that do not go out."""
    with as_system():
        letters.tell_administrators(at=timezone.now())
