"""Keeping periods of dossiers (thời hạn bảo quản): one system administrator asks, a second one approves.

Nothing is deleted by them: they only say which dossiers stand in the list of those whose period is over.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.agencies.permissions import is_system_admin
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures.models import Keeping, KeepingPeriod
from motcua.procedures.models.keeping import MOST_YEARS
from motcua.procedures.queries import keeping

SUBJECT = "keeping"
_FIRST, _LAST = date(1945, 9, 2), date(2199, 12, 31)


@once("keeping.propose")
def propose(
    *, how: str, years: int | None, source: str, valid_from: date, actor: Actor, at: datetime, key: str,
    sector_id: int | None = None, procedure_id: int | None = None,
) -> KeepingPeriod:  # fmt: skip
    """Ask for a keeping period of a sector or a procedure. A day that has passed may be named: the text is older.

    Refuses years outside 1 to 100, no source, a sector that should follow itself, a period that holds already, and a
    second request while one waits. Nothing holds before a second person approves.
    """
    _require(actor)
    _require_known(sector_id, procedure_id)
    said = normalize(source)[:300]
    _require_sound(how, years, said, valid_from, of_sector=sector_id is not None)
    period = KeepingPeriod(
        sector_id=sector_id, procedure_id=procedure_id, how=how, years=years if how == Keeping.YEARS else None,
        source=said, valid_from=valid_from, proposed_by=actor.account_id or 0, proposed_at=at,
    )  # fmt: skip
    _require_new(period)
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError:
        raise Conflict(
            _("Đã có một đề nghị cho mục này đang chờ người thứ hai. Tải lại trang để xem."), code="waits"
        ) from None
    _note(period, "keeping.propose", actor, at)
    return period


@once("keeping.decide")
def decide(*, period_id: int, approve: bool, actor: Actor, at: datetime, key: str) -> KeepingPeriod:
    """Approve a period, or turn it down. Who asked may take it back but not approve it."""
    _require(actor)
    period = KeepingPeriod.objects.select_for_update().filter(pk=period_id).first()
    if period is None:
        raise NotFound(_("Không tìm thấy đề nghị này."))
    if period.decided_at is not None:
        raise Conflict(_("Đề nghị này đã được quyết. Tải lại trang để xem."), code="decided")
    if approve and period.proposed_by == actor.account_id:
        raise NotPermitted(_("Người đề nghị không tự duyệt. Nhờ một quản trị hệ thống khác."))
    period.decided_by, period.decided_at, period.approved = actor.account_id or 0, at, approve
    period.save(update_fields=["decided_by", "decided_at", "approved"])
    _note(period, "keeping.approve" if approve else "keeping.refuse", actor, at)
    return period


def _require(actor: Actor) -> None:
    if actor.kind != "officer" or not is_system_admin(actor):
        raise NotPermitted(_("Chỉ quản trị hệ thống đặt thời hạn bảo quản."))


def _require_known(sector_id: int | None, procedure_id: int | None) -> None:
    found = keeping.sector(sector_id) if sector_id is not None else keeping.procedure(procedure_id or 0)
    if found is None or (sector_id is not None and procedure_id is not None):
        raise NotFound(_("Không tìm thấy lĩnh vực hay thủ tục này."))


def _require_sound(how: str, years: int | None, source: str, valid_from: date, *, of_sector: bool) -> None:
    if how not in Keeping.values or (of_sector and how == Keeping.SECTOR):
        raise Refusal(_("Chọn số năm hoặc vĩnh viễn."), code="no_period", field="how")
    if how == Keeping.YEARS and (years is None or not 1 <= years <= MOST_YEARS):
        raise Refusal(
            _("Nhập số năm từ 1 đến %(most)s.") % {"most": MOST_YEARS}, code="out_of_bounds", field="years"
        )
    if not source:
        raise Refusal(
            _("Ghi văn bản quy định thời hạn này, cả điều hoặc mục."), code="no_source", field="source"
        )
    if not _FIRST <= valid_from <= _LAST:
        raise Refusal(_("Ngày này quá xa. Xem lại năm."), code="far_day", field="valid_from")


def _require_new(period: KeepingPeriod) -> None:
    """Refuse what was approved in the same words for the same day."""
    known = KeepingPeriod.objects.filter(
        approved=True, sector=period.sector_id, procedure=period.procedure_id, how=period.how, years=period.years,
        source=period.source, valid_from=period.valid_from,
    )  # fmt: skip
    if known.exists():
        raise Refusal(
            _("Thời hạn này đã được duyệt đúng như vậy. Nhập thời hạn khác."), code="same", field="how"
        )


def _note(period: KeepingPeriod, verb: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=period.subject, at=at,
        payload={
            "name": period.about[:200], "how": period.how, "years": period.years, "source": period.source,
            "from": period.valid_from.isoformat(), "note": period.words,
        },
    )  # fmt: skip
