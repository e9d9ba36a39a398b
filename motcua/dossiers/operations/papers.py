"""Issue statutory papers: number them, keep their data. The PDF is made from it after the commit.

They are in Vietnamese whatever language the one reads whose act brings them.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.base.audit.operations import record
from motcua.base.numbering.operations import next_number
from motcua.base.printing import data
from motcua.dossiers import clock, paper_data, paper_texts, permissions, queries
from motcua.dossiers.models import Dossier, DossierDocument, Paper, SupplementRequest
from motcua.dossiers.operations.acts import Act
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound


def _number(act: Act, form: str) -> str:
    """The next number of this form in the home agency's year; the register itself counts dossiers."""
    kind, period = series(form, act.at)
    return worded(next_number(agency_id=act.dossier.home_agency_id, kind=kind, period=period), act.at)


def series(form: str, at: datetime) -> tuple[str, str]:
    """Return kind and period of the series that numbers this form."""
    return f"paper.{form}", str(timezone.localdate(at).year)


def worded(number: int, at: datetime) -> str:
    return f"{number:02d}/{timezone.localdate(at).year}"


def _keep(act: Act, number: str, paper: data.Paper) -> Paper:
    procedure = act.dossier.procedure_version.procedure
    scope = paper_texts.Scope(procedure.pk, procedure.sector_id)
    paper = paper_data.with_family(paper, procedure.pk, act.at)
    paper = paper_texts.with_passages(paper, _issuer(act.dossier, paper), act.at, scope)
    row = Paper(
        home_agency_id=act.dossier.home_agency_id,
        dossier=act.dossier,
        form=paper.form,
        number=number,
        data=paper_data.to_text(paper),
        issued_at=act.at,
        issued_by=act.actor.position_id,
    )
    writing.insert([row])
    return row


def _issuer(dossier: Dossier, paper: data.Paper) -> int:
    """Return whose words stand on a paper: an apology is the competent agency's letter."""
    return dossier.competent_agency_id if isinstance(paper, data.Apology) else dossier.home_agency_id


@override("vi")
def issue_slip(act: Act, *, again: bool = False) -> Paper:
    """Mẫu 01; `again` with a new date after a supplement or a met obligation. The old one stays on record."""
    number = _number(act, data.AppointmentSlip.form)
    pauses = clock.pauses_of(act.dossier) if again else []
    receiver = _receiver(act.dossier) if again and act.actor.kind != "officer" else None
    slip = paper_data.appointment_slip(
        act.dossier, actor=act.actor, at=act.at, number=number, pauses=pauses, receiver=receiver
    )
    return _keep(act, number, slip)


def _receiver(dossier: Dossier) -> data.Signer | None:
    """Return who signed the slip before: a new date that no officer's act brought is no reception by somebody else."""
    last = (
        Paper.objects.filter(dossier=dossier, form=data.AppointmentSlip.form)
        .order_by("-issued_at", "-id")
        .first()
    )
    if last is None:
        return None
    receiver: data.Signer = paper_data.from_text(last.form, last.data or "").receiver
    return receiver


@override("vi")
def planned_slip(act: Act, documents: Sequence[DossierDocument]) -> data.AppointmentSlip:
    """Mẫu 01 of a dossier that has no number yet: everything that has to be looked up is."""
    return paper_data.appointment_slip(
        act.dossier, actor=act.actor, at=act.at, number="", documents=documents
    )


@override("vi")
def issue_planned_slip(act: Act, slip: data.AppointmentSlip, number: int) -> Paper:
    """Keep a planned slip, now that the dossier has its numbers."""
    words = worded(number, act.at)
    return _keep(act, words, paper_data.numbered(slip, act.dossier, words))


@override("vi")
def issue_supplement_request(act: Act, request: SupplementRequest) -> Paper:
    """Mẫu 02."""
    number = _number(act, data.SupplementRequest.form)
    expiry = dict(SupplementRequest.EXPIRY_WORDS).get(request.on_expiry, "")
    paper = paper_data.supplement_request(
        act.dossier, actor=act.actor, at=act.at, number=number, items=request.items,
        round_number=request.number, respond_by=request.answer_by, on_expiry=str(expiry),
    )  # fmt: skip
    return _keep(act, number, paper)


@override("vi")
def issue_refusal(act: Act, *, reason: str, where_to_turn: str) -> Paper:
    """Mẫu 03."""
    number = _number(act, data.Refusal.form)
    paper = paper_data.refusal(
        act.dossier, actor=act.actor, at=act.at, number=number, reason=reason, where_to_turn=where_to_turn
    )
    return _keep(act, number, paper)


@override("vi")
def issue_apology(act: Act, *, before: datetime | None, reason: str) -> Paper:
    """Mẫu 04."""
    assert before is not None
    number = _number(act, data.Apology.form)
    paper = paper_data.apology(
        act.dossier, actor=act.actor, at=act.at, number=number, before=before, reason=reason
    )
    return _keep(act, number, paper)


@override("vi")
def issue_stop_notice(act: Act, *, reason: str) -> Paper:
    """Mẫu 05."""
    number = _number(act, data.StopNotice.form)
    paper = paper_data.stop_notice(act.dossier, actor=act.actor, at=act.at, number=number, reason=reason)
    return _keep(act, number, paper)


@override("vi")
def issue_return_receipt(act: Act) -> Paper:
    """Giấy biên nhận trả kết quả."""
    number = _number(act, data.ReturnReceipt.form)
    act.dossier.refresh_from_db(fields=["version"])
    return _keep(
        act, number, paper_data.return_receipt(act.dossier, actor=act.actor, at=act.at, number=number)
    )


@transaction.atomic
def reprint(*, paper_id: UUID, actor: Actor, at: datetime) -> Paper:
    """Count one more print of a paper; the print itself says which reprint it is."""
    paper = Paper.objects.select_related("dossier").filter(pk=paper_id).first()
    if paper is None:
        raise NotFound(_("Không tìm thấy giấy này."))
    permissions.require("reprint", permissions.Case(actor, paper.dossier))
    newer = Paper.objects.filter(replaces=paper).values_list("number", flat=True).first()
    if newer is not None:
        raise Conflict(
            _("Giấy này đã được thay bằng bản sửa số %(number)s. In bản sửa; bản cũ chỉ còn để xem.")
            % {"number": newer}
        )
    Paper.objects.filter(pk=paper.pk).update(reprints=F("reprints") + 1)
    paper.refresh_from_db(fields=["reprints"])
    record(
        actor=actor, verb="reprint", subject_kind=queries.SUBJECT, subject_id=paper.dossier_id, at=at,
        agency_id=paper.home_agency_id, payload={"paper": paper.pk, "form": paper.form, "reprint": paper.reprints},
    )  # fmt: skip
    return paper
