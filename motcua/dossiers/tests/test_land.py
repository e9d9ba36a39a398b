"""A land dossier: the tax office does its part as a child dossier, the parent waits with its clock stopped."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import Position
from motcua.base.audit.queries import verify_all
from motcua.base.calendars.queries import working_calendar
from motcua.base.outbox.models import Message
from motcua.dossiers import clock, due_facts, linked, queries, reading, states, tracking, worklists
from motcua.dossiers.models import Dossier, Paper, Pause, Result, Task
from motcua.dossiers.operations import acts, decision, ending, handover, pauses, processing, supplement
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.land_world import (
    OWING,
    LandWorld,
    ask_tax,
    assess,
    children_of,
    hours,
    land,
    news,
    paid,
    receive,
    step_of,
    to_tax,
)
from motcua.dossiers.tests.lives import common
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

__all__ = ["land"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def track(dossier: Dossier, at: object = None) -> tracking.Tracked:
    found = tracking.by_code(dossier.code, dossier.secret, address="203.0.113.9", now=at or hours(24))  # type: ignore[arg-type]
    assert found is not None
    return found


def failed(land: LandWorld, how: str, parent: Dossier, child: Dossier) -> None:
    """The tax office's part ends without a result."""
    at = hours(30)
    if how == "refused":
        assess(land, child, at, kind="refused")
    elif how == "withdrawn":
        ending.withdraw(**common(land, "loc", child, at, reason="Nộp nhầm"))
    else:
        ending.stop(**common(land, "phuc", child, at, reason="Phiếu chuyển sai thửa đất"))
    news(parent, child)


def test_a_land_dossier_goes_the_whole_way(land: LandWorld) -> None:
    parent = receive(land)
    assert (parent.home_agency, parent.competent_agency) == (land.home, land.land)
    assert step_of(parent) == "appraise"
    first = parent.due_at

    child = to_tax(land, parent, hours(24))
    assert parent.state == states.MONEY and parent.paused_at == hours(24)
    assert step_of(parent) == "tax"
    assert child.code.startswith("G12.24.6-") and child.home_agency == land.tax
    assert child.applicant_id == parent.applicant_id
    assert child.state == states.ACCEPTED and child.due_at is not None and child.paused_at is None
    assert step_of(child) == "assess"

    assess(land, child, hours(72), kind="granted")
    news(parent, child)
    assert child.state == states.RETURNED_GRANTED
    assert step_of(parent) == "pay" and parent.state == states.MONEY
    notice = Result.objects.get(dossier=child)
    assert notice.number and notice.returned_to == land.land.name

    paid(land, parent, hours(96))
    assert parent.state == states.PROCESSING and parent.paused_at is None
    assert step_of(parent) == "update"
    calendar = clock.calendar_of(parent)
    pauses_now = clock.pauses_of(parent)
    assert [(one.kind, one.resume) for one in pauses_now] == [("child", "continue"), ("money", "continue")]
    assert [(one.started_at, one.ended_at) for one in pauses_now] == [
        (hours(24), hours(72)),
        (hours(72), hours(96)),
    ]
    assert first is not None and parent.due_at is not None
    assert parent.due_at.date() == calendar.add_days(
        timezone.localdate(first), 4
    )  # Tuesday to Friday: one stretch
    assert parent.original_due_at == first
    explained = " ".join(line.text for line in due_facts.explain(parent, pauses_now, now=hours(97)).lines)
    assert "Cơ quan thuế xác định nghĩa vụ tài chính" in explained and child.code in explained

    decision.propose(**common(land, "khanh", parent, hours(98), kind="granted", content="Đã chỉnh lý"))
    decision.approve(**common(land, "vinh", parent, hours(99)))
    decision.issue(**common(land, "tam", parent, hours(100)))
    handover.return_result(**common(land, "mai", parent, hours(101), returned_to=parent.applicant_name))
    news(parent, child)
    assert parent.state == states.RETURNED_GRANTED
    assert not Task.objects.filter(dossier__in=[parent, child], ended_at=None).exists()
    verbs = [entry.verb for entry in queries.history(parent)]
    assert verbs[:5] == ["accept", "forward", "open_child", "child_done", "resume"]
    assert list(verify_all()) == []


def test_the_clock_runs_until_the_child_is_really_opened(land: LandWorld) -> None:
    """Who finds that tax is due and then lets the papers lie uses up the office's own time."""
    parent = receive(land)
    processing.forward(**common(land, "khanh", parent, hours(2), choice=OWING))
    parent.refresh_from_db()
    assert step_of(parent) == "to_tax" and parent.paused_at is None
    with pytest.raises(acts.NotAllowedNow, match="Mở hồ sơ liên thông"):
        processing.forward(**common(land, "khanh", parent, hours(3)))
    ask_tax(land, parent, hours(26))
    assert parent.paused_at == hours(26)


