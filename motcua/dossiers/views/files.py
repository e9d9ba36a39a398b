"""Files of a dossier: hand in, look at, take out. The original never opens on a page of ours."""

from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.base.files import operations, responses
from motcua.base.files import queries as stored_files
from motcua.base.files.uploads import uploaded
from motcua.dossiers import queries, reading, scanned, words
from motcua.dossiers.models import Dossier, DossierFile
from motcua.dossiers.operations import access, attachments
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.detail import back
from motcua.lib.ids import uuid7
from motcua.lib.refusal import NotFound, Refusal


@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take in one file and hang it on the dossier, or on one of its papers.

    A script gets the new list or `{"message"}`; a form without script gets the page.
    """
    by_script = request.headers.get("Sec-Fetch-Dest", "empty") != "document"
    actor, now = actor_of(request), timezone.now()
    sheet = reading.sheet_for(actor, code, now=now)
    dossier = sheet.dossier
    try:
        file = uploaded(request, "file")
        stored = operations.store(
            stream=cast(BinaryIO, file), filename=file.name or "", actor=actor, at=now, purpose="dossier",
            agency_id=dossier.home_agency_id,
        )  # fmt: skip
        paper = request.GET.get("paper") or request.POST.get("paper")
        default = words.FilePurpose.DOCUMENT if paper else words.FilePurpose.OTHER
        attachments.attach(
            dossier_id=dossier.pk, actor=sheet.attacher or actor, at=now, stored=stored,
            key=request.POST.get("key") or uuid7().hex, purpose=request.POST.get("purpose") or default,
            document_id=UUID(paper) if paper else None,
        )  # fmt: skip
    except ValueError:
        raise NotFound(_("Không có giấy tờ này.")) from None
    except Refusal as refusal:
        if by_script:
            return JsonResponse({"message": refusal.message}, status=422)
        return back(request, dossier.code, refusal.message, good=False)
    if not by_script:
        return back(request, dossier.code, _("Đã lưu tệp “%(name)s”.") % {"name": stored.original_name})
    sheet = reading.sheet_for(actor, dossier.code, now=now)
    return render(request, "dossiers/parts/papers.html", {"sheet": sheet, "dossier": sheet.dossier})


def look(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Show a file's pages as pictures, beside the dossier or as a page of their own."""
    dossier, row = _file(request, code, file_id)
    access.note_reading(dossier=dossier, actor=actor_of(request), at=timezone.now())
    partial = bool(request.headers.get("HX-Request"))
    context = {
        "dossier": dossier, "file": row, "pages": range(1, row.stored.pages + 1),
        "beside": partial, "reading": None if partial else scanned.reading_of(row.stored),
    }  # fmt: skip
    return render(request, "dossiers/parts/look.html" if partial else "dossiers/look.html", context)


def picture(request: HttpRequest, code: str, file_id: UUID, number: int) -> FileResponse:
    """Return one page of a file as PNG, drawn by us."""
    dossier, row = _file(request, code, file_id)
    access.note_reading(dossier=dossier, actor=actor_of(request), at=timezone.now())
    return responses.picture(operations.preview(file_id=row.stored_id, page=number))


def download(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Send the officer to the files host with a link of their own; noted as a reading with its reason."""
    dossier, row = _file(request, code, file_id)
    reason = _("Tải tệp “%(name)s”") % {"name": row.stored.original_name}
    access.note_reading(dossier=dossier, actor=actor_of(request), at=timezone.now(), reason=reason)
    return redirect(address_of(row.stored_id))


def address_of(stored_id: UUID) -> str:
    """Return the address of an original on the files host, good for a minute; whoever asks was allowed to before."""
    token = responses.link_token(stored_id)
    return f"{settings.FILES_URL}{reverse('file', args=[token], urlconf='motcua.config.urls_files')}"


def original(request: HttpRequest, token: str) -> FileResponse:
    """Files host: hand out the original of a signed link while it is young."""
    try:
        file_id = responses.linked(token)
    except (signing.BadSignature, ValueError):
        raise NotFound(_("Đường dẫn tệp đã hết hạn. Mở lại từ trang hồ sơ.")) from None
    return responses.download(stored_files.get(file_id))


def _file(request: HttpRequest, code: str, file_id: UUID) -> tuple[Dossier, DossierFile]:
    dossier = queries.get_for(actor_of(request), code)
    row = queries.file_of(dossier, file_id)
    if row is None:
        raise NotFound(_("Hồ sơ này không có tệp như vậy."))
    return dossier, row
