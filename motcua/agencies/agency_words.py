"""What the pages of agencies say about acts in the history. Words only."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.models import ChangeKind
from motcua.base.audit.models import Entry
from motcua.ui.components import HistoryItem

VERBS = {
    "agency.open": gettext_lazy("Thành lập"),
    "agency.give_code": gettext_lazy("Cấp mã định danh"),
    "agency.end_code": gettext_lazy("Kết thúc mã định danh"),
    "agency.rename": gettext_lazy("Đổi tên"),
    "agency.place_under": gettext_lazy("Chuyển cấp trên"),
    "agency.close": gettext_lazy("Kết thúc hoạt động"),
    "agency.set_calendar": gettext_lazy("Chọn lịch làm việc"),
    "agency.set_fee_area": gettext_lazy("Xếp loại địa bàn để tính phí"),
    "agency.open_unit": gettext_lazy("Thêm đơn vị"),
    "agency.rename_unit": gettext_lazy("Đổi tên đơn vị"),
    "agency.close_unit": gettext_lazy("Đóng đơn vị"),
    "agency.open_shop": gettext_lazy("Mở bộ phận một cửa"),
    "agency.rename_shop": gettext_lazy("Đổi tên bộ phận một cửa"),
    "agency.close_shop": gettext_lazy("Đóng bộ phận một cửa"),
    "agency.open_point": gettext_lazy("Mở điểm tiếp nhận"),
    "agency.change_point": gettext_lazy("Sửa điểm tiếp nhận"),
    "agency.close_point": gettext_lazy("Đóng điểm tiếp nhận"),
    "agency.open_counter": gettext_lazy("Mở quầy"),
    "agency.close_counter": gettext_lazy("Đóng quầy"),
    "agency.move_unit": gettext_lazy("Chuyển đơn vị"),
    "agency.move_shop": gettext_lazy("Chuyển bộ phận một cửa"),
    "agency.set_area": gettext_lazy("Ghi đơn vị hành chính"),
    "agency.plan_change": gettext_lazy("Dự kiến sắp xếp lại"),
    "agency.cancel_change": gettext_lazy("Hủy sắp xếp dự kiến"),
    "agency.change": gettext_lazy("Thực hiện sắp xếp"),
}


def history(entries: Iterable[Entry], names: Mapping[tuple[str, int], str]) -> list[HistoryItem]:
    """Return acts as history items, the newest first. `names` says what ids in them mean."""
    return [
        HistoryItem(
            at=one.at, what=str(VERBS.get(one.verb, one.verb)), who=one.actor_name, note=_note(one, names)
        )
        for one in entries
    ][::-1]


def _note(entry: Entry, names: Mapping[tuple[str, int], str]) -> str:
    """Say in a line what the act was about: from what to what, since when, on what ground."""
    facts = entry.payload
    name = (
        facts.get("to")
        or facts.get("name")
        or facts.get("code")
        or facts.get("number")
        or facts.get("area")
        or ""
    )
    if "kind" in facts and "change" in facts:
        name = ChangeKind(facts["kind"]).label
    parts = [str(name)]
    if entry.verb in {"agency.rename_unit", "agency.rename_shop"} or (
        entry.verb == "agency.rename" and facts.get("from")
    ):
        parts = [_("“%(before)s” thành “%(after)s”") % {"before": facts["from"], "after": facts["to"]}]
    if entry.verb in {"agency.open_counter", "agency.close_counter"}:
        parts = [_("quầy số %(number)s") % {"number": facts["number"]}]
    known = [("agency", facts.get("parent")), ("calendar", facts.get("after"))]
    known += [("agency", one) for one in facts.get("successors", ())]
    parts += [names.get((kind, pk), "") for kind, pk in known if isinstance(pk, int)]
    since = facts.get("on") or (facts.get("from") if entry.verb == "agency.give_code" else "")
    if since:
        parts.append(_("từ %(day)s") % {"day": _day(str(since))})
    return ", ".join(part for part in [*parts, str(facts.get("basis") or "")] if part)


def _day(text: str) -> str:
    year, month, number = text.split("-")
    return f"{number}/{month}/{year}"
