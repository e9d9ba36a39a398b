"""Follow one's dossiers: what is to be done, how far they are, answer, withdraw, take the result, see who looked."""

from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.accounts.levels import SUBMISSION, requires_level
from motcua.applicants import acting
from motcua.base.files import responses
from motcua.base.files.uploads import uploaded
from motcua.base.printing.data import AppointmentSlip
from motcua.base.printing.responses import pdf
from motcua.dossiers import paper_words, slips, states, told, tracking, who_read, words
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.paper_pdf import pdf_of
from motcua.dossiers.states import Status, Sub
from motcua.dossiers.words import ResultChannel
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.online import queries
from motcua.online.forms import AnswerForm, WithdrawForm
from motcua.online.operations import handing_in
from motcua.online.views.applying import actor_of
from motcua.ui.components import Crumb, Row
from motcua.ui.keyed import KeyedForm, attempt
from motcua.ui.visitors import address_of


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List what I am preparing and what I have handed in: first what waits for me."""
    actor, at = actor_of(request), timezone.now()
    may = {one.applicant_id for one in acting.who_may_act(actor.account_id or 0, at)}
    rows = [_said(row) for row in queries.my_dossiers(actor, at)]
    context = {
        "open": [(one, one.applicant_id in may) for one in queries.open_ones(actor)],
        "waiting": [one for one in rows if _waits(one)],
        "running": [one for one in rows if not _waits(one) and not _ended(one)],
        "ended": [one for one in rows if _ended(one)],
        "crumbs": [Crumb(_("Hồ sơ của tôi"))],
    }
    return render(request, "online/mine.html", context)


_WAITS = (Status.AWAITING_SUPPLEMENT, Status.AWAITING_MONEY, Status.DONE)


def _said(row: Dossier) -> Dossier:
    """Give a dossier the words of its state as the applicant reads them."""
    look = (
        "wait"
        if row.status in _WAITS[:2]
        else "done"
        if row.status in (Status.DONE, Status.RETURNED)
        else "stop"
        if _ended(row)
        else "work"
    )
    row.plain, row.look = _plain(row), look  # type: ignore[attr-defined]
    return row


def _plain(row: Dossier) -> str:
    """Say a state; of a result that is taken here, only that it is there: its page has the files."""
    if row.status == Status.DONE and row.result_channel == ResultChannel.ELECTRONIC:
        return _("Đã có văn bản trả lời") if row.sub_status == Sub.REFUSED else _("Kết quả đã có")
    return words.plain(row.status, row.sub_status, row.result_channel)


def _waits(one: Dossier) -> bool:
    """Whether it waits for the applicant: not a result that the office sends by post."""
    return one.status in _WAITS and not (
        one.status == Status.DONE and one.result_channel == ResultChannel.POST
    )


def _ended(one: Dossier) -> bool:
    return one.state in states.FINAL


@never_cache
@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One dossier of mine: what it is now, what I can do, its papers and files, its route."""
    actor, at = actor_of(request), timezone.now()
    dossier, _inside = queries.dossier_of(actor, code, at)
    slip = slips.of_token(dossier.token or "")
    tracked = tracking.by_slip(slip, address=address_of(request), now=at)
    files = queries.files_of(dossier)
    results = [it for it in files if it.purpose == words.FilePurpose.RESULT]
    results = results if dossier.status in (Status.DONE, Status.RETURNED) else []
    way = dossier.result_channel
    if way == ResultChannel.ELECTRONIC and not results:
        way = ResultChannel.COUNTER  # no file to take: the paper lies at the counter
    came_from, issued = queries.handed_in_here(dossier), queries.issued_to(dossier)
    context = {
        "dossier": dossier, "d": tracked, "heading": _heading(dossier, tracked, way), "way": way,
        "over": queries.ended(dossier), "again": came_from is not None and dossier.state in queries.TO_DO_AGAIN,
        "contact": _contact(dossier), "reasons": queries.reasons_sent(dossier), "key": KeyedForm()["key"].value(),
        "slips": [it for it in issued if it.form == AppointmentSlip.form][-1:],
        "new": "moi" in request.GET, "slip": slips.sealed(slip),
        "application": queries.application_of(dossier),
        "asked": queries.asked_for(dossier), "withdrawable": queries.may_withdraw(dossier),
        "issued": [(paper_words.title(it.form), it) for it in issued],
        "rated": (Status.DONE, Status.RETURNED), "judged": dossier.state in _JUDGED, "results": results,
        "files": [it for it in files if it.purpose in _SENT_BY_ME],
        **told.shown(dossier, most=_MOST_TOLD),
        "crumbs": [Crumb(_("Hồ sơ của tôi"), reverse("online-mine")), Crumb(code)],
    }  # fmt: skip
    return render(request, "online/one.html", context)


