"""`motcua demo`: the product with real places, invented people and living dossiers, on this machine only."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import click

from motcua.cli.acting import AS_JSON, as_system
from motcua.cli.output import answer
from motcua.cli.run import installation
from motcua.config import env

_STARTED = time.monotonic()


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Bản trình diễn trên máy này: chạy, xem địa chỉ và tài khoản."""
    os.environ["MOTCUA_DEMO"] = "1"
    os.environ.setdefault("MOTCUA_LOG_LEVEL", "WARNING")
    if context.invoked_subcommand is None:
        _run()


def _run() -> None:
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=click.echo)
        result = subprocess.run([sys.executable, "-m", "motcua.cli.main", "demo", "load"], check=False)
        if result.returncode:
            raise click.ClickException("Không nạp được nội dung trình diễn; xem các dòng phía trên.")
        code = installation.serve(host="127.0.0.1", strict_ports=False, ready=_announce)
    sys.exit(code)


@demo.command()
@click.option("--dossiers", default=60, show_default=True, help="Số hồ sơ trình diễn.")
@AS_JSON
def load(dossiers: int, as_json: bool) -> None:
    """Nạp nội dung trình diễn (nạp lần hai không đổi gì)."""
    started = time.monotonic()
    with as_system():
        from motcua.cli.demo import stamp  # noqa: PLC0415  (needs Django's apps, as do all below)

        current = stamp.is_current(dossiers=dossiers)
    if not current:
        from motcua.cli.demo import content  # noqa: PLC0415

        content.load(dossiers=dossiers, say=lambda text: click.echo(text, err=as_json))
        with as_system() as by:
            stamp.put(dossiers=dossiers, at=by.at)
    seconds = round(time.monotonic() - started, 1)
    facts = {"loaded": not current, "dossiers": dossiers, "seconds": seconds}
    if as_json or current:
        answer(facts, as_json, f"Nội dung trình diễn đã có, không đổi ({seconds} s).")


@demo.command()
@AS_JSON
def info(as_json: bool) -> None:
    """Địa chỉ và tài khoản của bản trình diễn đang chạy."""
    facts = _facts()
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        _print(facts)


def _facts() -> dict[str, Any]:
    from motcua.cli.demo.accounts import accounts  # noqa: PLC0415

    state = installation.state_file()
    running = json.loads(state.read_text()) if state.exists() else {}
    port = running.get("port", env.integer("MOTCUA_PORT", 8080))
    live = running.get("live_port", env.integer("MOTCUA_LIVE_PORT", 8081))
    return {
        "running": bool(running),
        "addresses": {
            "public": f"http://localhost:{port}",
            "staff": f"http://canbo.localhost:{port}",
            "files": f"http://tep.localhost:{port}",
            "live": f"http://localhost:{live}",
            "kiosk": f"http://localhost:{port}/ki-ot/",
            "screens": f"http://localhost:{port}/man-hinh/",
            "bookings": f"http://localhost:{port}/dat-lich/",
            "halls": f"http://canbo.localhost:{port}/halls/",
        },
        "accounts": accounts(),
    }


def _announce() -> None:
    _print(_facts())
    click.echo(f"Sẵn sàng sau {time.monotonic() - _STARTED:.1f} s. Ctrl-C để dừng tất cả.")


def _print(facts: dict[str, Any]) -> None:
    where = facts["addresses"]
    click.echo("")
    click.echo(f"  Người dân     {where['public']}   (tra cứu: {where['public']}/tra-cuu)")
    click.echo(f"  Cán bộ        {where['staff']}")
    click.echo(f"  Sảnh          {where['halls']}   (máy lấy số, màn hình: {where['screens']})")
    click.echo("")
    click.echo("  Tài khoản     Mật khẩu                 Vai trò")
    for account in facts["accounts"]:
        click.echo(f"  {account['name']:<12}  {account['password']:<23}  {account['role']}")
    click.echo("")
    click.echo("  Mã xác thực (TOTP) hiện tại của một tài khoản: .venv/bin/motcua user totp TÊN --demo")
    click.echo("")
