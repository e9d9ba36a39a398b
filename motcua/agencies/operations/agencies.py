"""The tree of agencies through the years: opened, coded, renamed, moved, merged, split, closed.

Every act is dated and says its legal basis. Nothing is overwritten: a paper of last year keeps last year's
name and code, and figures of a closed agency can be added to its successors'.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.agencies import inside, permissions, queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    AgencyName,
    AgencyParent,
    CodeScheme,
    Succession,
    SuccessionKind,
    UnitName,
    holds_on,
)
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.calendars.models import Calendar
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize, sort_key
from motcua.lib.working_time import ZONE

_LOWEST_RANK = 999


@once("agency.open_level")
def open_level(
    *, code: str, name: str, rank: int, actor: Actor, at: datetime, new: bool = False, key: str = ""
) -> AgencyLevel:
    """Add a level of government, or correct its name and place in lists. Levels are data, not constants.

    `new` refuses a code in use instead of correcting the level that has it.
    """
    permissions.require_system_admin(actor)
    if not normalize(name):
        raise Refusal(_("Nhập tên cấp."), code="no_name", field="name")
    if not 1 <= rank <= _LOWEST_RANK:
        raise Refusal(_("Thứ tự từ 1 đến 999."), code="bad_rank", field="rank")
    if new and AgencyLevel.objects.filter(code=code).exists():
        raise Conflict(_("Mã cấp này đã có. Mở cấp đó để sửa."), code="level_code_taken", field="code")
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


@once("agency.open")
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
    key: str = "",
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


@once("agency.give_code")
def give_code(
    *,
    agency_id: int,
    code: str,
    scheme: CodeScheme,
    valid_from: date,
    actor: Actor,
    at: datetime,
    legal_basis: str = "",
    key: str = "",
) -> AgencyCode:
    """Give an agency a code from a day on; its code before under the same scheme ends that day.

    Refuses a spelling that is no identifier code and a code that any agency ever had, itself included.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    text = code.strip().upper()
    _require_open(agency, valid_from)
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


@once("agency.end_code")
def end_code(
    *, code_id: int, on_day: date, legal_basis: str, actor: Actor, at: datetime, key: str = ""
) -> AgencyCode:
    """End a code without a new one in its place; it stays the agency's for ever and still finds it.

    Refuses a day before the code held, a code that has ended, and the last code of the new scheme: dossiers
    are numbered by it.
    """
    permissions.require_system_admin(actor)
    row = AgencyCode.objects.select_related("agency").filter(pk=code_id).first()
    if row is None:
        raise NotFound(_("Không có mã định danh này."))
    agency = _lock(row.agency_id)
    if row.valid_to is not None:
        raise Conflict(_("Mã này đã hết hiệu lực từ trước."), code="code_ended")
    if on_day < row.valid_from:
        raise Refusal(_("Ngày kết thúc trước ngày bắt đầu."), code="too_early", field="on_day")
    if row.scheme == CodeScheme.NEW and agency.closed_on is None:
        raise Refusal(
            _("Mã theo Quyết định 20/2020 dùng để đánh số hồ sơ. Cấp mã mới thay thế, hoặc đóng cơ quan."),
            code="last_code",
        )
    row.valid_to = on_day
    row.save(update_fields=["valid_to"])
    _write(agency, "agency.end_code", actor, at, {"code": row.code, "on": on_day, "basis": legal_basis})
    return row


