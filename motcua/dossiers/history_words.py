"""The history of a dossier in plain words: each entry as one sentence, with what it changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.models import Position, Unit
from motcua.base.audit.models import Entry
from motcua.dossiers import paper_words, words
from motcua.dossiers.custody_words import bundle_name
from motcua.dossiers.models import HowPosted
from motcua.procedures.models.words import Channel, OnExpiry
from motcua.ui import dates
from motcua.ui.components import HistoryItem
from motcua.workflow.engine import Definition

_MOST = 240

Payload = dict[str, Any]
Kind = Any


@dataclass(frozen=True, slots=True)
class Names:
    """The names that entries only have ids for: steps, positions, units."""

    definition: Definition
    positions: dict[int, str]
    units: dict[int, str]

    def step(self, key: str) -> str:
        return self.definition.by_key[key].name if key in self.definition.by_key else key

    def position(self, key: Any) -> str:
        return self.positions.get(key, "")

    def unit(self, key: Any) -> str:
        return self.units.get(key, "")


def items(entries: Sequence[Entry], definition: Definition) -> list[HistoryItem]:
    """Return the acts newest first; two queries for the names, none for the rest."""
    names = _names(entries, definition)
    return [_item(entry, names) for entry in reversed(entries)]


def _names(entries: Sequence[Entry], definition: Definition) -> Names:
    positions = {entry.payload.get("to_position") for entry in entries} - {None}
    units = {entry.payload.get("unit") for entry in entries} - {None}
    people = Position.objects.filter(pk__in=positions).values_list("pk", "account__full_name")
    places = Unit.objects.filter(pk__in=units).values_list("pk", "name")
    return Names(definition, dict(people) if positions else {}, dict(places) if units else {})


def _item(entry: Entry, names: Names) -> HistoryItem:
    payload = entry.payload
    sentence = _WHAT.get(entry.verb)
    what = sentence(payload, names) if sentence else str(words.ACTIONS.get(entry.verb, entry.verb))
    who = ", ".join(part for part in (entry.actor_name, entry.actor_title) if part)
    if entry.verb == "old_act":  # done in another system: by whom that system says
        who = payload.get("who") or _("không ghi người làm")
    return HistoryItem(at=entry.at, what=what, who=who, note=_note(entry), kind=_KIND.get(entry.verb, ""))


def _note(entry: Entry) -> str:
    payload = entry.payload
    parts = [str(payload[name]) for name in ("reason", "note", "question") if payload.get(name)]
    if entry.verb == "request_supplement":
        parts += [f"{item['name']}: {item['reason']}" for item in payload.get("items", [])]
    if entry.verb == "correct":
        changes = payload.get("changes", {})
        parts += [
            _("“%(old)s” thành “%(new)s”") % {"old": _value(name, old), "new": _value(name, new)}
            for name, (old, new) in changes.items()
        ]
    before, after = payload.get("due_before"), payload.get("due_after")
    if before and after and _when(before) != _when(after):
        parts.append(_("hẹn trả %(old)s thành %(new)s") % {"old": _when(before), "new": _when(after)})
    if payload.get("ticket") and not entry.verb.endswith("_ticket"):
        parts.append(_("số thứ tự %(label)s") % {"label": payload["ticket"]})
    text = "; ".join(parts)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def _value(name: str, value: object) -> str:
    """Return a corrected value as a person reads it."""
    if value in (None, ""):
        return _("không ghi")
    if name == "channel":
        return str(Channel(str(value)).label)
    if name == "result_channel":
        return str(words.ResultChannel(str(value)).label)
    return dates.day(date.fromisoformat(str(value))) if name == "posted_on" else str(value)


def _when(text: str) -> str:
    return dates.moment(datetime.fromisoformat(text))


def _assign(payload: Payload, names: Names) -> str:
    name = names.position(payload.get("to_position"))
    return _("Phân công cho %(name)s") % {"name": name} if name else _("Phân công")


def _forward(payload: Payload, names: Names) -> str:
    following = ", ".join(names.step(key) for key in payload.get("to_steps", []))
    if following:
        return _("Chuyển sang “%(steps)s”") % {"steps": following}
    return _("Xong bước “%(step)s”") % {"step": names.step(payload.get("from_step", ""))}


def _send_back(payload: Payload, names: Names) -> str:
    return _("Trả lại bước “%(step)s”") % {"step": names.step(payload.get("to_step", ""))}


def _consult(payload: Payload, names: Names) -> str:
    unit = names.unit(payload.get("unit"))
    return _("Lấy ý kiến %(unit)s") % {"unit": unit} if unit else _("Lấy ý kiến")


def _answer(payload: Payload, names: Names) -> str:
    said = {True: _("đồng ý"), False: _("không đồng ý")}.get(payload.get("agrees"))  # type: ignore[arg-type]
    return _("Trả lời ý kiến: %(said)s") % {"said": said} if said else _("Trả lời ý kiến")


def _result(text: Promise, refused: Promise) -> Callable[[Payload, Names], str]:
    def sentence(payload: Payload, names: Names) -> str:
        return str(refused if payload.get("kind") == words.ResultKind.REFUSED else text)

    return sentence


def _issue(payload: Payload, names: Names) -> str:
    return _("Phát hành số %(number)s") % {"number": payload.get("number", "")}


def _return(payload: Payload, names: Names) -> str:
    channel = dict(words.ResultChannel.choices).get(payload.get("channel", ""), "")
    return _("Trả kết quả: %(channel)s") % {"channel": str(channel).lower()}


def _attach(payload: Payload, names: Names) -> str:
    return _("Đính kèm “%(name)s”") % {"name": payload.get("name", "")}


def _reprint(payload: Payload, names: Names) -> str:
    title = paper_words.title(payload.get("form", ""))
    return _("In lại %(paper)s (lần %(n)s)") % {"paper": title, "n": payload.get("reprint", "")}


def _paper_corrected(payload: Payload, names: Names) -> str:
    return _("Sửa %(paper)s: bản sửa lần %(n)s, số %(number)s thay số %(old)s") % {
        "paper": paper_words.title(payload.get("form", "")), "n": payload.get("round", ""),
        "number": payload.get("number", ""), "old": payload.get("old_number", ""),
    }  # fmt: skip


def _child(payload: Payload, names: Names) -> str:
    return _("Mở hồ sơ liên thông %(code)s") % {"code": payload.get("child", "")}


def _child_done(payload: Payload, names: Names) -> str:
    return _("Hồ sơ liên thông %(code)s đã có kết quả") % {"code": payload.get("child", "")}


def _child_failed(payload: Payload, names: Names) -> str:
    return _("Hồ sơ liên thông %(code)s không có kết quả") % {"code": payload.get("child", "")}


def _taken(payload: Payload, names: Names) -> str:
    limit = payload.get("limit")
    if payload.get("parent"):
        return _("Nhận liên thông từ hồ sơ %(code)s, thời hạn %(limit)s") % {
            "code": payload["parent"],
            "limit": limit,
        }
    said = _("Tiếp nhận, thời hạn %(limit)s") % {"limit": limit} if limit else _("Tiếp nhận")
    if payload.get("case"):
        said += "; " + _("theo trường hợp “%(case)s”, lúc nộp là “%(before)s”") % {
            "case": payload["case"], "before": payload.get("case_before", ""),
        }  # fmt: skip
    return said


def _followed(payload: Payload, names: Names) -> str:
    before, after = payload.get("from_agency", ""), payload.get("to_agency", "")
    if before == after:
        return _("Chuyển theo đơn vị được sắp xếp lại")
    return _("Chuyển theo cơ quan: %(before)s thành %(after)s") % {"before": before, "after": after}


def _handed_in_online(payload: Payload, names: Names) -> str:
    who = {
        "officer": _("cán bộ %(name)s giúp nộp"),
        "post": _("nhân viên bưu chính %(name)s giúp nộp"),
    }.get(payload.get("pressed_by", ""), _("người nộp tự làm")) % {"name": payload.get("pressed_name", "")}
    return _("Nộp trực tuyến: %(who)s, tài khoản mức %(level)s") % {"who": who, "level": payload.get("level")}


def _came_in(payload: Payload, names: Names) -> str:
    who = {
        "applicant": _("người nộp tự làm"),
        "officer": _("cán bộ %(name)s nộp giúp"),
        "post": _("nhân viên bưu chính %(name)s nộp giúp"),
        "system": _("hệ thống tự chuyển"),
    }.get(payload.get("pressed_by", ""), "") % {"name": payload.get("pressed_name", "")}
    code = payload.get("external_code")
    text = _("Gửi từ hệ thống khác, mã %(code)s: %(who)s") if code else _("Gửi từ hệ thống khác: %(who)s")
    return text % {"code": code, "who": who}


def _moved_in(payload: Payload, names: Names) -> str:
    return _("Chuyển từ hệ thống cũ, mã cũ %(code)s") % {"code": payload.get("old_code", "")}


def _objected(payload: Payload, names: Names) -> str:
    return _("Người nộp không đồng ý với kết quả: phản ánh %(code)s") % {"code": payload.get("petition", "")}


def _old_act(payload: Payload, names: Names) -> str:
    return _("%(what)s (ghi ở hệ thống cũ)") % {"what": payload.get("what", "")}


def _prepared(payload: Payload, names: Names) -> str:
    return _("Sắp đến hạn: chuẩn bị văn bản xin lỗi, đề nghị hẹn lại %(when)s, gửi chậm nhất %(by)s") % {
        "when": _when(payload["new_due_at"]),
        "by": _when(payload["say_by"]),
    }


def _proposed(payload: Payload, names: Names) -> str:
    return _("Trình lãnh đạo xin lỗi, đề nghị hẹn lại %(when)s") % {"when": _when(payload["new_due_at"])}


def _waved(payload: Payload, names: Names) -> str:
    return _("Báo sẽ xong trước hạn %(when)s, không phải xin lỗi") % {"when": _when(payload["due"])}


def _given_back(payload: Payload, names: Names) -> str:
    return _("Trả lại đề nghị xin lỗi: %(reason)s") % {"reason": payload["reason"]}


def _late(payload: Payload, names: Names) -> str:
    text = _("Quá cả ngày hẹn lại %(when)s") if payload.get("again") else _("Quá hạn %(when)s, chưa xin lỗi")
    return text % {"when": _when(payload["due"])}


def _reminded(payload: Payload, names: Names) -> str:
    return _("Gần hết hạn bổ sung %(when)s, cần nhắc người nộp") % {"when": _when(payload["answer_by"])}


def _expired(payload: Payload, names: Names) -> str:
    follows = dict(OnExpiry.choices).get(payload.get("on_expiry", ""), "")
    return _("Hết hạn bổ sung %(when)s mà chưa nhận được giấy tờ; theo thủ tục: %(follows)s") % {
        "when": _when(payload["answer_by"]), "follows": str(follows).lower(),
    }  # fmt: skip


def _gone_on(payload: Payload, names: Names) -> str:
    return _("Hết hạn bổ sung %(when)s, giải quyết tiếp với giấy tờ đã có") % {
        "when": _when(payload["answer_by"])
    }


def _paper(text: Any) -> Callable[[Payload, Names], str]:
    """Return the sentence of an act on paper: what, by which slip, for whom."""

    def say(payload: Payload, names: Names) -> str:
        return str(text) % {
            "papers": bundle_name(payload["bundle"], payload["round"]).lower(), "slip": payload.get("slip", ""),
            "unit": names.unit(payload.get("unit")),
        }  # fmt: skip

    return say


_FOUND = {
    "found_there": gettext_lazy("Tìm thấy %(papers)s ở bên nhận (phiếu %(slip)s)"),
    "found_here": gettext_lazy("Tìm thấy %(papers)s, vẫn ở bên giao (phiếu %(slip)s)"),
    "lost": gettext_lazy("Ghi nhận mất %(papers)s (phiếu %(slip)s)"),
}


def _settled(payload: Payload, names: Names) -> str:
    return _paper(_FOUND[payload["how"]])(payload, names)


def _numbers(payload: Payload, names: Names) -> str:
    numbers = ", ".join(str(number) for number in payload.get("numbers", []))
    return _("Vào sổ chứng thực: số %(numbers)s") % {"numbers": numbers}


def _paid(payload: Payload, names: Names) -> str:
    amount = int(payload.get("amount", 0))
    words = _("Ghi thu %(sum)s") if amount > 0 else _("Ghi trả lại %(sum)s")
    return words % {"sum": dates.dong(abs(amount))}


def _void(payload: Payload, names: Names) -> str:
    return _("Hủy số chứng thực %(number)s") % {"number": payload.get("number", "")}


def _reused(payload: Payload, names: Names) -> str:
    if not payload.get("from"):
        return _("Dùng “%(name)s” từ kho giấy tờ, người nộp đồng ý") % {
            "name": str(payload.get("name", ""))[:120]
        }
    return _("Dùng lại “%(name)s” của hồ sơ %(code)s, người nộp đồng ý") % {
        "name": str(payload.get("name", ""))[:120], "code": payload.get("from", ""),
    }  # fmt: skip


def _posting(payload: Payload, names: Names) -> str:
    how = str(payload.get("how", ""))
    label = HowPosted(how).label if how in HowPosted.values else how
    return _("Quyết cách niêm yết: %(how)s") % {"how": label}


_WHAT: dict[str, Callable[[Payload, Names], str]] = {
    "decide_posting": _posting,
    "certify_number": _numbers,
    "split": lambda payload, names: (
        _("Tách tệp quét thành %(n)s phần") % {"n": len(payload.get("parts", []))}
    ),
    "certify_pay": _paid,
    "certify_void": _void,
    "certify_electronic": lambda payload, names: (
        _("Đưa bản sao điện tử số %(number)s vào kho giấy tờ") % {"number": payload.get("number", "")}
    ),
    "certify_correct": lambda payload, names: _("Sửa giấy tờ cần chứng thực"),
    "certify_send_back": lambda payload, names: _("Lãnh đạo trả lại để sửa"),
    "accept": _taken,
    "assign": _assign,
    "forward": _forward,
    "send_back": _send_back,
    "consult": _consult,
    "answer": _answer,
    "propose": _result(gettext_lazy("Trình: đồng ý giải quyết"), gettext_lazy("Trình: từ chối giải quyết")),
    "approve": _result(gettext_lazy("Phê duyệt kết quả"), gettext_lazy("Phê duyệt văn bản từ chối")),
    "issue": _issue,
    "return_result": _return,
    "attach": _attach,
    "join_ticket": lambda payload, names: _("Gắn số thứ tự %(label)s") % {"label": payload["ticket"]},
    "take_off_ticket": lambda payload, names: _("Gỡ số thứ tự %(label)s") % {"label": payload["ticket"]},
    "reprint": _reprint,
    "compose_result": lambda payload, names: (
        _("Soạn kết quả từ mẫu “%(name)s”") % {"name": payload.get("file", "")}
    ),
    "correct_paper": _paper_corrected,
    "reuse_paper": _reused,
    "open_child": _child,
    "child_done": _child_done,
    "child_failed": _child_failed,
    "follow": _followed,
    "came_in": _came_in,
    "handed_in_online": _handed_in_online,
    "took_result": lambda payload, names: _("Người nộp tải tệp kết quả"),
    "result_received": lambda payload, names: (
        _("Báo đã trao kết quả cho %(name)s") % {"name": payload.get("received_by", "")}
    ),
    "move_in": _moved_in,
    "move_in_again": lambda payload, names: _("Cập nhật theo tệp của hệ thống cũ đã sửa"),
    "objected": _objected,
    "old_act": _old_act,
    "prepare_apology": _prepared,
    "propose_apology": _proposed,
    "wave_off": _waved,
    "return_apology": _given_back,
    "note_late": _late,
    "remind_supplement": _reminded,
    "expire_supplement": _expired,
    "go_on_without": _gone_on,
    "hand_over_papers": _paper(gettext_lazy("Giao %(papers)s cho %(unit)s (phiếu %(slip)s)")),
    "take_papers": _paper(gettext_lazy("%(unit)s nhận %(papers)s (phiếu %(slip)s)")),
    "papers_missing": _paper(gettext_lazy("Báo thiếu %(papers)s khi nhận phiếu %(slip)s")),
    "withdraw_papers": _paper(gettext_lazy("Thu hồi phiếu %(slip)s: %(papers)s không giao nữa")),
    "settle_papers": _settled,
    "give_papers_back": _paper(gettext_lazy("Trả lại người dân: %(papers)s")),
    "file_papers": _paper(gettext_lazy("Lưu hồ sơ: %(papers)s")),
}

_KIND: dict[str, Kind] = {
    "accept": "good",
    "issue": "good",
    "return_result": "good",
    "request_supplement": "wait",
    "suspend": "wait",
    "suspend_for_money": "wait",
    "open_child": "wait",
    "child_done": "good",
    "child_failed": "late",
    "send_back": "wait",
    "extend": "late",
    "note_late": "late",
    "recompute": "wait",
    "prepare_apology": "wait",
    "remind_supplement": "wait",
    "expire_supplement": "late",
    "refuse_unanswered": "late",
    "papers_missing": "late",
    "refuse": "late",
    "stop": "late",
    "withdraw": "late",
}
