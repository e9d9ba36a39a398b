"""The second person's pages: sending, approving, returning, taking back; repeal; the national record beside ours."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.forms.review import KeepOursForm, OneButtonForm, PublishForm, RepealForm, ReturnForm
from motcua.procedures.models import Approval, ProcedureVersion
from motcua.procedures.models.words import Act, State
from motcua.procedures.operations import approving, editing
from motcua.procedures.permissions import may_approve, may_edit_catalogue
from motcua.procedures.queries import completeness, managing, snapshot
from motcua.procedures.source import difference
from motcua.procedures.views import states
from motcua.procedures.views.managing import actor_of, crumbs
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt

_RETURN = "return_%s"  # two forms stand on one page
_KEEP = "keep_%s"


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, version_id: int) -> HttpResponse:
    """Send a draft to be published."""
    version = managing.version(version_id)
    form = PublishForm(request.POST or None, initial={"decision_number": version.decision_number})
    if request.method == "POST" and attempt(form, _asking(request, version, Act.PUBLISH)):
        messages.success(request, _("Đã gửi duyệt. Bản này áp dụng khi một người thứ hai đã duyệt."))
        return redirect("procedure_card", version.procedure_id)
    back = reverse("procedure_draft", args=[version.pk])
    title = _("Gửi duyệt công bố bản %(number)s") % {"number": version.number}
    context = {
        "form": form,
        "title": title,
        "note": _(
            "Bản đang áp dụng vẫn giữ đến ngày bản mới bắt đầu. Hồ sơ đã nhận theo bản nào thì đi đến cùng theo bản đó."
        ),
        "faults": completeness.faults(snapshot.data_of(version)),
        "button": _("Gửi duyệt"),
        "back": back,
        "crumbs": crumbs(
            version.procedure, Crumb(_("Bản %(number)s") % {"number": version.number}, back), Crumb(title)
        ),
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


def _asking(request: HttpRequest, version: ProcedureVersion, act: Act) -> Callable[[dict[str, Any]], object]:
    def ask(data: dict[str, Any]) -> Approval:
        names = ("day", "decision_number", "decision_date", "note", "late_known", "key")
        return approving.ask(
            version_id=version.pk,
            act=act,
            actor=actor_of(request),
            at=timezone.now(),
            **{name: data[name] for name in names},
        )

    return ask


@require_http_methods(["GET", "POST"])
def repeal(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Send a repeal to approval; what it means for drafts and coming versions is said first."""
    card, today = managing.card(procedure_id), timezone.localdate()
    version = card.current(today) or card.coming(today)
    if version is None or version.state != State.PUBLISHED:
        raise Refusal(_("Thủ tục này không có bản đang áp dụng hoặc sắp áp dụng để bãi bỏ."))
    form = RepealForm(request.POST or None)
    if request.method == "POST" and attempt(form, _asking(request, version, Act.REPEAL)):
        messages.success(request, _("Đã gửi duyệt. Thủ tục bãi bỏ khi một người thứ hai đã duyệt."))
        return redirect("procedure_card", procedure_id)
    title = _("Bãi bỏ thủ tục")
    context = {
        "form": form,
        "title": title,
        "note": _(
            "Từ ngày bãi bỏ không nhận hồ sơ mới; hồ sơ đã nhận đi đến cùng. Trang công khai còn đọc được, có số quyết "
            "định. Bản nháp đang mở ở quầy được báo ngay khi mở lại hoặc khi bấm tiếp nhận; chữ đã gõ không mất."
        ),
        "facts": _stands(card, version),
        "facts_title": _("Đang có ở thủ tục này"),
        "button": _("Gửi duyệt bãi bỏ"),
        "kind": "warning",
        "back": reverse("procedure_card", args=[procedure_id]),
        "crumbs": crumbs(card.procedure, Crumb(title)),
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


def _stands(card: managing.Card, version: ProcedureVersion) -> list[str]:
    """Say what is open at a procedure that is about to be repealed."""
    today = timezone.localdate()
    found = [
        _("Bản %(number)s: %(state)s")
        % {"number": version.number, "state": states.state(version, today, [])[0]}
    ]
    coming = card.coming(today)
    if coming is not None and coming.pk != version.pk:
        text = _("Bản %(number)s sắp áp dụng từ %(day)s: bãi bỏ trước ngày đó thì bản này về lại dự thảo.")
        found.append(text % {"number": coming.number, "day": f"{coming.in_force_from:%d/%m/%Y}"})
    if card.draft is not None:
        text = _("Bản %(number)s đang soạn: được giữ lại, chỉ công bố được từ sau ngày bãi bỏ.")
        found.append(text % {"number": card.draft.number})
    return found


@require_http_methods(["GET"])
def approval(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Show a request: what differs, field by field, what is missing, and the buttons of a second person."""
    return _approval_page(request, managing.approval(approval_id), ReturnForm(auto_id=_RETURN))


def _approval_page(
    request: HttpRequest, row: Approval, form: ReturnForm, *, refusal: str = ""
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    version = managing.version(row.version_id)
    before = managing.before(version, on=today) if row.act == Act.PUBLISH else None
    data = snapshot.data_of(version)
    title = _("Duyệt công bố") if row.act == Act.PUBLISH else _("Duyệt bãi bỏ")
    context = {
        "row": row,
        "version": version,
        "procedure": version.procedure,
        "title": title,
        "crumbs": crumbs(version.procedure, Crumb(title)),
        "before": before,
        "units": difference.between(snapshot.data_of(before), data) if before else [],
        "names": (
            _("Bản %(number)s") % {"number": before.number} if before else "",
            _("Bản %(number)s") % {"number": version.number},
        ),
        "faults": completeness.faults(data) if row.act == Act.PUBLISH else [],
        "may": may_approve(actor, row) and not row.outcome,
        "own": actor.account_id == row.asked_by_id,
        "edits": may_edit_catalogue(actor) and not row.outcome,
        "form": form,
        "approve_form": OneButtonForm(auto_id=False),
        "refusal": refusal,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "procedures/approval.html", context, status=status)


@require_POST
def approve(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Approve a request."""
    return _decide(request, approval_id, OneButtonForm(request.POST), approving.approve, _("Đã duyệt."))


@require_POST
def send_back(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Return a request with a reason."""
    return _decide(
        request, approval_id, ReturnForm(request.POST, auto_id=_RETURN), approving.send_back, _("Đã trả lại.")
    )


@require_POST
def withdraw(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Take a request back."""
    return _decide(
        request, approval_id, OneButtonForm(request.POST), approving.withdraw, _("Đã rút yêu cầu.")
    )


def _decide(
    request: HttpRequest, approval_id: int, form: KeyedForm, operation: Callable[..., Approval], done: str
) -> HttpResponse:
    row = managing.approval(approval_id)

    def act(data: dict[str, Any]) -> None:
        operation(approval_id=approval_id, actor=actor_of(request), at=timezone.now(), **data)

    if attempt(form, act):
        messages.success(request, done)
        return redirect("procedure_card", row.version.procedure_id)
    shown = form if isinstance(form, ReturnForm) else ReturnForm(auto_id=_RETURN)
    refusal = (
        " ".join(str(text) for texts in form.errors.values() for text in texts) if shown is not form else ""
    )
    return _approval_page(request, managing.approval(approval_id), shown, refusal=refusal)


@require_http_methods(["GET", "POST"])
def national(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show the national record beside ours, field by field; what is ticked goes into a draft."""
    card = managing.card(procedure_id)
    ours, theirs = card.ours(timezone.localdate()), card.national
    if ours is None or theirs is None or ours.pk == theirs.pk:
        raise NotFound(_("Thủ tục này chưa có hai bản để đối chiếu: một bản của ta và một bản ghi quốc gia."))
    keeps = "keep" in request.POST
    form = OneButtonForm(None if keeps else request.POST or None)
    keep_form = KeepOursForm(request.POST if keeps else None, auto_id=_KEEP)
    taken = request.POST.getlist("taken")

    def keep(data: dict[str, Any]) -> None:
        editing.keep_ours(
            procedure_id=procedure_id, theirs=theirs.pk, actor=actor_of(request), at=timezone.now(), **data
        )

    def act(data: dict[str, Any]) -> None:
        made.append(
            editing.merge(
                procedure_id=procedure_id, ours=ours.pk, theirs=theirs.pk, taken=taken, actor=actor_of(request),
                at=timezone.now(), **data,
            )
        )  # fmt: skip

    made: list[ProcedureVersion] = []
    if keeps and attempt(keep_form, keep):
        messages.success(request, _("Đã ghi: đã đối chiếu, giữ bản của ta."))
        return redirect("procedure_card", procedure_id)
    if request.method == "POST" and not keeps and attempt(form, act):
        messages.success(
            request,
            _("Đã mở bản dự thảo %(number)s với các trường đã chọn. Xem lại rồi gửi duyệt.")
            % {"number": made[0].number},
        )
        return redirect("procedure_draft", made[0].pk)
    context = {
        "form": form,
        "keep_form": keep_form,
        "review": card.review,
        "taken": taken,
        "procedure": card.procedure,
        "ours": ours,
        "theirs": theirs,
        "draft": card.draft,
        "units": difference.between(snapshot.data_of(ours), snapshot.data_of(theirs)),
        "names": (_("Bản %(number)s, của ta") % {"number": ours.number}, _("Bản ghi quốc gia")),
        "flags": card.flags.get(theirs.pk, 0),
        "edits": may_edit_catalogue(actor_of(request)),
        "crumbs": crumbs(card.procedure, Crumb(_("Đối chiếu bản ghi quốc gia"))),
    }
    status = 422 if form.errors or keep_form.errors else 200
    return render(request, "procedures/national.html", context, status=status)
