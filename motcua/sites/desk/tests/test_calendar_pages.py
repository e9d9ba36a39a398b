"""The pages of working calendars: what they show, what they change, whom they refuse, what they never move."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.base.calendars import queries
from motcua.base.calendars.models import Calendar, Day, DayStatus, OfficeHours
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
CULTURE_DAY = date(2026, 11, 24)
TEXT = "Công văn 9/VPCP-KGVX"


@pytest.fixture
def calendar(world):
    return Calendar.objects.get(code="THU")


@pytest.fixture
def an(log_in):
    return log_in("an")


@pytest.fixture
def promised(world):
    """A dossier of the commune, and the working day it is promised for."""
    set_database_actor(SYSTEM)
    dossier = take_in(world)
    return dossier, timezone.localdate(dossier.due_at)


def url(calendar, rest=""):
    return f"/calendars/{calendar.pk}/{rest}"


def adding(on, **values):
    said = {"on": f"{on:%Y-%m-%d}", "kind": "day_off", "name": "Nghỉ bão", "source": TEXT, "scope": "all"}
    return said | {"key": "k-" + str(on)} | values


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


# ── Looking


def test_everybody_at_the_office_reads_a_year_and_only_keepers_are_offered_changes(log_in, calendar):
    for name, keeps in (("minh", False), ("nam", False), ("kim", True), ("an", True)):
        client = log_in(name)
        for path in ("/calendars/", url(calendar, "?year=2026")):
            answer = client.get(path)
            assert answer.status_code == 200
        assert ("days/new/" in text(answer)) == keeps, name


def test_a_year_shows_its_days_with_sources_and_its_agencies(an, calendar, world):
    page = text(an.get(url(calendar, "?year=2026")))
    for said in (
        "Tết Nguyên đán Bính Ngọ",
        "Bộ luật Lao động 2019",
        "12729/VPCP-KGVX",
        "Ngày làm bù",
        world.home.name,
    ):
        assert said in page, said
    assert page.count('<table class="mc-month">') == 12
    assert "chưa có ngày nghỉ được xác nhận" not in page


def test_the_working_days_of_the_months_are_those_of_the_arithmetic(an, calendar):
    working = queries.working_calendar(calendar.pk)
    page = text(an.get(url(calendar, "?year=2026")))
    count = working.count_days(date(2025, 12, 31), date(2026, 12, 31))
    assert f"{count} ngày làm việc trong năm" in page


def test_a_year_without_days_warns_loudly(an, calendar):
    page = text(an.get(url(calendar, "?year=2030")))
    assert "Năm 2030 chưa có ngày nghỉ được xác nhận" in page
    assert "có thể SAI" in page


@pytest.mark.parametrize("year", ["0", "1994", "2100", "abc", "99999999999", "-1", "²"])
def test_a_year_that_no_calendar_holds_is_not_found(an, calendar, year):
    assert an.get(url(calendar), {"year": year}).status_code == 404


def test_a_trial_says_what_the_command_line_says(an, calendar, world):
    answer = an.get(url(calendar), {"received": "2026-08-28T15:30", "limit": "3 ngày làm việc"})
    page = text(answer)
    assert "17:00 thứ Hai 07/09/2026" in page
    for said in (
        "ngày nhận thứ Sáu 28/8 không tính",
        "nghỉ hoán đổi, làm bù thứ Bảy 22/8",
        "thứ Hai 7/9: ngày thứ 3",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    "asked",
    [
        {"received": "hôm qua", "limit": "3 ngày"},
        {"received": "2026-08-28T15:30", "limit": "vài hôm"},
        {"received": "2026-08-28T15:30", "limit": "99999 ngày làm việc"},
        {"received": "9999-12-31T15:30", "limit": "3 ngày làm việc"},
        {"received": "0001-01-01T00:00", "limit": "3 ngày làm việc"},
        {"received": "", "limit": ""},
    ],
)
def test_a_trial_that_cannot_be_reckoned_says_so(an, calendar, asked):
    answer = an.get(url(calendar), asked)
    assert answer.status_code == 200
    assert "Có lỗi cần sửa" in text(answer)


# ── Days


def test_a_day_is_added_once_however_often_the_button_is_pressed(an, calendar):
    before = queries.working_calendar(calendar.pk)
    on = date(2026, 6, 5)
    for _click in range(2):
        assert an.post(url(calendar, "days/new/"), adding(on)).status_code == 302
    assert Day.objects.filter(on=on).count() == 1
    assert Entry.objects.filter(verb="calendar.add_day", payload__on="2026-06-05").count() == 1
    assert before.is_working(on) and not queries.working_calendar(calendar.pk).is_working(on)


def test_a_promised_day_is_named_first_and_no_date_moves(an, calendar, promised):
    dossier, on = promised
    first = an.post(url(calendar, "days/new/"), adding(on))
    assert "1 hồ sơ đang hẹn trả vào ngày này giữ nguyên ngày hẹn" in text(first)
    assert not Day.objects.filter(on=on).exists()
    assert an.post(url(calendar, "days/new/"), adding(on, confirmed="on")).status_code == 302
    set_database_actor(SYSTEM)
    again = Dossier.objects.get(pk=dossier.pk)
    assert (again.due_at, again.original_due_at, again.version) == (
        dossier.due_at, dossier.original_due_at, dossier.version,
    )  # fmt: skip


def test_the_dossiers_own_page_says_that_the_calendar_changed_since(an, log_in, calendar, promised):
    dossier, on = promised
    minh = log_in("minh")
    told = "Lịch làm việc đã thay đổi sau khi hồ sơ được nhận"
    assert told not in text(minh.get(f"/dossiers/{dossier.code}/due/"))
    an.post(url(calendar, "days/new/"), adding(on, confirmed="on"))
    page = text(minh.get(f"/dossiers/{dossier.code}/due/"))
    assert told in page and "giữ nguyên như trên giấy hẹn" in page


def test_dossiers_of_every_agency_are_counted_though_none_is_seen(log_in, calendar, promised, world):
    """The administrator of a system sees no dossier of other agencies, only how many there are."""
    _dossier, on = promised
    page = text(log_in("kim").post(url(calendar, "days/new/"), adding(on)))
    assert "1 hồ sơ" in page and world.accounts["minh"].full_name not in page


def test_a_swap_takes_two_days(an, calendar):
    off, worked = date(2026, 6, 5), date(2026, 6, 13)
    alone = an.post(url(calendar, "days/new/"), adding(off, kind="swapped_off"))
    assert alone.status_code == 422 and "hoán đổi luôn có hai ngày" in text(alone)
    assert (
        an.post(url(calendar, "days/new/"), adding(off, kind="swapped_off", other="2026-06-13")).status_code
        == 302
    )
    assert {row.on: row.kind for row in Day.objects.filter(on__in=[off, worked])} == {
        off: "swapped_off", worked: "working_saturday",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"source": ""}, "Chưa điền: Nguồn pháp lý"),
        ({"name": ""}, "Nhập tên ngày"),
        ({"on": "2026-02-30"}, "Ngày này không có"),
        ({"on": ""}, "Chưa điền: Ngày"),
        ({"kind": "feast"}, "Xin chọn lại: Loại ngày"),
        ({"on": "2026-11-24"}, "Ngày này đã có trong lịch"),
        ({"kind": "working_saturday", "on": "2026-06-12", "other": "2026-06-05"}, "phải là thứ Bảy hoặc Chủ nhật"),
        ({"kind": "swapped_off", "on": "2026-06-13", "other": "2026-06-14"}, "phải là một ngày trong tuần"),
    ],
)  # fmt: skip
def test_a_bad_day_comes_back_with_its_fault_and_what_was_typed(an, calendar, values, said):
    count = Day.objects.count()
    answer = an.post(url(calendar, "days/new/"), adding(date(2026, 6, 5)) | values)
    assert answer.status_code == 422
    assert (said in text(answer) and TEXT in text(answer)) or values.get("source") == ""
    assert Day.objects.count() == count


def test_a_day_of_one_calendar_leaves_the_others_alone(an, calendar):
    on = date(2026, 6, 5)
    an.post(url(calendar, "days/new/"), adding(on, scope="own"))
    assert Day.objects.get(on=on).calendar_id == calendar.pk
    an.post("/calendars/new/", {"name": "Đảo", "code": "dao", "key": "n"})
    other = Calendar.objects.get(code="dao")
    row = Day.objects.get(on=on)
    assert an.get(url(calendar, f"days/{row.pk}/")).status_code == 200
    assert an.get(url(other, f"days/{row.pk}/")).status_code == 404
    assert an.post(url(other, f"days/{row.pk}/act/"), {"act": "withdraw", "reason": "x"}).status_code == 404


# ── The switch of 24/11


def test_the_switch_stands_in_one_place_and_needs_a_reason(an, calendar):
    row = Day.objects.get(on=CULTURE_DAY)
    assert not row.enabled
    days_page = text(an.get(url(calendar, "?year=2026")))
    assert f'id="switch-{row.pk}"' in days_page and "Bật làm ngày nghỉ" in days_page
    act = url(calendar, f"days/{row.pk}/act/")
    refused = an.post(act, {"act": "on", "reason": " ", "key": "s"})
    assert refused.status_code == 422
    assert an.post(act, {"act": "on", "reason": "Luật số 1/2026 có hiệu lực", "key": "s"}).status_code == 302
    row.refresh_from_db()
    assert row.enabled
    assert "Luật số 1/2026 có hiệu lực" in text(an.get(url(calendar, f"days/{row.pk}/")))
    assert not queries.working_calendar(calendar.pk).is_working(CULTURE_DAY)
    an.post(act, {"act": "off", "reason": "Luật chưa có hiệu lực", "key": "t"})
    assert queries.working_calendar(calendar.pk).is_working(CULTURE_DAY)


# ── Correcting, withdrawing, approving


def test_a_day_is_corrected_withdrawn_and_put_back(an, calendar):
    on = date(2026, 6, 5)
    an.post(url(calendar, "days/new/"), adding(on))
    row = Day.objects.get(on=on)
    act = url(calendar, f"days/{row.pk}/act/")
    said = {
        "act": "change",
        "name": "Nghỉ bão số 3",
        "kind": "in_lieu",
        "source": "CV 10",
        "reason": "Sai tên",
        "key": "a",
    }
    assert an.post(act, said).status_code == 302
    assert an.post(act, {"act": "withdraw", "reason": "", "key": "b"}).status_code == 422
    assert an.post(act, {"act": "withdraw", "reason": "Nhập nhầm", "key": "b"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.name) == (DayStatus.WITHDRAWN, "Nghỉ bão số 3")
    year = text(an.get(url(calendar, "?year=2026")))
    assert "Ngày đã rút khỏi lịch" in year
    assert "Thêm lại ngày này" in text(an.get(url(calendar, f"days/{row.pk}/")))
    assert an.post(url(calendar, "days/new/"), adding(on, key="again")).status_code == 302
    history = text(an.get(url(calendar, f"days/{row.pk}/")))
    assert history.count("Thêm vào lịch") == 2 and "Sai tên" in history and "Nhập nhầm" in history


def test_an_unknown_act_and_a_look_at_the_acts_address_change_nothing(an, calendar):
    row = Day.objects.get(on=CULTURE_DAY)
    act = url(calendar, f"days/{row.pk}/act/")
    assert an.get(act).status_code == 302
    assert an.post(act, {"act": "delete", "reason": "x"}).status_code == 302
    assert Day.objects.filter(pk=row.pk).exists()


def test_a_new_year_is_proposed_approved_by_a_second_person_and_vouched_for(an, calendar, log_in):
    assert an.get(url(calendar, "years/2028/propose/")).status_code == 302
    assert not Day.objects.filter(on__year=2028).exists()
    an.post(url(calendar, "years/2028/propose/"))
    proposed = Day.objects.filter(on__year=2028)
    assert proposed.count() > 5 and not proposed.exclude(status="proposed").exists()
    page = text(an.get(url(calendar, "?year=2028")))
    assert "ngày mới được đề xuất, chưa tính" in page
    row = proposed.first()
    alone = an.post(url(calendar, f"days/{row.pk}/act/"), {"act": "approve", "source": TEXT, "key": "p"})
    assert alone.status_code == 422 and "Nhờ một quản trị khác" in text(alone)
    log_in("kim").post(url(calendar, f"days/{row.pk}/act/"), {"act": "approve", "source": TEXT, "key": "p"})
    row.refresh_from_db()
    assert (row.status, row.confidence, row.source) == ("approved", "high", TEXT)
    assert an.post(url(calendar, "years/2028/confirm/"), {"source": "", "key": "y"}).status_code == 422
    an.post(url(calendar, "years/2028/confirm/"), {"source": TEXT, "key": "y"})
    assert 2028 in queries.confirmed_years()
    assert an.post(url(calendar, "years/1200/confirm/"), {"source": TEXT}).status_code == 404


# ── Hours


def hours(**values):
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "valid_from": f"{tomorrow:%Y-%m-%d}", "first_weekday": "1", "last_weekday": "5", "morning_start": "07:00",
        "morning_end": "11:30", "afternoon_start": "13:30", "afternoon_end": "17:00", "hours_a_day": "",
        "extra_weekday": "", "extra_start": "", "extra_end": "", "source": "QĐ 5", "key": "h",
    } | values  # fmt: skip


def test_new_hours_begin_on_their_day_and_move_no_date(an, calendar, promised):
    dossier, _on = promised
    answer = an.post(
        url(calendar, "hours/"), hours(extra_weekday="6", extra_start="08:00", extra_end="11:00")
    )
    assert answer.status_code == 302
    rows = list(OfficeHours.objects.filter(calendar=calendar).order_by("valid_from", "first_weekday"))
    assert [(row.counts, str(row.hours_a_day)) for row in rows] == [
        (True, "8.00"),
        (True, "8.00"),
        (False, "3.00"),
    ]
    assert rows[0].valid_to == rows[1].valid_from
    set_database_actor(SYSTEM)
    assert Dossier.objects.get(pk=dossier.pk).due_at == dossier.due_at
    assert "Đổi giờ làm việc" in text(an.get(url(calendar)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"valid_from": "2026-01-01"}, "Giờ của những ngày đã qua không đổi được"),
        ({"morning_end": "06:00"}, "Giờ đóng phải sau giờ mở"),
        ({"morning_end": ""}, "Nhập đủ giờ mở và giờ đóng"),
        ({"morning_end": "14:00"}, "Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc"),
        (
            {"morning_start": "", "morning_end": "", "afternoon_start": "", "afternoon_end": ""},
            "ít nhất một buổi",
        ),
        ({"first_weekday": "5", "last_weekday": "1"}, "Thứ kết thúc đứng trước thứ bắt đầu"),
        (
            {"extra_weekday": "3", "extra_start": "07:00", "extra_end": "09:00", "extra_counts": "on"},
            "chồng lên nhau",
        ),
        ({"extra_weekday": "6"}, "Nhập đủ giờ mở và giờ đóng"),
        ({"morning_start": "25:00"}, "Giờ này không có"),
        ({"hours_a_day": "0"}, "lớn hơn"),
        ({"source": ""}, "Chưa điền: Căn cứ"),
    ],
)
def test_bad_hours_come_back_with_their_fault(an, calendar, values, said):
    answer = an.post(url(calendar, "hours/"), hours(**values))
    assert answer.status_code == 422
    assert said in text(answer)
    assert calendar.hours.count() == 1


def test_a_new_calendar_needs_hours_before_it_serves(an, world):
    assert an.post("/calendars/new/", {"name": "Đảo", "code": "dao", "key": "n"}).status_code == 302
    new = Calendar.objects.get(code="dao")
    assert "Lịch chưa có giờ làm việc" in text(an.get(url(new)))
    taken = an.post("/calendars/new/", {"name": "Khác", "code": "dao", "key": "m"})
    assert taken.status_code == 422 and "đã được dùng" in text(taken)
    assert an.post("/calendars/new/", {"name": "Khác", "code": "hai đảo", "key": "m"}).status_code == 422
    own = an.post("/calendars/new/", {"name": "Khác", "code": "CAL_A", "key": "m"})
    assert "dành cho lịch có sẵn" in text(own)


# ── Rights


def test_others_change_nothing(log_in, calendar):
    row = Day.objects.get(on=CULTURE_DAY)
    for name in ("minh", "nam"):
        client = log_in(name)
        for path in (
            "days/new/",
            "hours/",
            f"days/{row.pk}/act/",
            "years/2030/propose/",
            "years/2030/confirm/",
        ):
            assert client.post(url(calendar, path), {"act": "on", "reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert not row.enabled


def test_the_list_costs_the_same_with_more_calendars(an, calendar, django_assert_max_num_queries):
    from motcua.base.calendars.operations import offices

    for number in range(5):
        offices.open_calendar(code=f"l{number}", name=f"Lịch {number}", actor=SYSTEM, at=timezone.now())
    with django_assert_max_num_queries(25):
        assert an.get("/calendars/").status_code == 200


def test_every_act_leaves_who_and_why(an, calendar):
    row = Day.objects.get(on=CULTURE_DAY)
    an.post(url(calendar, f"days/{row.pk}/act/"), {"act": "on", "reason": "Luật số 1", "key": "w"})
    entry = Entry.objects.filter(verb="calendar.switch_day").latest("recorded_at")
    assert (entry.actor_name, entry.payload["reason"]) == ("Quản trị An", "Luật số 1")


# ── Another name


def test_a_calendar_gets_another_name_and_nothing_else(an, calendar):
    before, version = calendar.name, calendar.version
    assert before in text(an.get(url(calendar, "rename/")))
    said = {"name": "  Giờ hành chính   đặc khu ", "key": "n"}
    for _click in range(2):
        assert an.post(url(calendar, "rename/"), said).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.name, calendar.code) == ("Giờ hành chính đặc khu", "THU")
    assert calendar.version != version, "what was reckoned under the old name is not kept"
    entry = Entry.objects.get(verb="calendar.rename", subject_id=str(calendar.pk))
    assert entry.payload == {"from": before, "to": "Giờ hành chính đặc khu"}
    assert f"“{before}” thành “Giờ hành chính đặc khu”" in text(an.get(url(calendar, "?year=2026")))


@pytest.mark.parametrize("name", ["", "   ", "x" * 161])
def test_a_bad_name_of_a_calendar_is_refused(an, calendar, name):
    answer = an.post(url(calendar, "rename/"), {"name": name, "key": "n"})
    assert answer.status_code in {200, 422} and "govuk-error-message" in text(answer)
    same = an.post(url(calendar, "rename/"), {"name": calendar.name, "key": "m"})
    assert "đúng tên này" in text(same)
    assert not Entry.objects.filter(verb="calendar.rename").exists()


def test_only_keepers_rename_a_calendar(log_in, calendar):
    for name in ("minh", "nam"):
        assert log_in(name).post(url(calendar, "rename/"), {"name": "X", "key": "x"}).status_code == 403
    assert log_in("kim").get(url(calendar, "rename/")).status_code == 200
