"""The parts of a draft as forms: one for the record, rows of forms for cases, papers, fees and results."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold
from motcua.procedures.models.words import (
    Channel,
    FeeBasis,
    FeeKind,
    Level,
    OnExpiry,
    OnlineLevel,
    Part,
    Resume,
)
from motcua.procedures.source import parts
from motcua.procedures.source.parts import Content
from motcua.ui.keyed import KeyedForm

_MOST_ROWS = 400


def _text(label: Any, rows: int = 0, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, widget=widget, **options)


class SeenForm(KeyedForm):
    """What every part's page sends along: its key, and the edition that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class RecordForm(forms.Form):
    """What a procedure says about itself."""

    name = forms.CharField(label=_("Tên thủ tục"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    summary = _text(_("Một câu nói ngắn cho người dân"), 2, max_length=1000)
    field = forms.CharField(label=_("Lĩnh vực"), max_length=200)
    levels = forms.MultipleChoiceField(
        label=_("Cấp thực hiện"), choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )
    issuing_agency = _text(_("Cơ quan ban hành"), max_length=200)
    agency_text = _text(_("Cơ quan thực hiện"), 2)
    authority_text = _text(_("Cơ quan có thẩm quyền"), 2)
    applicants = _text(_("Ai được nộp"), 3, help_text=_("Mỗi dòng một nhóm."))
    where_text = _text(_("Nộp ở đâu"), 3)
    steps_text = _text(_("Các bước"), 10)
    plain = forms.BooleanField(label=_("Các bước viết cho dễ đọc, mỗi dòng một bước"), required=False)
    conditions = _text(_("Yêu cầu, điều kiện"), 5)
    kind_text = _text(_("Loại thủ tục"), max_length=500)
    online_level = forms.ChoiceField(
        label=_("Dịch vụ công trực tuyến"), choices=OnlineLevel.choices, required=False
    )


class _LimitField(forms.CharField):
    """A limit as an administrator types it; kept as typed, refused where it cannot be read."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, required=False, max_length=60, **options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text and fold(text) != fold(parts.unclear()):
            try:
                parse_limit(text)
            except Refusal as refused:
                raise forms.ValidationError(refused.message) from refused
        return text


class CaseForm(forms.Form):
    """One case with its limits and rules."""

    old = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = _text(_("Tên trường hợp"), 2, max_length=1000)
    when_text = _text(_("Khi nào"), max_length=1000)
    is_default = forms.BooleanField(label=_("Thường gặp nhất"), required=False)
    limit_in_person = _LimitField(_("Thời hạn nộp trực tiếp"))
    limit_online = _LimitField(_("Thời hạn nộp trực tuyến"))
    limit_post = _LimitField(_("Thời hạn nộp qua bưu chính"))
    ask_within = _LimitField(_("Yêu cầu bổ sung trong"))
    answer_within = _LimitField(_("Người dân bổ sung trong"))
    on_expiry = forms.ChoiceField(label=_("Quá hạn bổ sung thì"), choices=OnExpiry.choices, required=False)
    resume_mode = forms.ChoiceField(
        label=_("Bổ sung xong, thời hạn"), choices=Resume.choices, initial=Resume.CONTINUE
    )
    resume = _LimitField(_("Thời hạn riêng sau bổ sung"))
    allows_boundary_free = forms.BooleanField(label=_("Nhận không theo địa giới"), required=False)
    allows_representative = forms.BooleanField(
        label=_("Nhận qua người đại diện"), required=False, initial=True
    )
    financial_stop = forms.BooleanField(label=_("Dừng chờ nghĩa vụ tài chính"), required=False)
    office_decides = forms.BooleanField(
        label=_("Chỉ cán bộ chọn, không hỏi người nộp qua mạng"), required=False
    )


def _case_choice() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Cho trường hợp"), required=False, choices=[("", _("Mọi trường hợp"))])


class PaperForm(forms.Form):
    """One paper."""

    name = forms.CharField(label=_("Tên giấy tờ"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    case = _case_choice()
    originals = forms.IntegerField(label=_("Bản chính"), min_value=0, max_value=100, required=False)
    copies = forms.IntegerField(label=_("Bản sao"), min_value=0, max_value=100, required=False)
    must_submit = forms.BooleanField(
        label=_("Phải nộp"), required=False, initial=True, help_text=_("Bỏ dấu: chỉ đưa xem rồi nhận lại.")
    )
    always = forms.BooleanField(label=_("Mọi hồ sơ đều cần"), required=False, initial=True)
    when_text = _text(_("Cần khi nào"), max_length=1000)
    hint = _text(_("Chỉ dẫn"), max_length=1000)
    form_file = _text(_("Tệp biểu mẫu"), max_length=500)
    is_note = forms.BooleanField(label=_("Đây là lời nhắc, không phải giấy tờ"), required=False)
    case_text = forms.CharField(widget=forms.HiddenInput, required=False)


class FeeForm(forms.Form):
    """One fee."""

    old = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = _text(_("Tên khoản thu"), max_length=1000)
    kind = forms.ChoiceField(label=_("Loại"), choices=FeeKind.choices)
    basis = forms.ChoiceField(label=_("Cách thu"), choices=FeeBasis.choices, initial=FeeBasis.AMOUNT)
    amount = forms.IntegerField(
        label=_("Mức thu, đồng"),
        min_value=0,
        max_value=10**12,
        required=False,
        help_text=_("Không thu: ghi 0."),
    )
    unit = _text(_("Tính theo"), max_length=100)
    case = _case_choice()
    channel = forms.ChoiceField(
        label=_("Hình thức nộp"), required=False, choices=[("", _("Mọi hình thức")), *Channel.choices]
    )
    from_quantity = forms.IntegerField(label=_("Từ số thứ"), min_value=1, max_value=10**6, required=False)
    ceiling = forms.IntegerField(label=_("Tối đa, đồng"), min_value=0, max_value=10**12, required=False)
    note = _text(_("Ghi chú"), 2)

    def clean(self) -> dict[str, Any]:
        """A sum goes with its basis."""
        data = super().clean() or {}
        if (
            data.get("basis") == FeeBasis.AMOUNT
            and data.get("amount") is None
            and "amount" not in self.errors
        ):
            self.add_error("amount", gettext("Ghi mức thu bằng đồng, hoặc chọn cách thu khác."))
        return data


class ResultForm(forms.Form):
    """One result."""

    name = forms.CharField(label=_("Tên kết quả"), max_length=1000)
    code = _text(_("Mã kết quả"), max_length=20, help_text="KQ.G15.000031")


class ReferenceForm(forms.Form):
    """One legal document."""

    number = forms.CharField(label=_("Số, ký hiệu văn bản"), max_length=200)
    name = _text(_("Tên văn bản"), max_length=1000)


if TYPE_CHECKING:
    Rows = BaseFormSet[Any]
_ROWS: dict[Part, dict[str, type[forms.Form]]] = {
    Part.CASES: {"rows": CaseForm},
    Part.PAPERS: {"rows": PaperForm},
    Part.FEES: {"rows": FeeForm},
    Part.RESULTS: {"results": ResultForm, "references": ReferenceForm},
}


class PartEditor:
    """The page of one part: the form of the record or the rows, the key and the edition that was seen.

    `cases` are the names of the draft's cases, for what belongs to one of them.
    """

    def __init__(
        self, part: Part, content: Content, *, cases: list[str], seen: int, data: Mapping[str, Any] | None
    ) -> None:
        self.part = part
        self.cases = cases
        self.frame = SeenForm(data, initial={"seen": seen})
        self.record = RecordForm(data, initial=content) if part == Part.RECORD else None
        self.rows: dict[str, Rows] = {
            name: self._rows(name, form, content[name], data) for name, form in _ROWS.get(part, {}).items()
        }

    def _rows(
        self, name: str, form: type[forms.Form], initial: list[Content], data: Mapping[str, Any] | None
    ) -> "Rows":
        kind = formset_factory(
            form, extra=1, can_delete=True, can_order=True, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS
        )
        rows = kind(data, prefix=name, initial=[{**row, "old": row.get("from")} for row in initial])
        choices = [("", gettext("Mọi trường hợp"))] + [
            (str(at), case or "—") for at, case in enumerate(self.cases)
        ]
        for one in rows.forms:
            field = one.fields.get("case")
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        return rows

    @property
    def seen(self) -> int:
        """The edition that was on the screen."""
        return int(self.frame.cleaned_data.get("seen") or 0)

    @property
    def key(self) -> str:
        """The key of this one request."""
        return str(self.frame.cleaned_data["key"])

    def is_valid(self) -> bool:
        """Tell whether everything that was typed has the right shape."""
        whole = [self.frame.is_valid(), self.record is None or self.record.is_valid()]
        return all([*whole, *(rows.is_valid() for rows in self.rows.values())])

    @property
    def faults(self) -> int:
        """How many fields are wrong, for the line at the top."""
        count = len(self.record.errors) if self.record is not None and self.record.is_bound else 0
        return count + sum(
            len(one.errors) for rows in self.rows.values() if rows.is_bound for one in rows.forms
        )

    def content(self) -> Content:
        """Return what was typed, as `source.parts` takes it and as it is kept."""
        if self.record is not None:
            return dict(self.record.cleaned_data)
        return {name: [_row(one) for one in _in_order(rows)] for name, rows in self.rows.items()}


def _in_order(rows: "Rows") -> list[dict[str, Any]]:
    """Return the filled rows in the order of their numbers; a row without one stays where it stands."""
    found = []
    for place, form in enumerate(rows.forms, start=1):
        data = form.cleaned_data
        if not data or data.get("DELETE") or not (form.has_changed() or place <= rows.initial_form_count()):
            continue
        found.append((data.get("ORDER") or place, place, data))
    return [data for _order, _place, data in sorted(found, key=lambda one: one[:2])]


def _row(data: dict[str, Any]) -> Content:
    row = {name: value for name, value in data.items() if name not in ("DELETE", "ORDER", "old")}
    return {**row, "from": data.get("old")} if "old" in data else row
