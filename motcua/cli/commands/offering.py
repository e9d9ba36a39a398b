"""`motcua procedures offer`, `withdraw-offer`, `offered`: which agency receives which procedures."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.acting import AS_JSON, FROM, agency_of, as_system
from motcua.cli.output import answer, echo_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from motcua.agencies.models import Agency

LEVELS = ("central", "province", "commune", "other")


def _selection(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add the ways of naming procedures: codes, sectors, a level, all."""
    for option in (
        click.option("--all", "everything", is_flag=True, help="Mọi thủ tục đã công bố."),
        click.option("--level", type=click.Choice(LEVELS), help="Mọi thủ tục đã công bố của một cấp."),
        click.option("--sector", "sectors", multiple=True, help="Mọi thủ tục đã công bố của một lĩnh vực."),
        click.argument("codes", nargs=-1),
        click.argument("agency"),
    ):
        command = option(command)
    return command


@click.command()
@_selection
@click.option("--receive-only", is_flag=True, help="Chỉ tiếp nhận; cơ quan khác giải quyết.")
@FROM
@AS_JSON
def offer(agency: str, receive_only: bool, on_day: datetime | None, as_json: bool, **chosen: Any) -> None:
    """Cho cơ quan AGENCY (mã định danh) tiếp nhận và giải quyết thủ tục CODES. Làm lại không đổi gì.

    Ví dụ: motcua procedures offer H24.12 --level commune
    """
    with as_system() as by:
        from motcua.procedures.operations import offering  # noqa: PLC0415  (needs Django's apps)

        found, day = agency_of(agency), by.day(on_day)
        codes = _codes(day, **chosen)
        new = offering.offer(
            agency_id=found.pk, codes=codes, valid_from=day, competent=not receive_only, **by.args
        )
        nobody = _sectors_of_nobody(found, day)
    facts = {"agency": agency, "from": day, "competent": not receive_only, "chosen": len(codes), "new": new}
    sentence = f"{found.name} tiếp nhận {len(codes)} thủ tục từ {day:%d/%m/%Y} ({new} mới)."
    answer(facts | {"sectors_of_nobody": nobody}, as_json, sentence)
    if nobody and not as_json:
        click.echo(
            f"Chưa giao cho phòng nào: {'; '.join(nobody)}. Giao bằng “motcua unit handles”.", err=True
        )


@click.command("withdraw-offer")
@_selection
@FROM
@AS_JSON
def withdraw_offer(agency: str, on_day: datetime | None, as_json: bool, **chosen: Any) -> None:
    """Cơ quan AGENCY thôi tiếp nhận thủ tục CODES; hồ sơ đã nhận đi tiếp."""
    with as_system() as by:
        from motcua.procedures.operations import offering  # noqa: PLC0415

        found, day = agency_of(agency), by.day(on_day)
        codes = _codes(day, withdrawing=found, **chosen)
        ended = offering.stop_offering(agency_id=found.pk, codes=codes, valid_to=day, **by.args)
    facts = {"agency": agency, "to": day, "chosen": len(codes), "ended": ended}
    answer(facts, as_json, f"{found.name} thôi tiếp nhận {ended} thủ tục từ {day:%d/%m/%Y}.")


@click.command()
@click.argument("agency")
@AS_JSON
def offered(agency: str, as_json: bool) -> None:
    """Liệt kê thủ tục mà cơ quan AGENCY đang tiếp nhận."""
    with as_system() as by:
        from motcua.procedures.queries.catalogue import offered_on  # noqa: PLC0415

        rows = [
            {
                "code": row.procedure.code,
                "name": row.procedure.name,
                "sector": row.procedure.sector.name if row.procedure.sector else "",
                "competent": row.competent,
                "from": row.valid_from,
            }
            for row in offered_on(agency_of(agency).pk, by.today)
            .select_related("procedure__sector")
            .order_by("procedure__code")
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['code']}  {row['name']}{'' if row['competent'] else '  (chỉ tiếp nhận)'}")
    click.echo(f"{len(rows)} thủ tục.", err=True)


def _codes(
    day: Any,
    *,
    codes: tuple[str, ...],
    sectors: tuple[str, ...],
    level: str | None,
    everything: bool,
    withdrawing: "Agency | None" = None,
) -> list[str]:
    """Return the codes that the words of the command name; refuses no choice and a choice of nothing."""
    from motcua.lib.refusal import NotFound  # noqa: PLC0415
    from motcua.procedures.queries import catalogue, selection  # noqa: PLC0415

    wide = bool(sectors or level)
    if [bool(codes), wide, everything].count(True) != 1:
        raise click.UsageError("Chọn một cách: mã thủ tục, hoặc --sector và --level, hoặc --all.")
    if codes:
        return list(dict.fromkeys(code.strip() for code in codes))
    rows = [row for name in sectors for row in selection.sectors_named(name)]
    if withdrawing is None:
        found = selection.published_codes(day, sectors=rows, level=level or "")
    else:  # also what was repealed since
        held = catalogue.offered_on(withdrawing.pk, day).select_related("procedure")
        found = [
            str(one.procedure.code)
            for one in held
            if (not rows or one.procedure.sector_id in {row.pk for row in rows})
            and (not level or level in one.procedure.levels)
        ]
    if not found:
        raise NotFound("Không có thủ tục nào như vậy. Xem “motcua procedures search” và “offered”.")
    return found


def _sectors_of_nobody(agency: "Agency", day: Any) -> list[str]:
    """Return the sectors received that no division was given, where there is more than one to choose from."""
    from motcua.agencies.models import UnitKind  # noqa: PLC0415
    from motcua.agencies.queries import units_of  # noqa: PLC0415
    from motcua.cli.office import sectors_received  # noqa: PLC0415
    from motcua.dossiers.handled import work_of_units  # noqa: PLC0415

    if units_of(agency.pk, day).filter(kind=UnitKind.DIVISION).count() < 2:
        return []
    given = {row.sector_id for rows in work_of_units(agency.pk, day).values() for row in rows}
    return [name for target, name in sectors_received(agency.pk, day) if target["sector_id"] not in given]
