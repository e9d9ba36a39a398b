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
            for line in transport_advice():
                click.echo(line, err=True)
            if addresses.HTTPS:
                port = env.integer("MOTCUA_PORT", 8080)
                click.echo(f"Proxy kết thúc TLS chuyển các tên này về http://{host}:{port}.")
            click.echo("Motcua đang chạy. Ctrl-C để dừng.")

        code = installation.serve(host=host, strict_ports=True, ready=ready)
    sys.exit(code)


def transport_advice() -> list[str]:
    """Say what is wrong with how pages reach people, and what to do; nothing when a trusted proxy ends TLS."""
    if env.flag("MOTCUA_BEHIND_PROXY") and addresses.HTTPS:
        return []
    if addresses.HTTPS:
        return [
            "CẢNH BÁO: chưa có proxy kết thúc TLS nào được khai báo (MOTCUA_BEHIND_PROXY chưa bật).",
            "  Cookie chỉ đi qua HTTPS: mở thẳng cổng http thì không ai đăng nhập được.",
            "  Dùng thật: đặt proxy có TLS phía trước, gửi Host và X-Forwarded-Proto; đặt MOTCUA_BEHIND_PROXY=1.",
            "  Chỉ dùng thử trên chính máy này: chạy với MOTCUA_HTTPS=0. Xem docs/how-to/install.md.",
        ]
    return [
        "CẢNH BÁO: MOTCUA_HTTPS=0, mật khẩu và phiên đăng nhập đi không mã hóa. Chỉ để dùng thử trên chính máy này.",
    ]
