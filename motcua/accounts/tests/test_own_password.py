"""The page of one's own password: accounts without one, and guessing at a screen that somebody left open."""

import pytest
from django.test import Client

from motcua.accounts.models import Account, Notice, NoticeKind
from motcua.accounts.operations.guards import WRONG_TRIES
from motcua.accounts.tests.conftest import PASSWORD, STAFF

NEW = "thuyen ve ben luc hoang hon"


@pytest.fixture
def people(people_who_stay: dict[str, Account]) -> dict[str, Account]:
    """Loaded once for all of these."""
    return people_who_stay


def _change(client, old):
    return client.post("/account/password/", {"oldpassword": old, "password1": NEW, "password2": NEW})


def test_an_account_without_a_password_is_told_how_to_get_one(people, entered):
    account = people["hoa"]
    account.set_unusable_password()
    account.save(update_fields=["password"])
    client = entered(account)
    answer = client.get("/account/password/", follow=True)
    assert answer.redirect_chain == [("/account/", 302)]
    page = answer.content.decode()
    assert "chưa có mật khẩu" in page
    assert 'href="/account/password/"' not in page, "no link to what does not open"


def test_the_old_password_is_guessed_five_times_at_most(people, browser_of):
    client = browser_of("hoa")
    for _try in range(WRONG_TRIES):
        assert "Nhập mật khẩu đang dùng" in _change(client, "doan thu").content.decode()
    answer = _change(client, PASSWORD)
    assert answer.status_code == 200
    assert "Đã nhập sai nhiều lần" in answer.content.decode()
    assert Account.objects.get(pk=people["hoa"].pk).check_password(PASSWORD)
    assert Notice.objects.filter(account=people["hoa"], kind=NoticeKind.LOCKED).count() == 1


def test_wrong_tries_at_the_log_in_page_do_not_block_the_owner_inside(people, browser_of):
    """A whole office stands behind one address: a colleague's five tries must not keep the person from acting."""
    client = browser_of("hoa")
    for _try in range(WRONG_TRIES):
        Client(headers={"host": STAFF}).post("/dang-nhap/", {"login": "hoa", "password": "doan thu"})
    assert _change(client, PASSWORD).status_code == 302


def test_changing_the_password_keeps_this_session_and_ends_the_others(people, browser_of):
    here, elsewhere = browser_of("hoa", -1), browser_of("hoa", 0)
    assert _change(here, PASSWORD).status_code == 302
    page = here.get("/account/")
    assert page.status_code == 200
    assert "phiên này" in page.content.decode(), "the list still knows which session this is"
    assert elsewhere.get("/account/").status_code == 302
