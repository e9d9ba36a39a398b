"""`motcua demo`: the product with real places, invented people and living dossiers, on this machine only."""

import json
import os
import shutil
import subprocess
import sys
import time
from typing import Any

import click

from motcua.cli.acting import AS_JSON, as_system
from motcua.cli.output import answer
from motcua.cli.run import installation
from motcua.cli.run.processes import free_port
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
        code = installation.serve(host="127.0.0.1", strict_ports=False, ready=_announce, beside=_beside())
    sys.exit(code)


def _beside() -> list[tuple[str, list[str]]]:
    from motcua.cli.demo import stations  # noqa: PLC0415

    os.environ["MOTCUA_DEMO_IDENTITY"] = str(free_port(env.integer("MOTCUA_DEMO_IDENTITY", 8090)))
    os.environ["MOTCUA_DEMO_CARRIER"] = str(free_port(env.integer("MOTCUA_DEMO_CARRIER", 8070)))
    beside = [(name, [sys.executable, "-m", f"motcua.cli.demo.{name}"]) for name in ("identity", "carrier")]
    if stations.there():
        beside.append(("stations", [sys.executable, "-m", "motcua.cli.demo.stations"]))
    return beside


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
    from motcua.cli.demo import devices, hall  # noqa: PLC0415
    from motcua.reports.operations.counting import count_months  # noqa: PLC0415

    with as_system() as by:
        begun = hall.begin_the_day(now=by.at)
        count_months(at=by.at)
        devices.put_in_order(now=by.at)
    seconds = round(time.monotonic() - started, 1)
    facts = {"begun": begun, "loaded": not current, "dossiers": dossiers, "seconds": seconds}
    if as_json or current:
        answer(facts, as_json, f"Nội dung trình diễn đã có, không đổi ({seconds} s).")


@demo.command()
@AS_JSON
def info(as_json: bool) -> None:
    """Địa chỉ và tài khoản của bản trình diễn đang chạy; đường dẫn mới cho màn hình đã ghép ở trình duyệt khác."""
    if installation.state_file().exists():
        with as_system() as by:
            from motcua.cli.demo import devices  # noqa: PLC0415  (needs Django's apps)

            devices.put_in_order(now=by.at)
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
    screens = env.data_dir() / "demo-screens.json"
    hall: dict[str, Any] = json.loads(screens.read_text()) if screens.exists() else {"hall": 0, "screens": []}
    public, staff, one = f"http://localhost:{port}", f"http://canbo.localhost:{port}", hall["hall"]
    return {
        "running": bool(running),
        "addresses": {
            "public": public,
            "staff": staff,
            "files": f"http://tep.localhost:{port}",
            "live": f"http://localhost:{live}",
            "console": f"{staff}/counter/",
            "hall": f"{staff}/halls/{one}/",
            "figures": f"{staff}/halls/{one}/figures/",
            "voice": f"{staff}/halls/{one}/voice/",
            "ratings": f"{staff}/ratings/",
            "petitions": f"{staff}/petitions/",
            "answered": f"{public}/phan-anh/da-tra-loi/",
            "phone": f"{public}/sanh/{one}/",
            "bookings": f"{public}/dat-lich/",
            "printed": str(env.data_dir() / "printed"),
            "messages": f"http://127.0.0.1:{env.integer('MOTCUA_DEMO_CARRIER', 8070)}/",
        },
        "screens": [
            {"name": row["name"], "address": f"http://{row['slug']}.man-hinh.localhost:{port}{row['path']}"}
            for row in hall["screens"]
        ],
        "accounts": accounts(),
    }


def _announce() -> None:
    _print(_facts())
    click.echo(f"Sẵn sàng sau {time.monotonic() - _STARTED:.1f} s. Ctrl-C để dừng tất cả.")


#: What stands in the table of addresses: a name in `_facts`, what it is, who logs in there.
_PAGES = (
    ("public", "Người dân: thủ tục, tra cứu hồ sơ", "không cần, hoặc lan bằng VNeID thử"),
    ("bookings", "Đặt lịch hẹn", "không cần"),
    ("phone", "Sảnh trên điện thoại", "không cần"),
    ("staff", "Cán bộ", "mọi tài khoản dưới đây"),
    ("console", "Bàn gọi số của quầy", "minh, mai, kim"),
    ("hall", "Sảnh lúc này, lịch hẹn, thiết bị", "an; tuan xem"),
    ("figures", "Số liệu của sảnh", "tuan"),
    ("ratings", "Đánh giá của người dân", "tuan"),
    ("petitions", "Phản ánh, kiến nghị", "tuan, hoa; vinh, phuc ở cơ quan khác"),
    ("answered", "Phản ánh đã trả lời, ai cũng xem được", "không cần"),
    ("voice", "Giọng gọi số", "an"),
)


def _print(facts: dict[str, Any]) -> None:
    where = facts["addresses"]
    speaks = shutil.which(env.text("MOTCUA_ESPEAK") or "espeak-ng")
    voice = "Giọng gọi số: máy đọc" if speaks else "Giọng gọi số: chỉ có chuông, máy này chưa có espeak-ng"
    rows = [(where[name], voice if name == "voice" else what, who) for name, what, who in _PAGES]
    rows += [(one["address"], one["name"], "mở rồi bấm “Ghép máy này”") for one in facts["screens"]]
    rows.append((where["printed"], "Giấy mà trạm in ở quầy 1, quầy 2 đã in (PNG)", ""))
    rows.append((where["messages"], "Tin nhắn thử: màn hình điện thoại của người dân", ""))
    wide, middle = (max(len(row[place]) for row in rows) for place in (0, 1))
    click.echo("")
    click.echo(f"  {'Địa chỉ':<{wide}}  {'Là gì':<{middle}}  Đăng nhập")
    for address, what, who in rows:
        click.echo(f"  {address:<{wide}}  {what:<{middle}}  {who}".rstrip())
    click.echo("")
    click.echo("  Tài khoản     Mật khẩu                 Vai trò")
    for account in facts["accounts"]:
        click.echo(f"  {account['name']:<12}  {account['password']:<23}  {account['role']}")
    click.echo("")
    click.echo("  Mã xác thực (TOTP) hiện tại của một tài khoản: .venv/bin/motcua user totp TÊN --demo")
    click.echo(
        "  Đường dẫn của màn hình dùng một lần; mở ở trình duyệt khác thì lấy mới: .venv/bin/motcua demo info"
    )
    click.echo("")
