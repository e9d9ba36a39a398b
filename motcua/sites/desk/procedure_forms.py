"""The form of an agency's own way with one procedure."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency, Point
from motcua.base.calendars.models import Calendar
from motcua.base.calendars.queries import calendars
from motcua.lib.due import Limit
from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import Refusal
from motcua.sites.desk import own_workflows
from motcua.ui.keyed import KeyedForm, day_field
from motcua.workflow.models import WorkflowVersion

SETTLES, PASSES_ON, NOT = "settles", "passes_on", "not"


class _WorkflowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.workflow.name} {obj.variant}".strip()[:140]


class AtAgencyForm(KeyedForm):
    """Whether an agency receives a procedure, and how; empty fields follow the procedure and the agency."""

    offered = forms.ChoiceField(
        label=_("Cơ quan này"),
        choices=[
            (SETTLES, _("nhận và giải quyết")),
            (PASSES_ON, _("chỉ nhận, chuyển nơi khác giải quyết")),
            (NOT, _("không nhận")),
        ],
        widget=forms.RadioSelect,
    )
    point = forms.ModelChoiceField(
        label=_("Chỉ nhận ở điểm"), queryset=Point.objects.none(), required=False, empty_label=_("mọi điểm")
    )
    workflow = _WorkflowField(
        label=_("Quy trình"), queryset=WorkflowVersion.objects.none(), required=False,
        empty_label=_("như các nơi khác"),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=_("Lịch làm việc"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("như cơ quan"),
    )
    limit = forms.CharField(
        label=_("Thời hạn rút ngắn"), required=False, max_length=60,
        help_text=_("Ngắn hơn luật, cùng đơn vị: 2 ngày làm việc. Để trống: theo luật."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Lời dặn quầy"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = day_field(_("Từ ngày"))

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = Point.objects.filter(shop__agency=agency).exclude(valid_to__lte=today).order_by("name")
        for name, rows in (
            ("point", points), ("calendar", calendars()), ("workflow", own_workflows.to_choose())
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean_limit(self) -> Limit | None:
        """Read the limit; what cannot be read without guessing is a fault of the field."""
        text = self.cleaned_data["limit"].strip()
        if not text:
            return None
        try:
            limit = parse_limit(text)
        except Refusal as refused:
            raise forms.ValidationError(refused.message) from refused
        if limit.value <= 0:
            raise forms.ValidationError(gettext("Thời hạn riêng phải lớn hơn 0."))
        return limit
