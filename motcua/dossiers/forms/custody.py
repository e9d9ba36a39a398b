"""Forms about paper: where it goes, what arrived, how a missing one was settled, who took it back."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import custody_rights as rights
from motcua.ui.keyed import KeyedForm

_WAYS = {
    rights.FOUND_THERE: gettext_lazy("Đã tìm thấy, đang ở bên nhận"),
    rights.FOUND_HERE: gettext_lazy("Vẫn ở bên giao, chưa hề đi"),
    rights.LOST: gettext_lazy("Ghi nhận mất (lãnh đạo quyết định)"),
}
_PLAIN = {"autocomplete": "off"}


def _line(label: Any, most: int) -> forms.CharField:
    too_long = gettext_lazy("Quá dài: tối đa %(limit_value)s chữ, hiện có %(show_value)s chữ.")
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"max_length": too_long},
    )  # fmt: skip


class GiveForm(KeyedForm):
    """Where chosen papers go. `to` becomes (unit, point or None)."""

    to = forms.ChoiceField(
        label=gettext_lazy("Giao cho"),
        error_messages={
            "required": gettext_lazy("Chọn nơi nhận giấy tờ."),
            "invalid_choice": gettext_lazy("Nơi nhận này không nhận được các giấy tờ đã chọn. Chọn lại."),
        },
    )
    note = _line(gettext_lazy("Ghi chú"), 500)

    def __init__(self, *args: Any, groups: list[tuple[str, list[tuple[str, str]]]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn nơi nhận")), *groups]

    def clean_to(self) -> tuple[int, int | None]:
        unit, point = re.findall(r"[0-9]+", self.cleaned_data["to"] + ":0")[:2]
        return int(unit), int(point) or None


class TakeForm(KeyedForm):
    """What a taker says besides the marked lines."""

    missing_ok = forms.BooleanField(
        label=gettext_lazy("Các dòng chưa đánh dấu không có trong gói: báo thiếu"), required=False
    )


class WithdrawForm(KeyedForm):
    """Why a slip is taken back."""

    reason = _line(gettext_lazy("Lý do thu hồi"), 300)


class SettleForm(KeyedForm):
    """Where a missing paper turned out to be."""

    how = forms.ChoiceField(
        label=gettext_lazy("Kết quả tìm"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn kết quả tìm giấy tờ."),
            "invalid_choice": gettext_lazy("Chọn kết quả tìm giấy tờ."),
        },
    )
    reason = _line(gettext_lazy("Lý do, cách khắc phục (bắt buộc khi ghi nhận mất)"), 500)

    def __init__(self, *args: Any, ways: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["how"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(how, _WAYS[how]) for how in ways]


class EndForm(KeyedForm):
    """Who took papers back; a remark when they are filed away."""

    given_to = _line(gettext_lazy("Người nhận lại"), 200)
    note = _line(gettext_lazy("Ghi chú khi lưu"), 300)

    def __init__(self, *args: Any, naming: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.naming = naming
