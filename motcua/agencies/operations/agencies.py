"""The tree of agencies through the years: opened, coded, renamed, moved, merged, split, closed.

Every act is dated and says its legal basis. Nothing is overwritten: a paper of last year keeps last year's
name and code, and figures of a closed agency can be added to its successors'.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies import permissions, queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    AgencyName,
    AgencyParent,
    CodeScheme,
    Succession,
    SuccessionKind,
)
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize, sort_key


@transaction.atomic
def open_level(*, code: str, name: str, rank: int, actor: Actor, at: datetime) -> AgencyLevel:
    """Add a level of government, or correct its name and place in lists. Levels are data, not constants."""
    permissions.require_system_admin(actor)
    level, _made = AgencyLevel.objects.update_or_create(
        code=code, defaults={"name": normalize(name), "rank": rank}
    )
    record(
        actor=actor,
        verb="agency.open_level",
        subject_kind="agency_level",
        subject_id=code,
        at=at,
        payload={"name": level.name, "rank": rank},
    )
    return level


@transaction.atomic
def open_agency(
    *,
    name: str,
    short_name: str,
    level: AgencyLevel,
    code: str,
    opened_on: date,
    actor: Actor,
    at: datetime,
    parent_id: int | None = None,
    old_code: str = "",
    legal_basis: str = "",
) -> Agency:
    """Open an agency with its name, code(s) and place in the tree; refuses a code that was ever given."""
    permissions.require_system_admin(actor)
    full, short = normalize(name), normalize(short_name) or normalize(name)
    if not full:
        raise Refusal(_("Nhập tên cơ quan."), code="no_name", field="name")
    agency = Agency.objects.create(
        name=full, short_name=short[:80], sort_key=sort_key(full), level=level, opened_on=opened_on
    )
    AgencyName.objects.create(
        agency=agency, name=full, short_name=short[:80], valid_from=opened_on, legal_basis=legal_basis
    )
    _write(agency, "agency.open", actor, at, {"name": full, "opened_on": opened_on, "basis": legal_basis})
    give_code(
        agency_id=agency.pk,
        code=code,
        scheme=CodeScheme.NEW,
        valid_from=opened_on,
        legal_basis=legal_basis,
        actor=actor,
        at=at,
    )
    if old_code:
        give_code(
            agency_id=agency.pk,
            code=old_code,
            scheme=CodeScheme.OLD,
            valid_from=opened_on,
            legal_basis=legal_basis,
            actor=actor,
            at=at,
        )
    if parent_id is not None:
        place_under(agency_id=agency.pk, parent_id=parent_id, on_day=opened_on, actor=actor, at=at)
    return agency


@transaction.atomic
def give_code(
    *,
    agency_id: int,
    code: str,
    scheme: CodeScheme,
    valid_from: date,
    actor: Actor,
    at: datetime,
    legal_basis: str = "",
) -> AgencyCode:
    """Give an agency a code from a day on; its code before under the same scheme ends that day.

    Refuses a spelling that is no identifier code and a code that any agency ever had, itself included.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    text = code.strip().upper()
    _end_current(AgencyCode.objects.filter(agency=agency, scheme=scheme), valid_from)
    try:
        with transaction.atomic():
            given = AgencyCode.objects.create(
                agency=agency, code=text, scheme=scheme, valid_from=valid_from, legal_basis=legal_basis
            )
    except IntegrityError as error:
        raise _code_refused(text, error) from None
    _write(
        agency,
        "agency.give_code",
        actor,
        at,
        {"code": text, "scheme": str(scheme), "from": valid_from, "basis": legal_basis},
    )
    return given


