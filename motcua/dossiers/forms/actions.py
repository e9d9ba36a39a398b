"""One form per verb: what an officer must say to do it, and the operation it calls."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock, intake_choice, offers, picks, result_templates, words
from motcua.dossiers.forms.act import NOTE, ActionForm, day, file, line, radio, text
from motcua.dossiers.forms.missing import AskForm, ReceiveForm
from motcua.dossiers.forms.pausing import (
    ExtendForm,
    GoOnWithoutForm,
    MoneyForm,
    ProposeApologyForm,
    RefuseUnansweredForm,
    ResumeForm,
    ReturnApologyForm,
    SuspendForm,
    WaveOffForm,
    unanswered_reason,
)
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import (
    children,
    consultation,
    correction,
    decision,
    ending,
    handover,
    intake,
    processing,
)
from motcua.procedures.models.words import Channel
from motcua.workflow.engine import StepKind

# ── From desk to desk


class AssignForm(ActionForm):
    send = gettext_lazy("Giao việc")
    to_position = radio(gettext_lazy("Giao cho"))
    note = text(NOTE, rows=2, required=False)

    def prepare(self) -> None:
        self.choose("to_position", picks.officers_with_load(self.facts.desk, on=self.facts.day))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return processing.assign(**common, to_position=int(data["to_position"]), note=data["note"])


class ForwardForm(ActionForm):
    send = gettext_lazy("Chuyển")
    note = text(NOTE, rows=2, required=False)

    def prepare(self) -> None:
        self.fields = {"choice": radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.forward_choices(self.facts.desk))
        desk, task = self.facts.desk, self.facts.offer.task
        if task is not None and task.kind == StepKind.POST:
            exception = desk.definition.step(task.step_key).exception
            said = processing.still_posted(task, exception, self.facts.now)
            if said:  # said before anything is sent
                self.fields["note"].help_text = said

    def run(self, common: dict[str, Any]) -> Dossier:
        note = self.cleaned_data["note"]
        return processing.forward(**common, choice=self.choice(), note=note, step=self.facts.offer.step)


class SendBackForm(ActionForm):
    send = gettext_lazy("Trả lại")
    to_step = radio(gettext_lazy("Trả về bước"))
    reason = text(gettext_lazy("Cần sửa gì"))

    def prepare(self) -> None:
        self.choose("to_step", [(step.key, step.name) for step in offers.back_steps(self.facts.desk)])

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return processing.send_back(**common, to_step=data["to_step"], reason=data["reason"])


class AcceptForm(ActionForm):
    lead = gettext_lazy("Thời hạn bắt đầu tính từ lúc này; giấy tiếp nhận in được ngay.")
    send = gettext_lazy("Tiếp nhận")
    variant = radio(
        gettext_lazy("Trường hợp"),
        required=False,
        help_text=gettext_lazy("Thời hạn và quy trình theo trường hợp này."),
    )

    def prepare(self) -> None:
        dossier = self.facts.dossier
        cases = [(str(one.pk), one.name) for one in intake_choice.cases_of(dossier)]
        if len(cases) < 2:
            del self.fields["variant"]
            return
        self.choose("variant", cases)
        self.fields["variant"].initial = str(dossier.variant_id)

    def run(self, common: dict[str, Any]) -> Dossier:
        chosen = self.cleaned_data.get("variant")
        return intake.accept(**common, variant_id=int(chosen) if chosen else None)


class RefuseForm(ActionForm):
    send = gettext_lazy("Từ chối tiếp nhận")
    reason = text(gettext_lazy("Lý do, in trên phiếu từ chối"))
    where_to_turn = line(gettext_lazy("Hướng dẫn người dân đến đâu"), required=False)

    def prepare(self) -> None:
        self.initial["reason"] = unanswered_reason(self.facts.dossier, self.facts.now)

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return intake.refuse(**common, reason=data["reason"], where_to_turn=data["where_to_turn"])


# ── Opinions


class ConsultForm(ActionForm):
    lead = gettext_lazy("Đơn vị được hỏi thấy hồ sơ từ lúc này; anh/chị vẫn giữ hồ sơ và thời hạn vẫn chạy.")
    send = gettext_lazy("Gửi câu hỏi")
    unit_id = forms.ChoiceField(label=gettext_lazy("Hỏi đơn vị"))
    question = text(gettext_lazy("Nội dung cần hỏi"))
    answer_on = day(gettext_lazy("Cần trả lời trước hết ngày"))

    def prepare(self) -> None:
        groups = picks.units_to_ask(self.facts.dossier, self.facts.actor, on=self.facts.day)
        self.choose("unit_id", [("", _("Chọn đơn vị")), *groups])
        self.initial["answer_on"] = self._soon()

    def _soon(self) -> date:
        """Two working days on, and no later than the promised date: a question without a date waits longest."""
        dossier, today = self.facts.dossier, self.facts.day
        soon = clock.calendar_of(dossier).add_days(today, 2)
        promised = timezone.localdate(dossier.due_at) if dossier.due_at else soon
        return max(today, min(soon, promised))

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
    agrees = radio(
        gettext_lazy("Ý kiến"),
        choices=[
            ("yes", gettext_lazy("Đồng ý")),
            ("no", gettext_lazy("Không đồng ý")),
            ("", gettext_lazy("Ý kiến khác")),
        ],
        required=False,
        initial="yes",
    )  # fmt: skip
    opinion = text(gettext_lazy("Nội dung ý kiến"), rows=4)
    file = file(gettext_lazy("Văn bản kèm theo"))

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        agrees = {"yes": True, "no": False}.get(data["agrees"])
        step = self.facts.offer.step
        return consultation.answer(**common, opinion=data["opinion"], agrees=agrees, step=step)


# ── The result


class ProposeForm(ActionForm):
    send = gettext_lazy("Trình")
    kind = radio(gettext_lazy("Đề xuất"), choices=words.ResultKind.choices, initial=words.ResultKind.GRANTED)
    name = line(
        gettext_lazy("Tên kết quả"), required=False, most=500, hint=gettext_lazy("Để trống: theo danh mục.")
    )
    content = text(
        gettext_lazy("Nội dung thẩm định, lý do"), required=False, rows=4,
        hint=gettext_lazy("Từ chối thì phải nêu rõ lý do."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields = {"choice": radio(_("Hướng đi tiếp")), **self.fields}
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
    note = text(gettext_lazy("Ý kiến chỉ đạo"), rows=2, required=False)

    def prepare(self) -> None:
        self.fields = {"choice": radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.result_choices(self.facts.desk))

    def run(self, common: dict[str, Any]) -> Dossier:
        return decision.approve(**common, choice=self.choice(), note=self.cleaned_data["note"])


class IssueForm(ActionForm):
    send = gettext_lazy("Phát hành")
    takes_file = True
    number = line(
        gettext_lazy("Số văn bản"), required=False, most=60, hint=gettext_lazy("Để trống: lấy số tiếp theo.")
    )
    file = file(gettext_lazy("Bản đã ký, đóng dấu"), gettext_lazy("Quét từ bản giấy: PDF, JPEG, PNG."))

    def prepare(self) -> None:
        self.fields = {"choice": radio(_("Hướng đi tiếp")), **self.fields}
        self.only_if_many("choice", offers.result_choices(self.facts.desk))
        result = self.facts.desk.result
        if result is not None:
            found = result_templates.fitting(self.facts.dossier, [result.kind], result, self.facts.day)
            self.template = next(iter(found), "")

    def run(self, common: dict[str, Any]) -> Dossier:
        return decision.issue(**common, number=self.cleaned_data["number"], choice=self.choice())


class ReturnForm(ActionForm):
    send = gettext_lazy("Trả kết quả")
    returned_to = line(gettext_lazy("Người nhận kết quả"))
    paper = radio(
        gettext_lazy("Giấy tờ đã xem"),
        choices=[(name, name) for name in ("Căn cước", "Hộ chiếu", "Giấy ủy quyền", "VNeID")],
        initial="Căn cước",
        required=False,
    )
    channel = radio(gettext_lazy("Cách trả"), choices=words.ResultChannel.choices)

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
    reason = text(gettext_lazy("Lý do, ngày của đơn xin rút"))

    def run(self, common: dict[str, Any]) -> Dossier:
        return ending.withdraw(**common, reason=self.cleaned_data["reason"])


class StopForm(ActionForm):
    lead = gettext_lazy("Hồ sơ kết thúc không có kết quả, không mở lại được.")
    send = gettext_lazy("Dừng giải quyết")
    reason = text(gettext_lazy("Lý do, in trên thông báo"))

    def prepare(self) -> None:
        self.initial["reason"] = unanswered_reason(self.facts.dossier, self.facts.now)

    def run(self, common: dict[str, Any]) -> Dossier:
        return ending.stop(**common, reason=self.cleaned_data["reason"])


_CORRECTABLE = ("applicant_name", "summary", "copies", "result_channel", "authority")
_RECEIPT = ("channel", "post_sender", "posted_on")
_HIDDEN = ("contact_phone", "contact_email", "return_address")


class CorrectForm(ActionForm):
    lead = gettext_lazy("Giá trị cũ vẫn còn trong lịch sử. Mã, thủ tục và ngày hẹn không đính chính được.")
    send = gettext_lazy("Đính chính")
    applicant_name = line(gettext_lazy("Tên chủ hồ sơ"))
    summary = text(gettext_lazy("Nội dung yêu cầu"), rows=2)
    copies = forms.IntegerField(label=gettext_lazy("Số bộ hồ sơ"), min_value=1, max_value=99)
    result_channel = forms.ChoiceField(
        label=gettext_lazy("Nhận kết quả"), choices=words.ResultChannel.choices
    )
    authority = line(gettext_lazy("Giấy tờ ủy quyền"), required=False)
    channel = radio(
        gettext_lazy("Cách nộp"),
        required=False,
        choices=[(one.value, one.label) for one in (Channel.IN_PERSON, Channel.POST)],
        help_text=gettext_lazy("Thời hạn, phí và ngày hẹn đã in trên giấy tiếp nhận không đổi theo."),
    )
    post_sender = line(gettext_lazy("Bưu cục hoặc người gửi, số bưu gửi"), required=False, most=200)
    posted_on = day(gettext_lazy("Ngày trên phiếu gửi"))
    contact_phone = line(
        gettext_lazy("Điện thoại mới"),
        required=False,
        most=20,
        hint=gettext_lazy("Để trống: giữ số đang có."),
    )
    contact_email = forms.EmailField(label=gettext_lazy("Thư điện tử mới"), required=False)
    return_address = line(gettext_lazy("Địa chỉ nhận kết quả mới"), required=False)
    reason = text(gettext_lazy("Lý do đính chính"), rows=2)

    def prepare(self) -> None:
        dossier = self.facts.dossier
        self.initial.update({name: getattr(dossier, name) for name in (*_CORRECTABLE, *_RECEIPT)})
        if dossier.parent_id is not None or dossier.channel == Channel.ONLINE:
            for name in _RECEIPT:  # another dossier's, or a portal's: nothing an officer marked
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dossier = self.facts.dossier
        changes = {
            name: data[name] for name in _CORRECTABLE if name in data and data[name] != getattr(dossier, name)
        }
        changes |= self._receipt(data)
        changes |= {name: data[name] for name in _HIDDEN if data.get(name)}
        if not changes and not self.errors:
            raise forms.ValidationError(_("Chưa có gì thay đổi để đính chính."))
        data["changes"] = changes
        return data

    def _receipt(self, data: dict[str, Any]) -> dict[str, Any]:
        """What changes of how the dossier came in; a form that does not speak of it changes nothing."""
        dossier = self.facts.dossier
        if not data.get("channel"):
            return {}
        wanted = {name: data[name] for name in _RECEIPT if name in data}
        if data["channel"] != Channel.POST and dossier.channel == Channel.POST:
            return {"channel": data["channel"]}  # the slip's sender and date go with it
        return {name: value for name, value in wanted.items() if value != getattr(dossier, name)}

    def run(self, common: dict[str, Any]) -> Dossier:
        data = self.cleaned_data
        return correction.correct(**common, changes=data["changes"], reason=data["reason"])


class ChildForm(ActionForm):
    lead = gettext_lazy("Hồ sơ liên thông có mã và thời hạn riêng; hồ sơ này chờ đến khi có kết quả bên đó.")
    send = gettext_lazy("Mở hồ sơ liên thông")
    target = forms.ChoiceField(label=gettext_lazy("Cơ quan và thủ tục"))

    def prepare(self) -> None:
        wanted = picks.outside_agency(self.facts.desk)
        found = picks.linked_procedures(self.facts.dossier, on=self.facts.day, wanted=wanted)
        self.choose("target", [("", _("Chọn cơ quan và thủ tục")), *found])
        fitting = picks.only_fitting(found, wanted)
        if fitting is not None:
            self.initial["target"] = fitting

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
    "propose_apology": ProposeApologyForm,
    "wave_off": WaveOffForm,
    "return_apology": ReturnApologyForm,
    "go_on_without": GoOnWithoutForm,
    "refuse_unanswered": RefuseUnansweredForm,
}

#: What a file handed in with a form is for.
FILE_PURPOSE = {"answer": words.FilePurpose.OPINION, "issue": words.FilePurpose.RESULT}
