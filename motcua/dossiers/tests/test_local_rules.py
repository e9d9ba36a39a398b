"""A procedure at one agency: received or not, at one point, by its own limit and calendar; fees by place; repeal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Position, ShopKind, Unit, UnitKind
from motcua.agencies.operations import people, places
from motcua.agencies.queries import actor_for
from motcua.agencies.roles import Role
from motcua.dossiers import fees, intake_choice
from motcua.dossiers.models import Dossier, Draft, Paper
from motcua.dossiers.tests.intake_world import BIRTH, OPENED, World, logged_in
from motcua.dossiers.tests.intake_world import minh as minh
from motcua.dossiers.tests.intake_world import world as world
from motcua.dossiers.tests.test_intake_screen import begin, full
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import AgencySetting, FeeExemption, LocalFee, Procedure
from motcua.procedures.models.words import Area, FeeKind
from motcua.procedures.operations import local, publishing
from motcua.procedures.operations.local import Setting
from motcua.workflow.models import WorkflowAssignment, WorkflowVersion

pytestmark = pytest.mark.django_db
SHOP_FEE = "1.001612"  # hộ kinh doanh: 50.000 at the counter, 150.000 by post


@pytest.fixture
def chi(world: World, db: None) -> Actor:
    """The business administrator of the special zone."""
    account = open_account(
        login_name="chi",
        full_name="Trần Kim Chi",
        account_kind=AccountKind.STAFF,
        actor=SYSTEM,
        at=timezone.now(),
    )
    unit = Unit.objects.filter(agency=world.home, kind=UnitKind.DIVISION)[0]
    position = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.BUSINESS_ADMIN,), valid_from=OPENED,
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    return actor_for(position.pk, timezone.localdate())


def set_up(
    world: World, actor: Actor, code: str = SHOP_FEE, day: date | None = None, **setting: Any
) -> AgencySetting:
    return local.set_up(
        agency_id=world.home.pk, procedure_id=Procedure.objects.get(code=code).pk, setting=Setting(**setting),
        valid_from=day or timezone.localdate(), actor=actor, at=timezone.now(),
    )  # fmt: skip


def chosen(world: World, code: str = SHOP_FEE) -> intake_choice.Choice:
    return intake_choice.choose(
        code, variant="", agency=str(world.home.pk), actor=world.actor("minh"), day=timezone.localdate()
    )


def promised(
    world: World, code: str = SHOP_FEE, channel: str = "in_person", **more: Any
) -> intake_choice.Promise:
    return intake_choice.promise(chosen(world, code), channel, at=timezone.now(), **more)


def take(world: World, minh: Client, code: str = SHOP_FEE, **more: str) -> Dossier:
    page = begin(minh)
    minh.get(f"{page}case", {"procedure": code})
    choice = chosen(world, code)
    papers = {f"paper-r{row.pk}-originals": "1" for row in choice.version.papers.filter(is_note=False)}
    typed = {
        **full(),
        **papers,
        "procedure": code,
        "agency": str(world.home.pk),
        "variant": str(choice.variant.pk),
    }
    answer = minh.post(page, {**typed, "missing_ok": "on", "act": "accept", **more})
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return Dossier.objects.order_by("-submitted_at")[0]


# ── Settings


def test_a_shorter_limit_is_promised_and_kept_by_the_dossier(world: World, chi: Actor, minh: Client) -> None:
    law = promised(world).limit
    assert law is not None and law.words() == "3 ngày làm việc"
    set_up(world, chi, limit_value=Decimal(2), limit_unit="working_day", note="Chuyển chị Hoa ngay")
    promise = promised(world)
    assert promise.limit is not None and promise.limit.words() == "2 ngày làm việc"
    page = begin(minh)
    shown = minh.get(f"{page}case", {"procedure": SHOP_FEE}).content.decode()
    assert "2 ngày làm việc" in shown and "Chuyển chị Hoa ngay" in shown
    dossier = take(world, minh)
    assert (dossier.limit_value, dossier.limit_unit) == (2, "working_day")
    assert promise.reckoning is not None and dossier.due_at is not None
    assert dossier.due_at.date() == promise.reckoning.due.date()
    slip = Paper.objects.get(dossier=dossier)
    assert "2 ngày làm việc" in (slip.data or "")


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [(3, "working_day", "not_shorter"), (5, "working_day", "not_shorter"), (1, "month", "other_unit")],
)
def test_a_limit_that_is_no_shorter_is_refused(
    world: World, chi: Actor, value: int, unit: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        set_up(world, chi, limit_value=Decimal(value), limit_unit=unit)
    assert refused.value.code == code


def test_when_the_law_becomes_shorter_the_law_holds(world: World, chi: Actor) -> None:
    set_up(world, chi, limit_value=Decimal(2), limit_unit="working_day")
    chosen(world).variant.limit_rows.update(value=1)
    limit = promised(world).limit
    assert limit is not None and limit.words() == "1 ngày làm việc"


def test_received_at_one_point_only(world: World, chi: Actor, minh: Client) -> None:
    unit = Unit.objects.filter(agency=world.home, kind=UnitKind.ONE_STOP)[0]
    shop = places.open_shop(
        agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, unit_id=unit.pk, opened_on=OPENED,
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    points = [
        places.open_point(
            shop_id=shop.pk,
            name=name,
            address=f"{name}, đảo",
            phone="",
            opened_on=OPENED,
            actor=SYSTEM,
            at=timezone.now(),
        )
        for name in ("Điểm Một", "Điểm Hai")
    ]
    Position.objects.filter(pk=world.positions["minh"]).update(point=points[0])
    set_up(world, chi, point_id=points[1].pk)
    with pytest.raises(Refusal, match="nhận ở Điểm Hai, Điểm Hai, đảo"):
        chosen(world)
    Position.objects.filter(pk=world.positions["minh"]).update(point=points[1])
    assert chosen(world).variant


def test_settings_of_others_are_not_ones_own(world: World, chi: Actor) -> None:
    procedure = Procedure.objects.get(code=SHOP_FEE)
    with pytest.raises(Refusal, match="của chính cơ quan này"):
        local.set_up(
            agency_id=world.neighbour.pk, procedure_id=procedure.pk, setting=Setting(note="x"),
            valid_from=timezone.localdate(), actor=chi, at=timezone.now(),
        )  # fmt: skip


def test_a_change_for_a_later_day_and_wrong_days(world: World, chi: Actor) -> None:
    today = timezone.localdate()
    set_up(world, chi, note="hôm nay")
    set_up(world, chi, note="tuần sau", day=today + timedelta(days=7))
    assert promised(world).note == "hôm nay"
    with pytest.raises(Refusal, match="sau ngày này"):
        set_up(world, chi, note="giữa", day=today + timedelta(days=3))
    with pytest.raises(Refusal, match="từ hôm nay"):
        set_up(world, chi, note="hôm qua", day=today - timedelta(days=1))


def test_the_page_of_an_agency_changes_offering_workflow_and_setting(world: World, chi: Actor) -> None:
    from motcua.accounts.models import Account

    browser = logged_in(Client(HTTP_HOST="canbo.localhost"), Account.objects.get(login_name="chi"))
    procedure = Procedure.objects.get(code=SHOP_FEE)
    address = f"/procedures/{procedure.pk}/agencies/{world.home.pk}/"
    assert browser.get(address).status_code == 200
    workflow = WorkflowVersion.objects.filter(state="published").exclude(workflow__key="default").first()
    said = {
        "offered": "settles", "limit": "2 ngày làm việc", "note": "Dặn", "key": "k1",
        "workflow": str(workflow.pk) if workflow else "", "valid_from": f"{timezone.localdate():%d/%m/%Y}",
    }  # fmt: skip
    assert browser.post(address, said).status_code == 302
    assert browser.post(address, said).status_code == 302  # the second click changes nothing
    assert AgencySetting.objects.filter(agency=world.home).count() == 1
    assert WorkflowAssignment.objects.filter(agency=world.home, procedure=procedure).count() == (
        1 if workflow else 0
    )
    shown = browser.get(f"/procedures/{procedure.pk}/agencies/").content.decode()
    assert "2 ngày làm việc" in shown and "Dặn" in shown
    bad = browser.post(address, said | {"limit": "9 ngày làm việc", "key": "k2"})
    assert (
        bad.status_code == 422
        and "phải ngắn hơn" in bad.content.decode()
        and "9 ngày làm việc" in bad.content.decode()
    )
    gone = browser.post(address, said | {"offered": "not", "key": "k3"})
    assert gone.status_code == 302
    assert chosen(world).elsewhere  # whatever a case allows, any centre still receives it for the neighbour
    procedure.versions.get().variants.update(allows_boundary_free=False)
    with pytest.raises(Refusal, match="không tiếp nhận"):
        chosen(world)
    assert browser.get(f"/procedures/{procedure.pk}/agencies/{world.neighbour.pk}/").status_code == 403


# ── Fees


def fee(chi: Actor, amount: int, code: str = SHOP_FEE, **more: Any) -> LocalFee:
    said = {
        "kind": FeeKind.LE_PHI,
        "name": "",
        "unit": "",
        "case": "",
        "area": "",
        "channel": "",
        "source": "NQ 12/2026",
        "valid_from": timezone.localdate(),
    }
    return local.set_local_fee(
        procedure_id=Procedure.objects.get(code=code).pk, amount=amount, actor=chi, at=timezone.now(),
        **(said | more),
    )  # fmt: skip


def owed(
    world: World, channel: str = "in_person", code: str = SHOP_FEE, **more: Any
) -> list[tuple[str, int | None]]:
    choice = chosen(world, code)
    lines = fees.lines(
        choice.variant, channel, agency_id=world.home.pk, procedure_id=choice.version.procedure_id,
        day=timezone.localdate(), **more,
    )  # fmt: skip
    return [(line.name, line.amount) for line in lines if not line.conditional]


def test_fees_by_place_and_channel_the_most_particular_counts(world: World, chi: Actor) -> None:
    assert [amount for _name, amount in owed(world)] == [50_000]
    fee(chi, 100_000)
    assert owed(world) == [("Lệ phí", 100_000)]
    fee(chi, 70_000, channel="online")
    assert owed(world, "online") == [("Lệ phí", 70_000)] and owed(world) == [("Lệ phí", 100_000)]
    fee(chi, 30_000, area="island")
    assert owed(world) == [("Lệ phí", 100_000)]  # nobody said yet what kind of place this is
    local.set_area(
        agency_id=world.home.pk,
        area=Area.ISLAND,
        source="QĐ 1",
        valid_from=timezone.localdate(),
        actor=chi,
        at=timezone.now(),
    )
    assert owed(world) == owed(world, "online") == [("Lệ phí", 30_000)]  # place before channel
    fee(chi, 0, area="island", channel="online")
    assert [amount for _name, amount in owed(world, "online")] == [0]


def test_a_fee_named_as_a_row_takes_that_rows_place_alone(world: World, chi: Actor) -> None:
    before = owed(world, code=BIRTH)
    rows = chosen(world, BIRTH).version.fees.all()
    late = next(row for row in rows if row.basis == "council")
    fee(chi, 8_000, BIRTH, name=late.name, kind=FeeKind(late.kind))
    lines = fees.lines(
        chosen(world, BIRTH).variant, "in_person", agency_id=world.home.pk,
        procedure_id=chosen(world, BIRTH).version.procedure_id, day=timezone.localdate(),
    )  # fmt: skip
    assert owed(world, code=BIRTH) == before  # registering in time stays free
    assert any(line.amount == 8_000 and line.conditional for line in lines)  # "quá hạn" stays a condition
    assert not any(line.amount is None for line in lines)


def test_the_day_decides_and_a_fee_can_end(world: World, chi: Actor) -> None:
    made = fee(chi, 100_000)
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = fee(chi, 120_000, valid_from=tomorrow)
    made.refresh_from_db()
    assert made.valid_to == tomorrow and owed(world) == [("Lệ phí", 100_000)]
    with pytest.raises(Refusal, match="sau ngày này"):
        fee(chi, 90_000)
    local.end_local_fee(fee_id=later.pk, valid_to=tomorrow, actor=chi, at=timezone.now())
    local.end_local_fee(fee_id=made.pk, valid_to=timezone.localdate(), actor=chi, at=timezone.now())
    assert [amount for _name, amount in owed(world)] == [50_000]


def exempt(chi: Actor, percent: int, group: str = "Hộ nghèo", **more: Any) -> FeeExemption:
    said = {
        "kind": "",
        "channel": "",
        "source": "NQ 13/2026",
        "valid_to": None,
        "valid_from": timezone.localdate(),
    }
    return local.exempt(
        procedure_id=Procedure.objects.get(code=SHOP_FEE).pk, group=group, percent=percent, actor=chi, at=timezone.now(),
        **(said | more),
    )  # fmt: skip


def test_who_pays_less_is_said_and_the_chosen_group_pays_it(world: World, chi: Actor, minh: Client) -> None:
    half, none = exempt(chi, 50, "Thanh niên"), exempt(chi, 100)
    page = begin(minh)
    shown = minh.get(f"{page}case", {"procedure": SHOP_FEE}).content.decode()
    assert "Hộ nghèo (miễn)" in shown and "Thanh niên (giảm 50%)" in shown and "50.000 đ" in shown
    shown = minh.get(f"{page}case", {"procedure": SHOP_FEE, "exemption": str(half.pk)}).content.decode()
    assert "25.000 đ" in shown
    plain = take(world, minh)
    assert plain.fee_exemption is None
    text = Paper.objects.get(dossier=plain).data or ""
    assert "miễn: Hộ nghèo; giảm 50%: Thanh niên" in text and '"amount": 50000' in text
    reduced = take(world, minh, exemption=str(none.pk))
    assert reduced.fee_exemption == none
    text = Paper.objects.get(dossier=reduced).data or ""
    assert "miễn: Hộ nghèo" in text and '"amount": 50000' not in text


def test_an_exemption_that_does_not_hold_is_refused(world: World, chi: Actor, minh: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = exempt(chi, 100, valid_from=tomorrow)
    online = exempt(chi, 100, "Nộp trực tuyến", channel="online")
    for one in (later, online):
        page = begin(minh)
        choice = chosen(world)
        papers = {f"paper-r{row.pk}-originals": "1" for row in choice.version.papers.filter(is_note=False)}
        typed = {
            **full(),
            **papers,
            "procedure": SHOP_FEE,
            "variant": str(choice.variant.pk),
            "agency": str(world.home.pk),
        }
        answer = minh.post(page, {**typed, "exemption": str(one.pk), "missing_ok": "on", "act": "accept"})
        assert answer.status_code == 422 and "không áp dụng hôm nay" in answer.content.decode()
    for percent, group in ((0, "x"), (101, "x"), (50, " ")):
        with pytest.raises(Refusal):
            exempt(chi, percent, group)


def test_rounding_is_half_up_to_whole_dong(world: World, chi: Actor) -> None:
    half = exempt(chi, 50)
    fee(chi, 15_001)
    assert owed(world, exemption=half) == [("Lệ phí", 7_501)]


# ── Repeal, while a counter has the procedure on the screen


def test_a_draft_that_was_open_when_the_procedure_was_repealed(world: World, minh: Client) -> None:
    before = take(world, minh)
    page = begin(minh)
    choice = chosen(world)
    papers = {f"paper-r{row.pk}-originals": "1" for row in choice.version.papers.filter(is_note=False)}
    typed = {
        **full(),
        **papers,
        "procedure": SHOP_FEE,
        "variant": str(choice.variant.pk),
        "agency": str(world.home.pk),
    }
    minh.post(page, {**typed, "act": "save"})
    today = timezone.localdate()
    publishing.repeal(
        code=SHOP_FEE,
        repealed_on=today,
        decision_number="3509/QĐ-UBND",
        decision_date=today,
        actor=SYSTEM,
        at=timezone.now(),
    )
    shown = minh.get(page).content.decode()
    assert "đã bãi bỏ" in shown and "3509/QĐ-UBND" in shown
    answer = minh.post(page, {**typed, "missing_ok": "on", "act": "accept"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "3509/QĐ-UBND" in text and "không tiếp nhận hồ sơ mới" in text
    assert (
        full()["full_name"] in text and Draft.objects.get(pk=page.strip("/").split("/")[1]).dossier_id is None
    )
    before.refresh_from_db()  # the dossier received before goes on under its version
    assert before.procedure_version_id == choice.version.pk and before.due_at is not None
    public = Client(HTTP_HOST="localhost").get(f"/thu-tuc/{SHOP_FEE}").content.decode()
    assert "đã bãi bỏ" in public and "3509/QĐ-UBND" in public
