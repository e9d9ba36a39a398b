"""Requests that no page of ours would send: from another of our sites, with text no database stores."""

import pytest
from django.conf import settings
from django.test import Client

STAFF, PUBLIC = "canbo.localhost", "localhost"


def _post(host: str, path: str, **headers: str) -> int:
    client = Client(headers={"host": host, **headers})
    return client.post(path, {"login": "x", "password": "y"}).status_code


def test_a_page_of_the_public_site_posts_nothing_to_the_staff_site(db: None) -> None:
    assert _post(STAFF, "/dang-nhap/", Origin=settings.PUBLIC_URL) == 403
    assert _post(STAFF, "/dang-nhap/", Origin=settings.FILES_URL) == 403
    assert _post(PUBLIC, "/dang-nhap/", Origin=settings.STAFF_URL) == 403


def test_a_page_posts_to_its_own_site(db: None) -> None:
    port = settings.STAFF_URL.rpartition(":")[2]
    assert _post(f"{STAFF}:{port}", "/dang-nhap/", Origin=settings.STAFF_URL) == 200
    assert _post(STAFF, "/dang-nhap/", Origin=settings.STAFF_URL) == 200, "a proxy that drops the port"
    assert _post(STAFF, "/dang-nhap/") == 200


def test_the_token_is_asked_of_everybody_else(db: None) -> None:
    client = Client(headers={"host": STAFF, "Origin": "https://evil.test"}, enforce_csrf_checks=True)
    assert client.post("/dang-nhap/", {}).status_code == 403


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (PUBLIC, "/thu-tuc/x%00"),
        (PUBLIC, "/thu-tuc?q=%00"),
        (STAFF, "/loi-moi/%00/"),
        (STAFF, "/dang-nhap/?next=%00"),
        ("tep.localhost", "/f/%00"),
    ],
)
def test_a_nul_is_the_senders_mistake_and_no_fault_of_ours(db: None, host: str, path: str) -> None:
    client = Client(headers={"host": host}, raise_request_exception=False)
    assert client.get(path).status_code < 500


def test_a_nul_in_a_look_up_is_no_fault_either(db: None) -> None:
    client = Client(headers={"host": PUBLIC}, raise_request_exception=False)
    for form in ({"code": "H24.12-261109-\x00", "secret": "\x00"}, {"token": "\x00"}):
        assert client.post("/tra-cuu", form).status_code in {400, 404}


def test_another_fault_is_still_a_fault() -> None:
    from motcua.config.middleware import StorableMiddleware

    middleware = StorableMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    assert middleware.process_exception(None, ValueError("something else")) is None  # type: ignore[arg-type]
