"""Doing things to a dossier: one view for every verb, because every verb is one form and one operation."""

import contextlib
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from motcua.base.files import operations as files
from motcua.base.files.uploads import uploaded
from motcua.dossiers import reading, words
from motcua.dossiers.forms.act import DAY_FORMATS, FAR_DAYS, ActionForm
from motcua.dossiers.forms.actions import FILE_PURPOSE, FORMS
from motcua.dossiers.offers import KEYS, Offer
from motcua.dossiers.operations import attachments
from motcua.dossiers.reading import Sheet, actor_of
from motcua.dossiers.views.detail import act_context, back, form_for, page
from motcua.lib import due
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.ui import dates


def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Show the form of a verb, or carry it out. A refusal comes back in place with everything typed."""
    if verb not in KEYS:
        raise Http404
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    offer = sheet.offer(verb, _step(request))
    if request.method == "POST":
        return _post(request, sheet, verb, offer)
    if offer is None:
        return back(request, sheet.dossier.code, _not_now(sheet, verb), good=False)
    form = form_for(sheet, offer)
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/parts/act.html", act_context(sheet, form, offer, ""))
    return page(request, sheet, form=form, offer=offer)


def _not_now(sheet: Sheet, verb: str) -> str:
    said = _("“%(action)s” không làm được lúc này: hồ sơ đã sang bước khác hoặc do người khác giữ.") % {
        "action": words.ACTIONS[verb]
    }
    return f"{said} {_by_whom(sheet)}".strip()


def _by_whom(sheet: Sheet) -> str:
    """Say what was done last, by whom and when: an officer who comes second wants to know whom to ask."""
    acts = zip(reversed(sheet.entries), sheet.history, strict=True)
    entry, item = next(((one, said) for one, said in acts if one.account_id), (None, None))
    if entry is None or item is None:
        return ""
    who = _("Chính anh/chị") if entry.account_id == sheet.actor.account_id else item.who
    return _("%(who)s đã làm lúc %(when)s: %(what)s.") % {
        "who": who, "when": dates.moment(item.at), "what": item.what,
    }  # fmt: skip


def _post(request: HttpRequest, sheet: Sheet, verb: str, offer: Offer | None) -> HttpResponse:
    key = request.POST.get("key", "")[:64]
    if reading.was_done(sheet.actor, key):
        return back(request, sheet.dossier.code, _("Việc này đã được lưu từ lần bấm trước."), good=False)
    if offer is None:
        return page(
            request, sheet, refusal=_not_now(sheet, verb), typed=_typed(request, sheet, verb), status=409
        )
    if _seen(request) != sheet.dossier.version:
        changed = _(
            "Hồ sơ đã thay đổi sau khi anh/chị mở trang này. Xem lại rồi gửi tiếp; chưa có gì bị ghi đè."
        )
        return _again(request, sheet, verb, Conflict(changed))
    form = form_for(sheet, offer, request.POST, request.FILES)
    if not form.is_valid():
        return page(request, sheet, form=form, offer=offer, key=key, status=422)
    try:
        with transaction.atomic():
            _attach_first(request, sheet, form, verb, key)
            form.run(_common(request, sheet, key, offer))
    except Conflict as refusal:
        # A new version was shown: the officer looks at what changed, then sends the same text again.
        return _again(request, sheet, verb, refusal)
    except NotPermitted as refusal:
        typed = _typed(request, sheet, verb)
        return page(request, sheet, refusal=refusal.message, typed=typed, status=403)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return page(request, sheet, form=form, offer=offer, key=key, status=422)
    return back(request, sheet.dossier.code, _saved(sheet, offer))


def _common(request: HttpRequest, sheet: Sheet, key: str, offer: Offer) -> dict[str, Any]:
    return {
        "dossier_id": sheet.dossier.pk,
        "actor": offer.actor or sheet.actor,
        "at": sheet.now,
        "key": key,
        "seen": _seen(request),
    }


def _step(request: HttpRequest) -> int | None:
    """The number of the step that the button was about; None where the officer holds one such step."""
    text = request.GET.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _seen(request: HttpRequest) -> int:
    """The version of the dossier that the officer's page showed."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _attach_first(request: HttpRequest, sheet: Sheet, form: ActionForm, verb: str, key: str) -> None:
    """Hang the file on the dossier while the step is still the officer's; both are saved, or neither."""
    if not form.takes_file or not isinstance(request.FILES.get("file"), UploadedFile):
        return
    file = uploaded(request, "file")
    stored = files.store(
        stream=cast(BinaryIO, file), filename=file.name or "", actor=sheet.attacher or sheet.actor, at=sheet.now,
        purpose=FILE_PURPOSE[verb], agency_id=sheet.dossier.home_agency_id,
    )  # fmt: skip
    attachments.attach(
        dossier_id=sheet.dossier.pk, actor=sheet.attacher or sheet.actor, at=sheet.now, key=f"{key}:file",
        stored=stored, purpose=FILE_PURPOSE[verb],
    )  # fmt: skip


