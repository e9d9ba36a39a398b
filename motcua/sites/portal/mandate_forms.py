"""The form by which a citizen asks to act for somebody."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Point
from motcua.applicants.models import MandateKind
from motcua.applicants.operations import mandates
from motcua.lib.refusal import Refusal
from motcua.ui.keyed import KeyedForm, day_field

_FEW = 6  # places that stand open, each on its line


class ManyFiles(forms.FileInput):
    """A file control that takes several, the photos of one paper; the form looks at one of them, the view takes all."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name)


class MandateForm(KeyedForm):
    """For whom, by what paper, and where it is looked at."""

    kind = forms.ChoiceField(label=_("Làm thay ai?"), choices=MandateKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Họ tên người ấy, hoặc tên tổ chức"),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    number = forms.CharField(
        label=_("Số định danh (12 chữ số), hoặc mã số thuế của tổ chức"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    birth_date = day_field(
        _("Ngày sinh"), required=False, help_text=_("Cần khi làm thay con. Ví dụ 05/06/2015.")
    )
    file = forms.FileField(
        label=_("Giấy tờ chứng minh"),
        help_text=_(
            "Ảnh hoặc PDF: giấy khai sinh của con; giấy ủy quyền; giấy chứng nhận đăng ký hoặc giấy giới thiệu của"
            " tổ chức. Nhiều trang thì chọn nhiều ảnh một lần."
        ),
        widget=ManyFiles({"accept": ".pdf,.jpg,.jpeg,.png,.heic", "multiple": True}),
    )
    place = forms.ChoiceField(
        label=_("Nơi xem giấy tờ"), help_text=_("Bộ phận một cửa này xem giấy tờ và trả lời anh/chị."),
        error_messages={"required": _("Chọn nơi xem giấy tờ.")},
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[Point], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = {str(point.shop.agency_id): point.shop.name for point in places}
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        if len(shops) > _FEW:
            place.choices = [("", _("Chọn nơi xem giấy tờ")), *shops.items()]
        else:  # their names begin alike: in a closed list on a telephone they would be cut where they differ
            place.widget = forms.RadioSelect()
            place.choices = list(shops.items())
            place.initial = next(iter(shops), None) if len(shops) == 1 else None

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with name and number together with what is missing, not one after the other."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"kind", "name", "number"} <= data.keys() and "birth_date" in data:
            try:
                mandates.checked(
                    data["kind"], data["name"], data["number"], data["birth_date"], timezone.now()
                )
            except Refusal as refused:
                self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return data
