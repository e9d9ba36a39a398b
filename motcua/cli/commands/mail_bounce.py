"""`motcua mail-bounce`: a mail server hands in letters that came back, one a call."""

import sys

import click

from motcua.cli.acting import as_system
from motcua.lib import bounces

MOST = 10_000_000
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the letter and calls again


@click.command("mail-bounce")
def mail_bounce() -> None:
    """Nhận một thư bị trả lại ở đầu vào (máy chủ thư gọi) và ghi vào tin đã gửi.

    Thư khác, thư tự động trả lời: bỏ qua. Không tới được cơ sở dữ liệu hay cấu hình sai: mã 75, máy chủ thư giữ thư lại
    rồi gọi lần sau.
    """
    source = sys.stdin.buffer
    raw = source.read(MOST)
    while source.read(MOST):  # a server whose letter is not read to its end takes that for a fault
        pass
    found = bounces.read(raw)
    if found is None:
        click.echo("Không phải thư báo trả lại; bỏ qua.")
        return
    try:
        with as_system() as by:
            from motcua.base.notifications.operations import arriving  # noqa: PLC0415  (needs Django's apps)

            news = arriving.bounced(bounce=found, at=by.at)
    except SystemExit as stop:  # a bad setting: the letter is not lost while it is put right
        click.echo(stop.code, err=True)
        sys.exit(TRY_LATER)
    except Exception as error:
        if _is_away(error):
            click.echo("Không tới được cơ sở dữ liệu.", err=True)
            sys.exit(TRY_LATER)
        raise
    click.echo("Đã ghi." if news else "Không có gì mới; bỏ qua.")


def _is_away(error: Exception) -> bool:
    from django.db import OperationalError  # noqa: PLC0415

    return isinstance(error, OperationalError)
