"""Forms about workflows: beginning one, publishing, applying."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.lib.due import Limit
from motcua.lib.refusal import Refusal
from motcua.procedures.queries import selection
from motcua.ui.keyed import KeyedForm, day_field
from motcua.workflow.source import reading


class BeginForm(KeyedForm):
    """A workflow of one's own."""

    name = forms.CharField(label=_("Tên quy trình"), max_length=300)
    code = forms.CharField(
        label=_("Ký hiệu"), max_length=60, required=False, help_text=_("Theo quyết định ban hành, nếu có.")
    )
    sector = forms.CharField(label=_("Lĩnh vực"), max_length=200, required=False)
    decision = forms.CharField(
        label=_("Quyết định ban hành"), max_length=300, required=False, help_text=_("Số và ngày.")
    )
    limit = forms.CharField(
        label=_("Thời hạn theo quy định"),
        max_length=60,
        required=False,
        help_text=_("Ghi như “3 ngày làm việc”."),
    )

    def clean_limit(self) -> Limit | None:
        text = self.cleaned_data["limit"].strip()
        if not text:
            return None
        try:
            found = reading.one_limit(text)
        except Refusal as refused:
            raise forms.ValidationError(refused.message) from refused
        if found is None:
            raise forms.ValidationError(_("Không đọc được thời hạn này. Hãy ghi như “3 ngày làm việc”."))
        return found


class DrawingForm(KeyedForm):
    """A BPMN file to read."""

    file = forms.FileField(
        label=_("Tệp BPMN 2.0"), help_text=_("Tệp .bpmn hoặc .xml, nhiều nhất 10 MB."),
        error_messages={"empty": _("Tệp này rỗng. Hãy chọn lại tệp.")},
    )  # fmt: skip


class PublishForm(KeyedForm):
    """Putting a draft into force: for which procedures, from which day."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=64)
    valid_from = day_field(_("Áp dụng cho hồ sơ nhận từ ngày"))
    held = forms.MultipleChoiceField(
        label=_("Thủ tục đang chạy bản trước, chuyển sang bản này"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    codes = forms.CharField(
        label=_("Thêm thủ tục chạy quy trình này"), max_length=400, required=False,
        help_text=_("Mã thủ tục, nhiều mã cách nhau bằng dấu phẩy. Để trống nếu gán sau."),
    )  # fmt: skip

    def __init__(self, *args: Any, held: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        first = {"valid_from": today, "held": [value for value, _name in held]}
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if held:
            field = self.fields["held"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = held
        else:
            del self.fields["held"]

    def clean_codes(self) -> list[int]:
        """Return the procedures that were named."""
        found = []
        for code in filter(
            None, (one.strip() for one in self.cleaned_data["codes"].replace(";", ",").split(","))
        ):
            try:
                found.append(selection.procedure_of(code).pk)
            except Refusal as refused:
                raise forms.ValidationError(refused.message) from refused
        return found
