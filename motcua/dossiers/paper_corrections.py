"""What a corrected paper says: the paper as it was handed out, with the dossier as it stands now. Reads only.

Dates that were promised stay as they were printed. What only the paper itself says (a reason, where to turn) is given
by whoever corrects it.
"""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.printing import data
from motcua.dossiers import paper_data
from motcua.dossiers.models import Dossier, Paper
from motcua.lib.actor import Actor

#: The free texts of each form, with what their fields are called.
TEXTS: dict[str, tuple[str, ...]] = {
    "appointment_slip": (),
    "supplement_request": (),
    "refusal": ("reason", "legal_basis", "where_to_turn"),
    "apology": ("reason",),
    "stop_notice": ("reason", "asked_how", "refund_note"),
    "return_receipt": ("result_abstract", "authority_proof"),
}
_NO_DIFFERENCE = frozenset(
    {"issued_at", "number", "tracking_url", "corrects", "replaced", "reprint", "letterhead"}
)


def verb_of(row: Paper) -> str:
    """Return under which right a paper is corrected: an apology is a leader's letter."""
    return "correct_apology" if row.form == data.Apology.form else "correct_paper"


def label(name: str) -> str:
    """Return what a free text, or a part that may differ, is called on screen."""
    return {
        "reason": _("Lý do"), "legal_basis": _("Căn cứ"), "where_to_turn": _("Nơi nộp đúng"),
        "asked_how": _("Đề nghị bằng cách nào"), "refund_note": _("Về phí, lệ phí đã nộp"),
        "result_abstract": _("Trích yếu kết quả"), "authority_proof": _("Nhận thay theo"),
        "submitter": _("Người nộp"), "applicant": _("Chủ hồ sơ"), "request": _("Nội dung yêu cầu"),
        "papers": _("Thành phần hồ sơ"), "sets": _("Số bộ"), "return_place": _("Nơi nhận kết quả"),
        "items": _("Giấy tờ cần bổ sung"), "channel": _("Cách nộp"), "post_slip": _("Phiếu gửi của bưu chính"),
        "procedure_name": _("Tên thủ tục"), "recipients": _("Nơi nhận"), "returned_papers": _("Giấy tờ trả lại"),
        "secret": _("Mã tra cứu"),
    }.get(name, name)  # fmt: skip


def texts_of(paper: data.Paper) -> dict[str, str]:
    """Return the free texts of a paper as they were printed; of a request for papers, one for each paper."""
    if isinstance(paper, data.SupplementRequest):
        names = {f"name_{place}": line.name for place, line in enumerate(paper.items)}
        return names | {f"note_{place}": line.note for place, line in enumerate(paper.items)}
    return {name: str(getattr(paper, name)) for name in TEXTS[paper.form]}


def stored(row: Paper) -> Any:
    """Return the data of a paper that can be corrected."""
    return paper_data.from_text(row.form, row.data or "")


def corrected(
    old: Any, dossier: Dossier, *, texts: dict[str, str], actor: Actor, at: datetime, number: str,
    corrects: data.Correction,
) -> Any:  # fmt: skip
    """Return the paper anew, from the old one, the dossier as it stands and the texts given."""
    fresh: dict[str, Any] = {
        "letterhead": paper_data.letterhead(dossier, at), "issued_at": at, "number": number, "corrects": corrects,
        "reprint": 0, "procedure_name": dossier.procedure_version.procedure.name,
        "tracking_url": paper_data.tracking_url(dossier, old.form, number),
    }  # fmt: skip
    fresh |= _people(old, dossier)
    if isinstance(old, data.AppointmentSlip):
        fresh |= {
            "papers": paper_data.paper_lines(dossier), "sets": dossier.copies, "channel": dossier.channel,
            "post_slip": paper_data.post_slip(dossier),
            "return_place": paper_data.return_place(dossier, fresh["letterhead"]),
        }  # fmt: skip
    if isinstance(old, data.Apology):
        fresh |= {"recipients": (dossier.applicant_name,)}
        fresh["letterhead"] = paper_data.letterhead(dossier, at, agency_id=dossier.competent_agency_id)
    if isinstance(old, data.SupplementRequest):
        items = tuple(
            dataclasses.replace(line, name=texts[f"name_{place}"], note=texts[f"note_{place}"])
            for place, line in enumerate(old.items)
        )
        fresh |= {"items": items, "reason": "; ".join(line.note for line in items)}
    else:
        fresh |= {name: texts[name] for name in TEXTS[old.form]}
    fresh |= {name: paper_data.signer(actor) for name in _SIGNERS if hasattr(old, name)}
    return dataclasses.replace(old, **fresh)


_SIGNERS = ("receiver", "officer", "refuser", "signer", "returner")


def _people(old: Any, dossier: Dossier) -> dict[str, Any]:
    """Return the people and the request as they stand now, of those that the form names."""
    own = dossier.submitter_id == dossier.applicant_id
    if isinstance(old, data.ReturnReceipt):
        return {"applicant": paper_data.party(dossier.applicant, dossier)}
    people: dict[str, Any] = {
        "submitter": _named(paper_data.party(dossier.submitter, dossier), dossier if own else None),
        "request": paper_data.request(dossier),
    }
    if isinstance(old, data.AppointmentSlip):
        other = _named(paper_data.party(dossier.applicant, dossier), dossier)
        people["applicant"] = None if own else other
    return people


def _named(party: data.Party, dossier: Dossier | None) -> data.Party:
    """Return a party under the name the dossier holds: that is where a slip of the pen is put right."""
    return dataclasses.replace(party, name=dossier.applicant_name) if dossier is not None else party


def differences(old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what differs: the part, what the old paper says, what the new one will."""
    for field in dataclasses.fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name not in _NO_DIFFERENCE and field.name not in _SIGNERS and before != after:
            yield label(field.name), _said(before), _said(after)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_said(one) for one in value)
    if isinstance(value, data.Party):
        return ", ".join(
            part for part in (value.name, value.address, value.phone, value.email, value.paper_number) if part
        )
    if isinstance(value, data.PaperLine):
        counts = f"{value.originals}/{value.certified}/{value.copies}"
        return (
            value.name
            + (f" ({value.note})" if value.note else "")
            + ("" if counts == "0/0/0" else f" {counts}")
        )
    return "" if value is None else str(value)
