"""The rating as a visitor gives it on a phone, and the period of the figures."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.feedback.models import QuestionSet, Reason, Scale, Score, Source
from motcua.feedback.operations.ratings import MOST_WORDS
from motcua.feedback.queries import Wanted, options_of
from motcua.feedback.questions import THREE
from motcua.ui.keyed import KeyedForm, day_field


class RatingForm(KeyedForm):
    """The step, the questions of the set that is asked, reasons, words; only the step has to be answered."""

    score = forms.TypedChoiceField(
        label=_("Anh/chị hài lòng đến mức nào?"),
        choices=[(str(one.value), one.label) for one in reversed(Score)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một trong năm mức.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("Vì điều gì?"), choices=Reason.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Góp ý thêm"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Không cần ghi tên. Lời góp ý được xóa sau một thời gian."),
    )

    def __init__(self, *args: Any, asked: QuestionSet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if asked is not None and asked.scale == Scale.THREE:
            self.fields["score"].choices = [(str(value), label) for value, label in THREE]  # type: ignore[attr-defined]
        for one in asked.questions if asked else []:
            self.fields[one["key"]] = forms.TypedChoiceField(
                label=one["text"], required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
                choices=[(str(value), label) for value, label in options_of(one)],
            )  # fmt: skip

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return the fields of the set's questions."""
        return [self[one["key"]] for one in self.asked.questions] if self.asked else []

    @property
    def answers(self) -> dict[str, int]:
        """Return what was answered to them."""
        given = {one.name: self.cleaned_data.get(one.name) for one in self.questions}
        return {key: value for key, value in given.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        """Ask whoever was not content for a reason, or a word."""
        values = super().clean() or {}
        if (values.get("score") or 5) <= Score.BAD and not (values.get("reasons") or values.get("words")):
            self.add_error(
                "reasons", forms.ValidationError(_("Chọn ít nhất một lý do, hoặc viết vài chữ ở dưới."))
            )
        return values


class PeriodForm(forms.Form):
    """Which days the figures are of; thirty days up to today unless said otherwise."""

    since = day_field(_("Từ ngày"), required=False)
    until = day_field(_("đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        today = timezone.localdate()
        until = values.get("until") or today
        since = values.get("since") or until - timedelta(days=29)
        if not self.errors and not Wanted(since, until).whole:
            self.add_error(
                "since", forms.ValidationError(_("Ngày đầu phải trước ngày cuối, nhiều nhất một năm."))
            )
        return {**values, "since": since, "until": until}


class QuestionsForm(KeyedForm):
    """A question set as an administrator writes it."""

    title = forms.CharField(
        label=_("Tên bộ câu hỏi"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    basis = forms.CharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Văn bản hoặc quyết định nào."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    scale = forms.ChoiceField(
        label=_("Câu đầu tiên hỏi mấy mức"), choices=Scale.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Các câu hỏi thêm"), required=False, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Mỗi dòng một câu. Sau dấu | là các câu trả lời, từ tốt nhất đến kém nhất; không có dấu | thì năm mức."
        ),
    )  # fmt: skip
    agency = forms.TypedChoiceField(label=_("Hỏi ở cơ quan"), required=False, coerce=int, empty_value=None)
    procedure_code = forms.CharField(
        label=_("Chỉ hỏi về thủ tục có mã"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("Hỏi về"), required=False, choices=[("", _("Mọi lượt")), *Source.choices]
    )
    channel = forms.ChoiceField(
        label=_("Hỏi bằng"), required=False,
        choices=[("", _("Mọi cách")), ("web", _("Điện thoại, máy tính")), ("kiosk", _("Máy ở sảnh"))],
    )  # fmt: skip
    valid_from = day_field(_("Hỏi từ ngày"))

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", _("Mọi cơ quan")), *agencies]  # type: ignore[attr-defined]
