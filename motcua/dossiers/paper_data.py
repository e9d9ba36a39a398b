"""From a dossier to the data of its papers, and from stored data back. Reads only."""

import dataclasses
import json
import types
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.conf import settings
from django.utils import timezone

from motcua.agencies.models import Point
from motcua.agencies.queries import NoneThen, front_of, name_of, parent_of
from motcua.applicants.models import Applicant
from motcua.base.printing import data
from motcua.dossiers import clock, fees, paper_words, route, words
from motcua.dossiers.models import Dossier, DossierDocument, Pause
from motcua.lib.actor import Actor
from motcua.lib.due_terms import Line, LineKind
from motcua.lib.prepared import Prepared
from motcua.procedures.queries import forms_of_law
from motcua.workflow import units
from motcua.workflow.queries import definition_of

PAPERS: dict[str, type[Any]] = {
    kind.form: kind
    for kind in (
        data.AppointmentSlip,
        data.SupplementRequest,
        data.Refusal,
        data.Apology,
        data.StopNotice,
        data.ControlSheet,
        data.ReturnReceipt,
    )
}


# ── Stored form


def to_text(paper: data.Paper) -> str:
    """Write a paper as JSON text; instants as ISO with offset."""

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return value.isoformat()
        if dataclasses.is_dataclass(value):
            return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        raise TypeError(type(value).__name__)

    return json.dumps(paper, default=plain, ensure_ascii=False)


def from_text(form: str, text: str) -> Any:
    """Read a stored paper back into its dataclass."""
    return _build(PAPERS[form], json.loads(text))


