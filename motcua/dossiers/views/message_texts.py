"""Where a business administrator words what applicants are told: event by event, for all or for one procedure."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.notifications.channels.sms import as_sent
from motcua.base.notifications.outlets import ready
from motcua.dossiers import message_words, paper_texts
from motcua.dossiers.forms.paper_texts import PassagesForm, PublishTextsForm
from motcua.dossiers.message_defaults import EVENTS, EventWords
from motcua.dossiers.message_words import EXAMPLE
from motcua.dossiers.models import PaperText
from motcua.dossiers.operations import paper_texts as operations
from motcua.dossiers.paper_texts import Scope
from motcua.dossiers.reading import actor_of
from motcua.lib import sms_text
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import dates
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt


@require_GET
def text_list(request: HttpRequest) -> HttpResponse:
    """List the events with what is said, whose words those are, and which channels are set up."""
    agency, today = actor_of(request).agency_id or 0, timezone.localdate()
    refusal, about = "", request.GET.get("about", "")[:300]
    if about:
        scope, event = paper_texts.named(about), EVENTS.get(request.GET.get("event", ""))
        if scope is not None and event is not None:
            return redirect(_address("message-text", event, scope))
        refusal = _("Không thấy thủ tục hay lĩnh vực này. Gõ mã thủ tục (ví dụ 1.001193) hoặc tên lĩnh vực.")
    rows = paper_texts.versions_of(agency)
    context = {
        "events": [_listed(event, rows, agency, today) for event in EVENTS.values()],
        "choices": [(event.key, event.title) for event in EVENTS.values()],
        "chosen": request.GET.get("event", ""), "about": about, "refusal": refusal,
        "sectors": paper_texts.sector_names(),
        "ways": [(name, ready(channel)) for channel, name in _names().items()],
    }  # fmt: skip
    return render(request, "dossiers/message_texts.html", context, status=422 if refusal else 200)


def _listed(event: EventWords, rows: list[PaperText], agency: int, today: date) -> dict[str, Any]:
    mine = [row for row in rows if row.form == event.form]
    texts = paper_texts.texts_on(agency, event.form, today)
    own = {paper_texts.scope_of_row(row) for row in mine if row.procedure_id or row.sector_id}
    return {
        "event": event, "url": _address("message-text", event, paper_texts.EVERYTHING),
        "says": message_words.said(event, "sms", texts, EXAMPLE), "state": _state(mine, paper_texts.EVERYTHING, today),
        "only": [
            {
                "title": paper_texts.scope_words(scope), "url": _address("message-text", event, scope),
                "state": _state(mine, scope, today),
            }
            for scope in sorted(own, key=lambda one: one.key)
        ],
    }  # fmt: skip


def _state(rows: list[PaperText], scope: Scope, today: date) -> str:
    """Say in one line whose words hold, what comes, and whether there is a draft."""
    mine = [row for row in rows if paper_texts.scope_of_row(row) == scope]
    held = [row for row in mine if row.valid_from and row.valid_from <= today]
    newest = max(held, key=lambda row: row.valid_from or today, default=None)
    parts = [
        _("lời riêng từ %(day)s") % {"day": dates.day(newest.valid_from)}
        if newest and newest.texts and newest.valid_from
        else _("lời chung")
    ]
    coming = [row.valid_from for row in mine if row.valid_from and row.valid_from > today]
    parts += [_("đổi từ %(day)s") % {"day": dates.day(day)} for day in sorted(coming)]
    return " · ".join([*parts, *([_("có bản nháp")] if any(row.valid_from is None for row in mine) else [])])


def edit(request: HttpRequest, event: str) -> HttpResponse:
    """Show the words of each channel with how they arrive, and keep changed ones as the draft."""
    actor, today, about = actor_of(request), timezone.localdate(), _event(event)
    agency, scope = actor.agency_id or 0, _scope(request)
    draft = paper_texts.draft_of(agency, about.form, scope)
    texts = draft.texts if draft else paper_texts.texts_on(agency, about.form, today, scope)
    shown = PassagesForm(request.POST or None, form=about.form, texts=texts)
    if request.method == "POST" and attempt(
        shown,
        lambda data: operations.save_draft(
            agency_id=agency, form=about.form, texts=shown.texts(), scope=scope, actor=actor, at=timezone.now(),
            key=data["key"],
        ),
    ):  # fmt: skip
        return redirect(_address("message-text-check", about, scope))
    context = {
        **_common(about, scope), "form": shown, "draft": draft, "follow_form": KeyedForm(),
        "own": paper_texts.own_on(agency, about.form, today + timedelta(days=1), scope),
        "fields": [shown[place.key] for place in message_words.PLACES[about.form]],
        "names": [(f"{{{name}}}", name in message_words.PERSONAL) for name in message_words.NAMES],
    }  # fmt: skip
    return render(
        request, "dossiers/message_text.html", context, status=422 if request.method == "POST" else 200
    )


def check(request: HttpRequest, event: str) -> HttpResponse:
    """Show the draft as each channel carries it, with the length of the text message; sent, publish what was shown."""
    actor, now, about = actor_of(request), timezone.now(), _event(event)
    agency, today, scope = actor.agency_id or 0, timezone.localdate(now), _scope(request)
    draft = paper_texts.draft_of(agency, about.form, scope)
    if draft is None:
        messages.info(request, _("Không có bản nháp để xem. Sửa lời rồi lưu trước."))
        return redirect(_address("message-text", about, scope))
    usual = {"valid_from": today + timedelta(days=1), "seen": paper_texts.digest(draft.texts)}
    sent = PublishTextsForm(request.POST or None, initial=usual, label_suffix="")
    sent.fields["valid_from"].help_text = _("Sớm nhất là ngày mai. Tin đã gửi không đổi.")
    if request.method == "POST" and attempt(
        sent,
        lambda data: operations.publish(
            agency_id=agency, form=about.form, valid_from=data["valid_from"], seen=data["seen"], scope=scope,
            actor=actor, at=now, key=data["key"],
        ),
    ):  # fmt: skip
        day = dates.day(sent.cleaned_data["valid_from"])
        messages.success(request, _("Đã ban hành lời báo mới, áp dụng từ %(day)s.") % {"day": day})
        return redirect("message-texts")
    old = paper_texts.texts_on(agency, about.form, today, scope)
    context = {
        **_common(about, scope), "form": sent, "previews": previews(about, draft.texts),
        "changes": [
            (place.label, old[place.key], draft.texts.get(place.key, ""))
            for place in message_words.PLACES[about.form]
            if old[place.key] != draft.texts.get(place.key, "")
        ],
    }  # fmt: skip
    return render(
        request, "dossiers/message_text_check.html", context, status=422 if request.method == "POST" else 200
    )


def previews(event: EventWords, texts: dict[str, str]) -> dict[str, Any]:
    """Return what an example's reader gets by each channel, and what the text message costs."""
    plain = message_words.without_personal(EXAMPLE)
    sms = as_sent(message_words.said(event, "sms", texts, plain))
    zalo = message_words.zalo_of(texts["zalo"], plain)
    return {
        "sms": sms, "size": sms_text.size(sms), "subject": message_words.filled(texts["subject"], EXAMPLE),
        "mail": message_words.said(event, "mail", texts, EXAMPLE), "zalo": zalo,
        "ours": message_words.silent(event, texts, plain),
    }  # fmt: skip


