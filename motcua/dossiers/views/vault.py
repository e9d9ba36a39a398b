"""The applicant's vault beside a dossier: for whoever may add papers to it, with a reason, each look noted."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from motcua.applicants.models import VaultHow
from motcua.applicants.operations import vault as keeping
from motcua.dossiers import reading, vault_offers
from motcua.dossiers.operations import vault
from motcua.dossiers.reading import Sheet, actor_of
from motcua.dossiers.views.detail import back
from motcua.lib.ids import uuid7
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm


class LookForm(KeyedForm):
    """Why the vault is opened."""

    reason = forms.CharField(
        label=gettext_lazy("Vì sao xem"),
        max_length=200,
        help_text=gettext_lazy("Người dân đọc được câu này ở trang Giấy tờ của tôi."),
    )


@require_http_methods(["GET", "POST"])
def beside(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why; then list what the applicant has for the papers of this dossier; take one over."""
    actor, now = actor_of(request), timezone.now()
    sheet = reading.sheet_for(actor, code, now=now)
    if not sheet.may_attach:
        raise NotPermitted(_("Chỉ người đang xử lý hồ sơ mở được kho giấy tờ của người nộp."))
    form = LookForm(request.POST or None)
    context: dict[str, Any] = {"dossier": sheet.dossier, "form": form, "crumbs": _crumbs(sheet)}
    if request.method == "POST" and "paper" in request.POST:
        return _take(request, sheet)
    if not form.is_valid():
        return render(request, "dossiers/vault.html", context, status=422 if form.is_bound else 200)
    lines = vault_offers.for_dossier(sheet.dossier, timezone.localdate(now), actor=actor)
    keeping.note(
        applicant_id=sheet.dossier.applicant_id, papers=[offer.paper_id for _one, offer in lines if offer.paper_id],
        how=VaultHow.LIST, actor=actor, at=now, used_in=sheet.dossier.code, reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return render(
        request, "dossiers/vault.html", {**context, "lines": lines, "looked": True, "fresh_key": uuid7().hex}
    )


def _take(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        hung = vault.take_over(
            dossier=sheet.dossier, document_id=UUID(request.POST.get("document", "")),
            paper_id=UUID(request.POST["paper"]), actor=sheet.attacher or sheet.actor, at=sheet.now,
            key=request.POST.get("key", ""),
        )  # fmt: skip
    except ValueError:
        return back(request, sheet.dossier.code, _("Không có giấy tờ này trong kho."), good=False)
    except Refusal as refusal:
        return back(request, sheet.dossier.code, refusal.message, good=False)
    return back(
        request, sheet.dossier.code, _("Đã dùng %(count)d tệp từ kho giấy tờ.") % {"count": len(hung)}
    )


def _crumbs(sheet: Sheet) -> list[Crumb]:
    code = sheet.dossier.code
    return [Crumb(code, reverse("dossier", args=[code])), Crumb(_("Kho giấy tờ của người nộp"))]
