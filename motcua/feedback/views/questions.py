"""What ratings ask: the sets, a new one from a ready one, its look as visitors will see it, its publication and end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.dossiers.reading import actor_of
from motcua.feedback import queries
from motcua.feedback.forms.ratings import QuestionsForm, RatingForm
from motcua.feedback.models import QuestionSet, SetState
from motcua.feedback.operations import questions as operations
from motcua.feedback.questions import READY, written
from motcua.feedback.views.public import agencies_by_name
from motcua.lib.refusal import Refusal
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the sets, and the ready ones to begin from."""
    context = {
        "rows": [(one, _where(one)) for one in queries.question_sets()], "ready": READY,
        "today": timezone.localdate(), "crumbs": [*_crumbs()],
    }  # fmt: skip
    return render(request, "feedback/questions/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft from a ready set."""
    ready = next((one for one in READY if one.key == request.GET.get("from")), READY[0])
    initial = {
        "title": ready.title, "basis": ready.basis, "scale": ready.scale, "text": ready.text,
        "valid_from": timezone.localdate(),
    }  # fmt: skip
    return _written(request, None, initial)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, set_id: int) -> HttpResponse:
    """Show a set as visitors see it; a draft can be written anew here."""
    row = queries.one_set(set_id)
    initial = {
        "title": row.title, "basis": row.basis, "scale": row.scale, "text": written(row.questions),
        "agency": row.agency_id, "procedure_code": row.procedure_code, "source": row.source, "channel": row.channel,
        "valid_from": row.valid_from,
    }  # fmt: skip
    return _written(request, row, initial)


def _written(request: HttpRequest, row: QuestionSet | None, initial: dict[str, Any]) -> HttpResponse:
    form = QuestionsForm(request.POST or None, initial=initial, agencies=agencies_by_name())
    made: list[QuestionSet] = []

    def act(values: dict[str, Any]) -> None:
        facts = operations.Facts(
            title=values["title"], basis=values["basis"], scale=values["scale"], text=values["text"],
            agency_id=values["agency"], procedure_code=values["procedure_code"], source=values["source"],
            channel=values["channel"], valid_from=values["valid_from"],
        )  # fmt: skip
        made.append(
            operations.draft(
                facts=facts, set_id=row.pk if row else None, actor=actor_of(request), at=timezone.now(),
                key=values["key"],
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã lưu bản soạn. Xem trước rồi công bố."))
        return redirect("questions-one", made[0].pk)
    today = timezone.localdate()
    context = {
        "row": row, "form": form, "where": _where(row) if row else "", "keyed": KeyedForm(),
        "preview": RatingForm(asked=row, auto_id="preview_%s") if row else None,
        "edits": row is None or row.state == SetState.DRAFT,
        "ends": row is not None and row.state == SetState.PUBLISHED and (row.valid_to is None or row.valid_to > today),
        "crumbs": [*_crumbs(), Crumb(row.title if row else _("Bộ mới"))],
    }  # fmt: skip
    return render(request, "feedback/questions/one.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def decide(request: HttpRequest, set_id: int, verb: str) -> HttpResponse:
    """Publish a draft, or end a set."""
    act = {"publish": operations.publish, "end": operations.end}.get(verb)
    if act is not None:
        try:
            act(
                set_id=set_id,
                actor=actor_of(request),
                at=timezone.now(),
                key=request.POST.get("key", "")[:64],
            )
        except Refusal as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Đã công bố.") if verb == "publish" else _("Đã thôi hỏi."))
    return redirect("questions-one", set_id)


def _where(row: QuestionSet) -> str:
    """Return where a set is asked, in words."""
    parts = [
        row.agency.short_name if row.agency else _("mọi cơ quan"),
        row.procedure_code,
        {"ticket": _("lượt ở quầy"), "dossier": _("hồ sơ")}.get(row.source, ""),
        {"web": _("bằng điện thoại, máy tính"), "kiosk": _("ở máy")}.get(row.channel, ""),
    ]
    return ", ".join(part for part in parts if part)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Câu hỏi khi đánh giá"), reverse("questions"))]
