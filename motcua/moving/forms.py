"""Forms of moving in: the file, and which of its columns is what."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies import inside
from motcua.agencies.models import Agency
from motcua.lib import tables
from motcua.moving.fields import OF_KIND
from motcua.moving.models import ColumnMap, Move, MoveKind
from motcua.ui.keyed import KeyedForm


class FileForm(KeyedForm):
    """A file of the old system."""

    kind = forms.ChoiceField(
        label=_("Tệp có gì"), choices=MoveKind.choices, widget=forms.RadioSelect, initial=MoveKind.DOSSIERS
    )
    system = forms.CharField(
        label=_("Tên hệ thống cũ"), max_length=40, initial=_("Hệ thống cũ"),
        help_text=_("Ghi như nhau cho mọi tệp của một hệ thống: mã cũ thuộc về tên này."),
    )  # fmt: skip
    agency = forms.ModelChoiceField(
        label=_("Cơ quan, cho dòng không ghi cơ quan"), queryset=Agency.objects.none(), required=False,
        empty_label=_("theo từng dòng"),
    )  # fmt: skip
    column_map = forms.ChoiceField(label=_("Sơ đồ cột"), required=False)
    file = forms.FileField(
        label=_("Tệp XLSX hoặc CSV"), max_length=200,
        help_text=_("Nhiều nhất 20 MB và 50.000 dòng. Tệp chỉ được đọc thử; chưa có gì vào hệ thống."),
        error_messages={"empty": _("Tệp này rỗng. Chọn lại tệp.")},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        agency.queryset = inside.agencies_still_open(today).select_related("calendar")
        names = ColumnMap.objects.order_by("kind", "name").values_list("name", flat=True)
        column_map = self.fields["column_map"]
        assert isinstance(column_map, forms.ChoiceField)
        column_map.choices = [
            ("", gettext("đoán theo tiêu đề")),
            *((name, name) for name in dict.fromkeys(names)),
        ]


class ColumnsForm(KeyedForm):
    """Which column is what, and whether the map is kept under a name."""

    save_map = forms.CharField(
        label=_("Lưu sơ đồ cột dưới tên"),
        max_length=80,
        required=False,
        help_text=_("Để dùng lại cho tệp sau."),
    )

    def __init__(self, *args: Any, move: Move, heading: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading
        choices = [
            ("", gettext("không có")),
            *((str(at), _choice(at, said)) for at, said in enumerate(heading)),
        ]
        for one in OF_KIND[move.kind]:
            label = gettext(one.label)
            self.fields[one.name] = forms.TypedChoiceField(
                label=f"{label} ({gettext('bắt buộc')})" if one.required else label, choices=choices, required=False,
                coerce=int, empty_value=None, initial=move.columns.get(one.name, ""),
            )  # fmt: skip
        self.order_fields([*(one.name for one in OF_KIND[move.kind]), "save_map", "key"])

    @property
    def columns(self) -> dict[str, int]:
        """The chosen columns by field."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"key", "save_map"} and value is not None
        }


def _choice(at: int, said: str) -> str:
    return f"{tables.column_name(at)}: {said or gettext('không tiêu đề')}"
