"""`motcua vectors`: run case files against the product's own functions."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from motcua.cli.main import REFUSED
from motcua.cli.output import echo_json
from motcua.cli.vector_kinds import Outcome, run_file


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def vectors(files: tuple[Path, ...], as_json: bool) -> None:
    """Chạy tệp ca kiểm thử: ngày hẹn trả, cách ghi thời hạn, nội dung thẻ, số định danh.

    Loại tệp được nhận ra theo khóa bên trong, không theo tên. Điều gì không hiểu được đều tính là sai.
    Mã thoát 0 nếu mọi ca đều đúng, 1 nếu có ca sai.
    """
    results = [(path, found) for path in files for found in run_file(path)]
    failed = [(path, found) for path, found in results if not found.passed]
    passed = len(results) - len(failed)
    if as_json:
        echo_json({"passed": passed, "failed": len(failed), "failures": [_as_json(*pair) for pair in failed]})
    else:
        for path, found in failed:
            click.echo(f"{path.name}: {found.case}")
            click.echo(f"  expected: {_text(found.expected)}")
            click.echo(f"  got:      {_text(found.got)}")
        click.echo(f"{passed} passed, {len(failed)} failed")
    if failed:
        sys.exit(REFUSED)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _as_json(path: Path, found: Outcome) -> dict[str, Any]:
    return {"file": str(path), "case": found.case, "expected": found.expected, "got": found.got}
