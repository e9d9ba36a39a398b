"""The citizen's pages: begin a declaration, fill it in part by part, read it over, print it, ask others to confirm.

Whoever has the secret address may do what its holder may, so these pages ask for no log-in and no form token.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing as seals
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.accounts.citizen_session import sign_in_url
from motcua.base.printing.responses import pdf
from motcua.eforms import papers, queries
from motcua.eforms.engine import answers, conditions, showing
from motcua.eforms.engine.model import Form, Section
from motcua.eforms.models import FormAnswer, State
from motcua.eforms.operations import answering, signing
from motcua.eforms.views import present
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import word_key
from motcua.ui.components import Row, Task
from motcua.ui.visitors import address_of

ALL = "tat-ca"
_SEAL = "eforms.confirm"


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the declaration asks and begin it. Looking writes nothing."""
    today = timezone.localdate()
    found = queries.definitions_on(code, today)
    if not found:
        raise NotFound(
            _("Thủ tục này chưa có tờ khai điện tử. Xin lấy mẫu tại quầy, cán bộ giúp anh/chị điền.")
        )
    problem = ""
    chosen = next((one for one in found if str(one.pk) == request.POST.get("form", "")), None)
    if request.method == "POST" and chosen is not None:
        key = request.POST.get("key", "")[:64]
        try:
            answer = answering.begin(
                definition_id=chosen.pk, actor=PUBLIC, at=timezone.now(), key=key, address=address_of(request)
            )
        except Conflict:
            raise
        except Refusal as refusal:
            problem = refusal.message
        else:
            return redirect("eform-fill", answer.links.latest("made_at").token)
    context = {
        "definitions": [(one, queries.form(one)) for one in found],
        "procedure": found[0].procedure,
        "key": secrets.token_hex(16),
        "problem": problem,
        "crumbs": [
            (_("Tìm thủ tục"), reverse("procedures")),
            (code, reverse("procedure_page", args=[code])),
            (_("Tờ khai"), ""),
        ],
    }
    return render(request, "eforms/start.html", context, status=429 if problem else 200)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, token: str) -> HttpResponse:
    """Show one part, or all on one page; a POST saves it and goes where its button says."""
    at = timezone.now()
    answer = queries.answer_of(token, at)
    form = queries.form(answer.definition)
    if request.method == "GET":
        if answer.state == State.FINISHED and "phan" not in request.GET:
            return redirect("eform-check", token)
        if "phan" not in request.GET and answer.revision:
            return redirect("eform-check", token)
        section = _asked_for(form, request.GET.get("phan", ""), answer)
        faults: dict[str, str] = {}
        if request.GET.get("loi") == "1":
            faults = _faults(form, section, answer)
        return _page(request, token, answer, section, faults=faults)
    return _saved(request, token, answer, form)


def _saved(request: HttpRequest, token: str, answer: FormAnswer, form: Form) -> HttpResponse:
    at, do = timezone.now(), request.POST.get("lam", "")
    section = _asked_for(form, request.POST.get("phan", ""), answer)
    page = request.POST.get("trang", "")[:32]
    seen = _number(request.POST.get("ban", ""))
    try:
        saved = answering.save(
            answer_id=answer.pk, section=section.key if section else "", posted=_posted(request), seen=seen, page=page,
            actor=PUBLIC, at=at,
        )  # fmt: skip
        answer = saved.answer
        if not saved.conflicts:
            _row_buttons(answer, do, page)
            answer.refresh_from_db()
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, token, answer, section, problem=refusal.message, status=409)
    if saved.conflicts:
        return _page(
            request, token, answer, section, conflicts=saved.conflicts, typed=saved.typed, status=409
        )
    if do.startswith(("them-", "bo-", "luu")) or "." in do:
        anchor = f"#s-{do.partition('-')[2].partition('.')[0]}" if do.startswith(("them-", "bo-")) else ""
        return HttpResponseRedirect(_address(token, form, section) + anchor)
    faults = _faults(form, section, answer)
    if faults and do == "tiep":
        return _page(request, token, answer, section, faults=faults, status=422)
    return _onward(token, form, section, answer)