def _again(request: HttpRequest, sheet: Sheet, verb: str, refusal: Conflict) -> HttpResponse:
    fresh = reading.sheet_for(sheet.actor, sheet.dossier.code, now=sheet.now)
    offer = fresh.offer(verb, _step(request))
    moved = _seen(request) != fresh.dossier.version
    said = f"{refusal.message} {_by_whom(fresh) if moved else ''}".strip()
    if offer is None:
        typed = _typed(request, fresh, verb)
        return page(request, fresh, refusal=said, typed=typed, status=409)
    form = form_for(fresh, offer, request.POST, request.FILES)
    form.is_valid()
    form.add_error(None, said)
    return page(request, fresh, form=form, offer=offer, status=409)


def _typed(request: HttpRequest, sheet: Sheet, verb: str) -> list[tuple[str, str]]:
    """What the officer wrote and ticked, in words, to be shown when its form is gone: nothing typed is lost."""
    gone = Offer(verb, str(words.ACTIONS[verb]), "", "secondary", None)
    fields: dict[str, Any] = FORMS[verb].base_fields | form_for(sheet, gone).fields
    return [
        (str(fields[name].label), said)
        for name, text in request.POST.items()
        if name in fields and isinstance(text, str) and (said := _said(fields[name], text))
    ]


def _said(field: forms.Field, text: str) -> str:
    """Return what stands in a field as its page showed it: a tick and a choice in words."""
    if isinstance(field, forms.BooleanField):
        return _("đã đánh dấu")
    if isinstance(field, forms.ChoiceField):
        return str(dict(flatten_choices(cast(Any, field.choices))).get(text, text)) if text else ""
    return text.strip()


def _saved(sheet: Sheet, offer: Offer) -> str:
    return _("Đã lưu %(time)s: %(action)s.") % {"time": dates.clock(sheet.now), "action": offer.label}


def extend_check(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a proposed new date means: working day or not, how much later, how much time from now."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    day = _day(request.GET.get("new_day", ""))
    context: dict[str, Any] = {"day": day}
    if day is not None and sheet.dossier.due_at is not None:
        calendar = sheet.calendar
        context["working"] = calendar.is_working(day)
        context["nearest"] = calendar.roll_forward(day)
        closing = calendar.closing(context["nearest"])
        context["closing"] = closing
        context["left"] = due.time_left(calendar, sheet.now, closing).words()
        context["later"] = calendar.count_days(timezone.localdate(sheet.dossier.due_at), context["nearest"])
        context["before"] = closing <= sheet.dossier.due_at
    return render(request, "dossiers/parts/extend_check.html", context)


def _day(text: str) -> date | None:
    for pattern in DAY_FORMATS:
        with contextlib.suppress(ValueError):
            day = datetime.strptime(text.strip()[:10], pattern).date()  # noqa: DTZ007  (a day has no zone)
            return day if abs((day - timezone.localdate()).days) <= FAR_DAYS else None
    return None
