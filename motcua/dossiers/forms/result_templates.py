"""Forms of the pages on which an administrator keeps the templates of results: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers import words
from motcua.ui.keyed import KeyedForm, day_field


class TemplateForm(KeyedForm):
    """A file, and which results it is for."""

    file = forms.FileField(
        label=_("Mẫu kết quả, tệp Word (.docx)"), max_length=200,
        help_text=_("Nhiều nhất 2 MB. Không macro, không đối tượng nhúng, không liên kết ra ngoài."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"empty": _("Tệp này rỗng. Chọn lại tệp.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Dùng khi"), choices=words.ResultKind.choices, widget=forms.RadioSelect,
        initial=words.ResultKind.GRANTED,
    )  # fmt: skip
    procedure = forms.CharField(
        label=_("Mã thủ tục"),
        required=False,
        max_length=20,
        help_text=_("Để trống: mọi thủ tục của cơ quan."),
    )
    result = forms.CharField(
        label=_("Loại kết quả của thủ tục"), required=False, max_length=1000,
        help_text=_("Tên như trong danh mục. Để trống: mọi kết quả của thủ tục."),
    )  # fmt: skip


class PublishTemplateForm(KeyedForm):
    """From which day on, and what was looked at."""

    valid_from = day_field(
        _("Áp dụng từ ngày"), help_text=_("Sớm nhất là hôm nay. Bản cũ vẫn còn trong danh sách.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)
