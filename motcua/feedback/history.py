"""The history of a petition in words, for whoever handles it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.feedback.models import Petition
from motcua.feedback.queries.petitions import history_of
from motcua.feedback.states import Ground
from motcua.ui.components import HistoryItem

WORDS = {
    "file": gettext_lazy("Người gửi gửi đến"),
    "assign": gettext_lazy("Giao người xử lý"),
    "refuse": gettext_lazy("Không tiếp nhận"),
    "forward": gettext_lazy("Chuyển cơ quan khác"),
    "send_out": gettext_lazy("Chuyển ra cơ quan ngoài hệ thống"),
    "give_back": gettext_lazy("Trả lại cơ quan đã chuyển"),
    "ask": gettext_lazy("Hỏi thêm người gửi"),
    "reply": gettext_lazy("Người gửi trả lời"),
    "go_on": gettext_lazy("Xử lý tiếp, không chờ nữa"),
    "propose": gettext_lazy("Trình câu trả lời"),
    "send_back": gettext_lazy("Trả lại để sửa"),
    "approve": gettext_lazy("Duyệt câu trả lời"),
    "withdraw": gettext_lazy("Người gửi rút"),
    "publish": gettext_lazy("Đăng công khai"),
    "unpublish": gettext_lazy("Gỡ khỏi trang công khai"),
    "keep_private": gettext_lazy("Người gửi không cho đăng"),
    "score": gettext_lazy("Người gửi đánh giá cách giải quyết"),
}


def told(petition: Petition) -> list[HistoryItem]:
    """Return what happened, the newest first. Of the sender no name stands in it."""
    found = []
    for entry in reversed(history_of(petition)):
        verb = entry.verb.removeprefix("petition.")
        late = bool(entry.payload.get("late"))
        found.append(
            HistoryItem(
                entry.at, str(WORDS.get(verb, verb)), who=entry.actor_name if entry.actor_kind == "officer" else "",
                note=_note(entry.payload), kind="late" if late else "",
            )
        )  # fmt: skip
    return found


def _note(facts: dict[str, Any]) -> str:
    parts = []
    if facts.get("ground") in Ground.values:
        parts.append(str(Ground(facts["ground"]).label))
    if facts.get("receiver"):
        parts.append(str(facts["receiver"]))
    if facts.get("late"):
        parts.append(_("quá hạn"))
    if facts.get("in_time") is False:
        parts.append(_("hỏi muộn nên thời hạn vẫn chạy"))
    return "; ".join(parts)
