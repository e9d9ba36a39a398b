"""Invented dossiers at every agency that takes any in: the real operations, people that do not exist."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Agency, Position, holds_on
from motcua.agencies.queries import actor_for
from motcua.base.calendars.queries import working_calendar
from motcua.cli.demo import walk
from motcua.cli.demo.dossiers import morning, open_variants, person, take_in
from motcua.dossiers.models import Dossier
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.ui.routing import set_database_actor

_ACTS = (0, 1, 2, 9, 3, 9, 4, 0)  # how far each of eight has come
_FEW_AGENCIES = 12


def load(*, each: int, now: datetime) -> int:
    """Make `each` dossiers at the first agencies that have a counter; return how many there are."""
    made = 0
    today = timezone.localdate(now)
    for commune in Agency.objects.exclude(calendar=None).order_by("pk")[: 50 * _FEW_AGENCIES]:
        counters = Position.objects.filter(holds_on(today), unit__agency=commune, account__is_active=True)
        receiver = counters.filter(roles__contains=["receiver"]).order_by("pk").first()
        variants = open_variants(commune, today) if receiver else []
        if receiver is None or not variants:
            continue
        for number in range(each):
            made += _one(commune, receiver, variants[number % len(variants)], number, now)
        if made >= each * _FEW_AGENCIES:
            break
    return made


def _one(commune: Agency, receiver: Position, variant: ProcedureVariant, number: int, now: datetime) -> bool:
    """Make one dossier; where the office is younger than that, one of this very minute."""
    chance = random.Random(commune.pk * 1000 + number)  # noqa: S311  (invented people, the same after a reset)
    for received in (morning(commune, now, number % 8, chance), now - timedelta(minutes=1)):
        try:
            with transaction.atomic():
                set_database_actor(SYSTEM)
                actor = actor_for(receiver.pk, timezone.localdate(received))
                applicant = person(
                    chance,
                    commune.pk % 90 * 1000 + number,
                    actor,
                    received,
                    place=commune.short_name or commune.name,
                )
                dossier = take_in(variant, applicant, commune=commune, actor=actor, at=received)
        except Refusal:
            continue
        _walk(dossier, commune, _ACTS[number % len(_ACTS)], received, now)
        return True
    return False


def _walk(dossier: Dossier, commune: Agency, acts: int, received: datetime, now: datetime) -> None:
    """Carry the dossier on by the officers there are; it stays where nobody holds the next step."""
    assert commune.calendar_id is not None
    calendar, moment = working_calendar(commune.calendar_id), received
    for _number in range(acts):
        moment = calendar.add_time(moment, timedelta(minutes=50))
        if moment >= now:
            return
        try:
            with transaction.atomic():
                set_database_actor(SYSTEM)
                if not walk.one_step(dossier, at=moment):
                    return
        except (Refusal, AssertionError, IndexError):
            return
