"""`motcua serve`: run this installation."""

import sys

import click

from motcua.cli.run import installation
from motcua.config import addresses, env


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe.")
def serve(host: str) -> None:
    """Chạy hệ thống: cơ sở dữ liệu (nếu nhúng), web, kênh trực tiếp, việc nền. Ctrl-C dừng tất cả."""
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=click.echo)

        def ready() -> None:
            click.echo(f"Người dân: {addresses.PUBLIC_URL}")
            click.echo(f"Cán bộ:    {addresses.STAFF_URL}")
            if addresses.HTTPS:
                port = env.integer("MOTCUA_PORT", 8080)
                click.echo(f"Proxy kết thúc TLS chuyển các tên này về http://{host}:{port}.")
            click.echo("Motcua đang chạy. Ctrl-C để dừng.")

        code = installation.serve(host=host, strict_ports=True, ready=ready)
    sys.exit(code)
