"""Forms around a version's life: a new procedure, sending for approval, returning, repealing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.ui.keyed import KeyedForm, day_field

_LATE = _("Ngày đã qua: tôi biết hồ sơ nhận từ ngày đó đến nay vẫn theo bản cũ")


class NewProcedureForm(KeyedForm):
    """A procedure that is not in the catalogue yet."""

    code = forms.CharField(
        label=_("Mã thủ tục"), max_length=8, help_text=_("Mã trên Cơ sở dữ liệu quốc gia, ví dụ 1.001193.")
    )
    name = forms.CharField(label=_("Tên thủ tục"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    sector = forms.CharField(label=_("Lĩnh vực"), max_length=200)


class PublishForm(KeyedForm):
    """What a draft is sent to approval with."""

    day = day_field(_("Áp dụng từ ngày"))
    decision_number = forms.CharField(
        label=_("Số quyết định công bố"), max_length=100, help_text="3501/QĐ-UBND"
    )
    decision_date = day_field(_("Ngày ký quyết định"), required=False)
    note = forms.CharField(
        label=_("Lời nhắn cho người duyệt"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    late_known = forms.BooleanField(label=_LATE, required=False)


class RepealForm(KeyedForm):
    """What a repeal is sent to approval with."""

    day = day_field(_("Bãi bỏ từ ngày"), help_text=_("Từ ngày này không nhận hồ sơ mới."))
    decision_number = forms.CharField(
        label=_("Số quyết định bãi bỏ"), max_length=100, help_text="3509/QĐ-UBND"
    )
    decision_date = day_field(_("Ngày ký quyết định"), required=False)
    note = forms.CharField(
        label=_("Lời nhắn cho người duyệt"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    late_known = forms.BooleanField(label=_LATE, required=False)


class ReturnForm(KeyedForm):
    """Why a request is returned."""

    reason = forms.CharField(
        label=_("Lý do trả lại"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Người soạn đọc dòng này để biết sửa gì."),
    )  # fmt: skip


class KeepOursForm(KeyedForm):
    """Why our text stays although the national record differs."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False,
        help_text=_("Thủ tục ra khỏi danh sách “Khác bản quốc gia” cho đến khi có bản ghi mới."),
    )  # fmt: skip


class OneButtonForm(KeyedForm):
    """A single act that needs nothing typed."""
