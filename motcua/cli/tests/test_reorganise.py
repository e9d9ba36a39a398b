"""`motcua agency reorganise`: the old map turned into the new one overnight, with the real data of 2025."""

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.utils import timezone

from motcua.agencies.models import Agency, AgencyArea, ChangeState, PlannedChange
from motcua.agencies.queries import agency_by_code, agency_tree, stands_for
from motcua.base.audit.queries import verify_all
from motcua.cli.commands.agency import agency
from motcua.cli.tests import old_map
from motcua.cli.tests.old_map import OldMap
from motcua.dossiers import tracking
from motcua.dossiers.models import Dossier
from motcua.lib.refusal import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
BASIS = "Nghị quyết 1669/NQ-UBTVQH15 ngày 16/6/2025"


def run(*words: object) -> Result:
    return CliRunner().invoke(agency, [str(word) for word in words])


def reorganised(files: list[Path], names: Path, *words: object) -> dict[str, Any]:
    done = run("reorganise", *files, "--names", names, "--under", "H24", "--basis", BASIS, *words, "--json")
    assert done.exit_code == 0, (done.output[-3000:], done.exception)
    return json.loads(done.stdout)


def owners() -> list[str]:
    """Return accepted open dossiers without exactly one owner at an open unit of an open agency."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select d.code from dossiers_dossier d where d.finished_at is null and d.status <> 3"
            " and (exists (select 1 from agencies_agency a where a.id = d.competent_agency_id and a.closed_on is not null)"
            " or d.accepted_at is not null and 1 <> (select count(*) from dossiers_task t"
            "  join agencies_unit u on u.id = t.unit_id join agencies_agency a on a.id = u.agency_id"
            "  where t.dossier_id = d.id and t.is_owner and t.ended_at is null and t.unit_id = d.owner_unit_id"
            "  and u.agency_id = t.agency_id and u.valid_to is null and a.closed_on is null))"
        )
        return [row[0] for row in cursor.fetchall()]


def drill(folder: Path, made: OldMap, target: Path) -> dict[str, Any]:
    """Turn the old map into the new one; hold counts, owners, figures, numbers and slips against those before."""
    files = old_map.map_files(folder, made, target, into="31")
    names = folder / "admin" / "communes_2026.csv"
    dry = reorganised(files, names)
    assert dry["dry_run"] and not PlannedChange.objects.exists(), "a dry run writes nothing"
    before = Counter(Dossier.objects.values_list("home_agency_id", flat=True))
    done = reorganised(files, names, "--apply")
    assert done["equal"] and done["before"] == done["after"], done
    assert done["steps"] == dry["steps"]
    assert owners() == []
    _compare_with_the_map(folder, made, before)
    _find_old_slips(made)
    again = reorganised(files, names, "--apply")
    assert again["steps"] == {} and again["after"] == done["after"], "the same file twice changes nothing"
    assert list(verify_all()) == []
    return done


def _compare_with_the_map(folder: Path, made: OldMap, before: Counter[int]) -> None:
    """The tree is that of the real list of today; each new agency counts what its predecessors had, once."""
    today = timezone.localdate()
    goes = {
        r["old_code"]: r["new_code"]
        for r in old_map.rows(folder, "commune_mapping_2025.csv")
        if r["is_default"] == "1"
    }
    wanted: Counter[str] = Counter()
    for area, row in made.agencies.items():
        if len(area) == 5:
            wanted[goes[area]] += before[row.pk]
    there = {row.code: row.agency_id for row in AgencyArea.objects.filter(valid_to=None)}
    real = {row["code"]: row for row in old_map.rows(folder, "communes_2026.csv")}
    new = {code for code in there if len(code) == 5}
    parts = {
        r["new_code"]
        for r in old_map.rows(folder, "commune_mapping_2025.csv")
        if r["old_code"] in made.agencies
    }
    assert new == parts
    for code in new:
        name = Agency.objects.get(pk=there[code]).name
        assert name == f"UBND {real[code]['full_name'][0].lower()}{real[code]['full_name'][1:]}"
        communes = stands_for(there[code], today) & {
            row.pk for area, row in made.agencies.items() if len(area) == 5
        }
        assert sum(before[pk] for pk in communes) == wanted[code], code
    counted = [pk for row in agency_tree(today) for pk in stands_for(row["agency"].pk, today)]
    assert len(counted) == len(set(counted)), "no figure counts twice"
    assert {row.pk for row in made.agencies.values()} <= set(counted), "no figure is lost"
    depth = {row["depth"] for row in agency_tree(today)}
    assert depth == {0, 1}, "two levels: the district is gone"


def _find_old_slips(made: OldMap) -> None:
    for area, dossiers in list(made.dossiers.items())[::7]:
        for dossier in dossiers[:1]:
            found = tracking.by_code(dossier.code, dossier.secret, address="192.0.2.1", now=timezone.now())
            assert found is not None, (area, dossier.code)
            dossier.refresh_from_db()
            assert agency_by_code(dossier.code.rpartition("-")[0].rpartition("-")[0]) == dossier.home_agency


@pytest.fixture
def yesterday() -> datetime:
    return timezone.now() - timedelta(days=2)


@pytest.mark.long
def test_two_districts_become_communes_of_today(
    shared_data: Path, yesterday: datetime, tmp_path: Path
) -> None:
    made = old_map.build(shared_data, {"31": "H24"}, at=yesterday, districts=2)
    taken = old_map.work(made)
    done = drill(shared_data, made, tmp_path)
    assert done["before"]["received"] == taken
    assert done["strangers"] > 9_000, "the map of the whole country serves one province"


@pytest.mark.long
def test_a_day_to_come_is_planned_and_can_be_taken_back(
    shared_data: Path, yesterday: datetime, tmp_path: Path
) -> None:
    from motcua.agencies.operations import changes
    from motcua.lib.actor import SYSTEM

    made = old_map.build(shared_data, {"31": "H24"}, at=yesterday, districts=1)
    old_map.work(made)
    files = old_map.map_files(shared_data, made, tmp_path, into="31")
    names = shared_data / "admin" / "communes_2026.csv"
    day = timezone.localdate() + timedelta(days=3)
    done = reorganised(files, names, "--from", day, "--apply")
    assert set(done["taken"]) == {"planned"}
    planned = PlannedChange.objects.count()
    assert not Agency.objects.filter(opened_on=day).exists()
    reorganised(files, names, "--from", day, "--apply")
    assert PlannedChange.objects.count() == planned
    for change in PlannedChange.objects.order_by("-pk"):
        changes.cancel(change_id=change.pk, reason="Hoãn", actor=SYSTEM, at=timezone.now())
    assert set(PlannedChange.objects.values_list("state", flat=True)) == {ChangeState.CANCELLED}
    reorganised(files, names, "--from", day, "--apply")
    assert PlannedChange.objects.filter(state=ChangeState.PLANNED).count() == planned
    at = timezone.now() + timedelta(days=3)
    for change_id in changes.due_now(at=at):
        changes.carry_out(change_id=change_id, actor=SYSTEM, at=at)
    assert owners() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Thiếu cột old_code"),
        ("cũ,mới\n1,2\n", "Thiếu cột old_code, new_code"),
        ("old_code,new_code\n", "không có dòng nào"),
        ("old_code,new_code\n=1+1,00001\n", "“=1+1” không phải mã"),
        ("old_code,new_code,is_default\n00001,00002,0\n", "cần đúng một nơi kế thừa chính"),
        ("old_code,new_code\n00001,00002\n00001,00002\n", "đã có ở dòng 2"),
        ("old_code,new_code,kind,is_default\n00001,00002,full,1\n00001,00003,part,0\n", "vừa nhập toàn bộ"),
        ("old_code,new_code\n99998,99999\n", "Không mã cũ nào"),
        ("old_code;new_code\n00001;00002\n".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_done(
    tmp_path: Path, db: None, text: Any, words: str
) -> None:
    from motcua.agencies import map_file, reorganising

    with pytest.raises(Refusal, match=re.escape(words)):
        pairs = map_file.read_pairs(text if isinstance(text, bytes) else text.encode())
        reorganising.work_out(pairs, {}, day=date(2026, 1, 1), under=Agency(), level="commune")
