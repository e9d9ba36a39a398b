"""One version in an administrator's hands: its page, its parts, the preview, two versions side by side."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.forms.draft import PartEditor
from motcua.procedures.models import DraftEdit, ProcedureVersion
from motcua.procedures.models.words import Part, State
from motcua.procedures.operations import editing
from motcua.procedures.permissions import may_approve, may_edit_catalogue
from motcua.procedures.queries import completeness, managing, snapshot
from motcua.procedures.source import difference, parts
from motcua.procedures.source.shape import VersionData
from motcua.procedures.views import present, states
from motcua.procedures.views.managing import actor_of, crumbs, source_words
from motcua.ui.components import Crumb

_MORE_ROWS = 3


def _title(version: ProcedureVersion) -> str:
    return _("Bản %(number)s") % {"number": version.number}


@require_GET
def draft(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show one version: what it lacks, its parts, what differs from the one in force, what may be done."""
    version = managing.version(version_id)
    actor, today = actor_of(request), timezone.localdate()
    card = managing.card(version.procedure_id)
    waiting = [one for one in card.waiting if one.version_id == version.pk]
    data = snapshot.data_of(version)
    before = card.ours(today)
    before = version.based_on if before is None or before.pk == version.pk else before
    own = version.source in snapshot.OWN
    open_draft = version.state == State.DRAFT and not waiting
    context = {
        "version": version,
        "procedure": card.procedure,
        "crumbs": crumbs(card.procedure, Crumb(_title(version))),
        "title": _title(version),
        "mark": states.mark(version, today, card.waiting),
        "days": states.days(version),
        "source": source_words(version),
        "parts": [(part, _size(data, part)) for part in Part],
        "faults": completeness.faults(data) if version.state == State.DRAFT else [],
        "edits": may_edit_catalogue(actor),
        "editable": open_draft and own and may_edit_catalogue(actor),
        "sendable": open_draft and may_edit_catalogue(actor),
        "waiting": [(one, may_approve(actor, one)) for one in waiting],
        "returned": next(
            (one for one in card.approvals if one.version_id == version.pk and one.outcome), None
        ),
        "before": before,
        "late": managing.late_texts(version.pk) if open_draft else [],
        "units": difference.between(snapshot.data_of(before), data) if before else [],
        "names": (_title(before) if before else "", _title(version)),
        "repealed": any(one.state == State.REPEALED for one in card.versions),
    }
    return render(request, "procedures/draft.html", context)


def _size(data: VersionData, part: Part) -> str:
    counted = {
        Part.CASES: (len(data.cases), _("%(n)s trường hợp")),
        Part.PAPERS: (sum(not row.is_note for row in data.papers), _("%(n)s giấy tờ")),
        Part.FEES: (len(data.fees), _("%(n)s khoản")),
        Part.RESULTS: (len(data.results) + len(data.references), _("%(n)s dòng")),
    }
    if part not in counted:
        return data.texts.get("field") or ""
    number, words = counted[part]
    return words % {"n": number}


