"""The tree and the pages of agencies: what they show, what their forms do, whom they refuse, how they look."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.accounts.tests.conftest import STAFF
from motcua.agencies import queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    Counter,
    OneStopShop,
    Point,
    Succession,
    Unit,
)
from motcua.agencies.operations import agencies
from motcua.agencies.operations import people as staff
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Calendar
from motcua.base.calendars.operations.days import load_official_days
from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours
from motcua.dossiers.tests.intake_world import logged_in
from motcua.lib.actor import SYSTEM
from motcua.lib.due_days import OFFICE_HOURS
from tests.harness import check

pytestmark = pytest.mark.django_db
SITE = "http://canbo.localhost"


@pytest.fixture
def calendar(people, now):
    load_official_days(actor=SYSTEM, at=now)
    made = open_calendar(code="hc", name="Giờ hành chính", actor=SYSTEM, at=now)
    hours = OFFICE_HOURS["CAL_A"][1]
    week = Week(hours.sessions, hours.hours_a_day)
    set_hours(
        calendar_id=made.pk, valid_from=date(2023, 1, 1), weeks=[week], source="QĐ 1", actor=SYSTEM, at=now
    )
    for agency in Agency.objects.all():
        agencies.set_calendar(agency_id=agency.pk, calendar_id=made.pk, actor=SYSTEM, at=now)
    return made


@pytest.fixture
def island(calendar):
    return queries.agency_by_code("H24.12")


@pytest.fixture
def ward(calendar):
    return queries.agency_by_code("H24.13")


@pytest.fixture
def enter(people, now):
    """Log somebody in; "nam" is made here: he administers the units of the island and nothing else."""

    def one(name, client=None):
        if name == "nam":
            home = queries.agency_by_code("H24.12")
            account = people["hoa"]
            position = account.positions.get()
            staff.end_position(position_id=position.pk, on_day=timezone.localdate(), actor=SYSTEM, at=now)
            staff.appoint(
                account_id=account.pk, unit_id=home.units.get(name__contains="Văn phòng").pk, title="Quản trị đơn vị",
                roles=[Role.UNIT_ADMIN], valid_from=timezone.localdate(), actor=SYSTEM, at=now,
            )  # fmt: skip
            return logged_in(client or Client(HTTP_HOST=STAFF), account)
        return logged_in(client or Client(HTTP_HOST=STAFF), people[name])

    return one


@pytest.fixture
def an(enter):
    return enter("an")


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def today(days=0):
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


# ── Looking


def test_the_tree_is_nested_searched_and_leads_to_each_agency(an, island):
    page = text(an.get("/agencies/"))
    assert f'href="/agencies/{island.pk}/"' in page
    assert page.count('class="mc-tree__node') == 8
    found = text(an.get("/agencies/", {"q": "bạch long"}))
    assert found.count('class="mc-tree__node') == 2 and found.count("is-way") == 1
    assert "1 cơ quan khớp trong 8" in found
    assert "Không có cơ quan nào khớp" in text(an.get("/agencies/", {"q": "nowhere"}))
    only = text(an.get("/agencies/", {"level": "commune"}))
    assert "2 cơ quan khớp" in only


def test_the_search_box_of_the_page_is_not_filled_with_its_texts(an, island):
    for path in (f"/agencies/{island.pk}/close/", "/agencies/?q=hai+an"):
        assert re.search(r'id="bar-search"[^>]*value=""', text(an.get(path)))


def test_an_agencys_page_shows_everything_about_it(an, island):
    page = text(an.get(f"/agencies/{island.pk}/"))
    for said in (
        "H24.12", "000.00.12.H24", "Cấp xã", "UBND thành phố Hải Phòng", "Giờ hành chính", "Phòng Văn hóa - Xã hội",
        "Trụ sở UBND đặc khu", "Quầy 6", "Thành lập", "Dữ liệu trình diễn",
    ):  # fmt: skip
        assert said in page, said


def test_everybody_reads_an_agency_and_only_its_administrators_are_offered_acts(enter, island, ward):
    minh = text(enter("minh").get(f"/agencies/{island.pk}/"))
    assert "Đổi tên" not in minh and "/units/new/" not in minh
    nam = enter("nam")
    own, other = text(nam.get(f"/agencies/{island.pk}/")), text(nam.get(f"/agencies/{ward.pk}/"))
    assert "/units/new/" in own and f"/agencies/{island.pk}/rename/" not in own
    assert "/units/new/" not in other


def test_the_page_costs_the_same_with_more_counters(an, island, now, django_assert_max_num_queries):
    from motcua.agencies.operations import places

    point = island.shops.get().points.get()
    for number in range(20, 40):
        places.open_counter(
            point_id=point.pk, number=number, opened_on=date(2026, 1, 1), actor=SYSTEM, at=now
        )
    with django_assert_max_num_queries(32):
        assert an.get(f"/agencies/{island.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["999999/", "999999/rename/", "units/999999/close/", "points/999999/change/",
                                  "codes/999999/end/", "counters/999999/close/", "shops/999999/points/new/"])  # fmt: skip
def test_what_is_not_there_is_not_found(an, island, path):
    assert an.get(f"/agencies/{path}").status_code == 404


# ── An agency's own acts


def test_a_new_agency_is_opened_below_another_with_its_calendar(an, island, calendar):
    above = queries.agency_by_code("H24")
    form = text(an.get("/agencies/new/", {"parent": above.pk}))
    assert f'value="{above.pk}" selected' in form and f'value="{calendar.pk}" selected' in form
    said = {
        "name": "UBND xã Mới", "short_name": "X. Mới", "level": island.level_id, "parent": above.pk, "code": "H24.88",
        "old_code": "", "on_day": today(), "calendar": calendar.pk, "legal_basis": "NQ 5", "key": "k",
    }  # fmt: skip
    for _click in range(2):
        answer = an.post("/agencies/new/", said)
    made = Agency.objects.get(name="UBND xã Mới")
    assert answer.headers["Location"] == f"/agencies/{made.pk}/"
    assert (made.calendar_id, queries.parent_of(made.pk, timezone.localdate())) == (calendar.pk, above)
    taken = an.post("/agencies/new/", said | {"key": "l", "code": "H24.12"})
    assert taken.status_code == 422 and "không cấp lại cho ai" in text(taken)
    assert Agency.objects.filter(name="UBND xã Mới").count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"code": "24.88"}, "Mã định danh có dạng"),
        ({"old_code": "1.2.3"}, "Mã định danh có dạng"),
        ({"name": ""}, "Chưa điền: Tên đầy đủ"),
        ({"level": "0"}, "Xin chọn lại: Cấp"),
        ({"on_day": "hôm nay"}, "Ngày này không có"),
        ({"legal_basis": ""}, "Chưa điền: Căn cứ"),
        ({"calendar": ""}, "Chưa chọn: Lịch làm việc"),
    ],
)
def test_a_bad_new_agency_leaves_nothing_behind(an, island, calendar, values, said):
    form = {
        "name": "UBND xã Mới", "short_name": "X. Mới", "level": island.level_id, "parent": "", "code": "H24.88",
        "old_code": "", "on_day": today(), "calendar": calendar.pk, "legal_basis": "NQ 5", "key": "k",
    }  # fmt: skip
    answer = an.post("/agencies/new/", form | values)
    assert answer.status_code == 422 and said in text(answer)
    assert not Agency.objects.filter(short_name="X. Mới").exists()


def test_a_name_and_a_code_of_a_later_day_stand_on_the_page(an, ward):
    rename = {
        "name": "UBND phường Mới",
        "short_name": "P. Mới",
        "on_day": today(5),
        "legal_basis": "NQ 6",
        "key": "r",
    }
    looked = text(an.get(f"/agencies/{ward.pk}/rename/"))
    assert "Đổi theo" in looked and re.search(r"\d+ hồ sơ đang mở", looked), (
        "what it takes along is said first"
    )
    assert an.post(f"/agencies/{ward.pk}/rename/", rename).status_code == 302
    code = {"scheme": "new", "code": "h24.99", "on_day": today(5), "legal_basis": "QĐ 6", "key": "c"}
    assert an.post(f"/agencies/{ward.pk}/code/", code).status_code == 302
    page = text(an.get(f"/agencies/{ward.pk}/"))
    assert "<h1>UBND phường Hải An</h1>" in page and "Sắp xếp dự kiến" in page
    assert "thành UBND phường Mới" in page and re.search("nhận mã (H24.99|h24.99)", page)
    again = an.post(f"/agencies/{ward.pk}/rename/", rename | {"key": "s"})
    assert again.status_code == 422 and "Hủy lần đó trước" in text(again)
    bad = an.post(f"/agencies/{ward.pk}/code/", code | {"scheme": "old", "key": "d"})
    assert bad.status_code == 422


def test_an_old_code_is_ended_by_its_link(an, island):
    row = AgencyCode.objects.get(code="000.00.12.H24")
    looked = text(an.get(f"/agencies/codes/{row.pk}/end/"))
    assert "hồ sơ đang mở của cơ quan giữ mã" in looked and "Cơ quan còn mã: H24.12" in looked
    assert f"/agencies/codes/{row.pk}/end/" in text(an.get(f"/agencies/{island.pk}/"))
    answer = an.post(
        f"/agencies/codes/{row.pk}/end/", {"on_day": today(), "legal_basis": "QĐ 20", "key": "e"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.valid_to == timezone.localdate()


def test_an_agency_is_moved_and_never_below_itself(an, island):
    farms, office = queries.agency_by_code("H24.08"), queries.agency_by_code("H24.08.1")
    circle = an.post(f"/agencies/{farms.pk}/parent/", {"parent": office.pk, "on_day": today(), "key": "m"})
    assert circle.status_code == 422 and "không thể nằm dưới chính" in text(circle)
    assert (
        an.post(
            f"/agencies/{office.pk}/parent/", {"parent": island.pk, "on_day": today(), "key": "m"}
        ).status_code
        == 302
    )
    assert "Chuyển cấp trên" in text(an.get(f"/agencies/{office.pk}/"))


def test_a_calendar_is_chosen_and_one_without_hours_is_refused(an, ward):
    empty = Calendar.objects.create(code="rong", name="Rỗng")
    refused = an.post(f"/agencies/{ward.pk}/calendar/", {"calendar": empty.pk, "key": "c"})
    assert refused.status_code == 422 and "chưa có giờ làm việc" in text(refused)


def test_closing_says_what_is_there_and_asks_to_know_it(an, island, ward):
    page = text(an.get(f"/agencies/{island.pk}/close/"))
    assert "0 hồ sơ đang giải quyết" in page and "8 người giữ vị trí" in page
    said = {"on_day": today(), "kind": "merged", "successors": [ward.pk], "legal_basis": "NQ 7", "key": "x"}
    itself = an.post(f"/agencies/{island.pk}/close/", said | {"successors": [island.pk]})
    assert itself.status_code == 422 and "không thể kế thừa chính nó" in text(itself)
    nobody = an.post(f"/agencies/{island.pk}/close/", said | {"successors": []})
    assert "Chưa chọn: Cơ quan kế thừa" in text(nobody)
    unknown = an.post(f"/agencies/{island.pk}/close/", said)
    assert unknown.status_code == 422 and "Bàn giao trước" in text(unknown)
    for _click in range(2):
        assert an.post(f"/agencies/{island.pk}/close/", said | {"with_open_work": "on"}).status_code == 302
    assert Succession.objects.count() == 1
    closed = text(an.get(f"/agencies/{island.pk}/"))
    assert "Kết thúc hoạt động từ" in closed and "UBND phường Hải An" in closed
    assert f"/agencies/{island.pk}/rename/" not in closed and "Thêm đơn vị" not in re.sub(
        "mc-history.*", "", closed
    )
    assert "1 cơ quan đã kết thúc hoạt động" in text(an.get("/agencies/"))
    assert "Kế thừa từ" in text(an.get(f"/agencies/{ward.pk}/"))


# ── Levels


def test_levels_are_listed_added_and_corrected_by_the_system_administrator(an, island):
    page = text(an.get("/agencies/levels/"))
    assert "Các cấp" in page and "/agencies/levels/commune/" in page
    ranks = [int(number) for number in re.findall(r'<td class="is-number">(\d+)</td><td', page)]
    assert len(ranks) > 2 and ranks == sorted(ranks), "high levels stand first"
    assert "/agencies/levels/" in text(an.get("/agencies/"))
    made = {"name": "Ban  quản lý", "code": "board", "rank": "40", "key": "l"}
    for _click in range(2):
        assert an.post("/agencies/levels/new/", made).status_code == 302
    level = AgencyLevel.objects.get(code="board")
    assert (level.name, level.rank) == ("Ban quản lý", 40)
    fixed = {"name": "Ban quản lý khu", "rank": "41", "code": "other", "key": "m"}
    assert an.post("/agencies/levels/board/", fixed).status_code == 302
    level.refresh_from_db()
    assert (level.name, level.rank, level.code) == ("Ban quản lý khu", 41, "board")
    assert Entry.objects.filter(verb="agency.open_level", subject_id="board").count() == 2
    assert an.get("/agencies/levels/khong-co/").status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""}, {"name": "  "}, {"code": "xã hội"}, {"code": "commune"}, {"rank": "0"}, {"rank": "1000"},
        {"rank": "một"}, {"code": ""},
    ],
)  # fmt: skip
def test_a_bad_level_is_refused_on_the_form(an, island, bad):
    before = AgencyLevel.objects.count()
    name = AgencyLevel.objects.get(code="commune").name
    answer = an.post("/agencies/levels/new/", {"name": "Cấp", "code": "x", "rank": "5", "key": "b"} | bad)
    assert answer.status_code == 422 and "govuk-error-message" in text(answer)
    assert AgencyLevel.objects.count() == before
    assert AgencyLevel.objects.get(code="commune").name == name, "a new level never overwrites one"


def test_nobody_else_touches_levels(enter, island):
    nam = enter("nam")
    for path in ("", "new/", "commune/"):
        assert nam.get(f"/agencies/levels/{path}").status_code == 403
    assert "/agencies/levels/" not in text(nam.get("/agencies/"))


# ── What stands inside


def test_a_shop_gets_another_name(enter, island):
    nam, shop = enter("nam"), island.shops.get()
    before = shop.name
    address = f"/agencies/shops/{shop.pk}/rename/"
    assert before in text(nam.get(address)) and address in text(nam.get(f"/agencies/{island.pk}/"))
    for bad in ("", "  ", before):
        answer = nam.post(address, {"name": bad, "key": f"k{bad}"})
        assert answer.status_code == 422 and "govuk-error-message" in text(answer), bad
    assert nam.post(address, {"name": "Trung tâm Phục vụ đảo", "key": "n"}).status_code == 302
    shop.refresh_from_db()
    assert shop.name == "Trung tâm Phục vụ đảo"
    page = text(nam.get(f"/agencies/{island.pk}/"))
    assert f"“{before}” thành “Trung tâm Phục vụ đảo”" in page and "Đổi tên bộ phận một cửa" in page


def test_a_shop_of_another_agency_is_not_renamed(enter, ward):
    shop = ward.shops.get()
    assert (
        enter("nam").post(f"/agencies/shops/{shop.pk}/rename/", {"name": "X", "key": "x"}).status_code == 403
    )


def test_units_shops_points_and_counters_are_opened_and_closed_by_their_own_administrator(enter, island):
    nam = enter("nam")
    base = f"/agencies/{island.pk}/"
    unit = {
        "name": "Tổ Công nghệ",
        "short_name": "",
        "kind": "support",
        "parent": "",
        "on_day": today(),
        "key": "u",
    }
    for _click in range(2):
        assert nam.post(f"{base}units/new/", unit).status_code == 302
    made = Unit.objects.get(name="Tổ Công nghệ")
    shop = {"name": "Bộ phận đảo", "kind": "section", "unit": made.pk, "on_day": today(), "key": "s"}
    assert nam.post(f"{base}shops/new/", shop).status_code == 302
    place = OneStopShop.objects.get(name="Bộ phận đảo")
    point = {"name": "Điểm cảng", "address": "Âu cảng", "phone": "", "on_day": today(), "key": "p"}
    assert nam.post(f"/agencies/shops/{place.pk}/points/new/", point).status_code == 302
    there = Point.objects.get(name="Điểm cảng")
    counter = {"number": "1", "name": "", "on_day": today(), "key": "c"}
    assert nam.post(f"/agencies/points/{there.pk}/counters/new/", counter).status_code == 302
    twice = nam.post(f"/agencies/points/{there.pk}/counters/new/", counter | {"key": "d"})
    assert twice.status_code == 422 and "đang được dùng" in text(twice)
    change = {"name": "Điểm cảng", "address": "Nhà chờ âu cảng", "phone": "0225", "key": "e"}
    assert nam.post(f"/agencies/points/{there.pk}/change/", change).status_code == 302
    assert "Nhà chờ âu cảng" in text(nam.get(base))
    blocked = nam.post(f"/agencies/units/{made.pk}/close/", {"on_day": today(), "key": "f"})
    assert blocked.status_code == 422 and "bộ phận một cửa thuộc đơn vị" in text(blocked)
    blocked = nam.post(f"/agencies/shops/{place.pk}/close/", {"on_day": today(), "key": "g"})
    assert blocked.status_code == 422 and "còn điểm tiếp nhận" in text(blocked)
    end = {"on_day": today()}
    for path in (
        f"counters/{Counter.objects.get(point=there).pk}", f"points/{there.pk}", f"shops/{place.pk}", f"units/{made.pk}",
    ):  # fmt: skip
        assert nam.post(f"/agencies/{path}/close/", end | {"key": path}).status_code == 302, path
    assert "Tổ Công nghệ" not in re.sub("mc-history.*", "", text(nam.get(base)))
    assert "Tổ Công nghệ" in text(nam.get(f"{base}?closed=1"))
    verbs = set(
        Entry.objects.filter(account_id__isnull=False, subject_id=str(island.pk)).values_list(
            "verb", flat=True
        )
    )
    assert {"agency.open_unit", "agency.close_unit", "agency.change_point", "agency.close_counter"} <= verbs


def test_a_unit_with_people_does_not_close(an, island):
    unit = island.units.get(name__contains="Kinh tế")
    answer = an.post(f"/agencies/units/{unit.pk}/close/", {"on_day": today(), "key": "u"})
    assert answer.status_code == 422 and "Đơn vị còn 2 người" in text(answer)


def test_a_unit_is_renamed_by_its_page(an, island):
    unit = island.units.get(name__contains="Văn hóa")
    said = {"name": "Phòng Xã hội", "short_name": "", "on_day": today(), "legal_basis": "QĐ 8", "key": "n"}
    assert an.post(f"/agencies/units/{unit.pk}/rename/", said).status_code == 302
    assert "“Phòng Văn hóa - Xã hội” thành “Phòng Xã hội”" in text(an.get(f"/agencies/{island.pk}/"))


def test_the_neighbours_administrator_opens_no_form_here(enter, ward):
    nam = enter("nam")
    unit, point = ward.units.first(), ward.shops.get().points.get()
    for path in (
        f"{ward.pk}/units/new/", f"{ward.pk}/shops/new/", f"units/{unit.pk}/rename/", f"units/{unit.pk}/close/",
        f"points/{point.pk}/change/", f"points/{point.pk}/counters/new/", f"counters/{point.counters.first().pk}/close/",
        f"{ward.pk}/rename/", f"{ward.pk}/close/", f"{ward.pk}/calendar/", "new/",
    ):  # fmt: skip
        for method in (nam.get, nam.post):
            assert method(f"/agencies/{path}").status_code in {403, 404}, path


# ── How they look


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/agencies/", "agencies-tree"),
        ("/agencies/?q=dat+dai", "agencies-tree-search"),
        ("/agencies/{id}/", "agencies-agency"),
        ("/agencies/{id}/close/", "agencies-close"),
        ("/agencies/new/?parent={id}", "agencies-open"),
        ("/agencies/{id}/code/", "agencies-code"),
        ("/agencies/{id}/shops/new/", "agencies-shop"),
    ],
)
def test_the_pages_pass(enter, island, site, page, vnu, path, name):
    enter("an", site)
    page.goto(SITE + path.format(id=island.pk))
    check.screen(page, vnu, name)


@pytest.mark.long
@pytest.mark.browser
def test_a_refused_form_and_a_closed_agency_pass(enter, an, island, ward, site, page, vnu):
    enter("an", site)
    page.goto(f"{SITE}/agencies/{island.pk}/close/")
    page.get_by_label("Cơ quan kế thừa").select_option([str(island.pk)])
    page.get_by_label("Căn cứ").fill("NQ 7")
    page.get_by_role("button", name="Đóng cơ quan").click()
    page.wait_for_selector(".mc-errors")
    page.complaints.clear()  # a 422 is said in the console too
    check.screen(page, vnu, "agencies-close-refused", html=False)
    said = {"on_day": today(), "kind": "merged", "successors": [ward.pk], "legal_basis": "NQ 7", "key": "x"}
    an.post(f"/agencies/{island.pk}/close/", said | {"with_open_work": "on"})
    page.complaints.clear()
    page.goto(f"{SITE}/agencies/{island.pk}/?closed=1")
    check.screen(page, vnu, "agencies-closed")
