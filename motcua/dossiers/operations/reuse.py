"""Taking papers of an earlier dossier over into a new one: a use of its own for each, with the citizen's word."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.dossiers import earlier_papers, queries, words
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.dossiers.operations import access, attachments
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui import dates


class NotReusable(Refusal):
    """A paper chosen for reuse is not this applicant's, or may no longer be seen."""

    code = "not_reusable"


def require_usable(
    chosen: Mapping[str, UUID], *, applicant_id: UUID, actor: Actor
) -> dict[UUID, DossierDocument]:  # fmt: skip
    """Return the earlier papers by id. `chosen`: name of the line → earlier paper. Refuses, naming the line."""
    found = earlier_papers.usable(chosen.values(), applicant_id, actor=actor) if chosen else {}
    for name, wanted in chosen.items():
        if wanted not in found:
            raise NotReusable(
                _("“%(name)s”: giấy tờ cũ định dùng lại không phải của chủ hồ sơ này, hoặc không còn dùng được. Bỏ "
                  "chọn “dùng lại” và nhận bản mới.") % {"name": name[:80]}
            )  # fmt: skip
    return found


@override("vi")
def note_of(earlier: DossierDocument) -> str:
    """What stands beside the paper in the new dossier."""
    return _("Dùng lại bản trong hồ sơ %(code)s ngày %(day)s, người nộp đồng ý") % {
        "code": earlier.dossier.code, "day": dates.day(earlier.dossier.submitted_at),
    }  # fmt: skip


def take_over(*, dossier: Dossier, actor: Actor, at: datetime, key: str) -> None:
    """Hang the scans of the earlier papers on the new dossier's lines that stand on them. Runs inside the intake."""
    rows = DossierDocument.objects.filter(dossier=dossier, reused_from__isnull=False)
    for row in rows.select_related("reused_from__dossier").order_by("position"):
        earlier = row.reused_from
        assert earlier is not None
        for scan in earlier_papers.scans_of(earlier):
            stored = files.use_again(
                file_id=scan.stored_id, actor=actor, at=at, purpose="paper", agency_id=dossier.home_agency_id
            )
            attachments.attach(
                dossier_id=dossier.pk, actor=actor, at=at, key=f"{key}:{stored.pk}", stored=stored,
                purpose=words.FilePurpose.DOCUMENT, document_id=row.pk,
            )  # fmt: skip
        with override("vi"):
            reason = _("dùng lại “%(name)s” cho hồ sơ %(code)s") % {
                "name": row.name[:80],
                "code": dossier.code,
            }
        access.note_reading(dossier=earlier.dossier, actor=actor, at=at, reason=reason)
        record(
            actor=actor, verb="reuse_paper", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
            agency_id=dossier.home_agency_id,
            payload={"name": row.name, "from": earlier.dossier.code, "document": earlier.pk, "agreed": True},
        )  # fmt: skip
