"""Forms of the calendar pages: they check shape; what is allowed is decided in the operations."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.base.calendars.models import DayKind
from motcua.base.calendars.operations.offices import Week
from motcua.lib.due import Limit
from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE, Session
from motcua.ui.keyed import KeyedForm, day_field, time_field

_WEEKDAYS = [
    (1, _("thứ Hai")),
    (2, _("thứ Ba")),
    (3, _("thứ Tư")),
    (4, _("thứ Năm")),
    (5, _("thứ Sáu")),
    (6, _("thứ Bảy")),
    (7, _("Chủ nhật")),
]
_SOURCE = _("Luật, thông báo, công văn: số và ngày. Dòng này được in trong lời giải thích ngày hẹn.")
_REASON = _("Vì sao đổi: được ghi vào lịch sử, không xóa được.")
_SWAPS = frozenset({DayKind.SWAPPED_OFF, DayKind.WORKING_SATURDAY})


class AddDayForm(KeyedForm):
    """A day off, or the two days of a swap."""

    on = day_field(_("Ngày"))
    kind = forms.ChoiceField(label=_("Loại ngày"), choices=DayKind.choices, widget=forms.RadioSelect)
    other = day_field(
        _("Ngày còn lại của cặp hoán đổi"),
        required=False,
        help_text=_(
            "Ngày nghỉ hoán đổi: ghi ngày làm bù. Ngày làm bù: ghi ngày nghỉ. Cả hai vào lịch cùng lúc."
        ),
    )
    name = forms.CharField(label=_("Tên ngày"), max_length=200, required=False)
    source = forms.CharField(label=_("Nguồn pháp lý"), max_length=500, help_text=_SOURCE)
    scope = forms.ChoiceField(
        label=_("Áp dụng cho"),
        choices=[("all", _("Mọi lịch")), ("own", _("Chỉ lịch này"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A swap has two days; another day needs a name."""
        data = super().clean() or {}
        swap = data.get("kind") in _SWAPS
        if swap and not data.get("other") and "other" not in self.errors:
            self.add_error("other", gettext("Ghi cả ngày nghỉ và ngày làm bù: hoán đổi luôn có hai ngày."))
        if data.get("kind") and not swap and not data.get("name"):
            self.add_error("name", gettext("Nhập tên ngày, ví dụ: Giỗ Tổ Hùng Vương."))
        return data

    def swap(self) -> tuple[date, date] | None:
        """Return the day off and the day worked for it; None for a day that is no swap."""
        data = self.cleaned_data
        if data["kind"] == DayKind.SWAPPED_OFF:
            return data["on"], data["other"]
        return (data["other"], data["on"]) if data["kind"] == DayKind.WORKING_SATURDAY else None

    def freed(self) -> date | None:
        """Return the day that stops being a working day; None when a single day is worked more."""
        pair = self.swap()
        return pair[0] if pair else self.cleaned_data["on"]


class ChangeDayForm(KeyedForm):
    """What is written about a day."""

    name = forms.CharField(label=_("Tên ngày"), max_length=200)
    kind = forms.ChoiceField(label=_("Loại ngày"), choices=DayKind.choices)
    source = forms.CharField(label=_("Nguồn pháp lý"), max_length=500, help_text=_SOURCE)
    reason = forms.CharField(label=_("Lý do sửa"), max_length=500, help_text=_REASON)


class ReasonForm(KeyedForm):
    """Why a day is switched on or off."""

    reason = forms.CharField(label=_("Lý do, văn bản"), max_length=500, help_text=_REASON)


class WithdrawForm(KeyedForm):
    """Why a day is withdrawn."""

    reason = forms.CharField(label=_("Lý do rút"), max_length=500, help_text=_REASON)


class SourceForm(KeyedForm):
    """The text a proposed day, or a whole year, stands on."""

    source = forms.CharField(label=_("Văn bản làm căn cứ"), max_length=500, help_text=_SOURCE)


class CalendarForm(KeyedForm):
    """A new calendar."""

    name = forms.CharField(label=_("Tên lịch"), max_length=160, help_text=_("Ví dụ: Giờ hành chính đặc khu."))
    code = forms.SlugField(
        label=_("Mã lịch"),
        max_length=40,
        help_text=_("Chữ không dấu, số, gạch nối; dùng ở dòng lệnh, không đổi về sau."),
        error_messages={"invalid": _("Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới.")},
    )


class CalendarNameForm(KeyedForm):
    """Another name of a calendar."""

    name = forms.CharField(label=_("Tên lịch"), max_length=160)


