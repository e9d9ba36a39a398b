"""Forms about one agency and what stands inside it. Days default to today."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.agencies import inside
from motcua.agencies.models import Agency, AgencyLevel, CodeScheme, ShopKind, SuccessionKind, Unit, UnitKind
from motcua.base.calendars.models import Calendar
from motcua.base.calendars.queries import calendars
from motcua.ui.keyed import KeyedForm, day_field

_BASIS = _("Nghị quyết, quyết định: số và ngày.")


class AgencyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An agency by its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Agency.objects.none(), **options)


class DatedForm(KeyedForm):
    """Something that holds from a day on."""

    on_day = day_field(_("Từ ngày"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on_day": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def offer(self, name: str, rows: Any) -> None:
        """Let a field choose among rows."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField | forms.ModelMultipleChoiceField)
        field.queryset = rows


class RenameForm(DatedForm):
    """A new name of an agency from a day on."""

    name = forms.CharField(label=_("Tên đầy đủ"), max_length=250)
    short_name = forms.CharField(
        label=_("Tên ngắn"), max_length=80, help_text=_("Dùng trong danh sách, bảng.")
    )
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)
    field_order = ["name", "short_name", "on_day", "legal_basis"]


class UnitNameForm(RenameForm):
    """A new name of a unit from a day on."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=200)
    short_name = forms.CharField(label=_("Tên ngắn"), max_length=80, required=False)


class CodeForm(DatedForm):
    """A new identifier code from a day on."""

    scheme = forms.ChoiceField(label=_("Cách viết"), choices=CodeScheme.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Mã định danh"),
        max_length=40,
        help_text=_("Mã đã cấp không cấp lại cho ai; mã cũ vẫn tra được cơ quan."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)
    field_order = ["scheme", "code", "on_day", "legal_basis"]


class EndForm(DatedForm):
    """The first day on which something no longer holds."""

    on_day = day_field(_("Ngày đầu tiên không còn hiệu lực"))


class EndCodeForm(EndForm):
    """The end of a code, on what ground."""

    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)


class ParentForm(DatedForm):
    """Another agency above, from a day on."""

    parent = AgencyField(label=_("Cơ quan cấp trên"), empty_label=_("chọn"))
    field_order = ["parent", "on_day"]

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.offer("parent", inside.agencies_open_on(today).exclude(pk=agency.pk))


class CalendarForm(KeyedForm):
    """The calendar of an agency."""

    calendar = forms.ModelChoiceField(
        label=_("Lịch làm việc"), queryset=Calendar.objects.none(), empty_label=_("chọn")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["calendar"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = calendars()


class CloseAgencyForm(DatedForm):
    """The end of an agency, and who goes on."""

    on_day = day_field(_("Ngày đầu tiên không còn hoạt động"))
    kind = forms.ChoiceField(label=_("Hình thức"), choices=SuccessionKind.choices, widget=forms.RadioSelect)
    successors = forms.ModelMultipleChoiceField(
        label=_("Cơ quan kế thừa"),
        queryset=Agency.objects.none(),
        help_text=_("Chia, tách: giữ Ctrl để chọn nhiều cơ quan."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)
    with_open_work = forms.BooleanField(
        label=_("Đã biết: còn hồ sơ đang giải quyết hoặc người giữ vị trí, sẽ bàn giao sau"),
        required=False,
        help_text=_("Hồ sơ giữ nguyên mã và ngày hẹn; cán bộ của cơ quan kế thừa thấy được từ ngày này."),
    )
    field_order = ["on_day", "kind", "successors", "legal_basis", "with_open_work"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        # The agency itself stands in the list: choosing it is refused in words, not by a vanished line.
        self.offer("successors", inside.agencies_open_on(today))


class OpenAgencyForm(DatedForm):
    """A new agency below another."""

    on_day = day_field(_("Hoạt động từ ngày"))
    name = forms.CharField(label=_("Tên đầy đủ"), max_length=250)
    short_name = forms.CharField(
        label=_("Tên ngắn"), max_length=80, help_text=_("Dùng trong danh sách, bảng.")
    )
    level = forms.ModelChoiceField(label=_("Cấp"), queryset=AgencyLevel.objects.none(), empty_label=_("chọn"))
    parent = AgencyField(label=_("Cơ quan cấp trên"), required=False, empty_label=_("không có, đứng đầu cây"))
    code = forms.CharField(
        label=_("Mã định danh theo Quyết định 20/2020"), max_length=40, help_text="H40.15.2"
    )
    old_code = forms.CharField(
        label=_("Mã theo Thông tư 10/2016"), max_length=40, required=False, help_text="000.00.15.H40"
    )
    calendar = forms.ModelChoiceField(
        label=_("Lịch làm việc"), queryset=Calendar.objects.none(), empty_label=_("chọn")
    )
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_BASIS)
    field_order = [
        "name", "short_name", "level", "parent", "code", "old_code", "on_day", "calendar", "legal_basis",
    ]  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.offer("level", inside.levels())
        self.offer("parent", inside.agencies_open_on(today))
        self.offer("calendar", calendars())


class UnitForm(DatedForm):
    """A new unit."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=200)
    short_name = forms.CharField(label=_("Tên ngắn"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=_("Loại"), choices=UnitKind.choices, help_text=_("Quy trình chọn đơn vị theo loại.")
    )
    parent = forms.ModelChoiceField(
        label=_("Thuộc đơn vị"), queryset=Unit.objects.none(), required=False, empty_label=_("không")
    )
    field_order = ["name", "short_name", "kind", "parent", "on_day"]

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.offer("parent", inside.units_open_in(agency.pk, today))


class ShopForm(DatedForm):
    """A new one-stop shop."""

    name = forms.CharField(label=_("Tên"), max_length=250)
    kind = forms.ChoiceField(label=_("Loại"), choices=ShopKind.choices)
    unit = forms.ModelChoiceField(
        label=_("Đơn vị phụ trách"), queryset=Unit.objects.none(), required=False, empty_label=_("không")
    )
    field_order = ["name", "kind", "unit", "on_day"]

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.offer("unit", inside.units_open_in(agency.pk, today))


class ShopNameForm(KeyedForm):
    """Another name of a one-stop shop."""

    name = forms.CharField(label=_("Tên"), max_length=250, help_text=_("In trên đầu giấy tiếp nhận từ nay."))


class LevelForm(KeyedForm):
    """A level of government: data, not a constant of the program."""

    name = forms.CharField(label=_("Tên cấp"), max_length=120)
    code = forms.SlugField(
        label=_("Mã cấp"),
        max_length=40,
        help_text=_("Chữ không dấu, số, gạch nối; không đổi về sau."),
        error_messages={"invalid": _("Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới.")},
    )
    rank = forms.IntegerField(
        label=_("Thứ tự"), min_value=1, max_value=999, help_text=_("Số nhỏ đứng trước: cấp cao hơn.")
    )

    def __init__(self, *args: Any, level: AgencyLevel | None = None, **kwargs: Any) -> None:
        if level is not None:
            kwargs["initial"] = {"name": level.name, "rank": level.rank}
        super().__init__(*args, **kwargs)
        if level is not None:
            del self.fields["code"]


class PointFactsForm(KeyedForm):
    """What slips print about a point."""

    name = forms.CharField(label=_("Tên điểm"), max_length=200)
    address = forms.CharField(
        label=_("Địa chỉ"), max_length=300, help_text=_("In trên giấy tiếp nhận và hẹn trả.")
    )
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)


class PointForm(PointFactsForm, DatedForm):
    """A new point."""

    field_order = ["name", "address", "phone", "on_day"]


class CounterForm(DatedForm):
    """A new counter."""

    number = forms.IntegerField(label=_("Số quầy"), min_value=1, max_value=999)
    name = forms.CharField(label=_("Tên quầy"), max_length=120, required=False)
    field_order = ["number", "name", "on_day"]
