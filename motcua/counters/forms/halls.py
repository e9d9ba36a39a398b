"""Forms that set a hall up: its rules, services, devices, and the span of its figures."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Counter, Point
from motcua.counters import setting
from motcua.counters.figures import MOST_DAYS
from motcua.counters.models import Device, DeviceKind, Hall, Service
from motcua.counters.operations.devices import stations_of
from motcua.counters.operations.halls import Rules
from motcua.counters.operations.tickets import MOST_BY_HAND
from motcua.procedures.models import Sector
from motcua.ui.keyed import KeyedForm, day_field, time_field


class RulesForm(KeyedForm):
    """The rules of a hall; what is typed is what the screens will state."""

    normals = forms.IntegerField(
        label=_("Sau mấy số thường thì gọi một số ưu tiên"), min_value=0, max_value=20,
        help_text=_("0: số ưu tiên luôn được gọi trước"),
    )  # fmt: skip
    calls_before_absent = forms.IntegerField(label=_("Gọi mấy lần mới ghi vắng"), min_value=1, max_value=9)
    hold_minutes = forms.IntegerField(label=_("Giữ chỗ cho người vắng (phút)"), min_value=0, max_value=240)
    window_minutes = forms.IntegerField(
        label=_("Khách đặt lịch đến sớm hay muộn được (phút)"), min_value=0, max_value=120
    )
    voice_on = forms.BooleanField(label=_("Gọi bằng loa"), required=False)
    voice_volume = forms.IntegerField(label=_("Âm lượng (%)"), min_value=0, max_value=100)
    quiet_from = time_field(_("Không gọi loa từ"), required=False)
    quiet_to = time_field(_("Đến"), required=False)

    @classmethod
    def initial_of(cls, hall: Hall) -> dict[str, Any]:
        """Return what the form begins with."""
        return {name: getattr(hall, name) for name in cls.base_fields if name != "key"}

    def rules(self, hall: Hall) -> Rules:
        """Return the rules as they were typed; the accent of the voice is chosen on its own page."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Rules(voice_accent=hall.voice_accent, **data)


class _PointField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A reception point with its one-stop shop."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.shop.name}"


