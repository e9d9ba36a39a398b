"""Forms of law by key and date. A new circular adds a row here and, if the layout changed, a template.

Sources: TT 01/2018/TT-VPCP (six forms) and TT 03/2025/TT-VPCP, Phụ lục I (seven forms), see
`docs/reference/papers.md`. Neither gives a layout we could read, so field lists come from live systems; a
lawyer should compare the printouts with the gazette before an installation claims conformance.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Size = Literal["A5", "A4"]

TT_01_2018 = "Thông tư 01/2018/TT-VPCP"
TT_03_2025 = "Phụ lục I, Thông tư 03/2025/TT-VPCP"
PRACTICE = ""

_FROM_2019 = date(2019, 1, 8)
_FROM_2025 = date(2025, 9, 15)


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of a form: in force from `valid_from` until the next version of the same key.

    A line break in `title` is where the heading breaks when it does not fit one line.
    """

    valid_from: date
    number: str
    title: str
    template: str
    legal_basis: str
    size: Size


#: The circulars whose forms an administrator may name for one procedure; what each is called.
FAMILIES: dict[str, str] = {"tt03_2025": TT_03_2025, "tt01_2018": TT_01_2018}


class NoSuchForm(LookupError):
    """The key is unknown, or the form did not exist yet on that day (a mistake of the caller)."""


FORMS: dict[str, tuple[FormVersion, ...]] = {
    "appointment_slip": (
        FormVersion(
            _FROM_2019,
            "Mẫu số 01",
            "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            "tt03_2025_mau_01_appointment_slip",
            TT_01_2018,
            "A5",
        ),
        FormVersion(
            _FROM_2025,
            "Mẫu số 01",
            "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            "tt03_2025_mau_01_appointment_slip",
            TT_03_2025,
            "A5",
        ),
    ),
    "supplement_request": (
        FormVersion(
            _FROM_2019,
            "Mẫu số 02",
            "Phiếu yêu cầu\nbổ sung, hoàn thiện hồ sơ",
            "tt03_2025_mau_02_supplement_request",
            TT_01_2018,
            "A5",
        ),
        FormVersion(
            _FROM_2025,
            "Mẫu số 02",
            "Phiếu yêu cầu\nbổ sung, hoàn thiện hồ sơ",
            "tt03_2025_mau_02_supplement_request",
            TT_03_2025,
            "A5",
        ),
    ),
    "refusal": (
        FormVersion(
            _FROM_2019,
            "Mẫu số 03",
            "Phiếu từ chối tiếp nhận\ngiải quyết hồ sơ",
            "tt03_2025_mau_03_refusal",
            TT_01_2018,
            "A5",
        ),
        FormVersion(
            _FROM_2025,
            "Mẫu số 03",
            "Phiếu từ chối tiếp nhận\ngiải quyết hồ sơ",
            "tt03_2025_mau_03_refusal",
            TT_03_2025,
            "A5",
        ),
    ),
    "apology": (
        FormVersion(
            _FROM_2019,
            "Mẫu số 04",
            "Phiếu xin lỗi\nvà hẹn lại ngày trả kết quả",
            "tt03_2025_mau_04_apology",
            TT_01_2018,
            "A5",
        ),
        FormVersion(
            _FROM_2025,
            "Mẫu số 04",
            "Văn bản xin lỗi và đề nghị\ngia hạn thời gian giải quyết",
            "tt03_2025_mau_04_apology",
            TT_03_2025,
            "A5",
        ),
    ),
    "stop_notice": (
        FormVersion(
            _FROM_2025,
            "Mẫu số 05",
            "Thông báo dừng giải quyết hồ sơ",
            "tt03_2025_mau_05_stop_notice",
            TT_03_2025,
            "A5",
        ),
    ),
    "control_sheet": (
        FormVersion(
            _FROM_2019,
            "Mẫu số 05",
            "Phiếu kiểm soát quá trình giải quyết hồ sơ",
            "tt03_2025_mau_06_control_sheet",
            TT_01_2018,
            "A4",
        ),
        FormVersion(
            _FROM_2025,
            "Mẫu số 06",
            "Phiếu kiểm soát quá trình giải quyết hồ sơ",
            "tt03_2025_mau_06_control_sheet",
            TT_03_2025,
            "A4",
        ),
    ),
    "register": (
        FormVersion(
            _FROM_2019, "Mẫu số 06", "Sổ theo dõi hồ sơ", "tt03_2025_mau_07_register", TT_01_2018, "A4"
        ),
        FormVersion(
            _FROM_2025, "Mẫu số 07", "Sổ theo dõi hồ sơ", "tt03_2025_mau_07_register", TT_03_2025, "A4"
        ),
    ),
    "joint_slip": (
        FormVersion(
            _FROM_2019, "", "Phiếu tiếp nhận chung nhiều hồ sơ", "practice_joint_slip", PRACTICE, "A4"
        ),
    ),
    "handover_slip": (
        FormVersion(_FROM_2019, "", "Phiếu bàn giao hồ sơ", "practice_handover_slip", PRACTICE, "A4"),
    ),
    "return_receipt": (
        FormVersion(_FROM_2019, "", "Giấy biên nhận trả kết quả", "practice_return_receipt", PRACTICE, "A5"),
    ),
}


def form_on(key: str, on: date, family: str = "") -> FormVersion:
    """Return the version of form `key` in force on the local day `on`; refuses days before the first one.

    A named family goes before the day, save where it has no such form (TT 01/2018 knows no notice of stopping).
    """
    best = next(
        (one for one in FORMS.get(key, ()) if family and one.legal_basis == FAMILIES.get(family)), None
    )
    if best is not None:
        return best
    for version in FORMS.get(key, ()):
        if version.valid_from <= on:
            best = version
    if best is None:
        raise NoSuchForm(f"no form {key!r} on {on.isoformat()}")
    return best
