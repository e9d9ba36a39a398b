"""Send a dossier, follow it, answer, take back, fetch what came of it."""

import base64
import binascii
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Status
from ninja.params.functions import Query

from motcua.applicants.operations import OrganizationFacts, PersonFacts
from motcua.base.files import queries as stored_files
from motcua.base.files.responses import download
from motcua.base.files.uploads import uploaded
from motcua.base.printing.responses import pdf
from motcua.dossiers import clock, due_facts, paper_words, words
from motcua.dossiers import queries as of_dossiers
from motcua.dossiers.models import Dossier, DossierFile
from motcua.dossiers.operations.access import note_reading
from motcua.dossiers.paper_pdf import pdf_of
from motcua.exchange import queries
from motcua.exchange.events import EVENTS, PREFIX
from motcua.exchange.models import Scope
from motcua.exchange.operations import incoming
from motcua.exchange.rest import schemas
from motcua.exchange.rest.api import api
from motcua.exchange.rest.door import BadRequest, Token, actor_of, entered_of, in_transaction, key_of
from motcua.lib.refusal import Refusal

_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}  # fmt: skip


@api.post(
    "uploads",
    response={201: schemas.UploadOut},
    auth=Token(Scope.SUBMIT, Scope.SUPPLEMENT),
    operation_id="upload",
    url_name="exchange-uploads",
    summary="Send a file, before the dossier that names it",
    openapi_extra={"requestBody": _UPLOAD},
)
@in_transaction
def upload(request: HttpRequest) -> Status[dict[str, Any]]:
    """PDF, JPEG, PNG or HEIC up to 50 MB, told by content. Used once; forgotten after a day without a dossier."""
    if request.content_type != "multipart/form-data":
        raise BadRequest(
            _("Gửi dạng multipart/form-data, tệp ở mục “file”."), code="unsupported_media_type", status=415
        )
    file = uploaded(request, "file")
    made = incoming.keep_upload(
        client=entered_of(request).client, stream=cast(BinaryIO, file), filename=file.name or "tep",
        actor=actor_of(request), at=timezone.now(),
    )  # fmt: skip
    kept = made.stored
    return Status(201, {
        "id": made.pk, "name": kept.original_name, "size": kept.size, "pages": kept.pages, "kind": kept.kind,
        "sha256": kept.sha256,
    })  # fmt: skip


@api.post(
    "dossiers",
    response={200: schemas.SubmittedOut, 201: schemas.SubmittedOut},
    auth=Token(Scope.SUBMIT),
    operation_id="submit",
    url_name="exchange-dossiers",
    summary="Submit a dossier",
)
@in_transaction
def submit(request: HttpRequest, body: schemas.SubmissionIn) -> Status[dict[str, Any]]:
    """201: registered now. 200: the same request was carried out before; this is the dossier as it stands."""
    dossier, made = incoming.take_in(
        client=entered_of(request).client, sent=_sent(body), actor=actor_of(request), at=timezone.now(),
        key=key_of(request),
    )  # fmt: skip
    found = queries.dossier_for(actor_of(request), entered_of(request).client, dossier.code)
    receipt = {
        "code": found.code,
        "secret": found.secret or "",
        "url": f"{settings.PUBLIC_URL}{reverse('track', urlconf='motcua.config.urls_public')}#{found.token}",
    }
    return Status(201 if made else 200, {**whole(found), "receipt": receipt})


def _sent(body: schemas.SubmissionIn) -> incoming.Sent:
    applicant = body.applicant
    return incoming.Sent(
        procedure=body.procedure, agency=body.agency, channel=body.channel, case_id=body.case,
        applicant=_person(applicant) if isinstance(applicant, schemas.PersonIn) else _organization(applicant),
        submitter=_person(body.submitter) if body.submitter else None, represents=body.represents,
        authority=body.authority, papers=tuple(_paper(one) for one in body.papers),
        pressed_by=body.pressed_by.kind, pressed_name=body.pressed_by.name, pressed_at=body.pressed_by.at,
        external_code=body.external_code, result_channel=body.result_channel, return_address=body.return_address,
        contact_phone=body.contact_phone, contact_email=body.contact_email, summary=body.summary,
        copies=body.copies, post_sender=body.post_sender, posted_on=body.posted_on,
    )  # fmt: skip


