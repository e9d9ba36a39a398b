"""One slip for many dossiers of one submitter. Nothing is numbered or kept: each dossier has its own slip on record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.base.printing.data import JointSlip
from motcua.dossiers import joint_slip, paper_data, permissions, queries
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal


@transaction.atomic
def print_joint_slip(*, dossier_ids: Sequence[UUID], actor: Actor, at: datetime) -> JointSlip:
    """Return the paper; the history of each dossier notes that it was printed, since it carries the look-up codes.

    Refuses fewer than two, more than fit, dossiers of different submitters or counters, and any that was not accepted
    or has been returned.
    """
    wanted = set(dossier_ids)
    if not 2 <= len(wanted) <= joint_slip.MOST:
        raise Refusal(
            _("Chọn từ 2 đến %(most)s hồ sơ để in một phiếu chung.") % {"most": joint_slip.MOST},
            field="dossier",
        )
    rows = joint_slip.chosen(wanted, actor)
    if len(rows) != len(wanted):
        raise NotFound(
            _("Một hồ sơ đã chọn không còn trong phạm vi của anh/chị. Tải lại trang rồi chọn lại.")
        )
    for one in rows:
        permissions.require("joint_slip", permissions.Case(actor, one))
    if len({(one.submitter_id, one.home_agency_id) for one in rows}) > 1:
        raise Refusal(_("Phiếu chung chỉ gồm hồ sơ của một người nộp tại một nơi."), field="dossier")
    if any(one.accepted_at is None or one.returned_at is not None for one in rows):
        raise Refusal(_("Phiếu chung chỉ gồm hồ sơ đã tiếp nhận và chưa trả kết quả."), field="dossier")
    for one in rows:
        record(
            actor=actor, verb="joint_slip", subject_kind=queries.SUBJECT, subject_id=one.pk, at=at,
            agency_id=one.home_agency_id, payload={"dossiers": [other.code for other in rows]},
        )  # fmt: skip
    return paper_data.joint_slip(rows, joint_slip.slip_numbers(rows), actor=actor, at=at)
