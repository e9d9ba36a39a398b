"""Forms of petitions: the sender's on the public site, the officers' acts on the work surface."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.feedback.models import Score
from motcua.feedback.models.petition import MOST_TEXT
from motcua.feedback.states import About, Ground
from motcua.ui.keyed import KeyedForm, day_field


class ManyFiles(forms.FileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each of them checked as one is."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        given = data if isinstance(data, list) else [data] if data else []
        if self.required and not given:
            one(None, initial)
        return [one(file, initial) for file in given]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def files_field() -> FilesField:
    """Return the field for the sender's files; the view hands them on one by one."""
    return FilesField(
        label=_("Ảnh, giấy tờ kèm theo"), required=False,
        widget=ManyFiles(attrs={"multiple": True, "accept": ".pdf,.jpg,.jpeg,.png,.heic"}),
        help_text=_("Nhiều nhất 3 tệp PDF hoặc ảnh, mỗi tệp không quá 10 MB."),
    )  # fmt: skip


class PetitionForm(KeyedForm):
    """What the sender writes. Only agency, subject and text are asked for."""

    agency = forms.TypedChoiceField(
        label=_("Gửi đến cơ quan nào?"), coerce=int, error_messages={"required": _("Chọn cơ quan.")}
    )
    about = forms.ChoiceField(
        label=_("Về việc gì?"), choices=About.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một việc.")},
    )  # fmt: skip
    dossier_code = forms.CharField(
        label=_("Mã hồ sơ, nếu có"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    whom = forms.CharField(
        label=_("Ai, ở quầy hoặc phòng nào, nếu biết"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Nội dung"), max_length=MOST_TEXT, widget=_area(8),
        help_text=_("Việc gì, ở đâu, khi nào, anh/chị muốn cơ quan làm gì."),
        error_messages={"required": _("Viết điều anh/chị muốn phản ánh, kiến nghị.")},
    )  # fmt: skip
    papers = files_field()
    name = forms.CharField(
        label=_("Họ tên"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("Thư điện tử"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        help_text=_("Để được báo khi có trả lời."),
    )  # fmt: skip
    may_publish = forms.ChoiceField(
        label=_("Đăng công khai cùng câu trả lời?"), widget=forms.RadioSelect,
        choices=[("yes", _("Được đăng, sau khi bỏ tên và mọi thông tin riêng")), ("no", _("Không đăng"))],
        error_messages={"required": _("Chọn có cho đăng hay không.")},
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        agencies: list[tuple[int, str]],
        common: tuple[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # "0": whoever does not know sends it to the agency at the top, which passes it on.
        unsure = [("0", _("Không biết: gửi %(agency)s") % {"agency": common[1]})] if common else []
        self.fields["agency"].choices = [("", _("Chọn cơ quan")), *unsure, *agencies]  # type: ignore[attr-defined]
        self._common = common

    def clean_agency(self) -> int:
        """Return the agency that is meant: the common one for whoever did not know."""
        chosen: int = self.cleaned_data["agency"]
        return self._common[0] if chosen == 0 and self._common else chosen


class FindForm(KeyedForm):
    """Code and secret of a petition sent before."""

    code = forms.CharField(
        label=_("Mã phản ánh"), max_length=60, error_messages={"required": _("Nhập mã phản ánh.")},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Ví dụ: PA.H24.12-261129-0001"),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Mã tra cứu"), max_length=20, error_messages={"required": _("Nhập mã tra cứu.")},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Sáu ký tự ghi ở trang nhận."),
    )  # fmt: skip


class ReplyForm(KeyedForm):
    """What the sender says when asked."""

    text = forms.CharField(
        label=_("Trả lời của anh/chị"), max_length=MOST_TEXT, widget=_area(6),
        error_messages={"required": _("Viết điều cơ quan hỏi.")},
    )  # fmt: skip
    papers = files_field()


class HandlingForm(KeyedForm):
    """How content the sender is with the handling."""

    score = forms.TypedChoiceField(
        label=_("Anh/chị hài lòng với cách giải quyết đến mức nào?"), coerce=int, widget=forms.RadioSelect,
        choices=[(str(one.value), one.label) for one in reversed(Score)],
        error_messages={"required": _("Chọn một trong năm mức.")},
    )  # fmt: skip


# ── Officers' acts


class AssignForm(KeyedForm):
    """Whom to give it to; whom it is about."""

    position = forms.TypedChoiceField(
        label=_("Giao cho"), coerce=int, error_messages={"required": _("Chọn người xử lý.")}
    )
    concerns = forms.TypedChoiceField(
        label=_("Người bị phản ánh, nếu có"), coerce=int, required=False, empty_value=None,
        help_text=_("Người này sẽ không đọc được phản ánh."),
    )  # fmt: skip
    note = forms.CharField(label=_("Dặn thêm"), required=False, max_length=1000, widget=_area(2))

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]
        self.fields["concerns"].choices = [("", _("Không ai")), *people]  # type: ignore[attr-defined]


class RefuseForm(KeyedForm):
    """Why it is not taken up."""

    ground = forms.ChoiceField(
        label=_("Lý do"), choices=[("", _("Chọn lý do")), *Ground.choices],
        error_messages={"required": _("Chọn lý do không tiếp nhận.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Viết cho người gửi"), max_length=2000, widget=_area(4),
        help_text=_("Vì sao, và nên gửi đến đâu. Thuộc cơ quan khác thì chuyển đi, không bắt người gửi làm lại."),
        error_messages={"required": _("Viết cho người gửi vì sao, và họ nên gửi đến đâu.")},
    )  # fmt: skip


def _why() -> forms.CharField:
    return forms.CharField(
        label=_("Vì sao cơ quan ấy có thẩm quyền"), max_length=2000, widget=_area(3),
        help_text=_("Người gửi và cơ quan nhận đọc được."),
        error_messages={"required": _("Viết vì sao cơ quan ấy có thẩm quyền.")},
    )  # fmt: skip


class ForwardForm(KeyedForm):
    """Which agency of the installation it goes to, and why."""

    agency = forms.TypedChoiceField(
        label=_("Chuyển đến"), coerce=int, error_messages={"required": _("Chọn cơ quan.")},
        help_text=_("Cơ quan nhận có thời hạn của mình từ lúc nhận. Người gửi được báo."),
    )  # fmt: skip
    reason = _why()

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", _("Chọn cơ quan")), *agencies]  # type: ignore[attr-defined]


class OutsideForm(KeyedForm):
    """To whom outside the installation it was sent, on which day, and why."""

    name = forms.CharField(
        label=_("Tên cơ quan nhận"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Cơ quan không dùng hệ thống này. Gửi công văn rồi ghi lại ở đây, ở cơ quan anh/chị là xong."),
        error_messages={"required": _("Ghi tên cơ quan nhận.")},
    )  # fmt: skip
    gone_on = day_field(_("Ngày chuyển"))
    reason = _why()


class GiveBackForm(KeyedForm):
    """Why it is not this agency's either."""

    reason = forms.CharField(
        label=_("Vì sao việc này không thuộc cơ quan anh/chị"), max_length=2000, widget=_area(3),
        help_text=_("Cơ quan đã chuyển và người gửi đọc được."),
        error_messages={"required": _("Viết vì sao việc này không thuộc cơ quan anh/chị.")},
    )  # fmt: skip


class AskForm(KeyedForm):
    """What the agency needs to know."""

    question = forms.CharField(
        label=_("Hỏi người gửi"), max_length=2000, widget=_area(4),
        error_messages={"required": _("Viết điều cần hỏi người gửi.")},
    )  # fmt: skip


class GoOnForm(KeyedForm):
    """Go on without the answer."""

    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=1000, widget=_area(2))


class AnswerForm(KeyedForm):
    """The answer, to be approved."""

    answer = forms.CharField(
        label=_("Câu trả lời"), max_length=MOST_TEXT, widget=_area(8),
        help_text=_("Người gửi chỉ đọc được sau khi lãnh đạo duyệt."),
        error_messages={"required": _("Viết câu trả lời cho người gửi.")},
    )  # fmt: skip


class ApproveForm(KeyedForm):
    """The answer as the leader read it."""

    answer = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(KeyedForm):
    """Why an answer goes back, or a publication is taken down."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=1000, widget=_area(3), error_messages={"required": _("Viết lý do.")}
    )


class PublishForm(KeyedForm):
    """What everybody will read."""

    title = forms.CharField(
        label=_("Tiêu đề"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Viết một dòng tiêu đề.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Nội dung phản ánh"), max_length=MOST_TEXT, widget=_area(8),
        error_messages={"required": _("Viết nội dung phản ánh sẽ đăng.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Câu trả lời"), max_length=10_000, widget=_area(8),
        error_messages={"required": _("Viết câu trả lời sẽ đăng.")},
    )  # fmt: skip
