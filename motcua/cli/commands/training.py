"""`motcua training`: a sandbox beside a real installation, for learning by doing (decision 0053)."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from motcua.cli.acting import AS_JSON, as_system
from motcua.cli.output import answer
from motcua.cli.run import installation
from motcua.cli.training import place
from motcua.config import database, env

_LINKS = "trainees.csv"
_READY = "loaded.json"


@click.group()
def training() -> None:
    """Bản tập huấn bên cạnh hệ thống thật: chạy, dừng, làm lại từ đầu, xem địa chỉ."""
    if env.flag("MOTCUA_TRAINING") and _asked() not in {"run", "load"}:
        raise click.ClickException("Đang ở trong bản tập huấn; chạy lệnh này từ hệ thống thật.")


def _asked() -> str:
    context = click.get_current_context()
    return context.invoked_subcommand or ""


@training.command()
@click.option("--dossiers", default=12, show_default=True, help="Số hồ sơ bịa ở mỗi cơ quan.")
def start(dossiers: int) -> None:
    """Chạy bản tập huấn; lần đầu chép cơ quan, cán bộ, danh mục, quy trình (hệ thống thật phải đang chạy)."""
    folder = place.folder()
    if _running(folder):
        raise click.ClickException("Bản tập huấn đang chạy. Xem: motcua training info")
    _copy(folder)
    command = [sys.executable, "-m", "motcua.cli.main", "training", "run", "--dossiers", str(dossiers)]
    sys.stdout.flush()
    os.execve(sys.executable, command, place.environment())  # noqa: S606  (nothing of this process remains)


@training.command()
def stop() -> None:
    """Dừng bản tập huấn; nội dung còn nguyên cho lần sau."""
    if not _end(place.folder()):
        raise click.ClickException("Bản tập huấn không chạy.")
    click.echo("Đã dừng bản tập huấn.")


@training.command()
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def reset(yes: bool) -> None:
    """Xóa mọi thứ học viên đã làm; lần chạy sau chép lại từ hệ thống thật."""
    folder = place.folder()
    if not folder.exists():
        raise click.ClickException("Chưa có bản tập huấn nào. Bắt đầu: motcua training start")
    if not (folder / "content").exists():
        raise click.ClickException(f"{folder} không phải thư mục của bản tập huấn; không xóa gì.")
    if not yes:
        click.confirm(f"Xóa mọi thứ trong {folder}?", abort=True)
    _end(folder)
    shutil.rmtree(folder)
    click.echo("Đã xóa. Chạy lại từ đầu: motcua training start")


@training.command()
@AS_JSON
def info(as_json: bool) -> None:
    """Địa chỉ, trạng thái, và tệp đường dẫn dùng một lần của học viên."""
    folder = place.folder()
    own = place.environment()
    port = own["MOTCUA_PORT"]
    tail = f":{port}" if own["MOTCUA_HTTPS"] == "0" else ""
    scheme = "http" if tail else "https"
    facts: dict[str, Any] = {
        "running": _running(folder) is not None,
        "folder": str(folder),
        "public": f"{scheme}://{own['MOTCUA_PUBLIC_HOST']}{tail}",
        "staff": f"{scheme}://{own.get('MOTCUA_STAFF_HOST', 'canbo.' + own['MOTCUA_PUBLIC_HOST'])}{tail}",
        "links": str(folder / _LINKS) if (folder / _LINKS).exists() else "",
        **(json.loads((folder / _READY).read_text()) if (folder / _READY).exists() else {}),
    }
    lines = [
        "Bản tập huấn đang chạy." if facts["running"] else "Bản tập huấn không chạy.",
        f"  Người dân  {facts['public']}",
        f"  Cán bộ     {facts['staff']}",
        f"  Đường dẫn dùng một lần (72 giờ) của học viên: {facts['links'] or 'chưa có'}",
    ]
    answer(facts, as_json, "\n".join(lines))


@training.command(hidden=True)
@click.option("--dossiers", default=12)
def run(dossiers: int) -> None:
    """Chạy trong môi trường của bản tập huấn; “start” gọi lệnh này."""
    _inside()
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=click.echo)
        command = [sys.executable, "-m", "motcua.cli.main", "training", "load", "--dossiers", str(dossiers)]
        if subprocess.run(command, check=False).returncode:
            raise click.ClickException("Không nạp được bản tập huấn; xem các dòng phía trên.")

        def ready() -> None:
            from motcua.config import addresses  # noqa: PLC0415  (reads the sandbox's settings)

            click.echo(
                f"Bản tập huấn đang chạy. Người dân: {addresses.PUBLIC_URL}   Cán bộ: {addresses.STAFF_URL}"
            )
            click.echo(
                f"Đường dẫn của học viên: {env.data_dir() / _LINKS}. Dừng: Ctrl-C hoặc motcua training stop."
            )

        code = installation.serve(host="127.0.0.1", strict_ports=True, ready=ready)
    sys.exit(code)


@training.command(hidden=True)
@click.option("--dossiers", default=12)
def load(dossiers: int) -> None:
    """Nạp nội dung một lần; “run” gọi lệnh này."""
    _inside()
    done = env.data_dir() / _READY
    if done.exists():
        return
    with as_system():
        from motcua.cli.training import rows  # noqa: PLC0415  (needs Django's apps, as do all below)
    rows.bring_in(place.content(), admin_url=database.embedded(database.ADMIN_ROLE).url())
    from django.utils import timezone  # noqa: PLC0415

    from motcua.cli.training import dossiers as invented  # noqa: PLC0415

    made = invented.load(each=dossiers, now=timezone.now())
    people = _links()
    done.write_text(json.dumps({"dossiers": made, "people": people}))
    click.echo(f"Bản tập huấn: {people} cán bộ, {made} hồ sơ bịa.")


def _inside() -> None:
    if not env.flag("MOTCUA_TRAINING"):
        raise click.ClickException("Lệnh này chỉ chạy bên trong bản tập huấn: motcua training start")


def _copy(folder: Path) -> None:
    """Copy the office's rows once; a sandbox that has its rows starts without the real installation."""
    to = folder / "content"
    if (to / "columns.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with as_system():
        from motcua.cli.training import rows  # noqa: PLC0415  (needs Django's apps)

        click.echo(f"Đã chép {rows.copy_out(to)} bảng từ hệ thống thật; không hồ sơ, không người dân nào.")


def _links() -> int:
    """Write a one-time link for every officer into a file that only its owner reads."""
    from motcua.accounts.models import Account, AccountKind  # noqa: PLC0415
    from motcua.accounts.operations import links  # noqa: PLC0415
    from motcua.config import addresses  # noqa: PLC0415

    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["Họ và tên", "Tên đăng nhập", "Đường dẫn dùng một lần"])
    with as_system() as by:
        people = Account.objects.filter(account_kind=AccountKind.STAFF, is_active=True).order_by(
            "sort_key", "pk"
        )
        for person in people:
            link = links.invite(account_id=person.pk, **by.args)
            lines.writerow(
                [person.full_name, person.login_name, f"{addresses.STAFF_URL}/loi-moi/{link.token}/"]
            )
    handle = os.open(env.data_dir() / _LINKS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig") as stream:
        stream.write(text.getvalue())
    return len(people)


def _running(folder: Path) -> int | None:
    """Return the process that runs the sandbox."""
    state = folder / "running.json"
    if not state.exists():
        return None
    pid = int(json.loads(state.read_text())["pid"])
    command = Path(f"/proc/{pid}/cmdline")
    return pid if command.exists() and b"training" in command.read_bytes() else None


def _end(folder: Path, seconds: float = 60) -> bool:
    pid = _running(folder)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            raise click.ClickException("Bản tập huấn chưa dừng sau 60 giây.")
        time.sleep(0.2)
    return True
