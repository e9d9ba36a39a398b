"""What the log must not say: rows of persons, links that still open something."""

import logging

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from motcua.accounts.models import Account
from motcua.config.logs import Line

CANARY = "CANARY-0912345678"


def _formatted(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(Line("%(levelname)s %(message)s").format(record) for record in caplog.records)


def test_the_program_logs_through_this_formatter() -> None:
    assert settings.LOGGING["formatters"]["line"]["()"] == "motcua.config.logs.Line"
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]


def test_a_broken_constraint_does_not_print_the_row(db: None, caplog: pytest.LogCaptureFixture) -> None:
    values = (CANARY, CANARY)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"insert into {Account._meta.db_table} (login_name, full_name, sort_key, search_text, account_kind,"
                " phone, email, is_active, must_set_password, created_at, disabled_reason, password)"
                " values (%s, %s, '', '', 'staff', '', '', false, false, now(), '', '')",
                values,
            )
    except Exception:
        logging.getLogger("motcua.test").exception("the write failed")
    raw = logging.Formatter("%(message)s").format(caplog.records[-1])
    assert CANARY in raw, "PostgreSQL does print the row, or this test proves nothing"
    text = _formatted(caplog)
    assert CANARY not in text
    assert "DETAIL: (left out)" in text
    assert "accounts_" in text, "which constraint it was is still told"
    assert "the write failed" in text and "Traceback" in text


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("canbo.localhost", "/loi-moi/{}/"),
        ("tep.localhost", "/f/{}"),
        *(
            ("localhost", f"/{one}/{{}}/")
            for one in ("to-khai", "cung-xac-nhan", "bao-tin", "phan-anh/cua-toi", "so", "lich-hen")
        ),
    ],
)
def test_a_link_that_is_a_secret_is_not_logged(
    db: None, caplog: pytest.LogCaptureFixture, host: str, path: str
) -> None:
    secret = f"{CANARY}xxxxx"  # as long as the tokens are
    client = Client(headers={"host": host}, enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO):
        client.get(path.format(secret))
        client.post(path.format(secret), {"password": "x"})
    assert any(secret in record.getMessage() for record in caplog.records), "Django names the path"
    text = _formatted(caplog)
    assert secret not in text
    assert path.format("…").rstrip("/") in text
