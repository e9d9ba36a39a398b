"""What applicants are told: the events, the words of each channel, and what those words can name.

Words are plain text in the language of `lib.placeholders`. A text message goes over networks and lies on other
people's tables: names marked as personal are refused there, and so in push messages, which show its words. A Zalo
message names the template that Zalo approved and its parameters: "100001; ma={mã hồ sơ}; ngay={hạn trả}".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.notifications.channels.sms import MOST_PARTS, as_sent
from motcua.base.printing.passages import Place
from motcua.base.printing.wording import instant
from motcua.dossiers import states
from motcua.dossiers.message_defaults import EVENTS, PREFIX, EventWords
from motcua.lib import placeholders, sms_text
from motcua.lib.finding import mark as _mark
from motcua.lib.personal_traces import number_in
from motcua.lib.refusal import Refusal

_MOST = {"sms": 480, "zalo": 600, "subject": 120, "mail": 1500}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message can name; empty where there is none."""

    code: str
    procedure: str
    office: str
    phone: str
    page: str
    due_at: datetime | None = None
    answer_by: datetime | None = None
    place: str = ""
    sent: str = ""  # where the applicant need not come: how the result reaches them
    choice: str = ""
    rating: str = ""
    name: str = ""
    missing: str = ""
    reason: str = ""


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    said = instant(at)
    return f"{said['clock']} ngày {said['date']}"


NAMES: Mapping[str, Callable[[Facts], str]] = {
    "mã hồ sơ": lambda facts: facts.code,
    "tên thủ tục": lambda facts: facts.procedure,
    "hạn trả": lambda facts: _moment(facts.due_at),
    "hạn bổ sung": lambda facts: _moment(facts.answer_by),
    "nơi nhận kết quả": lambda facts: facts.place,
    "cách nhận kết quả": lambda facts: facts.sent,
    "tên cơ quan": lambda facts: facts.office,
    "điện thoại cơ quan": lambda facts: facts.phone,
    "trang tra cứu": lambda facts: facts.page,
    "trang chọn tin": lambda facts: facts.choice,
    "trang đánh giá": lambda facts: facts.rating,
    "tên người nộp": lambda facts: facts.name,
    "giấy tờ cần bổ sung": lambda facts: facts.missing,
    "lý do": lambda facts: facts.reason,
}
#: Of a person, or telling about one: which procedure somebody needs, what their papers lack. Letters alone may say it.
PERSONAL = frozenset({"tên người nộp", "tên thủ tục", "giấy tờ cần bổ sung", "lý do"})


PLACES: dict[str, tuple[Place, ...]] = {
    one.form: (
        Place("sms", gettext_lazy("Tin nhắn SMS, cũng hiện trên máy nhận tin"), one.sms),
        Place("zalo", gettext_lazy("Tin Zalo: mã mẫu đã duyệt; tên ô = chữ; …"), ""),
        Place("subject", gettext_lazy("Tiêu đề thư điện tử"), f"{one.title}: hồ sơ {{mã hồ sơ}}"),
        Place(
            "mail", gettext_lazy("Lời thư điện tử"), f"Kính gửi anh/chị, {one.mail[0].lower()}{one.mail[1:]}"
        ),
    )
    for one in EVENTS.values()
}

#: An example that nobody is in: as long as such things get.
EXAMPLE = Facts(
    code="H24.12-261130-0123", procedure="Đăng ký khai sinh", office="Trung tâm Phục vụ hành chính công",
    phone="0225 388 8888", page="dichvucong.haiphong.gov.vn/tra-cuu",
    place="Trung tâm Phục vụ hành chính công, 12 Lý Tự Trọng",
    choice="dichvucong.haiphong.gov.vn/bao-tin/AAAAAAAAAAAAAAAAAAAA/", name="Nguyễn Văn A",
    missing="Giấy chứng sinh; Giấy tờ chứng minh nơi cư trú", reason="Thiếu giấy tờ",
    rating="dichvucong.haiphong.gov.vn/danh-gia/AAAAAAAAAAAAAAAAAAAAAA/",
    due_at=datetime.fromisoformat("2026-12-07T17:00+07:00"),
    answer_by=datetime.fromisoformat("2026-12-04T17:00+07:00"),
)  # fmt: skip

_BY_VERB = {
    "submit": "submitted", "accept": "received", "refuse": "refused", "request_supplement": "supplement",
    "extend": "new_date", "issue": "done", "issue_refusal": "denied", "refuse_unanswered": "denied",
    "return_result": "returned", "withdraw": "ended", "stop": "ended",
}  # fmt: skip


def event_of(verb: str, after: int, sub: str) -> str:
    """Return what an act means for the applicant; "" for what goes on inside the office."""
    if verb in ("suspend", "suspend_for_money"):
        return "fee" if after == states.Status.AWAITING_MONEY else "paused"
    if verb in ("resume", "receive_supplement", "go_on_without"):
        return "resumed" if after == states.Status.PROCESSING else ""
    if verb == "issue" and sub == states.Sub.REFUSED:
        return "denied"
    return _BY_VERB.get(verb, "")


