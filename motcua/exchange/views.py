"""Pages of the administrator: clients, one of them, its secret shown once; and the guide for programmers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.exchange import queries
from motcua.exchange.events import EVENTS
from motcua.exchange.forms import ClientForm, NewClientForm, RevokeForm, SecretForm, initial_of
from motcua.exchange.models import Client, Scope
from motcua.exchange.operations import clients, telling
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _home() -> Crumb:
    return Crumb(_("Hệ thống kết nối"), reverse("integrations"))


@require_GET
def client_list(request: HttpRequest) -> HttpResponse:
    """List the programs of other agencies, those that still hold first."""
    now = timezone.now()
    rows = [(one, _state(one, now, secret=one.has_secret)) for one in queries.clients(now)]  # type: ignore[attr-defined]
    return render(request, "exchange/list.html", {"rows": rows})


def _state(client: Client, now: datetime, *, secret: bool) -> tuple[str, str]:
    """Say how a client stands, with the look of its badge."""
    if client.revoked_at is not None:
        return _("đã thu hồi"), "stop"
    if client.expires_on < timezone.localdate(now):
        return _("đã hết hạn"), "late"
    if not secret:
        return _("chưa có khóa"), "wait"
    return _("đang dùng"), "done"


def new_client(request: HttpRequest) -> HttpResponse:
    """Register a program."""
    form = NewClientForm(request.POST or None, today=timezone.localdate(), actor=_actor(request))
    made: list[Client] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            clients.register(
                system=data["system"], facts=form.facts(), actor=_actor(request), at=timezone.now(), key=data["key"]
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã đăng ký. Tạo khóa bí mật để kết nối dùng được."))
        return redirect("integration", made[0].pk)
    context = {
        "form": form,
        "crumbs": [_home(), Crumb(_("Kết nối mới"))],
        "title": _("Đăng ký hệ thống kết nối"),
    }
    return render(request, "exchange/form.html", context, status=422 if request.method == "POST" else 200)


def change_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Change what is written down of a program."""
    client = queries.client(client_id)
    form = ClientForm(
        request.POST or None, today=timezone.localdate(), actor=_actor(request), client=client,
        initial=initial_of(client),
    )  # fmt: skip

    def act(data: dict[str, Any]) -> None:
        clients.change(
            client_id=client.pk, facts=form.facts(), actor=_actor(request), at=timezone.now(), key=data["key"]
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã lưu. Mã truy cập cũ hết hiệu lực; hệ thống kia tự lấy mã mới."))
        return redirect("integration", client.pk)
    crumbs = [_home(), Crumb(client.name, reverse("integration", args=[client.pk])), Crumb(_("Sửa"))]
    context = {"form": form, "crumbs": crumbs, "title": _("Sửa kết nối"), "client": client}
    return render(request, "exchange/form.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def one_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show a program: what it may, its secrets, its calls, the addresses it is told at."""
    return _page(request, queries.client(client_id))


def _page(
    request: HttpRequest, client: Client, *, secret: str = "", forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    held = queries.secrets_of(client, now)
    context = {
        "client": client, "state": _state(client, now, secret=bool(held)), "facts": _facts(client), "secret": secret,
        "secrets": held, "days": queries.days_of(client, timezone.localdate(now)),
        "hooks": queries.webhooks_of(client), "crumbs": [_home(), Crumb(client.name)],
        "token_url": f"{settings.PUBLIC_URL}/api/v1/token",
        "secret_form": SecretForm(), "revoke_form": RevokeForm(auto_id="revoke_%s"), **(forms or {}),
    }  # fmt: skip
    return render(request, "exchange/one.html", context, status=status)


def _facts(client: Client) -> list[tuple[str, str]]:
    scopes = dict(Scope.choices)
    return [
        (_("Mã ngắn (client_id)"), client.system),
        (_("Chủ quản"), client.owner),
        (_("Đầu mối"), client.contact),
        (_("Cơ quan"), ", ".join(one.name for one in client.agencies.all())),
        (_("Được làm"), "; ".join(str(scopes[one]) for one in client.scopes if one in scopes)),
        (_("Thấy"), _("chỉ hồ sơ do mình nộp") if client.only_own else _("mọi hồ sơ của cơ quan trên")),
        (_("Đến từ"), ", ".join(client.addresses) or _("mọi nơi")),
        (_("Tốc độ"), _("%(n)s lượt mỗi phút") % {"n": client.per_minute}),
        (_("Hết hạn sau"), f"{client.expires_on:%d/%m/%Y}"),
    ]


@require_POST
def new_secret(request: HttpRequest, client_id: int) -> HttpResponse:
    """Make a secret and show it, this once."""
    form, made = SecretForm(request.POST), [""]

    def act(data: dict[str, Any]) -> None:
        _row, made[0] = clients.new_secret(
            client_id=client_id, keep_hours=data["keep_hours"], actor=_actor(request), at=timezone.now(),
            key=data["key"],
        )  # fmt: skip

    if not attempt(form, act):
        return _page(request, queries.client(client_id), forms={"secret_form": form}, status=422)
    if not made[0]:
        messages.info(request, _("Khóa này đã hiện một lần. Nếu chưa chép, tạo khóa khác."))
        return redirect("integration", client_id)
    return _page(request, queries.client(client_id), secret=made[0])


@require_POST
def end_secrets(request: HttpRequest, client_id: int) -> HttpResponse:
    """End every secret but the newest."""
    clients.end_old_secrets(client_id=client_id, actor=_actor(request), at=timezone.now())
    messages.success(request, _("Khóa cũ đã hết hiệu lực."))
    return redirect("integration", client_id)


@require_POST
def resume_webhook(request: HttpRequest, client_id: int, hook_id: UUID) -> HttpResponse:
    """Send what waits for an address again, from now."""
    telling.resume_for(client_id=client_id, number=hook_id, actor=_actor(request), at=timezone.now())
    messages.success(request, _("Đang gửi lại các tin đang chờ, theo thứ tự."))
    return redirect("integration", client_id)


@require_POST
def revoke(request: HttpRequest, client_id: int) -> HttpResponse:
    """Shut the door for ever."""
    form = RevokeForm(request.POST, auto_id="revoke_%s")

    def act(data: dict[str, Any]) -> None:
        clients.revoke(client_id=client_id, reason=data["reason"], actor=_actor(request), at=timezone.now())

    if not attempt(form, act):
        return _page(request, queries.client(client_id), forms={"revoke_form": form}, status=422)
    messages.success(request, _("Đã thu hồi: mọi khóa và mã truy cập hết hiệu lực."))
    return redirect("integration", client_id)


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """How a program begins, for whoever writes it."""
    context = {"base": f"{settings.PUBLIC_URL}/api/v1", "scopes": Scope.choices, "events": EVENTS}
    return render(request, "exchange/guide.html", context)
