"""`motcua card`: what the QR of a citizen's card says, from standard input."""

import sys
from typing import Any

import click

from motcua.cli.main import REFUSED
from motcua.cli.output import echo_json
from motcua.lib import citizen_card
from motcua.lib.citizen_card import Scan
from motcua.lib.finding import Finding
from motcua.lib.personal_id import SEX_WORDS

_MOST = 10_000  # letters read; a longer input is no card and is refused as one


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def card(as_json: bool) -> None:
    """Đọc nội dung mã QR của thẻ căn cước từ đầu vào chuẩn.

    Ví dụ: motcua card < noi-dung.txt. Mã thoát 0 nếu đọc được (kể cả có cảnh báo), 1 nếu không.
    """
    text = sys.stdin.buffer.read(_MOST * 4).decode("utf-8", errors="replace")
    scan = citizen_card.parse(text)
    if as_json:
        echo_json(_as_json(scan))
    else:
        _print(scan)
    if scan.card is None:
        sys.exit(REFUSED)


def _fields(scan: Scan) -> list[tuple[str, str, str]]:
    """Return key, Vietnamese label and value of each field of the card."""
    if scan.card is None:
        return []
    found = scan.card
    return [
        ("id_number", "Số định danh", found.personal_id),
        ("old_number", "Số CMND cũ", found.old_number),
        ("full_name", "Họ và tên", found.full_name),
        (
            "birth_date",
            "Ngày sinh",
            f"{found.birth_date:%d/%m/%Y}" if found.birth_date else str(found.birth_year),
        ),
        ("sex", "Giới tính", SEX_WORDS[found.sex]),
        ("address", "Nơi cư trú", found.address),
        ("issued_on", "Ngày cấp", f"{found.issued_on:%d/%m/%Y}" if found.issued_on else ""),
    ]


def _print(scan: Scan) -> None:
    for key, label, value in _fields(scan):
        compare = "  (hãy đối chiếu với thẻ)" if key in scan.doubtful else ""
        click.echo(f"{label}: {value or '—'}{compare}")
    for warning in scan.warnings:
        click.echo(f"Cảnh báo: {warning}", err=True)
    for problem in scan.problems:
        click.echo(f"Không đọc được: {problem}", err=True)


def _as_json(scan: Scan) -> dict[str, Any]:
    def listed(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
        return [{"code": found.code, "message": str(found)} for found in findings]

    fields: dict[str, Any] | None = None
    if scan.card is not None:
        found = scan.card
        fields = {
            "id_number": found.personal_id,
            "old_number": found.old_number or None,
            "full_name": found.full_name,
            "birth_date": found.birth_date,
            "birth_year": found.birth_year,
            "sex": found.sex,
            "address": found.address,
            "issued_on": found.issued_on,
        }
    return {
        "readable": scan.card is not None,
        "card": fields,
        "warnings": listed(scan.warnings),
        "problems": listed(scan.problems),
        "doubtful": sorted(scan.doubtful),
    }
