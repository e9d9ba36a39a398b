"""Without TLS in front nobody can log in: the page, the refused form and `serve` say so and what to do."""

import pytest
from django.test import Client

from motcua.accounts.tests.conftest import STAFF
from motcua.cli.commands import serve
from motcua.config import addresses

WARNING = "Chưa đăng nhập được ở địa chỉ này"


@pytest.fixture
def secure_cookies(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.STAFF_URL = "https://canbo.motcua.test"
    return settings


def _login_page(**headers):
    return Client(headers={"host": STAFF, **headers}).get("/dang-nhap/").content.decode()


def test_the_log_in_page_says_that_it_cannot_work(db, secure_cookies):
    page = _login_page()
    assert WARNING in page
    assert 'href="https://canbo.motcua.test"' in page
    assert "MOTCUA_BEHIND_PROXY=1" in page


def test_a_proxy_that_ended_tls_is_believed(db, secure_cookies):
    assert WARNING not in _login_page(**{"X-Forwarded-Proto": "https"})
    assert WARNING not in Client(headers={"host": STAFF}).get("/dang-nhap/", secure=True).content.decode()


def test_where_cookies_travel_in_clear_nothing_is_said(db):
    assert WARNING not in _login_page()


def test_the_refused_form_says_why(db, secure_cookies):
    client = Client(headers={"host": STAFF}, enforce_csrf_checks=True)
    answer = client.post("/dang-nhap/", {"login": "hoa", "password": "x"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "không qua HTTPS" in page and "đã mở quá lâu" not in page


def test_serve_warns_until_a_proxy_is_declared(monkeypatch):
    monkeypatch.setattr(addresses, "HTTPS", True)
    monkeypatch.delenv("MOTCUA_BEHIND_PROXY", raising=False)
    assert any("MOTCUA_BEHIND_PROXY=1" in line for line in serve.transport_advice())
    monkeypatch.setenv("MOTCUA_BEHIND_PROXY", "1")
    assert serve.transport_advice() == []
    monkeypatch.setattr(addresses, "HTTPS", False)
    assert "không mã hóa" in serve.transport_advice()[0]