def _person(one: schemas.PersonIn) -> PersonFacts:
    return PersonFacts(
        full_name=one.full_name, personal_id=one.personal_id, passport_number=one.passport_number,
        passport_country=one.passport_country, no_paper_reason=one.no_paper_reason, birth_date=one.birth_date,
        sex=one.sex, phone=one.phone, email=one.email, address=one.address, nationality=one.nationality,
    )  # fmt: skip


def _organization(one: schemas.OrganizationIn) -> OrganizationFacts:
    return OrganizationFacts(
        name=one.name, tax_code=one.tax_code, no_tax_code_reason=one.no_tax_code_reason,
        legal_representative=one.legal_representative, phone=one.phone, email=one.email, address=one.address,
    )  # fmt: skip


def _paper(one: schemas.PaperSent) -> incoming.SentPaper:
    return incoming.SentPaper(**_parts(one))


def _supplied(one: schemas.PaperSupplied) -> incoming.SuppliedPaper:
    return incoming.SuppliedPaper(**_parts(one), item=one.item)


def _parts(one: schemas.PaperSent) -> dict[str, Any]:
    return {
        "name": one.name, "required_id": one.required, "uploads": tuple(one.uploads), "originals": one.originals,
        "certified": one.certified, "plain_copies": one.plain_copies, "note": one.note,
    }  # fmt: skip


@api.get(
    "dossiers",
    response=schemas.DossierPage,
    auth=Token(Scope.READ),
    operation_id="list_dossiers",
    url_name="exchange-dossiers",
    summary="List dossiers",
)
@in_transaction
def list_dossiers(
    request: HttpRequest,
    submitted_from: schemas.Moment | None = None,
    status: int | None = Query(None, ge=1, le=10),
    cursor: str = Query("", max_length=120),
    limit: int = Query(50, ge=1, le=100),
) -> dict[str, Any]:
    """All you may see, the oldest first. To stay current afterwards, read `changes`."""
    found = queries.page_of_dossiers(
        actor_of(request), entered_of(request).client, since=submitted_from, status=status, after=_after(cursor),
        size=limit,
    )  # fmt: skip
    more = len(found) > limit
    return {
        "items": [line(one) for one in found[:limit]],
        "next": _cursor(found[limit - 1]) if more else None,
    }


def _cursor(dossier: Dossier) -> str:
    return base64.urlsafe_b64encode(f"{dossier.submitted_at.isoformat()}|{dossier.pk}".encode()).decode()


