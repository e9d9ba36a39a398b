"""Where an administrator words the papers of their agency: draft, preview as PDF, a second look, publish."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.printing import passages
from motcua.base.printing.data import Signer
from motcua.base.printing.examples import example
from motcua.base.printing.operations import render as render_pdf
from motcua.base.printing.responses import pdf
from motcua.dossiers import paper_data, paper_texts, paper_words
from motcua.dossiers.forms.paper_texts import PassagesForm, PublishTextsForm
from motcua.dossiers.models import PaperText
from motcua.dossiers.operations import paper_texts as operations
from motcua.dossiers.paper_texts import Scope, Words
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import dates
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt


@require_GET
def text_list(request: HttpRequest) -> HttpResponse:
    """List the forms with whose words are in force, the coming ones and the draft; begin words for one thing only."""
    agency, today = _agency(actor_of(request)), timezone.localdate()
    refusal = ""
    if "about" in request.GET:
        form, scope = request.GET.get("form", ""), paper_texts.named(request.GET["about"][:300])
        if form in passages.PLACES and scope is not None:
            return redirect(_address("paper-text", form, scope))
        refusal = _("Không thấy thủ tục hay lĩnh vực này. Gõ mã thủ tục (ví dụ 1.001193) hoặc tên lĩnh vực.")
    rows = paper_texts.versions_of(agency)
    context = {
        "forms": [_listed(form, rows, agency, today) for form in passages.PLACES], "refusal": refusal,
        "choices": [(form, paper_words.title(form)) for form in passages.PLACES],
        "sectors": paper_texts.sector_names(), "about": request.GET.get("about", ""),
        "chosen": request.GET.get("form", ""),
    }  # fmt: skip
    return render(request, "dossiers/paper_texts.html", context, status=422 if refusal else 200)


def _listed(form: str, rows: list[PaperText], agency: int, today: date) -> dict[str, Any]:
    """Return one form of the list: the agency's general words, then those for one thing only."""
    mine = [row for row in rows if row.form == form]
    scopes = {paper_texts.scope_of_row(row): row for row in mine if row.procedure_id or row.sector_id}
    heard = paper_texts.words_on(agency, form, today)
    return {
        "title": paper_words.title(form),
        "url": _address("paper-text", form, paper_texts.EVERYTHING),
        "state": _state(_exact(mine, paper_texts.EVERYTHING), heard, paper_texts.EVERYTHING, agency, today),
        "only": [
            {
                "title": _about(row), "url": _address("paper-text", form, scope),
                "state": _state(_exact(mine, scope), heard, scope, agency, today),
            }
            for scope, row in scopes.items()
        ],
    }  # fmt: skip


def _about(row: PaperText) -> str:
    if row.procedure is not None:
        return f"{row.procedure.code} {row.procedure.name}"
    return row.sector.name if row.sector is not None else ""


def _exact(rows: list[PaperText], scope: Scope) -> list[PaperText]:
    return [row for row in rows if paper_texts.scope_of_row(row) == scope]


def _state(rows: list[PaperText], heard: Any, scope: Scope, agency: int, today: date) -> str:
    """Say in one line whose words hold, what comes and whether there is a draft."""
    coming = [row for row in reversed(rows) if row.valid_from and row.valid_from > today]
    parts = [_whose(next((one for one in heard if one.holds_for(scope)), None), agency)]
    parts += [
        (_("đổi từ %(day)s") if row.texts else _("bỏ lời văn riêng từ %(day)s"))
        % {"day": dates.day(row.valid_from)}
        for row in coming
        if row.valid_from
    ]
    parts += [_("có bản nháp")] if any(row.valid_from is None for row in rows) else []
    return " · ".join(parts)


def _whose(words: Words | None, agency: int) -> str:
    """Say whose words are printed, and since when."""
    if words is None:
        return _("lời văn chung của phần mềm")
    since = dates.day(words.since)
    if words.agency_id != agency:
        return _("lời văn của %(agency)s, từ %(day)s") % {"agency": words.agency, "day": since}
    if words.procedure_id is None and words.sector_id is None:
        return _("lời văn riêng từ %(day)s") % {"day": since}
    only = _("riêng cho thủ tục này") if words.procedure_id is not None else _("riêng cho lĩnh vực này")
    return _("lời văn %(only)s, từ %(day)s") % {"only": only, "day": since}


def _address(name: str, form: str, scope: Scope) -> str:
    url = reverse(name, args=[form])
    return f"{url}?for={scope.key}" if scope.key else url


