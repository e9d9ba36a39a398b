"""A person asks about their data and follows the request. Bound to a slip here; at the counter a card is seen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.dossiers import tracking
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import NotFound
from motcua.privacy import queries, sealed, states, words
from motcua.privacy.forms import AskForm, FollowForm
from motcua.privacy.models import DataRequest
from motcua.privacy.operations.requests import ask_by_slip
from motcua.privacy.states import Kind
from motcua.ui.keyed import attempt
from motcua.ui.visitors import address_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Say what may be asked, how long each takes, and how."""
    clock = states.clock_on(timezone.localdate())
    rows = [(_(states.NAMES[kind]), clock.days[kind]) for kind in Kind]
    return render(request, "privacy/home.html", {"rows": rows, "answer": clock.answer, "law": states.LAW})


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a request in; the page that answers is the confirmation, with code and secret."""
    now = timezone.now()
    form = AskForm(
        request.POST if request.method == "POST" else None, initial={"kind": request.GET.get("viec", "")}
    )
    made: list[DataRequest] = []

    def act(data: dict[str, Any]) -> None:
        dossier = queries.dossier_of(data["code"], data["secret"])
        assert dossier is not None  # `_known` has just found it
        made.append(
            ask_by_slip(
                dossier=dossier, kind=data["kind"], wants=data["wants"], email=data["email"], actor=PUBLIC, at=now,
                key=data["key"],
            )
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and _known(form, request) and attempt(form, act):
        return render(
            request, "privacy/asked.html", {"row": made[0], "kind": _(states.NAMES[Kind(made[0].kind)])}
        )
    return render(
        request, "privacy/ask.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


def _known(form: AskForm, request: HttpRequest) -> bool:
    """Tell whether code and secret are right; tries are counted with those of the public look-up."""
    data = form.cleaned_data
    try:
        found = tracking.by_code(
            data["code"], data["secret"], address=address_of(request), now=timezone.now()
        )
    except tracking.TooManyTries:
        form.add_error(
            "code", _("Đã thử sai quá nhiều lần. Đợi một giờ rồi thử lại, hoặc gọi cơ quan để hỏi.")
        )
        return False
    if found is None:
        form.add_error(
            "code", _("Không tìm thấy. Kiểm tra lại mã hồ sơ và mã tra cứu in trên giấy tiếp nhận.")
        )
    return found is not None


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show how a request stands to who has its code and secret."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    row = _found(form, request) if request.method == "POST" and form.is_valid() else None
    if row is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "privacy/follow.html", {"form": form}, status=status)
    now = timezone.now()
    context = {
        "row": row, "kind": _(states.NAMES[Kind(row.kind)]), "state": _(states.STATES[states.State(row.state)]),
        "standing": queries.standing(row, now), "ground": _(states.GROUNDS[row.ground]) if row.ground else "",
        "ready": bool(row.copy), "pass": queries.pass_of(row), "lines": certificate_lines(row),
    }  # fmt: skip
    return render(request, "privacy/followed.html", context)


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Hand out the sealed copy to who has looked the request up, or has its code and secret."""
    form = FollowForm(request.POST)
    row = queries.request_by_pass(request.POST.get("pass", "")[:300])
    if row is None:
        row = _found(form, request) if form.is_valid() else None
    if row is None:
        return render(request, "privacy/follow.html", {"form": form}, status=422)
    return sealed_answer(row)


def sealed_answer(row: DataRequest) -> HttpResponse:
    """Return the sealed file of a request. Raises NotFound where there is none, or no longer."""
    if not row.copy or row.closed_at is None:
        raise NotFound(_("Bản sao này không còn. Gửi yêu cầu mới nếu cần."))
    answer = HttpResponse(sealed.as_zip(row.copy, at=row.closed_at), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}.zip"'
    return answer


def certificate_lines(row: DataRequest) -> list[tuple[str, int, str, str]]:
    """Return what an erasure did, line by line: table, rows, what became of them, why."""
    lines = (row.certificate or {}).get("lines", [])
    return [
        (words.table(one["table"], None), one["count"], words.done(one["what"]), one["why"]) for one in lines
    ]


def _found(form: FollowForm, request: HttpRequest) -> DataRequest | None:
    data = form.cleaned_data
    try:
        row = queries.request_of(data["code"], data["secret"], address=address_of(request))
    except queries.TooManyTries:
        form.add_error(
            "code", _("Đã thử sai quá nhiều lần. Đợi một giờ rồi thử lại, hoặc gọi cơ quan để hỏi.")
        )
        return None
    if row is None:
        form.add_error("code", _("Không tìm thấy. Kiểm tra lại mã yêu cầu và mã tra cứu."))
    return row