def test_the_same_request_twice_opens_one_child(land: LandWorld) -> None:
    from motcua.dossiers.operations import children
    from motcua.dossiers.tests.land_world import TAX
    from motcua.dossiers.tests.lives import variant_of

    parent = receive(land)
    processing.forward(**common(land, "khanh", parent, hours(2), choice=OWING))
    call = common(land, "khanh", parent, hours(3), agency_id=land.tax.pk, variant_id=variant_of(TAX).pk)
    first, again = children.open_child(**call), children.open_child(**call)
    assert first.pk == again.pk and children_of(parent) == [first]
    with pytest.raises(Refusal):
        ask_tax(land, parent, hours(4))


def test_a_child_is_no_second_thing_to_the_applicant(land: LandWorld) -> None:
    """No slip, no receipt, no look-up of its own; its time is told inside the parent's."""
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    assert not Paper.objects.filter(dossier=child).exists()
    assert tracking.by_code(child.code, child.secret, address="203.0.113.9", now=hours(25)) is None
    assert tracking.by_token(child.token, address="203.0.113.9", now=hours(25)) is None
    seen = track(parent, hours(25))
    (part,) = seen.parts
    assert (part.agency, part.started_at, part.due_at) == (land.tax.name, hours(24), child.due_at)
    assert part.left and not part.late and part.ended_at is None
    assert "nộp tiền" not in seen.plain and land.tax.name in seen.plain
    assert land.tax.name in seen.unit
    assert [station.unit for station in seen.stations if station.state == "waiting"] == [land.tax.name]
    assert "kiểm tra" not in seen.next_step.lower()

    assess(land, child, hours(72))
    news(parent, child)
    assert not Paper.objects.filter(dossier=child).exists()
    seen = track(parent, hours(73))
    (part,) = seen.parts
    assert part.ended_at == hours(72) and "Thông báo nộp tiền" in part.result
    assert "nộp tiền theo thông báo" in seen.plain
    for text in (parent.applicant_name, child.code, "0,5%"):
        assert text not in str(seen)


