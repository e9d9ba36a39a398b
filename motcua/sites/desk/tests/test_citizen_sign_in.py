"""Administrators see how citizens' sign-in is connected and goes; a trial names what is wrong and what to do."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from motcua.accounts import sign_in_days
from motcua.accounts.models import SignInDay
from motcua.cli.commands.sign_in import sign_in
from motcua.clients.oidc_check import What
from motcua.clients.tests.issuer import running
from motcua.sites.desk.views.citizen_sign_in import POINTS

pytestmark = pytest.mark.django_db
PAGE = "/administration/sign-in/"


@pytest.fixture(scope="module")
def peer() -> Any:
    with running() as (issuer, provider):
        yield issuer, provider


@pytest.fixture
def issuer(peer: Any, settings: Any) -> Any:
    settings.OIDC = peer[1]
    return peer[0]


def read(client: Client) -> str:
    return re.sub(r"\s+", " ", client.get(PAGE).content.decode())


def test_a_trial_says_what_is_right_and_what_to_do_about_the_rest(
    issuer: Any, settings: Any, log_in: Callable[..., Client]
) -> None:
    an = log_in("an")
    assert settings.OIDC.issuer in read(an) and "/dang-nhap-cong-dan/ve/" in read(an)
    assert an.post(f"{PAGE}try/").headers["Location"] == f"{PAGE}#thu"
    page = read(an)
    assert "Không thấy chỗ sai" in page and settings.OIDC.client_secret not in page
    settings.OIDC = replace(settings.OIDC, client_secret="khac")
    an.post(f"{PAGE}try/")
    page = read(an)
    assert "1 chỗ phải sửa" in page and str(POINTS["secret"][1]) in page and "khac" not in page
    done = CliRunner().invoke(sign_in)
    assert done.exit_code == 1 and str(POINTS["secret"][1]) in done.output


def test_what_is_not_connected_says_how_to_connect_it(settings: Any, log_in: Callable[..., Client]) -> None:
    settings.OIDC = None
    an = log_in("an")
    assert "MOTCUA_OIDC_ISSUER" in read(an) and "Thử kết nối ngay" not in read(an)
    assert an.post(f"{PAGE}try/").status_code == 302
    assert CliRunner().invoke(sign_in).exit_code == 1


def test_sign_ins_are_counted_by_day_and_outcome_without_names(
    issuer: Any, log_in: Callable[..., Client]
) -> None:
    visitor, now = Client(HTTP_HOST="localhost"), timezone.now()
    for sub in ("lan", "lan"):
        away = visitor.get("/dang-nhap-cong-dan/di/")
        back = urlsplit(issuer.grant(dict(parse_qsl(urlsplit(away["Location"]).query)), sub))
        assert visitor.get(f"{back.path}?{back.query}").status_code == 302
    assert Client(HTTP_HOST="localhost").get("/dang-nhap-cong-dan/ve/?code=x&state=y").status_code == 400
    sign_in_days.count("x" * 90, now - timedelta(days=3))
    sign_in_days.count("stopped", now - timedelta(days=8))
    assert dict(SignInDay.objects.filter(day=timezone.localdate(now)).values_list("outcome", "times")) == {
        "in": 2, "no_journey": 1,
    }  # fmt: skip
    assert [one.outcome for one in sign_in_days.lately(timezone.localdate(now))] == [
        "in",
        "no_journey",
        "x" * 40,
    ]
    page = read(log_in("an"))
    assert "Đăng nhập được" in page and "Quay lại quá 10 phút" in page and "Phạm Thị" not in page
    assert (sign_in_days.last_in() or now) >= now


def test_every_point_of_the_check_has_words() -> None:
    assert set(POINTS) == set(What)