def _heading(dossier: Dossier, tracked: tracking.Tracked | None, way: str) -> str:
    """Say what it is now; of a result, how it comes."""
    if dossier.status == Status.DONE:
        if way == ResultChannel.ELECTRONIC:
            refused = dossier.sub_status == Sub.REFUSED
            return _("Đã có văn bản trả lời, tải về ở đây") if refused else _("Kết quả đã có, tải về ở đây")
        return words.plain(dossier.status, dossier.sub_status, way)
    return tracked.plain if tracked else words.plain(dossier.status, dossier.sub_status)


def _contact(dossier: Dossier) -> list[Row]:
    """How the result comes and whom the office tells, as they were handed in."""
    lines: list[tuple[str, str | None]] = [(_("Nhận kết quả"), dossier.get_result_channel_display())]
    if dossier.result_channel == ResultChannel.POST:
        lines.append((_("Địa chỉ nhận"), dossier.return_address or _("chưa ghi")))
    lines += [(_("Số điện thoại"), dossier.contact_phone), (_("Thư điện tử"), dossier.contact_email)]
    return [Row(name, text) for name, text in lines if text]


#: What the office decided may be disputed; not what one took back oneself.
_JUDGED = (
    states.NOT_ACCEPTED,
    states.STOPPED,
    *states.DECIDED,
    states.RETURNED_GRANTED,
    states.RETURNED_REFUSED,
)
_MOST_TOLD = 10
_SENT_BY_ME = (words.FilePurpose.DOCUMENT, words.FilePurpose.SUPPLEMENT)


@never_cache
@requires_level(SUBMISSION)
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, code: str) -> HttpResponse:
    """All that was asked for, how far each is, and the button that sends it."""
    actor, at = actor_of(request), timezone.now()
    dossier, _inside = queries.dossier_of(actor, code, at)
    asked = queries.asked_for(dossier)
    problem = ""
    if request.method == "POST":
        try:
            handing_in.answer_supplement(code=code, actor=actor, at=at, key=request.POST.get("key", "")[:64])
            messages.success(request, _("Cơ quan đã nhận giấy tờ bổ sung của anh/chị."))
            return redirect("online-one", code)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            problem = refused.message
    if asked is None:
        return redirect("online-one", code)
    there = queries.prepared_for(dossier, asked.number)
    lines = [
        (place, it, there.get(place), place in there and queries.has_files(there[place]))
        for place, it in enumerate(asked.items, 1)
    ]
    context = {
        "dossier": dossier, "asked": asked, "lines": lines, "problem": problem, "form": KeyedForm(),
        "crumbs": _crumbs(code, _("Bổ sung giấy tờ")),
    }  # fmt: skip
    return render(request, "online/supplement.html", context, status=422 if problem else 200)


