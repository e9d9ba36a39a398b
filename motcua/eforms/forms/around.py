"""Around the questions: how a draft begins, checks and co-signers, trials, the second person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.eforms import building
from motcua.eforms.forms.choosing import HAND_HELP, SeenForm, area_field, condition_of, text_field
from motcua.eforms.tables import Table
from motcua.lib.vietnamese import normalize
from motcua.ui.keyed import KeyedForm, day_field


class BeginForm(KeyedForm):
    """How a draft begins."""

    title = text_field(gettext_lazy("Tên tờ khai"), 300)
    case = text_field(
        gettext_lazy("Trường hợp"),
        200,
        help_text=gettext_lazy("Để trống: dùng cho mọi trường hợp của thủ tục."),
    )
    copy_of = forms.ChoiceField(label=gettext_lazy("Bắt đầu từ"), widget=forms.RadioSelect)
    other = text_field(
        gettext_lazy("Mã thủ tục có tờ khai muốn chép"), 20, help_text=gettext_lazy("Ví dụ 1.001193.")
    )

    def __init__(self, data: Any, *, models: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["copy_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((str(pk), words) for pk, words in models),
            ("", _("Tờ khai trống")), ("other", _("Tờ khai của thủ tục khác")),
        ]  # fmt: skip
        field.required = False
        field.initial = str(models[0][0]) if models else ""


# ── Checks between questions, who else confirms


class ChecksForm(SeenForm):
    """The frame of the page of checks."""


class RuleForm(forms.Form):
    """One check between questions; an empty row is none."""

    holds = text_field(gettext_lazy("Điều phải đúng"), 1000, help_text=HAND_HELP)
    say = text_field(gettext_lazy("Lời nhắc khi không đúng"), 300)
    at = forms.ChoiceField(label=gettext_lazy("Đặt cạnh câu"), required=False)

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["at"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn")), *questions]

    def clean_holds(self) -> str:
        """Read the condition."""
        return condition_of(self.cleaned_data["holds"])

    def clean(self) -> dict[str, Any]:
        """Refuse half a row."""
        found = super().clean() or {}
        if found.get("holds") and not found.get("say"):
            self.add_error("say", _("Ghi lời nhắc."))
        if found.get("holds") and not found.get("at"):
            self.add_error("at", _("Chọn câu hỏi."))
        return found

    def facts(self) -> Table | None:
        """Return the row; None where it is empty."""
        said = self.cleaned_data
        found = {"holds": said["holds"], "say": normalize(said["say"]), "at": said["at"]}
        return found if found["holds"] else None


class SignerForm(forms.Form):
    """Somebody else who confirms; an empty row is none."""

    title = text_field(gettext_lazy("Ai"), 100, help_text=gettext_lazy("Ví dụ: Bên nữ. In ra chỗ ký."))
    name = forms.ChoiceField(label=gettext_lazy("Tên lấy từ câu"), required=False)
    show = text_field(gettext_lazy("Chỉ cần khi"), 1000, help_text=gettext_lazy("Để trống: luôn cần."))
    key_name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn")), *questions]

    def clean_show(self) -> str:
        """Read the condition."""
        return condition_of(self.cleaned_data["show"])

    def clean(self) -> dict[str, Any]:
        """Refuse half a row."""
        found = super().clean() or {}
        if found.get("title") and not found.get("name"):
            self.add_error("name", _("Chọn câu hỏi có tên người đó."))
        return found

    def facts(self) -> Table | None:
        """Return the row; None where it is empty."""
        said = self.cleaned_data
        if not said["title"]:
            return None
        key = said["key_name"] or building.key_from(said["title"], set())
        found = {"key": key, "title": normalize(said["title"]), "name": said["name"], "show": said["show"]}
        return {name: value for name, value in found.items() if value}


class TrialForm(SeenForm):
    """The name of a trial, and the day it counts as today."""

    name = text_field(
        gettext_lazy("Tên ca thử"), 120, required=True,
        help_text=gettext_lazy("Ví dụ: Người nước ngoài không có số định danh."),
    )  # fmt: skip
    on = day_field(
        gettext_lazy("Coi hôm nay là"),
        help_text=gettext_lazy("Tuổi và “không sau hôm nay” tính theo ngày này."),
    )


class SendForm(SeenForm):
    """What a draft is sent to the second person with."""

    day = day_field(gettext_lazy("Áp dụng từ ngày"))
    note = area_field(gettext_lazy("Lời nhắn cho người duyệt"), 1000, 3)


class ReturnForm(KeyedForm):
    """Why a request is returned."""

    reason = area_field(
        gettext_lazy("Lý do trả lại"), 1000, 3,
        help_text=gettext_lazy("Người soạn đọc dòng này để biết sửa gì."),
    )  # fmt: skip
