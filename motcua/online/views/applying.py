"""Prepare an application and hand it in: one thing a page, everything kept at once, no script needed."""

from collections.abc import Callable
from functools import wraps
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
from django.views.decorators.http import require_GET, require_http_methods

from motcua.accounts import citizen_session
from motcua.accounts.levels import SUBMISSION, requires_level
from motcua.agencies.models import Agency
from motcua.applicants import acting
from motcua.base.files.uploads import uploaded
from motcua.dossiers.fees import of as fee_lines
from motcua.eforms.engine import showing
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import word_key
from motcua.online import queries
from motcua.online.forms import CheckForm, ContactForm, OwnPaperForm, PaperForm, StartForm
from motcua.online.models import Application, Helper
from motcua.online.operations import drafting, handing_in
from motcua.ui.components import Crumb, Row, Task
from motcua.ui.keyed import KeyedForm, attempt

_FEW = 12  # agencies that are shown without a search


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def while_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a page of an application that is for preparing alone: once handed in, it leads to the dossier."""

    @wraps(view)
    def gated(request: HttpRequest, application_id: UUID, **more: object) -> HttpResponse:
        row = queries.mine(actor_of(request), application_id, timezone.now())
        # The page's script, which sends files by itself, is told in words instead.
        if row.code and "tep" not in request.GET:
            return redirect("online-one", row.code)
        return view(request, application_id, **more)

    return gated


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is needed, ask for whom and where, and begin. Looking writes nothing and needs no log-in."""
    actor, today = actor_of(request), timezone.localdate()
    found = queries.offer(code, today)
    agencies = _agencies(found.agencies, request.GET.get("noi", ""))
    held = acting.roles_of_request(request) if actor.kind == "applicant" else []
    roles = [one for one in held if queries.is_for(found.version, one)]
    form = StartForm(
        request.POST or None,
        roles=[(str(one.applicant_id), one.name if one.is_self else f"{one.name} ({one.kind_words})") for one in roles],
        variants=[(one.pk, one.name or found.version.name) for one in found.variants],
        agencies=[(one.pk, one.name) for one in agencies],
        initial={"applicant": str(actor.for_applicant or "")},
    )  # fmt: skip
    made: list[Application] = []

    def act(values: dict[str, object]) -> None:
        made.append(
            drafting.begin(
                code=code, variant_id=cast(int, values["variant"]), agency_id=cast(int, values["agency"]),
                applicant_id=UUID(str(values["applicant"])), actor=actor, at=timezone.now(), key=str(values["key"]),
            )
        )  # fmt: skip

    if request.method == "POST" and roles and attempt(form, act):
        return redirect("online-draft", made[0].pk)
    going_on = (
        [one for one in queries.open_ones(actor) if one.variant.version.procedure.code == code]
        if roles
        else []
    )
    context = {
        "version": found.version, "offer": found, "form": form, "roles": roles, "going_on": going_on,
        "persons_only": len(roles) < len(held),
        "many": len(found.agencies) > _FEW, "agencies": agencies, "asked": request.GET.get("noi", ""),
        "sign_in": citizen_session.sign_in_url(request.get_full_path(), level=SUBMISSION),
        **_level(request, actor),
        "crumbs": [
            Crumb(_("Tìm thủ tục"), reverse("procedures")),
            Crumb(code, reverse("procedure_page", args=[code])),
            Crumb(_("Nộp trực tuyến")),
        ],
    }  # fmt: skip
    return render(request, "online/start.html", context, status=422 if form.errors else 200)


def _level(request: HttpRequest, actor: Actor) -> dict[str, object]:
    """What the notice needs that this log-in cannot hand in; said before anything is prepared."""
    again = citizen_session.sign_in_url(request.get_full_path(), level=SUBMISSION, fresh=True)
    low = actor.kind == "applicant" and actor.level < SUBMISSION
    return {"low": low, "wanted": SUBMISSION, "again": again if settings.OIDC is not None else ""}


start.wants_actor = True  # type: ignore[attr-defined]


def _agencies(found: list[Agency], asked: str) -> list[Agency]:
    """Return those to choose from: all where they are few, else those whose name has the words."""
    if len(found) <= _FEW:
        return found
    words = word_key(asked).split()
    return (
        [one for one in found if all(it in word_key(one.name).split() for it in words)][:20] if words else []
    )


