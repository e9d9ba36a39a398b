"""`motcua workflow`: import, check, list and apply internal workflows."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from motcua.cli import django as setup
from motcua.cli.acting import FROM, agency_of, as_system
from motcua.cli.output import answer, echo_json, track
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import fold
from motcua.workflow import checks
from motcua.workflow.shape import Draft
from motcua.workflow.source import files

REFUSED = 1


@click.group()
def workflow() -> None:
    """Quy trình nội bộ: nhập, kiểm tra, liệt kê, áp dụng."""


def _hours(context: click.Context, parameter: click.Parameter, value: str) -> Decimal:
    try:
        hours = Decimal(value.replace(",", "."))
    except ArithmeticError as error:
        raise click.BadParameter("hãy ghi một số, ví dụ 7,5") from error
    if not 1 <= hours <= 24:
        raise click.BadParameter("số giờ một ngày phải từ 1 đến 24")
    return hours


HOURS = click.option(
    "--hours-a-day", default="8", callback=_hours, help="Số giờ của một ngày làm việc (7,5 hoặc 8)."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình khác đọc.")


@workflow.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--drafts", "only_drafts", is_flag=True, help="Để tất cả ở bản nháp, không công bố.")
@click.option("--apply", "apply_too", is_flag=True, help="Áp dụng ngay cho thủ tục mà tệp nêu mã (tệp TOML).")
@HOURS
@AS_JSON
def import_(path: Path, only_drafts: bool, apply_too: bool, hours_a_day: Decimal, as_json: bool) -> int:
    """Nhập quy trình từ tệp; bản nào đạt kiểm tra và không có điểm nghi ngờ thì được công bố."""
    if only_drafts and apply_too:
        raise click.UsageError("--drafts và --apply không đi cùng nhau.")
    drafts = files.read(path)
    with as_system() as by:
        from motcua.workflow.operations import importing  # noqa: PLC0415 -- needs settings

        outcome = importing.import_workflows(
            drafts=track(drafts, "Nhập quy trình", len(drafts)),
            publish=not only_drafts,
            hours_a_day=hours_a_day,
            **by.args,
        )
        applied_to = (
            importing.apply_imported(drafts=drafts, valid_from=by.today, **by.args) if apply_too else []
        )
    _show(outcome.as_data() | {"applied_to": applied_to}, as_json)
    return 0


@workflow.command()
@click.argument("target")
@HOURS
@AS_JSON
def check(target: str, hours_a_day: Decimal, as_json: bool) -> int:
    """Kiểm tra một TỆP quy trình, hoặc quy trình đã có theo MÃ ("QT 01/CX-HCTP", "HT-001").

    Thoát với mã 1 khi có quy trình không đạt.
    """
    path = Path(target)
    drafts = files.read(path) if path.is_file() else _stored(target)
    rows = [_line(draft, checks.check(draft.definition, draft.limit, hours_a_day)) for draft in drafts]
    failed = sum(bool(row["errors"]) for row in rows)
    if as_json:
        echo_json({"checked": len(rows), "failed": failed, "versions": rows})
    else:
        for row in rows:
            _say(row)
        click.echo(f"{len(rows) - failed} passed, {failed} failed")
    return REFUSED if failed else 0


@workflow.command("default")
@AS_JSON
def default_(as_json: bool) -> None:
    """Nạp quy trình chung, dùng cho thủ tục chưa có quy trình riêng."""
    setup.ready()
    from django.utils import timezone  # noqa: PLC0415 -- needs settings

    from motcua.workflow.operations import loading  # noqa: PLC0415 -- needs settings

    versions = loading.load_default_workflows(actor=SYSTEM, at=timezone.now())
    facts = {"published": [{"key": row.workflow.key, "number": row.number} for row in versions]}
    answer(facts, as_json, f"Đang áp dụng: {len(versions)} quy trình chung.")


@workflow.command("list")
@click.option("--text", default="", help="Chữ có trong tên, ký hiệu hoặc lĩnh vực (không cần dấu).")
@AS_JSON
def list_(text: str, as_json: bool) -> None:
    """Liệt kê quy trình và số phiên bản."""
    setup.ready()
    from motcua.workflow import queries  # noqa: PLC0415 -- needs settings

    rows = [
        {
            "key": row.workflow.key,
            "code": row.workflow.code,
            "name": row.workflow.name,
            "sector": row.workflow.sector,
            "versions": row.versions,
            "published": row.published,
        }
        for row in queries.listing(text=text)
    ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['key']:<16} {row['published']}/{row['versions']}  {row['name']}")


@workflow.command()
@click.argument("procedure")
@click.argument("name", required=False)
@click.option("--variant", default="", help="Trường hợp của quy trình, ví dụ “có xác minh”.")
@click.option("--case", "case_name", default="", help="Chỉ cho trường hợp này của thủ tục.")
@click.option("--agency", "agency_code", default="", help="Chỉ ở cơ quan này (mã định danh).")
@click.option("--default", "to_default", is_flag=True, help="Trở lại quy trình chung.")
@FROM
@AS_JSON
def apply(
    procedure: str,
    name: str | None,
    variant: str,
    case_name: str,
    agency_code: str,
    to_default: bool,
    on_day: datetime | None,
    as_json: bool,
) -> None:
    """Cho thủ tục PROCEDURE (mã) chạy theo quy trình NAME (khóa hoặc ký hiệu) đang áp dụng.

    Thủ tục không được gán thì theo quy trình chung. Hồ sơ đã nhận giữ quy trình cũ. Ví dụ:
    motcua workflow apply 1.001193 HT-001 --variant "không xác minh"
    """
    if bool(name) == to_default:
        raise click.UsageError("Ghi quy trình cần dùng, hoặc --default để trở lại quy trình chung.")
    with as_system() as by:
        from motcua.procedures.queries.selection import procedure_of  # noqa: PLC0415 -- needs settings
        from motcua.workflow import queries  # noqa: PLC0415 -- needs settings
        from motcua.workflow.operations import publishing  # noqa: PLC0415 -- needs settings

        day, code = by.day(on_day), procedure.strip()
        reach: dict[str, Any] = {
            "procedure_id": procedure_of(code).pk,
            "variant_id": _case_id(code, case_name, day) if case_name else None,
            "agency_id": agency_of(agency_code).pk if agency_code else None,
        }
        if to_default:
            publishing.use_default(**reach, on_day=day, **by.args)
            version = queries.default_version()
        else:
            version = queries.published_version(name or "", variant)
            publishing.apply_to_procedure(**reach, version_id=version.pk, valid_from=day, **by.args)
    facts = {
        "procedure": code,
        "case": case_name or None,
        "agency": agency_code or None,
        "workflow": version.workflow.key,
        "variant": version.variant,
        "number": version.number,
        "from": day,
    }
    title = " · ".join(filter(None, (version.workflow.name, version.variant)))
    answer(facts, as_json, f"Thủ tục {code} chạy theo “{title}” từ {day:%d/%m/%Y}.")


def _case_id(code: str, name: str, day: date) -> int:
    """Return the case of this name in the version of the procedure that holds on the day."""
    from motcua.procedures.queries import catalogue  # noqa: PLC0415 -- needs settings

    rows = list(catalogue.variants(catalogue.open_version(code, day)))
    found = [row for row in rows if fold(row.name) == fold(name)]
    if len(found) != 1:
        names = "; ".join(f"“{row.name}”" for row in rows)
        raise NotFound(f"Thủ tục {code} không có trường hợp “{name}”. Các trường hợp: {names}.")
    return found[0].pk


@workflow.command()
@AS_JSON
def applied(as_json: bool) -> None:
    """Liệt kê thủ tục có quy trình riêng; các thủ tục khác theo quy trình chung."""
    with as_system() as by:
        from motcua.workflow import queries  # noqa: PLC0415 -- needs settings

        rows = [
            {
                "procedure": row.procedure.code,
                "case": row.variant.name if row.variant else None,
                "agency": row.agency.short_name if row.agency else None,
                "workflow": row.workflow_version.workflow.key,
                "variant": row.workflow_version.variant,
                "from": row.valid_from,
            }
            for row in queries.assignments_on(by.today)
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        reach = "; ".join(str(row[key]) for key in ("case", "agency") if row[key])
        click.echo(
            f"{row['procedure']}  {row['workflow']} {row['variant']}" + (f"  ({reach})" if reach else "")
        )


def _stored(code: str) -> list[Draft]:
    setup.ready()
    from motcua.workflow import queries  # noqa: PLC0415 -- needs settings

    drafts = [
        Draft(
            key=version.workflow.key,
            code=version.workflow.code,
            name=version.workflow.name,
            variant=version.variant,
            definition=queries.build(version),
            limit=version.limit,
        )
        for version in queries.by_code(code)
    ]
    if not drafts:
        raise Refusal(f"Không có tệp hay quy trình nào tên “{code}”. Hãy xem “motcua workflow list”.")
    return drafts


def _line(draft: Draft, report: checks.Report) -> dict[str, Any]:
    return {
        "key": draft.key,
        "code": draft.code,
        "name": draft.name,
        "variant": draft.variant,
        "steps": len(draft.definition.steps),
        "hours": None if report.hours is None else float(report.hours),
        "limit": draft.limit.words() if draft.limit else None,
        "errors": [finding.message for finding in report.errors],
        "warnings": [finding.message for finding in report.warnings],
        "flags": [flag.text for flag in draft.flags],
    }


def _say(row: dict[str, Any]) -> None:
    mark = "✗" if row["errors"] else "✓"
    title = " · ".join(part for part in (row["key"], row["name"], row["variant"]) if part)
    hours = "" if row["hours"] is None else f" {row['hours']:g} giờ"
    click.echo(f"{mark} {title}:{hours}{' / ' + row['limit'] if row['limit'] else ''}")
    for label, key in (("lỗi", "errors"), ("lưu ý", "warnings"), ("cần xem", "flags")):
        for text in row[key]:
            click.echo(f"    {label}: {text}")


def _show(data: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(data)
        return
    click.echo(
        f"Đọc {data['versions_read']} phiên bản của {data['workflows']} quy trình:"
        f" {data['published']} đang áp dụng, {data['drafts']} bản nháp, {data['changed']} thay đổi."
    )
    if data["applied_to"]:
        click.echo(f"Áp dụng cho thủ tục: {', '.join(data['applied_to'])}.")
    click.echo(f"So thời gian với thời hạn: {data['hours_checked']}, vượt: {data['hours_over_limit']}.")
    table = Table("Cần xem", "Số chỗ", "Số phiên bản", box=None)
    for code, number in data["flags"].items():
        table.add_row(code, str(number), str(data["flagged_versions"][code]))
    Console().print(table)
