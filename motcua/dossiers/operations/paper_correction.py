"""Correct a paper after it was handed out: a new one in its place, with a number and a reason; the old one stays."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.base.numbering.operations import next_number
from motcua.base.printing import data
from motcua.dossiers import paper_corrections, paper_data, permissions, queries
from motcua.dossiers.models import Dossier, Paper, SupplementRequest
from motcua.dossiers.operations.papers import series, worded
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal

_LEAST, _MOST = 5, 500


class AlreadyReplaced(Conflict):
    """Somebody else corrected the paper first, or it is an old one."""

    code = "paper_replaced"


@transaction.atomic
def correct_paper(
    *, paper_id: UUID, actor: Actor, at: datetime, key: str, reason: str, texts: dict[str, str]
) -> Paper:  # fmt: skip
    """Put a corrected paper in the place of one that was handed out; return it.

    Names, papers and the like come from the dossier as it stands; `texts` are the free texts of the form. Refuses a
    paper that was replaced already, one without any difference, and an apology by whoever may not sign one.
    """
    claim = keys.claim(
        actor=actor,
        key=key,
        verb="correct_paper",
        body={"paper": paper_id, "reason": reason, "texts": texts},
        at=at,
    )
    if claim.answer is not None:
        return Paper.objects.get(pk=claim.answer["paper"])
    row = Paper.objects.filter(pk=paper_id).first()
    if row is None:
        raise NotFound(_("Không tìm thấy giấy này."))
    dossier = queries.lock(row.dossier_id, actor)
    permissions.require(paper_corrections.verb_of(row), permissions.Case(actor, dossier))
    _may_be_replaced(row)
    reason = " ".join(reason.split())
    if not _LEAST <= len(reason) <= _MOST:
        raise Refusal(_("Ghi lý do sửa, từ 5 đến 500 chữ: lý do được in trên bản sửa."), field="reason")
    new = _replacement(row, dossier, reason=reason, texts=_plain(row, texts), actor=actor, at=at)
    record(
        actor=actor, verb="correct_paper", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={
            "paper": new.pk, "form": new.form, "number": new.number, "old_number": row.number,
            "round": new.version - 1, "reason": reason,
        },
    )  # fmt: skip
    keys.keep(claim, {"paper": str(new.pk)})
    return new


def _may_be_replaced(row: Paper) -> None:
    if row.form not in paper_corrections.TEXTS:
        raise Refusal(_("Giấy này không sửa sau khi giao: lập lại từ hồ sơ."))
    newer = Paper.objects.filter(replaces=row).values_list("number", flat=True).first()
    if newer is not None:
        raise AlreadyReplaced(
            _("Giấy này đã được thay bằng bản sửa số %(number)s. Sửa tiếp từ bản đó.") % {"number": newer}
        )


def _plain(row: Paper, texts: dict[str, str]) -> dict[str, str]:
    """Return exactly the free texts of the paper; one that is not given stays, one that may not be empty is refused."""
    old = paper_corrections.texts_of(paper_corrections.stored(row))
    given = {name: texts.get(name, value).strip() for name, value in old.items()}
    for name, value in given.items():
        if not value and old[name]:
            raise Refusal(_("Ô này trên bản cũ có chữ: ghi nội dung đúng, không để trống."), field=name)
        if len(value) > 2000:
            raise Refusal(_("Nội dung dài quá 2.000 chữ, không in vừa giấy."), field=name)
    return given


def _replacement(
    row: Paper, dossier: Dossier, *, reason: str, texts: dict[str, str], actor: Actor, at: datetime
) -> Paper:  # fmt: skip
    old = paper_corrections.stored(row)
    corrects = data.Correction(round=row.version, number=row.number, issued_at=row.issued_at, reason=reason)
    kind, period = series(row.form, at)
    number = worded(next_number(agency_id=dossier.home_agency_id, kind=kind, period=period), at)
    new = paper_corrections.corrected(
        old, dossier, texts=texts, actor=actor, at=at, number=number, corrects=corrects
    )
    if not list(paper_corrections.differences(old, new)):
        raise Refusal(
            _("Bản sửa không khác bản đã giao. Đính chính hồ sơ trước (phím E), hoặc sửa nội dung dưới đây."),
            code="nothing_to_correct",
        )
    made = Paper(
        home_agency_id=row.home_agency_id, dossier=dossier, form=row.form, number=number,
        data=paper_data.to_text(new), issued_at=at, issued_by=actor.position_id, version=row.version + 1,
        replaces=row, correction=reason,
    )  # fmt: skip
    writing.insert([made])
    if isinstance(new, data.SupplementRequest):
        items = [{"name": line.name, "reason": line.note} for line in new.items]
        SupplementRequest.objects.filter(dossier=dossier, number=new.round, received_at=None).update(
            items=items
        )
    return made
