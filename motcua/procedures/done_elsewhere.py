"""What people look for here that another body does, and where to go: shown above the hits of a search.

Dated: `since` is from when it stands so, SEEN when somebody last read the law. Where a procedure comes back to the
one-stop shop, its row goes.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.lib.vietnamese import fold

SEEN = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One matter: the words people type (folded, whole words), what it is, where to go, by which law."""

    words: tuple[str, ...]
    name: Promise
    where: Promise
    law: str
    since: date


ROWS: tuple[Elsewhere, ...] = (
    Elsewhere(
        ("can cuoc", "cccd", "cmnd", "chung minh nhan dan", "chung minh thu", "identity card", "id card"),
        _("Làm, đổi, cấp lại thẻ căn cước"),
        _("Đến Công an xã, phường, đặc khu; đặt hẹn trước trên Cổng Dịch vụ công hoặc VNeID."),
        "Luật Căn cước 26/2023/QH15", date(2024, 7, 1),
    ),
    Elsewhere(
        ("tam tru", "tam vang", "thuong tru", "cu tru", "ho khau", "nhap khau", "tach ho", "residence"),
        _("Đăng ký thường trú, tạm trú; khai báo tạm vắng, lưu trú; xác nhận cư trú"),
        _("Đến Công an xã, phường, đặc khu nơi ở; hoặc nộp trên Cổng Dịch vụ công, VNeID."),
        "Luật Cư trú 68/2020/QH14", date(2021, 7, 1),
    ),
    Elsewhere(
        ("ho chieu", "passport"),
        _("Làm, đổi hộ chiếu"),
        _("Nộp trên Cổng Dịch vụ công; hoặc đến bộ phận Quản lý xuất nhập cảnh của Công an tỉnh, thành phố."),
        "Luật Xuất cảnh, nhập cảnh của công dân Việt Nam 49/2019/QH14", date(2020, 7, 1),
    ),
    Elsewhere(
        ("ly lich tu phap", "criminal record", "police check"),
        _("Phiếu lý lịch tư pháp"),
        _("Nộp trên VNeID hoặc Cổng Dịch vụ công; hoặc đến Công an tỉnh, thành phố. Sở Tư pháp không còn làm."),
        "Nghị quyết 190/2025/QH15", date(2025, 3, 1),
    ),
    Elsewhere(
        ("giay phep lai xe", "bang lai", "doi bang lai", "gplx", "driving licence", "driving license",
         "driver license", "driver s license"),
        _("Cấp, đổi giấy phép lái xe"),
        _("Nộp trên Cổng Dịch vụ công; hoặc đến Phòng Cảnh sát giao thông của Công an tỉnh, thành phố."),
        "Nghị quyết 190/2025/QH15", date(2025, 3, 1),
    ),
)  # fmt: skip


def found(typed: str) -> list[Elsewhere]:
    """Return the matters that what was typed names, with or without marks."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', fold(typed)))} "
    return [one for one in ROWS if any(f" {phrase} " in words for phrase in one.words)]
