"""A copy of the figures leaves the program: history keeps who took which part."""

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.counters import figures, permissions
from motcua.counters.figures import Asked
from motcua.counters.permissions import agency_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


def note_copy(*, asked: Asked, kind: str, most: int, actor: Actor, at: datetime) -> int:
    """Note that `actor` takes a copy of the tickets behind a figure; return how many stand in it.

    Refuses more than `most`, what one file may hold.
    """
    permissions.require("read_figures", actor, asked.hall)
    count = figures.count(asked)
    if count > most:
        raise Refusal(
            _("Phần này có %(n)s số, một tệp chứa nhiều nhất %(most)s. Chọn khoảng ngày ngắn hơn.")
            % {"n": count, "most": most},
            code="too_long", field="until",
        )  # fmt: skip
    record(
        actor=actor, verb="hall.copy_figures", subject_kind="hall", subject_id=asked.hall.pk, at=at,
        agency_id=agency_of(asked.hall), payload={
            "since": f"{asked.since}", "until": f"{asked.until}", "by": asked.by, "value": asked.value,
            "only": asked.only, "kind": kind, "tickets": count,
        },
    )  # fmt: skip
    return count
