"""Forms of the council's fees, exemptions and kinds of place."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.procedures.models.words import Area, Channel, FeeKind
from motcua.ui.keyed import KeyedForm, day_field

_SOURCE = _("Nghị quyết Hội đồng nhân dân, quyết định: số và ngày.")


class LocalFeeForm(KeyedForm):
    """A fee the council set."""

    kind = forms.ChoiceField(label=_("Loại"), choices=FeeKind.choices)
    name = forms.ChoiceField(
        label=_("Thay cho khoản"), required=False,
        help_text=_("Chọn một khoản của thủ tục, hoặc cả loại phí, lệ phí đó."),
    )  # fmt: skip
    amount = forms.IntegerField(label=_("Mức thu, đồng"), min_value=0, max_value=10**12)
    unit = forms.CharField(
        label=_("Tính theo"), max_length=40, required=False, help_text=_("lần, bản, trang…")
    )
    case = forms.ChoiceField(label=_("Trường hợp"), required=False)
    area = forms.ChoiceField(
        label=_("Địa bàn"), required=False, choices=[("", _("Mọi địa bàn")), *Area.choices]
    )
    channel = forms.ChoiceField(
        label=_("Hình thức nộp"), required=False, choices=[("", _("Mọi hình thức")), *Channel.choices]
    )
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_SOURCE)
    valid_from = day_field(_("Thu từ ngày"))

    def __init__(self, *args: Any, names: list[str], cases: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in (FeeKind.PHI, FeeKind.LE_PHI)
        ]
        whole = ("", gettext("Cả loại này"))
        self.fields["name"].choices = [whole, *((one, one[:120]) for one in names)]  # type: ignore[attr-defined]
        every = ("", gettext("Mọi trường hợp"))
        self.fields["case"].choices = [every, *((one, one[:120]) for one in cases)]  # type: ignore[attr-defined]


class ExemptionForm(KeyedForm):
    """A group of people who pay less."""

    group = forms.CharField(
        label=_("Nhóm người"), max_length=200, help_text=_("Ví dụ: Người thuộc hộ nghèo.")
    )
    percent = forms.IntegerField(
        label=_("Giảm bao nhiêu phần trăm"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("100 là miễn."),
    )
    kind = forms.ChoiceField(label=_("Cho loại"), required=False)
    channel = forms.ChoiceField(
        label=_("Hình thức nộp"), required=False, choices=[("", _("Mọi hình thức")), *Channel.choices]
    )
    everywhere = forms.BooleanField(label=_("Cho mọi thủ tục"), required=False)
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_SOURCE)
    valid_from = day_field(_("Từ ngày"))
    valid_to = day_field(_("Đến trước ngày"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.value, one.label) for one in (FeeKind.PHI, FeeKind.LE_PHI)]
        self.fields["kind"].choices = [("", gettext("Phí và lệ phí")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if isinstance(start, date) and isinstance(end, date) and end <= start:
            self.add_error("valid_to", gettext("Ngày hết phải sau ngày bắt đầu."))
        return data


class AreaForm(KeyedForm):
    """What kind of place the chosen agencies serve."""

    area = forms.ChoiceField(label=_("Địa bàn"), choices=Area.choices)
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_SOURCE)
    valid_from = day_field(_("Từ ngày"))
