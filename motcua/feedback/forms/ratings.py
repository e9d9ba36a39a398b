"""The rating as a visitor gives it on a phone, and the period of the figures."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.feedback.models import Reason, Score
from motcua.feedback.operations.ratings import MOST_WORDS
from motcua.feedback.queries import Wanted
from motcua.ui.keyed import KeyedForm, day_field


class RatingForm(KeyedForm):
    """Five steps, reasons, words; only the step is asked for."""

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
