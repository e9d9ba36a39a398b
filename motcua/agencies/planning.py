"""What may be planned: the checks of a change before it stands on the list, and the agencies it is about.

A reference to an agency is its id, or {"change": id} for one that an earlier planned change will open.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.agencies import inside, queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyName,
    AgencyParent,
    ChangeKind,
    ChangeState,
    CodeScheme,
    PlannedChange,
    Unit,
    holds_on,
)
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize

Ref = int | dict[str, int]


def agency_of(ref: Ref | None) -> int | None:
    """Return the agency behind a reference; None while the change that opens it is still planned."""
    if isinstance(ref, dict):
        opened = PlannedChange.objects.filter(pk=ref["change"]).values_list("outcome", flat=True).first()
        return (opened or {}).get("agency")
    return ref


def heirs_of(change: PlannedChange) -> list[Ref]:
    """Return who goes on with the work of what a change closes, the main one first."""
    content = change.content
    return [content["target"]] if change.kind == ChangeKind.MERGE else list(content.get("heirs", []))


def heirs_of_any(change: PlannedChange) -> list[Ref]:
    """Return the references of a change to agencies that go on, whatever its kind."""
    content = change.content
    return [ref for ref in (content.get("target"), *content.get("heirs", [])) if ref is not None]


def involved(kind: str, content: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Return the agencies a change is about, and those of them that it closes."""
    closes: list[int] = list(content.get("sources", [])) + (
        [content["source"]] if "source" in content else []
    )
    refs = [content.get(name) for name in ("agency", "target", "parent", "from")] + content.get("heirs", [])
    rest = [one for one in map(agency_of, refs) if one is not None]
    return sorted({*closes, *rest}), sorted(set(closes))


def require_sound(change: PlannedChange, today: date) -> None:
    """Refuse a change that could not be carried out on its day, as far as can be known now."""
    if not normalize(change.legal_basis):
        raise Refusal(
            _("Ghi căn cứ: số và ngày của nghị quyết, quyết định."), code="no_basis", field="legal_basis"
        )
    _CHECKS[change.kind](change, today)


# ── By kind


def _open(change: PlannedChange, today: date) -> None:
    if not normalize(change.content["name"]):
        raise Refusal(_("Nhập tên cơ quan."), code="no_name", field="name")
    _require_free_code(change, change.content["code"])


def _rename(change: PlannedChange, today: date) -> None:
    """A new name, code or place; what is empty stays as it is."""
    content = change.content
    agency = _working(content["agency"], change.on_day, "agency")
    if not (normalize(content["name"]) or content.get("code") or content.get("parent")):
        raise Refusal(_("Nhập tên cơ quan."), code="no_name", field="name")
    if content.get("code"):
        _require_free_code(change, content["code"])
    if content["name"] and AgencyName.objects.filter(agency=agency, valid_from__gt=change.on_day).exists():
        raise _too_early()
    same = _others(change).filter(
        kind=ChangeKind.RENAME, concerns__contains=[agency.pk], on_day__gte=change.on_day
    )
    own = [one.content for one in same if one.content["agency"] == agency.pk]
    if any(one.get(what) and content.get(what) for one in own for what in ("name", "code", "parent")):
        raise Conflict(
            _("Cơ quan này đã có lần đổi tên, mã dự kiến vào ngày đó hoặc sau đó. Hủy lần đó trước."),
            code="planned_already",
            field="on_day",
        )
    _require_not_closing([agency.pk], change)


def _merge(change: PlannedChange, today: date) -> None:
    sources, target = change.content["sources"], change.content["target"]
    if not sources:
        raise Refusal(_("Chọn ít nhất một cơ quan nhập vào."), code="no_source", field="sources")
    _close(change, sources, [target], today, field="target")


def _split(change: PlannedChange, today: date) -> None:
    content = change.content
    source, heirs = content["source"], content["heirs"]
    if len(heirs) < 2 or len({str(one) for one in heirs}) != len(heirs):
        raise Refusal(
            _("Chia tách cần ít nhất hai cơ quan kế thừa khác nhau."), code="one_heir", field="heirs"
        )
    _close(change, [source], heirs, today, field="heirs")
    if content.get("units") is not None:
        _require_homes(change)
    if AgencyParent.objects.filter(holds_on(change.on_day), parent_id=source).exists():
        raise Refusal(
            _("Còn cơ quan trực thuộc. Chuyển từng cơ quan sang cấp trên mới trước khi chia tách."),
            code="has_children",
            field="heirs",
        )


