"""What an officer writes about a mandate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.ui.keyed import KeyedForm, day_field


class ConfirmForm(KeyedForm):
    """Until when."""

    valid_until = day_field(
        _("Làm thay được đến hết ngày"),
        required=False,
        help_text=_("Theo giấy tờ. Với con chưa thành niên để trống thì đến trước ngày đủ 18 tuổi."),
    )


class RefuseForm(KeyedForm):
    """What is missing."""

    reason = forms.CharField(
        label=_("Thiếu gì, sai ở đâu"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )


class EndForm(KeyedForm):
    """Why it ends."""

    reason = forms.CharField(
        label=_("Lý do chấm dứt"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
