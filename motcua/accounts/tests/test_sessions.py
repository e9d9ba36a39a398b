"""How long a session lasts untouched, what survives its end, who may end it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from motcua.accounts import sessions
from motcua.accounts.models import Account, Notice, NoticeKind
from motcua.accounts.operations import accounts
from motcua.accounts.tests.conftest import PASSWORD, STAFF
from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted


@pytest.fixture
def people(people_who_stay: dict[str, Account]) -> dict[str, Account]:
    """Loaded once for all of these."""
    return people_who_stay


def _open(client: Client) -> bool:
    return client.get("/agencies/").status_code == 200


def test_an_officer_is_locked_after_15_minutes_and_an_administrator_after_5(people, browser_of):
    start = timezone.now()
    officer, administrator = browser_of("hoa"), browser_of("an")
    with time_machine.travel(start + timedelta(minutes=4, seconds=50), tick=False):
        assert _open(officer) and _open(administrator)
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert _open(officer)
        assert not _open(administrator), "5 minutes 10 seconds untouched"
    with time_machine.travel(start + timedelta(minutes=24, seconds=50), tick=False):
        assert _open(officer)
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        assert not _open(officer)


def test_every_touch_counts_until_twelve_hours(people, browser_of):
    start = timezone.now()
    client = browser_of("hoa")
    for minutes in range(10, 12 * 60, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert _open(client), minutes
    with time_machine.travel(start + timedelta(hours=12, seconds=1), tick=False):
        assert not _open(client)


def test_a_locked_session_says_why_and_leads_back(people, browser_of):
    start = timezone.now()
    client = browser_of("hoa")
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        answer = client.get("/agencies/?trang=2")
        assert answer["Location"] == "/dang-nhap/?next=/agencies/%3Ftrang%3D2"
        page = client.get(answer["Location"]).content.decode()
        assert "Phiên làm việc đã kết thúc" in page
        answer = client.post(
            "/dang-nhap/", {"login": "hoa", "password": PASSWORD, "next": "/agencies/?trang=2"}
        )
        answer = client.post("/dang-nhap/ma/", {"code": _later_code(people["hoa"])})
        assert answer["Location"] == "/agencies/?trang=2"


def test_a_form_sent_after_the_lock_leads_back_to_its_page(people, browser_of):
    start = timezone.now()
    client = browser_of("hoa")
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        client.post(
            "/account/positions/", {"position": "1"}, HTTP_REFERER=f"http://{STAFF}/account/positions/"
        )
        client.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD})
        answer = client.post("/dang-nhap/ma/", {"code": _later_code(people["hoa"])})
        assert answer["Location"] == "/account/positions/"


def test_another_person_is_not_led_to_that_page(people, browser_of):
    start = timezone.now()
    client = browser_of("hoa")
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        client.post("/account/positions/", {"position": "1"}, HTTP_REFERER=f"http://{STAFF}/people/1/")
        client.post("/dang-nhap/", {"login": "minh", "password": PASSWORD})
        answer = client.post("/dang-nhap/ma/", {"code": _later_code(people["minh"])})
        assert answer["Location"] == "/"


def test_log_in_never_leads_to_another_site(people):
    client = Client(headers={"host": STAFF})
    for target in ("https://ke-xau.example/", "//ke-xau.example/", "http://localhost:8080/"):
        client.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD, "next": target})
        answer = client.post("/dang-nhap/ma/", {"code": _later_code(people["hoa"])})
        assert answer["Location"] == "/", target
        client.post("/dang-xuat/")
        from motcua.accounts.models import UsedCode

        UsedCode.objects.all().delete()
        from django.core.cache import cache

        cache.clear()


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(people, browser_of):
    start = timezone.now()
    client = browser_of("hoa")
    for minutes in (5, 10, 14):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/agencies/", headers={"X-Motcua-Background": "1"}).status_code == 200
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        assert not _open(client)


def test_log_out_ends_the_session_and_clears_the_browser(people, browser_of):
    client = browser_of("hoa")
    before = client.cookies["motcua"].value
    assert client.get("/dang-xuat/").status_code == 200 and _open(client), "asking is not leaving"
    answer = client.post("/dang-xuat/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["motcua"] = before
    assert not _open(client), "the old cookie opens nothing"


def test_the_session_key_changes_at_log_in(people, browser_of):
    client = Client(headers={"host": STAFF})
    client.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD})
    before = client.cookies["motcua"].value
    client.post("/dang-nhap/ma/", {"code": _later_code(people["hoa"])})
    assert client.cookies["motcua"].value != before


def test_one_ends_ones_own_sessions_but_never_anothers(people, browser_of):
    mine, minh = browser_of("hoa"), browser_of("minh")
    other = browser_of("hoa", shift=1)
    assert _open(other)
    rows = sessions.sessions_of(people["hoa"].pk)
    assert len(rows) == 2
    foreign = sessions.sessions_of(people["minh"].pk)[0]
    mine.post(f"/account/sessions/{foreign.pk}/end/")
    assert _open(minh), "another person's session stays"
    mine.post("/account/sessions/end/")
    assert _open(mine) and not _open(other)
    assert not Entry.objects.filter(verb="account.end_session").exists()
    assert Notice.objects.filter(account=people["hoa"], kind=NoticeKind.SESSIONS_ENDED).exists()


def test_ending_one_session_stands_in_the_history(people, browser_of):
    mine, other = browser_of("hoa"), browser_of("hoa", shift=1)
    newest = sessions.sessions_of(people["hoa"].pk)[0]
    for _twice in range(2):
        assert mine.post(f"/account/sessions/{newest.pk}/end/").status_code == 302
    assert _open(mine) and not _open(other)
    entry = Entry.objects.get(verb="account.end_session")
    assert (entry.subject_id, entry.payload) == (str(people["hoa"].pk), {"session": newest.pk})
    with pytest.raises(NotPermitted):
        accounts.end_session(
            account_id=people["minh"].pk,
            session_id=1,
            actor=Actor(kind="officer", account_id=people["hoa"].pk),
            at=timezone.now(),
        )


def test_disabling_ends_every_session_at_once(people, browser_of, now):
    client = browser_of("hoa")
    assert _open(client)
    accounts.disable(account_id=people["hoa"].pk, reason="nghỉ", actor=SYSTEM, at=now)
    assert not _open(client)
    assert sessions.sessions_of(people["hoa"].pk) == []


def test_a_new_password_ends_the_other_sessions(people, browser_of):
    mine = browser_of("hoa")
    other = browser_of("hoa", shift=1)
    answer = mine.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "ngoi sao bien xanh", "password2": "ngoi sao bien xanh"},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert _open(mine)
    assert not _open(other)


def test_the_last_ten_passwords_are_not_taken_again(people, browser_of):
    mine = browser_of("hoa")
    answer = mine.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "10 lần gần đây" in answer.content.decode()


def _later_code(account):
    from motcua.accounts.tests.conftest import code_now

    return code_now(account)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge trên Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari trên iPhone",
        ),
        ("curl/8.0", "curl/8.0"),
        ("", "không rõ"),
    ],
)
def test_a_browser_is_named_in_words(said, shown):
    from motcua.accounts import browsers

    assert browsers.name(said) == shown