@never_cache
@requires_level(SUBMISSION)
@require_http_methods(["GET", "POST"])
def supplement_item(request: HttpRequest, code: str, item: int) -> HttpResponse:
    """One line of what was asked for: send its pages, or say why there is none."""
    actor, at = actor_of(request), timezone.now()
    dossier, _inside = queries.dossier_of(actor, code, at)
    asked = queries.asked_for(dossier)
    if asked is None:
        return redirect("online-one", code)
    if not 0 < item <= len(asked.items):
        raise NotFound(_("Yêu cầu bổ sung không có giấy tờ này."))
    form, problem = AnswerForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        do = request.POST.get("do", "")
        try:
            if do.startswith("remove-") and do[7:].isdigit():
                handing_in.remove_answer_file(code=code, file_id=int(do[7:]), actor=actor, at=at)
                return redirect("online-supplement-item", code, item)
            by_script = "tep" in request.GET
            before = queries.prepared_for(dossier, asked.number).get(item)
            sends = bool(request.FILES.getlist("file") or request.POST.getlist("file_upload"))
            enough = form.cleaned_data["note"] or (before is not None and queries.has_files(before))
            if not (sends or enough or by_script):
                raise Refusal(_("Chọn ảnh hoặc tệp của giấy này, hoặc ghi vì sao không có."))
            sent = uploaded(request, "file") if sends or by_script else None
            kept = handing_in.add_answer(
                code=code, item=item, stream=cast(BinaryIO, sent) if sent else None,
                filename=(sent.name or "") if sent else "", note=None if by_script else form.cleaned_data["note"],
                actor=actor, at=at,
            )  # fmt: skip
            if by_script:
                onward = reverse("online-supplement", args=[code])
                return render(request, "online/sent.html", {"paper": kept, "onward": onward})
            return redirect("online-supplement", code)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            problem = refused.message
    if problem and "tep" in request.GET:
        return JsonResponse({"message": problem}, status=422)
    paper = queries.prepared_for(dossier, asked.number).get(item)
    if paper is not None and request.method != "POST":
        form = AnswerForm(initial={"note": paper.note})
    context = {
        "dossier": dossier, "line": asked.items[item - 1], "paper": paper, "form": form, "problem": problem,
        "crumbs": [
            *_crumbs(code), Crumb(_("Bổ sung giấy tờ"), reverse("online-supplement", args=[code])),
            Crumb(str(asked.items[item - 1]["name"])[:60]),
        ],
    }  # fmt: skip
    return render(
        request, "online/supplement_item.html", context, status=422 if problem or form.errors else 200
    )


@never_cache
@requires_level(SUBMISSION)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why, say what it means, then end the dossier."""
    actor, at = actor_of(request), timezone.now()
    dossier, _inside = queries.dossier_of(actor, code, at)
    form = WithdrawForm(request.POST or None)

    def act(values: dict[str, str]) -> None:
        handing_in.withdraw(code=code, reason=values["reason"], actor=actor, at=at, key=values["key"])

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Hồ sơ đã rút."))
        return redirect("online-one", code)
    context = {
        "dossier": dossier, "form": form, "may": queries.may_withdraw(dossier),
        "crumbs": _crumbs(code, _("Rút hồ sơ")),
    }  # fmt: skip
    return render(request, "online/withdraw.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def readers(request: HttpRequest, code: str) -> HttpResponse:
    """Who opened my dossier, and why."""
    dossier, _inside = queries.dossier_of(actor_of(request), code, timezone.now())
    context = {
        "code": code, "read": who_read.of_slip(slips.of_token(dossier.token or "")), "most": who_read.MOST,
        "back": reverse("online-one", args=[code]),
    }  # fmt: skip
    return render(request, "dossiers/readers.html", context)


@never_cache
@require_GET
def issued(request: HttpRequest, code: str, paper_id: UUID) -> HttpResponse:
    """A paper the office wrote to me, as PDF."""
    dossier, _inside = queries.dossier_of(actor_of(request), code, timezone.now())
    row = dossiers.paper_of(dossier, paper_id)
    if row is None or row.form not in queries.FOR_THE_APPLICANT:
        raise NotFound(_("Hồ sơ này không có giấy in như vậy."))
    return pdf(pdf_of(row), f"{code}-{row.form}.pdf")


@never_cache
@require_POST
def result(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Take a file of the result: to the files host, with a link for a minute."""
    stored = handing_in.take_result(code=code, file_id=file_id, actor=actor_of(request), at=timezone.now())
    return _to_file(stored.pk)


@never_cache
@require_POST
def own_file(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Take a file that I sent."""
    dossier, _inside = queries.dossier_of(actor_of(request), code, timezone.now())
    if not any(it.stored_id == file_id and it.purpose in _SENT_BY_ME for it in queries.files_of(dossier)):
        raise NotFound(_("Hồ sơ này không có tệp như vậy."))
    return _to_file(file_id)


def _to_file(file_id: UUID) -> HttpResponse:
    address = reverse("file", args=[responses.link_token(file_id)], urlconf="motcua.config.urls_files")
    return redirect(f"{settings.FILES_URL}{address}")


def _crumbs(code: str, last: str = "") -> list[Crumb]:
    rows = [
        Crumb(_("Hồ sơ của tôi"), reverse("online-mine")),
        Crumb(code, reverse("online-one", args=[code])),
    ]
    return [*rows, Crumb(last)] if last else rows
