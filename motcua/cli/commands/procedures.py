"""`motcua procedures`: import records, look at doubtful rows, search, show, publish, repeal, offer."""

import os
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from motcua.cli.acting import AS_JSON
from motcua.cli.commands.offering import offer, offered, withdraw_offer
from motcua.cli.django import ready
from motcua.cli.main import REFUSED
from motcua.cli.output import answer, echo_json, progress
from motcua.lib.actor import SYSTEM

if TYPE_CHECKING:
    from motcua.procedures.models import ProcedureVersion
    from motcua.procedures.operations.importing import Outcome

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])
_CHANNELS = {"in_person": "trực tiếp", "online": "trực tuyến", "post": "bưu chính"}
_STATUS = {"current": "", "coming": "  (chưa có hiệu lực)", "repealed": "  (đã bãi bỏ)"}


def _now() -> datetime:
    return datetime.now(tz=_ZONE)


def _day(value: datetime | None) -> date:
    return value.date() if value else _now().date()


@click.group()
def procedures() -> None:
    """Danh mục thủ tục hành chính."""
    os.environ.setdefault("MOTCUA_LOG_LEVEL", "WARNING")  # what a person reads is the command's own answer
    ready()


@procedures.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True, help="Công bố ngay; không có thì vào dạng dự thảo.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ đổi gì, không ghi.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def import_files(files: tuple[Path, ...], publish: bool, dry_run: bool, as_json: bool) -> None:
    """Nhập thủ tục từ tệp của cơ sở dữ liệu quốc gia (JSON).

    Nhập lại cùng một tệp không đổi gì. Dòng đáng ngờ được giữ nguyên chữ và đánh dấu chờ người xem.
    Mã thoát 1 khi có bản ghi không đọc được.
    """
    outcomes = [import_file(path, publish=publish, dry_run=dry_run) for path in files]
    if as_json:
        echo_json([asdict(outcome) | {"dry_run": dry_run} for outcome in outcomes])
    else:
        for outcome in outcomes:
            _print_outcome(outcome, publish=publish, dry_run=dry_run)
    if any(outcome.refused for outcome in outcomes):
        sys.exit(REFUSED)


def import_file(path: Path, *, publish: bool, dry_run: bool) -> "Outcome":
    """Bring one file of records in, under a progress bar."""
    from motcua.procedures.operations import importing  # noqa: PLC0415  (needs Django's apps)

    records, sha256 = importing.load(path)
    with progress(path.name, len(records)) as advance:
        return importing.import_records(
            records=records,
            file_name=path.name,
            file_sha256=sha256,
            actor=SYSTEM,
            at=_now(),
            publish=publish,
            dry_run=dry_run,
            progress=advance,
        )


def _print_outcome(outcome: "Outcome", *, publish: bool, dry_run: bool) -> None:
    from motcua.procedures.source import reasons  # noqa: PLC0415  (needs Django's translations)

    click.echo(
        f"{outcome.file_name}: {outcome.records} bản ghi"
        f"{' (chỉ xem, không ghi)' if dry_run else ''}: {outcome.created} mới, {outcome.changed} đổi, "
        f"{outcome.unchanged} không đổi, {len(outcome.refused)} không đọc được; "
        f"{outcome.flagged_records} bản ghi có dòng cần xem lại."
    )
    for row in outcome.refused:
        click.echo(f"  bản ghi {row['index']} ({row['code'] or 'không mã'}): {row['reason']}", err=True)
    for reason, count in sorted(outcome.flags.items(), key=lambda pair: -pair[1]):
        click.echo(f"  {count:>6}  {reason:<22} {reasons.label(reason)}")
    if not publish and not dry_run and outcome.created + outcome.changed:
        click.echo("  Các bản này là dự thảo. Thêm --publish để công bố ngay khi nhập.")


