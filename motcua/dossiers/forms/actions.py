"""One form per verb: what an officer must say to do it, and the operation it calls.

A form is built for one dossier as it stands (`Facts`), so its choices are the ones that may be made now.
`run` calls exactly one operation; whatever that refuses comes back beside the field it is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock, offers, picks, words
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.dossiers.offers import Desk, Offer
from motcua.dossiers.operations import (
    children,
    consultation,
    correction,
    decision,
    ending,
    handover,
    intake,
    pauses,
    processing,
    supplement,
)
from motcua.dossiers.operations.intake import PaperIn
from motcua.dossiers.operations.supplement import Missing
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_MORE_ROWS = 3
DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d")
FAR_DAYS = 3 * 366
_STEPS_ON = (1, 3, 5, 10)


@dataclass(frozen=True)
class Facts:
    """The dossier as it stands, the officer's desk, the button pressed, and the moment."""

    dossier: Dossier
    desk: Desk
    offer: Offer
    actor: Actor
    now: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.now)


class ActionForm(forms.Form):
    """The base: knows its facts, adds nothing. `lead` is one sentence above the fields."""

    lead: ClassVar[Any] = ""
    send: ClassVar[Any] = ""
    takes_file: ClassVar[bool] = False

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        kwargs |= {"auto_id": "do_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices; a field with nothing to choose is dropped."""

    def run(self, common: dict[str, Any]) -> Dossier:
        """Call the operation with the clean data."""
        raise NotImplementedError

    def plain_fields(self) -> Iterator[BoundField]:
        """The fields drawn one under the other; forms with a layout of their own leave theirs out."""
        yield from self

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Give a choice field its choices; one choice is taken, none takes the field away."""
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]

    def only_if_many(self, name: str, labels: list[str]) -> None:
        """Ask for an outcome only where there are several."""
        if len(labels) <= 1:
            del self.fields[name]
            self.only_choice = labels[0] if labels and labels[0] else None
        else:
            self.choose(name, [(label, label) for label in labels])
            self.only_choice = None

    def end_of(self, day: date) -> datetime:
        """Return the end of office hours on `day`, or on the next working day."""
        calendar = clock.calendar_of(self.facts.dossier)
        return calendar.closing(calendar.roll_forward(day))

    def choice(self) -> str | None:
        return self.cleaned_data.get("choice") or self.only_choice


def _text(label: Any, *, rows: int = 3, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=4000, widget=forms.Textarea({"rows": rows})
    )


def _line(
    label: Any, *, required: bool = True, hint: Any = "", most: int = 300, **more: Any
) -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=hint, max_length=most, **more)


def not_far(day: date) -> None:
    """Refuse a year mistyped: nothing here is promised or asked for years ahead."""
    if abs((day - timezone.localdate()).days) > FAR_DAYS:
        raise forms.ValidationError(_("Ngày quá xa. Xem lại năm."))


def _day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    # A plain field: the browser's own picker would show month before day on an English machine.
    widget = forms.DateInput({"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y")
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint or gettext_lazy("Ngày/tháng/năm, ví dụ 26/11/2026."),
        widget=widget,
        input_formats=DAY_FORMATS,
        validators=[not_far],
        error_messages={"invalid": gettext_lazy("Ghi ngày theo mẫu 26/11/2026.")},
    )


def _radio(label: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, widget=forms.RadioSelect, **more)


def _file(label: Any, hint: Any = "") -> forms.FileField:
    widget = forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,.heic"})
    return forms.FileField(label=label, required=False, help_text=hint, widget=widget)


_NOTE = gettext_lazy("Ghi chú cho người nhận")


# ── From desk to desk


class AssignForm(ActionForm):
    send = gettext_lazy("Giao việc")
    to_position = _radio(gettext_lazy("Giao cho"))
    note = _text(_NOTE, rows=2, required=False)

    def prepare(self) -> None:
        self.choose("to_position", picks.officers_with_load(self.facts.desk, on=self.facts.day))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return processing.assign(**common, to_position=int(data["to_position"]), note=data["note"])


class ForwardForm(ActionForm):
    send = gettext_lazy("Chuyển")
    note = _text(_NOTE, rows=2, required=False)

    def prepare(self) -> None:
        self.fields = {"choice": _radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.forward_choices(self.facts.desk))

    def run(self, common: dict[str, Any]) -> Dossier:
        return processing.forward(**common, choice=self.choice(), note=self.cleaned_data["note"])


class SendBackForm(ActionForm):
    send = gettext_lazy("Trả lại")
    to_step = _radio(gettext_lazy("Trả về bước"))
    reason = _text(gettext_lazy("Cần sửa gì"))

    def prepare(self) -> None:
        self.choose("to_step", [(step.key, step.name) for step in offers.back_steps(self.facts.desk)])

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return processing.send_back(**common, to_step=data["to_step"], reason=data["reason"])


class AcceptForm(ActionForm):
    lead = gettext_lazy("Thời hạn bắt đầu tính từ lúc này; giấy tiếp nhận in được ngay.")
    send = gettext_lazy("Tiếp nhận")

    def run(self, common: dict[str, Any]) -> Dossier:
        return intake.accept(**common)


class RefuseForm(ActionForm):
    send = gettext_lazy("Từ chối tiếp nhận")
    reason = _text(gettext_lazy("Lý do, in trên phiếu từ chối"))
    where_to_turn = _line(gettext_lazy("Hướng dẫn người dân đến đâu"), required=False)

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return intake.refuse(**common, reason=data["reason"], where_to_turn=data["where_to_turn"])


# ── Opinions


class ConsultForm(ActionForm):
    lead = gettext_lazy("Đơn vị được hỏi thấy hồ sơ từ lúc này; anh/chị vẫn giữ hồ sơ và thời hạn vẫn chạy.")
    send = gettext_lazy("Gửi câu hỏi")
    unit_id = forms.ChoiceField(label=gettext_lazy("Hỏi đơn vị"))
    question = _text(gettext_lazy("Nội dung cần hỏi"))
    answer_on = _day(gettext_lazy("Cần trả lời trước hết ngày"))

    def prepare(self) -> None:
        groups = picks.units_to_ask(self.facts.dossier, self.facts.actor, on=self.facts.day)
        self.choose("unit_id", [("", _("Chọn đơn vị")), *groups])

    def clean_answer_on(self) -> datetime | None:
        day = self.cleaned_data["answer_on"]
        if day is None:
            return None
        if day < self.facts.day:
            raise forms.ValidationError(_("Ngày trả lời đã qua."))
        return self.end_of(day)

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return consultation.consult(
            **common, unit_id=int(data["unit_id"]), question=data["question"], answer_by=data["answer_on"]
        )


class AnswerForm(ActionForm):
    send = gettext_lazy("Gửi ý kiến")
    takes_file = True
    agrees = _radio(
        gettext_lazy("Ý kiến"),
        choices=[
            ("yes", gettext_lazy("Đồng ý")),
            ("no", gettext_lazy("Không đồng ý")),
            ("", gettext_lazy("Ý kiến khác")),
        ],
        required=False,
        initial="yes",
    )  # fmt: skip
    opinion = _text(gettext_lazy("Nội dung ý kiến"), rows=4)
    file = _file(gettext_lazy("Văn bản kèm theo"))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        agrees = {"yes": True, "no": False}.get(data["agrees"])
        return consultation.answer(**common, opinion=data["opinion"], agrees=agrees)


# ── What is missing


class AskForm(ActionForm):
    """Request a supplement: every item at once. Rows from the dossier's own papers, and free rows."""

    lead = gettext_lazy(
        "Ghi hết một lần: pháp luật chỉ cho yêu cầu bổ sung một lần. Đồng hồ dừng trong lúc chờ."
    )
    send = gettext_lazy("Lập phiếu yêu cầu bổ sung")

    def prepare(self) -> None:
        self.rows: list[tuple[str, str]] = []
        for number, name in enumerate(picks.papers_to_ask(self.facts.dossier)):
            self._row(f"paper{number}", name)
        for number in range(1, _MORE_ROWS + 1):
            self.fields[f"name{number}"] = _line(
                _("Giấy tờ khác %(n)s") % {"n": number}, required=False, most=500
            )
            self.fields[f"reason{number}"] = _line(_("Lý do %(n)s") % {"n": number}, required=False, most=500)
        if self.facts.dossier.supplement_count:
            self.fields["second_reason"] = _text(
                _("Vì sao phải yêu cầu lần hai"), hint=_("Lần hai bị tính là quá hạn trong bộ chỉ số.")
            )

    def _row(self, key: str, name: str) -> None:
        self.fields[key] = forms.BooleanField(label=name, required=False)
        self.fields[f"{key}_reason"] = _line(
            _("Thiếu hoặc sai gì ở “%(paper)s”") % {"paper": name}, required=False, most=500
        )
        self.rows.append((key, name))

    def plain_fields(self) -> Iterator[BoundField]:
        if "second_reason" in self.fields:
            yield self["second_reason"]

    def paper_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Tick and reason of each paper in the dossier."""
        return [(self[key], self[f"{key}_reason"]) for key, _name in self.rows]

    def free_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Name and reason of papers that are not on the list."""
        return [(self[f"name{n}"], self[f"reason{n}"]) for n in range(1, _MORE_ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        items = []
        for key, name in self.rows:
            reason = (data.get(f"{key}_reason") or "").strip()
            if data.get(key) and not reason:
                self.add_error(
                    f"{key}_reason", _("Ghi rõ thiếu hoặc sai gì ở “%(paper)s”.") % {"paper": name}
                )
            if data.get(key) or reason:
                items.append(Missing(name, reason))
        for number in range(1, _MORE_ROWS + 1):
            name, reason = (
                (data.get(f"name{number}") or "").strip(),
                (data.get(f"reason{number}") or "").strip(),
            )
            if name and not reason:
                self.add_error(f"reason{number}", _("Ghi lý do cần “%(paper)s”.") % {"paper": name})
            if reason and not name:
                self.add_error(f"name{number}", _("Ghi tên giấy tờ cần bổ sung."))
            if name or reason:
                items.append(Missing(name, reason))
        if not items and not self.errors:
            raise forms.ValidationError(_("Chọn ít nhất một giấy tờ cần bổ sung và ghi lý do."))
        data["items"] = items
        return data

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return supplement.request_supplement(
            **common, items=data["items"], second_reason=data.get("second_reason", "")
        )


class ReceiveForm(ActionForm):
    """Take in what was asked for: how each thing came."""

    lead = gettext_lazy("Đồng hồ chạy tiếp và ngày hẹn được tính lại ngay khi lưu.")
    send = gettext_lazy("Nhận bổ sung")

    def prepare(self) -> None:
        asked = (
            SupplementRequest.objects.filter(dossier=self.facts.dossier, received_at=None)
            .order_by("-number")
            .first()
        )
        self.items = [str(item["name"]) for item in (asked.items if asked else [])]
        forms_of = [*words.PaperForm.choices, ("", _("Không nộp"))]
        for number, name in enumerate(self.items):
            self.fields[f"item{number}"] = _radio(name, choices=forms_of, required=False, initial="original")
        self.fields["more"] = _line(_("Giấy tờ nộp thêm ngoài phiếu"), required=False, most=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        brought = [_paper(name, data.get(f"item{number}", "")) for number, name in enumerate(self.items)]
        papers = [paper for paper in brought if paper is not None]
        if more := (data.get("more") or "").strip():
            papers.append(PaperIn(name=more, plain_copies=1))
        if not papers and not self.errors:
            raise forms.ValidationError(_("Chưa có giấy tờ nào được nộp."))
        data["papers"] = papers
        return data

    def run(self, common: dict[str, Any]) -> Dossier:
        return supplement.receive_supplement(**common, papers_in=self.cleaned_data["papers"])


def _paper(name: str, form: str) -> PaperIn | None:
    if not form:
        return None
    return PaperIn(
        name=name,
        originals=int(form == words.PaperForm.ORIGINAL),
        certified=int(form == words.PaperForm.CERTIFIED),
        plain_copies=int(form == words.PaperForm.COPY),
        shown_only=form == words.PaperForm.SHOWN,
    )


# ── The clock


class SuspendForm(ActionForm):
    lead = gettext_lazy("Đồng hồ dừng cho đến khi bấm “Tiếp tục giải quyết”.")
    send = gettext_lazy("Tạm dừng")
    for_money: ClassVar[bool] = False
    reason = _text(gettext_lazy("Lý do và căn cứ"))
    until = _day(gettext_lazy("Dự kiến đến hết ngày"))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        until = self.end_of(data["until"]) if data["until"] else None
        return pauses.suspend(**common, reason=data["reason"], until=until, for_money=self.for_money)


class MoneyForm(SuspendForm):
    lead = gettext_lazy("Đồng hồ dừng trong lúc người nộp thực hiện nghĩa vụ tài chính.")
    send = gettext_lazy("Dừng chờ nộp tiền")
    for_money = True


class ResumeForm(ActionForm):
    lead = gettext_lazy("Đồng hồ chạy tiếp; ngày hẹn mới được tính ngay.")
    send = gettext_lazy("Tiếp tục giải quyết")
    note = _text(gettext_lazy("Vì sao tiếp tục được"), rows=2, required=False)

    def run(self, common: dict[str, Any]) -> Dossier:
        return pauses.resume(**common, note=self.cleaned_data["note"])


class ExtendForm(ActionForm):
    lead = gettext_lazy(
        "Chỉ được hẹn lại một lần. Văn bản xin lỗi in được ngay sau khi lưu; ngày hẹn đầu vẫn được giữ."
    )
    send = gettext_lazy("Xin lỗi và hẹn lại")
    new_day = _day(gettext_lazy("Ngày hẹn mới"), required=True)
    new_time = forms.TimeField(
        label=gettext_lazy("Giờ"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Để trống: cuối giờ làm việc."),
    )  # fmt: skip
    reason = _text(gettext_lazy("Lý do chậm, in trên văn bản xin lỗi"))

    def suggestions(self) -> list[tuple[date, int]]:
        """Working days after the present date or today, whichever is later, with how many days on."""
        dossier = self.facts.dossier
        calendar = clock.calendar_of(dossier)
        promised = timezone.localdate(dossier.due_at) if dossier.due_at else self.facts.day
        start = max(promised, self.facts.day)
        return [(calendar.add_days(start, count), count) for count in _STEPS_ON]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if day := data.get("new_day"):
            calendar = clock.calendar_of(self.facts.dossier)
            if not calendar.is_working(day):
                self.add_error(
                    "new_day",
                    _("Ngày này là ngày nghỉ. Ngày làm việc gần nhất: %(day)s.")
                    % {"day": f"{calendar.roll_forward(day):%d/%m/%Y}"},
                )
            moment: time | None = data.get("new_time")
            data["new_due_at"] = datetime.combine(day, moment, _HERE) if moment else self.end_of(day)
        return data

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        try:
            return pauses.extend(**common, new_due_at=data["new_due_at"], reason=data["reason"])
        except Refusal as refusal:
            refusal.field = "new_day" if refusal.field == "new_due_at" else refusal.field
            raise


# ── The result


class ProposeForm(ActionForm):
    send = gettext_lazy("Trình")
    kind = _radio(gettext_lazy("Đề xuất"), choices=words.ResultKind.choices, initial=words.ResultKind.GRANTED)
    name = _line(
        gettext_lazy("Tên kết quả"), required=False, most=500, hint=gettext_lazy("Để trống: theo danh mục.")
    )
    content = _text(
        gettext_lazy("Nội dung thẩm định, lý do"), required=False, rows=4,
        hint=gettext_lazy("Từ chối thì phải nêu rõ lý do."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields = {"choice": _radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.result_choices(self.facts.desk))
        draft = self.facts.desk.result
        if draft is not None:
            self.initial.update({"kind": draft.kind, "name": draft.name, "content": draft.content})

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return decision.propose(
            **common, kind=data["kind"], name=data["name"], content=data["content"], choice=self.choice()
        )


class ApproveForm(ActionForm):
    lead = gettext_lazy("Phê duyệt đúng như dự thảo. Muốn quyết định khác, hãy trả lại kèm lý do.")
    send = gettext_lazy("Phê duyệt")
    note = _text(gettext_lazy("Ý kiến chỉ đạo"), rows=2, required=False)

    def prepare(self) -> None:
        self.fields = {"choice": _radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.result_choices(self.facts.desk))

    def run(self, common: dict[str, Any]) -> Dossier:
        return decision.approve(**common, choice=self.choice(), note=self.cleaned_data["note"])


class IssueForm(ActionForm):
    send = gettext_lazy("Phát hành")
    takes_file = True
    number = _line(
        gettext_lazy("Số văn bản"), required=False, most=60, hint=gettext_lazy("Để trống: lấy số tiếp theo.")
    )
    file = _file(gettext_lazy("Bản đã ký, đóng dấu"), gettext_lazy("Quét từ bản giấy: PDF, JPEG, PNG."))

    def prepare(self) -> None:
        self.fields = {"choice": _radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.result_choices(self.facts.desk))

    def run(self, common: dict[str, Any]) -> Dossier:
        return decision.issue(**common, number=self.cleaned_data["number"], choice=self.choice())


class ReturnForm(ActionForm):
    send = gettext_lazy("Trả kết quả")
    returned_to = _line(gettext_lazy("Người nhận kết quả"))
    paper = _radio(
        gettext_lazy("Giấy tờ đã xem"),
        choices=[(name, name) for name in ("Căn cước", "Hộ chiếu", "Giấy ủy quyền", "VNeID")],
        initial="Căn cước",
        required=False,
    )
    channel = _radio(gettext_lazy("Cách trả"), choices=words.ResultChannel.choices)

    def prepare(self) -> None:
        dossier = self.facts.dossier
        self.initial.update({"returned_to": dossier.applicant_name, "channel": dossier.result_channel})

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return handover.return_result(
            **common, returned_to=data["returned_to"], paper=data["paper"], channel=data["channel"]
        )


# ── Ends, corrections, another agency's part


class WithdrawForm(ActionForm):
    lead = gettext_lazy("Chỉ khi người nộp có đơn xin rút. Hồ sơ kết thúc, không mở lại được.")
    send = gettext_lazy("Rút hồ sơ")
    reason = _text(gettext_lazy("Lý do, ngày của đơn xin rút"))

    def run(self, common: dict[str, Any]) -> Dossier:
        return ending.withdraw(**common, reason=self.cleaned_data["reason"])


class StopForm(ActionForm):
    lead = gettext_lazy("Hồ sơ kết thúc không có kết quả, không mở lại được.")
    send = gettext_lazy("Dừng giải quyết")
    reason = _text(gettext_lazy("Lý do, in trên thông báo"))

    def run(self, common: dict[str, Any]) -> Dossier:
        return ending.stop(**common, reason=self.cleaned_data["reason"])


_CORRECTABLE = ("applicant_name", "summary", "copies", "result_channel", "authority")
_HIDDEN = ("contact_phone", "contact_email", "return_address")


class CorrectForm(ActionForm):
    lead = gettext_lazy("Giá trị cũ vẫn còn trong lịch sử. Mã, thủ tục và ngày hẹn không đính chính được.")
    send = gettext_lazy("Đính chính")
    applicant_name = _line(gettext_lazy("Tên chủ hồ sơ"))
    summary = _text(gettext_lazy("Nội dung yêu cầu"), rows=2)
    copies = forms.IntegerField(label=gettext_lazy("Số bộ hồ sơ"), min_value=1, max_value=99)
    result_channel = forms.ChoiceField(
        label=gettext_lazy("Nhận kết quả"), choices=words.ResultChannel.choices
    )
    authority = _line(gettext_lazy("Giấy tờ ủy quyền"), required=False)
    contact_phone = _line(
        gettext_lazy("Điện thoại mới"),
        required=False,
        most=20,
        hint=gettext_lazy("Để trống: giữ số đang có."),
    )
    contact_email = forms.EmailField(label=gettext_lazy("Thư điện tử mới"), required=False)
    return_address = _line(gettext_lazy("Địa chỉ nhận kết quả mới"), required=False)
    reason = _text(gettext_lazy("Lý do đính chính"), rows=2)

    def prepare(self) -> None:
        self.initial.update({name: getattr(self.facts.dossier, name) for name in _CORRECTABLE})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dossier = self.facts.dossier
        changes = {
            name: data[name] for name in _CORRECTABLE if name in data and data[name] != getattr(dossier, name)
        }
        changes |= {name: data[name] for name in _HIDDEN if data.get(name)}
        if not changes and not self.errors:
            raise forms.ValidationError(_("Chưa có gì thay đổi để đính chính."))
        data["changes"] = changes
        return data

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return correction.correct(**common, changes=data["changes"], reason=data["reason"])


class ChildForm(ActionForm):
    lead = gettext_lazy("Hồ sơ liên thông có mã và thời hạn riêng; hồ sơ này chờ đến khi có kết quả bên đó.")
    send = gettext_lazy("Mở hồ sơ liên thông")
    target = forms.ChoiceField(label=gettext_lazy("Cơ quan và thủ tục"))

    def prepare(self) -> None:
        found = picks.linked_procedures(self.facts.dossier, on=self.facts.day)
        self.choose("target", [("", _("Chọn cơ quan và thủ tục")), *found])

    def run(self, common: dict[str, Any]) -> Dossier:
        agency, _sep, variant = self.cleaned_data["target"].partition(":")
        return children.open_child(**common, agency_id=int(agency), variant_id=int(variant))


FORMS: dict[str, type[ActionForm]] = {
    "accept": AcceptForm,
    "refuse": RefuseForm,
    "request_supplement": AskForm,
    "receive_supplement": ReceiveForm,
    "assign": AssignForm,
    "forward": ForwardForm,
    "send_back": SendBackForm,
    "consult": ConsultForm,
    "answer": AnswerForm,
    "suspend": SuspendForm,
    "suspend_for_money": MoneyForm,
    "resume": ResumeForm,
    "extend": ExtendForm,
    "propose": ProposeForm,
    "approve": ApproveForm,
    "issue": IssueForm,
    "return_result": ReturnForm,
    "withdraw": WithdrawForm,
    "stop": StopForm,
    "correct": CorrectForm,
    "open_child": ChildForm,
}

#: What a file handed in with a form is for.
FILE_PURPOSE = {"answer": words.FilePurpose.OPINION, "issue": words.FilePurpose.RESULT}