@never_cache
def of_answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Lead from a declaration back to the application it belongs to."""
    row = queries.of_answer(answer_id, actor_of(request))
    if row is None:
        raise NotFound(_("Tờ khai này không thuộc hồ sơ nào đang chuẩn bị."))
    return redirect("online-draft", row.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show the parts of an application and how far each is."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    if row.code:
        return redirect("online-one", row.code)
    found = queries.standing(row, actor=actor, at=at)
    if request.method == "POST":
        try:
            drafting.confirm_own(
                application_id=row.pk, signer=request.POST.get("signer", "")[:40], actor=actor, at=at,
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
            messages.success(request, _("Anh/chị đã xác nhận tờ khai."))
        except Refusal as refused:
            messages.error(request, refused.message)
        return redirect("online-draft", row.pk)
    context = {
        "row": row, "version": row.variant.version, "standing": found, "tasks": _tasks(row, found),
        **_level(request, actor),
        "mine_to_confirm": _mine_to_confirm(found, actor), "key": KeyedForm()["key"].value(),
        "crumbs": crumbs_of(row),
    }  # fmt: skip
    return render(request, "online/draft.html", context)


def _mine_to_confirm(found: queries.Standing, actor: Actor) -> str:
    """Return the signer that the person who signed in is, where they still have to confirm."""
    declared = found.declaration
    if declared is None or declared.answer.state == "open" or declared.answer.digest != declared.digest:
        return ""
    waits = [
        one for one in declared.asked if not one.confirmed and word_key(one.name) == word_key(actor.name)
    ]
    return waits[0].signer.key if waits else ""


def _tasks(row: Application, found: queries.Standing) -> list[Task]:
    needed = [one for one in found.slots if one.needed]
    there = sum(1 for one in needed if one.there)
    tasks = []
    if found.declaration is not None:
        waits = [one for one in found.declaration.asked if not one.confirmed]
        done = found.declaration.complete
        hint = "" if done or not waits else _("Cần xác nhận: %(who)s") % {
            "who": ", ".join(one.name or one.signer.title for one in waits)
        }  # fmt: skip
        link = reverse("online-declaration", args=[row.pk])
        waiting = bool(waits) and found.declaration.finished
        tasks.append(Task(_("Tờ khai"), "done" if done else "waiting" if waiting else "todo", link, hint))
    words = _("%(n)s trong %(of)s giấy bắt buộc đã có") % {"n": there, "of": len(needed)}
    if found.slots:
        tasks.append(
            Task(
                _("Giấy tờ"), "done" if there == len(needed) else "todo",
                reverse("online-papers", args=[row.pk]), words if needed else _("Không giấy nào bắt buộc"),
            )
        )  # fmt: skip
    ready = bool(row.contact_phone) and not (row.result_channel == "post" and not row.return_address)
    tasks.append(
        Task(
            _("Nhận kết quả, báo tin"), "done" if ready else "todo", reverse("online-contact", args=[row.pk]),
            row.get_result_channel_display(),
        )
    )  # fmt: skip
    tasks.append(
        Task(
            _("Xem lại và nộp"), "todo" if found.complete else "blocked",
            reverse("online-check", args=[row.pk]) if found.complete else "",
        )
    )  # fmt: skip
    return tasks


@never_cache
@require_GET
@while_open
def declaration(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Lead to the declaration by its secret address, which stands on no page of the application."""
    address = drafting.open_declaration(
        application_id=application_id, actor=actor_of(request), at=timezone.now()
    )
    return redirect(address)


