"""“Giấy tờ của tôi”: what somebody who signed in has in the vault, page by page, and who looked into it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.queries import NoneThen, name_of
from motcua.applicants import queries, vault
from motcua.applicants.models import Applicant, VaultHow, VaultPaper, VaultProof
from motcua.applicants.operations import vault as operations
from motcua.base.files import operations as files
from motcua.base.files import responses
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.ui.components import Crumb


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List the papers of the applicant this session acts for: usable ones first, then what expired or was replaced."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    applicant = _applicant(actor)
    if applicant is None:
        return render(request, "applicants/vault.html", {"applicant": None, "crumbs": _crumbs()})
    papers = vault.papers_of(applicant.pk)
    on = vault.today()
    rows = [(one, vault.why_not(one, on)) for one in papers]
    operations.note(
        applicant_id=applicant.pk,
        papers=[one.pk for one in papers],
        how=VaultHow.LIST,
        actor=actor,
        at=timezone.now(),
    )
    looks = [
        (one, _agency(one.agency_id, timezone.localdate(one.at))) for one in vault.looks_of(applicant.pk)
    ]
    context = {
        "applicant": applicant,
        "good": [one for one, why in rows if not why],
        "other": [(one, why) for one, why in rows if why],
        "looks": looks,
        "crumbs": _crumbs(),
    }
    return render(request, "applicants/vault.html", context)


@require_GET
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Show one paper: what is known of it, and its pages as pictures."""
    found = _mine(request, paper_id, VaultHow.LOOK)
    pages = [
        (one, number)
        for one in found.held  # type: ignore[attr-defined]
        for number in range(1, min(one.stored.pages, 20) + 1)
    ]
    context = {
        "paper": found,
        "why_not": vault.why_not(found, vault.today()),
        "proof": proof_of(found),
        "pages": pages,
        "agency": _agency(found.agency_id, found.handed_in_on),
        "crumbs": [*_crumbs(link=True), Crumb(found.name)],
    }
    return render(request, "applicants/vault_paper.html", context)


@require_GET
def picture(request: HttpRequest, paper_id: UUID, place: int, number: int) -> FileResponse:
    """Return one page as a picture drawn by us."""
    found = _mine(request, paper_id, None)
    return responses.picture(files.preview(file_id=_file(found, place), page=number))


@require_POST
def download(request: HttpRequest, paper_id: UUID, place: int) -> HttpResponse:
    """Send the owner to the files host with a link of their own to the original."""
    found = _mine(request, paper_id, VaultHow.DOWNLOAD)
    token = responses.link_token(_file(found, place))
    return redirect(
        f"{settings.FILES_URL}{reverse('file', args=[token], urlconf='motcua.config.urls_files')}"
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """What a certified or signed paper counts as, in words: kind of notice, title, text."""

    kind: str
    title: str
    text: str


def proof_of(paper: VaultPaper) -> Proof | None:
    """Say what is known of a certificate and of signatures, and what is not; None of a paper without either."""
    if not paper.proof:
        return None
    if paper.proof == VaultProof.BOOK:
        text = (
            _("Cơ quan chứng thực đã đưa bản này vào kho và ghi vào sổ chứng thực. Tệp có chữ ký số đã xác minh.")
            if paper.signed_by
            else _("Cơ quan chứng thực đã đưa bản này vào kho và ghi vào sổ chứng thực. Tệp là bản quét bản giấy có "
                   "dấu, không có chữ ký số.")
        )  # fmt: skip
        return Proof("good", paper.source_words, text)
    if paper.proof == VaultProof.SIGNED:
        return Proof(
            "good", _("Bản sao điện tử có chứng thực"),
            _("Tệp còn nguyên như lúc ký; chứng thư của người ký nằm trong danh sách tin cậy."),
        )  # fmt: skip
    why = {
        VaultProof.UNKNOWN: _("nơi cấp chứng thư cho người ký chưa có trong danh sách tin cậy"),
        VaultProof.LAPSED: _("chứng thư của người ký không còn hạn, và không có dấu thời gian cho biết lúc ký còn hạn"),
        VaultProof.REVOKED: _("chứng thư của người ký đã bị thu hồi"),
    }  # fmt: skip
    return Proof(
        "wait", _("Chưa phải bản có chứng thực"),
        _("Tệp còn nguyên như lúc ký, nhưng %(why)s. Giấy được giữ như giấy tờ anh/chị tự gửi; cơ quan có thể yêu cầu "
          "xem bản chính.") % {"why": why[VaultProof(paper.proof)]},
    )  # fmt: skip


def _applicant(actor: Actor) -> Applicant | None:
    return queries.get(actor.for_applicant) if actor.for_applicant else None


def _mine(request: HttpRequest, paper_id: UUID, how: VaultHow | None) -> VaultPaper:
    """Return a paper of the applicant this session acts for, and note the look; somebody else's is not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.for_applicant is None:
        raise NotFound(_("Không có giấy tờ này trong kho."))
    found = vault.paper_of(actor.for_applicant, paper_id)
    if how is not None:
        operations.note(
            applicant_id=actor.for_applicant, papers=[found.pk], how=how, actor=actor, at=timezone.now()
        )
    return found


def _file(found: VaultPaper, place: int) -> UUID:
    for one in found.held:  # type: ignore[attr-defined]
        if one.position == place:
            stored: UUID = one.stored_id
            return stored
    raise NotFound(_("Không có tệp này."))


def _agency(agency_id: int, on: object) -> str:
    try:
        return name_of(agency_id, on) if agency_id else ""  # type: ignore[arg-type]
    except NoneThen:
        return ""


def _crumbs(*, link: bool = False) -> list[Crumb]:
    here = Crumb(_("Giấy tờ của tôi"), reverse("vault") if link else "")
    return [Crumb(_("Tài khoản của tôi"), "/tai-khoan/"), here]