def of_form(form: str) -> EventWords | None:
    """Return the event of a form; None for papers and unknown ones."""
    return EVENTS.get(form.removeprefix(PREFIX)) if form.startswith(PREFIX) else None


_TOO_LONG = _mark("Dài quá %(most)s chữ.")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,29}")


def check(key: str, text: str) -> None:
    """Refuse a text that a channel cannot or must not carry, naming the field."""
    offered = [name for name in NAMES if name not in PERSONAL] if key in ("sms", "zalo") else None
    placeholders.check(text, NAMES, most=_MOST[key], too_long=_TOO_LONG, field=key, offered=offered)
    if key in ("sms", "zalo"):
        personal = [name for name in placeholders.named(text) if placeholders.lowered(name) in PERSONAL]
        if personal:
            raise Refusal(
                _(
                    "Tin nhắn không chở dữ liệu cá nhân: bỏ ô “{%(name)s}”. Chỉ ghi mã hồ sơ, trạng thái và việc cần "
                    "làm; chi tiết để ở trang tra cứu."
                )
                % {"name": personal[0]},
                code="personal", field=key,
            )  # fmt: skip
    if key == "sms" and (number := number_in(text)):
        raise Refusal(
            _("Trong tin có số “%(number)s”. Số điện thoại của cơ quan ghi bằng ô {điện thoại cơ quan}.")
            % {"number": number},
            code="number", field=key,
        )  # fmt: skip
    if key == "sms" and text and sms_text.size(as_sent(filled(text, EXAMPLE))).parts > MOST_PARTS:
        raise Refusal(
            _("Dài quá %(most)s tin SMS. Rút ngắn lại.") % {"most": MOST_PARTS}, code="long", field=key
        )
    if key == "zalo":
        zalo_of(text, EXAMPLE)


#: Ways by which news that the law requires must be able to go. Zalo needs a template of its own, so it is no duty.
_OBLIGED = ("sms", "mail")


def check_whole(form: str, texts: Mapping[str, str]) -> None:
    """Refuse words that would silence a message that the law has us send, naming the ways left empty."""
    event = of_form(form)
    names = {"sms": _("SMS"), "mail": _("thư điện tử")}
    empty = [key for key in _OBLIGED if not texts.get(key, "").strip()]
    if event and event.required and empty:
        raise Refusal(
            _("Luật buộc báo tin này. Viết lời cho %(ways)s: bỏ trống thì có người không được báo.")
            % {"ways": ", ".join(names[key] for key in empty)},
            code="silent", field=empty[0],
        )  # fmt: skip


def said(event: EventWords, key: str, texts: Mapping[str, str], facts: Facts) -> str:
    """Return what a place says. Where an agency's words say nothing, the program's own tell what the law requires."""
    own = filled(texts.get(key, ""), facts)
    if own or not event.required or key not in _OBLIGED:
        return own
    return filled(next(place.default for place in PLACES[event.form] if place.key == key), facts)


def silent(event: EventWords, texts: Mapping[str, str], facts: Facts) -> set[str]:
    """Return the places in which the program's own words stand in for an agency's that say nothing."""
    return {key for key in _OBLIGED if event.required and not filled(texts.get(key, ""), facts)}


def filled(text: str, facts: Facts) -> str:
    """Return a text with its names replaced; sentences that have nothing to say are left out."""
    return placeholders.fill(text, lambda name: placeholders.value_of(name, NAMES, facts))


def without_personal(facts: Facts) -> Facts:
    """Return facts from which nothing personal can be named, whatever an older version of words says."""
    return replace(facts, name="", procedure="", missing="", reason="")


def zalo_of(text: str, facts: Facts) -> tuple[str, dict[str, str]] | None:
    """Return template and parameters of a Zalo message; None where it says none. Refuses what has another form.

    Values are put in after the text was taken apart: a semicolon in a value stays one.
    """
    if not text.strip():
        return None
    template, *rest = (part.strip() for part in text.split(";"))
    data: dict[str, str] = {}
    for part in filter(None, rest):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not equals or not _PARAMETER.fullmatch(name):
            raise Refusal(_bad_zalo(), code="zalo", field="zalo")
        data[name] = placeholders.NAMED.sub(
            lambda found: placeholders.value_of(found[1], NAMES, facts), value
        )[:200]  # fmt: skip
    if not template.isascii() or not template.isdigit():
        raise Refusal(_bad_zalo(), code="zalo", field="zalo")
    return template, data


def _bad_zalo() -> str:
    return _(
        "Viết mã mẫu Zalo đã duyệt rồi các ô, ngăn bằng dấu chấm phẩy: 100001; ma={mã hồ sơ}; ngay={hạn trả}"
    )