def _move_unit(change: PlannedChange, today: date) -> None:
    content, day = change.content, change.on_day
    unit = inside.one_unit(content["unit"])
    if unit.valid_to is not None and unit.valid_to <= day:
        raise Conflict(_("Đơn vị đã đóng vào ngày này."), code="already_closed", field="on_day")
    if day < today:
        raise Refusal(_("Đơn vị chỉ chuyển từ hôm nay trở đi: hồ sơ đã qua tay đơn vị từ ngày đó."), code="past",
                      field="on_day")  # fmt: skip
    if content["target"] == unit.agency_id:
        raise Refusal(
            _("Đơn vị đang thuộc chính cơ quan này. Chọn cơ quan khác."), code="into_itself", field="target"
        )
    _working(content["target"], day, "target")
    into = content.get("into")
    if into and not Unit.objects.filter(holds_on(day), pk=into, agency_id=content["target"]).exists():
        raise Refusal(
            _("Đơn vị nhập vào không thuộc cơ quan nhận, hoặc đã đóng."), code="no_unit", field="into"
        )
    if any(one.content["unit"] == unit.pk for one in _others(change).filter(kind=ChangeKind.MOVE_UNIT)):
        raise Conflict(
            _("Đơn vị này đã có lần chuyển dự kiến. Hủy lần đó trước."),
            code="planned_already",
            field="on_day",
        )
    _require_not_closing([unit.agency_id, content["target"]], change)


def _code(change: PlannedChange, today: date) -> None:
    row = inside.one_code(change.content["code_id"])
    if row.valid_to is not None:
        raise Conflict(_("Mã này đã hết hiệu lực từ trước."), code="code_ended")
    if change.on_day < row.valid_from:
        raise Refusal(_("Ngày kết thúc trước ngày bắt đầu."), code="too_early", field="on_day")
    if row.scheme == CodeScheme.NEW:
        raise Refusal(
            _("Mã theo Quyết định 20/2020 dùng để đánh số hồ sơ. Cấp mã mới thay thế, hoặc đóng cơ quan."),
            code="last_code",
        )
    if any(one.content["code_id"] == row.pk for one in _others(change).filter(kind=ChangeKind.CODE)):
        raise Conflict(
            _("Mã này đã có ngày kết thúc dự kiến. Hủy lần đó trước."), code="planned_already", field="on_day"
        )


_CHECKS: dict[str, Callable[[PlannedChange, date], None]] = {
    ChangeKind.OPEN: _open,
    ChangeKind.RENAME: _rename,
    ChangeKind.MERGE: _merge,
    ChangeKind.SPLIT: _split,
    ChangeKind.MOVE_UNIT: _move_unit,
    ChangeKind.CODE: _code,
}


# ── Parts


def _close(change: PlannedChange, sources: list[int], heirs: list[Ref], today: date, *, field: str) -> None:
    """Refuse closing agencies into themselves, twice, in a circle, or behind dossiers that came since."""
    day = change.on_day
    found = [one for one in map(agency_of, heirs) if one is not None]
    if set(found) & set(sources):
        raise Refusal(
            _("Cơ quan không thể kế thừa chính nó. Chọn cơ quan khác."), code="into_itself", field=field
        )
    for source in sources:
        _working(source, day, "sources")
    for heir in found:
        _working(heir, day, field)
    twice = _others(change).filter(closes__overlap=sources).first()
    if twice is not None:
        raise Conflict(
            _("Đã có thay đổi dự kiến đóng cơ quan này từ %(day)s. Hủy thay đổi đó trước.")
            % {"day": _day(twice.on_day)},
            code="closed_twice",
            field="sources",
        )
    _require_not_closing(found, change)
    later = _others(change).filter(on_day__gt=day, concerns__overlap=sources).first()
    if later is not None:
        raise Conflict(
            _("Cơ quan này còn thay đổi dự kiến vào %(day)s, sau khi đóng. Hủy thay đổi đó trước.")
            % {"day": _day(later.on_day)},
            code="planned_later",
            field="on_day",
        )
    for rows in (AgencyName.objects, AgencyCode.objects, AgencyParent.objects):
        if rows.filter(agency_id__in=sources, valid_from__gt=day).exists():
            raise _too_early()
    if day <= today:
        _refuse_dossiers_since(sources, day)


