"""What an officer writes about a mandate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.ui.keyed import KeyedForm, day_field


class ConfirmForm(KeyedForm):
    """Until when."""

    valid_until = day_field(_("Làm thay được đến hết ngày"))

    no_end = forms.BooleanField(
        label=_("Người đại diện theo pháp luật: không thời hạn, đến khi chấm dứt"), required=False
    )

    def __init__(self, *args: Any, child: bool, business: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["valid_until"]
        day.required = not child and not business
        day.help_text = (
            _("Để trống: đến trước ngày con đủ 18 tuổi.")
            if child
            else _("Ngày ghi trên giấy tờ. Giấy giới thiệu, ủy quyền thì phải ghi.")
            if business
            else _("Ngày ghi trên giấy tờ.")
        )
        if not business:
            del self.fields["no_end"]


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


#: What a person says of a paper; the names of `operations.bringing.Told`.
TOLD = ("name", "number", "issuer", "issued_on", "valid_to", "for_ever")
_PLAIN = forms.TextInput({"autocomplete": "off"})


class PaperForm(KeyedForm):
    """What paper comes into a vault: what stands on it."""

    name = forms.CharField(
        label=_("Tên giấy tờ"), max_length=300, widget=_PLAIN,
        help_text=_("Như trên giấy, ví dụ Giấy chứng nhận kết hôn: theo tên này, giấy hiện ra đúng chỗ khi nộp hồ sơ."),
        error_messages={"required": _("Ghi tên giấy tờ.")},
    )  # fmt: skip
    number = forms.CharField(label=_("Số của giấy tờ, nếu có"), max_length=60, required=False, widget=_PLAIN)
    issuer = forms.CharField(label=_("Nơi cấp, nếu biết"), max_length=300, required=False, widget=_PLAIN)
    issued_on = day_field(_("Ngày cấp, nếu biết"), required=False)
    valid_to = day_field(_("Hết hạn ngày, nếu có"), required=False)
    for_ever = forms.BooleanField(label=_("Giấy tờ không thời hạn"), required=False)


class SignedForm(PaperForm):
    """A signed PDF, and what paper it is a copy of."""

    file = forms.FileField(
        label=_("Tệp PDF có chữ ký số"), required=False, widget=forms.FileInput({"accept": ".pdf"}),
        help_text=_("Tải từ nơi đã chứng thực và gửi nguyên tệp; in ra rồi quét lại thì mất chữ ký."),
    )  # fmt: skip
    field_order = ("file", *TOLD)