class _CounterField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A counter by number and name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class OpenHallForm(KeyedForm):
    """A reception point that begins to give out numbers."""

    point = _PointField(
        label=_("Điểm tiếp nhận"), queryset=Point.objects.none(), empty_label=_("chọn"),
        help_text=_("Điểm chưa có trong danh sách: thêm ở trang của cơ quan."),
    )  # fmt: skip

    def __init__(self, *args: Any, points: list[Point], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["point"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Point.objects.filter(pk__in=[one.pk for one in points]).select_related(
            "shop__agency"
        )


class ServiceForm(KeyedForm):
    """What a service is called, how long it takes, and which sectors belong to it."""

    name = forms.CharField(label=_("Tên nhóm việc"), max_length=80, help_text=_("Ví dụ: Hộ tịch, chứng thực"))
    hint = forms.CharField(
        label=_("Gồm những việc gì"), max_length=200, required=False,
        help_text=_("Một dòng dưới tên, trên máy lấy số."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Một lượt thường mất (phút)"), min_value=1, max_value=240,
        help_text=_("Chỉ dùng lúc đầu; máy học dần từ các lượt thật."),
    )  # fmt: skip
    position = forms.IntegerField(label=_("Thứ tự trên máy lấy số"), min_value=1, max_value=99, initial=1)
    is_general = forms.BooleanField(label=_("Cho người chưa biết chọn gì"), required=False)
    sectors = forms.ModelMultipleChoiceField(
        label=_("Lĩnh vực thuộc nhóm này"), queryset=Sector.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Người tra cứu thủ tục của lĩnh vực này lấy số được ngay."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sectors"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = setting.sectors()

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        """Return what the form begins with."""
        names = ("name", "hint", "minutes", "position", "is_general")
        sectors = [row.sector_id for row in service.sectors.all()]
        return {name: getattr(service, name) for name in names} | {"sectors": sectors}


class NewServiceForm(ServiceForm):
    """A service with its letters, which stay."""

    prefix = forms.CharField(  # type: ignore[assignment]
        label=_("Chữ đầu của số"), max_length=2,
        help_text=_("Một hoặc hai chữ cái, ví dụ A: số A001, A002… Không đổi được về sau."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ["prefix", "name", "hint", "minutes", "position", "is_general", "sectors"]


_PRINTERS = [("browser", _("Trình duyệt của máy")), ("station", _("Trạm in của quầy"))]


class _AtCounter(KeyedForm):
    """A device that may stand at a counter."""

    name = forms.CharField(label=_("Tên"), max_length=80, help_text=_("Ví dụ: Máy lấy số cửa chính"))
    counter = _CounterField(
        label=_("Quầy"), queryset=Counter.objects.none(), required=False, empty_label=_("không ở quầy nào"),
        help_text=_("Bảng của một quầy và trạm in phải có quầy."),
    )  # fmt: skip

    def __init__(self, *args: Any, hall: Hall, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["counter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Counter.objects.filter(pk__in=[one.pk for one in setting.counters(hall, today)])


class PairForm(_AtCounter):
    """The letters a device shows, and what it is."""

    code = forms.CharField(
        label=_("Sáu ký tự trên màn hình của thiết bị"), max_length=12,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Loại"), choices=DeviceKind.choices, widget=forms.RadioSelect)
    field_order = ["code", "kind", "name", "counter"]


class DeviceForm(_AtCounter):
    """How a device stands in the hall."""

    inches = forms.IntegerField(label=_("Cỡ màn hình (inch)"), min_value=5, max_value=200)
    seat_m = forms.IntegerField(
        label=_("Chỗ ngồi xa nhất cách màn hình (m)"), min_value=1, max_value=30,
        help_text=_("Chữ số được vẽ đủ to để đọc từ đó."),
    )  # fmt: skip
    scale = forms.IntegerField(label=_("Phóng chữ (%)"), min_value=50, max_value=200)
    printer = forms.ChoiceField(label=_("In phiếu bằng"), choices=_PRINTERS, widget=forms.RadioSelect)
    low = forms.BooleanField(label=_("Nút ở nửa dưới màn hình"), required=False)
    station = forms.ModelChoiceField(
        label=_("Trạm in phiếu của máy này"), queryset=Device.objects.none(), required=False,
        empty_label=_("trạm duy nhất của sảnh"),
        help_text=_("Dùng khi in bằng trạm. Sảnh có nhiều trạm thì phải chọn một; chưa chọn thì máy tự in."),
    )  # fmt: skip
    guide = forms.CharField(
        label=_("Ở đâu có người hướng dẫn"), max_length=200, required=False,
        help_text=_("Máy nói với người dân đúng như ghi ở đây, ví dụ: Bàn hướng dẫn, bên phải cửa vào"),
    )  # fmt: skip
    _OF_KIOSKS: ClassVar[tuple[str, ...]] = ("printer", "station", "low", "guide")

    def __init__(self, *args: Any, device: Device, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if device.kind != DeviceKind.KIOSK:
            for name in self._OF_KIOSKS:
                del self.fields[name]
            return
        field = self.fields["station"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stations_of(device.hall)


class PadForm(KeyedForm):
    """Numbers for a pad of paper."""

    service = forms.ModelChoiceField(
        label=_("Nhóm việc"), queryset=Service.objects.none(), empty_label=_("chọn")
    )
    count = forms.IntegerField(label=_("Bao nhiêu số"), min_value=1, max_value=MOST_BY_HAND, initial=50)

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Service.objects.filter(hall=hall, valid_to=None)


class SpanForm(forms.Form):
    """The days of the figures: thirty to today unless asked otherwise, a year at most."""

    since = day_field(_("Từ ngày"))
    until = day_field(_("Đến ngày"))

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins, or is longer than a year."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", gettext("Ngày cuối phải không trước ngày đầu."))
        elif since and until and until - since >= timedelta(days=MOST_DAYS):
            self.add_error("until", gettext("Xem nhiều nhất một năm một lần. Chọn khoảng ngày ngắn hơn."))
        return data
