"""The sandbox for training: what reaches it and what does not, the rows that are copied, and a real start."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.accounts.tests.conftest import now, people, quick_hashes
from motcua.agencies.models import Agency, Position
from motcua.cli.commands.training import training
from motcua.cli.run import pytest_plugin
from motcua.cli.run.processes import free_port
from motcua.cli.training import dossiers, place, rows
from motcua.config import env
from motcua.dossiers.models import Dossier
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

__all__ = ["now", "people", "quick_hashes"]


def test_no_setting_of_the_real_installation_reaches_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "DATABASE_ADMIN_URL",
        "SECRET_FIELD_FILE",
        "MAIL_URL",
        "BEHIND_PROXY",
        "PUBLIC_URL",
    ):
        monkeypatch.setenv(f"MOTCUA_{name}", "real")
    monkeypatch.setenv("PGHOST", "real")
    monkeypatch.setenv("MOTCUA_PLACE_NAME", "Hải Phòng")
    monkeypatch.setenv("MOTCUA_TRAINING_PORT", "9090")
    own = place.environment()
    assert "real" not in own.values()
    assert (
        own["MOTCUA_TRAINING"] == "1"
        and own["MOTCUA_PORT"] == "9090"
        and own["MOTCUA_PLACE_NAME"] == "Hải Phòng"
    )
    assert own["MOTCUA_PUBLIC_HOST"] == "taphuan.localhost" and own["MOTCUA_HTTPS"] == "0"
    assert Path(own["MOTCUA_DATA"]) != env.data_dir()
    monkeypatch.setenv("MOTCUA_TRAINING_PUBLIC_HOST", "taphuan.haiphong.example")
    assert place.environment()["MOTCUA_HTTPS"] == "1"


def test_the_sandbox_never_shares_the_real_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (env.data_dir(), env.data_dir().parent):
        monkeypatch.setenv("MOTCUA_TRAINING_DATA", str(folder))
        with pytest.raises(env.BadSetting):
            place.folder()


def test_a_reset_deletes_no_folder_that_is_no_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "letter").write_text("x")
    monkeypatch.setenv("MOTCUA_TRAINING_DATA", str(precious))
    done = CliRunner().invoke(training, ["reset", "--yes"])
    assert done.exit_code != 0 and "không xóa gì" in done.output and (precious / "letter").exists()


def test_no_table_of_applicants_dossiers_files_or_history_is_copied() -> None:
    labels = {model._meta.app_label for model in rows.chosen()}
    assert labels == {"calendars", "agencies", "procedures", "workflow", "dossiers"}
    of_dossiers = {model.__name__ for model in rows.chosen() if model._meta.app_label == "dossiers"}
    assert of_dossiers == {"HandlingUnit", "PaperText"}
    assert not any(getattr(model, "append_only", False) for model in rows.chosen())


@pytest.mark.django_db
def test_officers_are_copied_without_what_lets_them_in_and_citizens_not_at_all(
    people: Any, tmp_path: Path
) -> None:
    Account.objects.filter(login_name="hoa").update(phone="0225 388 9123", email="hoa@office.example")
    rows.copy_out(tmp_path)
    text = (tmp_path / "accounts_account.copy").read_text()
    assert "Đỗ Thị Hoa" in text and "\tlan\t" not in text
    for secret in ("argon2", "0225 388 9123", "hoa@office.example"):
        assert secret not in text
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.copy"))
    assert not list(tmp_path.glob("mfa*")) and not list(tmp_path.glob("applicants*"))


@pytest.mark.sql
def test_rows_come_in_and_the_office_works_on_them(fresh_database: str, tmp_path: Path) -> None:
    from motcua.cli.demo import content

    content.load(dossiers=0, say=lambda _text: None)
    before = [Agency.objects.count(), Position.objects.count()]
    rows.copy_out(tmp_path)
    Account.objects.filter(login_name="hoa").update(full_name="Đã đổi trong lúc tập")
    url = pytest_plugin.cluster.admin().url().replace("/motcua?", f"/{fresh_database}?")
    assert fresh_database in url
    rows.bring_in(tmp_path, admin_url=url)
    assert [Agency.objects.count(), Position.objects.count()] == before
    hoa = Account.objects.get(login_name="hoa")
    assert hoa.full_name == "Đỗ Thị Hoa" and not hoa.has_usable_password() and hoa.must_set_password
    made = dossiers.load(each=4, now=timezone.now())
    with transaction.atomic():
        set_database_actor(SYSTEM)
        assert made == Dossier.objects.filter(parent=None).count() >= 4
        assert Dossier.objects.exclude(status=2).exists(), "some have come further than the counter"


def _page(address: str, host: str) -> str:
    request = urllib.request.Request(address, headers={"Host": host})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def _until(check: Any, seconds: float = 480) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if check():
                return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.5)
    raise AssertionError("not within the time")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_sandbox_starts_beside_a_running_installation_stops_and_is_made_anew(tmp_path: Path) -> None:
    port = free_port(18300)
    mine = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}
    mine |= {
        "MOTCUA_DATA": str(tmp_path / "real"), "MOTCUA_PORT": str(port), "MOTCUA_LIVE_PORT": str(port + 1),
        "MOTCUA_TRAINING_PORT": str(port + 2), "MOTCUA_TRAINING_LIVE_PORT": str(port + 3), "MOTCUA_WORKERS": "1",
    }  # fmt: skip
    motcua = [sys.executable, "-m", "motcua.cli.main"]

    def call(*arguments: str) -> str:
        done = subprocess.run([*motcua, *arguments], env=mine, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    real = subprocess.Popen([*motcua, "demo"], env=mine)
    started: list[subprocess.Popen[bytes]] = [real]
    try:
        _until(lambda: _page(f"http://127.0.0.1:{port}/", "localhost"))
        for _round in range(2):
            sandbox = subprocess.Popen([*motcua, "training", "start", "--dossiers", "3"], env=mine)
            started.append(sandbox)
            _until(lambda: _page(f"http://127.0.0.1:{port + 2}/", "taphuan.localhost"))
            _until(lambda: json.loads(call("training", "info", "--json"))["running"])
            facts = json.loads(call("training", "info", "--json"))
            assert facts["people"] > 5 and facts["dossiers"] >= 3
            link = Path(facts["links"]).read_text().splitlines()[1].rpartition(",")[2]
            for path, host in (("/", "taphuan.localhost"), ("/tra-cuu", "taphuan.localhost"),
                               ("/dang-nhap/", "canbo.taphuan.localhost"),
                               (f"/loi-moi/{link.split('/loi-moi/')[1]}", "canbo.taphuan.localhost")):  # fmt: skip
                assert "BẢN TẬP HUẤN" in _page(f"http://127.0.0.1:{port + 2}{path}", host), path
            assert "BẢN TẬP HUẤN" not in _page(f"http://127.0.0.1:{port}/", "localhost")
            call("training", "stop")
            assert sandbox.wait(60) == 0
            call("training", "reset", "--yes")
            assert not (tmp_path / "real-training").exists()
    finally:
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
