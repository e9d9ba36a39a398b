"""Forms of the administrator: a client, its new secret, its end."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.agencies import inside
from motcua.agencies.models import Agency
from motcua.exchange import permissions
from motcua.exchange.models import Client, Scope
from motcua.exchange.operations.clients import MOST_PER_MINUTE, ClientFacts
from motcua.lib.actor import Actor
from motcua.ui.keyed import KeyedForm, day_field


class ClientForm(KeyedForm):
    """What is written down of a client."""

    name = forms.CharField(
        label=_("Tên kết nối"), max_length=120, help_text=_("Đứng tên trong lịch sử hồ sơ.")
    )
    owner = forms.CharField(label=_("Cơ quan, đơn vị chủ quản"), max_length=200)
    contact = forms.CharField(
        label=_("Đầu mối kỹ thuật"), max_length=200, help_text=_("Họ tên, điện thoại: gọi khi kết nối hỏng.")
    )
    agencies = forms.ModelMultipleChoiceField(
        label=_("Với hồ sơ của cơ quan"), queryset=Agency.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    scopes = forms.MultipleChoiceField(
        label=_("Được làm gì"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    only_own = forms.TypedChoiceField(
        label=_("Thấy hồ sơ nào"),
        choices=[("1", _("Chỉ hồ sơ do chính kết nối này nộp")), ("0", _("Mọi hồ sơ của các cơ quan đã chọn"))],
        widget=forms.RadioSelect, coerce=lambda text: text == "1", initial="1",
    )  # fmt: skip
    addresses = forms.CharField(
        label=_("Chỉ từ các địa chỉ mạng"), required=False, max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một địa chỉ hoặc dải, ví dụ 203.0.113.0/24. Để trống: từ mọi nơi."),
    )  # fmt: skip
    per_minute = forms.IntegerField(
        label=_("Nhiều nhất bao nhiêu lượt mỗi phút"), min_value=1, max_value=MOST_PER_MINUTE, initial=120
    )
    expires_on = day_field(
        _("Hết hạn sau ngày"), help_text=_("Nhiều nhất hai năm; gia hạn bằng cách sửa ngày này.")
    )

    def __init__(
        self, *args: Any, today: date, actor: Actor, client: Client | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        agencies = self.fields["agencies"]
        assert isinstance(agencies, forms.ModelMultipleChoiceField)
        agencies.queryset = _offered(actor, client, today)

    def facts(self) -> ClientFacts:
        """Return what a valid form says."""
        data = self.cleaned_data
        return ClientFacts(
            name=data["name"], owner=data["owner"], contact=data["contact"],
            agencies=tuple(sorted(one.pk for one in data["agencies"])), scopes=tuple(data["scopes"]),
            only_own=data["only_own"], addresses=tuple(data["addresses"].split()),
            per_minute=data["per_minute"], expires_on=data["expires_on"],
        )  # fmt: skip


def _offered(actor: Actor, client: Client | None, today: date) -> QuerySet[Agency]:
    """Return the agencies that the actor administers, and those that a client already has: they may stay."""
    given = permissions.agencies_given(actor, today)
    found = inside.agencies_still_open(today)
    if given is not None:
        found = found.filter(pk__in=given)
    held = client.agencies.values("pk") if client is not None else Client.objects.none().values("pk")
    return Agency.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=held)).order_by(
        *found.query.order_by
    )


class NewClientForm(ClientForm):
    """A new client, with the short name that stays for ever."""

    field_order = ("system",)
    system = forms.SlugField(
        label=_("Mã ngắn"), max_length=30,
        help_text=_("Chữ thường, chữ số, gạch nối, ví dụ cong-dvc. Là client_id; không đổi được."),
    )  # fmt: skip


class SecretForm(KeyedForm):
    """How long the old secret holds beside the new one."""

    keep_hours = forms.TypedChoiceField(
        label=_("Khóa đang dùng"), coerce=int, widget=forms.RadioSelect, initial="24",
        choices=[
            ("24", _("còn dùng được 24 giờ")), ("168", _("còn dùng được 7 ngày")), ("0", _("hết hiệu lực ngay")),
        ],
    )  # fmt: skip


class RevokeForm(KeyedForm):
    """Why the door is shut."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


def initial_of(client: Client) -> dict[str, Any]:
    """Return what the form shows of a client."""
    return {
        "name": client.name, "owner": client.owner, "contact": client.contact,
        "agencies": list(client.agencies.all()), "scopes": client.scopes, "only_own": "1" if client.only_own else "0",
        "addresses": "\n".join(client.addresses), "per_minute": client.per_minute, "expires_on": client.expires_on,
    }  # fmt: skip
