"""Scans and photos of papers, before the dossier exists: taken in, looked at, dropped again."""

from typing import BinaryIO, cast
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.files import operations as files
from motcua.base.files import responses
from motcua.base.files.uploads import uploaded
from motcua.dossiers import draft_queries
from motcua.dossiers.intake_reading import PAPER_KEY
from motcua.dossiers.operations import counter
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal


@require_POST
def add(request: HttpRequest, draft_id: UUID, row: str) -> HttpResponse:
    """Take one file in for a line of the paper list; answer the line's files as HTML, or why not."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not PAPER_KEY.fullmatch(row):
        raise NotFound(_("Không có giấy tờ này."))
    try:
        file = uploaded(request, "file")
        kept = counter.keep_file(
            draft_id=draft_id,
            row=row,
            file=cast(BinaryIO, file),
            name=file.name or "",
            actor=actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    draft = draft_queries.get(actor, draft_id)
    return render(request, "dossiers/intake_files.html", {"draft": draft, "files": kept, "row_key": row})


@require_POST
def drop(request: HttpRequest, draft_id: UUID, row: str, file_id: UUID) -> HttpResponse:
    """Take a file off a line; answer what is left there as HTML."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    left = counter.drop_file(draft_id=draft_id, row=row, file_id=file_id, actor=actor, at=timezone.now())
    draft = draft_queries.get(actor, draft_id)
    return render(request, "dossiers/intake_files.html", {"draft": draft, "files": left, "row_key": row})


@require_GET
def preview(request: HttpRequest, draft_id: UUID, file_id: UUID, number: int) -> FileResponse:
    """Show one page of a file of the officer's own draft as a picture drawn by us."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held = draft_queries.content(draft_queries.get(actor, draft_id)).files
    if str(file_id) not in {one["id"] for kept in held.values() for one in kept}:
        raise NotFound(_("Không có tệp này trong bản nháp."))
    return responses.picture(files.preview(file_id=file_id, page=number))
