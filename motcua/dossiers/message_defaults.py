"""The events that applicants are told of, and what each channel says where no agency wrote words of its own.

Each says what happened and what to do next. A sentence with a name that has no value is left out, so each name stands
in a sentence of its own.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

PREFIX = "tell-"


@dataclass(frozen=True, slots=True)
class EventWords:
    """An event and its words. `required`: the law has us tell it, whatever channels somebody turned off."""

    key: str
    title: Promise
    sms: str
    mail: str
    required: bool = False

    @property
    def form(self) -> str:
        """The name by which an agency's own words are kept."""
        return f"{PREFIX}{self.key}"


_LOOK = "Xem tại {trang tra cứu}."
_CALL = " Cần hỏi, gọi {điện thoại cơ quan}."
_CHOOSE = " Chọn cách nhận tin: {trang chọn tin}."
_E = EventWords
EVENTS: dict[str, EventWords] = {
    one.key: one
    for one in (
        _E(
            "submitted", gettext_lazy("Đã nhận hồ sơ nộp từ xa, đang kiểm tra"),
            f"Hồ sơ {{mã hồ sơ}} đã đến, trong một ngày làm việc sẽ có trả lời. {_LOOK}{_CHOOSE}",
            "Chúng tôi đã nhận hồ sơ {mã hồ sơ} ({tên thủ tục}) và đang kiểm tra. Trong một ngày làm việc anh/chị sẽ "
            "được báo hồ sơ đã đủ hay cần bổ sung.",
        ),
        _E(
            "received", gettext_lazy("Đã tiếp nhận"),
            f"Hồ sơ {{mã hồ sơ}} đã được tiếp nhận. Hẹn trả kết quả {{hạn trả}}. {_LOOK}{_CHOOSE}",
            "Hồ sơ {mã hồ sơ} ({tên thủ tục}) đã được tiếp nhận. Hẹn trả kết quả lúc {hạn trả}. Anh/chị không "
            "phải làm "
            f"gì thêm; có gì thay đổi chúng tôi báo ngay.{_CALL}",
        ),
        _E(
            "refused", gettext_lazy("Không tiếp nhận"),
            f"Hồ sơ {{mã hồ sơ}} không được tiếp nhận. Lý do và cách làm tiếp ghi trong thông báo. {_LOOK}{_CALL}",
            "Hồ sơ {mã hồ sơ} không được tiếp nhận. Lý do ghi trong thông báo gửi anh/chị. Sửa theo lý do đó "
            "rồi nộp lại; "
            f"không đồng ý thì anh/chị có quyền khiếu nại.{_CALL}",
            required=True,
        ),
        _E(
            "supplement", gettext_lazy("Cần bổ sung"),
            f"Hồ sơ {{mã hồ sơ}} cần bổ sung giấy tờ. Hạn: {{hạn bổ sung}}. Xem cần gì tại {{trang tra cứu}}.{_CALL}",
            "Hồ sơ {mã hồ sơ} cần bổ sung giấy tờ. Cần: {giấy tờ cần bổ sung}. Hạn bổ sung: {hạn bổ sung}. Nộp "
            "ở nơi đã "
            f"nộp hồ sơ; thời gian chờ bổ sung không tính vào hạn trả.{_CALL}",
            required=True,
        ),
        _E(
            "fee", gettext_lazy("Cần nộp tiền"),
            f"Hồ sơ {{mã hồ sơ}} chờ anh/chị nộp tiền. Số tiền và cách nộp ở trang tra cứu. {_LOOK}{_CALL}",
            "Hồ sơ {mã hồ sơ} đang chờ anh/chị thực hiện nghĩa vụ tài chính. Số tiền và cách nộp ghi trong "
            "thông báo nộp "
            f"tiền. Nộp xong hồ sơ đi tiếp ngay; thời gian chờ không tính vào hạn trả.{_CALL}",
            required=True,
        ),
        _E(
            "paused", gettext_lazy("Tạm dừng"),
            f"Hồ sơ {{mã hồ sơ}} tạm dừng theo quy định. Anh/chị chưa phải làm gì. {_LOOK}{_CALL}",
            "Hồ sơ {mã hồ sơ} tạm dừng theo quy định; thời gian dừng không tính vào hạn trả. Anh/chị chưa phải "
            "làm gì, khi "
            f"hồ sơ đi tiếp chúng tôi báo hạn trả mới.{_CALL}",
        ),
        _E(
            "resumed", gettext_lazy("Đi tiếp"),
            f"Hồ sơ {{mã hồ sơ}} được giải quyết tiếp. Hẹn trả kết quả {{hạn trả}}. {_LOOK}",
            "Hồ sơ {mã hồ sơ} được giải quyết tiếp. Hẹn trả kết quả lúc {hạn trả}. Anh/chị không phải làm gì thêm.",
        ),
        _E(
            "new_date", gettext_lazy("Xin lỗi và hẹn lại"),
            f"Xin lỗi vì hồ sơ {{mã hồ sơ}} chậm hẹn. Hẹn trả mới: {{hạn trả}}. {_LOOK}{_CALL}",
            "Xin lỗi anh/chị vì hồ sơ {mã hồ sơ} không kịp hẹn. Hẹn trả mới: {hạn trả}. Anh/chị không phải nộp "
            "thêm giấy tờ "
            f"hay chi phí nào.{_CALL}",
            required=True,
        ),
        _E(
            "done", gettext_lazy("Đã có kết quả"),
            "Hồ sơ {mã hồ sơ} đã có kết quả. Đến nhận tại {nơi nhận kết quả}. {Cách nhận kết quả}."
            f"{_CALL}",
            "Hồ sơ {mã hồ sơ} đã có kết quả. Đến nhận tại {nơi nhận kết quả}, mang theo giấy hẹn và giấy tờ tùy thân. "
            f"{{Cách nhận kết quả}}.{_CALL}",
            required=True,
        ),
        _E(
            "denied", gettext_lazy("Kết quả: không giải quyết được"),
            f"Hồ sơ {{mã hồ sơ}} có văn bản trả lời không giải quyết được. Đến nhận tại {{nơi nhận kết quả}}.{_CALL}",
            "Hồ sơ {mã hồ sơ} không giải quyết được; văn bản trả lời ghi rõ lý do. Đến nhận tại "
            "{nơi nhận kết quả}. {Cách nhận kết quả}. Không đồng "
            f"ý thì anh/chị có quyền khiếu nại.{_CALL}",
            required=True,
        ),
        _E(
            "returned", gettext_lazy("Đã trả kết quả"),
            "Kết quả hồ sơ {mã hồ sơ} đã được trao. Nếu anh/chị chưa nhận, gọi {điện thoại cơ quan}.",
            "Kết quả hồ sơ {mã hồ sơ} đã được trao. Nếu anh/chị chưa nhận, gọi ngay {điện thoại cơ quan}. "
            "Anh/chị được phục "
            "vụ thế nào, cho chúng tôi biết tại {trang đánh giá}.",
        ),
        _E(
            "ended", gettext_lazy("Rút hoặc dừng hồ sơ"),
            f"Hồ sơ {{mã hồ sơ}} đã kết thúc không có kết quả. {_LOOK}{_CALL}",
            "Hồ sơ {mã hồ sơ} đã kết thúc không có kết quả: do anh/chị rút, hoặc do phải dừng theo quy định. "
            "Cần thì nộp lại "
            f"hồ sơ mới.{_CALL}",
            required=True,
        ),
        _E(
            "rating", gettext_lazy("Mời đánh giá"),
            "Anh/chị được phục vụ thế nào với hồ sơ {mã hồ sơ}? Một phút tại {trang đánh giá}.",
            "Anh/chị được phục vụ thế nào với hồ sơ {mã hồ sơ}? Một phút trả lời tại {trang đánh giá} giúp "
            "chúng tôi sửa "
            "cách làm. Cán bộ không biết ai đã đánh giá.",
        ),
    )
}  # fmt: skip
