"""Question sets as text and as data: how an administrator writes them, and the sets the product begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.feedback.models.questions import Scale
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

MOST = 15
_LONGEST = 200

#: Three steps of the counter's device as the five of the figures.
THREE = (
    (5, gettext_lazy("Rất hài lòng")),
    (4, gettext_lazy("Hài lòng")),
    (2, gettext_lazy("Không hài lòng")),
)


def read(text: str) -> list[dict[str, Any]]:
    """Return the questions of a text: one a line, with its answers from best to worst behind bars.

    `Thái độ của cán bộ | tốt | khá | kém` gives 2, 1, 0; a line without bars is answered in five steps. Refuses no
    question, one answer alone, more than five, the same question twice, more than fifteen questions.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, map(normalize, text.splitlines())), start=1):
        words, *options = (normalize(part) for part in line.split("|"))
        if not words or len(words) > _LONGEST or any(not one or len(one) > 80 for one in options):
            raise Refusal(
                _("Dòng %(n)s: viết câu hỏi (tối đa 200 chữ), rồi các câu trả lời sau dấu |.") % {"n": number},
                code="bad_line", field="questions",
            )  # fmt: skip
        if options and not 2 <= len(options) <= 5:
            raise Refusal(
                _("Dòng %(n)s: viết từ hai đến năm câu trả lời sau dấu |.") % {"n": number},
                code="bad_options", field="questions",
            )  # fmt: skip
        if any(one["text"] == words for one in found):
            raise Refusal(
                _("Dòng %(n)s: câu hỏi này đã có.") % {"n": number}, code="twice", field="questions"
            )
        values = range(len(options) - 1, -1, -1)
        found.append(
            {
                "key": f"q{number}",
                "text": words,
                "options": [list(pair) for pair in zip(values, options, strict=True)],
            }
        )
    if len(found) > MOST:
        raise Refusal(
            _("Tối đa 15 câu hỏi: dài hơn thì ít người trả lời hết."), code="too_many", field="questions"
        )
    return found


def written(questions: Sequence[Mapping[str, Any]]) -> str:
    """Return the text that `read` reads."""
    return "\n".join(
        " | ".join([one["text"], *(label for _value, label in one["options"])]) for one in questions
    )


def checked(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> dict[str, int]:
    """Return the answers that are answers of these questions, as numbers. Refuses what is none; all may be left out."""
    known = {one["key"]: {value for value, _label in one["options"]} or {1, 2, 3, 4, 5} for one in questions}
    found: dict[str, int] = {}
    for key, value in answers.items():
        if key not in known or value not in known[key]:
            raise Refusal(_("Không có câu trả lời này. Chọn lại."), code="bad_answer", field=key)
        found[key] = value
    return found


@dataclass(frozen=True, slots=True)
class Ready:
    """A set that comes with the product, to be adapted and published."""

    key: str
    title: str
    basis: str
    scale: Scale
    text: str


READY = (
    Ready("five", "Mức độ hài lòng, năm mức", "Quyết định 766/QĐ-TTg, nhóm chỉ số mức độ hài lòng", Scale.FIVE, ""),
    Ready("three", "Mức độ hài lòng tại quầy, ba mức", "Thiết bị đánh giá tại Bộ phận Một cửa", Scale.THREE, ""),
    Ready(
        "criteria", "Chín tiêu chí đánh giá việc giải quyết thủ tục",
        "Nghị định 61/2018/NĐ-CP, Điều 31; Thông tư 01/2018/TT-VPCP, Điều 13", Scale.FIVE,
        "Tổng thời gian giải quyết so với quy định | sớm hơn | bằng | muộn hơn\n"
        "Thời gian của từng cơ quan tham gia so với quy định | sớm hơn | bằng | muộn hơn\n"
        "Số lần phải liên hệ nơi tiếp nhận để hoàn thiện hồ sơ | không lần nào | một lần | hơn một lần\n"
        "Số cơ quan phải liên hệ để hoàn thiện hồ sơ | không cơ quan nào | một cơ quan | hơn một cơ quan\n"
        "Tiếp nhận, giải quyết, trả kết quả tại Bộ phận Một cửa | toàn bộ | một phần | không\n"
        "Công khai thủ tục | đủ, kịp thời, đúng | một phần | không\n"
        "Thái độ của cán bộ | tốt | khá | kém\n"
        "Tiếp thu, giải trình phản ánh, kiến nghị | đủ, đúng hạn | một phần | không\n"
        "Dịch vụ công trực tuyến | dễ làm, đúng hẹn | làm được một phần | không làm được",
    ),
    Ready(
        "sipas", "Các yếu tố hài lòng (SIPAS)", "Bộ Nội vụ: phương pháp đo lường sự hài lòng về phục vụ hành chính",
        Scale.FIVE,
        "Tiếp cận dịch vụ\nThủ tục hành chính\nCông chức giải quyết công việc\nKết quả giải quyết\n"
        "Tiếp nhận, xử lý góp ý, phản ánh, kiến nghị",
    ),
)  # fmt: skip
