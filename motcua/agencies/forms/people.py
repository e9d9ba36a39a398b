"""Forms about people: they check shape; what is allowed is decided in the operations."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies import permissions, queries
from motcua.agencies.models import Point, Unit
from motcua.agencies.roles import Role
from motcua.lib.actor import Actor


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, named with its agency."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.name} · {obj.agency.short_name}"


class PositionForm(forms.Form):
    """A position: unit, title, roles, and where the person sits when at a counter."""

    unit = UnitField(label=_("Đơn vị"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Chức vụ, vị trí"), max_length=150)
    roles = forms.MultipleChoiceField(
        label=_("Vai trò"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    point = forms.ModelChoiceField(
        label=_("Điểm tiếp nhận thường ngồi"),
        queryset=Point.objects.none(),
        required=False,
        empty_label=_("Không ngồi quầy"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        unit, point, roles = self.fields["unit"], self.fields["point"], self.fields["roles"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(point, forms.ModelChoiceField)
        assert isinstance(roles, forms.MultipleChoiceField)
        unit.queryset = queries.units_run_by(actor, today)
        point.queryset = queries.points_run_by(actor, today)
        if not permissions.is_system_admin(actor):
            roles.choices = [one for one in Role.choices if one[0] not in permissions.GIVEN_BY_SYSTEM_ADMIN]


class InviteForm(PositionForm):
    """A new officer: the account and the first position."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    login_name = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ không dấu, số và . _ -; không đổi được về sau."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    phone = forms.CharField(label=_("Điện thoại cơ quan"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False)
    field_order = ["full_name", "login_name", "phone", "email", "unit", "title", "roles", "point"]


class EmergencyForm(forms.Form):
    """A new emergency account: what it is called, where it belongs, where its envelopes lie."""

    full_name = forms.CharField(
        label=_("Gọi là"), max_length=120, help_text=_("Ví dụ: Khẩn cấp số 1. Không phải tên một người.")
    )
    login_name = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ không dấu, số và . _ -; không đổi được về sau."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    unit = UnitField(label=_("Đơn vị"), queryset=Unit.objects.none(), empty_label=None)
    place = forms.CharField(
        label=_("Nơi cất và người giữ hai phong bì"),
        max_length=200,
        help_text=_("Ví dụ: phong bì 1 ở két Văn phòng (anh Đức), phong bì 2 ở két Công an xã."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = queries.units_run_by(actor, timezone.localdate())


class ReasonForm(forms.Form):
    """Why: for a reset and for a leaver."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=300, help_text=_("Ví dụ: mất điện thoại, chuyển công tác.")
    )