def _after(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    try:
        moment, _bar, number = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().partition("|")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError
        return at, UUID(number)
    except (ValueError, binascii.Error, OverflowError):
        raise Refusal(
            _("Dấu trang này không phải của danh sách."), code="bad_cursor", field="cursor"
        ) from None


@api.get(
    "dossiers/{code}",
    response=schemas.DossierOut,
    auth=Token(Scope.READ),
    operation_id="dossier",
    url_name="exchange-dossier",
    summary="One dossier as it stands",
)
@in_transaction
def one_dossier(request: HttpRequest, code: str) -> dict[str, Any]:
    """State, dates, what is asked for, the result."""
    return whole(_read(request, code))


def _read(request: HttpRequest, code: str) -> Dossier:
    """Return the dossier; that it was read stands in the list the applicant sees."""
    client = entered_of(request).client
    dossier = queries.dossier_for(actor_of(request), client, code)
    with override("vi"):  # the applicant reads it
        why = _("Xem hồ sơ cho %(name)s (%(owner)s)") % {"name": client.name, "owner": client.owner}
    note_reading(dossier=dossier, actor=actor_of(request), at=timezone.now(), reason=why, daily=True)
    return dossier


def line(one: Dossier) -> dict[str, Any]:
    """Return what a list says of a dossier."""
    return {
        "code": one.code, "procedure": one.procedure_version.procedure.code or "", "status": one.status,
        "sub_status": one.sub_status, "status_words": str(words.LEGAL.get((one.status, one.sub_status), "")),
        "channel": one.channel, "agency": one.competent_agency.name, "submitted_at": one.submitted_at,
        "accepted_at": one.accepted_at, "due_at": one.due_at, "finished_at": one.finished_at,
        "returned_at": one.returned_at,
    }  # fmt: skip


def whole(one: Dossier) -> dict[str, Any]:
    """Return everything the interface says of a dossier."""
    asked, result = queries.asked_of(one), queries.result_of(one)
    return {
        **line(one),
        "procedure_name": one.procedure_version.procedure.name,
        "applicant_name": one.applicant_name,
        "unit": one.owner_unit.name,
        "original_due_at": one.original_due_at,
        "answer_due_at": one.answer_due_at,
        "external_codes": queries.codes_of(one),
        "supplement": asked and {
            "number": asked.number, "asked_at": asked.asked_at, "answer_by": asked.answer_by,
            "items": [{"item": n, **one} for n, one in enumerate(asked.items, 1)],
        },
        "result": result and {
            "kind": result.kind, "name": result.name, "number": result.number, "issued_at": result.issued_at,
            "returned_at": result.returned_at,
        },
    }  # fmt: skip


@api.get(
    "dossiers/{code}/timeline",
    response=schemas.TimelineOut,
    auth=Token(Scope.READ),
    operation_id="timeline",
    url_name="exchange-timeline",
    summary="What happened to a dossier",
)
@in_transaction
def timeline(request: HttpRequest, code: str) -> dict[str, Any]:
    """Every act that moved it; no officer is named."""
    dossier = _read(request, code)
    return {
        "items": [
            {
                "verb": one.verb, "words": str(words.ACTIONS.get(one.verb, one.verb)), "at": one.at,
                "status": one.payload["status"][1], "sub_status": one.payload["sub_status"][1],
            }
            for one in of_dossiers.whole_history(dossier)
            if f"{PREFIX}{one.verb}" in EVENTS and "status" in one.payload
        ]
    }  # fmt: skip


@api.get(
    "dossiers/{code}/due",
    response=schemas.DueOut,
    auth=Token(Scope.READ),
    operation_id="due",
    url_name="exchange-due",
    summary="Why a dossier is due when it is",
)
@in_transaction
def due(request: HttpRequest, code: str) -> dict[str, Any]:
    """The reckoning step by step, each with its legal source."""
    dossier = _read(request, code)
    facts = due_facts.explain(dossier, clock.pauses_of(dossier), now=timezone.now())
    return {
        "limit": facts.limit, "calendar": facts.calendar, "received_at": facts.received,
        "original_due_at": facts.original, "due_at": facts.due, "extended_due_at": facts.extended,
        "apology": facts.apology, "paused_at": facts.paused_at, "due_at_if_resumed_now": facts.if_resumed,
        "time_left": facts.left, "late": facts.late, "warnings": list(facts.warnings),
        "lines": [one.as_dict() for one in facts.lines],
    }  # fmt: skip


@api.post(
    "dossiers/{code}/supplement",
    response=schemas.DossierOut,
    auth=Token(Scope.SUPPLEMENT),
    operation_id="answer_supplement",
    url_name="exchange-supplement",
    summary="Answer the request for what is missing",
)
@in_transaction
def answer(request: HttpRequest, code: str, body: schemas.SupplementIn) -> dict[str, Any]:
    """For a dossier you sent, while its status is 5; something for every line asked for. The clock goes on from now."""
    client = entered_of(request).client
    dossier = queries.dossier_for(actor_of(request), client, code, own=True)
    incoming.answer_supplement(
        client=client, dossier=dossier, papers=[_supplied(one) for one in body.papers], actor=actor_of(request),
        at=timezone.now(), key=key_of(request),
    )  # fmt: skip
    return whole(queries.dossier_for(actor_of(request), client, code))


@api.post(
    "dossiers/{code}/withdraw",
    response=schemas.DossierOut,
    auth=Token(Scope.SUBMIT),
    operation_id="withdraw",
    url_name="exchange-withdraw",
    summary="Take a dossier back on the applicant's request",
)
@in_transaction
def withdraw(request: HttpRequest, code: str, body: schemas.WithdrawalIn) -> dict[str, Any]:
    """For a dossier you sent, before there is a result."""
    client = entered_of(request).client
    dossier = queries.dossier_for(actor_of(request), client, code, own=True)
    incoming.withdraw(
        dossier=dossier, reason=body.reason, actor=actor_of(request), at=timezone.now(), key=key_of(request)
    )
    return whole(queries.dossier_for(actor_of(request), client, code))


@api.post(
    "dossiers/{code}/result/received",
    response=schemas.DossierOut,
    auth=Token(Scope.RESULTS),
    operation_id="result_received",
    url_name="exchange-result-received",
    summary="Say that the applicant has the electronic result",
)
@in_transaction
def received(request: HttpRequest, code: str, body: schemas.ReceivedIn) -> dict[str, Any]:
    """For a dossier you sent, status 9 with `result_channel` electronic: it is handed over and becomes 10."""
    client = entered_of(request).client
    dossier = queries.dossier_for(actor_of(request), client, code, own=True)
    incoming.result_received(
        dossier=dossier, received_by=body.received_by, received_at=body.received_at, actor=actor_of(request),
        at=timezone.now(), key=key_of(request),
    )  # fmt: skip
    return whole(queries.dossier_for(actor_of(request), client, code))


# ── Papers and files


@api.get(
    "dossiers/{code}/papers",
    response=schemas.IssuedListOut,
    auth=Token(Scope.RESULTS),
    operation_id="list_papers",
    url_name="exchange-papers",
    summary="Papers that were issued on a dossier",
)
@in_transaction
def list_papers(request: HttpRequest, code: str) -> dict[str, Any]:
    """Appointment slips, supplement requests, refusals, apologies, notices."""
    dossier = _read(request, code)
    return {
        "items": [
            {
                "id": one.pk, "form": one.form, "title": paper_words.title(one.form), "number": one.number,
                "issued_at": one.issued_at, "replaced": hasattr(one, "replaced_by"),
                "url": f"/api/v1/dossiers/{dossier.code}/papers/{one.pk}",
            }
            for one in queries.papers_of(dossier)
        ]
    }  # fmt: skip


@api.get(
    "dossiers/{code}/papers/{uuid:paper_id}",
    auth=Token(Scope.RESULTS),
    operation_id="paper",
    url_name="exchange-paper",
    summary="One issued paper as PDF",
)
def paper(request: HttpRequest, code: str, paper_id: UUID) -> HttpResponse:
    """Made anew from what was kept when it was issued."""
    row = _paper_of(request, code, paper_id)
    return pdf(pdf_of(row), f"{row.form}.pdf")


@in_transaction
def _paper_of(request: HttpRequest, code: str, paper_id: UUID) -> Any:
    return queries.paper_of(_read(request, code), paper_id)


@api.get(
    "dossiers/{code}/files",
    response=schemas.FilesOut,
    auth=Token(Scope.READ, Scope.RESULTS),
    operation_id="list_files",
    url_name="exchange-files",
    summary="Files of a dossier",
)
@in_transaction
def list_files(request: HttpRequest, code: str) -> dict[str, Any]:
    """What was handed in; with `results:read` also the signed result."""
    dossier = _read(request, code)
    return {
        "items": [
            _file(dossier, one) for one in queries.files_of(dossier, results=_may_read_results(request))
        ]
    }


def _may_read_results(request: HttpRequest) -> bool:
    return actor_of(request).has(Scope.RESULTS)


def _file(dossier: Dossier, one: DossierFile) -> dict[str, Any]:
    stored = one.stored
    return {
        "id": one.pk, "purpose": one.purpose, "paper": one.document.name if one.document else "",
        "name": stored.original_name, "size": stored.size, "media_type": stored_files.media_type(stored),
        "sha256": stored.sha256, "added_at": one.added_at,
        "url": f"/api/v1/dossiers/{dossier.code}/files/{one.pk}",
    }  # fmt: skip


@api.get(
    "dossiers/{code}/files/{uuid:file_id}",
    auth=Token(Scope.READ, Scope.RESULTS),
    operation_id="file",
    url_name="exchange-file",
    summary="The content of a file",
)
@in_transaction
def file(request: HttpRequest, code: str, file_id: UUID) -> HttpResponseBase:
    """As it was handed in; each reading is noted on the dossier."""
    dossier = _read(request, code)
    row = queries.file_of(dossier, file_id, results=_may_read_results(request))
    client = entered_of(request).client
    with override("vi"):  # the applicant reads it
        why = _("Lấy tệp cho %(name)s (%(owner)s)") % {"name": client.name, "owner": client.owner}
    note_reading(dossier=dossier, actor=actor_of(request), at=timezone.now(), reason=why)
    return download(row.stored)
