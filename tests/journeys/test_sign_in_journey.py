"""A citizen signs in at a certified OpenID provider, in a real browser: npm's oidc-provider on this machine."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client

from motcua.cli.run.processes import free_port
from motcua.clients import oidc
from motcua.clients.oidc_check import State, What, check
from motcua.clients.tests.issuer import SECRET, provider_at
from tests.harness.programs import ROOT, SCREENS, missing, npm_file
from tests.harness.real_server import RealServer, real_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def web(db: None, settings) -> Iterator[RealServer]:
    with real_server(Client(enforce_csrf_checks=True)) as server:
        settings.PUBLIC_URL = server.url
        yield server


@pytest.fixture
def provider(web: RealServer, settings) -> Iterator[oidc.Provider]:
    """The peer, which knows our return address and our secret."""
    node = shutil.which("node")
    if node is None:
        missing("node", "install Debian's package nodejs")
    npm_file(ROOT / "node_modules" / "oidc-provider" / "package.json")
    port = free_port(21_300)
    command = [
        str(node), str(ROOT / "tests" / "peers" / "oidc_provider.mjs"), str(port),
        f"{web.url}/dang-nhap-cong-dan/ve/", f"{web.url}/", SECRET,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert any(line.strip() == "ready" for line in process.stdout)
        oidc.forget()
        settings.OIDC = provider_at(f"http://localhost:{port}")
        yield settings.OIDC
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_signing_in_and_leaving_at_a_certified_provider(page, web, provider):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{web.url}/dang-nhap-cong-dan/?next=/tai-khoan/vai/%3Fa%3D1")
    page.screenshot(path=SCREENS / "sign-in-360.png")
    page.click("a:has-text('Đăng nhập bằng VNeID')")
    page.wait_for_url(re.compile(re.escape(provider.issuer)))
    page.click("text=Phạm Thị Lan")
    page.wait_for_url(f"{web.url}/tai-khoan/vai/?a=1")
    page.goto(f"{web.url}/tai-khoan/")
    assert "Mức 2" in page.inner_text("main") and "Phạm Thị Lan" in page.inner_text("header")
    page.screenshot(path=SCREENS / "sign-in-account-360.png", full_page=True)
    page.click("main form[action='/dang-xuat/'] button")
    page.wait_for_selector("text=Đã đăng xuất khỏi trang này")
    page.click("a:has-text('Đăng xuất cả khỏi VNeID')")
    page.wait_for_url(re.compile("/session/end"))
    page.click("button[name=logout], button[type=submit]")
    page.wait_for_url(f"{web.url}/")
    assert "Đăng nhập" in page.inner_text("header")
    # The provider asks who it is again, and says of somebody else that the level is lower than was asked.
    page.goto(f"{web.url}/dang-nhap-cong-dan/di/?muc=2&next=/tai-khoan/")
    page.click("text=Nguyễn Văn Bảy")
    page.wait_for_url(f"{web.url}/tai-khoan/")
    assert "Mức 1" in page.inner_text("main")
    assert not [one for one in page.complaints if "fault" in one or "CSP" in one]  # the peer has no icon


def test_the_trial_of_a_certified_provider_finds_what_is_wrong(provider, web):
    back = f"{web.url}/dang-nhap-cong-dan/ve/"
    found = check(provider, back=back, now=time.time())
    assert len(found) == len(What) and {one.state for one in found} == {State.GOOD}
    wrong = check(replace(provider, client_secret="khac"), back=back, now=time.time())
    assert [one.what for one in wrong if one.state == State.BAD] == [What.SECRET]
