"""`motcua reindex`: find dossiers of before by phone, e-mail and address too."""

import click

from motcua.cli.django import ready


@click.command()
def reindex() -> None:
    """Lập chỉ mục tìm kiếm cho hồ sơ nhận từ phiên bản trước. Chạy lại bao nhiêu lần cũng được.

    Việc nền cũng tự làm dần, 500 hồ sơ mỗi năm phút; lệnh này làm hết ngay.
    """
    ready()
    from motcua.base.jobs.system import as_system  # noqa: PLC0415  (needs Django's apps)
    from motcua.dossiers.operations import indexing  # noqa: PLC0415

    done = 0
    while True:
        with as_system():
            count = indexing.fill_marks()
        done += count
        if not count:
            break
    click.echo(f"{done} hồ sơ đã lập chỉ mục.")
