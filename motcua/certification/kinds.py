"""The kinds of certification that the fast lane takes, each with its book (Nghị định 23/2015/NĐ-CP)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certification: its key, the national code of its procedure, and its sign behind a number."""

    key: str
    procedure: str
    symbol: str
    name: Promise


COPY = Kind("copy", "2.000815", "SCT/BS", _("Chứng thực bản sao từ bản chính"))

KINDS: dict[str, Kind] = {COPY.key: COPY}

MOST_PAPERS = 30  # lines of one visit
MOST_PAGES, MOST_COPIES = 999, 99

# What is copied most, so that initials are enough at the first visit of an office: "cc", "gks". What the office
# itself writes comes before these.
COMMON_PAPERS: tuple[str, ...] = (
    "Căn cước", "Căn cước công dân", "Giấy khai sinh", "Bằng tốt nghiệp", "Bằng tốt nghiệp trung học phổ thông",
    "Bằng tốt nghiệp đại học", "Học bạ", "Bảng điểm", "Giấy chứng nhận kết hôn", "Giấy xác nhận tình trạng hôn nhân",
    "Giấy chứng nhận quyền sử dụng đất", "Giấy phép lái xe", "Hộ chiếu", "Chứng chỉ", "Giấy chứng nhận",
    "Giấy xác nhận thông tin về cư trú", "Trích lục khai tử", "Trích lục khai sinh", "Sổ hộ khẩu", "Quyết định",
    "Giấy chứng nhận đăng ký doanh nghiệp", "Giấy chứng nhận đăng ký hộ kinh doanh", "Sổ bảo hiểm xã hội",
)  # fmt: skip