def edit(request: HttpRequest, form: str) -> HttpResponse:
    """Show the passages to be worded, and keep them as the draft."""
    actor, today = actor_of(request), timezone.localdate()
    agency, scope = _of(actor, form), _scope(request)
    draft = paper_texts.draft_of(agency, form, scope)
    texts = draft.texts if draft else paper_texts.texts_on(agency, form, today, scope)
    shown = PassagesForm(request.POST or None, form=form, texts=texts)
    if request.method == "POST" and attempt(
        shown,
        lambda data: operations.save_draft(
            agency_id=agency, form=form, texts=shown.texts(), scope=scope, actor=actor, at=timezone.now(),
            key=data["key"],
        ),
    ):  # fmt: skip
        return redirect(_address("paper-text-check", form, scope))
    context = {
        **_common(form, scope),
        "whose": _whose(paper_texts.heard(agency, form, today, scope), agency),
        "own": paper_texts.own_on(agency, form, today + timedelta(days=1), scope),
        "form": shown,
        "fields": [shown[place.key] for place in passages.PLACES[form]],
        "draft": draft,
        "follow_form": KeyedForm(),
        "names": [f"{{{name}}}" for name in passages.PLACEHOLDERS],
    }
    return render(
        request, "dossiers/paper_text.html", context, status=422 if request.method == "POST" else 200
    )


def check(request: HttpRequest, form: str) -> HttpResponse:
    """Show old and new wording side by side and the paper itself; sent, publish what was shown."""
    actor, now = actor_of(request), timezone.now()
    agency, today, scope = _of(actor, form), timezone.localdate(now), _scope(request)
    draft = paper_texts.draft_of(agency, form, scope)
    if draft is None:
        messages.info(request, _("Không có bản nháp để xem. Sửa lời văn rồi lưu trước."))
        return redirect(_address("paper-text", form, scope))
    usual = {"valid_from": today + timedelta(days=1), "seen": paper_texts.digest(draft.texts)}
    sent = PublishTextsForm(request.POST or None, initial=usual, label_suffix="")
    if request.method == "POST" and attempt(
        sent,
        lambda data: operations.publish(
            agency_id=agency, form=form, valid_from=data["valid_from"], seen=data["seen"], scope=scope, actor=actor,
            at=now, key=data["key"],
        ),
    ):  # fmt: skip
        day = dates.day(sent.cleaned_data["valid_from"])
        messages.success(request, _("Đã ban hành lời văn mới, áp dụng từ %(day)s.") % {"day": day})
        return redirect("paper-texts")
    old = paper_texts.texts_on(agency, form, today, scope)
    context = {
        **_common(form, scope),
        "form": sent,
        "changes": [
            (place.label, old[place.key], draft.texts.get(place.key, ""))
            for place in passages.PLACES[form]
            if old[place.key] != draft.texts.get(place.key, "")
        ],
        "preview": _address("paper-text-preview", form, scope),
    }
    return render(
        request, "dossiers/paper_text_check.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
def preview(request: HttpRequest, form: str) -> HttpResponse:
    """Show the draft on the real paper, filled with an example that nobody is in."""
    actor, now = actor_of(request), timezone.now()
    agency, scope = _of(actor, form), _scope(request)
    draft = paper_texts.draft_of(agency, form, scope)
    texts = draft.texts if draft else paper_texts.texts_on(agency, form, timezone.localdate(now), scope)
    paper = example(
        form, paper_data.letterhead_of(agency, now), at=now, signer=Signer(name=actor.name, capacity=actor.title),
        own=texts,
    )  # fmt: skip
    if scope.procedure_id is not None:
        paper = paper_data.with_family(paper, scope.procedure_id, now)
    return pdf(render_pdf(paper), f"{form}-preview.pdf")


@require_POST
def discard(request: HttpRequest, form: str) -> HttpResponse:
    """Drop the draft; or, asked to follow, give own words up from tomorrow on."""
    actor, scope = actor_of(request), _scope(request)
    act: dict[str, Any] = {
        "agency_id": _of(actor, form),
        "form": form,
        "scope": scope,
        "actor": actor,
        "at": timezone.now(),
    }
    follow = request.POST.get("act") == "follow"
    try:
        if follow:
            operations.follow(**act, key=request.POST.get("key", "")[:64])
        else:
            operations.discard_draft(**act)
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(
            request,
            _("Từ ngày mai không còn lời văn riêng ở đây.")
            if follow
            else _("Đã bỏ bản nháp. Lời văn đang dùng giữ nguyên."),
        )
    return redirect("paper-texts")


def _scope(request: HttpRequest) -> Scope:
    return paper_texts.scope_of(request.GET.get("for", "")[:20])


def _agency(actor: Actor) -> int:
    return actor.agency_id or 0


def _of(actor: Actor, form: str) -> int:
    if form not in passages.PLACES:
        raise NotFound(_("Mẫu này không có lời văn sửa được."))
    return _agency(actor)


def _common(form: str, scope: Scope) -> dict[str, Any]:
    title, about = paper_words.title(form), paper_texts.scope_words(scope)
    return {
        "title": title,
        "about": about,
        "here": _address("paper-text", form, scope),
        "discard_url": _address("paper-text-discard", form, scope),
        "crumbs": [Crumb(_("Lời văn trên giấy"), reverse("paper-texts")), Crumb(title)],
    }
