"""`motcua assets`: collect static files under their hashed names, compressed."""

import hashlib

import click
from django.conf import settings
from django.core.management import call_command

from motcua.cli.django import ready
from motcua.config.env import ROOT


@click.command()
@click.option("--if-needed", is_flag=True, help="Chỉ làm khi tệp giao diện đã đổi.")
def assets(if_needed: bool) -> None:
    """Gom tệp giao diện (CSS, JS, phông chữ) để phục vụ."""
    ready()
    stamp = settings.DATA / "static.stamp"
    now = _fingerprint()
    if if_needed and stamp.exists() and stamp.read_text() == now and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=settings.STATIC_ROOT.exists())
    stamp.write_text(now)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("motcua/**/static/**/*")):
        if path.is_file():
            digest.update(
                f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode()
            )
    return digest.hexdigest()
