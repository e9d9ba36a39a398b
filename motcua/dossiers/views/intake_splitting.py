"""A stack scanned at the counter, split at its separator sheets: looked at first, then carried out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from motcua.base.files import operations as files
from motcua.dossiers import draft_queries, separators
from motcua.dossiers.draft_queries import SCANS
from motcua.dossiers.intake_reading import PaperRow
from motcua.dossiers.operations import draft_splitting
from motcua.dossiers.operations.draft_splitting import DraftPart
from motcua.dossiers.operations.splitting import MOST_PARTS
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, draft_id: UUID, row: str, file_id: UUID) -> HttpResponse:
    """Show how a scan of the draft would be split; carried out with the lines that the officer left or chose."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = draft_queries.get(actor, draft_id)
    content = draft_queries.content(draft)
    refusal = ""
    if request.method == "POST":
        try:
            count = draft_splitting.split(
                draft_id=draft.pk,
                row=row,
                file_id=file_id,
                parts=_chosen(request),
                actor=actor,
                at=timezone.now(),
            )
        except NotFound:
            raise
        except Conflict as done:
            messages.info(request, done.message)
            return redirect("intake-page", draft.pk)
        except Refusal as refused:
            refusal = refused.message
        else:
            words = ngettext("Đã tách thành %(n)s phần.", "Đã tách thành %(n)s phần.", count)
            messages.success(request, words % {"n": count})
            return redirect("intake-page", draft.pk)
    scan = next((one for one in content.files.get(row, []) if one["id"] == str(file_id)), None)
    if scan is None:
        if any(one["id"] == str(file_id) for one in content.files.get(SCANS, [])):
            return redirect("intake-page", draft.pk)
        raise NotFound(_("Không có tệp này trong bản nháp."))
    lines, parts = [], []
    try:
        lines = draft_splitting.lines_of(content, actor=actor, day=timezone.localdate())
        parts = _parts(lines, files.page_codes(file_id=file_id))
    except NotFound:
        raise
    except Refusal as refused:
        refusal = refusal or refused.message
    context = {
        "draft": draft, "file": scan, "parts": parts, "lines": list(enumerate(lines, 1)), "refusal": refusal,
        "separated": len(parts) > 1 or any(one.position for one in parts),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/intake_split.html", context, status=status)


def _parts(lines: list[PaperRow], codes: list[list[str]]) -> list[separators.Part]:
    """Split by kinds of papers: sheets of one dossier cannot be meant, there is none yet."""
    kinds = {line.required.pk: place for place, line in enumerate(lines, 1) if line.required is not None}
    return separators.parts_of(codes, code="", positions=frozenset(), kinds=kinds)


def _chosen(request: HttpRequest) -> tuple[DraftPart, ...]:
    """Read the parts of the form: pages, and the line chosen for them ("-" leaves a part out)."""
    found = []
    for number in range(1, MOST_PARTS + 2):
        pages, line = request.POST.get(f"pages-{number}", "")[:600], request.POST.get(f"line-{number}", "")
        if not pages or line == "-":
            continue
        try:
            found.append(DraftPart(tuple(int(page[:6]) for page in pages.split(",")), line[:20]))
        except ValueError:
            raise Refusal(_("Phần tách ra không nằm trong tệp này. Tải lại trang.")) from None
    return tuple(found)
