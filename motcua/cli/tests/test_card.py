"""`motcua card` and the program around it."""

import json
import subprocess
import sys

TEXT = "036174000001||Nguyễn Thị Loan|06011974|Nữ|Xã Vĩnh Phú, Tỉnh Phú Thọ|13032021"


def motcua(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "motcua.cli.main", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=60)


def test_a_card_is_printed_field_by_field() -> None:
    done = motcua("card", given=TEXT.encode() + b"\n")
    assert done.returncode == 0 and not done.stderr
    assert "Họ và tên: Nguyễn Thị Loan" in done.stdout.decode() and "06/01/1974" in done.stdout.decode()


def test_json_names_fields_and_warnings() -> None:
    done = motcua("card", "--json", given=TEXT.replace("Nữ", "Nam").encode())
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["card"]["birth_date"] == "1974-01-06"
    assert [warning["code"] for warning in found["warnings"]] == ["sex"]


def test_what_is_no_card_ends_with_1() -> None:
    for given in (b"", b"hello", b"\xff\xfe\x00", b"x" * 100_000):
        done = motcua("card", given=given)
        assert done.returncode == 1 and b"Traceback" not in done.stderr and done.stderr
        assert json.loads(motcua("card", "--json", given=given).stdout)["readable"] is False


def test_the_program_knows_its_version_and_wrong_usage() -> None:
    assert motcua("--version").stdout.startswith(b"motcua ")
    assert motcua("no-such-command").returncode == 2 and motcua("vectors").returncode == 2


def test_commands_without_a_database_do_not_load_django() -> None:
    code = (
        "import sys; from motcua.cli.main import cli; cli.get_command(None, 'card'); cli.get_command(None, 'vectors');"
        "assert 'django' not in sys.modules, 'django was loaded'"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_broken_command_troubles_no_other(monkeypatch) -> None:
    import click

    from motcua.cli import main

    monkeypatch.setitem(main.COMMANDS, "gone", main.Entry("motcua.cli.commands.gone:gone", "x"))
    context = click.Context(main.cli)
    assert main.cli.get_command(context, "gone") is None and "gone" not in main.cli.list_commands(context)
    assert "card" in main.cli.get_help(context)