def _build(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build(next(part for part in get_args(kind) if part is not type(None)), value)
    if origin is tuple:
        return tuple(_build(get_args(kind)[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _build(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    return value


def with_family(paper: Any, procedure_id: int, at: datetime) -> Any:
    """Return a paper that is about to be issued with the family of forms that was named for its procedure, if any."""
    family = forms_of_law.family_on(procedure_id, timezone.localdate(at)) if hasattr(paper, "family") else ""
    return dataclasses.replace(paper, family=family) if family else paper


# ── Parts

_POINT: Prepared[Point] = Prepared(
    lambda point: Point.objects.select_related("shop").filter(pk=point), point=int
)


def letterhead(dossier: Dossier, at: datetime, *, agency_id: int | None = None) -> data.Letterhead:
    """Return who issues: the home agency's centre by default, or who stands for it, under the names of that day."""
    day = timezone.localdate(at)
    agency = agency_id or dossier.home_agency_id
    at_home = agency == dossier.home_agency_id
    try:
        name = name_of(agency, day)
    except NoneThen:  # it has closed since
        agency = front_of(agency, day)
        name = name_of(agency, day)
    place = name.removeprefix("UBND ").removeprefix("Ủy ban nhân dân ")
    point = _POINT.first(point=dossier.received_point_id) if dossier.received_point_id and at_home else None
    if point is not None:
        return data.Letterhead(parent=name, office=point.shop.name, place=place, phone=point.phone)
    return _plain_head(agency, name, day)


def letterhead_of(agency_id: int, at: datetime) -> data.Letterhead:
    """Return the letterhead of an agency itself, for examples."""
    day = timezone.localdate(at)
    return _plain_head(agency_id, name_of(agency_id, day), day)


def _plain_head(agency: int, name: str, day: date) -> data.Letterhead:
    parent = parent_of(agency, day)
    place = name.removeprefix("UBND ").removeprefix("Ủy ban nhân dân ")
    return data.Letterhead(parent=parent.name if parent else "", office=name, place=place)


def party(applicant: Applicant, dossier: Dossier) -> data.Party:
    """Return one person of a dossier as printed.

    The dossier's contact phone and e-mail are those of whoever handed it in, and nobody else's.
    """
    who = applicant.party
    own = applicant.pk == dossier.submitter_id
    reached = {
        "name": applicant.name,
        "address": applicant.address,
        "phone": (dossier.contact_phone if own else "") or who.phone or "",
        "email": (dossier.contact_email if own else "") or who.email or "",
    }
    if applicant.organization is not None:
        number = applicant.organization.tax_code or ""
        return data.Party(kind="Tổ chức", paper_kind="Mã số thuế", paper_number=number, **reached)
    person = applicant.person
    assert person is not None  # held by the database
    return data.Party(
        paper_kind="Số căn cước" if person.personal_id else "Số hộ chiếu",
        paper_number=person.personal_id or person.passport_number or "",
        **reached,
    )


def signer(actor: Actor) -> data.Signer:
    """Return who signs for the office: the officer whose act it is; nobody's name where no officer acted."""
    if actor.kind != "officer":
        return data.Signer(name="")
    return data.Signer(name=actor.name, capacity=actor.title)


def paper_lines(
    dossier: Dossier, documents: Iterable[DossierDocument] | None = None
) -> tuple[data.PaperLine, ...]:
    """Return the papers of a dossier, from `documents` where the caller holds them."""
    return tuple(
        data.PaperLine(
            name=row.name,
            originals=row.originals,
            certified=row.certified,
            copies=row.plain_copies,
            shown=row.shown_only,
            note=row.note,
        )
        for row in (dossier.documents.order_by("position") if documents is None else documents)
    )


def tracking_url(dossier: Dossier, form: str = "", number: str = "") -> str:
    """The address in the QR: the token stands in the fragment, which no server log ever sees.

    The mark of the paper follows it, so that whoever scans a paper learns whether that very one still holds. A dossier
    inside another has no page of its own.
    """
    if dossier.parent_id is not None:
        return ""
    mark = paper_words.mark_of(form, number)
    return f"{settings.PUBLIC_URL}/tra-cuu#{dossier.token}{f'.{mark}' if mark else ''}"


def stations(dossier: Dossier) -> tuple[data.Station, ...]:
    """The route as planned: the steps of the straight way through the workflow."""
    return tuple(
        data.Station(
            unit=units.name_of(step.unit) if step.unit else "",
            step=step.name,
            limit=step.hours.words() if step.hours else "",
        )
        for step in route.main_way(definition_of(dossier.workflow_version_id))
    )


def procedure_url(dossier: Dossier) -> str:
    """Return where the rules of a dossier's procedure stand."""
    return f"{settings.PUBLIC_URL}/thu-tuc/{dossier.procedure_version.procedure.code}"


def return_place(dossier: Dossier, head: data.Letterhead) -> str:
    if dossier.result_channel == words.ResultChannel.POST:
        return f"Qua bưu chính: {dossier.return_address}"
    if dossier.result_channel == words.ResultChannel.ELECTRONIC:
        return f"Bản điện tử, tải về ở {settings.PUBLIC_URL.partition('://')[2]} sau khi đăng nhập, mục “Hồ sơ của tôi”"
    if dossier.competent_agency_id != dossier.home_agency_id and head.parent:
        return f"{head.office}, {head.parent}"
    return head.office


def decided_by(dossier: Dossier, at: datetime) -> str:
    """Who decides, where that is not the agency that receives: the slip says both."""
    if dossier.competent_agency_id == dossier.home_agency_id:
        return ""
    try:
        return name_of(dossier.competent_agency_id, timezone.localdate(at))
    except NoneThen:
        return dossier.competent_agency.name


def post_slip(dossier: Dossier) -> str:
    """What the slip of the post says, as far as it was given."""
    day = f"ngày {dossier.posted_on:%d/%m/%Y}" if dossier.posted_on else ""
    return ", ".join(part for part in (dossier.post_sender, day) if part)


def limit_words(dossier: Dossier) -> str:
    limit = clock.limit_of(dossier)
    return limit.words() if limit else "Không quy định ngày hẹn trả"


# ── Whole papers


def common(dossier: Dossier, at: datetime, number: str, *, agency_id: int | None = None) -> dict[str, Any]:
    """Return what every paper of a dossier begins with."""
    procedure = dossier.procedure_version.procedure
    return {
        "letterhead": letterhead(dossier, at, agency_id=agency_id),
        "issued_at": at,
        "number": number,
        "code": dossier.code,
        "procedure_code": procedure.code,
        "procedure_name": procedure.name,
    }


def request(dossier: Dossier) -> str:
    return "" if dossier.summary == dossier.procedure_version.procedure.name else dossier.summary


def appointment_slip(
    dossier: Dossier, *, actor: Actor, at: datetime, number: str,
    documents: Iterable[DossierDocument] | None = None, pauses: Sequence[Pause] = (),
    receiver: data.Signer | None = None,
) -> data.AppointmentSlip:  # fmt: skip
    """Return Mẫu số 01. `pauses` are those of a dossier that has had some: they explain the new date.

    `receiver` is who received it, where the slip is not made by their own act.

    Once a financial obligation is met the slip carries the second phase (giai đoạn 2): since when, and until when.
    """
    shared = common(dossier, at, number)
    money = [one.ended_at for one in pauses if one.kind == Pause.MONEY and one.ended_at]
    told = None
    if dossier.supplement_count or money:
        told = clock.tell(dossier, pauses, clock.extension_of(dossier))
    return data.AppointmentSlip(
        **shared,
        secret=dossier.secret or "",
        tracking_url=tracking_url(dossier, data.AppointmentSlip.form, number),
        lookup_url=f"{settings.PUBLIC_URL}/tra-cuu",
        channel=dossier.channel,  # type: ignore[arg-type]
        post_slip=post_slip(dossier),
        submitter=party(dossier.submitter, dossier),
        applicant=None if dossier.submitter_id == dossier.applicant_id else party(dossier.applicant, dossier),
        request=request(dossier),
        papers=paper_lines(dossier, documents),
        sets=dossier.copies,
        time_limit=limit_words(dossier),
        received_at=dossier.accepted_at or at,
        due_at=dossier.due_at,
        due_explanation=_why_then(told.lines) if told else "",
        second_received_at=max(money) if money else None,
        second_due_at=dossier.due_at if money else None,
        return_place=return_place(dossier, shared["letterhead"]),
        fetched=dossier.result_channel == words.ResultChannel.COUNTER,
        decided_by=decided_by(dossier, at),
        fees=_fees(dossier, at),
        register_book=dossier.book,
        register_number=str(dossier.book_number or ""),
        stations=stations(dossier),
        receiver=receiver or signer(actor),
    )


def _why_then(lines: Sequence[Line]) -> str:
    """Return what moved the date, the latest two stops; the date itself stands before it."""
    moved = [str(one.text) for one in lines if one.kind in {LineKind.PAUSED, LineKind.RESTART}]
    said = "; ".join(moved[-2:])
    return said[:1].upper() + said[1:]


def _fees(dossier: Dossier, at: datetime) -> tuple[data.FeeLine, ...]:
    """Return the fees as they stood on the day the dossier was accepted."""
    return fees.lines(
        dossier.variant,
        dossier.channel,
        agency_id=dossier.competent_agency_id,
        procedure_id=dossier.procedure_version.procedure_id,
        day=timezone.localdate(dossier.accepted_at or at),
        exemption=dossier.fee_exemption,
    )


def numbered(slip: data.AppointmentSlip, dossier: Dossier, number: str) -> data.AppointmentSlip:
    """Return a slip that was made before its dossier had numbers, with all of them in place."""
    return dataclasses.replace(
        slip,
        number=number,
        code=dossier.code,
        secret=dossier.secret or "",
        tracking_url=tracking_url(dossier, data.AppointmentSlip.form, number),
        register_book=dossier.book,
        register_number=str(dossier.book_number or ""),
    )


def supplement_request(
    dossier: Dossier, *, actor: Actor, at: datetime, number: str, items: list[dict[str, str]],
    round_number: int, respond_by: datetime | None, on_expiry: str,
) -> data.SupplementRequest:  # fmt: skip
    shared = common(dossier, at, number)
    return data.SupplementRequest(
        **shared,
        tracking_url=tracking_url(dossier, data.SupplementRequest.form, number),
        submitter=party(dossier.submitter, dossier),
        request=request(dossier),
        items=tuple(data.PaperLine(name=item["name"], note=item["reason"]) for item in items),
        reason=_why_asked(items),
        round=round_number,
        respond_by=respond_by,
        on_expiry=on_expiry,
        due_effect="Thời gian chờ bổ sung không tính vào thời hạn giải quyết." if dossier.accepted_at else "",
        lookup_url=procedure_url(dossier),
        officer=signer(actor),
        officer_phone=shared["letterhead"].phone,
    )


def _why_asked(items: list[dict[str, str]]) -> str:
    """Return why papers are asked for; where each says its own reason, they are not said twice."""
    reasons = [item["reason"] for item in items if item["reason"]]
    return "ghi cạnh từng giấy tờ" if len(reasons) == len(items) else "; ".join(reasons)


def refusal(
    dossier: Dossier, *, actor: Actor, at: datetime, number: str, reason: str, where_to_turn: str
) -> data.Refusal:
    return data.Refusal(
        **common(dossier, at, number),
        tracking_url=tracking_url(dossier, data.Refusal.form, number),
        submitted_at=dossier.submitted_at,
        channel=dossier.channel,  # type: ignore[arg-type]
        submitter=party(dossier.submitter, dossier),
        request=request(dossier),
        reason=reason,
        where_to_turn=where_to_turn,
        lookup_url=procedure_url(dossier),
        refuser=signer(actor),
    )


def apology(
    dossier: Dossier, *, actor: Actor, at: datetime, number: str, before: datetime, reason: str
) -> data.Apology:
    assert dossier.due_at is not None
    assert dossier.accepted_at is not None
    return data.Apology(
        **common(dossier, at, number, agency_id=dossier.competent_agency_id),
        tracking_url=tracking_url(dossier, data.Apology.form, number),
        submitter=party(dossier.submitter, dossier),
        sector=str(dossier.procedure_version.procedure.sector),
        request=request(dossier),
        received_at=dossier.accepted_at,
        due_at=before,
        new_due_at=dossier.due_at,
        responsible_unit=dossier.owner_unit.name,
        reason=reason,
        recipients=(dossier.applicant_name,),
        signer=signer(actor),
    )


def stop_notice(dossier: Dossier, *, actor: Actor, at: datetime, number: str, reason: str) -> data.StopNotice:
    return data.StopNotice(
        **common(dossier, at, number),
        tracking_url=tracking_url(dossier, data.StopNotice.form, number),
        submitter=party(dossier.submitter, dossier),
        request=request(dossier),
        received_at=dossier.accepted_at or dossier.submitted_at,
        accepted=dossier.accepted_at is not None,
        asked_at=at,
        reason=reason,
        returned_papers=tuple(line for line in paper_lines(dossier) if line.originals),
        signer=signer(actor),
    )


def return_receipt(dossier: Dossier, *, actor: Actor, at: datetime, number: str) -> data.ReturnReceipt:
    result = dossier.result
    electronic = result.returned_channel == words.ResultChannel.ELECTRONIC
    return data.ReturnReceipt(
        **common(dossier, at, number),
        tracking_url=tracking_url(dossier, data.ReturnReceipt.form, number),
        applicant=party(dossier.applicant, dossier),
        receiver=data.Party(
            name=result.returned_to, paper_kind=result.returned_paper or "Giấy tờ", paper_number=""
        ),
        result_kind=str(words.ResultKind(result.kind).label),
        result_number=result.number,
        result_abstract=result.name,
        result_originals=0 if electronic else 1,
        electronic=electronic,
        returned_at=at,
        due_at=dossier.due_at,
        returner=signer(actor),
    )


def joint_slip(
    dossiers: Iterable[Dossier], slips: dict[Any, str], *, actor: Actor, at: datetime
) -> data.JointSlip:
    """Return one paper for several dossiers of one submitter; `slips` are the numbers of their own slips."""
    rows = list(dossiers)
    first = rows[0]
    return data.JointSlip(
        letterhead=letterhead(first, at),
        issued_at=at,
        submitter=party(first.submitter, first),
        rows=tuple(
            data.JointRow(
                code=one.code,
                slip_number=slips.get(one.pk, ""),
                procedure_name=one.procedure_version.procedure.name,
                request=request(one),
                applicant="" if one.applicant_id == one.submitter_id else one.applicant_name,
                sets=one.copies,
                received_at=one.accepted_at or one.submitted_at,
                due_at=one.due_at,
                secret=one.secret or "",
                tracking_url=tracking_url(one, data.AppointmentSlip.form, slips.get(one.pk, "")),
            )
            for one in rows
        ),
        lookup_url=f"{settings.PUBLIC_URL}/tra-cuu",
        receiver=signer(actor),
    )
