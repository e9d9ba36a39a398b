"""Notes, colleagues to name in them, the star, and the texts an officer keeps."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motcua.agencies.roles import Role
from motcua.dossiers import picks, queries, reading
from motcua.dossiers.forms.act import line, text
from motcua.dossiers.operations import templates, together
from motcua.dossiers.reading import Sheet, actor_of
from motcua.dossiers.views.detail import page
from motcua.lib.refusal import Refusal


@require_POST
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Save a note; what was refused comes back with everything typed."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    said = request.POST.get("text", "")
    try:
        together.add_note(
            dossier=sheet.dossier,
            text=said,
            actor=sheet.actor,
            at=sheet.now,
            key=request.POST.get("key", "")[:64],
        )
    except Refusal as refusal:
        if request.headers.get("HX-Request"):
            return _notes(request, sheet, 422, note_text=said, note_fault=refusal.message)
        return page(request, sheet, note_text=said, note_fault=refusal.message, status=422)
    if request.headers.get("HX-Request"):  # in place: a form that is half filled in stays
        return _notes(
            request, reading.sheet_for(sheet.actor, code, now=sheet.now), note_said=_("Đã lưu ghi chú.")
        )
    return redirect(f"{reverse('dossier', args=[sheet.dossier.code])}#part-notes")


def _notes(request: HttpRequest, sheet: Sheet, status: int = 200, **said: str) -> HttpResponse:
    """The notes of a dossier alone, as they stand now."""
    context = {"sheet": sheet, "dossier": sheet.dossier, "note_key": uuid4().hex, **said}
    return render(request, "dossiers/parts/notes.html", context, status=status)


@require_POST
def note_remove(request: HttpRequest, code: str, note_id: UUID) -> HttpResponse:
    """Take one's own note back."""
    actor = actor_of(request)
    dossier = queries.get_for(actor, code)
    together.remove_note(dossier=dossier, note_id=note_id, actor=actor, at=timezone.now())
    if request.headers.get("HX-Request"):
        sheet = reading.sheet_for(actor, code, now=timezone.now())
        return _notes(request, sheet, note_said=_("Đã gỡ ghi chú."))
    return redirect(f"{reverse('dossier', args=[dossier.code])}#part-notes")


@require_POST
def watch(request: HttpRequest, code: str) -> HttpResponse:
    """Put the star on a dossier, or take it off."""
    actor = actor_of(request)
    dossier = queries.get_for(actor, code)
    on = request.POST.get("on") == "1"
    together.watch(dossier=dossier, on=on, actor=actor, at=timezone.now())
    if request.headers.get("HX-Request"):  # in place: a form that is half filled in stays
        dossier.watched = on  # type: ignore[attr-defined]
        return render(request, "dossiers/parts/watch.html", {"dossier": dossier})
    return redirect("dossier", code=dossier.code)


def colleagues(request: HttpRequest, code: str) -> JsonResponse:
    """Return who may be named on this dossier, for the list that opens at an @."""
    dossier = queries.get_for(actor_of(request), code)
    people = together.colleagues(dossier, timezone.localdate())
    return JsonResponse(
        {"items": [{"key": one.account.full_name, "text": f"{one.title}, {one.unit.name}"} for one in people]}
    )


# ── Texts


class TemplateForm(forms.Form):
    """A text with its key."""

    key = line(
        gettext_lazy("Phím tắt"), most=20, hint=gettext_lazy("Chữ và số viết liền. Gõ / rồi phím tắt.")
    )
    text = text(
        gettext_lazy("Nội dung mẫu"), rows=4, hint=gettext_lazy("Không ghi tên hay số của người dân.")
    )
    of_unit = forms.BooleanField(label=gettext_lazy("Dùng chung cho cả đơn vị"), required=False)

    def __init__(self, *args: Any, head: bool, **kwargs: Any) -> None:
        kwargs |= {"auto_id": "template_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        if not head:
            del self.fields["of_unit"]


def template_list(request: HttpRequest) -> HttpResponse:
    """List the officer's texts and the unit's; save one, change one (`?edit=`)."""
    actor, head = actor_of(request), actor_of(request).has(Role.UNIT_HEAD, Role.LEADER)
    rows = picks.templates_for(actor)
    wanted = request.POST.get("template") or request.GET.get("edit", "")
    edited = next((one for one in rows if str(one.pk) == wanted and (head or one.unit_id is None)), None)
    first = (
        {"key": edited.key, "text": edited.text, "of_unit": edited.unit_id is not None} if edited else None
    )
    form = TemplateForm(request.POST if request.method == "POST" else None, head=head, initial=first)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        shared = edited.unit_id is not None if edited else bool(data.get("of_unit"))
        try:
            templates.save_template(
                key=data["key"], text=data["text"], of_unit=shared, actor=actor, at=timezone.now(),
                template_id=edited.pk if edited else None,
            )  # fmt: skip
        except Refusal as refused:
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
            else:
                refusal = refused.message
        else:
            messages.success(request, _("Đã lưu mẫu “%(key)s”.") % {"key": data["key"]})
            return redirect("opinion-templates")
    context = {"form": form, "refusal": refusal, "rows": rows, "edited": edited, "head": head}
    return render(
        request, "dossiers/templates.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
def template_drop(request: HttpRequest, template_id: int) -> HttpResponse:
    """Throw a text away."""
    templates.drop_template(template_id=template_id, actor=actor_of(request), at=timezone.now())
    messages.success(request, _("Đã xóa mẫu."))
    return redirect("opinion-templates")


def template_texts(request: HttpRequest) -> JsonResponse:
    """Return the officer's texts and the unit's, for the list that opens at a slash."""
    rows = picks.templates_for(actor_of(request))
    return JsonResponse({"items": [{"key": one.key, "text": one.text} for one in rows]})
