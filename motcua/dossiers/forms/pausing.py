"""The lawful ways in which a due date moves: pause, go on, apologise and promise anew."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock
from motcua.dossiers.forms.act import ActionForm, day, text
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.dossiers.operations import apology, expiry, pauses
from motcua.dossiers.states import Status
from motcua.lib.refusal import Refusal
from motcua.ui import dates

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_STEPS_ON = (1, 3, 5, 10)


class SuspendForm(ActionForm):
    lead = gettext_lazy("Thời hạn dừng cho đến khi bấm “Tiếp tục giải quyết”.")
    send = gettext_lazy("Tạm dừng")
    for_money: ClassVar[bool] = False
    reason = text(gettext_lazy("Lý do và căn cứ"))
    until = day(gettext_lazy("Dự kiến đến hết ngày"))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        until = self.end_of(data["until"]) if data["until"] else None
        return pauses.suspend(**common, reason=data["reason"], until=until, for_money=self.for_money)


class MoneyForm(SuspendForm):
    lead = gettext_lazy("Thời hạn dừng trong lúc người nộp thực hiện nghĩa vụ tài chính.")
    send = gettext_lazy("Dừng chờ nộp tiền")
    for_money = True


class ResumeForm(ActionForm):
    lead = gettext_lazy("Thời hạn chạy tiếp; ngày hẹn mới được tính ngay.")
    send = gettext_lazy("Tiếp tục giải quyết")
    note = text(gettext_lazy("Vì sao tiếp tục được"), rows=2, required=False)

    def run(self, common: dict[str, Any]) -> Dossier:
        return pauses.resume(**common, note=self.cleaned_data["note"])


class NewDateForm(ActionForm):
    """The reason and the new date, as they were prepared or proposed."""

    new_day = day(gettext_lazy("Ngày hẹn mới"), required=True)
    new_time = forms.TimeField(
        label=gettext_lazy("Giờ"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Để trống: cuối giờ làm việc."),
    )  # fmt: skip
    reason = text(
        gettext_lazy("Lý do chậm, in trên văn bản xin lỗi"),
        hint=gettext_lazy(
            "Người dân đọc nguyên văn ở trang tra cứu. Không ghi tên, số giấy tờ, số điện thoại của ai."
        ),
    )

    def prepare(self) -> None:
        row = self.facts.desk.apology
        if row is not None and row.new_due_at > self.facts.now:
            when = timezone.localtime(row.new_due_at, _HERE)
            self.initial.update({"new_day": when.date(), "new_time": when.time(), "reason": row.reason})

    def suggestions(self) -> list[tuple[date, int]]:
        """Working days after the present date or today, whichever is later, with how many days on."""
        dossier = self.facts.dossier
        calendar = clock.calendar_of(dossier)
        promised = timezone.localdate(dossier.due_at) if dossier.due_at else self.facts.day
        start = max(promised, self.facts.day)
        return [(calendar.add_days(start, count), count) for count in _STEPS_ON]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if day := data.get("new_day"):
            calendar = clock.calendar_of(self.facts.dossier)
            if not calendar.is_working(day):
                self.add_error(
                    "new_day",
                    _("Ngày này là ngày nghỉ. Ngày làm việc gần nhất: %(day)s.")
                    % {"day": f"{calendar.roll_forward(day):%d/%m/%Y}"},
                )
            moment: time | None = data.get("new_time")
            data["new_due_at"] = datetime.combine(day, moment, _HERE) if moment else self.end_of(day)
        return data

    def ask(self, common: dict[str, Any], operation: Callable[..., Dossier]) -> Dossier:
        """Call an operation that judges the new date; what it says of that belongs to the field of the day."""
        data = self.cleaned_data
        try:
            return operation(**common, new_due_at=data["new_due_at"], reason=data["reason"])
        except Refusal as refusal:
            refusal.field = "new_day" if refusal.field == "new_due_at" else refusal.field
            raise


class ExtendForm(NewDateForm):
    lead = gettext_lazy(
        "Chỉ được hẹn lại một lần. Văn bản xin lỗi in được ngay sau khi lưu; ngày hẹn đầu vẫn được giữ."
    )
    send = gettext_lazy("Xin lỗi và hẹn lại")

    def run(self, common: dict[str, Any]) -> Dossier:
        return self.ask(common, pauses.extend)


class ProposeApologyForm(NewDateForm):
    lead = gettext_lazy(
        "Lãnh đạo duyệt thì văn bản xin lỗi mới được phát hành. Chỉ được hẹn lại một lần: chọn ngày chắc chắn xong."
    )
    send = gettext_lazy("Trình lãnh đạo")

    def run(self, common: dict[str, Any]) -> Dossier:
        return self.ask(common, apology.propose)


class ReturnApologyForm(ActionForm):
    lead = gettext_lazy("Đề nghị về lại người giữ hồ sơ để sửa; lý do và ngày họ đã ghi vẫn còn.")
    send = gettext_lazy("Trả lại")
    reason = text(gettext_lazy("Cần sửa gì"))

    def run(self, common: dict[str, Any]) -> Dossier:
        return apology.send_back(**common, reason=self.cleaned_data["reason"])


class WaveOffForm(ActionForm):
    lead = gettext_lazy("Báo rằng hồ sơ sẽ xong đúng hạn: không gửi văn bản xin lỗi, ngày hẹn giữ nguyên.")
    send = gettext_lazy("Sẽ xong đúng hạn")

    def run(self, common: dict[str, Any]) -> Dossier:
        return apology.wave_off(**common)


class GoOnWithoutForm(ActionForm):
    lead = gettext_lazy("Thời hạn chạy tiếp từ lúc hết hạn bổ sung; giải quyết với giấy tờ đã có.")
    send = gettext_lazy("Giải quyết tiếp")

    def run(self, common: dict[str, Any]) -> Dossier:
        return expiry.go_on_without(**common)


class RefuseUnansweredForm(ActionForm):
    lead = gettext_lazy(
        "Văn bản từ chối là kết quả của hồ sơ: in được ngay, nơi trả kết quả trao cho người nộp."
    )
    send = gettext_lazy("Từ chối giải quyết")
    reason = text(gettext_lazy("Lý do, in trên phiếu từ chối"))

    def prepare(self) -> None:
        self.initial["reason"] = unanswered_reason(self.facts.dossier, self.facts.now)

    def run(self, common: dict[str, Any]) -> Dossier:
        return expiry.refuse_unanswered(**common, reason=self.cleaned_data["reason"])


def unanswered_reason(dossier: Dossier, now: datetime) -> str:
    """Return the reason that the system prepares where the applicant's own deadline has passed; "" elsewhere."""
    if (
        dossier.status != Status.AWAITING_SUPPLEMENT
        or not dossier.answer_due_at
        or dossier.answer_due_at >= now
    ):
        return ""
    request = SupplementRequest.objects.filter(dossier=dossier, received_at=None).order_by("-number").first()
    names = "; ".join(str(item["name"]) for item in (request.items if request else []))
    return _("Hết hạn bổ sung %(when)s mà chưa nhận được: %(papers)s.") % {
        "when": dates.moment(dossier.answer_due_at), "papers": names,
    }  # fmt: skip