@once("agency.rename")
def rename_agency(
    *,
    agency_id: int,
    name: str,
    short_name: str,
    on_day: date,
    legal_basis: str,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Agency:
    """Rename an agency from a day on; codes, dossiers and history stay with it.

    Refuses a day before the one from which the present name holds. A name of a day to come is adopted on that
    day (`adopt_names`).
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    full, short = normalize(name), normalize(short_name) or normalize(name)
    if not full:
        raise Refusal(_("Nhập tên cơ quan."), code="no_name", field="name")
    before = agency.name
    _require_open(agency, on_day)
    _end_current(AgencyName.objects.filter(agency=agency), on_day)
    AgencyName.objects.create(
        agency=agency, name=full, short_name=short[:80], valid_from=on_day, legal_basis=legal_basis
    )
    if on_day <= at.astimezone(ZONE).date():
        _call(agency, full, short[:80])
    _write(
        agency, "agency.rename", actor, at, {"from": before, "to": full, "on": on_day, "basis": legal_basis}
    )
    return agency


@once("agency.place_under")
def place_under(
    *, agency_id: int, parent_id: int, on_day: date, actor: Actor, at: datetime, key: str = ""
) -> AgencyParent:
    """Put an agency under another from a day on; refuses a circle."""
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    _require_open(agency, on_day)
    _refuse_closed(_lock(parent_id), on_day)
    if parent_id in queries.agencies_below(agency_id, on_day):
        raise Refusal(
            _("Cơ quan cấp trên không thể nằm dưới chính cơ quan này."), code="circle", field="parent"
        )
    _end_current(AgencyParent.objects.filter(agency=agency), on_day)
    placed = AgencyParent.objects.create(agency=agency, parent_id=parent_id, valid_from=on_day)
    _write(agency, "agency.place_under", actor, at, {"parent": parent_id, "on": on_day})
    return placed


@once("agency.close")
def close_agency(
    *,
    agency_id: int,
    on_day: date,
    successor_ids: Sequence[int],
    kind: SuccessionKind,
    legal_basis: str,
    actor: Actor,
    at: datetime,
    with_open_work: bool = False,
    key: str = "",
) -> Agency:
    """Close an agency from a day on and say who goes on with its work.

    Its codes, name and place in the tree end that day; dossiers keep it as their home agency, and people of
    the successors see them; the first of these stands for it at the counter and in figures. Units and positions
    end by their own acts, when their dossiers are handed over; `changes` does all of it at once.
    Agencies below it go under the one successor. Refuses to close without a successor that is open, into
    itself, twice, and, unless told that it is known (`with_open_work`), with people or open dossiers in it.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    if agency.closed_on is not None:
        raise Conflict(_("Cơ quan này đã kết thúc hoạt động."), code="already_closed")
    if on_day < agency.opened_on:
        raise Refusal(_("Ngày kết thúc trước ngày thành lập."), code="too_early", field="on_day")
    successors = _successors(agency, on_day, successor_ids)
    if not with_open_work:
        _refuse_open_work(agency, on_day)
    _hand_over_children(agency, on_day, successors, actor, at)
    for successor in successors:
        Succession.objects.create(
            agency=agency, successor=successor, kind=kind, on_day=on_day, legal_basis=legal_basis,
            is_main=successor.pk == successor_ids[0],
        )  # fmt: skip
    _end_current(AgencyCode.objects.filter(agency=agency), on_day)
    _end_current(AgencyName.objects.filter(agency=agency), on_day)
    _end_current(AgencyParent.objects.filter(agency=agency), on_day)
    agency.closed_on = on_day
    agency.save(update_fields=["closed_on"])
    facts = {"on": on_day, "kind": str(kind), "successors": sorted(successor_ids), "basis": legal_basis}
    _write(agency, "agency.close", actor, at, facts)
    return agency


def _successors(agency: Agency, on_day: date, ids: Sequence[int]) -> list[Agency]:
    if agency.pk in ids:
        raise Refusal(
            _("Cơ quan không thể kế thừa chính nó. Chọn cơ quan khác."),
            code="into_itself",
            field="successors",
        )
    found = Agency.objects.filter(queries.open_on(on_day), pk__in=ids)
    if not found or len(found) != len(set(ids)):
        raise Refusal(_("Chọn cơ quan kế thừa đang hoạt động."), code="no_successor", field="successors")
    return list(found)


def _refuse_open_work(agency: Agency, on_day: date) -> None:
    there = inside.what_stands_on(agency.pk, on_day)
    if there["people"] or there["dossiers"]:
        raise Refusal(
            _(
                "Cơ quan còn %(dossiers)s và %(people)s. Bàn giao trước, "
                "hoặc đánh dấu “đã biết” để đóng ngay: hồ sơ giữ nguyên mã và ngày hẹn, cơ quan kế thừa thấy được."
            )
            % {
                "dossiers": ngettext(
                    "%(dossiers)s hồ sơ đang giải quyết",
                    "%(dossiers)s hồ sơ đang giải quyết",
                    there["dossiers"],
                )
                % there,
                "people": ngettext(
                    "%(people)s người giữ vị trí", "%(people)s người giữ vị trí", there["people"]
                )
                % there,
            },
            code="open_work",
            field="with_open_work",
        )


def _hand_over_children(
    agency: Agency, on_day: date, successors: list[Agency], actor: Actor, at: datetime
) -> None:
    """Put the agencies below under the one successor; with several, somebody has to decide first."""
    below = list(
        AgencyParent.objects.filter(holds_on(on_day), parent=agency).values_list("agency_id", flat=True)
    )
    if not below:
        return
    if len(successors) > 1:
        raise Refusal(
            _("Còn %(count)s cơ quan trực thuộc. Chuyển từng cơ quan sang cấp trên mới trước khi chia tách.")
            % {"count": len(below)},
            code="has_children",
            field="successors",
        )
    heir = successors[0]
    if heir.pk in queries.agencies_below(agency.pk, on_day):  # a child goes on: it takes its parent's place
        above = queries.parent_of(agency.pk, on_day)
        _end_current(AgencyParent.objects.filter(agency=heir), on_day)
        if above is not None:
            place_under(agency_id=heir.pk, parent_id=above.pk, on_day=on_day, actor=actor, at=at)
    for child in below:
        if child != heir.pk:
            place_under(agency_id=child, parent_id=heir.pk, on_day=on_day, actor=actor, at=at)


@once("agency.adopt_names")
def adopt_names(*, actor: Actor, at: datetime, key: str = "") -> None:
    """Let agencies and units be called what their dated names say today. Safe to repeat, once a day."""
    permissions.require_system_admin(actor)
    today = at.astimezone(ZONE).date()
    for dated in AgencyName.objects.filter(holds_on(today)).select_related("agency"):
        if (dated.agency.name, dated.agency.short_name) != (dated.name, dated.short_name):
            _call(dated.agency, dated.name, dated.short_name)
    for row in UnitName.objects.filter(holds_on(today)).select_related("unit"):
        if (row.unit.name, row.unit.short_name) != (row.name, row.short_name):
            row.unit.name, row.unit.short_name = row.name, row.short_name
            row.unit.save(update_fields=["name", "short_name"])


@once("agency.set_calendar")
def set_calendar(*, agency_id: int, calendar_id: int, actor: Actor, at: datetime, key: str = "") -> Agency:
    """Give the agency the working calendar its due dates are counted by, from now on.

    Dossiers already accepted keep the calendar they were accepted under.
    """
    permissions.require_system_admin(actor)
    agency = _lock(agency_id)
    if not Calendar.objects.filter(pk=calendar_id, hours__counts=True).exists():
        raise Refusal(
            _("Lịch này chưa có giờ làm việc. Đặt giờ cho lịch trước."), code="no_hours", field="calendar"
        )
    before = agency.calendar_id
    agency.calendar_id = calendar_id
    agency.save(update_fields=["calendar"])
    _write(agency, "agency.set_calendar", actor, at, {"before": before, "after": calendar_id})
    return agency


def _lock(agency_id: int) -> Agency:
    # Others may refer to the agency meanwhile: their foreign keys would wait otherwise, and two wait for each other.
    agency = Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("Không có cơ quan này."))
    return agency


def _call(agency: Agency, name: str, short_name: str) -> None:
    agency.name, agency.short_name, agency.sort_key = name, short_name, sort_key(name)
    agency.save(update_fields=["name", "short_name", "sort_key"])


def _require_open(agency: Agency, on_day: date) -> None:
    _refuse_closed(agency, on_day)
    if on_day < agency.opened_on:
        raise Refusal(_("Ngày hiệu lực trước ngày thành lập cơ quan."), code="too_early", field="on_day")


def _refuse_closed(agency: Agency, on_day: date) -> None:
    if agency.closed_on is not None and agency.closed_on <= on_day:
        raise Conflict(
            _("Cơ quan đã kết thúc hoạt động từ %(day)s.") % {"day": f"{agency.closed_on:%d/%m/%Y}"},
            code="already_closed",
        )


def _end_current(
    rows: QuerySet[AgencyCode] | QuerySet[AgencyName] | QuerySet[AgencyParent], on_day: date
) -> None:
    """End what holds on a day; a change dated before the last one would rewrite history and is refused."""
    if rows.filter(valid_from__gt=on_day).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."),
            code="too_early",
            field="on_day",
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
