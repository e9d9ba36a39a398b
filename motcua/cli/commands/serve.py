"""`motcua serve`: run this installation."""

import sys

import click

from motcua.cli.run import installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe.")
def serve(host: str) -> None:
    """Chạy hệ thống: cơ sở dữ liệu (nếu nhúng), web, kênh trực tiếp, việc nền. Ctrl-C dừng tất cả."""
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=click.echo)

        def ready() -> None:
            click.echo("Motcua đang chạy. Ctrl-C để dừng.")

        code = installation.serve(host=host, strict_ports=True, ready=ready)
    sys.exit(code)
