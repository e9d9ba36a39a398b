"""The log-in pages in a real browser: every check of the house, and passkeys with a virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from motcua.accounts import sessions
from motcua.accounts.models import Notice, NoticeKind
from motcua.accounts.tests.conftest import PASSWORD, code_now
from tests.harness import check

pytestmark = pytest.mark.browser

STAFF_SITE = "http://canbo.localhost"


def _enter(site, account):
    site.force_login(account)
    session = site.session
    session[sessions.SECOND_FACTOR] = account.pk
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 4102444800}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def test_log_in_by_password_and_code(people, site, page, vnu):
    page.goto(f"{STAFF_SITE}/dang-nhap/")
    check.screen(page, vnu, "accounts-login")
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    check.screen(page, vnu, "accounts-login-wrong", html=False)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/dang-nhap/ma/")
    check.screen(page, vnu, "accounts-code")
    page.get_by_label("Mã xác thực").fill(code_now(people["hoa"]))
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"{STAFF_SITE}/")
    page.complaints.clear()  # what the first page after log-in says is that page's own matter
    page.goto(f"{STAFF_SITE}/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
    check.screen(page, vnu, "accounts-me")


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/account/second-factor/app/", "accounts-app"),
        ("/account/passkeys/new/", "accounts-passkey"),
        ("/account/password/", "accounts-password"),
        ("/account/recovery-codes/new/", "accounts-recovery"),
    ],
)
def test_pages_of_ones_own_credentials(people, site, page, vnu, path, name):
    if name == "accounts-app":
        Authenticator.objects.filter(user_id=people["hoa"].pk).delete()
    _enter(site, people["hoa"])
    page.goto(STAFF_SITE + path)
    assert page.url == STAFF_SITE + path
    check.screen(page, vnu, name)


@pytest.mark.long
def test_the_page_that_leads_to_a_second_factor(people, site, page, vnu):
    Authenticator.objects.filter(user_id=people["hoa"].pk).delete()
    site.force_login(people["hoa"])
    page.goto(f"{STAFF_SITE}/account/")
    page.wait_for_url("**/account/second-factor/")
    check.screen(page, vnu, "accounts-second-factor")


@pytest.fixture
def authenticator(page):
    """A passkey device that says yes: Chromium's virtual authenticator with a fingerprint."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def test_a_passkey_is_added_and_then_logs_in_alone(people, site, page, authenticator):
    hoa = people["hoa"]
    Authenticator.objects.filter(user_id=hoa.pk).delete()
    page.goto(f"{STAFF_SITE}/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/account/second-factor/")
    page.get_by_role("link", name="Dùng khóa truy cập").click()
    page.get_by_label("Đặt tên cho khóa").fill("máy quầy 3")
    page.get_by_role("button", name="Thêm khóa").click()
    page.wait_for_url("**/account/recovery-codes/")
    stored = Authenticator.objects.get(user_id=hoa.pk, type=Authenticator.Type.WEBAUTHN)
    assert stored.wrap().name == "máy quầy 3" and stored.wrap().is_passwordless
    assert Notice.objects.filter(account=hoa, kind=NoticeKind.PASSKEY_ADDED).exists()
    page.goto(f"{STAFF_SITE}/dang-xuat/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap/")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.wait_for_url(f"{STAFF_SITE}/")
    page.goto(f"{STAFF_SITE}/account/")
    expect(page.get_by_text("máy quầy 3").first).to_be_visible()


def test_a_passkey_of_a_disabled_account_opens_nothing(people, site, page, authenticator, now):
    from motcua.accounts.operations import accounts
    from motcua.lib.actor import SYSTEM

    hoa = people["hoa"]
    _enter(site, hoa)
    page.goto(f"{STAFF_SITE}/account/passkeys/new/")
    page.get_by_role("button", name="Thêm khóa").click()
    page.wait_for_url("**/account/recovery-codes/")
    accounts.disable(account_id=hoa.pk, reason="nghỉ", actor=SYSTEM, at=now)
    page.goto(f"{STAFF_SITE}/account/")
    page.wait_for_url("**/dang-nhap/**")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(page.get_by_text("Đăng nhập không thành công.")).to_be_visible()


@pytest.mark.long
def test_pages_about_people(people, site, page, vnu):
    _enter(site, people["an"])
    hoa = people["hoa"]
    for path, name in (
        ("/people/", "people"),
        (f"/people/{hoa.pk}/", "person"),
        ("/people/new/", "people-invite"),
        ("/people/resets/", "people-resets"),
        ("/people/emergency/", "people-emergency"),
        ("/people/emergency/new/", "people-emergency-new"),
        ("/account/positions/", "my-positions"),
        ("/agencies/", "agencies-tree"),
    ):
        page.goto(STAFF_SITE + path)
        assert page.url == STAFF_SITE + path
        check.screen(page, vnu, name)


@pytest.mark.long
def test_an_emergency_account_from_its_envelopes_to_the_next_sealing(people, site, page, vnu):
    """Made and sealed by the administrator, opened from paper, explained, and sealed anew."""
    _enter(site, people["an"])
    page.goto(f"{STAFF_SITE}/people/emergency/new/")
    page.get_by_label("Gọi là").fill("Khẩn cấp số 1")
    page.get_by_label("Tên đăng nhập").fill("khan-cap-1")
    page.get_by_label("Nơi cất và người giữ").fill("két Văn phòng, két Công an")
    page.get_by_role("button", name="Tạo và niêm phong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hai phong bì niêm phong")
    check.screen(page, vnu, "people-envelopes")
    password, *codes = page.locator("main code").all_inner_texts()
    assert len(codes) == 10
    site.logout()
    page.context.clear_cookies()
    page.goto(f"{STAFF_SITE}/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("khan-cap-1")
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_label("Mã xác thực").fill(codes[3])
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/account/emergency/")
    check.screen(page, vnu, "accounts-emergency")
    page.get_by_label("Họ tên người đang dùng và lý do").fill("Bùi Đức, hai quản trị đều vắng")
    page.get_by_role("button", name="Ghi và tiếp tục").click()
    page.wait_for_url(f"{STAFF_SITE}/")
    page.goto(f"{STAFF_SITE}/people/")
    expect(page.get_by_role("alert")).to_contain_text("Khẩn cấp số 1")
    page.goto(f"{STAFF_SITE}/people/emergency/")
    expect(page.get_by_text("Bùi Đức, hai quản trị đều vắng")).to_be_visible()
    expect(page.get_by_role("button", name="Niêm phong lại")).to_have_count(0)  # not by itself
    check.screen(page, vnu, "people-emergency-broken")


def test_what_a_page_asks_by_itself_says_so(people, site, page):
    """Otherwise a list left open would keep its officer logged in all day."""
    _enter(site, people["hoa"])
    with page.expect_request("**/live/token") as asked:
        page.goto(f"{STAFF_SITE}/")
    assert asked.value.headers.get("x-motcua-background") == "1"
