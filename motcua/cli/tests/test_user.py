"""`motcua user`: what administrators type, with the exit codes that mean something."""

import json
import re

import pytest
from click.testing import CliRunner

from motcua.accounts.models import Account
from motcua.accounts.operations import links
from motcua.accounts.tests.conftest import PASSWORD, code_now, now, people, quick_hashes
from motcua.agencies.demo import load_demo_agencies
from motcua.agencies.queries import actor_for
from motcua.cli.commands.user import user
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

__all__ = ["now", "people", "quick_hashes"]


def _run(*arguments):
    return CliRunner().invoke(user, arguments)


def test_list_says_who_works_where(people):
    answer = _run("list", "--agency", "H24.12", "--json")
    assert answer.exit_code == 0, answer.output
    rows = {row["login_name"]: row for row in json.loads(answer.output)}
    assert rows["hoa"]["positions"][0]["roles"] == ["specialist"]
    assert "binh" not in rows and "lan" not in rows
    assert "Đỗ Thị Hoa" in _run("list").output


def test_the_first_administrator_gets_a_link_and_only_the_first(db, now):
    load_demo_agencies(at=now, actor=SYSTEM)
    answer = _run("first-admin", "truong", "--name", "Hà Thị Trưởng", "--agency", "H24.12")
    assert answer.exit_code == 0, answer.output
    token = re.search(r"/loi-moi/([\w-]+)/", answer.output).group(1)
    account = links.accept(token=token, password="ngoi sao bien xanh", at=now)
    actor = actor_for(account.positions.get().pk, account.positions.get().valid_from)
    assert actor.has("system_admin")
    second = _run("first-admin", "khac", "--name", "Người Khác", "--agency", "H24.12")
    assert isinstance(second.exception, Refusal) and second.exception.code == "has_admin"


def test_invite_then_invite_again(people, now):
    asked = (
        "--name",
        "Lý Ngọc Quyên",
        "--agency",
        "H24.12",
        "--title",
        "Chuyên viên",
        "--role",
        "specialist",
    )
    first = _run("invite", "quynh", *asked)
    assert first.exit_code == 0 and "/loi-moi/" in first.output
    again = _run("invite", "quynh")
    assert again.exit_code == 0 and again.output != first.output
    assert isinstance(_run("invite", "hoa").exception, Refusal)


def test_disable(people):
    assert _run("disable", "hoa", "--reason", "nghỉ").exit_code == 0
    assert not Account.objects.get(login_name="hoa").is_active
    assert isinstance(_run("disable", "khongcoai", "--reason", "x").exception, Refusal)
    assert _run("disable", "hoa").exit_code == 2


def test_codes_are_printed_for_the_demos_people_only(people, tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    assert _run("totp", "hoa", "--demo").exit_code == 1, "this machine has no demo"
    (tmp_path / "demo-passwords.json").write_text(json.dumps({"hoa": PASSWORD, "lan": PASSWORD}))
    assert _run("totp", "hoa", "--demo").output.strip() in {
        code_now(people["hoa"], shift) for shift in (-1, 0, 1)
    }
    assert _run("totp", "hoa").exit_code == 2
    assert _run("totp", "minh", "--demo").exit_code == 1
    assert _run("totp", "lan", "--demo").exit_code == 1


@pytest.mark.parametrize("used", [0, 1, 2])
def test_a_printed_code_was_not_used_yet(people, now, used):
    from motcua.accounts.operations import factors

    hoa = people["hoa"].pk
    taken = []
    for _ in range(used):
        taken.append(factors.usable_code(account_id=hoa, at=now))
        factors.claim_code(account_id=hoa, code=taken[-1], at=now)
    assert factors.usable_code(account_id=hoa, at=now) not in taken
