"""The history of a procedure in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.audit.models import Entry
from motcua.procedures.models.words import Part
from motcua.ui.components import HistoryItem

VERBS: dict[str, str | Promise] = {
    "open": gettext_lazy("Tạo thủ tục"),
    "start_draft": gettext_lazy("Mở bản dự thảo %(version)s"),
    "merge": gettext_lazy("Mở bản dự thảo %(version)s với các trường lấy từ bản ghi quốc gia"),
    "keep_ours": gettext_lazy("Đã đối chiếu bản ghi quốc gia (bản %(version)s), giữ bản của ta"),
    "edit": gettext_lazy("Sửa bản %(version)s: %(part)s"),
    "discard_draft": gettext_lazy("Bỏ bản dự thảo %(version)s"),
    "ask_publish": gettext_lazy("Gửi duyệt công bố bản %(version)s"),
    "ask_repeal": gettext_lazy("Gửi duyệt bãi bỏ"),
    "approved_publish": gettext_lazy("Duyệt công bố bản %(version)s"),
    "approved_repeal": gettext_lazy("Duyệt bãi bỏ"),
    "returned_publish": gettext_lazy("Trả lại bản %(version)s"),
    "returned_repeal": gettext_lazy("Trả lại yêu cầu bãi bỏ"),
    "withdrawn_publish": gettext_lazy("Rút yêu cầu duyệt bản %(version)s"),
    "withdrawn_repeal": gettext_lazy("Rút yêu cầu bãi bỏ"),
    "publish": gettext_lazy("Công bố bản %(version)s, %(decision)s"),
    "repeal": gettext_lazy("Bãi bỏ theo %(decision)s"),
    "settle": gettext_lazy("Xử lý dòng cần xem lại"),
    "settle_many": gettext_lazy("Xử lý nhiều dòng cần xem lại"),
    "setting": gettext_lazy("Đổi cách làm riêng của một cơ quan"),
    "choose_forms": gettext_lazy("Chọn bộ mẫu giấy tờ"),
    "local_fee": gettext_lazy("Ghi mức thu của tỉnh"),
    "end_local_fee": gettext_lazy("Dừng mức thu của tỉnh"),
    "exempt": gettext_lazy("Ghi nhóm được miễn, giảm"),
    "end_exemption": gettext_lazy("Dừng miễn, giảm"),
}
_GOOD, _LATE = frozenset({"publish"}), frozenset({"repeal", "returned_publish", "returned_repeal"})


def items(entries: Iterable[Entry]) -> list[HistoryItem]:
    """Return entries as a history, in the order given."""
    return [_item(entry) for entry in entries]


def _item(entry: Entry) -> HistoryItem:
    facts = {key: str(value) for key, value in entry.payload.items() if value is not None}
    part = facts.get("part", "")
    facts["part"] = str(Part(part).label).lower() if part in Part.values else part
    facts = {"version": "?", "decision": _("không số"), **facts}
    kind = "good" if entry.verb in _GOOD else "late" if entry.verb in _LATE else ""
    words = str(VERBS.get(entry.verb, entry.verb))
    return HistoryItem(
        at=entry.at,
        what=words % facts if "%(" in words else words,
        who=entry.actor_name,
        note=facts.get("reason") or facts.get("note", ""),
        kind=kind,  # type: ignore[arg-type]
    )
