"""The free passages of each form, in the closed language of `lib.placeholders`, and what a passage can name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from motcua.base.printing import wording
from motcua.lib import placeholders
from motcua.lib.finding import mark as _mark

MOST = 600  # letters of one passage: more pushes the form of law off its page


@dataclass(frozen=True, slots=True)
class Place:
    """One passage of a form: its key, what it is called, and what stands there where nobody wrote anything."""

    key: str
    label: Promise
    default: str


#: The advice on a slip whose result nobody comes for.
_ADVICE_NOT_FETCHED = (
    "Có thể có kết quả sớm hơn ngày hẹn; khi đó chúng tôi báo trước. Cần hỏi, gọi {điện thoại cơ quan}."
)
_NOTE = Place("note", gettext_lazy("Ghi chú thêm ở cuối giấy"), "")
PLACES: dict[str, tuple[Place, ...]] = {
    "appointment_slip": (
        Place(
            "advice",
            gettext_lazy("Lời dặn cạnh mã QR"),
            "Có thể có kết quả sớm hơn ngày hẹn; khi đó chúng tôi báo trước. Khi đến nhận, mang theo giấy này và "
            "giấy tờ tùy thân. Cần hỏi, gọi {điện thoại cơ quan}.",
        ),
        _NOTE,
    ),
    "supplement_request": (
        Place(
            "greeting",
            gettext_lazy("Lời đề nghị trước bảng giấy tờ"),
            "Đề nghị {xưng hô} bổ sung, hoàn thiện những giấy tờ sau:",
        ),
        _NOTE,
    ),
    "refusal": (
        Place("closing", gettext_lazy("Lời kết"), "Xin thông báo để {xưng hô} biết và thực hiện."),
        _NOTE,
    ),
    "apology": (
        Place(
            "promise",
            gettext_lazy("Lời cam kết sau ngày hẹn mới"),
            "{Xưng hô} không phải nộp thêm giấy tờ hay chi phí nào vì việc gia hạn này. Cần hỏi, "
            "gọi {điện thoại cơ quan}.",
        ),
        _NOTE,
    ),
    "stop_notice": (
        Place(
            "closing",
            gettext_lazy("Lời kết"),
            "Khi có nhu cầu, {xưng hô} có thể nộp lại hồ sơ mới. Cần hỏi, gọi {điện thoại cơ quan}.",
        ),
        _NOTE,
    ),
    "return_receipt": (
        Place(
            "statement",
            gettext_lazy("Lời xác nhận của người nhận"),
            "Người nhận đã kiểm tra, nhận đủ kết quả và giấy tờ ghi trên.",
        ),
        _NOTE,
    ),
}


def _person(paper: Any) -> Any:
    return getattr(paper, "submitter", None) or paper.applicant


def _due(paper: Any) -> str:
    due = getattr(paper, "new_due_at", None) or getattr(paper, "due_at", None)
    return wording.instant(due)["full"] if due else ""


#: Everything a passage can name.
PLACEHOLDERS: dict[str, Callable[[Any], str]] = {
    "xưng hô": lambda paper: _person(paper).kind.lower(),
    "tên người nộp": lambda paper: _person(paper).name,
    "mã hồ sơ": lambda paper: paper.code,
    "tên thủ tục": lambda paper: paper.procedure_name,
    "hạn trả": _due,
    "số giấy": lambda paper: paper.number,
    "ngày lập": lambda paper: wording.instant(paper.issued_at)["day"],
    "tên cơ quan": lambda paper: paper.letterhead.office,
    "điện thoại cơ quan": lambda paper: paper.letterhead.phone,
    "trang tra cứu": lambda paper: getattr(paper, "lookup_url", "").removeprefix("https://"),
}
_TOO_LONG = _mark("Dài quá %(most)s chữ, giấy không đủ chỗ.")


def check(text: str, *, field: str = "") -> None:
    """Refuse a passage with anything but text and known names, saying which there are."""
    placeholders.check(text, PLACEHOLDERS, most=MOST, too_long=_TOO_LONG, field=field)


def fill(text: str, paper: Any) -> str:
    """Return a passage with its names replaced; sentences that have nothing to say are left out."""
    return placeholders.fill(text, lambda name: _value(name, paper))


def _value(name: str, paper: Any) -> str:
    if name not in PLACEHOLDERS and placeholders.lowered(name) == "xưng hô":
        return str(_person(paper).kind)
    return placeholders.value_of(name, PLACEHOLDERS, paper)


def defaults(form: str) -> dict[str, str]:
    """Return what the passages of a form say where nobody wrote anything."""
    return {place.key: place.default for place in PLACES.get(form, ())}


def filled(form: str, own: Iterable[tuple[str, str]], paper: Any) -> dict[str, str]:
    """Return every passage of a paper as it is printed."""
    texts = defaults(form)
    if not getattr(paper, "fetched", True):
        texts["advice"] = _ADVICE_NOT_FETCHED
    texts |= {key: text for key, text in own if key in texts}
    return {key: fill(text, paper) for key, text in texts.items()}
