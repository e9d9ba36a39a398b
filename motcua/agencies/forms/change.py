"""Forms of changes that are looked at before they are planned: merge, split, hand a unit over, take back."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies import inside
from motcua.agencies.forms.agency import AgencyField, DatedForm
from motcua.agencies.models import Agency, Unit
from motcua.ui.keyed import KeyedForm, day_field

_BASIS = _("Nghị quyết, quyết định: số và ngày.")
_UNIT = "unit-"
HEIRS = ("first", "second", "third", "fourth")


class ChangeForm(DatedForm):
    """A change on a day, today or to come."""

    on_day = day_field(
        _("Ngày có hiệu lực"), help_text=_("Ngày đầu tiên theo tổ chức mới. Trước ngày đó còn hủy được.")
    )
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)
    join = forms.BooleanField(
        label=_("Đơn vị cùng tên, cùng loại thì nhập làm một"), required=False, initial=True,
        help_text=_("Nếu không, đơn vị chuyển nguyên; trùng tên thì thêm tên cơ quan cũ."),
    )  # fmt: skip


class MergeForm(ChangeForm):
    """An agency goes over into another."""

    target = AgencyField(label=_("Nhập vào cơ quan"), empty_label=_("chọn"))
    field_order = ["target", "on_day", "join", "legal_basis"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        # The agency itself stands in the list: choosing it is refused in words, not by a vanished line.
        self.offer("target", inside.agencies_still_open(today))


class SplitForm(ChangeForm):
    """An agency goes over into several; each of its units goes to one of them."""

    first = AgencyField(
        label=_("Cơ quan kế thừa chính"), empty_label=_("chọn"),
        help_text=_("Thay cơ quan cũ ở quầy; số liệu các năm trước cộng vào đây."),
    )  # fmt: skip
    second = AgencyField(label=_("Cơ quan kế thừa thứ hai"), empty_label=_("chọn"))
    third = AgencyField(label=_("Cơ quan kế thừa thứ ba"), required=False, empty_label=_("không"))
    fourth = AgencyField(label=_("Cơ quan kế thừa thứ tư"), required=False, empty_label=_("không"))

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        for name in HEIRS:
            self.offer(name, inside.agencies_still_open(today))
        places = [
            ("", _("chọn nơi đến")),
            *((str(place), self.fields[name].label) for place, name in enumerate(HEIRS)),
        ]
        self.units = list(inside.units_open_in(agency.pk, today))
        for unit in self.units:
            self.fields[f"{_UNIT}{unit.pk}"] = forms.ChoiceField(
                label=unit.name,
                choices=places,
                error_messages={
                    "required": gettext("Chọn nơi đến của “%(unit)s”: hồ sơ ở đây đi theo.")
                    % {"unit": unit.name}
                },
            )
        self.order_fields(
            [*HEIRS, "on_day", *(f"{_UNIT}{unit.pk}" for unit in self.units), "join", "legal_basis"]
        )

    @property
    def heirs(self) -> list[int]:
        """The successors chosen, the main one first."""
        return [self.cleaned_data[name].pk for name in HEIRS if self.cleaned_data.get(name)]

    @property
    def homes(self) -> dict[str, int]:
        """Where each unit goes, by its place among the successors."""
        return {str(unit.pk): int(self.cleaned_data[f"{_UNIT}{unit.pk}"]) for unit in self.units}


class MoveUnitForm(ChangeForm):
    """A unit goes over to another agency."""

    target = AgencyField(label=_("Chuyển về cơ quan"), empty_label=_("chọn"))
    field_order = ["target", "on_day", "join", "legal_basis"]

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["join"].initial = False
        self.offer("target", inside.agencies_still_open(today))


class CancelChangeForm(KeyedForm):
    """Why a planned change is taken back."""

    reason = forms.CharField(label=_("Lý do hủy"), max_length=300)
