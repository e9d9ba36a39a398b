"""Go on under the version in force, or begin anew what was refused."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import word_key
from motcua.online import queries
from motcua.online.forms import RenewForm
from motcua.online.operations import renewing
from motcua.online.views.applying import actor_of, crumbs_of
from motcua.ui.keyed import attempt

_TOLD = 12


@never_cache
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Say what the new version is, ask what it leaves open, and move the application there."""
    actor, at = actor_of(request), timezone.now()
    row, today = queries.mine(actor, application_id, at), timezone.localdate(at)
    found = queries.offer(row.variant.version.procedure.code or "", today)
    replaced = row.variant.version_id != found.version.pk
    if row.code or not (replaced or not queries.settles(row, today)):
        return redirect("online-draft", row.pk)
    same = [one for one in found.variants if word_key(one.name) == word_key(row.variant.name)]
    open_ones = [one for one in found.agencies if one.closed_on is None or one.closed_on > today]
    agencies = [one for one in open_ones if one.pk == row.agency_id] or open_ones
    form = RenewForm(
        request.POST or None,
        variants=[(one.pk, one.name or found.version.name) for one in same or found.variants],
        agencies=[(one.pk, one.name) for one in agencies],
    )
    made: list[renewing.Renewed] = []

    def act(values: dict[str, int]) -> None:
        made.append(
            renewing.renew(
                application_id=row.pk, variant_id=values["variant"], agency_id=values["agency"], actor=actor, at=at
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        said = (
            _("Hồ sơ đã chuyển sang bản mới. Xem lại tờ khai và giấy tờ trước khi nộp.")
            if replaced
            else _("Đã đổi cơ quan giải quyết.")
        )
        messages.success(request, said)
        if left := made[0].left:
            shown = "; ".join(left[:_TOLD]) + (" …" if len(left) > _TOLD else "")
            messages.warning(request, _("Mẫu mới không hỏi nữa: %(what)s.") % {"what": shown})
        return redirect("online-draft", row.pk)
    context = {
        "row": row, "before": row.variant.version, "version": found.version, "form": form,
        "offered": bool(found.variants and agencies), "replaced": replaced,
        "crumbs": crumbs_of(row, _("Chuyển sang bản mới") if replaced else _("Đổi cơ quan giải quyết")),
    }  # fmt: skip
    return render(request, "online/renew.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def again(request: HttpRequest, code: str) -> HttpResponse:
    """Begin anew what ended without a result, with what was declared and sent; where that cannot be, from the start."""
    actor, at = actor_of(request), timezone.now()
    try:
        row = renewing.again(code=code, actor=actor, at=at, key=request.POST.get("key", "")[:64])
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        dossier, _inside = queries.dossier_of(actor, code, at)
        messages.warning(request, refused.message)
        return redirect("online-start", dossier.procedure_version.procedure.code)
    messages.success(
        request, _("Hồ sơ mới đã có tờ khai và giấy tờ của lần trước. Sửa chỗ cơ quan nói rồi nộp.")
    )
    return redirect("online-draft", row.pk)
