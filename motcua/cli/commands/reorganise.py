"""`motcua agency reorganise`: turn one map of agencies into another from a file, with counts before and after."""

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.acting import AS_JSON, FROM, agency_of, as_system
from motcua.cli.main import REFUSED
from motcua.cli.output import answer, echo_json, track
from motcua.lib.refusal import Refusal

if TYPE_CHECKING:
    from motcua.agencies.reorganising import Reorganisation, Step

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_KINDS = {"open": "thành lập", "rename": "đổi tên, cấp trên", "merge": "sáp nhập", "split": "chia tách"}
_COUNTED = {
    "dossiers": "hồ sơ đang mở",
    "received": "hồ sơ từ trước đến nay",
    "owners": "bước chủ trì đang mở",
    "people": "người giữ vị trí",
    "numbers": "số đã cấp",
    "drafts": "bản nháp",
    "shops": "bộ phận một cửa",
    "points": "điểm tiếp nhận",
    "counters": "quầy",
}


@click.command()
@click.argument("code")
@click.argument("area_code", metavar="AREA")
@FROM
@AS_JSON
def area(code: str, area_code: str, on_day: datetime | None, as_json: bool) -> None:
    """Ghi cơ quan CODE quản lý đơn vị hành chính AREA (mã năm số)."""
    with as_system() as by:
        from motcua.agencies.operations.reorganising import set_area  # noqa: PLC0415  (needs Django's apps)

        row = set_area(agency_id=agency_of(code).pk, code=area_code, on_day=by.day(on_day), **by.args)
    answer({"code": code, "area": row.code, "from": row.valid_from}, as_json, f"{code} quản lý {row.code}.")


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--names", "names_file", type=_FILE, help="CSV tên theo mã mới: code, full_name, identifier.")
@click.option("--under", required=True, help="Mã định danh của cơ quan cấp trên mới (tỉnh).")
@click.option("--level", default="commune", show_default=True, help="Cấp của cơ quan thành lập mới.")
@click.option("--basis", required=True, help="Nghị quyết sắp xếp: số và ngày.")
@FROM
@click.option("--dry-run/--apply", default=True, help="Chỉ xem sẽ đổi gì, hoặc thực hiện.")
@AS_JSON
def reorganise(
    files: tuple[Path, ...], names_file: Path | None, under: str, level: str, basis: str, on_day: datetime | None,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Sắp xếp lại cây cơ quan theo tệp cặp mã cũ → mã mới (CSV: old_code, new_code, kind, is_default).

    Mặc định chỉ xem. Với --apply: ngày đã đến thì thực hiện ngay, ngày sau này thì ghi vào danh sách thay đổi dự
    kiến. Chạy lại cùng tệp không đổi gì. Mã thoát 1 khi bị từ chối hoặc số trước và sau không khớp.
    """
    plan = _plan(files, names_file, under, level, on_day)
    before = _counts()
    facts: dict[str, Any] = {
        "day": plan.day, "dry_run": dry_run, "steps": dict(Counter(step.kind.value for step in plan.steps)),
        "done_before": plan.done, "strangers": plan.strangers, "before": before,
    }  # fmt: skip
    if dry_run:
        facts["changes"] = [
            {"kind": step.kind.value, "name": step.title, "line": step.origin} for step in plan.steps
        ]
    else:
        facts |= _take(plan, basis)
        facts["after"] = _counts()
        facts["equal"] = facts["after"] == before
    if as_json:
        echo_json(facts)
    else:
        _say(facts)
    if not dry_run and (facts["refused"] or not facts["equal"]):
        sys.exit(REFUSED)


def _plan(
    files: tuple[Path, ...], names_file: Path | None, under: str, level: str, on_day: datetime | None
) -> "Reorganisation":
    with as_system() as by:
        from motcua.agencies import map_file, reorganising  # noqa: PLC0415  (needs Django's apps)

        pairs = map_file.read_pairs(*(path.read_bytes() for path in files))
        names = map_file.read_names(names_file.read_bytes()) if names_file else {}
        return reorganising.work_out(pairs, names, day=by.day(on_day), under=agency_of(under), level=level)


def _take(plan: "Reorganisation", basis: str) -> dict[str, Any]:
    """Take the steps, each in a transaction of its own; stop at the first that is refused."""
    states: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    for step in track(plan.steps, "Sắp xếp", len(plan.steps)):
        try:
            state, counts = _step(plan, step, basis)
        except Refusal as refusal:
            return {
                "taken": dict(states),
                "moved": dict(moved),
                "refused": f"{step.title}: {refusal.message}",
            }
        states[state] += 1
        moved.update(counts)
    return {"taken": dict(states), "moved": dict(moved), "refused": ""}


def _step(plan: "Reorganisation", step: "Step", basis: str) -> tuple[str, dict[str, int]]:
    with as_system() as by:
        from motcua.agencies.operations.reorganising import take_step  # noqa: PLC0415  (needs Django's apps)

        change = take_step(step=step, on_day=plan.day, legal_basis=basis, **by.args)
    return change.state, change.outcome.get("counts", {})


def _counts() -> dict[str, int]:
    """Count what may neither be lost nor doubled."""
    with as_system() as by:
        from motcua.agencies.inside import tally as inside  # noqa: PLC0415  (needs Django's apps)
        from motcua.dossiers.open_work import tally as dossiers  # noqa: PLC0415

        return dossiers() | inside(by.today)


def _say(facts: dict[str, Any]) -> None:
    steps = (
        ", ".join(f"{number} {_KINDS[kind]}" for kind, number in facts["steps"].items())
        or "không còn gì để đổi"
    )
    click.echo(f"Từ {facts['day']:%d/%m/%Y}: {steps}.")
    if facts["done_before"]:
        click.echo(f"Đã thực hiện từ trước: {facts['done_before']}.")
    if facts["strangers"]:
        click.echo(f"Mã cũ không thuộc hệ thống này: {facts['strangers']}.")
    if facts["dry_run"]:
        for one in facts["changes"][:40]:
            click.echo(f"  {_KINDS[one['kind']]:<18} {one['name']}")
        if len(facts["changes"]) > 40:
            click.echo(f"  … và {len(facts['changes']) - 40} thay đổi khác")
        click.echo("Chưa đổi gì. Thêm --apply để thực hiện.")
        return
    if facts["refused"]:
        click.echo(f"Dừng ở: {facts['refused']}", err=True)
        click.echo("Các bước trước đã xong trọn vẹn; sửa rồi chạy lại cùng tệp để làm tiếp.", err=True)
    click.echo(f"{'':<26}{'trước':>10}{'sau':>10}")
    for name, words in _COUNTED.items():
        mark = "" if facts["before"][name] == facts["after"][name] else "  KHÁC"
        click.echo(f"{words:<26}{facts['before'][name]:>10}{facts['after'][name]:>10}{mark}")
    moved = facts["moved"]
    click.echo(
        f"Đi theo: {moved.get('dossiers', 0)} hồ sơ, {moved.get('people', 0)} người, {moved.get('units', 0)} đơn vị."
    )