@require_POST
def discard(request: HttpRequest, event: str) -> HttpResponse:
    """Drop the draft; or, asked to follow, give own words up from tomorrow on."""
    actor, about = actor_of(request), _event(event)
    act: dict[str, Any] = {
        "agency_id": actor.agency_id or 0, "form": about.form, "scope": _scope(request), "actor": actor,
        "at": timezone.now(),
    }  # fmt: skip
    follow = request.POST.get("act") == "follow"
    try:
        if follow:
            operations.follow(**act, key=request.POST.get("key", "")[:64])
        else:
            operations.discard_draft(**act)
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        said = (
            _("Từ ngày mai không còn lời riêng ở đây.")
            if follow
            else _("Đã bỏ bản nháp. Lời đang dùng giữ nguyên.")
        )
        messages.success(request, said)
    return redirect("message-texts")


def _event(key: str) -> EventWords:
    found = EVENTS.get(key)
    if found is None:
        raise NotFound(_("Không có loại tin này."))
    return found


def _scope(request: HttpRequest) -> Scope:
    return paper_texts.scope_of(request.GET.get("for", "")[:20])


def _address(name: str, event: EventWords, scope: Scope) -> str:
    url = reverse(name, args=[event.key])
    return f"{url}?for={scope.key}" if scope.key else url


def _names() -> dict[str, str]:
    return {"sms": _("SMS"), "zalo": _("Zalo"), "email": _("Thư điện tử"), "push": _("Báo trên máy")}


def _common(event: EventWords, scope: Scope) -> dict[str, Any]:
    return {
        "event": event, "about": paper_texts.scope_words(scope), "here": _address("message-text", event, scope),
        "discard_url": _address("message-text-discard", event, scope),
        "crumbs": [Crumb(_("Lời báo cho người nộp"), reverse("message-texts")), Crumb(str(event.title))],
    }  # fmt: skip
