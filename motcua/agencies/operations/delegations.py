"""Somebody is away: who does their work, from when to when, for what; agreed to by a head where that is asked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.operations.informing import inform
from motcua.agencies import permissions
from motcua.agencies.models import Agency, Delegation, DelegationState, Position
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.ui import dates

LONGEST = 366  # days
_LIVE = (DelegationState.WAITING, DelegationState.AGREED)


@once("agencies.delegate")
@transaction.atomic
def delegate(
    *,
    from_position: int,
    to_position: int,
    first_day: date,
    last_day: date,
    procedures: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Delegation:
    """Let the person of one position do the work of another from a day to a day, both included.

    One delegates one's own work; a head names a stand-in for an absent officer of the unit, a leader for anybody
    of the agency. Refuses oneself, somebody of another agency, somebody who leaves or is away in that time, a
    second stand-in for the same work, and a circle.
    """
    absent, stand_in = _held(from_position), _held(to_position)
    _lock_agency(absent.unit.agency_id)  # so that two at once see each other: no circle slips in
    _require_may(actor, absent)
    codes = sorted({code.strip() for code in procedures if code.strip()})
    until = last_day + timedelta(days=1)
    _require_days(first_day, last_day, localdate(at))
    if not reason.strip():
        raise Refusal(_("Ghi lý do vắng mặt, ví dụ “nghỉ phép”."), code="no_reason", field="reason")
    _require_other(absent, stand_in)
    _require_there(absent, first_day, until, field="from_position")
    _require_there(stand_in, first_day, until, field="to_position")
    _require_free(absent, stand_in, codes, first_day, until)
    row = Delegation.objects.create(
        from_position=absent, to_position=stand_in, procedures=codes, reason=reason.strip()[:300],
        state=_first_state(actor, absent), valid_from=first_day, valid_to=until, made_by_id=actor.position_id or 0,
        made_at=at,
    )  # fmt: skip
    _told(row, "account.delegate", actor, at)
    return row


@transaction.atomic
def decide_delegation(*, delegation_id: int, agree: bool, actor: Actor, at: datetime) -> Delegation:
    """Agree to a delegation that waits, or refuse it. The head of the unit does, or a leader of the agency."""
    row = _lock(delegation_id)
    if not permissions.may_decide_delegation(actor, row.from_position):
        raise NotPermitted(_("Lãnh đạo phòng của người vắng, hoặc lãnh đạo cơ quan, duyệt việc ủy quyền."))
    if row.state != DelegationState.WAITING:
        raise Conflict(_("Việc ủy quyền này đã được quyết định. Tải lại trang."), code="decided")
    row.state = DelegationState.AGREED if agree else DelegationState.REFUSED
    row.decided_by_id, row.decided_at = actor.position_id, at
    if not agree:
        row.valid_to = row.valid_from
    row.save(update_fields=["state", "decided_by", "decided_at", "valid_to"])
    _told(row, "account.agree_delegation" if agree else "account.refuse_delegation", actor, at)
    return row


@transaction.atomic
def end_delegation(*, delegation_id: int, actor: Actor, at: datetime) -> Delegation:
    """End a delegation now: the absent one is back. Both sides may, and whoever may name a stand-in.

    From this moment the stand-in sees nothing more of it. Repeating changes nothing.
    """
    row = _lock(delegation_id)
    if actor.account_id != row.to_position.account_id:
        _require_may(actor, row.from_position)
    if row.state not in _LIVE:
        return row
    row.state = DelegationState.ENDED
    row.valid_to = max(row.valid_from, min(row.valid_to or row.valid_from, localdate(at)))
    row.save(update_fields=["state", "valid_to"])
    _told(row, "account.end_delegation", actor, at)
    return row


@transaction.atomic
def set_approval(*, agency_id: int, needed: bool, actor: Actor, at: datetime) -> None:
    """Say whether delegations of an agency wait for the head's agreement. Those made before stay as they are."""
    permissions.require_runs(actor, agency_id)
    Agency.objects.filter(pk=agency_id).update(delegation_needs_approval=needed)
    record(
        actor=actor, verb="agency.delegation_approval", subject_kind="agency", subject_id=agency_id, at=at,
        agency_id=agency_id, payload={"needed": needed},
    )  # fmt: skip