def _refuse_dossiers_since(sources: list[int], day: date) -> None:
    came = inside.open_work().received_since(sources, day)
    if came:
        raise Refusal(
            _(
                "Từ %(day)s các cơ quan này đã nhận %(came)s hồ sơ. Chọn ngày sau ngày nhận cuối cùng, ví dụ ngày mai."
            )
            % {"day": _day(day), "came": came},
            code="dossiers_since",
            field="on_day",
        )


def _require_homes(change: PlannedChange) -> None:
    """Refuse a split that does not say for each open unit where it goes: dossiers on it would have no home."""
    content = change.content
    open_now = inside.units_open_in(content["source"], change.on_day)
    given = {int(key): place for key, place in content["units"].items()}
    lost = [unit.name for unit in open_now if unit.pk not in given]
    if lost:
        raise Refusal(
            _("Chưa chọn nơi đến cho: %(units)s. Hồ sơ đang ở đó sẽ không có nơi giải quyết.")
            % {"units": "; ".join(lost)},
            code="homeless",
            field="units",
        )
    if not set(given.values()) <= set(range(len(content["heirs"]))):
        raise Refusal(_("Đơn vị phải về một trong các cơ quan kế thừa."), code="homeless", field="units")


def _working(agency_id: int, day: date, field: str) -> Agency:
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("Không có cơ quan này."))
    if agency.closed_on is not None and agency.closed_on <= day:
        raise Conflict(
            _("%(agency)s đã kết thúc hoạt động từ %(day)s.")
            % {"agency": agency.short_name, "day": _day(agency.closed_on)},
            code="already_closed",
            field=field,
        )
    if agency.opened_on > day:
        raise Refusal(
            _("%(agency)s đến %(day)s mới hoạt động. Chọn ngày đó hoặc muộn hơn.")
            % {"agency": agency.short_name, "day": _day(agency.opened_on)},
            code="not_yet_open",
            field="on_day",
        )
    return agency


def _require_not_closing(agency_ids: Iterable[int], change: PlannedChange) -> None:
    """Refuse an agency that another planned change closes by then: no chain runs backwards, none in a circle."""
    gone = _others(change).filter(closes__overlap=list(agency_ids), on_day__lte=change.on_day).first()
    if gone is not None:
        raise Conflict(
            _(
                "Có cơ quan sẽ đóng từ %(day)s theo thay đổi dự kiến khác, nên không nhận thêm được sau ngày đó."
            )
            % {"day": _day(gone.on_day)},
            code="closing",
            field="target",
        )


def _require_free_code(change: PlannedChange, code: str) -> None:
    text = code.strip().upper()
    planned = (
        one.content.get("code", "").strip().upper()
        for one in _others(change).filter(kind__in=["open", "rename"])
    )
    if AgencyCode.objects.filter(code=text).exists() or text in planned:
        raise Conflict(_("Mã %(code)s đã được cấp và không cấp lại cho ai.") % {"code": text}, code="code_taken",
                       field="code")  # fmt: skip
    if not queries.is_code(text):
        raise Refusal(_("Mã định danh có dạng H40.15.2 hoặc 000.00.15.H40."), code="bad_code", field="code")


def _others(change: PlannedChange) -> Any:
    return (
        PlannedChange.objects.filter(state=ChangeState.PLANNED).exclude(pk=change.pk).order_by("on_day", "pk")
    )


def _too_early() -> Refusal:
    return Refusal(
        _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."),
        code="too_early",
        field="on_day",
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def planned_for(agency_id: int) -> Q:
    """Return the condition 'a planned change is about this agency'."""
    return Q(state=ChangeState.PLANNED, concerns__contains=[agency_id])
