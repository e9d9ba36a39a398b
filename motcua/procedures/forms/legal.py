"""The form of a legal text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.procedures.operations.legal_texts import LONGEST
from motcua.ui.keyed import KeyedForm, day_field


class LegalTextForm(KeyedForm):
    """What is known of a text; its articles are pasted as text and cut at each "Điều"."""

    number = forms.CharField(label=_("Số"), max_length=100, help_text=_("Như 123/2015/NĐ-CP, 60/2014/QH13."))
    name = forms.CharField(label=_("Tên"), max_length=1000)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
    signed_on = day_field(_("Ngày ký"), required=False)
    in_force_from = day_field(_("Có hiệu lực từ"), required=False)
    in_force_to = day_field(
        _("Hết hiệu lực từ"), required=False, help_text=_("Ngày đầu tiên không còn áp dụng.")
    )
    replaced_by = forms.CharField(label=_("Thay bằng văn bản số"), max_length=100, required=False)
    url = forms.URLField(
        label=_("Địa chỉ văn bản chính thức"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Trang của Cơ sở dữ liệu quốc gia về văn bản pháp luật hoặc của cơ quan ban hành."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Nội dung"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Dán cả văn bản hoặc phần cần tra; mỗi dòng bắt đầu bằng “Điều …” mở một điều mới."),
    )  # fmt: skip
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_url(self) -> str:
        """Take web addresses only."""
        url: str = self.cleaned_data["url"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Địa chỉ bắt đầu bằng https:// hoặc http://."))
        return url

    def facts(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the text alone."""
        return {name: value for name, value in data.items() if name not in ("key", "edition")}
