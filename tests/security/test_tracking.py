"""The page that everybody may open: it answers wrong guesses alike, counts them, and says nothing personal."""

import gzip
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.dossiers import tracking
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import intake, supplement
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, plan
from motcua.ui.routing import everyone, route

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
PAGE = "/tra-cuu"

NAME, NUMBER, PHONE, EMAIL = "Chim Hoàng Yến Một", "031185000025", "0912777333", "chim.hoang.yen@example.vn"
HOME, SENT = "Ngõ Canary số 7 Bạch Long Vĩ", "Nhà Canary số 8 Hải An"
CANARIES = (NAME, "Hoàng Yến", NUMBER, NUMBER[-6:], PHONE, PHONE[1:], EMAIL, HOME, SENT, "Canary")


@pytest.fixture
def dossier(world: World) -> Dossier:
    """A dossier in which every personal field holds a word that stands nowhere else."""
    minh = world.actor("minh")
    facts = PersonFacts(full_name=NAME, personal_id=NUMBER, phone=PHONE, address=HOME)
    who = find_or_register_person(facts=facts, actor=minh, at=MONDAY).applicant
    planned = plan(
        world, minh, applicant_id=who.pk, submitter_id=who.pk, contact_phone=PHONE, contact_email=EMAIL,
        result_channel="post", return_address=SENT, summary=f"Nhà của {NAME}",
    )  # fmt: skip
    return intake.accept_at_counter(intake=planned, actor=minh, at=MONDAY, key=uuid4().hex)


def visitor(address: str = "203.0.113.7") -> Client:
    return Client(HTTP_HOST="localhost", REMOTE_ADDR=address, enforce_csrf_checks=True)


def look(code: str, secret: str, *, address: str = "203.0.113.7") -> Any:
    return visitor(address).post(PAGE, {"code": code, "secret": secret})


def wrong(secret: str) -> str:
    """Another secret, made of the same letters."""
    return (
        secret[1:] + secret[0]
        if len(set(secret)) > 1
        else "".join("A" if one != "A" else "B" for one in secret)
    )


def never_given(code: str) -> str:
    return code[:-4] + "9876"


# ── Wrong guesses are answered alike


def assert_alike(first: Any, second: Any, codes: tuple[str, str]) -> None:
    """Compare two answers byte by byte, the echoed code and the headers' order aside."""
    assert first.status_code == second.status_code == 404
    assert dict(first.items()).keys() == dict(second.items()).keys()
    bodies = [
        one.content.replace(code.encode(), b"CODE") for one, code in zip((first, second), codes, strict=True)
    ]
    assert bodies[0] == bodies[1]


def test_a_wrong_code_and_a_wrong_secret_are_answered_byte_for_byte_alike(dossier: Dossier) -> None:
    given, never = dossier.code, never_given(dossier.code)
    assert_alike(look(given, wrong(dossier.secret)), look(never, dossier.secret), (given, never))


def test_what_is_no_code_at_all_is_answered_alike(dossier: Dossier) -> None:
    for text in ("", "x", "H99.99-261121-0001", "khong phai ma", "H24.12-991399-0001"):
        answer = look(text, dossier.secret)
        assert answer.status_code == 404
        assert "Không tìm thấy" in answer.content.decode()


def test_an_answer_that_tells_the_two_apart_is_noticed(dossier: Dossier) -> None:
    """Control: one more word for a code that exists is enough."""
    given, never = dossier.code, never_given(dossier.code)
    first, second = look(given, wrong(dossier.secret)), look(never, dossier.secret)
    first.content = first.content.replace("Không tìm thấy.".encode(), "Không tìm thấy sáu ký tự.".encode())
    with pytest.raises(AssertionError):
        assert_alike(first, second, (given, never))


