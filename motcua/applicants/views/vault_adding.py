"""“Thêm bản sao điện tử có chứng thực”: the owner sends a signed PDF; what could be told of it stands on its page."""

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.applicants import queries
from motcua.applicants.forms import TOLD, SignedForm
from motcua.applicants.models import VaultSource
from motcua.applicants.operations import bringing
from motcua.applicants.operations.bringing import Brought, Told
from motcua.base.files.uploads import uploaded
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take one signed PDF in and say what it counts as."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.for_applicant is None:
        return redirect("vault")  # it says what is missing
    form = SignedForm(request.POST or None)
    made: list[Brought] = []

    def act(data: dict[str, Any]) -> None:
        sent = uploaded(request, "file")
        told = Told(**{name: data[name] for name in TOLD})
        made.append(
            bringing.bring_in(
                told=told,
                stream=cast(BinaryIO, sent),
                filename=sent.name or "",
                actor=actor,
                at=timezone.now(),
            )
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _said(made[0]))
        return redirect("vault-paper", made[0].paper.pk)
    context = {
        "form": form, "applicant": queries.get(actor.for_applicant),
        "crumbs": [
            Crumb(_("Tài khoản của tôi"), "/tai-khoan/"), Crumb(_("Giấy tờ của tôi"), reverse("vault")),
            Crumb(_("Thêm bản sao điện tử có chứng thực")),
        ],
    }  # fmt: skip
    return render(request, "applicants/vault_add.html", context, status=422 if form.errors else 200)


def _said(brought: Brought) -> str:
    if brought.known:
        return _("Tệp này đã có trong kho từ trước; không thêm lần nữa.")
    if brought.paper.source == VaultSource.CERTIFIED:
        return _("Đã thêm vào kho: bản sao điện tử có chứng thực.")
    return _("Đã thêm vào kho như giấy tờ anh/chị tự gửi, chưa phải bản có chứng thực. Xem vì sao ở dưới.")
