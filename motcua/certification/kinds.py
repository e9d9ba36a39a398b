"""The kinds of certification that the fast lane takes, each with its book (Nghị định 23/2015/NĐ-CP)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What is certified most, so that initials are enough at the first visit of an office: "cc", "gks". What the office
# itself writes comes before these.
COMMON_PAPERS: tuple[str, ...] = (
    "Căn cước", "Căn cước công dân", "Giấy khai sinh", "Bằng tốt nghiệp", "Bằng tốt nghiệp trung học phổ thông",
    "Bằng tốt nghiệp đại học", "Học bạ", "Bảng điểm", "Giấy chứng nhận kết hôn", "Giấy xác nhận tình trạng hôn nhân",
    "Giấy chứng nhận quyền sử dụng đất", "Giấy phép lái xe", "Hộ chiếu", "Chứng chỉ", "Giấy chứng nhận",
    "Giấy xác nhận thông tin về cư trú", "Trích lục khai tử", "Trích lục khai sinh", "Sổ hộ khẩu", "Quyết định",
    "Giấy chứng nhận đăng ký doanh nghiệp", "Giấy chứng nhận đăng ký hộ kinh doanh", "Sổ bảo hiểm xã hội",
)  # fmt: skip
COMMON_TEXTS: tuple[str, ...] = (
    "Sơ yếu lý lịch", "Giấy ủy quyền", "Giấy cam đoan", "Tờ khai lý lịch cá nhân", "Đơn xin xác nhận", "Giấy cam kết",
    "Bản tự khai", "Giấy bảo lãnh", "Văn bản thỏa thuận", "Giấy xác nhận", "Phiếu lý lịch tư pháp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certification: its key, the national code of its procedure, and its sign behind a number.

    `unit` is what the catalogue's fee is counted by, folded: pages of the original, or cases. `signers`: somebody's
    signature is certified, so whoever signs has shown a paper; `languages`: each line says from which language into
    which it was translated.
    """

    key: str
    procedure: str
    symbol: str
    name: Promise
    short: Promise
    book: str
    unit: str = "trang"
    signers: bool = False
    languages: bool = False
    common: tuple[str, ...] = COMMON_PAPERS

    @property
    def pages(self) -> bool:
        """Whether the fee goes by pages, so that a line asks for them."""
        return self.unit == "trang"


COPY = Kind(
    "copy", "2.000815", "SCT/BS", _("Chứng thực bản sao từ bản chính"), _("Bản sao"),
    "Sổ chứng thực bản sao từ bản chính",
)  # fmt: skip
SIGNATURE = Kind(
    "signature", "2.000884", "SCT/CK,ĐC", _("Chứng thực chữ ký, điểm chỉ"), _("Chữ ký"),
    "Sổ chứng thực chữ ký, điểm chỉ", unit="truong hop", signers=True, common=COMMON_TEXTS,
)  # fmt: skip
TRANSLATOR = Kind(
    "translator", "2.000992", "SCT/CKND", _("Chứng thực chữ ký người dịch"), _("Chữ ký người dịch"),
    "Sổ chứng thực chữ ký người dịch", unit="truong hop", signers=True, languages=True,
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.key: kind for kind in (COPY, SIGNATURE, TRANSLATOR)}

MOST_PAPERS = 30  # lines of one visit
MOST_PAGES, MOST_COPIES = 999, 99
MOST_SIGNERS = 10  # who sign the same papers together
MOST_LANGUAGE = 40  # letters


def kind_of(text: str) -> Kind:
    """Return the kind of an address or of a form; copies where it says none that is known."""
    return KINDS.get(text, COPY)
