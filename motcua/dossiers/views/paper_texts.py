"""Where an administrator words the papers of their agency: draft, preview as PDF, a second look, publish."""

from datetime import timedelta
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
from motcua.dossiers.operations import paper_texts as operations
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import dates
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@require_GET
def text_list(request: HttpRequest) -> HttpResponse:
    """List the forms with the version in force, the coming ones and the draft."""
    agency, today = _agency(actor_of(request)), timezone.localdate()
    rows = paper_texts.versions_of(agency)
    context = {
        "forms": [
            {
                "title": paper_words.title(form),
                "url": reverse("paper-text", args=[form]),
                "state": _state([row for row in rows if row.form == form], today),
            }
            for form in passages.PLACES
        ]
    }
    return render(request, "dossiers/paper_texts.html", context)


def _state(rows: list[Any], today: Any) -> str:
    """Say in one line what holds, what comes and whether there is a draft."""
    now = next((row for row in rows if row.valid_from and row.valid_from <= today), None)
    coming = [row for row in reversed(rows) if row.valid_from and row.valid_from > today]
    parts = [
        _("lời văn riêng từ %(day)s") % {"day": dates.day(now.valid_from)}
        if now
        else _("lời văn chung của phần mềm")
    ]
    parts += [_("đổi từ %(day)s") % {"day": dates.day(row.valid_from)} for row in coming]
    parts += [_("có bản nháp")] if any(row.valid_from is None for row in rows) else []
    return " · ".join(parts)


def edit(request: HttpRequest, form: str) -> HttpResponse:
    """Show the passages to be worded, and keep them as the draft."""
    actor = actor_of(request)
    agency = _of(actor, form)
    draft = paper_texts.draft_of(agency, form)
    texts = draft.texts if draft else paper_texts.texts_on(agency, form, timezone.localdate())
    shown = PassagesForm(request.POST or None, form=form, texts=texts)
    if request.method == "POST" and attempt(
        shown,
        lambda data: operations.save_draft(
            agency_id=agency, form=form, texts=shown.texts(), actor=actor, at=timezone.now(), key=data["key"]
        ),
    ):
        return redirect("paper-text-check", form=form)
    context = {
        **_common(form),
        "form": shown,
        "fields": [shown[place.key] for place in passages.PLACES[form]],
        "draft": draft,
        "names": [f"{{{name}}}" for name in passages.PLACEHOLDERS],
    }
    return render(
        request, "dossiers/paper_text.html", context, status=422 if request.method == "POST" else 200
    )


def check(request: HttpRequest, form: str) -> HttpResponse:
    """Show old and new wording side by side and the paper itself; sent, publish what was shown."""
    actor, now = actor_of(request), timezone.now()
    agency, today = _of(actor, form), timezone.localdate(now)
    draft = paper_texts.draft_of(agency, form)
    if draft is None:
        messages.info(request, _("Không có bản nháp để xem. Sửa lời văn rồi lưu trước."))
        return redirect("paper-text", form=form)
    usual = {"valid_from": today + timedelta(days=1), "seen": paper_texts.digest(draft.texts)}
    sent = PublishTextsForm(request.POST or None, initial=usual, label_suffix="")
    if request.method == "POST" and attempt(
        sent,
        lambda data: operations.publish(
            agency_id=agency, form=form, valid_from=data["valid_from"], seen=data["seen"], actor=actor, at=now,
            key=data["key"],
        ),
    ):  # fmt: skip
        day = dates.day(sent.cleaned_data["valid_from"])
        messages.success(request, _("Đã ban hành lời văn mới, áp dụng từ %(day)s.") % {"day": day})
        return redirect("paper-texts")
    old = paper_texts.texts_on(agency, form, today)
    context = {
        **_common(form),
        "form": sent,
        "changes": [
            (place.label, old[place.key], draft.texts.get(place.key, ""))
            for place in passages.PLACES[form]
            if old[place.key] != draft.texts.get(place.key, "")
        ],
        "preview": reverse("paper-text-preview", args=[form]),
    }
    return render(
        request, "dossiers/paper_text_check.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
def preview(request: HttpRequest, form: str) -> HttpResponse:
    """Show the draft on the real paper, filled with an example that nobody is in."""
    actor, now = actor_of(request), timezone.now()
    agency = _of(actor, form)
    draft = paper_texts.draft_of(agency, form)
    texts = draft.texts if draft else paper_texts.texts_on(agency, form, timezone.localdate(now))
    paper = example(
        form, paper_data.letterhead_of(agency, now), at=now, signer=Signer(name=actor.name, capacity=actor.title),
        own=texts,
    )  # fmt: skip
    return pdf(render_pdf(paper), f"{form}-preview.pdf")


@require_POST
def discard(request: HttpRequest, form: str) -> HttpResponse:
    """Drop the draft."""
    actor = actor_of(request)
    try:
        operations.discard_draft(agency_id=_of(actor, form), form=form, actor=actor, at=timezone.now())
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ bản nháp. Lời văn đang dùng giữ nguyên."))
    return redirect("paper-texts")


def _agency(actor: Actor) -> int:
    return actor.agency_id or 0


def _of(actor: Actor, form: str) -> int:
    if form not in passages.PLACES:
        raise NotFound(_("Mẫu này không có lời văn sửa được."))
    return _agency(actor)


def _common(form: str) -> dict[str, Any]:
    title = paper_words.title(form)
    return {
        "title": title,
        "form_key": form,
        "crumbs": [Crumb(_("Lời văn trên giấy"), reverse("paper-texts")), Crumb(title)],
    }
