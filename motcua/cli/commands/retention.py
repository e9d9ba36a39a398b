"""`motcua retention`: how long each kind of personal data is kept, why, and what happens then."""

import click

from motcua.cli.acting import AS_JSON
from motcua.cli.output import echo_json
from motcua.lib.retention import KINDS, Kind


@click.command()
@AS_JSON
def retention(as_json: bool) -> None:
    """Liệt kê từng loại dữ liệu: giữ bao lâu, căn cứ, hết hạn thì thế nào. Không cần cơ sở dữ liệu.

    Số ngày là của sản phẩm; thời hạn quản trị viên đã đổi xem ở trang "Dữ liệu được giữ bao lâu".
    """
    if as_json:
        rows = [
            {
                "key": one.key,
                "name": one.name,
                "days": one.days,
                "ground": one.ground,
                "models": list(one.models),
            }
            for one in KINDS
        ]
        echo_json(rows)
        return
    for one in KINDS:
        click.echo(f"{one.name}\n    giữ: {_span(one)}\n    căn cứ: {one.ground}\n    {one.then}")


def _span(one: Kind) -> str:
    return one.span % {"days": one.days} if one.days is not None else one.span