def shape(code: str, secret: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        look(code, secret)
    return [re.sub(r"'[^']*'(::\w+)?", "?", query["sql"]) for query in seen.captured_queries]


def test_both_ask_the_database_the_same_one_thing(dossier: Dossier) -> None:
    first, second = shape(dossier.code, wrong(dossier.secret)), shape(never_given(dossier.code), "AAAAAA")
    assert first == second and len(first) == 1 and first[0].startswith("select motcua_track(")


def spread(first: Callable[[], object], second: Callable[[], object], times: int) -> float:
    """Return by how much one takes longer than the other, as a share, from interleaved first quartiles.

    What a busy machine adds it adds to the slow half.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(times * 2):
        which = number % 2 if number % 4 < 2 else 1 - number % 2  # ABBA: a slow moment hits both
        begun = time.perf_counter()
        (first, second)[which]()
        taken[which].append(time.perf_counter() - begun)
    low, high = sorted(statistics.quantiles(one, n=4)[0] for one in taken)
    return (high - low) / low


def test_both_take_the_same_time(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "TRIES_PER_CODE", 10_000)
    monkeypatch.setattr(tracking, "TRIES_PER_ADDRESS", 10_000)
    given, never, bad = dossier.code, never_given(dossier.code), wrong(dossier.secret)
    look(given, bad), look(never, bad)

    def measured() -> float:
        return spread(lambda: look(given, bad), lambda: look(never, bad), 60)

    # A busy machine may spoil a measurement; a difference that is there shows in every one.
    assert any(measured() < 0.10 for _round in range(10))


def test_a_slower_branch_is_noticed() -> None:
    """Control: one millisecond more on five shows in every measurement."""
    slow = [spread(lambda: time.sleep(0.005), lambda: time.sleep(0.006), 20) for _round in range(10)]
    assert min(slow) > 0.10


# ── Guessing is counted


def test_a_code_is_closed_after_ten_wrong_guesses_from_anywhere(dossier: Dossier) -> None:
    for number in range(tracking.TRIES_PER_CODE):
        assert look(dossier.code, wrong(dossier.secret), address=f"203.0.113.{number}").status_code == 404
    assert look(dossier.code, wrong(dossier.secret), address="203.0.113.99").status_code == 429
    assert look(dossier.code, dossier.secret, address="203.0.113.98").status_code == 429
    # Another code is not closed with it, and neither is the slip's own token.
    assert look(never_given(dossier.code), "AAAAAA", address="203.0.113.97").status_code == 404
    assert visitor("203.0.113.96").post(PAGE, {"token": dossier.token}).status_code == 200


def test_an_address_is_closed_for_typing_after_sixty_wrong_guesses_at_anything(dossier: Dossier) -> None:
    for number in range(tracking.TRIES_PER_ADDRESS):
        assert look(f"{dossier.code[:-4]}{5000 + number}", "AAAAAA").status_code == 404
    assert look(dossier.code, dossier.secret).status_code == 429
    assert visitor().post(PAGE, {"token": dossier.token}).status_code == 200, "128 bits are no guess"
    assert visitor().post(PAGE, {"token": f"{(dossier.token or '')[:-1]}-"}).status_code == 404
    assert look(dossier.code, dossier.secret, address="203.0.113.8").status_code == 200


def test_right_look_ups_are_never_counted(dossier: Dossier) -> None:
    assert {look(dossier.code, dossier.secret).status_code for _time in range(70)} == {200}


def test_without_counting_the_same_loop_goes_on(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with the bound out of reach the eleventh guess is looked at."""
    monkeypatch.setattr(tracking, "TRIES_PER_CODE", 10_000)
    answers = {
        look(dossier.code, wrong(dossier.secret), address=f"198.51.100.{n}").status_code for n in range(12)
    }
    assert answers == {404}


# ── Nothing personal


def told(dossier: Dossier) -> list[str]:
    """Return the canaries that stand in the answer to the right code and secret."""
    answer = look(dossier.code, dossier.secret)
    assert answer.status_code == 200
    everything = answer.content.decode() + str(dict(answer.items()))
    return [one for one in CANARIES if one in everything]


def officers(world: World, text: str) -> list[str]:
    return [account.full_name for account in world.accounts.values() if account.full_name in text]


def test_no_name_and_no_number_stands_on_the_page_in_any_state(world: World, dossier: Dossier) -> None:
    steps: list[Callable[[], object]] = [
        lambda: attempt(world, "assign", "hoa", dossier, later(hours=1)),
        lambda: supplement.request_supplement(
            **common(world, "hoa", dossier, later(hours=2), items=[Missing("Bản vẽ", "Thiếu mặt cắt")])
        ),
        lambda: attempt(world, "receive_supplement", "minh", dossier, later(days=1)),
        lambda: attempt(world, "propose", "hoa", dossier, later(days=2), choice="Trình kết quả"),
        lambda: attempt(world, "propose", "hoa", dossier, later(days=2, hours=1)),
        lambda: attempt(world, "approve", "tuan", dossier, later(days=2, hours=2)),
        lambda: attempt(world, "issue", "thu", dossier, later(days=2, hours=3)),
        lambda: attempt(world, "return_result", "mai", dossier, later(days=3), returned_to=NAME),
    ]
    assert told(dossier) == []
    for step in steps:
        step()
        assert told(dossier) == []
        assert officers(world, look(dossier.code, dossier.secret).content.decode()) == []


def test_a_canary_on_the_page_is_noticed(dossier: Dossier) -> None:
    """Control: the procedure's name becomes the applicant's."""
    procedure = dossier.procedure_version.procedure
    type(procedure).objects.filter(pk=procedure.pk).update(name=f"Cấp giấy cho {NAME}")
    assert NAME in told(dossier)


# ── Weight, no script, no cookie


def weight(html: bytes) -> int:
    """Return what a phone loads cold: page and sheets, compressed, without fonts."""
    total = len(gzip.compress(html, 6))
    for sheet in re.findall(rb'<link rel="stylesheet" href="/static/([^"]+)"', html):
        found = finders.find(sheet.decode())
        if not found:
            pytest.skip(f"{sheet.decode()} is not built: run scripts/setup.sh")
        with Path(str(found)).open("rb") as stream:
            total += len(gzip.compress(stream.read(), 6))
    for script in re.findall(rb'<script[^>]* src="/static/([^"]+)"', html):
        with Path(str(finders.find(script.decode()))).open("rb") as stream:
            total += len(gzip.compress(stream.read(), 6))
    return total


def test_the_pages_weigh_less_than_thirty_kilobytes(dossier: Dossier) -> None:
    form, answer = visitor().get(PAGE).content, look(dossier.code, dossier.secret).content
    assert weight(form) < 30_000 and weight(answer) < 30_000
    assert (
        weight(answer + uuid4().hex.encode() * 0 + b"".join(uuid4().bytes for _n in range(2000))) > 30_000
    )  # control


def test_it_needs_no_script_and_sets_no_cookie(dossier: Dossier) -> None:
    form = visitor().get(PAGE).content.decode()
    assert 'method="post"' in form and 'name="code"' in form and 'name="secret"' in form
    answer = look(dossier.code, dossier.secret)
    assert "<script" not in answer.content.decode()
    assert not answer.cookies and not visitor().get(PAGE).cookies
    assert dossier.token not in answer.content.decode() and dossier.secret not in answer.content.decode()


# ── Headers of every kind of answer

NEEDED = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=()",
    "Cache-Control": "no-store",
}
WORDS = (
    "'none'",
    "'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
)


