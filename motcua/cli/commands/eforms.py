"""`motcua eforms`: the electronic forms that come with the program."""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from motcua.cli.acting import AS_JSON
from motcua.cli.django import ready
from motcua.cli.main import REFUSED
from motcua.cli.output import echo_json
from motcua.lib.actor import SYSTEM


@click.group()
def eforms() -> None:
    """Tờ khai điện tử."""
    os.environ.setdefault("MOTCUA_LOG_LEVEL", "WARNING")
    ready()


@eforms.command()
@AS_JSON
def load(as_json: bool) -> None:
    """Công bố các tờ khai có sẵn cho những thủ tục đã có trong danh mục. Chạy lại không đổi gì."""
    from motcua.eforms.operations import publishing  # noqa: PLC0415  (needs Django's apps)

    made = publishing.load_shipped(actor=SYSTEM, at=datetime.now(tz=ZoneInfo("Asia/Ho_Chi_Minh")))
    if as_json:
        echo_json(
            [{"title": one.title, "case": one.case, "number": one.number, "code": one.code} for one in made]
        )
        return
    for one in made:
        click.echo(f"{one.code:<10} bản {one.number}  {one.title}")
    click.echo(f"{len(made)} tờ khai mới.")


@eforms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def check(file: Path, as_json: bool) -> None:
    """Xem một tờ khai viết bằng TOML có lỗi gì. Mã thoát 1 khi có lỗi."""
    from motcua.eforms import source  # noqa: PLC0415
    from motcua.eforms.engine import checking  # noqa: PLC0415

    try:
        form = source.read(file).form
        found = [(one.at, one.say) for one in checking.faults_of(form)]
    except (source.BadSource, ValueError) as error:
        found = [("", str(error))]
    if as_json:
        echo_json([{"at": at, "say": say} for at, say in found])
    else:
        for at, say in found:
            click.echo(f"{at}: {say}" if at else say)
        click.echo(f"{form.counted()} mục, không có lỗi." if not found else f"{len(found)} lỗi.")
    if found:
        raise SystemExit(REFUSED)
