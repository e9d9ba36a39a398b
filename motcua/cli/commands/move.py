"""`motcua move`: open dossiers, their history and number series out of the system an office had before."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.acting import AS_JSON, agency_of, as_system
from motcua.cli.main import REFUSED
from motcua.cli.output import echo_json, progress
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE

if TYPE_CHECKING:
    from motcua.moving.runs import Source

_FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
_SHOWN = 30


def _options(command: Any) -> Any:
    for option in (
        click.option(
            "--system",
            default="Hệ thống cũ",
            show_default=True,
            help="Tên hệ thống cũ: mã cũ thuộc về tên này.",
        ),
        click.option(
            "--agency", "code", default="", help="Mã định danh cơ quan, cho dòng không ghi cơ quan."
        ),
        click.option(
            "--map", "map_name", default="", help="Sơ đồ cột đã lưu; không ghi thì đoán theo tiêu đề."
        ),
        click.option(
            "--column",
            "pairs",
            multiple=True,
            metavar="MỤC=TIÊU ĐỀ",
            help="Sửa một cột, ví dụ due=“Hạn trả”.",
        ),
        click.option("--save-map", default="", help="Lưu sơ đồ cột này dưới tên."),
        click.option("--apply/--dry-run", "apply", default=False, help="Mặc định chỉ đọc thử, không ghi gì."),
        click.option("--report", type=click.Path(path_type=Path), help="Ghi các dòng lỗi ra tệp CSV."),
        AS_JSON,
    ):
        command = option(command)
    return _FILE(command)


@click.group()
def move() -> None:
    """Chuyển hồ sơ, lịch sử, sổ từ hệ thống cũ (XLSX, CSV)."""


@move.command()
@_options
def dossiers(**given: Any) -> None:
    """Hồ sơ đang mở, mỗi dòng một hồ sơ theo mã cũ.

    Nhập lại cùng tệp không đổi gì; tệp đã sửa chỉ cập nhật hồ sơ chưa ai xử lý ở đây. Mã thoát 1 khi có dòng lỗi
    hoặc số đếm sau khi nhập không khớp.
    """
    _go("dossiers", **given)


@move.command()
@_options
def history(**given: Any) -> None:
    """Lịch sử của hồ sơ đã chuyển: thời điểm, việc, người làm."""
    _go("history", **given)


@move.command()
@_options
def series(**given: Any) -> None:
    """Sổ và dãy số: số tiếp theo lớn hơn số cuối đã dùng."""
    _go("series", **given)


def _go(
    kind: str, *, file: Path, system: str, code: str, map_name: str, pairs: tuple[str, ...], save_map: str, apply: bool,
    report: Path | None, as_json: bool,
) -> None:  # fmt: skip
    with as_system() as by:
        from motcua.moving import runs  # noqa: PLC0415  (needs Django's apps, as below)
        from motcua.moving.operations.maps import keep_map  # noqa: PLC0415

        source = _source(kind, file, system, code, map_name, pairs)
        runs.require_columns(source)
        for remark in source.table.remarks:
            click.echo(remark, err=True)
        if save_map:
            keep_map(
                kind=kind, name=save_map,
                headings={name: source.table.heading[at] for name, at in source.columns.items()},
                **by.args,
            )  # fmt: skip
        facts = {} if apply else runs.look(source, today=by.today, now=by.at)
    if apply:
        with progress("Nhập", len(source.table.rows)) as advance:
            at = datetime.now(ZONE)
            facts = runs.run(source, actor=SYSTEM, at=at, today=at.date(), opened=_opened, step=advance)
    facts |= {
        "applied": apply,
        "columns": {name: source.table.heading[at] for name, at in source.columns.items()},
    }
    if report is not None:
        _write(report, facts)
    if as_json:
        echo_json(facts)
    else:
        _say(facts)
    if facts["troubles"] or not facts["equal"]:
        sys.exit(REFUSED)


@contextmanager
def _opened() -> Iterator[None]:
    with as_system():
        yield


def _source(
    kind: str, file: Path, system: str, code: str, map_name: str, pairs: tuple[str, ...]
) -> "Source":  # fmt: skip
    from motcua.lib import columns  # noqa: PLC0415
    from motcua.moving import runs  # noqa: PLC0415
    from motcua.moving.fields import OF_KIND  # noqa: PLC0415
    from motcua.moving.operations.maps import map_named  # noqa: PLC0415

    with file.open("rb") as stream:
        table = runs.read(kind, stream, file.name)
    fields = OF_KIND[kind]
    found = columns.guess(table.heading, fields)
    if map_name:
        found |= columns.by_headings(table.heading, fields, map_named(kind, map_name).headings)
    for pair in pairs:
        name, sign, heading = pair.partition("=")
        one = columns.by_headings(table.heading, fields, {name.strip(): heading})
        if not sign or not one:
            known = ", ".join(field.name for field in fields)
            raise Refusal(
                f"Không rõ “{pair}”. Viết MỤC=TIÊU ĐỀ; mục là một trong: {known}.", code="bad_column"
            )
        found |= one
    return runs.Source(kind, table, found, system, agency_of(code) if code else None)


def _write(path: Path, facts: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Dòng", "Cột", "Việc cần làm"])
        writer.writerows([one["row"], one["column"], one["message"]] for one in facts["troubles"])


def _say(facts: dict[str, Any]) -> None:
    click.echo(f"Đọc {facts['read']} dòng: {facts['ready']} nhập được, {facts['over']} đã kết thúc (để lại), "
               f"{facts['bad_rows']} dòng lỗi.")  # fmt: skip
    for one in facts["troubles"][:_SHOWN]:
        where = f", cột “{one['column']}”" if one["column"] else ""
        click.echo(f"  dòng {one['row']}{where}: {one['message']}", err=True)
    if len(facts["troubles"]) > _SHOWN:
        click.echo(
            f"  … và {len(facts['troubles']) - _SHOWN} chỗ nữa; thêm --report TỆP.csv để ghi hết.", err=True
        )
    if not facts["applied"]:
        click.echo("Chưa ghi gì. Thêm --apply để nhập những dòng không lỗi.")
        return
    click.echo(f"Mới {facts['new']}, cập nhật {facts['changed']}, không đổi {facts['unchanged']}, "
               f"giữ nguyên vì đã có người xử lý {len(facts['kept'])}.")  # fmt: skip
    if facts["counts"]:
        from motcua.moving.counting import label, value_words  # noqa: PLC0415

        click.echo(f"{'':<52}{'tệp':>8}{'ở đây':>8}")
        for one in facts["counts"]:
            words = f"{label(one['by'])} {value_words(one['by'], one['value'])}"
            mark = "" if one["file"] == one["here"] else "  KHÁC"
            click.echo(f"{words[:52]:<52}{one['file']:>8}{one['here']:>8}{mark}")