def _row_buttons(answer: FormAnswer, do: str, page: str) -> None:
    act, _dash, rest = do.partition("-")
    if act == "them":
        answering.add_row(answer_id=answer.pk, section=rest, page=page, actor=PUBLIC, at=timezone.now())
    elif act == "bo":
        key, _dot, number = rest.partition(".")
        answering.drop_row(
            answer_id=answer.pk,
            section=key,
            number=_number(number),
            page=page,
            actor=PUBLIC,
            at=timezone.now(),
        )


def _onward(token: str, form: Form, section: Section | None, answer: FormAnswer) -> HttpResponse:
    """Go to the next part that is asked; after the last one, and from all on one page, to what is read over."""
    if section is not None:
        values, on = queries.values_of(answer), queries.day_of(answer)
        later = form.sections[form.sections.index(section) + 1 :]
        for one in later:
            if conditions.true(one.show, values, on=on):
                return HttpResponseRedirect(_address(token, form, one))
    return redirect("eform-check", token)


@csrf_exempt
@require_POST
def autosave(request: HttpRequest, token: str) -> HttpResponse:
    """Save one field as it is typed."""
    answer = queries.answer_of(token, timezone.now())
    posted = _posted(request)
    name = request.POST.get("field", "")
    if name not in posted:
        posted[name] = []
    key = name.partition(".")[0]
    form = queries.form(answer.definition)
    section = next(
        (
            one
            for one in form.sections
            if one.key == key or (not one.rows and key in {it.key for it in one.fields})
        ),
        None,
    )
    if section is None:
        return JsonResponse({"saved": False}, status=400)
    try:
        saved = answering.save(
            answer_id=answer.pk, section=section.key, posted=posted, seen=_number(request.GET.get("ban", "")),
            page=request.GET.get("trang", "")[:32], actor=PUBLIC, at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"saved": False, "why": refusal.message}, status=409)
    return JsonResponse({"saved": not saved.conflicts}, status=409 if saved.conflicts else 200)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Everything at one glance: what is missing, what will be printed, who still has to confirm."""
    answer = queries.answer_of(token, timezone.now())
    if request.method == "POST":
        return _checked(request, token, answer)
    return _check_page(request, token, answer)


def _checked(request: HttpRequest, token: str, answer: FormAnswer) -> HttpResponse:
    do, key, at = request.POST.get("lam", ""), request.POST.get("key", "")[:64], timezone.now()
    try:
        if do == "xong":
            answering.finish(answer_id=answer.pk, actor=PUBLIC, at=at, key=key)
        elif do == "lien-ket":
            link = answering.new_link(answer_id=answer.pk, actor=PUBLIC, at=at, key=key)
            return HttpResponseRedirect(reverse("eform-check", args=[link.token]) + "#lien-ket")
        elif do.startswith("moi-"):
            signing.invite(answer_id=answer.pk, signer=do[4:], actor=PUBLIC, at=at, key=key)
        elif do.startswith("thu-"):
            signing.revoke(answer_id=answer.pk, signer=do[4:], actor=PUBLIC, at=at, key=key)
    except NotFound:
        raise
    except Refusal as refusal:
        answer.refresh_from_db()
        return _check_page(request, token, answer, problem=refusal.message, status=422)
    return HttpResponseRedirect(reverse("eform-check", args=[token]) + ("#xac-nhan" if "-" in do else ""))


def _check_page(
    request: HttpRequest, token: str, answer: FormAnswer, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = queries.standing(answer, on=timezone.localdate())
    sections = {one.key: one for one in found.form.sections}
    parts = [
        (part, _address(token, found.form, sections[part.key]), _rows_of(part, answer))
        for part in showing.shown(found.form, found.values, on=queries.day_of(answer))
    ]
    links = [
        (
            one,
            request.build_absolute_uri(reverse("eform-confirm", args=[one.confirmation.token]))
            if one.confirmation
            else "",
        )
        for one in found.asked
    ]
    context = {
        "token": token, "answer": answer, "standing": found, "definition": answer.definition, "parts": parts,
        "faults": _fault_links(token, found), "problem": problem, "key": secrets.token_hex(16), "links": links,
        "own_link": request.build_absolute_uri(reverse("eform-fill", args=[token])),
        "until": queries.link_of(token, timezone.now()).expires_at,
        "handed_in": answer.state == State.HANDED_IN, "crumbs": _crumbs(answer),
    }  # fmt: skip
    response = render(request, "eforms/check.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _rows_of(part: showing.Part, answer: FormAnswer) -> list[Row]:
    return [
        Row(
            f"{one.number}. {one.label}" if one.number else one.label,
            one.text,
            source=answer.sources.get(one.path, ""),
        )
        for one in part.lines
    ]


def _fault_links(token: str, found: queries.Standing) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the faults by the part they stand in, each with the address of its field: that part, with its faults.

    By part, because a form asks father, mother and child for the same things.
    """
    homes = {field.key: section for section, field in found.form.fields() if section.rows is None}
    homes |= {one.key: one for one in found.form.sections if one.rows is not None}
    targets = present.fault_links(found.form, found.faults)
    parts: dict[str, list[tuple[str, str]]] = {}
    for path, (target, say) in zip(found.faults, targets, strict=True):
        part = homes[path.partition(".")[0]]
        address = f"{_address(token, found.form, part)}&loi=1#{target}"
        parts.setdefault(part.title, []).append((address, say))
    return list(parts.items())


