"""What an officer writes about a mandate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.ui.keyed import KeyedForm, day_field


class ConfirmForm(KeyedForm):
    """Until when."""

    valid_until = day_field(_("Làm thay được đến hết ngày"))

    def __init__(self, *args: Any, child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["valid_until"]
        day.required = not child
        day.help_text = (
            _("Để trống: đến trước ngày con đủ 18 tuổi.") if child else _("Ngày ghi trên giấy tờ.")
        )


class RefuseForm(KeyedForm):
    """What is missing."""

    reason = forms.CharField(
        label=_("Thiếu gì, sai ở đâu"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Người xin đọc được. Nói rõ cần mang hay chụp lại gì."),
        error_messages={"required": _("Ghi rõ thiếu gì hoặc sai ở đâu để người dân biết cần làm gì.")},
    )


class EndForm(KeyedForm):
    """Why it ends."""

    reason = forms.CharField(
        label=_("Lý do chấm dứt"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Ghi lý do chấm dứt.")},
    )
