"""What administrators and second persons find on their first page: what waits for them, why, and where."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.accounts.models import EmergencySeal, ResetRequest
from motcua.agencies.models import ChangeKind, PlannedChange, Position, ReviewItem
from motcua.agencies.operations import reviews
from motcua.agencies.roles import Role
from motcua.base.calendars.models import CalendarYear, Day
from motcua.base.retention.models import SpanChange
from motcua.dossiers import office_today, today, worklists
from motcua.dossiers.models import Recompute
from motcua.dossiers.reminders import staff_addresses
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM, Actor
from motcua.procedures.models import KeepingPeriod, Procedure

pytestmark = pytest.mark.sql
NOVEMBER, SEPTEMBER = date(2027, 11, 1), date(2027, 9, 6)


def acting(world: World, name: str, *roles: Role) -> Actor:
    Position.objects.filter(account=world.accounts[name]).update(roles=list(roles))
    return world.actor(name)


def said(actor: Actor, day: date = SEPTEMBER) -> dict[str, int]:
    """What is counted, without the doubtful rows that the test's catalogue brings along."""
    return {
        key: number for key, number in office_today.counts(actor, day).items() if number and key != "flags"
    }


def test_whoever_looks_after_dossiers_alone_is_asked_nothing_more(world: World, db: None) -> None:
    plain = world.actor("hoa")
    with CaptureQueriesContext(connection) as seen:
        assert office_today.counts(plain, SEPTEMBER) == {}
    assert len(seen) == 0
    actor = acting(world, "binh", *Role)
    with CaptureQueriesContext(connection) as seen:
        assert set(office_today.counts(actor, SEPTEMBER)) == {one.key for one in office_today._all()}
    assert len(seen) == 1, "all of it is one query"
    lists = {one.key for one in worklists.LISTS} | {"decide"}
    assert not lists & {one.key for one in office_today.TASKS}, "one number of one name"


def test_a_reset_waits_for_a_second_person_of_the_same_agency(world: World, db: None) -> None:
    here, asks = acting(world, "thu", Role.UNIT_ADMIN), acting(world, "mai", Role.UNIT_ADMIN)
    ResetRequest.objects.create(
        account=world.accounts["hoa"], reason="Mất điện thoại", asked_by=world.accounts["mai"],
        asked_at=timezone.now(),
    )  # fmt: skip
    assert said(here) == {"resets": 1} and said(asks) == {}, "who asked is not the second person"
    page = world.client("thu").get("/").content.decode()
    assert "1 người chờ đặt lại đăng nhập" in page and 'href="/people/resets/"' in page
    assert "1 người chờ đặt lại" in world.client("thu").get("/reminders/").content.decode()
    ResetRequest.objects.update(account=world.accounts["thu"])
    assert said(here) == {}, "nobody confirms their own"


def test_leaders_are_told_of_the_review_and_administrators_when_it_is_over(world: World, db: None) -> None:
    leader, system = world.actor("tuan"), acting(world, "binh", Role.SYSTEM_ADMIN)
    review = reviews.open_review(actor=SYSTEM, at=timezone.now())
    others = ReviewItem.objects.filter(agency=world.home).exclude(position__account=world.accounts["tuan"])
    assert said(leader) == {"review": others.count()} and others.count() > 1
    assert "reviews-late" not in said(system, review.due_on)
    assert said(system, date(2030, 5, 6))["reviews-late"] == ReviewItem.objects.count() - 1


def test_what_went_wrong_and_what_waits_for_a_word(world: World, db: None) -> None:
    system, business = acting(world, "binh", Role.SYSTEM_ADMIN), acting(world, "thu", Role.BUSINESS_ADMIN)
    now, me = timezone.now(), world.accounts["binh"].pk
    PlannedChange.objects.create(
        kind=ChangeKind.RENAME, on_day=SEPTEMBER, legal_basis="NQ 1", content={}, concerns=[world.home.pk],
        made_at=now, problem="Có hồ sơ tiếp nhận sau ngày này",
    )  # fmt: skip
    EmergencySeal.objects.create(
        account=world.accounts["mai"], place="Két", sealed_at=now, broken_at=now, reason="Diễn tập"
    )
    for proposed_by, key in ((me, "one"), (me + 1, "two")):
        SpanChange.objects.create(
            kind=key, days=90, reason="Theo quyết định", proposed_by=proposed_by, proposed_at=now
        )
    procedure = Procedure.objects.order_by("pk")[0]
    KeepingPeriod.objects.create(
        procedure=procedure, how="forever", source="TT 10/2022", valid_from=SEPTEMBER, proposed_by=me + 1, proposed_at=now
    )  # fmt: skip
    day = Day.objects.create(
        on=date(2031, 1, 1), kind="day_off", name="Tết Dương lịch", source="dự kiến", confidence="low", status="proposed"
    )  # fmt: skip
    Recompute.objects.create(
        day=day, day_mark="", source="x", calendars=[], state="proposed", opened_at=now, proposed_by=me
    )
    assert said(system) == {"changes": 1, "seals": 1, "spans": 1, "keeping": 1, "days": 1}
    assert said(business) == {"days": 1, "recomputes": 1}, "the second person, not who proposed"
    with staff_addresses():
        lines = today.first_things(system, office_today.counts(system, SEPTEMBER), most=99)
    assert [one.late for one in lines] == [True, True, False, False, False], "what went wrong stands first"
    assert all(one.why and one.url.startswith("/") for one in lines)


def test_the_next_years_days_off_are_missed_from_october(world: World, db: None) -> None:
    actor = acting(world, "thu", Role.BUSINESS_ADMIN)
    CalendarYear.objects.filter(year=2028).delete()
    assert said(actor, SEPTEMBER) == {} and said(actor, NOVEMBER) == {"year": 1}
    CalendarYear.objects.create(year=2028, source="Thông báo", confirmed_at=timezone.now())
    assert said(actor, NOVEMBER) == {}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_something_to_do_or_the_way_on(world: World, db: None, role: Role) -> None:
    acting(world, "binh", role)
    page = world.client("binh").get("/").content.decode().split("<main")[1]
    ways = [name for name in _WAYS[role] if f'href="{reverse(name, "motcua.config.urls_staff")}' in page]
    assert ways or "mc-today" in page, page[:2000]


_OWN = ["register", "opinion-templates"]
_WAYS = dict.fromkeys(Role, _OWN) | {
    Role.GUIDE: ["console-guide"], Role.RECEIVER: ["intake"], Role.CASHIER: ["console"], Role.RETURNER: ["console"],
    Role.POSTAL: ["papers"], Role.BUSINESS_ADMIN: ["procedure_flags"], Role.UNIT_ADMIN: ["agencies_people"],
    Role.SYSTEM_ADMIN: ["agencies_people"],
}  # fmt: skip
