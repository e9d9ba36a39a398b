"""The staff pages: who may see them, what they say, and how much they ask the database."""

from datetime import date

import pytest
from django.test import Client

from motcua.accounts import sessions
from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import Agency, AgencyLevel, Position, Unit
from motcua.lib.actor import SYSTEM
from motcua.workflow.models import Workflow
from motcua.workflow.operations import drafting, loading
from motcua.workflow.shape import Draft, Flag, Wording
from motcua.workflow.tests.test_engine import PERMIT

pytestmark = pytest.mark.django_db
STAFF = {"HTTP_HOST": "canbo.localhost"}


@pytest.fixture
def unit():
    level = AgencyLevel.objects.create(code="commune", name="Xã", rank=3)
    agency = Agency.objects.create(name="UBND xã A", short_name="A", level=level, opened_on=date(2025, 7, 1))
    return Unit.objects.create(agency=agency, name="Văn phòng", kind="support", valid_from=date(2025, 7, 1))


@pytest.fixture
def log_in(unit, monday):
    def client_of(role: str, client: Client | None = None) -> Client:
        account = Account.objects.create(
            login_name=role, full_name=f"Cán bộ {role}", account_kind=AccountKind.STAFF, created_at=monday
        )
        Position.objects.create(
            account=account, unit=unit, title="Cán bộ", roles=[role], valid_from=date(2025, 7, 1)
        )
        client = client or Client()
        client.force_login(account)
        session = client.session
        session[sessions.SECOND_FACTOR] = account.pk
        session.save()
        return client

    return client_of


@pytest.fixture
def loaded(monday):
    loading.load_demo_workflows(actor=SYSTEM, at=monday)
    return Workflow.objects.get(key="demo:1.013225")


@pytest.mark.parametrize("role", ["business_admin", "leader", "monitor"])
def test_readers_see_the_list_and_a_workflow(log_in, loaded, role):
    client = log_in(role)
    listed = client.get("/workflows/", **STAFF).content.decode()
    assert "Cấp giấy phép xây dựng mới" in listed
    assert "Xây dựng" in listed
    shown = client.get(f"/workflows/{loaded.pk}/", **STAFF).content.decode()
    assert shown.count('<svg class="wf-diagram') == 2
    assert "Đề xuất, chưa ban hành" in shown
    assert "cùng lúc: Ý kiến về phòng cháy, chữa cháy; Ý kiến về hạ tầng, lộ giới" in shown
    assert "80 giờ làm việc (bằng 10 ngày làm việc)" in shown


@pytest.mark.parametrize("address", ["/workflows/", "/workflows/1/"])
def test_others_do_not(log_in, address):
    assert log_in("receiver").get(address, **STAFF).status_code == 403
    assert Client().get(address, **STAFF).status_code == 302


def test_the_search_needs_no_diacritics(log_in, loaded):
    page = log_in("business_admin").get("/workflows/?q=khai+sinh", **STAFF).content.decode()
    assert "Đăng ký khai sinh" in page
    assert "Đăng ký kết hôn" not in page
    empty = log_in("leader").get("/workflows/?q=khongco", **STAFF).content.decode()
    assert "Không có quy trình nào như vậy" in empty


def test_a_draft_says_why_it_is_not_published(log_in, monday):
    flag = Flag("no_unit", "“01” không ghi đơn vị: cần chọn ngày hay giờ.", "accept", blocks=True)
    draft = Draft(key="x", name="Bản nháp", definition=PERMIT, flags=(flag,))
    workflow = drafting.save_draft(draft=draft, actor=SYSTEM, at=monday).version.workflow
    page = log_in("business_admin").get(f"/workflows/{workflow.pk}/", **STAFF).content.decode()
    assert "không ghi đơn vị" in page
    assert "Bản nháp" in page


def test_an_import_shows_the_office_s_own_words(log_in, monday):
    wording = {"accept": Wording("Tiếp nhận; ghi giấy biên nhận", "Công chức tiếp nhận", "½ ngày")}
    draft = Draft(key="x", name="Nhập", definition=PERMIT, wordings=wording)
    workflow = drafting.save_draft(draft=draft, actor=SYSTEM, at=monday).version.workflow
    page = log_in("business_admin").get(f"/workflows/{workflow.pk}/", **STAFF).content.decode()
    assert all(
        words in page for words in ("Nguyên văn", "ghi giấy biên nhận", "Công chức tiếp nhận", "½ ngày")
    )


def test_what_does_not_exist_is_not_found(log_in, loaded):
    client = log_in("leader")
    assert client.get("/workflows/999999/", **STAFF).status_code == 404
    assert client.get(f"/workflows/{loaded.pk}/?version=999", **STAFF).status_code == 404


def test_pages_ask_the_database_as_often_for_many_as_for_one(log_in, monday, django_assert_max_num_queries):
    client = log_in("business_admin")
    client.get("/workflows/", **STAFF)  # the first request of a session writes when it came
    counts = []
    for number in (1, 40):
        for one in range(number):
            draft = Draft(key=f"{number}-{one}", name=f"Quy trình {one}", definition=PERMIT)
            drafting.save_draft(draft=draft, actor=SYSTEM, at=monday)
        with django_assert_max_num_queries(16) as seen:
            client.get("/workflows/", **STAFF)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    workflow = Workflow.objects.first()
    with django_assert_max_num_queries(16):
        client.get(f"/workflows/{workflow.pk}/", **STAFF)


def test_the_list_goes_on_behind_the_last_line(log_in, monday):
    for one in range(60):
        draft = Draft(key=f"k{one}", name=f"Quy trình {one:02}", definition=PERMIT)
        drafting.save_draft(draft=draft, actor=SYSTEM, at=monday)
    client = log_in("leader")
    first = client.get("/workflows/", **STAFF)
    assert "Quy trình 49" in first.content.decode()
    assert "Quy trình 50" not in first.content.decode()
    second = client.get("/workflows/" + first.context["pager"].older, **STAFF).content.decode()
    assert "Quy trình 50" in second
    assert "Quy trình 59" in second
    assert "Quy trình 49" not in second