def lacking(response: Any) -> list[str]:
    """Return what the answer's headers lack."""
    found = [name for name, start in NEEDED.items() if start not in response.headers.get(name, "")]
    policy = response.headers.get("Content-Security-Policy", "")
    if "camera=(self)" in response.headers.get(
        "Permissions-Policy", ""
    ):  # a page that scans: tests/harness/test_camera.py
        policy = policy.replace(" 'wasm-unsafe-eval'", "")
    found += [word for word in WORDS if word not in policy]
    found += [word for word in ("unsafe-inline", "unsafe-eval", "*", "http:", "https: ") if re.search(rf"(^|[\s;]){re.escape(word)}($|[\s;])", policy) or (word.startswith("unsafe") and word in policy)]  # fmt: skip
    return found


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


@pytest.mark.parametrize(
    ("host", "method", "address", "status"),
    [
        ("localhost", "get", "/", 200),
        ("localhost", "get", "/thu-tuc", 200),
        ("localhost", "get", PAGE, 200),
        ("localhost", "post", PAGE, 404),
        ("localhost", "get", "/khong-co", 404),
        ("localhost", "get", "/dang-nhap/", 302),  # to where citizens sign in
        ("localhost", "post", "/dang-nhap/", 403),  # without the form's own token
        ("localhost", "get", "/suc-khoe", 200),
        ("localhost", "get", "/ngon-ngu/en", 302),
        ("localhost", "get", "/hong", 500),
        ("canbo.localhost", "get", "/", 302),
        ("canbo.localhost", "get", "/khong-co", 404),
        ("canbo.localhost", "get", "/dossiers/H24.12-261121-0001/", 302),
        ("canbo.localhost", "get", "/api/v1/due", 302),
        ("tep.localhost", "get", "/", 404),
        ("tep.localhost", "get", "/f/khong-co", 404),
    ],
)
def test_every_kind_of_answer_carries_the_headers(
    host: str, method: str, address: str, status: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from motcua.config import urls_public

    planted = ModuleType("planted_public")
    planted.urlpatterns = [*urls_public.urlpatterns, route("hong", _broken, permission=everyone, name="hong")]  # type: ignore[attr-defined]
    planted.handler404, planted.handler500 = urls_public.handler404, urls_public.handler500  # type: ignore[attr-defined]
    planted.handler403 = urls_public.handler403  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "planted_public", planted)
    with override_settings(HOST_URLCONFS={**settings.HOST_URLCONFS, "localhost": "planted_public"}):
        client = Client(HTTP_HOST=host, enforce_csrf_checks=True, raise_request_exception=False)
        response = getattr(client, method)(address)
    assert response.status_code == status
    assert lacking(response) == []


