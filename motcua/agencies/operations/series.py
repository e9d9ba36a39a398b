"""Number series: the next number may be set further on, never back, so that no number comes twice."""

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from motcua.agencies import permissions
from motcua.base.audit.operations import record
from motcua.base.numbering.models import Series
from motcua.base.numbering.operations import raise_to
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

LARGEST = 9_999_999
_KIND = re.compile(r"(dossier|register|result|certification\.copy|paper\.[a-z_]+)")


@transaction.atomic
def start_from(
    *, agency_id: int, kind: str, period: str, first: int, reason: str, actor: Actor, at: datetime
) -> bool:
    """Let a series of this period or one to come go on from `first`; tells whether that changed anything.

    Refuses a period that is over, a number already given, and a change without a reason.
    """
    permissions.require_runs(actor, agency_id)
    check(agency_id=agency_id, kind=kind, period=period, first=first, today=localdate(at))
    why = normalize(reason)[:300]
    if not why:
        raise Refusal(_("Ghi lý do: số bị bỏ qua phải giải thích được."), code="no_reason", field="reason")
    if not raise_to(agency_id=agency_id, kind=kind, period=period, last=first - 1):
        return False
    record(
        actor=actor, verb="series.raise", subject_kind="series", subject_id=f"{agency_id}/{kind}/{period}"[:64], at=at,
        payload={"last": first - 1, "reason": why},
    )  # fmt: skip
    return True


def check(*, agency_id: int, kind: str, period: str, first: int, today: date) -> None:
    """Refuse a series, a period or a number that may not be set."""
    if not _KIND.fullmatch(kind):
        raise Refusal(_("Không rõ sổ này. Chọn lại trong danh sách."), code="bad_kind", field="kind")
    wanted = _day(period) if kind == "dossier" else _year(period)
    if wanted is None or wanted < (today if kind == "dossier" else today.replace(month=1, day=1)):
        raise Refusal(
            _("Kỳ phải từ nay trở đi: một năm như 2026; với mã hồ sơ là một ngày như 30/06/2026."),
            code="bad_period",
            field="period",
        )
    if wanted > today + timedelta(days=800):
        raise Refusal(
            _("Kỳ này còn quá xa. Đặt cho năm nay hoặc năm sau."), code="bad_period", field="period"
        )
    row = Series.objects.filter(agency_id=agency_id, kind=kind, period=period).first()
    last = row.last if row else 0
    if not 1 <= first <= LARGEST:
        raise Refusal(_("Số tiếp theo phải từ 1 đến 9.999.999."), code="bad_number", field="first")
    if first <= last:
        raise Refusal(
            _("Số %(last)s đã dùng. Số tiếp theo phải lớn hơn, để không số nào cấp hai lần.") % {"last": last},
            code="number_given", field="first",
        )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year(text: str) -> date | None:
    return date(int(text), 12, 31) if re.fullmatch(r"20\d\d", text) else None
