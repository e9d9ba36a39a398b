"""`motcua scans`: is there a Tesseract, and how many scanned papers wait to be read."""

import click

from motcua.cli.django import ready

_AT_A_TIME = 60.0  # seconds between two lines of progress


@click.command()
@click.option("--read", "now", is_flag=True, help="Đọc hết những tệp đang chờ ngay bây giờ.")
def scans(now: bool) -> None:
    """Chữ trong giấy tờ quét: máy chủ có Tesseract không, bao nhiêu tệp chờ đọc."""
    ready()
    from django.utils import timezone  # noqa: PLC0415  (needs Django's apps)

    from motcua.base.files import recognition  # noqa: PLC0415
    from motcua.base.jobs.system import as_system  # noqa: PLC0415
    from motcua.dossiers import scanned  # noqa: PLC0415
    from motcua.dossiers.operations import scans as operations  # noqa: PLC0415

    engine = recognition.engine()
    if engine is None:
        click.echo(
            "Tesseract: chưa có (gói Debian tesseract-ocr và tesseract-ocr-vie), hoặc MOTCUA_TESSERACT=off."
        )
    else:
        click.echo(f"Tesseract: {engine.version}, tiếng Việt, {engine.program}")
    more = 1
    while more:
        with as_system():
            more = operations.take_note(at=timezone.now())
    pages = 1
    while now and pages:
        pages = operations.read_waiting(within=as_system, seconds=_AT_A_TIME)
        click.echo(f"Đã đọc {pages} trang.")
    with as_system():
        counts = scanned.standing()
    click.echo(
        f"Tệp chờ đọc: {counts['waiting']}; chờ Tesseract: {counts['no_engine']}; "
        f"đã đọc: {counts['read']}; không đọc được: {counts['unreadable']}."
    )
