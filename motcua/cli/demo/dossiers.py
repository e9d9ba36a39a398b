"""Demo dossiers: invented people, the real operations, every state of a dossier's life."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Agency, AgencyCode, Point, Position
from motcua.agencies.queries import actor_for
from motcua.applicants.models import Applicant
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.calendars.operations.offices import Week
from motcua.base.calendars.queries import working_calendar
from motcua.cli.demo import walk
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import intake, supplement
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.dossiers.operations.supplement import Missing
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.due import Unit
from motcua.lib.due_terms import DAY_UNITS
from motcua.lib.personal_id import Sex
from motcua.lib.working_time import Session
from motcua.procedures.models import AgencyProcedure, ProcedureVariant
from motcua.procedures.queries.catalogue import limit_for, required_documents, version_on
from motcua.ui.routing import set_database_actor

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = Week(
    sessions=(Session(time(7, 30), time(11, 30)), Session(time(13, 0), time(17, 0))), hours_a_day=Decimal(8)
)
COMMUNE = "H24.12"

_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Đoàn", "Lương")
_MIDDLE: dict[Sex, tuple[str, ...]] = {
    "male": ("Văn", "Đức", "Quang", "Hữu", "Minh"),
    "female": ("Thị", "Thu", "Ngọc", "Khánh", "Mai"),
}
_GIVEN: dict[Sex, tuple[str, ...]] = {
    "male": ("Hải", "Long", "Sơn", "Thắng", "Tùng", "Việt", "Khoa", "Phúc", "Đạt", "Bình"),
    "female": ("Hương", "Lan", "Yến", "Oanh", "Thảo", "Vân", "Ánh", "Nhung", "Ngân", "Dung"),
}
_ISLAND = "đặc khu Bạch Long Vĩ, thành phố Hải Phòng"
_PLACES = ("khu dân cư số 1", "khu dân cư số 2", "khu dân cư số 3", "khu Âu cảng")
# How far each of ten dossiers has come: acts after acceptance; "supplement" asks for a paper.
_PLANS: tuple[int | str, ...] = (0, 1, 2, 9, "supplement", 9, 3, 9, 4, 9)


def load(*, first: int = 0, count: int, now: datetime) -> None:
    """Make dossiers number `first` to `count` over the last weeks, one transaction each."""
    commune = AgencyCode.objects.select_related("agency").get(code=COMMUNE).agency
    receiver = Position.objects.get(account__login_name="minh")
    variants = open_variants(commune, now.date())
    for number in range(first, count):
        chance = random.Random(20251121 + number)  # noqa: S311  (the same invented people everywhere)
        plan = _PLANS[number % len(_PLANS)]
        variant = variants[number % len(variants)]
        days_ago = 8 + number % 12 if plan == 9 else _days_ago(variant, number, chance)
        received = morning(commune, now, days_ago, chance)
        with transaction.atomic():
            set_database_actor(SYSTEM)
            actor = actor_for(receiver.pk, timezone.localdate(now))
            applicant = person(chance, number, actor, received)
            dossier = take_in(variant, applicant, commune=commune, actor=actor, at=received)
            _carry_on(dossier, plan, commune, received, now)


def take_in(
    variant: ProcedureVariant,
    applicant: Applicant,
    *,
    commune: Agency,
    actor: Actor,
    at: datetime,
    competent: Agency | None = None,
) -> Dossier:
    """Take one dossier in at the counter with every paper the catalogue asks for.

    `competent` settles it where the commune only receives.
    """
    given = tuple(
        PaperIn(
            name=row.name,
            required_id=row.pk,
            originals=row.originals,
            plain_copies=row.copies,
            shown_only=not row.must_submit,
        )
        for row in required_documents(variant)
        if not row.is_note and row.always
    )
    given = tuple(
        PaperIn(name=paper.name, required_id=paper.required_id, shown_only=True)
        if paper.shown_only
        else paper
        for paper in given
    )
    point = Point.objects.filter(shop__agency=commune).first()
    return intake.accept_at_counter(
        intake=Intake(
            variant_id=variant.pk,
            channel="in_person",
            applicant_id=applicant.pk,
            submitter_id=applicant.pk,
            papers=given,
            competent_agency_id=(competent or commune).pk,
            contact_phone=applicant.phone,
            point_id=point.pk if point else None,
        ),
        actor=actor,
        at=at,
        key=uuid4().hex,
    )


def open_variants(commune: Agency, day: date) -> list[ProcedureVariant]:
    """Return one case of each procedure that the agency takes in and settles itself."""
    offered = AgencyProcedure.objects.filter(agency=commune, competent=True).select_related("procedure")
    found = []
    for row in offered.order_by("procedure__code"):
        version = version_on(row.procedure, day)
        variant = version.variants.order_by("-is_default", "position").first() if version else None
        if variant is not None:
            found.append(variant)
    return found


def _days_ago(variant: ProcedureVariant, number: int, chance: random.Random) -> int:
    """Working days since an open dossier came in: mostly inside its limit, every ninth one past it."""
    limit = limit_for(variant, "in_person")
    days = 0 if limit is None or limit.unit not in DAY_UNITS else int(limit.value)
    if limit is not None and limit.unit is Unit.CALENDAR_DAY:
        days = days * 5 // 7
    return days + 2 if number % 9 == 4 else chance.randrange(0, max(1, days))


def morning(commune: Agency, now: datetime, days_ago: int, chance: random.Random) -> datetime:
    """A moment in office hours, `days_ago` working days before now."""
    assert commune.calendar_id is not None
    calendar = working_calendar(commune.calendar_id)
    day = timezone.localdate(now)
    while not calendar.is_working(day) or datetime.combine(day, time(11), HERE) > now:
        day -= timedelta(days=1)
    for _step in range(days_ago):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    return datetime.combine(day, time(7, 40), HERE) + timedelta(minutes=chance.randrange(0, 200))


def person(
    chance: random.Random, number: int, actor: Actor, at: datetime, *, place: str = _ISLAND
) -> Applicant:
    """Register an invented person who lives at `place`."""
    sex: Sex = chance.choice(("male", "female"))
    name = f"{chance.choice(_SURNAMES)} {chance.choice(_MIDDLE[sex])} {chance.choice(_GIVEN[sex])}"
    born = date(1945, 1, 1) + timedelta(days=chance.randrange(0, 365 * 60))
    digit = (0 if sex == "male" else 1) + (2 if born.year >= 2000 else 0)
    facts = PersonFacts(
        full_name=name,
        personal_id=f"031{digit}{born.year % 100:02d}{900000 + number:06d}",
        birth_date=born,
        sex=sex,
        phone=f"09{chance.randrange(10_000_000, 99_999_999)}",
        address=f"{chance.choice(_PLACES)}, {place}",
    )
    return find_or_register_person(facts=facts, actor=actor, at=at).applicant


def _carry_on(dossier: Dossier, plan: int | str, commune: Agency, received: datetime, now: datetime) -> None:
    assert commune.calendar_id is not None
    calendar = working_calendar(commune.calendar_id)
    moment = received
    acts = 2 if plan == "supplement" else int(plan)
    for _number in range(acts):
        moment = calendar.add_time(moment, timedelta(minutes=50))
        if moment >= now or not walk.one_step(dossier, at=moment):
            return
    if plan == "supplement":
        _ask(dossier, calendar.add_time(moment, timedelta(minutes=40)), now)


def _ask(dossier: Dossier, moment: datetime, now: datetime) -> None:
    dossier.refresh_from_db()
    task = Task.objects.filter(dossier=dossier, ended_at=None, is_owner=True).first()
    if task is None or moment >= now or dossier.status not in {2, 4} or task.role != "specialist":
        return
    supplement.request_supplement(
        dossier_id=dossier.pk,
        actor=walk.actor_of(task, on=moment),
        at=moment,
        key=uuid4().hex,
        items=[Missing("Bản chính giấy tờ chứng minh nơi cư trú", "Bản nộp là bản chụp không rõ chữ")],
    )
