"""`motcua move`: tries a file out, brings it in, counts, keeps a map, says what is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from motcua.cli.commands.move import move
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.refusal import Refusal
from motcua.moving.models import ColumnMap
from motcua.moving.tests import files

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def run(*words: object) -> Result:
    return CliRunner().invoke(move, [str(word) for word in words])


def test_a_file_is_tried_out_brought_in_and_repeated(world: World, tmp_path: Path) -> None:
    file = tmp_path / "cu.xlsx"
    file.write_bytes(files.workbook([files.row(number) for number in range(1, 6)]))
    dry = run("dossiers", file, "--agency", "H24.12")
    assert dry.exit_code == 0 and "Chưa ghi gì" in dry.output and not Dossier.objects.exists()
    done = run("dossiers", file, "--agency", "H24.12", "--apply", "--json", "--save-map", "Hải An")
    facts = json.loads(done.stdout)
    assert (facts["new"], facts["equal"], Dossier.objects.count()) == (5, True, 5)
    again = json.loads(
        run("dossiers", file, "--agency", "H24.12", "--apply", "--json", "--map", "Hải An").stdout
    )
    assert (again["new"], again["unchanged"]) == (0, 5) and ColumnMap.objects.count() == 1
    assert "KHÁC" not in run("dossiers", file, "--agency", "H24.12", "--apply").output


def test_troubles_are_said_and_written_and_the_exit_code_is_1(world: World, tmp_path: Path) -> None:
    file, report = tmp_path / "cu.csv", tmp_path / "vuong.csv"
    file.write_text(files.text([files.row(1), files.row(2, procedure="9.9")]), encoding="utf-8")
    done = run("dossiers", file, "--agency", "H24.12", "--report", report)
    assert done.exit_code == 1 and "dòng 3, cột “Tên TTHC”" in done.output
    assert report.read_text("utf-8-sig").splitlines()[1].startswith("3,Tên TTHC,")
    assert isinstance(run("dossiers", file, "--column", "nothing=x").exception, Refusal)
    assert isinstance(run("dossiers", file, "--map", "chưa có").exception, Refusal)
