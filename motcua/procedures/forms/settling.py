"""The form that settles a doubtful row: what it asks depends on what kind of row it is."""

from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.procedures.models import ImportFlag
from motcua.procedures.models.words import FeeKind, Unit

Kind = Literal["limit", "fee", "note", "check"]


def kind_of(flag: ImportFlag) -> Kind:
    """Return what can be decided about a flag."""
    if flag.path.endswith(".time_limit"):
        return "limit"
    if flag.reason.startswith("fee_") and flag.path != "fee":
        return "fee"
    return "note" if flag.reason == "paper_is_note" else "check"


def kind_of_reason(reason: str) -> Kind:
    """Return what can be decided about all flags of one reason at once."""
    if reason.startswith("limit_"):
        return "limit"
    if reason.startswith("fee_"):
        return "fee"
    return "note" if reason == "paper_is_note" else "check"


class BulkForm(forms.Form):
    """Decide many rows of one reason alike. A number is never typed for many: only the source's own is taken."""

    action = forms.ChoiceField(label=gettext_lazy("Cách xử lý"), widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị"), required=False, choices=[("", "—"), *Unit.choices])
    whole = forms.ChoiceField(label=gettext_lazy("Cho"), widget=forms.RadioSelect, initial="marked")
    note = forms.CharField(
        label=gettext_lazy("Căn cứ"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, reason: str, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind: Kind = kind_of_reason(reason)
        keep = ("keep", _("Đã xem, giữ nguyên chữ của nguồn"))
        choices = {
            "limit": [("unit", _("Lấy con số của nguồn với đơn vị dưới đây")), keep],
            "fee": [("free", _("Không thu")), keep],
            "note": [("remark", _("Đây là lời nhắc")), ("paper", _("Đây là giấy tờ phải có")), keep],
            "check": [keep],
        }[self.kind]
        action, whole = self.fields["action"], self.fields["whole"]
        assert isinstance(action, forms.ChoiceField)
        assert isinstance(whole, forms.ChoiceField)
        action.choices = choices
        many = _("Mọi dòng của lý do này: %(n)s") % {"n": total}
        whole.choices = [("marked", _("Các dòng đã đánh dấu")), ("all", many)]
        if self.kind != "limit":
            del self.fields["unit"]
        if self.kind == "check":
            action.initial = "keep"

    def clean(self) -> dict[str, Any]:
        """Ask for the unit where it is needed."""
        data = super().clean() or {}
        if data.get("action") == "unit" and not data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Chưa chọn: %(label)s") % {"label": self.fields["unit"].label})
        return data

    def decision(self) -> dict[str, Any]:
        """Return the decision as `operations.settling.settle_many` takes it."""
        action = self.cleaned_data["action"]
        if action == "unit":
            return {"unit": self.cleaned_data["unit"]}
        fixed: dict[str, dict[str, Any]] = {
            "free": {"amount": 0},
            "remark": {"is_note": True},
            "paper": {"is_note": False},
        }
        return fixed.get(action, {"checked": True})


class SettleForm(forms.Form):
    """Decide one row. "Giữ nguyên" keeps the source's words and sets nothing to reckon with."""

    action = forms.ChoiceField(label=gettext_lazy("Cách xử lý"), widget=forms.RadioSelect)
    value = forms.DecimalField(
        label=gettext_lazy("Thời hạn"), required=False, min_value=Decimal(0), max_digits=8, decimal_places=2
    )
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị"), required=False, choices=[("", "—"), *Unit.choices])
    amount = forms.IntegerField(
        label=gettext_lazy("Mức thu, đồng"), required=False, min_value=0, max_value=10**12
    )
    fee_unit = forms.CharField(label=gettext_lazy("Tính theo"), required=False, max_length=100)
    fee_kind = forms.ChoiceField(label=gettext_lazy("Loại"), required=False, choices=FeeKind.choices)
    note = forms.CharField(
        label=gettext_lazy("Căn cứ, ghi chú"), required=False, max_length=1000, widget=forms.Textarea
    )

    _FIELDS: dict[Kind, set[str]] = {
        "limit": {"action", "value", "unit", "note"},
        "fee": {"action", "amount", "fee_unit", "fee_kind", "note"},
        "note": {"action", "note"},
        "check": {"action", "note"},
    }

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind: Kind = kind
        self.fields = {name: field for name, field in self.fields.items() if name in self._FIELDS[kind]}
        keep = ("keep", _("Đã xem, giữ nguyên chữ của nguồn"))
        choices = {
            "limit": [("set", _("Ghi thời hạn dưới đây")), keep],
            "fee": [("set", _("Ghi mức thu dưới đây")), keep],
            "note": [("remark", _("Đây là lời nhắc")), ("paper", _("Đây là giấy tờ phải có")), keep],
            "check": [keep],
        }[kind]
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = choices
        if kind == "check":
            action.initial = "keep"

    def clean(self) -> dict[str, Any]:
        """Ask for the value that the chosen action needs."""
        data = super().clean() or {}
        if data.get("action") == "set":
            needed = ("value", "unit") if self.kind == "limit" else ("amount",)
            for name in needed:
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, _("Chưa điền: %(label)s") % {"label": self.fields[name].label})
        return data

    def decision(self) -> dict[str, Any]:
        """Return the decision as `operations.settling.settle` takes it."""
        data = self.cleaned_data
        if data["action"] == "set" and self.kind == "limit":
            return {"value": str(data["value"]), "unit": data["unit"]}
        if data["action"] == "set":
            return {"amount": data["amount"], "unit": data["fee_unit"], "kind": data["fee_kind"]}
        if data["action"] in ("remark", "paper"):
            return {"is_note": data["action"] == "remark"}
        return {"checked": True}
