"""Demo of paper on its way: dossiers received for another agency, slips under way, one line missing."""

import random
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Agency, AgencyCode, Position, Unit, UnitKind
from motcua.agencies.queries import actor_for
from motcua.base.calendars.queries import working_calendar
from motcua.cli.demo import walk
from motcua.cli.demo.dossiers import COMMUNE, morning, person, take_in
from motcua.dossiers import held
from motcua.dossiers.models import Dossier, HandoverSlip, Holding
from motcua.dossiers.operations import custody
from motcua.lib.actor import SYSTEM, Actor
from motcua.procedures.models import Procedure
from motcua.procedures.queries.catalogue import version_on
from motcua.ui.routing import set_database_actor

WARD = "H24.13"
_CODES = ("1.001193", "1.004873", "1.000656")  # what the ward receives for the special zone
_PEOPLE = 7_000  # invented numbers of their own
_ACTS = (0, 2, 1)


def load(*, first: int, now: datetime) -> None:
    """Make what is not there yet: `first` of the dossiers received elsewhere are."""
    for number in range(first, len(_CODES)):
        with transaction.atomic():
            set_database_actor(SYSTEM)
            _receive(number, now)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        if not HandoverSlip.objects.exists():
            _hand_over(now)


def _agency(code: str) -> Agency:
    return AgencyCode.objects.select_related("agency").get(code=code).agency


def _actor(login: str, now: datetime) -> Actor:
    position = Position.objects.get(account__login_name=login, valid_to=None)
    return actor_for(position.pk, timezone.localdate(now))


def _receive(number: int, now: datetime) -> None:
    """The ward's counter takes a dossier in that the special zone decides, and the zone begins with it."""
    chance = random.Random(20251128 + number)  # noqa: S311  (the same invented people everywhere)
    ward, zone = _agency(WARD), _agency(COMMUNE)
    version = version_on(Procedure.objects.get(code=_CODES[number]), timezone.localdate(now))
    variant = version.variants.order_by("-is_default", "position").first() if version else None
    if variant is None or zone.calendar_id is None:
        return
    received = morning(ward, now, 3 - number, chance)
    binh = _actor("binh", now)
    applicant = person(chance, _PEOPLE + number, binh, received)
    dossier = take_in(variant, applicant, commune=ward, competent=zone, actor=binh, at=received)
    moment = received
    for _act in range(_ACTS[number]):
        moment = working_calendar(zone.calendar_id).add_time(moment, timedelta(minutes=50))
        if moment >= now or not walk.one_step(dossier, at=moment):
            return


def _hand_over(now: datetime) -> None:
    """Paper from the ward that nobody took yet; from the zone's counter a slip under way and one that came short."""
    zone = _agency(COMMUNE)
    centre = Unit.objects.get(agency=zone, kind=UnitKind.ONE_STOP)
    division = Position.objects.get(account__login_name="hoa", valid_to=None).unit
    _give(_lying(_agency(WARD), zone)[:2], centre, "binh", now, days=2)
    own = [one for one in _lying(zone, zone) if one.dossier.owner_unit_id == division.pk]
    short, waiting = own[:2], own[2:4]
    slip = _give(short, division, "minh", now, days=1)
    if slip is not None and len(short) > 1:
        lines = [one.pk for one in held.lines_of(slip)]
        custody.take(
            slip_id=slip.pk, taken_ids=lines[1:], missing_ok=True, actor=_actor("hoa", now),
            at=slip.given_at + timedelta(minutes=35), key=uuid4().hex,
        )  # fmt: skip
    _give(waiting, division, "minh", now, days=0)


def _lying(home: Agency, competent: Agency) -> list[Holding]:
    """The papers of open dossiers that lie at the counter that received them."""
    rows = Holding.objects.filter(
        dossier__home_agency=home, dossier__competent_agency=competent, dossier__finished_at=None, agency=home,
        bundle="papers", until=None, unit__kind=UnitKind.ONE_STOP,
    ).select_related("dossier")  # fmt: skip
    return list(rows.order_by("since", "pk"))


def _give(rows: list[Holding], to: Unit, login: str, now: datetime, *, days: int) -> HandoverSlip | None:
    """Give what was here by that morning; nothing where nothing was."""
    giver = _actor(login, now)
    chance = random.Random(20251129 + days)  # noqa: S311
    at = morning(rows[0].agency, now, days, chance) + timedelta(minutes=30) if rows else now
    ids = [one.pk for one in rows if one.since < at]
    if not ids:
        return None
    return custody.hand_over(holding_ids=ids, to_unit_id=to.pk, actor=giver, at=at, key=uuid4().hex)


def received_elsewhere() -> int:
    """Return how many of the demo's dossiers the ward received for the special zone."""
    return Dossier.objects.filter(
        home_agency=_agency(WARD), competent_agency=_agency(COMMUNE), parent=None
    ).count()
