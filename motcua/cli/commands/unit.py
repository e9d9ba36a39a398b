"""`motcua unit`: the divisions of an agency, and which sectors and procedures each works on."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.acting import AS_JSON, BASIS, FROM, By, agency_of, as_system, unit_of
from motcua.cli.output import answer, echo_json

if TYPE_CHECKING:
    from motcua.agencies.models import Unit

KINDS = ("one_stop", "division", "leadership", "clerical", "finance", "support")


@click.group()
def unit() -> None:
    """Đơn vị trong cơ quan: thêm, đổi tên, kết thúc, giao lĩnh vực."""


@unit.command("list")
@click.argument("agency")
@AS_JSON
def list_(agency: str, as_json: bool) -> None:
    """Liệt kê đơn vị của cơ quan AGENCY (mã định danh) với lĩnh vực phụ trách."""
    with as_system() as by:
        from motcua.agencies.queries import units_of  # noqa: PLC0415  (needs Django's apps, as do all below)
        from motcua.dossiers.handled import work_of_units  # noqa: PLC0415

        found = agency_of(agency)
        work = work_of_units(found.pk, by.today)
        rows: list[dict[str, Any]] = [
            {
                "id": row.pk,
                "name": row.name,
                "kind": row.kind,
                "kind_name": row.get_kind_display(),
                "sectors": [one.sector.name for one in work.get(row.pk, []) if one.sector],
                "procedures": [one.procedure.code for one in work.get(row.pk, []) if one.procedure],
            }
            for row in units_of(found.pk, by.today)
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']}  ({row['kind_name']})")
        for label, key in (("lĩnh vực", "sectors"), ("thủ tục", "procedures")):
            if row[key]:
                click.echo(f"    {label}: {'; '.join(row[key])}")


@unit.command()
@click.argument("agency")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="division", show_default=True, help="Loại đơn vị.")
@click.option("--short-name", default="", help="Tên ngắn.")
@click.option("--under", default="", help="Tên đơn vị cấp trên trong cơ quan.")
@FROM
@AS_JSON
def add(
    agency: str, name: str, kind: str, short_name: str, under: str, on_day: datetime | None, as_json: bool
) -> None:
    """Thêm đơn vị NAME vào cơ quan AGENCY.

    Ví dụ: motcua unit add H24.12 "Phòng Kinh tế"
    """
    with as_system() as by:
        from motcua.agencies.models import UnitKind  # noqa: PLC0415
        from motcua.agencies.operations import places  # noqa: PLC0415

        found = agency_of(agency)
        row = places.open_unit(
            agency_id=found.pk, name=name, kind=UnitKind(kind), short_name=short_name, opened_on=by.day(on_day),
            parent_id=unit_of(found, under, by.day(on_day)).pk if under else None, **by.args,
        )  # fmt: skip
    answer({"id": row.pk, "name": row.name, "kind": kind}, as_json, f"Đã thêm {row.name}.")


@unit.command()
@click.argument("agency")
@click.argument("name")
@click.argument("new_name")
@click.option("--short-name", default="", help="Tên ngắn.")
@FROM
@BASIS
@AS_JSON
def rename(
    agency: str, name: str, new_name: str, short_name: str, on_day: datetime | None, basis: str, as_json: bool
) -> None:
    """Đổi tên đơn vị NAME thành NEW_NAME; người và hồ sơ giữ nguyên."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        row = places.rename_unit(
            unit_id=_unit(agency, name, by).pk, name=new_name, short_name=short_name, on_day=by.day(on_day),
            legal_basis=basis, **by.args,
        )  # fmt: skip
    answer({"id": row.pk, "name": new_name}, as_json, f"Đã đổi tên thành {new_name}.")


@unit.command()
@click.argument("agency")
@click.argument("name")
@FROM
@AS_JSON
def close(agency: str, name: str, on_day: datetime | None, as_json: bool) -> None:
    """Kết thúc đơn vị NAME; chỉ khi không còn người giữ vị trí ở đó."""
    with as_system() as by:
        from motcua.agencies.operations import places  # noqa: PLC0415

        row = places.close_unit(unit_id=_unit(agency, name, by).pk, on_day=by.day(on_day), **by.args)
    facts = {"id": row.pk, "name": row.name, "closed_on": row.valid_to}
    answer(facts, as_json, f"{row.name} kết thúc từ {by.day(on_day):%d/%m/%Y}.")


@unit.command()
@click.argument("agency")
@click.argument("name")
@click.argument("what", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Mọi lĩnh vực cơ quan đang tiếp nhận.")
@click.option("--stop", is_flag=True, help="Thôi phụ trách.")
@FROM
@AS_JSON
def handles(
    agency: str,
    name: str,
    what: tuple[str, ...],
    everything: bool,
    stop: bool,
    on_day: datetime | None,
    as_json: bool,
) -> None:
    """Giao cho đơn vị NAME các lĩnh vực (tên, mã) hoặc thủ tục (mã) WHAT; một lĩnh vực chỉ một đơn vị.

    Thủ tục giao riêng thắng lĩnh vực. Ví dụ: motcua unit handles H24.12 "Phòng Kinh tế" "Đất đai" 1.013225
    """
    if bool(what) == everything:
        raise click.UsageError("Ghi lĩnh vực hoặc mã thủ tục, hoặc dùng --all.")
    with as_system() as by:
        from motcua.cli.office import sectors_received  # noqa: PLC0415
        from motcua.dossiers.operations import handling  # noqa: PLC0415

        row, day = _unit(agency, name, by), by.day(on_day)
        targets = sectors_received(row.agency_id, day) if everything else _targets(what)
        changed = []
        for target, label in targets:
            if stop:
                handling.take_work(unit_id=row.pk, on_day=day, **target, **by.args)
                changed.append(label)
            elif handling.give_work(unit_id=row.pk, valid_from=day, **target, **by.args):
                changed.append(label)
    facts = {
        "unit": row.name,
        "from": day,
        "stop": stop,
        "changed": changed,
        "unchanged": len(targets) - len(changed),
    }
    verb = "thôi phụ trách" if stop else "phụ trách"
    sentence = f"{row.name} {verb} từ {day:%d/%m/%Y}: {'; '.join(changed) or 'không có gì đổi'}."
    answer(facts, as_json, sentence)


def _targets(what: tuple[str, ...]) -> list[tuple[dict[str, Any], str]]:
    """Return what each word names, as arguments of the operation, with its name."""
    from motcua.procedures.queries import selection  # noqa: PLC0415

    found: list[tuple[dict[str, Any], str]] = []
    for word in what:
        if selection.CODE.fullmatch(word.strip()):
            found.append(({"procedure_id": selection.procedure_of(word).pk}, word.strip()))
        else:
            found += [({"sector_id": row.pk}, row.name) for row in selection.sectors_named(word)]
    return found


def _unit(agency: str, name: str, by: By) -> "Unit":
    return unit_of(agency_of(agency), name, by.today)
