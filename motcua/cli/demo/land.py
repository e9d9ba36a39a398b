"""Demo land dossiers: three agencies at work on one request, in the places worth looking at."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import AgencyCode, Position
from motcua.agencies.queries import actor_for
from motcua.base.calendars.queries import working_calendar
from motcua.base.outbox.operations import deliver
from motcua.cli.demo import walk
from motcua.cli.demo.dossiers import COMMUNE, morning, person, take_in
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers import linked
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import ending, processing
from motcua.lib.actor import SYSTEM
from motcua.lib.working_time import WorkingCalendar
from motcua.procedures.models import Procedure
from motcua.procedures.queries.catalogue import version_on
from motcua.ui.routing import set_database_actor

LAND, OFFICE = "1.013831", "H24.08.1"
OWING = "Có nghĩa vụ tài chính"
_BETWEEN = timedelta(hours=4)
_PEOPLE = 5_000  # invented numbers of their own, apart from those of the other demo dossiers
_MOST_ACTS = 30


@dataclass(frozen=True)
class _Plan:
    """How many working days ago it came in, at which step it stands now, how many acts the tax office did."""

    days_ago: int
    until: str
    tax_acts: int = 9
    tax_stops: bool = False


PLANS = (
    _Plan(4, "tax", tax_acts=1),  # at the tax office, its notice waits for the signature
    _Plan(16, ""),  # returned, with the tax notice inside
    _Plan(8, "pay"),  # the notice is there, the applicant has still to pay
    _Plan(13, "tax", tax_acts=0),  # the tax office is late
    _Plan(1, "to_tax"),  # on the land office's desk, to be sent to the tax office
    _Plan(7, "tax", tax_stops=True),  # the tax office sent it back: the land office has to decide
    _Plan(9, "sign"),  # paid, to be signed
)


def load(*, first: int, now: datetime) -> None:
    """Make the land dossiers that are not there yet, one transaction an act, as in life."""
    for number, plan in list(enumerate(PLANS))[first:]:
        _make(number, plan, now)


def _make(number: int, plan: _Plan, now: datetime) -> None:
    chance = random.Random(20251126 + number)  # noqa: S311  (the same invented people everywhere)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        commune = AgencyCode.objects.select_related("agency").get(code=COMMUNE).agency
        office = AgencyCode.objects.select_related("agency").get(code=OFFICE).agency
        version = version_on(Procedure.objects.get(code=LAND), timezone.localdate(now))
        assert version is not None and commune.calendar_id is not None
        variant = version.variants.order_by("-is_default", "position").first()
        assert variant is not None
        received = morning(commune, now, plan.days_ago, chance)
        minh = actor_for(Position.objects.get(account__login_name="minh").pk, timezone.localdate(now))
        applicant = person(chance, _PEOPLE + number, minh, received)
        dossier = take_in(variant, applicant, commune=commune, competent=office, actor=minh, at=received)
        calendar = working_calendar(commune.calendar_id)
    _carry_on(dossier, plan, calendar, received, now)


def _carry_on(
    dossier: Dossier, plan: _Plan, calendar: WorkingCalendar, received: datetime, now: datetime
) -> None:
    moment, tax_acts = received, 0
    for _number in range(_MOST_ACTS):
        moment = calendar.add_time(moment, _BETWEEN)
        if moment >= now:
            return
        with transaction.atomic():
            set_database_actor(SYSTEM)
            here = _step(dossier)
            child = linked.open_children(dossier).first()
            if child is not None and plan.tax_stops:
                _send_back(child, moment)
            elif child is not None and tax_acts < plan.tax_acts:
                tax_acts += 1
                walk.one_step(child, at=moment)
            elif child is not None or here in {plan.until, ""}:
                return
            elif here == "appraise":
                _find_tax_due(dossier, moment)
            else:
                walk.one_step(dossier, at=moment)
        with transaction.atomic():
            set_database_actor(SYSTEM)
            while deliver(subscriptions=SUBSCRIPTIONS):
                pass


def _step(dossier: Dossier) -> str:
    task = Task.objects.filter(dossier=dossier, ended_at=None, is_owner=True).first()
    return task.step_key if task is not None else ""


def _find_tax_due(dossier: Dossier, moment: datetime) -> None:
    task = Task.objects.get(dossier=dossier, ended_at=None, is_owner=True)
    processing.forward(
        dossier_id=dossier.pk, actor=walk.actor_of(task, on=moment), at=moment, key=f"land:{dossier.pk}",
        choice=OWING,
    )  # fmt: skip


def _send_back(child: Dossier, moment: datetime) -> None:
    leader = Position.objects.get(account__login_name="phuc")
    ending.stop(
        dossier_id=child.pk, actor=actor_for(leader.pk, timezone.localdate(moment)), at=moment,
        key=f"land-stop:{child.pk}", reason="Phiếu chuyển thông tin ghi sai số thửa; đề nghị gửi lại.",
    )  # fmt: skip