# ── Rules


def _held(position_id: int) -> Position:
    found = Position.objects.select_related("unit__agency", "account").filter(pk=position_id).first()
    if found is None:
        raise NotFound(_("Không có vị trí này."))
    return found


def _lock(delegation_id: int) -> Delegation:
    row = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("from_position__unit", "from_position__account", "to_position__account")
        .filter(pk=delegation_id)
        .first()
    )
    if row is None:
        raise NotFound(_("Không có việc ủy quyền này."))
    return row


def _lock_agency(agency_id: int) -> None:
    list(Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).values_list("pk"))


def _require_may(actor: Actor, absent: Position) -> None:
    if not permissions.may_delegate(actor, absent):
        raise NotPermitted(
            _("Chỉ chính người vắng, lãnh đạo phòng của họ hoặc lãnh đạo cơ quan cử được người làm thay.")
        )


def _require_days(first_day: date, last_day: date, today: date) -> None:
    if first_day < today:
        raise Refusal(_("Ngày bắt đầu đã qua. Chọn từ hôm nay trở đi."), code="past", field="first_day")
    if last_day < first_day:
        raise Refusal(
            _("Ngày cuối đứng trước ngày đầu. Xem lại hai ngày."), code="backwards", field="last_day"
        )
    if (last_day - first_day).days >= LONGEST:
        raise Refusal(_("Ủy quyền nhiều nhất một năm một lần."), code="too_long", field="last_day")


def _require_other(absent: Position, stand_in: Position) -> None:
    if absent.account_id == stand_in.account_id:
        raise Refusal(_("Không ủy quyền cho chính mình. Chọn người khác."), code="self", field="to_position")
    if absent.unit.agency_id != stand_in.unit.agency_id:
        raise Refusal(_("Người làm thay phải cùng cơ quan."), code="other_agency", field="to_position")


def _require_there(position: Position, first_day: date, until: date, *, field: str) -> None:
    """Refuse a person who does not work here during the whole time."""
    whole = position.valid_from <= first_day and (position.valid_to is None or position.valid_to >= until)
    if position.account.is_active and whole:
        return
    raise Refusal(
        _("%(name)s không làm việc ở vị trí này suốt thời gian đó. Chọn người khác hoặc rút ngắn thời gian.")
        % {"name": position.account.full_name},
        code="not_there", field=field,
    )  # fmt: skip


def _meeting(first_day: date, until: date) -> QuerySet[Delegation]:
    """Return the live delegations of any day in [first_day, until)."""
    return Delegation.objects.filter(state__in=_LIVE, valid_from__lt=until, valid_to__gt=first_day)


def _require_free(
    absent: Position, stand_in: Position, codes: list[str], first_day: date, until: date
) -> None:
    """Refuse a second stand-in for the same work, a stand-in who is away too, and a circle."""
    same = _meeting(first_day, until).filter(from_position__account=absent.account_id)
    if codes:
        same = same.filter(Q(procedures=[]) | Q(procedures__overlap=codes))
    other = same.filter(from_position=absent).select_related("to_position__account").first()
    if other is not None:
        raise Conflict(
            _("Thời gian đó %(name)s đã được cử làm thay. Kết thúc việc ủy quyền ấy trước.")
            % {"name": other.to_position.account.full_name},
            code="taken", field="to_position",
        )  # fmt: skip
    if absent.account_id in _reached(stand_in.account_id, first_day, until):
        raise Refusal(
            _("Ủy quyền thành vòng: %(name)s đã nhờ lại người vắng trong thời gian đó. Chọn người khác.")
            % {"name": stand_in.account.full_name},
            code="circle", field="to_position",
        )  # fmt: skip
    away = (
        _meeting(first_day, until).filter(from_position__account=stand_in.account_id, procedures=[]).first()
    )
    if away is not None:
        raise Refusal(
            _("%(name)s cũng vắng từ %(first)s đến %(last)s. Chọn người khác.")
            % {
                "name": stand_in.account.full_name,
                "first": dates.day(away.valid_from),
                "last": dates.day((away.valid_to or until) - timedelta(days=1)),
            },
            code="away_too", field="to_position",
        )  # fmt: skip
    waits = _meeting(first_day, until).filter(to_position__account=absent.account_id)
    waits_for = waits.select_related("from_position__account").first()
    if waits_for is not None and not codes:
        raise Refusal(
            _("Thời gian đó %(absent)s đang làm thay %(name)s. Cử người khác làm thay %(name)s trước.")
            % {"absent": absent.account.full_name, "name": waits_for.from_position.account.full_name},
            code="stands_in", field="from_position",
        )  # fmt: skip