def test_a_host_that_is_not_ours_is_not_served() -> None:
    assert Client(HTTP_HOST="evil.example").get("/").status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src *"),
        ("X-Content-Type-Options", ""),
        ("Cache-Control", "public, max-age=60"),
        ("Cross-Origin-Opener-Policy", "unsafe-none"),
    ],
)
def test_a_missing_or_loose_header_is_noticed(name: str, value: str) -> None:
    response = Client(HTTP_HOST="localhost").get("/suc-khoe")
    assert lacking(response) == []
    response.headers[name] = value
    assert lacking(response)


# ── Whose tries are counted


def _address(behind_proxy: bool, settings: Any, **meta: str) -> str:
    from django.test import RequestFactory

    from motcua.dossiers.views.tracking import address_of

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    return address_of(RequestFactory().get(PAGE, **meta))


def test_without_a_proxy_nobody_chooses_their_address(settings: Any) -> None:
    assert (
        _address(False, settings, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="10.0.0.1") == "203.0.113.7"
    )


def test_behind_a_proxy_only_the_proxys_own_word_counts(settings: Any) -> None:
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.1, 198.51.100.4, 203.0.113.7"}
    assert _address(True, settings, **meta) == "203.0.113.7"
    assert _address(True, settings, REMOTE_ADDR="127.0.0.1") == "127.0.0.1", "a proxy that says nothing"


def test_an_ipv6_visitor_is_counted_once(dossier: Dossier) -> None:
    for number in range(tracking.TRIES_PER_ADDRESS):
        found = look(f"H24.12-260101-{number + 1:04d}", "AAAAAA", address=f"2001:db8:1:2::{number + 1:x}")
        assert found.status_code == 404
    assert look("H24.12-260101-9999", "AAAAAA", address="2001:db8:1:2:ffff::1").status_code == 429
    assert look("H24.12-260101-9999", "AAAAAA", address="2001:db8:1:3::1").status_code == 404
