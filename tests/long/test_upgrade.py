"""Data of an old version under this one: nothing stored is gone, pages open, work goes on, the history is whole."""

import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.harness.live import LiveSite
from tests.long import upgrade
from tests.long.program import Program, installed, journal
from tests.long.test_kill import assert_all_there, wait_for
from tests.long.upgrade import Stored

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(1800)]

#: The oldest commit whose migrations all stand unchanged today, and the last one before lateness went by the book.
OLD = ("820ffe2", "43cdabf")
OFFICERS = ("minh", "hoa", "duc", "tuan", "thu", "mai", "kim", "an", "binh")
_LINKS = "() => [...document.querySelectorAll('nav a[href^=\"/\"]')].map((one) => one.getAttribute('href'))"
_STATUS = "async (address) => (await fetch(address)).status"


@dataclass
class Kept:
    before: Stored = field(default_factory=Stored)
    after: Stored = field(default_factory=Stored)


@pytest.mark.parametrize("commit", OLD)
def test_an_old_installation_goes_on_under_this_version(page: Page, tmp_path: Path, commit: str) -> None:
    if not upgrade.known(commit):
        pytest.skip(f"this checkout's history does not reach down to {commit}")
    kept = Kept()

    def fill(environment: dict[str, str]) -> None:
        upgrade.load_old(commit, environment)
        kept.before = upgrade.stored(environment, migrate=False)
        kept.after = upgrade.stored(environment, migrate=True)
        print(upgrade.table(kept.before, kept.after))
        assert upgrade.missing(kept.before, kept.after) == []

    with installed(fill) as program:
        public, staff = (f"http://{host}:{program.port}" for host in ("localhost", "canbo.localhost"))
        site = LiveSite(public, staff, f"http://tep.localhost:{program.port}", program.environment)
        assert_pages_open(site, page, kept.before)
        path, stop = tmp_path / "journal.jsonl", tmp_path / "stop"
        assert_work_goes_on(program, path, stop)
        program.stop()
        later = upgrade.stored(program.environment, migrate=False)
        for table in (
            "dossiers_dossier",
            "audit_entry",
            "applicants_person",
            "dossiers_paper",
            "accounts_account",
        ):
            assert kept.before.tables[table].keys() <= later.tables[table].keys()


def assert_pages_open(site: LiveSite, page: Page, before: Stored) -> None:
    """Open everything the left column offers to each officer, every dossier of their commune, and the public pages."""
    opened: Counter[int] = Counter()
    faults: list[str] = []

    def look(address: str, who: str) -> None:
        status = page.evaluate(_STATUS, address)
        opened[status] += 1
        if status != 200:
            faults.append(f"{address} answers {status} to {who or 'citizens'}")

    dossiers = before.tables["dossiers_dossier"].values()
    home = Counter(row["home_agency_id"] for row in dossiers).most_common(1)[0][0]
    for name in OFFICERS:
        site.log_in(page, name)
        for address in {one.split("#")[0] for one in page.evaluate(_LINKS)}:
            look(address, name)
        if name == "tuan":
            for row in dossiers:
                if row["home_agency_id"] == home:
                    look(f"/dossiers/{row['code']}/", name)
        page.context.clear_cookies()
    page.goto(site.public)
    for address in ("/", "/tra-cuu", "/thu-tuc"):
        look(address, "")
    for row in before.tables["procedures_procedure"].values():
        look(f"/thu-tuc/{row['code']}", "")
    print(f"{opened.total()} pages opened: {dict(opened)}")
    assert faults == []


def assert_work_goes_on(program: Program, path: Path, stop: Path) -> None:
    """Take dossiers in, and look through the whole history, old and new."""
    driver: subprocess.Popen[bytes] = program.driver(str(path), str(stop))
    try:
        wait_for(path, 16, driver)
    finally:
        stop.touch()
        driver.wait(120)
    assert_all_there(program, path, at_least=16)
    assert len(journal(path)) >= 16


def test_what_an_upgrade_would_lose_is_named() -> None:
    """Control: a table, a row, a column, a value and a file that are not there afterwards are all told."""
    row = {"id": 1, "name": "Hà", "note": ""}
    before = Stored({"a": {"1": row, "2": row}, "b": {"1": row}}, {"files/x": "1", "files/y": "1"})
    after = Stored({"a": {"1": {"id": 1, "name": "Ha"}, "3": row}}, {"files/x": "2"})
    assert [one.split(" (")[0].split(", ")[0] for one in upgrade.missing(before, after)] == [
        "a: 1 of 2 rows are gone", "a.name: 1 changed", "a.note: 1 changed",
        "b: the table is gone with 1 rows", "file files/x: changed", "file files/y: gone",
    ]  # fmt: skip
    assert upgrade.missing(before, before) == []
