"""The mail server's settings: read whole, or refused with a sentence that says what is wrong."""

from pathlib import Path

import pytest

from motcua.config import mail
from motcua.config.env import BadSetting

GOOD = {"MOTCUA_SMTP_HOST": "mail.example.vn", "MOTCUA_SMTP_FROM": "motcua@example.vn"}


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in ("HOST", "PORT", "TLS", "USER", "FROM", "PASSWORD_FILE"):
        monkeypatch.delenv(f"MOTCUA_SMTP_{name}", raising=False)
    for name, value in {**GOOD, **{f"MOTCUA_SMTP_{key}": value for key, value in values.items()}}.items():
        monkeypatch.setenv(name, value)


def test_without_a_host_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, HOST="")
    assert mail.read() is None


def test_a_server_is_read_with_its_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("mật khẩu\n", encoding="utf-8")
    set_all(monkeypatch, USER="motcua", PASSWORD_FILE=str(secret))
    found = mail.read()
    assert found is not None
    assert (found.port, found.tls, found.user, found.password) == (587, "starttls", "motcua", "mật khẩu")
    assert "mật khẩu" not in repr(found)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"FROM": "motcua"}, "SMTP_FROM"),
        ({"FROM": ""}, "SMTP_FROM"),
        ({"TLS": "ssl"}, "starttls, tls or off"),
        ({"PORT": "x"}, "whole number"),
        ({"PORT": "70000"}, "port number"),
        ({"USER": "motcua"}, "PASSWORD_FILE"),
        ({"USER": "motcua", "PASSWORD_FILE": "/khong/co"}, "cannot be read"),
        ({"USER": "motcua", "TLS": "off"}, "in clear"),
    ],
)
def test_a_bad_value_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str
) -> None:
    set_all(monkeypatch, **values)
    with pytest.raises(BadSetting, match=says):
        mail.read()
