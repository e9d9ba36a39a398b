"""Dossiers made by the operations the screens call: what `multiply` copies. Invented people."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Agency, AgencyCode, Position
from motcua.agencies.queries import actor_for
from motcua.applicants.models import Applicant
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.calendars.queries import working_calendar
from motcua.cli.demo import dossiers as demo
from motcua.cli.demo import walk
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import intake, processing, supplement
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.dossiers.operations.supplement import Missing
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import WorkingCalendar
from motcua.procedures.models import AgencyProcedure, ProcedureVariant
from motcua.procedures.queries.catalogue import version_on
from motcua.ui.routing import set_database_actor
from motcua.workflow.queries import definition_of

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
STEPS_TO_THE_END = 12
THICK_PAPERS, THICK_EVENTS = 15, 40


@dataclass(frozen=True)
class Template:
    """One dossier to copy. `kind`: closed (three years of them), open (on a desk now), thick (lane 3)."""

    id: UUID
    kind: str


@dataclass
class World:
    """What the templates are made with."""

    commune: Agency
    calendar: WorkingCalendar
    now: datetime
    chance: random.Random

    def morning(self, days_ago: int) -> datetime:
        day = timezone.localdate(self.now) - timedelta(days=1)
        while days_ago or not self.calendar.is_working(day):
            days_ago -= self.calendar.is_working(day)
            day -= timedelta(days=1)
        return datetime.combine(day, time(7, 40), HERE) + timedelta(minutes=self.chance.randrange(200))

    def position(self, name: str) -> Position:
        return Position.objects.get(account__login_name=name)

    def actor(self, name: str) -> Actor:
        return actor_for(self.position(name).pk, timezone.localdate(self.now))


def world() -> World:
    commune = AgencyCode.objects.select_related("agency").get(code=demo.COMMUNE).agency
    assert commune.calendar_id is not None
    calendar = working_calendar(commune.calendar_id)
    return World(commune, calendar, timezone.now(), random.Random(20261122))


def variants(commune: Agency, *, most: int = 100) -> list[ProcedureVariant]:
    """The usual case of procedures that the commune settles itself, the first `most` by code."""
    found = []
    offered = AgencyProcedure.objects.filter(agency=commune, competent=True)
    for row in offered.select_related("procedure").order_by("procedure__code")[:most]:
        version = version_on(row.procedure, timezone.localdate())
        variant = version.variants.order_by("-is_default", "position").first() if version else None
        if variant is not None:
            found.append(variant)
    return found


def make(count: int) -> list[Template]:
    """Make `count` templates: four of ten closed, the others at every stage, and one thick dossier."""
    made = []
    with transaction.atomic():
        set_database_actor(SYSTEM)
        here = world()
        cases = variants(here.commune)
    for number in range(count):
        with transaction.atomic():
            set_database_actor(SYSTEM)
            made.append(_one(here, number, cases[number % len(cases)]))
    with transaction.atomic():
        set_database_actor(SYSTEM)
        made.append(_thick(here, cases))
    return made


def person(here: World, number: int, actor: Actor) -> Applicant:
    name = " ".join((here.chance.choice(demo._SURNAMES), "Thị", here.chance.choice(demo._GIVEN["female"])))
    facts = PersonFacts(
        full_name=name,
        personal_id=f"0311{number % 90 + 10:02d}{700000 + number:06d}",
        phone=f"09{here.chance.randrange(10_000_000, 99_999_999)}",
        address="khu dân cư số 1, đặc khu Bạch Long Vĩ, thành phố Hải Phòng",
    )
    return find_or_register_person(facts=facts, actor=actor, at=here.now).applicant


def _one(here: World, number: int, variant: ProcedureVariant) -> Template:
    closed = number % 5 < 2
    received = here.morning(15 if closed else number % 7)
    minh = here.actor("minh")
    dossier = demo.take_in(variant, person(here, number, minh), commune=here.commune, actor=minh, at=received)
    moments = _moments(here, received)
    for _step in range(STEPS_TO_THE_END if closed else number % 4):
        moment = next(moments)
        if moment >= here.now or not _advance(dossier, moment):
            break
    if not closed and number % 10 == 4:
        _ask(dossier, next(moments), here.now)
    dossier.refresh_from_db()
    return Template(dossier.pk, "open" if dossier.finished_at is None else "closed")


def _advance(dossier: Dossier, moment: datetime) -> bool:
    """Take the next step; a fork that the straight walk does not know leaves the dossier where it stands."""
    try:
        return walk.one_step(dossier, at=moment)
    except Refusal:
        return False


def _moments(here: World, start: datetime) -> Iterator[datetime]:
    while True:
        start = here.calendar.add_time(start, timedelta(minutes=50))
        yield start


def _ask(dossier: Dossier, moment: datetime, now: datetime) -> None:
    task = Task.objects.filter(dossier=dossier, ended_at=None, is_owner=True).first()
    if task is None or moment >= now or task.role != "specialist":
        return
    supplement.request_supplement(
        dossier_id=dossier.pk, actor=walk.actor_of(task, on=moment), at=moment, key=uuid4().hex,
        items=[Missing("Bản chính giấy tờ chứng minh nơi cư trú", "Bản nộp là bản chụp không rõ chữ")],
    )  # fmt: skip


def _thick(here: World, cases: list[ProcedureVariant]) -> Template:
    """Fifteen papers and forty acts: six rounds between head and specialist, then handed on and on."""
    minh, duc = here.actor("minh"), here.actor("duc")
    received = here.morning(6)
    who = person(here, 9999, minh)
    given = tuple(
        PaperIn(f"Giấy tờ số {number} của hồ sơ", originals=1) for number in range(1, THICK_PAPERS + 1)
    )
    dossier = None
    for variant in cases:
        plan = Intake(
            variant_id=variant.pk, channel="in_person", applicant_id=who.pk, submitter_id=who.pk,
            papers=given, competent_agency_id=here.commune.pk, contact_phone=who.phone,
        )  # fmt: skip
        with transaction.atomic():
            dossier = intake.accept_at_counter(intake=plan, actor=minh, at=received, key=uuid4().hex)
            task = Task.objects.get(dossier=dossier, ended_at=None, is_owner=True)
            fits = task.unit_id == duc.unit_id and goes_back(dossier.workflow_version_id)
            transaction.set_rollback(not fits)
        if fits:
            break
    assert dossier is not None and fits, "no workflow of the demo lets the specialist give back"
    moment = received
    for number in range(1, THICK_EVENTS):
        moment += timedelta(minutes=9)
        act_back_and_forth(dossier.pk, here, moment, back=number <= 12 and number % 2 == 0)
    return Template(dossier.pk, "thick")


def goes_back(workflow_version_id: int) -> bool:
    """Tell whether the head assigns in this workflow and the specialist may give the dossier back."""
    steps = {step.key: step for step in definition_of(workflow_version_id).steps}
    if not {"assign", "appraise"} <= set(steps):
        return False
    return steps["assign"].completed_by == "assign" and "assign" in steps["appraise"].may_send_back_to


def act_back_and_forth(dossier_id: UUID, here: World, at: datetime, *, back: bool) -> None:
    """Đức gives the dossier to Hoa; with `back`, Hoa gives it back."""
    common: dict[str, Any] = {"dossier_id": dossier_id, "at": at, "key": uuid4().hex}
    if back:
        processing.send_back(**common, actor=here.actor("hoa"), to_step="assign", reason="Cần phân công lại")
    else:
        processing.assign(**common, actor=here.actor("duc"), to_position=here.position("hoa").pk)
