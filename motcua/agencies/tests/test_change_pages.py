"""Pages of planned changes: looked at before they are confirmed, planned once, taken back, carried out by the job."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.agencies import queries
from motcua.agencies.events import CARRY_OUT
from motcua.agencies.jobs import carry_out_changes
from motcua.agencies.models import Agency, ChangeKind, ChangeState, PlannedChange, Unit
from motcua.agencies.operations import changes
from motcua.agencies.tests.test_agency_pages import an, calendar, enter, island, text, ward
from motcua.base.audit.models import Entry
from motcua.base.outbox.models import Message
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.lib.actor import SYSTEM

__all__ = ["an", "calendar", "enter", "island", "ward"]
pytestmark = pytest.mark.django_db


def day(number):
    return f"{timezone.localdate() + timedelta(days=number):%d/%m/%Y}"


def merging(ward, number=3, **values):
    said = {"target": ward.pk, "on_day": day(number), "legal_basis": "NQ 1669", "join": "on", "key": "m"}
    return said | values


def test_a_merger_is_looked_at_then_planned_once_and_taken_back(an, island, ward):
    address = f"/agencies/{island.pk}/merge/"
    looked = an.post(address, merging(ward))
    assert looked.status_code == 200 and not PlannedChange.objects.exists()
    assert "Sẽ đi theo" in text(looked) and "H24.12" in text(looked)
    assert "nhập vào đơn vị cùng tên" in text(looked)
    for _twice in range(2):
        assert an.post(address, merging(ward, step="confirm")).status_code == 302
    change = PlannedChange.objects.get()
    assert (change.state, change.closes, change.made_by.login_name) == (
        ChangeState.PLANNED,
        [island.pk],
        "an",
    )
    assert f"/agencies/changes/{change.pk}/" in an.get(f"/agencies/{island.pk}/").content.decode()
    assert "nhập vào" in text(an.get("/agencies/changes/"))
    refused = an.post(f"/agencies/changes/{change.pk}/", {"key": "c"})
    assert refused.status_code == 422
    assert an.post(f"/agencies/changes/{change.pk}/", {"key": "c", "reason": "Hoãn"}).status_code == 302
    change.refresh_from_db()
    assert change.state == ChangeState.CANCELLED
    assert "Đã hủy" in text(an.get(f"/agencies/changes/{change.pk}/"))
    island.refresh_from_db()
    assert island.closed_on is None
    verbs = set(
        Entry.objects.filter(subject_kind="agency", subject_id=str(island.pk)).values_list("verb", flat=True)
    )
    assert {"agency.plan_change", "agency.cancel_change"} <= verbs


def test_the_job_carries_out_what_is_due_and_says_what_is_in_the_way(an, island, ward):
    an.post(f"/agencies/{island.pk}/merge/", merging(ward, 0, step="confirm"))
    change = PlannedChange.objects.get()
    assert "Đang thực hiện" in text(an.get(f"/agencies/changes/{change.pk}/"))
    news = Message.objects.get(name="agencies.change_due")
    for _twice in range(2):  # it rings the worker's bell, once however often
        for handler in SUBSCRIPTIONS[news.name]:
            handler(news.payload)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [CARRY_OUT])
        assert cursor.fetchone() == (1,)
    Agency.objects.filter(pk=ward.pk).update(closed_on=timezone.localdate())  # behind the back of the plan
    carry_out_changes(timestamp=0)
    assert "đã kết thúc hoạt động" in text(an.get(f"/agencies/changes/{change.pk}/"))
    assert "Chưa thực hiện được" in text(an.get("/agencies/changes/"))
    Agency.objects.filter(pk=ward.pk).update(closed_on=None)
    carry_out_changes(timestamp=0)
    change.refresh_from_db()
    assert (change.state, change.problem) == (ChangeState.APPLIED, "")
    assert "Đã đi theo" in text(an.get(f"/agencies/changes/{change.pk}/"))
    assert queries.stands_for(ward.pk, timezone.localdate()) == {island.pk, ward.pk}
    late = an.post(f"/agencies/changes/{change.pk}/", {"key": "late", "reason": "Nhầm"})
    assert late.status_code == 422 and "đã thực hiện" in text(late)


def test_bad_choices_are_said_on_the_form(an, island, ward):
    itself = an.post(f"/agencies/{island.pk}/merge/", merging(island))
    assert itself.status_code == 422 and "không thể kế thừa chính nó" in text(itself)
    units = island.units.filter(valid_to=None)
    said = {"first": ward.pk, "second": ward.pk, "on_day": day(3), "legal_basis": "NQ 1", "key": "s"}
    homeless = an.post(f"/agencies/{island.pk}/split/", said)
    assert homeless.status_code == 422 and f"Chọn nơi đến của “{units[0].name}”" in text(homeless)
    same = an.post(f"/agencies/{island.pk}/split/", said | {f"unit-{unit.pk}": "0" for unit in units})
    assert same.status_code == 422 and "hai cơ quan kế thừa khác nhau" in text(same)
    unit = units[0]
    moved = an.post(f"/agencies/units/{unit.pk}/move/", merging(island, join=""))
    assert moved.status_code == 422 and "đang thuộc chính cơ quan này" in text(moved)
    past = an.post(f"/agencies/units/{unit.pk}/move/", merging(ward, -1))
    assert past.status_code == 422 and "từ hôm nay trở đi" in text(past)
    assert not PlannedChange.objects.exists()


def test_a_unit_is_moved_by_its_page(an, island, ward):
    unit = island.units.get(name__contains="Kinh tế")
    assert an.post(f"/agencies/units/{unit.pk}/move/", merging(ward, 0, step="confirm")).status_code == 302
    carry_out_changes(timestamp=0)
    unit = Unit.objects.get(pk=unit.pk)
    assert (
        ward.pk in {unit.agency_id, *unit.homes.values_list("agency_id", flat=True)}
        or unit.valid_to is not None
    )


def test_a_name_of_a_day_to_come_can_be_taken_back(an, island):
    said = {
        "name": "UBND đặc khu Mới",
        "short_name": "ĐK Mới",
        "on_day": day(5),
        "legal_basis": "NQ 2",
        "key": "r",
    }
    assert an.post(f"/agencies/{island.pk}/rename/", said).status_code == 302
    change = PlannedChange.objects.get(kind=ChangeKind.RENAME)
    assert "thành UBND đặc khu Mới" in re.sub(r"\s+", " ", text(an.get(f"/agencies/{island.pk}/")))
    an.post(f"/agencies/changes/{change.pk}/", {"key": "c", "reason": "Hoãn"})
    assert not island.names.filter(name="UBND đặc khu Mới").exists()


def test_only_system_administrators_come_here(enter, island, ward):
    nam = enter("nam")
    unit = island.units.first()
    for path in ("changes/", f"{island.pk}/merge/", f"{island.pk}/split/", f"units/{unit.pk}/move/"):
        for method in (nam.get, nam.post):
            assert method(f"/agencies/{path}").status_code in {403, 404}, path


def test_the_list_costs_the_same_for_one_and_for_many_and_is_paged(an, island, ward):
    def cost(address):
        an.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert an.get(address).status_code == 200
        return sum(1 for one in seen.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE")))

    def plan(number):
        content = {"agency": island.pk, "name": f"UBND {number}", "short_name": "", "code": ""}
        on_day = timezone.localdate() + timedelta(days=number)
        by = {"actor": SYSTEM, "at": timezone.now()}
        changes.plan(kind=ChangeKind.RENAME, content=content, on_day=on_day, legal_basis="NQ", **by)

    plan(1)
    one = cost("/agencies/changes/")
    for number in range(2, 36):
        plan(number)
    assert cost("/agencies/changes/") == one < 12
    first = an.get("/agencies/changes/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = an.get(f"/agencies/changes/{older}").content.decode()
    assert first.count("NQ</td>") == 30 and second.count("NQ</td>") == 5
    assert an.get("/agencies/changes/?after=hong~x").status_code == 200
