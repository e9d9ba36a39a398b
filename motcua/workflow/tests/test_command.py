"""`motcua workflow`: what administrators type, and what programs read back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.cli.commands.workflow import workflow
from motcua.lib.refusal import Refusal
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import loading

DEMO = loading.DEMO


def run(*words: object):
    return CliRunner().invoke(workflow, [str(word) for word in words], standalone_mode=False)


def test_import_reports_in_json_and_again_changes_nothing(db, shared_data):
    path = shared_data / "procedures" / "commune_workflows_cantho.json"
    first = json.loads(run("import", path, "--json").stdout)
    assert (first["workflows"], first["versions_read"], first["published"], first["drafts"]) == (
        36,
        56,
        35,
        21,
    )
    assert first["hours_checked"] == 44
    assert first["hours_over_limit"] == 8
    assert sum(first["flags"].values()) == sum(len(row["flags"]) for row in first["versions"])
    assert json.loads(run("import", path, "--json").stdout)["changed"] == 0


def test_import_as_drafts_publishes_nothing(db):
    run("import", DEMO / "1.001193.toml", "--drafts")
    assert WorkflowVersion.objects.get().state == "draft"


def test_check_of_a_file_needs_no_database(tmp_path: Path):
    assert run("check", DEMO / "1.013225.toml").return_value == 0
    text = (DEMO / "1.013225.toml").read_text(encoding="utf-8").replace('next = "end"', 'next = "assign"')
    broken = tmp_path / "any-name"
    broken.write_text(text, encoding="utf-8")
    result = run("check", broken)
    assert result.return_value == 1
    assert "0 passed, 1 failed" in result.stdout
    assert "không có đường nào tới kết thúc" in result.stdout


def test_check_counts_with_the_hours_of_the_office():
    assert run("check", DEMO / "1.001193.toml", "--hours-a-day", "7,5").return_value == 1
    assert run("check", DEMO / "1.001193.toml", "--hours-a-day", "8").return_value == 0


def test_check_of_a_stored_workflow_by_its_code(db):
    run("import", DEMO / "1.001193.toml")
    data = json.loads(run("check", "demo:1.001193", "--json").stdout)
    assert (data["checked"], data["failed"], data["versions"][0]["hours"]) == (1, 0, 8.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "không phải tệp quy trình"),
        ('{"workflows": [1]}', "không phải tệp quy trình"),
        ('{"workflows": ', "sai cú pháp"),
        ('{"workflows": [{"steps": [], "name": "x"}]}', "không có bước"),
        ('{"workflows": [{"steps": [{"work": "x"}], "name": "x"}]}', "thiếu việc làm hoặc người làm"),
        ('key = "a"\nname = "b"\nsteps = []', "không có bước nào"),
        ('key = "a"\nname = "b"\nsteps = [{ key = "x", name = "y", hous = 2 }]', "Không hiểu “hous”"),
        (
            'key = "a"\nname = "b"\nlimit = "sớm"\nsteps = [{ key = "x", name = "y" }]',
            "Không đọc được thời hạn",
        ),
        ('key = "a"\nname = "b"\nsteps = [{ key = "x", name = "y", kind = "z" }]', "ghi sai hoặc thiếu"),
        ("[[", "sai cú pháp"),
    ],
)
def test_a_bad_file_is_refused_with_what_to_do(tmp_path: Path, text, words):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    result = run("check", path)
    assert isinstance(result.exception, Refusal)
    assert words in result.exception.message


def test_what_is_neither_file_nor_code_is_refused(db):
    result = run("check", "QT 99")
    assert isinstance(result.exception, Refusal)
    assert "motcua workflow list" in result.exception.message


def test_default_and_list(db):
    assert "1 quy trình chung" in run("default").stdout
    assert json.loads(run("list", "--text", "quy trinh chung", "--json").stdout)[0]["key"] == "default"
