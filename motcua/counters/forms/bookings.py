"""Forms of a hall's officers: booking for a caller, times that can be booked, days that are closed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.counters.models import Service
from motcua.counters.models.hall import Entrance
from motcua.counters.states import Priority
from motcua.ui.dates import WEEKDAYS
from motcua.ui.keyed import KeyedForm, day_field, time_field

_WORKING_WEEK = range(5)


class RuleForm(KeyedForm):
    """Times of a service on some weekdays."""

    service = forms.ModelChoiceField(label=_("Nhóm việc"), queryset=Service.objects.none(), empty_label=None)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Ngày trong tuần"), coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(WEEKDAYS)), initial=list(_WORKING_WEEK),
    )  # fmt: skip
    from_time = time_field(_("Từ giờ"))
    to_time = time_field(_("Đến giờ"))
    minutes = forms.IntegerField(label=_("Mỗi lượt cách nhau (phút)"), min_value=5, max_value=240, initial=30)
    capacity = forms.IntegerField(label=_("Số người mỗi giờ hẹn"), min_value=1, max_value=200, initial=2)
    valid_from = day_field(_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, services: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = services


class CloseDayForm(KeyedForm):
    """A day on which no bookings are taken."""

    day = day_field(_("Ngày"))
    reason = forms.CharField(
        label=_("Lý do"), max_length=160, help_text=_("Ví dụ: cả trung tâm đi tập huấn.")
    )


class EntranceForm(KeyedForm):
    """How phones take numbers."""

    how = forms.ChoiceField(
        label=_("Lấy số trên điện thoại"), choices=Entrance.choices, widget=forms.RadioSelect
    )


class CallerForm(KeyedForm):
    """What is written down when an officer books for somebody; the time comes as a button."""

    channel = forms.ChoiceField(
        label=_("Đặt qua"), choices=[("phone", _("Điện thoại")), ("counter", _("Tại quầy"))], widget=forms.RadioSelect,
        initial="phone",
    )  # fmt: skip
    priority = forms.ChoiceField(label=_("Diện ưu tiên"), choices=Priority.choices, required=False)
