"""Acts on a hall as its pages say them: what, and the facts a person wants to read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.audit.models import Entry
from motcua.ui.components import HistoryItem

VERBS: dict[str, Promise] = {
    "hall.open": gettext_lazy("Mở sảnh lấy số"),
    "hall.set_rules": gettext_lazy("Đặt quy tắc gọi số"),
    "hall.set_open": gettext_lazy("Mở hoặc ngừng phát số"),
    "hall.add_service": gettext_lazy("Thêm nhóm việc ở sảnh"),
    "hall.change_service": gettext_lazy("Sửa nhóm việc ở sảnh"),
    "hall.end_service": gettext_lazy("Ngừng nhóm việc ở sảnh"),
    "hall.open_voice": gettext_lazy("Bắt đầu ghi một giọng gọi số"),
    "hall.record": gettext_lazy("Ghi một từ để gọi số"),
    "hall.end_voice": gettext_lazy("Xóa một giọng gọi số"),
    "hall.add_rules": gettext_lazy("Thêm khung giờ đặt lịch"),
    "hall.end_rule": gettext_lazy("Ngừng khung giờ đặt lịch"),
    "hall.close_day": gettext_lazy("Đóng một ngày đặt lịch"),
    "hall.open_day": gettext_lazy("Mở lại một ngày đặt lịch"),
    "hall.set_entrance": gettext_lazy("Đặt cách lấy số trên điện thoại"),
    "hall.copy_figures": gettext_lazy("Tải số liệu của sảnh"),
    "device.pair": gettext_lazy("Ghép thiết bị ở sảnh"),
    "device.change": gettext_lazy("Sửa thiết bị ở sảnh"),
    "device.revoke": gettext_lazy("Thu hồi thiết bị ở sảnh"),
    "counter.sign_on": gettext_lazy("Vào quầy"),
    "counter.sign_off": gettext_lazy("Rời quầy"),
    "counter.take_over": gettext_lazy("Vào thay người quên rời quầy"),
    "counter.pause": gettext_lazy("Tạm nghỉ ở quầy"),
    "counter.go_on": gettext_lazy("Làm việc tiếp ở quầy"),
    "counter.assign": gettext_lazy("Giao nhóm việc cho quầy"),
}
_RULES: dict[str, Promise] = {
    "normals": gettext_lazy("số thường trước một số ưu tiên"),
    "hold_minutes": gettext_lazy("phút giữ chỗ"),
    "calls_before_absent": gettext_lazy("lần gọi"),
    "window_minutes": gettext_lazy("phút quanh giờ hẹn"),
    "voice_on": gettext_lazy("loa"),
    "voice_volume": gettext_lazy("âm lượng"),
    "voice_accent": gettext_lazy("giọng"),
    "quiet_from": gettext_lazy("lặng từ"),
    "quiet_to": gettext_lazy("lặng đến"),
    "name": gettext_lazy("tên"),
    "hint": gettext_lazy("gồm"),
    "minutes": gettext_lazy("phút một lượt"),
    "position": gettext_lazy("thứ tự"),
    "is_general": gettext_lazy("nhóm chung"),
    "counter": gettext_lazy("quầy"),
}


def history(entries: Iterable[Entry], services: Mapping[int, str]) -> list[HistoryItem]:
    """Return acts as history items; `services` says the letters of each service by id."""
    return [
        HistoryItem(
            at=one.at, what=str(VERBS.get(one.verb, one.verb)), who=one.actor_name, note=_note(one, services)
        )
        for one in entries
    ]


def _note(entry: Entry, services: Mapping[int, str]) -> str:
    facts = entry.payload
    parts: list[str] = []
    if entry.verb.startswith("counter."):
        parts.append(_("quầy %(number)s") % {"number": facts.get("counter", "")})
        if "services" in facts:
            letters = " ".join(services.get(one, "?") for one in facts["services"])
            parts.append(letters or _("không nhóm nào"))
    elif entry.verb == "hall.set_open":
        parts.append(_("phát số") if facts.get("open") else _("ngừng phát số"))
    else:
        parts += [str(facts[name]) for name in ("prefix", "name") if facts.get(name)]
        if not parts and facts.get("service") in services:
            parts.append(services[facts["service"]])
        parts += [_changed(name, pair) for name, pair in facts.get("changed", {}).items() if name in _RULES]
    return "; ".join(part for part in parts if part)


def _changed(name: str, pair: list[Any]) -> str:
    before, after = (_value(one) for one in pair)
    return f"{_RULES[name]}: {before} → {after}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return "–" if value is None or value == "" else str(value)
