"""`motcua signatures`: whose digital signatures this installation trusts."""

import click

from motcua.cli.django import ready
from motcua.cli.output import echo_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON cho chương trình khác.")
def signatures(as_json: bool) -> None:
    """Chứng thư được tin cậy khi kiểm tra chữ ký số của tệp PDF người dân gửi.

    Đặt chứng thư của nơi cấp (.pem, .crt, .cer) và danh sách thu hồi (.crl) vào thư mục được in ra; có hiệu lực ngay.
    Đối chiếu dấu vân tay SHA-256 với bản công bố của nơi cấp trước khi đặt. Mã trả về khác 0 khi có tệp không đọc được.
    """
    ready()
    from motcua.base.files import trust  # noqa: PLC0415  (needs Django's settings)

    found, place = trust.held(), trust.folder()
    if as_json:
        echo_json({
            "folder": place, "lists": len(found.lists), "faults": found.faults,
            "roots": [
                {"file": one.file, "subject": one.subject, "until": one.until, "sha256": one.fingerprint}
                for one in found.roots
            ],
        })  # fmt: skip
    else:
        click.echo(f"Thư mục: {place}")
        for one in found.roots:
            click.echo(f"{one.file}: {one.subject}, đến {one.until}\n  SHA-256 {one.fingerprint}")
        if not found.roots:
            click.echo("Chưa tin cậy nơi cấp nào: bản ký số người dân gửi được giữ là giấy tờ tự gửi.")
        click.echo(f"Danh sách thu hồi: {len(found.lists)}.")
        for name in found.faults:
            click.echo(f"KHÔNG ĐỌC ĐƯỢC: {name}")
    if found.faults:
        raise SystemExit(1)