def _reached(account_id: int, first_day: date, until: date) -> set[int]:
    """Return everybody to whom the work of a person is handed on, directly or through others."""
    pairs: dict[int, list[int]] = {}
    for giver, taker in _meeting(first_day, until).values_list(
        "from_position__account_id", "to_position__account_id"
    ):
        pairs.setdefault(giver, []).append(taker)
    seen: set[int] = set()
    waiting = [account_id]
    while waiting:
        for taker in pairs.get(waiting.pop(), ()):
            if taker not in seen:
                seen.add(taker)
                waiting.append(taker)
    return seen


def _first_state(actor: Actor, absent: Position) -> str:
    """Whoever could agree need not be asked; a leader's own leave is nobody else's to agree to."""
    if not absent.unit.agency.delegation_needs_approval:
        return DelegationState.AGREED
    if permissions.may_decide_delegation(actor, absent) or permissions.leads(actor, absent.unit.agency_id):
        return DelegationState.AGREED
    return DelegationState.WAITING


def _told(row: Delegation, verb: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=verb, subject_kind="account", subject_id=row.from_position.account_id, at=at,
        payload={
            "delegation": row.pk, "to": row.to_position.account_id, "to_name": row.to_position.account.full_name,
            "from_day": row.valid_from, "until": row.valid_to, "procedures": row.procedures, "state": row.state,
        },
    )  # fmt: skip
    _inform(row, verb, actor, at)


_NEWS = {
    "account.delegate": gettext_lazy("Anh/chị được cử làm thay %(absent)s"),
    "account.agree_delegation": gettext_lazy("Anh/chị được cử làm thay %(absent)s"),
    "account.end_delegation": gettext_lazy("Việc làm thay %(absent)s đã kết thúc"),
}
_NEWS_OF_THE_ABSENT = {
    "account.delegate": gettext_lazy("%(stand_in)s được cử làm thay anh/chị"),
    "account.agree_delegation": gettext_lazy("%(stand_in)s được cử làm thay anh/chị"),
    "account.refuse_delegation": gettext_lazy("Việc cử %(stand_in)s làm thay anh/chị không được duyệt"),
    "account.end_delegation": gettext_lazy("%(stand_in)s thôi làm thay anh/chị"),
}


def _inform(row: Delegation, verb: str, actor: Actor, at: datetime) -> None:
    """Tell stand-in and absent, less who did it. What waits for a head is told when it is agreed to. Not why."""
    if row.state == DelegationState.WAITING:
        return
    absent, stand_in = row.from_position.account, row.to_position.account
    days = gettext_lazy("Từ %(first)s đến hết %(last)s.")
    facts = {
        "absent": absent.full_name, "stand_in": stand_in.full_name, "first": dates.day(row.valid_from),
        "last": dates.day((row.valid_to or row.valid_from) - timedelta(days=1)),
    }  # fmt: skip
    for account, words in ((stand_in, _NEWS), (absent, _NEWS_OF_THE_ABSENT)):
        if account.pk != actor.account_id and verb in words:
            inform(
                account_ids=[account.pk], mark=f"delegation:{row.pk}:{verb}", subject=words[verb],
                body=days if row.state == DelegationState.AGREED else None, facts=facts, link="/delegations/", at=at,
            )  # fmt: skip
