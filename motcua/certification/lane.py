"""What one agency's fast lane stands on today: the case of the catalogue, its tariff, who pays less, the workflow."""

import time
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.certification import charges
from motcua.certification.kinds import KINDS, Kind
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import Refusal
from motcua.procedures.models import AgencyProcedure, FeeExemption, ProcedureVariant
from motcua.procedures.models.words import Channel
from motcua.procedures.queries import catalogue, local_rules
from motcua.workflow.queries import definition_of, workflow_for

_CODES = [kind.procedure for kind in KINDS.values()]
_OFFERED: Prepared[tuple[str | None]] = Prepared(
    lambda agency, day: AgencyProcedure.objects.filter(
        local_rules.holds(day), agency_id=agency, procedure__code__in=_CODES, competent=True
    ).values_list("procedure__code"),
    agency=int,
    day=date,
)

_KEEP = 60.0
_known: dict[int, tuple[float, tuple[Kind, ...]]] = {}  # until when, by agency

#: What the officer at the counter may do of the way to the leader's signature; everything else is not a fast lane.
_BEFORE_SIGNING = frozenset({"accept", "forward", "propose"})


@dataclass(frozen=True, slots=True)
class Lane:
    """The case that visits of today are taken in under."""

    kind: Kind
    variant: ProcedureVariant
    tariff: charges.Tariff
    exemptions: tuple[FeeExemption, ...]

    def exemption(self, pk: int | None) -> FeeExemption | None:
        """Return one of the groups that pay less today; refuses another."""
        if pk is None:
            return None
        found = next((row for row in self.exemptions if row.pk == pk), None)
        if found is None:
            raise Refusal(_("Diện miễn, giảm này không còn áp dụng hôm nay. Chọn lại."), field="exemption")
        return found


class NoLane(Refusal):
    """The fast lane is not open at this agency; the message says what is missing and who can put it right."""

    code = "no_lane"


def open_lane(kind: Kind, *, agency_id: int | None, day: date) -> Lane:
    """Return the lane of a kind at an agency on a day.

    Refuses an agency that does not decide this procedure itself, a catalogue without a tariff, and a workflow in
    which somebody else comes between the counter and the leader.
    """
    offered = catalogue.offered_on(agency_id or 0, day).filter(procedure__code=kind.procedure, competent=True)
    row = offered.select_related("procedure").first()
    if row is None or agency_id is None:
        raise NoLane(
            _(
                "Cơ quan anh/chị chưa được giao giải quyết thủ tục %(code)s. Quản trị danh mục thêm cho cơ quan."
            )
            % {"code": kind.procedure}
        )
    version = catalogue.open_version(kind.procedure, day)
    variant = catalogue.variants(version).order_by("-is_default", "position").first()
    if variant is None:
        raise NoLane(_("Thủ tục này chưa có trường hợp nào trong danh mục."))
    _require_short_way(variant, agency_id=agency_id, day=day)
    rows = local_rules.fees_here(
        variant, Channel.IN_PERSON, agency_id=agency_id, procedure_id=version.procedure_id, day=day
    )
    groups = local_rules.exemptions(version.procedure_id, Channel.IN_PERSON, day)
    return Lane(kind, variant, charges.tariff(rows, kind.unit), tuple(groups))


def offered_kinds(agency_id: int | None) -> tuple[Kind, ...]:
    """Return what an agency certifies itself: only for the ways to the desk, in everybody's left column among them.

    Kept for a minute, since every work page asks; whether a lane is open is always looked at anew (`open_lane`).
    """
    now, known = time.monotonic(), _known.get(agency_id or 0)
    if known is None or known[0] < now:
        codes = {row[0] for row in _OFFERED(agency=agency_id or 0, day=timezone.localdate())}
        kinds = tuple(kind for kind in KINDS.values() if kind.procedure in codes)
        known = _known[agency_id or 0] = (now + _KEEP, kinds)
    return known[1]


def _require_short_way(variant: ProcedureVariant, *, agency_id: int, day: date) -> None:
    version = workflow_for(
        procedure_version_id=variant.version_id, variant_id=variant.pk, agency_id=agency_id, on=day
    )
    for step in definition_of(version.pk).steps:
        if step.completed_by == "approve":
            return
        at_counter = step.role in {"receiver", "guide"} and step.completed_by in _BEFORE_SIGNING
        if not at_counter:
            raise NoLane(
                _("Quy trình nội bộ của cơ quan có bước “%(step)s” giữa quầy và lãnh đạo ký, nên chưa có làn nhanh. "
                  "Quản trị gán quy trình: tiếp nhận tại quầy, lãnh đạo ký, đóng dấu, trả.") % {"step": step.name}
            )  # fmt: skip
    raise NoLane(_("Quy trình nội bộ của thủ tục này không có bước lãnh đạo ký. Quản trị sửa quy trình."))