@require_GET
def preview(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a version as the public page will show it."""
    version = managing.version(version_id)
    context = present.page(version.procedure, version, today=timezone.localdate(), current=None)
    context["preview"] = _("Xem trước bản %(number)s") % {"number": version.number}
    context["back"] = reverse("procedure_draft", args=[version.pk])
    context["crumbs"] = crumbs(version.procedure, Crumb(_title(version), context["back"]))
    return render(request, "procedures/page.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, version_id: int, part: str) -> HttpResponse:
    """Edit one part of a draft. A text that comes after somebody else's save is kept and shown beside theirs."""
    if part not in Part.values:
        raise NotFound(_("Không có phần này."))
    version = managing.version(version_id)
    one = Part(part)
    data = snapshot.data_of(version)
    edition = int(version.editions.get(one.value, 0))
    posted = _with_more_rows(request.POST) if request.method == "POST" else None
    editor = _editor(one, data, edition, posted)
    context: dict[str, Any] = {"refusal": "", "conflict": []}
    if posted is not None and "more" not in request.POST and editor.is_valid():
        answer = _save(request, version, editor, context)
        if answer is not None:
            return answer
    elif editor.faults and "more" not in request.POST:
        context["refusal"] = _("%(n)s ô chưa đúng, xem chỗ đánh dấu. Chữ đã gõ vẫn còn.") % {
            "n": editor.faults
        }
    context |= {
        "version": version,
        "procedure": version.procedure,
        "crumbs": crumbs(
            version.procedure,
            Crumb(_title(version), reverse("procedure_draft", args=[version.pk])),
            Crumb(str(one.label)),
        ),
        "part": one,
        "editor": editor,
        "editable": version.state == State.DRAFT and version.source in snapshot.OWN,
        "saves": managing.saves_of(version.pk, one.value),
    }
    return render(request, "procedures/part.html", context, status=422 if context["refusal"] else 200)


def _editor(part: Part, data: VersionData, edition: int, posted: QueryDict | None) -> PartEditor:
    cases = [case.name for case in data.cases]
    return PartEditor(part, parts.content_of(data, part), cases=cases, seen=edition, data=posted)


def _with_more_rows(posted: QueryDict) -> QueryDict:
    """Return what was posted, with room for more rows where they were asked for."""
    wanted = posted.get("more", "")
    total = f"{wanted}-TOTAL_FORMS"
    if not wanted or not (posted.get(total) or "").isdigit():
        return posted
    roomy = posted.copy()
    roomy[total] = str(min(int(posted.get(total, "0")) + _MORE_ROWS, 400))
    return roomy


def _save(
    request: HttpRequest, version: ProcedureVersion, editor: PartEditor, context: dict[str, Any]
) -> HttpResponse | None:
    """Save the part; None where it was refused, with the reason in `context`."""
    said: dict[str, Any] = {
        "version_id": version.pk, "part": editor.part, "content": editor.content(), "actor": actor_of(request),
        "at": timezone.now(),
    }  # fmt: skip
    try:
        with transaction.atomic():
            editing.save_part(seen=editor.seen, key=editor.key, **said)
    except editing.EditedMeanwhile as refusal:
        editing.keep_late(seen=editor.seen, **said)
        _show_both(version, editor, request.POST, context)
        context["refusal"] = refusal.message
    except NotFound:
        raise
    except Refusal as refusal:
        context["refusal"] = refusal.message
    else:
        messages.success(request, _("Đã lưu: %(part)s.") % {"part": editor.part.label})
        return redirect("procedure_draft", version.pk)
    return None


def _show_both(
    version: ProcedureVersion, editor: PartEditor, posted: QueryDict, context: dict[str, Any]
) -> None:
    """Show both texts; what was typed stays in the form, which now knows the edition it would replace."""
    saved = snapshot.data_of(managing.version(version.pk))
    try:
        mine = parts.with_part(saved, editor.part, editor.content())
    except Refusal:
        mine = saved
    context["names"] = (_("Bản đang lưu"), _("Bản của anh/chị"))
    context["conflict"] = difference.between(saved, mine)
    context["theirs"] = managing.saves_of(version.pk, editor.part.value).first()
    again = posted.copy()
    again["seen"] = str(version.editions.get(editor.part.value, 0))
    editor.frame = type(editor.frame)(again)


@require_GET
def typed(request: HttpRequest, edit_id: int) -> HttpResponse:
    """Show one text that was typed, beside what the draft says now."""
    row = managing.edit(edit_id)
    version = managing.version(row.version_id)
    data = snapshot.data_of(version)
    units, refusal = [], ""
    try:
        units = difference.between(data, parts.with_part(data, Part(row.part), row.content))
    except Refusal as refused:
        refusal = refused.message
    context = {
        "row": row,
        "version": version,
        "procedure": version.procedure,
        "title": _typed_title(row),
        "units": units,
        "refusal": refusal,
        "names": (_("Bản đang lưu"), _("Bản này")),
        "crumbs": crumbs(
            version.procedure,
            Crumb(_title(version), reverse("procedure_draft", args=[version.pk])),
            Crumb(_typed_title(row)),
        ),
    }
    return render(request, "procedures/compare.html", context)


def _typed_title(row: DraftEdit) -> str:
    return _("%(part)s: bản %(who)s đã gõ") % {"part": row.get_part_display(), "who": row.by or ""}


@require_GET
def compare(request: HttpRequest, before_id: int, after_id: int) -> HttpResponse:
    """Show what differs between two versions of one procedure, field by field."""
    before, after = managing.version(before_id), managing.version(after_id)
    if before.procedure_id != after.procedure_id:
        raise NotFound(_("Hai bản này không cùng một thủ tục."))
    context = {
        "version": after,
        "procedure": after.procedure,
        "title": _("Bản %(one)s và bản %(two)s") % {"one": before.number, "two": after.number},
        "units": difference.between(snapshot.data_of(before), snapshot.data_of(after)),
        "names": (_title(before), _title(after)),
        "crumbs": crumbs(after.procedure, Crumb(_("So sánh"))),
    }
    return render(request, "procedures/compare.html", context)


@require_POST
def discard(request: HttpRequest, version_id: int) -> HttpResponse:
    """Throw a draft away."""
    version = managing.version(version_id)
    try:
        with transaction.atomic():
            editing.discard_draft(version_id=version_id, actor=actor_of(request), at=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("procedure_draft", version_id)
    messages.success(request, _("Đã bỏ bản dự thảo."))
    return redirect("procedure_card", version.procedure_id)
