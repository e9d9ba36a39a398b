"""Separator sheets to print, and a scan split at them: looked at first, then carried out."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from motcua.base.files import operations as files
from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import Separator, SeparatorSheets, render_sheet
from motcua.dossiers import contents, queries, separators
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.dossiers.operations import splitting
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal


@require_GET
def sheets(request: HttpRequest, code: str) -> HttpResponse:
    """Print one separator sheet for each paper of the dossier; `kinds` makes them good for every dossier."""
    dossier = queries.get_for(actor_of(request), code)
    general = bool(request.GET.get("kinds"))
    lines = [row for row in contents.documents_of(dossier) if not general or row.required_id]
    if not lines:
        raise NotFound(_("Hồ sơ này không có giấy tờ nào để in tờ phân cách."))
    made = SeparatorSheets(
        office=dossier.home_agency.name,
        sheets=tuple(
            Separator(
                name=row.name, of="" if general else dossier.code, place=str(row.position),
                coded=separators.kind_code(row.required_id)
                if general and row.required_id
                else separators.dossier_code(dossier.code, row.position),
            )
            for row in lines
        ),
        issued_at=timezone.now(),
    )  # fmt: skip
    return pdf(render_sheet(made), f"{code}-phan-cach.pdf")


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Show how a scan would be split; carried out with the lines that the officer left or chose."""
    actor = actor_of(request)
    dossier = queries.get_for(actor, code)
    row = queries.file_of(dossier, file_id)
    if row is None:
        raise NotFound(_("Hồ sơ này không có tệp như vậy."))
    lines = contents.documents_of(dossier)
    refusal = ""
    if request.method == "POST":
        try:
            made = splitting.split(
                dossier_id=dossier.pk, file_id=row.pk, parts=_chosen(request), actor=actor, at=timezone.now(),
                key=request.POST.get("key", "")[:64] or uuid4().hex,
            )  # fmt: skip
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            refusal = refused.message
        else:
            count = len(made)
            messages.success(
                request,
                ngettext("Đã tách thành %(n)s phần.", "Đã tách thành %(n)s phần.", count) % {"n": count},
            )
            return redirect("dossier", dossier.code)
    try:
        parts = _parts(dossier, lines, files.page_codes(file_id=row.stored_id))
    except NotFound:
        raise
    except Refusal as refused:
        parts, refusal = [], refusal or refused.message
    context = {
        "dossier": dossier, "file": row, "parts": parts, "lines": lines, "refusal": refusal,
        "key": request.POST.get("key") or uuid4().hex,
        "separated": len(parts) > 1 or any(one.position for one in parts),
    }  # fmt: skip
    return render(request, "dossiers/split.html", context, status=422 if request.method == "POST" else 200)


def _parts(
    dossier: Dossier, lines: list[DossierDocument], codes: list[list[str]]
) -> list[separators.Part]:  # fmt: skip
    return separators.parts_of(
        codes, code=dossier.code, positions=frozenset(row.position for row in lines),
        kinds={row.required_id: row.position for row in reversed(lines) if row.required_id},
    )  # fmt: skip


def _chosen(request: HttpRequest) -> tuple[splitting.PartIn, ...]:
    """Read the parts of the form: pages, and the line chosen for them ("-" leaves a part out)."""
    found = []
    for number in range(1, splitting.MOST_PARTS + 2):
        pages, line = request.POST.get(f"pages-{number}", "")[:600], request.POST.get(f"line-{number}", "")
        if not pages or line == "-":
            continue
        try:
            chosen = tuple(int(page[:6]) for page in pages.split(","))
            found.append(splitting.PartIn(chosen, UUID(line) if line else None))
        except ValueError:
            raise Refusal(_("Phần tách ra không nằm trong tệp này. Tải lại trang.")) from None
    return tuple(found)