@never_cache
@while_open
def papers(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """List the papers: which are there, which are needed."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    found = queries.slots(row, actor=actor, on=timezone.localdate(at))
    context = {
        "row": row, "needed": [one for one in found if one.needed],
        "other": [
            one for one in found
            if one.required and not (one.needed or one.by_form or one.only_shown or one.bodily)
        ],
        "shown": [one for one in found if one.only_shown and not one.bodily],
        "own": [one for one in found if one.required is None], "by_form": [one for one in found if one.by_form],
        "crumbs": crumbs_of(row, _("Giấy tờ")),
    }  # fmt: skip
    return render(request, "online/papers.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@while_open
def paper(request: HttpRequest, application_id: UUID, number: int) -> HttpResponse:
    """One paper: send its pages, use the vault's, take a file out."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    problem = ""
    form = PaperForm()
    if request.method == "POST":
        do = request.POST.get("do", "")
        try:
            if do == "vault":
                drafting.take_from_vault(
                    application_id=row.pk, number=number, paper_id=UUID(request.POST.get("vault", "")), actor=actor,
                    at=at,
                )  # fmt: skip
            elif do == "leave":
                drafting.leave_vault(application_id=row.pk, number=number, actor=actor, at=at)
            elif do.startswith("remove-") and do[7:].isdigit():
                drafting.remove_file(application_id=row.pk, file_id=int(do[7:]), actor=actor, at=at)
                if "own" in request.POST:  # it may be gone now
                    return redirect("online-papers", row.pk)
            else:
                sent = uploaded(request, "file")
                kept = drafting.add_file(
                    application_id=row.pk, number=number, stream=cast(BinaryIO, sent), filename=sent.name or "",
                    actor=actor, at=at,
                )  # fmt: skip
                if "tep" in request.GET:  # the page's script sends files as they are chosen
                    onward = reverse("online-papers", args=[row.pk])
                    return render(request, "online/sent.html", {"paper": kept.paper, "onward": onward})
            return redirect("online-paper", row.pk, number)
        except (NotFound, NotPermitted):
            raise
        except ValueError:
            problem = _("Giấy tờ đã chọn không còn trong kho. Tải lại trang.")
        except Refusal as refused:
            problem = refused.message
    if problem and "tep" in request.GET:
        return JsonResponse({"message": problem}, status=422)
    found = queries.slots(row, actor=actor, on=timezone.localdate(at))
    slot = next((one for one in found if one.number == number), None)
    if slot is None:
        raise NotFound(_("Hồ sơ này không có giấy tờ như vậy."))
    following = next((one for one in found if one.needed and not one.there and one.number != number), None)
    others = queries.others_of_vault(row, slot, timezone.localdate(at))
    context = {
        "row": row, "slot": slot, "form": form, "problem": problem, "next": following, "others": others,
        "crumbs": [*crumbs_of(row, link=True), _to_papers(row), Crumb(slot.name[:60])],
    }  # fmt: skip
    return render(request, "online/paper.html", context, status=422 if problem else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@while_open
def own_paper(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Add a paper that is not on the list."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    form = OwnPaperForm(request.POST or None)
    form.fields["file"].required = False  # it may have come piece by piece before the form
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            sent = uploaded(request, "file")
            drafting.add_own_paper(
                application_id=row.pk, name=form.cleaned_data["name"], stream=cast(BinaryIO, sent),
                filename=sent.name or "", actor=actor, at=at,
            )  # fmt: skip
            return redirect("online-papers", row.pk)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            problem = refused.message
    context = {
        "row": row, "form": form, "problem": problem,
        "crumbs": [*crumbs_of(row, link=True), _to_papers(row), Crumb(_("Thêm giấy tờ"))],
    }  # fmt: skip
    return render(request, "online/own_paper.html", context, status=422 if problem or form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@while_open
def contact(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """How the result comes, whom to tell."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    initial = {
        "result_channel": row.result_channel, "phone": row.contact_phone, "email": row.contact_email,
        "return_address": row.return_address or row.applicant.address,
    }  # fmt: skip
    form = ContactForm(request.POST or None, initial=initial)

    def act(values: dict[str, str]) -> None:
        drafting.set_contact(application_id=row.pk, actor=actor, at=at, **values)

    if request.method == "POST" and attempt(form, act):
        return redirect("online-draft", row.pk)
    context = {"row": row, "form": form, "crumbs": crumbs_of(row, _("Nhận kết quả, báo tin"))}
    return render(request, "online/contact.html", context, status=422 if form.errors else 200)


@never_cache
@requires_level(SUBMISSION)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Everything at one glance, what is promised, and the button that hands it in."""
    actor, at = actor_of(request), timezone.now()
    row = queries.mine(actor, application_id, at)
    if row.code:
        return redirect("online-one", row.code)
    form = CheckForm(request.POST or None)
    made: list[Application] = []

    def act(values: dict[str, str]) -> None:
        made.append(
            handing_in.hand_in(
                application_id=row.pk, actor=actor, at=at, helped_by=values["helped_by"],
                helper_name=values["helper_name"],
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        return redirect(reverse("online-one", args=[made[0].code]) + "?moi=1")
    found = queries.standing(row, actor=actor, at=at)
    said = queries.promised(row, at)
    fees = fee_lines(said.fees, exemption=None, groups=said.groups)
    context = {
        "row": row, "version": row.variant.version, "form": form, "standing": found, "promise": said,
        "rows": _rows(row, found), "fees": fees, "to_pay": any(line.amount or line.name for line in fees),
        "parts": _declared(found),
        "helped": Helper.NOBODY, "crumbs": crumbs_of(row, _("Xem lại và nộp")),
    }  # fmt: skip
    return render(request, "online/check.html", context, status=422 if form.errors else 200)


def _rows(row: Application, found: queries.Standing) -> list[Row]:
    contact_url, papers_url = (
        reverse("online-contact", args=[row.pk]),
        reverse("online-papers", args=[row.pk]),
    )
    rows = [
        Row(_("Làm cho"), row.applicant.name),
        Row(_("Trường hợp"), row.variant.name) if row.variant.name else None,
        Row(_("Cơ quan giải quyết"), row.agency.name),
    ]
    declared = reverse("online-declaration", args=[row.pk])
    if found.declaration is not None and not any(one.by_form for one in found.slots):
        rows.append(Row(_("Tờ khai"), _("Tờ khai điện tử"), _("Xem, sửa"), declared))
    for one in found.slots:
        if one.by_form:
            rows.append(Row(one.name, _("Tờ khai điện tử"), _("Xem, sửa"), declared))
        elif one.there and one.paper is not None:
            count = len(one.paper.files.all())
            text = (
                _("dùng giấy đã có trong kho")
                if one.paper.vault_paper and not count
                else _("%(n)s tệp") % {"n": count}
            )
            rows.append(Row(one.name, text, _("Sửa"), papers_url))
    rows += [
        Row(_("Nhận kết quả"), row.get_result_channel_display(), _("Sửa"), contact_url),
        Row(_("Địa chỉ nhận"), row.return_address or "", _("Sửa"), contact_url)
        if row.result_channel == "post"
        else None,
        Row(_("Báo tin đến"), row.contact_phone, _("Sửa"), contact_url),
    ]
    return [one for one in rows if one is not None]


def _declared(found: queries.Standing) -> list[tuple[showing.Part, str, list[Row]]]:
    """Return what was declared, part by part, to be read before it is handed in."""
    one = found.declaration
    if one is None:
        return []
    parts = showing.shown(one.form, one.values, on=timezone.localdate())
    return [(part, "", [Row(it.label, it.text) for it in part.lines if it.text]) for part in parts]


@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask once more, then give the application up."""
    actor, at = actor_of(request), timezone.now()
    try:
        row = queries.owned(actor, application_id)
    except NotFound:
        if request.method == "POST":  # pressed twice
            return redirect("online-mine")
        code = queries.mine(actor, application_id, at).code
        if code:
            return redirect("online-one", code)
        raise
    if request.method == "POST":
        drafting.discard(application_id=row.pk, actor=actor, at=at, key=request.POST.get("key", "")[:64])
        messages.success(request, _("Đã bỏ hồ sơ đang chuẩn bị."))
        return redirect("online-mine")
    context = {"row": row, "form": KeyedForm(), "crumbs": crumbs_of(row, _("Bỏ hồ sơ"))}
    return render(request, "online/discard.html", context)


def _to_papers(row: Application) -> Crumb:
    return Crumb(_("Giấy tờ"), reverse("online-papers", args=[row.pk]))


def crumbs_of(row: Application, last: str = "", *, link: bool = False) -> list[Crumb]:
    """Return the way to a page of an application."""
    name = row.variant.version.name[:60]
    here = Crumb(name, reverse("online-draft", args=[row.pk])) if last or link else Crumb(name)
    first = Crumb(_("Hồ sơ của tôi"), reverse("online-mine"))
    return [first, here, Crumb(last)] if last else [first, here]