class HoursForm(KeyedForm):
    """Office hours from a day on: a common week, and opening hours beside it that may or may not count."""

    valid_from = day_field(_("Áp dụng từ ngày"))
    first_weekday = forms.TypedChoiceField(label=_("Từ thứ"), choices=_WEEKDAYS, coerce=int, initial=1)
    last_weekday = forms.TypedChoiceField(label=_("Đến thứ"), choices=_WEEKDAYS, coerce=int, initial=5)
    morning_start = time_field(_("Sáng từ"), required=False)
    morning_end = time_field(_("Sáng đến"), required=False)
    afternoon_start = time_field(_("Chiều từ"), required=False)
    afternoon_end = time_field(_("Chiều đến"), required=False)
    hours_a_day = forms.DecimalField(
        label=_("Một ngày làm việc tính là mấy giờ"),
        required=False,
        max_digits=4,
        decimal_places=2,
        min_value=Decimal("0.25"),
        max_value=24,
        help_text=_("Để trống: cộng các buổi ở trên. Dùng khi thời hạn là nửa ngày, một phần ngày."),
    )
    extra_weekday = forms.TypedChoiceField(
        label=_("Mở thêm vào"),
        choices=[("", _("không mở thêm")), *_WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    extra_start = time_field(_("Mở thêm từ"), required=False)
    extra_end = time_field(_("Mở thêm đến"), required=False)
    extra_counts = forms.BooleanField(
        label=_("Giờ mở thêm cũng tính vào thời hạn giải quyết"),
        required=False,
        help_text=_("Để trống nếu chỉ nhận và trả hồ sơ thêm, không rút ngắn ngày hẹn."),
    )
    source = forms.CharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Quyết định, thông báo giờ làm việc.")
    )

    def clean(self) -> dict[str, Any]:
        """Each session has both ends; there is at least one; weekdays run forward."""
        data = super().clean() or {}
        for start, end in (("morning_start", "morning_end"), ("afternoon_start", "afternoon_end")):
            self._both_ends(data, start, end)
        if not self.errors and not self._sessions(data):
            self.add_error("morning_start", gettext("Nhập giờ của ít nhất một buổi."))
        if not self.errors and data["first_weekday"] > data["last_weekday"]:
            self.add_error("last_weekday", gettext("Thứ kết thúc đứng trước thứ bắt đầu."))
        if not self.errors and self._overlap(data):
            self.add_error("afternoon_start", gettext("Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc."))
        if data.get("extra_weekday"):
            if not data.get("extra_start") or not data.get("extra_end"):
                self.add_error("extra_start", gettext("Nhập đủ giờ mở và giờ đóng."))
            self._both_ends(data, "extra_start", "extra_end")
        return data

    def _both_ends(self, data: dict[str, Any], start: str, end: str) -> None:
        if start in self.errors or end in self.errors or bool(data.get(start)) == bool(data.get(end)):
            if data.get(start) and data.get(end) and data[start] >= data[end]:
                self.add_error(end, gettext("Giờ đóng phải sau giờ mở."))
            return
        self.add_error(end if data.get(start) else start, gettext("Nhập đủ giờ mở và giờ đóng."))

    @staticmethod
    def _overlap(data: dict[str, Any]) -> bool:
        noon, again = data["morning_end"], data["afternoon_start"]
        return bool(noon and again and noon >= again)

    @staticmethod
    def _sessions(data: dict[str, Any]) -> tuple[Session, ...]:
        pairs = [("morning_start", "morning_end"), ("afternoon_start", "afternoon_end")]
        return tuple(Session(data[start], data[end]) for start, end in pairs if data.get(start))

    def weeks(self) -> list[Week]:
        """Return the hours as the operation takes them."""
        data = self.cleaned_data
        sessions = self._sessions(data)
        worth = data["hours_a_day"] or _hours(sessions)
        found = [Week(sessions, worth, data["first_weekday"], data["last_weekday"])]
        if data.get("extra_weekday"):
            extra = (Session(data["extra_start"], data["extra_end"]),)
            day = data["extra_weekday"]
            found.append(Week(extra, _hours(extra), day, day, counts=data["extra_counts"]))
        return found


def _hours(sessions: tuple[Session, ...]) -> Decimal:
    minutes = sum(_minutes(session.end) - _minutes(session.start) for session in sessions)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


class TrialForm(forms.Form):
    """A receipt and a limit, to see what they come to."""

    received = forms.DateTimeField(
        label=_("Nhận hồ sơ lúc"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"autocomplete": "off"}, format="%H:%M %d/%m/%Y"),
        help_text="15:30 28/08/2026",
        error_messages={"invalid": _("Thời điểm này không có. Viết như 15:30 28/08/2026.")},
    )
    limit = forms.CharField(
        label=_("Thời hạn"),
        max_length=60,
        help_text=_("3 ngày làm việc, 5 ngày, 8 giờ làm việc, 1 tháng, trong ngày."),
    )

    def clean_received(self) -> datetime:
        """A typed moment is Vietnamese time, whatever the server's zone."""
        moment: datetime = self.cleaned_data["received"]
        return moment.replace(tzinfo=ZONE)

    def clean_limit(self) -> Limit:
        """Read the limit; what cannot be read without guessing is a fault of the field."""
        try:
            return parse_limit(self.cleaned_data["limit"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal
