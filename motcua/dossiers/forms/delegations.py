"""Who does whose work, from when to when, for what."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.models import Position
from motcua.dossiers.forms.act import day, line, text
from motcua.dossiers.picks import procedures_named


class DelegationForm(forms.Form):
    """A delegation. `absent` is whose work it is about; the people who may do it follow from that."""

    to_position = forms.ChoiceField(label=gettext_lazy("Người làm thay"))
    first_day = day(gettext_lazy("Từ ngày"), required=True)
    last_day = day(gettext_lazy("Đến hết ngày"), required=True)
    reason = line(
        gettext_lazy("Lý do vắng"), hint=gettext_lazy("Ví dụ: nghỉ phép, đi công tác. Không ghi bệnh tình.")
    )
    procedures = text(
        gettext_lazy("Chỉ các thủ tục này"),
        rows=2,
        required=False,
        hint=gettext_lazy("Mã thủ tục, cách nhau bằng dấu phẩy hoặc xuống dòng. Để trống: mọi việc."),
    )

    def __init__(self, *args: Any, people: list[Position], today: date, **kwargs: Any) -> None:
        kwargs |= {"auto_id": "stand_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        field = self.fields["to_position"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn người"))] + [
            (str(one.pk), f"{one.account.full_name}, {one.title} · {one.unit.name}") for one in people
        ]
        self.fields["first_day"].initial = today

    def clean_procedures(self) -> list[str]:
        """Refuse codes that the catalogue does not know, by name."""
        asked = [
            code for part in self.cleaned_data["procedures"].replace(",", "\n").split("\n") if (code := part.strip())
        ]  # fmt: skip
        known = procedures_named(asked)
        unknown = [code for code in asked if code not in known]
        if unknown:
            raise forms.ValidationError(
                _("Danh mục không có thủ tục mang mã %(codes)s.") % {"codes": ", ".join(unknown[:5])}
            )
        return asked
