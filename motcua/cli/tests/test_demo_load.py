"""`motcua demo load`: a second load is skipped by its stamp, and never where it would have changed something."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.accounts.operations import passwords
from motcua.cli.commands.demo import demo
from motcua.cli.demo import content, stamp
from motcua.cli.demo.accounts import password_for
from motcua.dossiers.models import Dossier
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["motcua.accounts.tests.hashers.QuickArgon2"]


def load(dossiers: int = 1) -> dict[str, Any]:
    done = CliRunner().invoke(demo, ["load", "--dossiers", str(dossiers), "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_an_interrupted_load_is_done_again_and_a_whole_one_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(content.demo_dossiers, "load", lambda **_asked: 1 / 0)
        assert isinstance(CliRunner().invoke(demo, ["load", "--dossiers", "1"]).exception, ZeroDivisionError)
    assert load()["loaded"] is True, "what was interrupted left no stamp"
    assert load()["loaded"] is False
    made = Dossier.objects.count()  # the land dossiers and their parts are made once, with the first load
    assert load(2)["loaded"] is True and Dossier.objects.count() == made + 1
    assert load(1)["loaded"] is False

    hoa = Account.objects.get(login_name="hoa")
    passwords.set_password(account=hoa, password="mot mat khau khac", actor=SYSTEM, at=timezone.now())
    assert load()["loaded"] is True, "the printed password must work again"
    hoa.refresh_from_db()
    assert hoa.check_password(password_for("hoa"))
    assert load()["loaded"] is False
    Procedure.objects.create(code="9.999999", key="9.999999", name="Mới", folded="", sort_key="")
    assert load()["loaded"] is True, "an imported procedure is offered at the demo's communes"
    monkeypatch.setattr(stamp, "__version__", "9.9")
    assert load()["loaded"] is True, "another version of the product"