@transaction.atomic
def rename_agency(
    *,
    agency_id: int,
    name: str,
    short_name: str,
    on_day: date,
    legal_basis: str,
    actor: Actor,
    at: datetime,
) -> Agency:
    """Rename an agency from a day on; codes, dossiers and history stay with it.

    Refuses a day before the one from which the present name holds.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    full, short = normalize(name), normalize(short_name) or normalize(name)
    if not full:
        raise Refusal(_("Nhập tên cơ quan."), code="no_name", field="name")
    before = agency.name
    _end_current(AgencyName.objects.filter(agency=agency), on_day)
    AgencyName.objects.create(
        agency=agency, name=full, short_name=short[:80], valid_from=on_day, legal_basis=legal_basis
    )
    agency.name, agency.short_name, agency.sort_key = full, short[:80], sort_key(full)
    agency.save(update_fields=["name", "short_name", "sort_key"])
    _write(
        agency, "agency.rename", actor, at, {"from": before, "to": full, "on": on_day, "basis": legal_basis}
    )
    return agency


@transaction.atomic
def place_under(*, agency_id: int, parent_id: int, on_day: date, actor: Actor, at: datetime) -> AgencyParent:
    """Put an agency under another from a day on; refuses a circle."""
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    if parent_id in queries.agencies_below(agency_id, on_day):
        raise Refusal(_("Cơ quan cấp trên không thể nằm dưới chính cơ quan này."), code="circle")
    _end_current(AgencyParent.objects.filter(agency=agency), on_day)
    placed = AgencyParent.objects.create(agency=agency, parent_id=parent_id, valid_from=on_day)
    _write(agency, "agency.place_under", actor, at, {"parent": parent_id, "on": on_day})
    return placed


@transaction.atomic
def close_agency(
    *,
    agency_id: int,
    on_day: date,
    successor_ids: Sequence[int],
    kind: SuccessionKind,
    legal_basis: str,
    actor: Actor,
    at: datetime,
) -> Agency:
    """Close an agency from a day on and say who goes on with its work.

    Its codes, name and place in the tree end that day; dossiers keep it as their home agency, and people of
    the successors see them. Units and positions end by their own acts, when their dossiers are handed over.
    Refuses to close without a successor that is open, or twice.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    if agency.closed_on is not None:
        raise Conflict(_("Cơ quan này đã kết thúc hoạt động."), code="already_closed")
    successors = list(Agency.objects.filter(pk__in=successor_ids, closed_on=None).exclude(pk=agency_id))
    if not successors or len(successors) != len(set(successor_ids)):
        raise Refusal(_("Chọn cơ quan kế thừa đang hoạt động."), code="no_successor", field="successors")
    for successor in successors:
        Succession.objects.create(
            agency=agency, successor=successor, kind=kind, on_day=on_day, legal_basis=legal_basis
        )
    _end_current(AgencyCode.objects.filter(agency=agency), on_day)
    _end_current(AgencyName.objects.filter(agency=agency), on_day)
    _end_current(AgencyParent.objects.filter(Q(agency=agency) | Q(parent=agency)), on_day)
    agency.closed_on = on_day
    agency.save(update_fields=["closed_on"])
    facts = {"on": on_day, "kind": str(kind), "successors": sorted(successor_ids), "basis": legal_basis}
    _write(agency, "agency.close", actor, at, facts)
    return agency


@transaction.atomic
def set_calendar(*, agency_id: int, calendar_id: int, actor: Actor, at: datetime) -> Agency:
    """Give the agency the working calendar its due dates are counted by, from now on.

    Dossiers already accepted keep the calendar they were accepted under.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    before = agency.calendar_id
    agency.calendar_id = calendar_id
    agency.save(update_fields=["calendar"])
    _write(agency, "agency.set_calendar", actor, at, {"before": before, "after": calendar_id})
    return agency


def _lock(agency_id: int) -> Agency:
    agency = Agency.objects.select_for_update().filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("Không có cơ quan này."))
    return agency


def _end_current(
    rows: QuerySet[AgencyCode] | QuerySet[AgencyName] | QuerySet[AgencyParent], on_day: date
) -> None:
    """End what holds on a day; a change dated before the last one would rewrite history and is refused."""
    if rows.filter(valid_from__gt=on_day).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."), code="too_early"
        )
    rows.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).update(valid_to=on_day)


def _code_refused(code: str, error: IntegrityError) -> Refusal:
    if "agencies_code_spelling" in str(error):
        return Refusal(_("Mã định danh có dạng H40.15.2 hoặc 000.00.15.H40."), code="bad_code", field="code")
    return Conflict(
        _("Mã %(code)s đã được cấp và không cấp lại cho ai.") % {"code": code},
        code="code_taken",
        field="code",
    )


def _write(agency: Agency, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject_kind="agency",
        subject_id=agency.pk,
        at=at,
        payload=dict(payload),
        agency_id=agency.pk,
    )