def test_what_the_other_agency_asks_for_is_told_where_the_applicant_looks(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    items = [Missing("Tờ khai lệ phí trước bạ", "Chưa kê khai phần nhà")]
    supplement.request_supplement(**common(land, "loc", child, hours(26), items=items))
    seen = track(parent, hours(27))
    assert seen.plain == f"{land.tax.name} đang chờ anh/chị bổ sung giấy tờ"
    assert seen.asking is not None and seen.asking.missing[0]["name"] == "Tờ khai lệ phí trước bạ"
    page = Client(HTTP_HOST="localhost").post("/tra-cuu", {"code": parent.code, "secret": parent.secret})
    assert "Tờ khai lệ phí trước bạ" in page.content.decode()
    supplement.receive_supplement(**common(land, "loc", child, hours(48), papers_in=[]))
    assert track(parent, hours(49)).asking is None
    assert not Paper.objects.filter(dossier=child, form="appointment_slip").exists()


def test_a_child_that_is_late_says_so_everywhere(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    late = hours(24 * 15)
    assert child.due_at is not None and late > child.due_at
    (part,) = track(parent, late).parts
    assert part.late and "quá hạn" in part.left
    loc = land.actor("loc")
    moment = worklists.Moment(late, late + timedelta(days=1))
    assert worklists.counts(loc, moment)["late"] == 1
    khanh = land.actor("khanh")
    assert worklists.counts(khanh, moment)["late"] == 0  # the parent stands still
    pauses.extend(
        **common(
            land,
            "phuc",
            child,
            hours(30),
            reason="Chờ hồ sơ địa chính",
            new_due_at=working_calendar(child.calendar_id).closing(hours(24 * 14).date()),
        )
    )
    assess(land, child, late)
    news(parent, child)
    assert step_of(parent) == "pay"


@pytest.mark.parametrize("how", ["refused", "withdrawn", "stopped"])
def test_without_a_result_the_parents_clock_goes_on_and_the_step_stays(land: LandWorld, how: str) -> None:
    parent = receive(land)
    first = parent.due_at
    child = to_tax(land, parent, hours(24))
    failed(land, how, parent, child)
    assert child.finished_at is not None and child.state != states.RETURNED_GRANTED
    assert parent.state == states.PROCESSING and parent.paused_at is None
    assert step_of(parent) == "tax"
    assert first is not None and parent.due_at is not None and parent.due_at > first
    sheet = reading.sheet_for(land.actor("khanh"), parent.code, now=hours(31))
    offered = [one.verb for one in sheet.offers]
    assert offered[0] == "open_child" and "send_back" in offered and "forward" not in offered
    assert "không có kết quả" in sheet.history[0].what
    (part,) = sheet.parts
    assert {"refused": "từ chối", "withdrawn": "Nộp nhầm", "stopped": "sai thửa đất"}[how] in part.failed
    assert (part.result is not None) == (how == "refused")

    again = ask_tax(land, parent, hours(32))
    assert parent.state == states.MONEY and again.pk != child.pk
    assess(land, again, hours(40))
    news(parent, again)
    assert step_of(parent) == "pay"


def test_after_a_child_without_result_the_office_may_go_back_and_refuse(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    failed(land, "stopped", parent, child)
    back = common(land, "khanh", parent, hours(31), to_step="appraise", reason="Thửa đất đang tranh chấp")
    processing.send_back(**back)
    assert step_of(parent) == "appraise"


def test_a_parent_withdrawn_takes_its_child_along(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    ending.withdraw(**common(land, "minh", parent, hours(30), reason="Không chuyển nhượng nữa, đơn 8/7"))
    news(parent, child)
    assert parent.state == child.state == states.WITHDRAWN
    assert not Task.objects.filter(dossier=child, ended_at=None).exists()
    entry = queries.history(child).last()
    assert entry is not None and parent.code in entry.payload["reason"]
    assert not Message.objects.exclude(last_error="").exists()


def test_a_parent_stopped_stops_its_child(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    ending.stop(**common(land, "vinh", parent, hours(30), reason="Có bản án của tòa"))
    news(parent, child)
    assert parent.state == child.state == states.STOPPED


def test_a_result_that_comes_after_the_parent_ended_hurts_nothing(land: LandWorld) -> None:
    """Both ends cross on the way: nothing is parked, nothing comes alive again."""
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    assess(land, child, hours(30))
    ending.withdraw(**common(land, "minh", parent, hours(30), reason="Đơn 8/7"))
    news(parent, child)
    assert parent.state == states.WITHDRAWN
    assert child.state == states.RETURNED_GRANTED
    assert not Message.objects.exclude(last_error="").exists()


def test_nobody_starts_the_clock_while_the_other_agency_works(land: LandWorld) -> None:
    parent = receive(land)
    to_tax(land, parent, hours(24))
    for name in ("khanh", "vinh"):
        with pytest.raises(Conflict, match="liên thông"):
            pauses.resume(**common(land, name, parent, hours(25)))
        sheet = reading.sheet_for(land.actor(name), parent.code, now=hours(25))
        assert "resume" not in [one.verb for one in sheet.offers]
    assert Pause.objects.filter(dossier=parent, ended_at=None, kind=linked.PAUSE).count() == 1


def test_who_sees_what(land: LandWorld) -> None:
    """The tax office sees its own child and that one parent; another tax office sees neither."""
    parent, other = receive(land), receive(land)
    child = to_tax(land, parent, hours(24))
    seen = {
        name: set(queries.visible_to(land.actor(name))) for name in ("loc", "yen", "khanh", "minh", "binh")
    }
    assert seen["loc"] == {parent, child}
    assert seen["yen"] == seen["binh"] == set()
    assert seen["khanh"] == {parent, other, child}
    assert {parent, child} <= seen["minh"]
    with pytest.raises(NotFound):
        queries.get_for(land.actor("loc"), other.code)
    with pytest.raises(NotPermitted):
        ending.withdraw(**common(land, "loc", parent, hours(25), reason="Không phải việc của tôi"))
    with pytest.raises(Refusal):
        decision.propose(**common(land, "khanh", child, hours(25), kind="granted"))


def test_a_group_counts_once(land: LandWorld) -> None:
    before = linked.whole(Dossier.objects.all()).count()
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    assert linked.whole(Dossier.objects.all()).count() == before + 1
    assert child not in linked.whole(Dossier.objects.all())


def test_when_nobody_can_take_the_next_step_it_waits_to_be_forwarded(land: LandWorld) -> None:
    """The tax notice comes on a day on which the one-stop shop has no cashier: nothing hangs in the dark."""
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    cashier = Position.objects.filter(pk=land.positions["kim"])
    cashier.update(roles=["guide"])
    assess(land, child, hours(48))
    news(parent, child)
    assert parent.state == states.PROCESSING and step_of(parent) == "tax"
    sheet = reading.sheet_for(land.actor("khanh"), parent.code, now=hours(49))
    assert sheet.offers[0].verb == "forward"
    assert "Thu ngân" in sheet.history[0].note or "vai trò" in sheet.history[0].note
    cashier.update(roles=["cashier"])
    processing.forward(**common(land, "khanh", parent, hours(50)))
    parent.refresh_from_db()
    assert step_of(parent) == "pay" and parent.state == states.MONEY


def test_on_the_way_nothing_is_published_twice(land: LandWorld) -> None:
    """News may come more than once: the second time changes nothing."""
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    assess(land, child, hours(48))
    news(parent, child)
    before = (parent.version, child.version, parent.due_at)
    Message.objects.filter(subject_id__in=[str(parent.pk), str(child.pk)]).update(delivered_at=None)
    news(parent, child)
    assert (parent.version, child.version, parent.due_at) == before