@never_cache
@require_GET
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """Return the declaration as it is printed; what is not finished says so on the page."""
    found = queries.standing(queries.answer_of(token, timezone.now()), on=timezone.localdate())
    return pdf(papers.declaration(found), f"to-khai-{found.answer.definition.procedure.code}.pdf")


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A co-signer reads what somebody else filled in, and confirms exactly that."""
    at, actor = timezone.now(), actor_of(request)
    asked = queries.confirmation_of(token, at)
    signed_in, problem = actor.kind == "applicant", ""
    if request.method == "POST":
        try:
            signing.confirm(
                confirmation_id=asked.pk, digest=request.POST.get("noi-dung", "")[:64],
                actor=_confirmer(request, asked.pk, actor), at=at,
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
            return redirect("eform-confirm", token)
        except NotFound:
            raise
        except Refusal as refusal:
            problem = refusal.message
            asked = queries.confirmation_of(token, at)
    found = queries.standing(asked.answer, on=timezone.localdate())
    me = next((one for one in found.asked if one.signer.key == asked.signer), None)
    if me is None:
        raise NotFound(_("Tờ khai này không còn cần anh/chị xác nhận."))
    parts = [
        (part, "", _rows_of(part, asked.answer))
        for part in showing.shown(found.form, found.values, on=queries.day_of(asked.answer))
    ]
    context = {
        "me": me, "standing": found, "definition": asked.answer.definition, "parts": parts, "problem": problem,
        "key": secrets.token_hex(16), "open": asked.answer.state == State.OPEN, "me_in": actor if signed_in else None,
        "named": signed_in and word_key(me.name) == word_key(actor.name),
        "seal": seals.dumps([asked.pk, actor.account_id], salt=_SEAL) if signed_in else "",
        "sign_in": sign_in_url(request.path, fresh=signed_in) if settings.OIDC is not None else "",
    }  # fmt: skip
    response = render(request, "eforms/confirm.html", context, status=409 if problem else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _confirmer(request: HttpRequest, asked: int, actor: Actor) -> Actor:
    """Return who confirms: by the link alone where its button says so, else who signed in and was shown this page.

    The seal proves that: the page takes no form token, and another site must not press for somebody who is signed in.
    """
    nobody_signs_in = settings.OIDC is None and actor.kind != "applicant"
    if "lien-ket" in request.POST or nobody_signs_in:
        return PUBLIC
    try:
        shown = seals.loads(request.POST.get("dau", ""), salt=_SEAL)
    except seals.BadSignature:
        shown = None
    if actor.kind != "applicant" or shown != [asked, actor.account_id]:
        raise Refusal(
            _("Phiên đăng nhập đã hết hoặc đã đổi người. Đăng nhập lại rồi xác nhận, hoặc xác nhận bằng liên kết."),
            code="signed_out",
        )  # fmt: skip
    return actor


confirm.wants_actor = True  # type: ignore[attr-defined]


# ── Inside


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _page(
    request: HttpRequest, token: str, answer: FormAnswer, section: Section | None, *, status: int = 200,
    faults: dict[str, str] | None = None, conflicts: dict[str, str] | None = None, problem: str = "",
    typed: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    form, page = queries.form(answer.definition), secrets.token_hex(8)
    values = queries.values_of(answer) if typed is None else typed
    frame = present.Frame(
        form=form, values=values, on=timezone.localdate(), faults=faults or {}, sources=answer.sources,
        conflicts=conflicts or {},
    )  # fmt: skip
    shown = [
        present.shown(frame, one, number)
        for number, one in enumerate(form.sections, start=1)
        if section is None or one is section
    ]
    context = {
        "token": token, "answer": answer, "definition": answer.definition, "eform": form, "section": section,
        "shown": shown, "tasks": _tasks(token, form, answer, section), "page": page,
        "faults": present.fault_links(form, faults or {}),
        "conflicts": [(present.id_of(path), path) for path in conflicts or {}], "problem": problem,
        "autosave": f"{reverse('eform-autosave', args=[token])}?{urlencode({'ban': answer.revision, 'trang': page})}",
        "all": _address(token, form, None), "crumbs": _crumbs(answer),
        "number": form.sections.index(section) + 1 if section else 0,
        "total": len(form.sections), "before": _before(token, form, section, answer),
    }  # fmt: skip
    response = render(request, "eforms/fill.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _before(token: str, form: Form, section: Section | None, answer: FormAnswer) -> str:
    if section is None:
        return ""
    values, on = queries.values_of(answer), queries.day_of(answer)
    earlier = [
        one
        for one in form.sections[: form.sections.index(section)]
        if conditions.true(one.show, values, on=on)
    ]
    return _address(token, form, earlier[-1]) if earlier else ""


def _tasks(token: str, form: Form, answer: FormAnswer, here: Section | None) -> list[Task]:
    """Return the parts as a list with how far each is; those that are not asked are left out."""
    values, on = queries.values_of(answer), queries.day_of(answer)
    wrong = {path.partition(".")[0] for path in answers.check(form, values, on=on)}
    found = []
    for one in form.sections:
        if not conditions.true(one.show, values, on=on):
            continue
        faults = wrong & {one.key, *(field.key for field in one.fields)}
        url = "" if one is here else _address(token, form, one)
        found.append(Task(one.title, "todo" if faults else "done", url))
    return found


def _asked_for(form: Form, text: str, answer: FormAnswer) -> Section | None:
    """Return the part that an address names; all (None) when it says so, the first one when it says nothing."""
    if text == ALL:
        return None
    number = _number(text)
    if 1 <= number <= len(form.sections):
        return form.sections[number - 1]
    return form.sections[0]


def _address(token: str, form: Form, section: Section | None) -> str:
    part = ALL if section is None else str(form.sections.index(section) + 1)
    return f"{reverse('eform-fill', args=[token])}?phan={part}"


def _faults(form: Form, section: Section | None, answer: FormAnswer) -> dict[str, str]:
    values, today = queries.values_of(answer), timezone.localdate()
    if section is None:
        return answers.check(form, values, on=today)
    return answers.check_section(form, section, values, on=today)


def _posted(request: HttpRequest) -> dict[str, Sequence[str]]:
    posted: Mapping[str, list[str]] = dict(request.POST.lists())
    return {name: list(texts) for name, texts in posted.items() if len(name) <= 200}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _crumbs(answer: FormAnswer) -> list[tuple[str, str]]:
    code = answer.definition.procedure.code or ""
    return [
        (_("Tìm thủ tục"), reverse("procedures")),
        (code, reverse("procedure_page", args=[code])),
        (_("Tờ khai"), ""),
    ]
