# ruff: noqa: DTZ001  (a cell of a workbook has no zone)
"""Files of an old system, made in memory."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from motcua.lib.tables import Table
from motcua.moving import runs

HEADING = (
    "Mã hồ sơ", "Tên TTHC", "Tình trạng", "Họ và tên", "Số CCCD", "Ngày nhận", "Ngày hẹn trả", "Cán bộ xử lý", "Phòng ban",
    "SĐT",
)  # fmt: skip
PROCEDURES = ("1.013225", "1.001193", "2.000815")
STATUSES = ("Đang xử lý", "Được tiếp nhận", "Chờ bổ sung", "Tạm dừng", "Mới đăng ký")


def row(number: int, /, **values: Any) -> list[Any]:
    """One row of the old system, different with each number."""
    plain: dict[str, Any] = {
        "code": f"HA-{number:05d}/2026", "procedure": PROCEDURES[number % 3], "status": STATUSES[number % 5],
        "name": "Phạm Thị Hương Giang" if number % 2 else "Nguyễn Văn Bình",
        "number": "031185000017" if number % 2 else "031085000018",
        "accepted": datetime(2026, 6, 1 + number % 25, 8, 30), "due": datetime(2026, 8, 1 + number % 25, 17, 0),
        "holder": "Đỗ Thị Hoa" if number % 4 else "", "unit": "Phòng Văn hóa - Xã hội" if number % 2 else "",
        "phone": "0912345678",
    }  # fmt: skip
    return list((plain | values).values())


def workbook(rows: Sequence[Sequence[Any]], *, heading: Sequence[str] = HEADING, title: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=6)
    sheet.append(list(heading))
    for one in rows:
        sheet.append(list(one))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(kind: str, data: bytes) -> Table:
    """Read a file as the page does: in the checker's child."""
    return runs.read(kind, io.BytesIO(data), "tep-cu")


def text(rows: Sequence[Sequence[Any]], *, heading: Sequence[str] = HEADING, separator: str = ";") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(heading)
    writer.writerows(
        [f"{one:%d/%m/%Y %H:%M}" if isinstance(one, datetime) else one for one in row] for row in rows
    )
    return out.getvalue()
