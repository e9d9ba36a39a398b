"""Forms of an application."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.words import ResultChannel
from motcua.online.models import Helper
from motcua.ui.keyed import KeyedForm

_ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,.heif"


def file_field(label: Any, *, required: bool = True) -> forms.FileField:
    """Return the control for the pages of one paper."""
    return forms.FileField(
        label=label, required=required, widget=forms.FileInput({"accept": _ACCEPT}),
        help_text=_("Chụp rõ từng trang, hoặc chọn tệp PDF. Nhiều ảnh thì ghép thành một tệp."),
        error_messages={"required": _("Chọn ảnh hoặc tệp PDF rồi gửi.")},
    )  # fmt: skip


class StartForm(KeyedForm):
    """For whom, which case, where."""

    applicant = forms.ChoiceField(label=_("Làm cho ai?"), widget=forms.RadioSelect)
    variant = forms.TypedChoiceField(
        label=_("Trường hợp nào?"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn trường hợp của anh/chị.")},
    )  # fmt: skip
    agency = forms.TypedChoiceField(
        label=_("Cơ quan nào giải quyết?"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn cơ quan giải quyết.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], variants: list[tuple[int, str]],
        agencies: list[tuple[int, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, choices in (("applicant", roles), ("variant", variants), ("agency", agencies)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            if len(choices) == 1:  # one answer is no question
                field.widget = forms.HiddenInput()
                field.initial = choices[0][0]


class RenewForm(KeyedForm):
    """Which case and which agency, where the version in force leaves a choice."""

    variant = forms.TypedChoiceField(
        label=_("Trường hợp nào?"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn trường hợp của anh/chị.")},
    )  # fmt: skip
    agency = forms.TypedChoiceField(
        label=_("Cơ quan nào giải quyết?"), coerce=int, widget=forms.Select,
        error_messages={"required": _("Chọn cơ quan giải quyết.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, variants: list[tuple[int, str]], agencies: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("variant", variants), ("agency", agencies)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            if len(choices) == 1:
                field.widget = forms.HiddenInput()
                field.initial = choices[0][0]


class PaperForm(KeyedForm):
    """The pages of one paper."""

    file = file_field(_("Ảnh hoặc tệp của giấy tờ này"))


class OwnPaperForm(KeyedForm):
    """A paper that is not on the list."""

    name = forms.CharField(
        label=_("Tên giấy tờ"), max_length=300, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Ghi tên giấy tờ.")},
    )  # fmt: skip
    file = file_field(_("Ảnh hoặc tệp"))


class ContactForm(KeyedForm):
    """How the result comes and whom to tell."""

    result_channel = forms.ChoiceField(
        label=_("Nhận kết quả bằng cách nào?"), widget=forms.RadioSelect,
        choices=[
            (ResultChannel.ELECTRONIC, _("Bản điện tử, tải về ở đây")),
            (ResultChannel.POST, _("Bản giấy, qua bưu chính đến nhà")),
            (ResultChannel.COUNTER, _("Bản giấy, đến lấy tại quầy")),
        ],
    )  # fmt: skip
    return_address = forms.CharField(
        label=_("Địa chỉ nhận, nếu qua bưu chính"), required=False, max_length=500,
        widget=forms.Textarea({"autocomplete": "street-address", "rows": 2}),
        help_text=_("Số nhà, đường hoặc thôn, phường hoặc xã, tỉnh hoặc thành phố."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Số điện thoại để báo tin"), max_length=40,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Ghi số điện thoại để cơ quan báo cho anh/chị.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Thư điện tử, nếu có"), required=False, max_length=200,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": _("Địa chỉ thư này không đúng. Viết như ten@example.vn.")},
    )  # fmt: skip


class CheckForm(KeyedForm):
    """Who presses, and the word that all is true."""

    helped_by = forms.ChoiceField(
        label=_("Ai bấm nộp?"), widget=forms.RadioSelect, choices=Helper.choices, initial=Helper.NOBODY
    )
    helper_name = forms.CharField(
        label=_("Họ tên, nơi làm việc của người giúp"), required=False, max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    true = forms.BooleanField(
        label=_("Tôi cam đoan nội dung khai và giấy tờ gửi kèm là đúng"),
        error_messages={"required": _("Đánh dấu cam đoan rồi bấm nộp.")},
    )


class AnswerForm(KeyedForm):
    """One line of a supplement request: a file, or why there is none."""

    file = file_field(_("Ảnh hoặc tệp"), required=False)
    note = forms.CharField(
        label=_("Không có giấy này? Ghi vì sao"), required=False, max_length=500,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class WithdrawForm(KeyedForm):
    """Why it is withdrawn."""

    reason = forms.CharField(
        label=_("Vì sao rút hồ sơ?"), max_length=300, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Ghi lý do rút hồ sơ.")},
    )  # fmt: skip