@procedures.command()
@click.option("--reason", default="", help="Chỉ một lý do.")
@click.option("--code", default="", help="Chỉ một thủ tục.")
@click.option("--limit", default=20, show_default=True, help="Số dòng in ra khi có --reason hoặc --code.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def flags(reason: str, code: str, limit: int, as_json: bool) -> None:
    """Các dòng đáng ngờ chờ người xem: đếm theo lý do, hoặc liệt kê."""
    from motcua.procedures.queries import flags as waiting  # noqa: PLC0415  (needs Django's apps)

    if not reason and not code:
        counts = waiting.open_by_reason()
        if as_json:
            echo_json({row.reason: row.count for row in counts})
            return
        for row in counts:
            click.echo(f"{row.count:>6}  {row.reason:<22} {row.label}")
        click.echo(f"{sum(row.count for row in counts):>6}  tất cả")
        return
    rows = [
        {"id": flag.pk, "code": flag.version.procedure.code, "path": flag.path, "reason": flag.reason}
        | {"text": flag.source_text}
        for flag in waiting.open_flags(reason=reason, code=code, limit=limit)
    ]
    if as_json:
        echo_json(rows)
        return
    for flag in rows:
        click.echo(
            f"{flag['code'] or '—':<9} {flag['path']:<28} {flag['reason']:<22} {str(flag['text'])[:90]}"
        )


@procedures.command()
@click.argument("text")
@click.option("--on", type=_DAY, help="Ngày xem; không ghi là hôm nay.")
@click.option("--limit", default=15, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def search(text: str, on: datetime | None, limit: int, as_json: bool) -> None:
    """Tìm thủ tục: có dấu, không dấu, gõ sai, mã, chữ cái đầu. Mã thoát 1 khi không thấy."""
    from motcua.procedures.queries import search as finder  # noqa: PLC0415  (needs Django's apps)

    found = finder.search(text, on=_day(on), limit=limit)
    if as_json:
        echo_json(
            [
                {"code": hit.code, "name": hit.name, "sector": hit.sector, "status": hit.status}
                for hit in found
            ]
        )
    for hit in [] if as_json else found:
        click.echo(f"{hit.code}  {hit.name}{_STATUS[hit.status]}")
    if not found:
        click.echo("Không thấy thủ tục nào.", err=True)
        sys.exit(REFUSED)


@procedures.command()
@click.argument("code")
@click.option("--on", type=_DAY, help="Ngày xem; không ghi là hôm nay.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def show(code: str, on: datetime | None, as_json: bool) -> None:
    """In một thủ tục: các trường hợp, thời hạn, giấy tờ, phí. Mã thoát 1 khi hôm đó không tiếp nhận."""
    from motcua.procedures.queries import catalogue  # noqa: PLC0415  (needs Django's apps)

    version = catalogue.open_version(code, _day(on))
    facts = _facts(catalogue.with_rows(version))
    if as_json:
        echo_json(facts)
        return
    click.echo(f"{code}  {facts['name']}  (phiên bản {facts['version']}, {facts['decision'] or 'không số'})")
    for case in facts["cases"]:
        click.echo(f"\n{case['name'] or 'Mọi trường hợp'}")
        for channel, limit in case["limits"].items():
            click.echo(f"  {_CHANNELS[channel]:<11} {limit or 'chưa rõ, xem lời văn'}")
    click.echo("\nGiấy tờ")
    for paper in facts["papers"]:
        click.echo(f"  {'nộp' if paper['submit'] else 'xuất trình':<11} {paper['name']}")
    click.echo("\nPhí, lệ phí")
    for fee in facts["fees"]:
        amount = "chưa rõ" if fee["amount"] is None else f"{fee['amount']:,} đ".replace(",", ".")
        click.echo(f"  {amount:<11} {fee['name'] or fee['note']}")


def _facts(version: "ProcedureVersion") -> dict[str, Any]:
    from motcua.procedures.queries import catalogue  # noqa: PLC0415  (needs Django's apps)

    return {
        "name": version.name,
        "version": version.number,
        "state": version.state,
        "in_force_from": version.in_force_from,
        "in_force_to": version.in_force_to,
        "decision": version.decision_number,
        "source": version.source,
        "cases": [
            {"name": variant.name, "default": variant.is_default}
            | {
                "limits": {
                    channel: limit.words() if limit else None
                    for channel, limit in catalogue.limits_for(variant).items()
                }
            }
            for variant in version.variants.all()
        ],
        "papers": [
            {"name": paper.name, "originals": paper.originals, "copies": paper.copies}
            | {"submit": paper.must_submit}
            for paper in version.papers.all()
            if not paper.is_note
        ],
        "fees": [
            {"name": fee.name, "kind": fee.kind, "basis": fee.basis, "amount": fee.amount, "note": fee.note}
            for fee in version.fees.all()
        ],
        "results": [{"name": result.name, "code": result.code} for result in version.results.all()],
    }


@procedures.command()
@click.argument("code")
@click.option("--from", "in_force_from", type=_DAY, help="Ngày có hiệu lực; không ghi là hôm nay.")
@click.option("--decision", default="", help="Số quyết định công bố.")
@click.option("--decision-date", type=_DAY)
@AS_JSON
def publish(
    code: str, in_force_from: datetime | None, decision: str, decision_date: datetime | None, as_json: bool
) -> None:
    """Công bố bản dự thảo mới nhất của một thủ tục."""
    from motcua.procedures.operations import publishing  # noqa: PLC0415  (needs Django's apps)
    from motcua.procedures.queries import catalogue  # noqa: PLC0415  (needs Django's apps)

    draft = catalogue.latest_draft(code)
    version = publishing.publish(
        version_id=draft.pk,
        in_force_from=_day(in_force_from),
        decision_number=decision,
        decision_date=decision_date.date() if decision_date else None,
        actor=SYSTEM,
        at=_now(),
    )
    facts = {"code": code, "version": version.number, "in_force_from": version.in_force_from}
    answer(
        facts | {"decision": version.decision_number},
        as_json,
        f"Đã công bố {code}, phiên bản {version.number}, có hiệu lực từ {version.in_force_from:%d/%m/%Y}.",
    )


@procedures.command()
@click.argument("code")
@click.option("--from", "repealed_on", type=_DAY, required=True, help="Ngày bãi bỏ.")
@click.option("--decision", required=True, help="Số quyết định bãi bỏ.")
@click.option("--decision-date", type=_DAY)
@AS_JSON
def repeal(
    code: str, repealed_on: datetime, decision: str, decision_date: datetime | None, as_json: bool
) -> None:
    """Bãi bỏ một thủ tục: không tiếp nhận hồ sơ mới từ ngày đó; trang vẫn đọc được."""
    from motcua.procedures.operations import publishing  # noqa: PLC0415  (needs Django's apps)

    version = publishing.repeal(
        code=code,
        repealed_on=repealed_on.date(),
        decision_number=decision,
        decision_date=decision_date.date() if decision_date else None,
        actor=SYSTEM,
        at=_now(),
    )
    facts = {"code": code, "version": version.number, "repealed_on": version.in_force_to}
    answer(
        facts | {"decision": version.repeal_decision_number},
        as_json,
        f"Đã bãi bỏ {code} từ {version.in_force_to:%d/%m/%Y} theo {version.repeal_decision_number}.",
    )


for _command in (offer, withdraw_offer, offered):
    procedures.add_command(_command)
