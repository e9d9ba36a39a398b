"""A person asks about their data and follows the request: by a slip, or signed in with a proven identity as themselves;
at the counter a card is seen.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.accounts import citizen_session
from motcua.accounts.levels import SUBMISSION, requires_level
from motcua.applicants import queries as applicants
from motcua.dossiers import tracking
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.refusal import NotFound
from motcua.privacy import held, queries, sealed, states, words
from motcua.privacy.forms import AskForm, AskOwnForm, FollowForm
from motcua.privacy.models import DataRequest
from motcua.privacy.operations.requests import ask_by_slip, ask_signed_in
from motcua.privacy.states import Kind
from motcua.ui.keyed import attempt
from motcua.ui.visitors import address_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Say what may be asked, how long each takes, and how."""
    clock = states.clock_on(timezone.localdate())
    person = _person(request)
    context = {
        "rows": [(_(states.NAMES[kind]), clock.days[kind]) for kind in Kind], "answer": clock.answer, "law": states.LAW,
        "proven": person is not None,
        "own": [(one, _(states.NAMES[Kind(one.kind)]), state_words(one)) for one in queries.requests_of_person(person)]
        if person else [],
        "sign_in": _sign_in(request),
    }  # fmt: skip
    return render(request, "privacy/home.html", context)


home.wants_actor = True  # type: ignore[attr-defined]  # who signed in sees their own requests


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a request in; the page that answers is the confirmation, with code and secret.

    Who signed in with a proven identity asks as themselves, without a slip, and finds the request on their own page.
    """
    person = _person(request)
    if person is not None:
        return _ask_own(request, person)
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
    context = {"form": form, "sign_in": _sign_in(request)}
    return render(request, "privacy/ask.html", context, status=422 if request.method == "POST" else 200)


ask.wants_actor = True  # type: ignore[attr-defined]


def _ask_own(request: HttpRequest, person: UUID) -> HttpResponse:
    actor, now = _actor(request), timezone.now()
    agencies = [(one.pk, one.name) for one in queries.agencies_of_person(person, timezone.localdate(now))]
    form = AskOwnForm(
        request.POST if request.method == "POST" else None, agencies=agencies,
        initial={"kind": request.GET.get("viec", "")},
    )  # fmt: skip
    made: list[DataRequest] = []

    def act(data: dict[str, Any]) -> None:
        queries.within(data["agency"])
        made.append(
            ask_signed_in(
                agency_id=data["agency"], kind=data["kind"], wants=data["wants"], email=data["email"], actor=actor,
                at=now, key=data["key"],
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã nhận yêu cầu. Anh/chị xem trả lời ở trang này."))
        return redirect("data-rights-mine", code=made[0].code)
    return render(
        request, "privacy/ask_own.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


def _sign_in(request: HttpRequest) -> str:
    """Return where somebody proves who they are; "" where no provider is connected."""
    if settings.OIDC is None:
        return ""
    known = _actor(request).kind == "applicant"
    return citizen_session.sign_in_url(request.get_full_path(), level=SUBMISSION, fresh=known)


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _person(request: HttpRequest) -> UUID | None:
    """Return the applicant that somebody signed in with a proven identity is themselves; None for anybody else."""
    actor = _actor(request)
    if actor.kind != "applicant" or actor.level < SUBMISSION:
        return None
    citizen = applicants.citizen(actor.account_id or 0)
    return citizen.person.applicant.pk if citizen else None


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
    return _followed(request, row)


@requires_level(SUBMISSION)
@require_GET
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """Show one of their own requests to who signed in with a proven identity."""
    person = _person(request)
    known = queries.requests_of_person(person) if person else []
    row = next((one for one in known if one.code == code.upper()), None)
    if row is None:
        raise NotFound(_("Anh/chị không có yêu cầu này."))
    return _followed(request, row, own=True)


def _followed(request: HttpRequest, row: DataRequest, *, own: bool = False) -> HttpResponse:
    now = timezone.now()
    context = {
        "row": row, "kind": _(states.NAMES[Kind(row.kind)]), "state": state_words(row), "own": own,
        "standing": queries.standing(row, now), "ground": _(states.GROUNDS[row.ground]) if row.ground else "",
        "ready": bool(row.copy), "pass": queries.pass_of(row), "lines": certificate_lines(row.certificate),
        "said": words.erasure(row.certificate, done=True) if row.certificate else "",
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


def state_words(row: DataRequest) -> str:
    """Return how far a request has come; an erasure that left something says so."""
    lines = (row.certificate or {}).get("lines", [])
    whats = {one["what"] for one in lines}
    if row.kind == Kind.ERASE and "kept" in whats:
        return _("Đã xóa một phần") if whats & {"erased", "blanked"} else _("Chưa xóa được")
    return _(states.STATES[states.State(row.state)])


def certificate_lines(
    certificate: dict[str, Any] | None, *, done: bool = True
) -> list[tuple[str, int, str, str]]:
    """Return what an erasure did, or (not `done`) would do, line by line: table, rows, what becomes of them, why."""
    lines = (certificate or {}).get("lines", [])
    return [
        (words.table(label, held.kind_of(label)), one["count"], words.done(one["what"], done=done), one["why"])
        for one in lines for label in [one["table"]]
    ]  # fmt: skip


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
