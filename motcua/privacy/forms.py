"""Forms of requests about data and of incidents."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.working_time import ZONE
from motcua.privacy.models.incident import DataKind, What
from motcua.privacy.states import GROUNDS, NAMES
from motcua.ui.keyed import KeyedForm, day_field, time_field

_PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def _text(label: Any, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def _kinds() -> list[tuple[str, Any]]:
    return [(one.value, _(name)) for one, name in NAMES.items()]


class AskForm(KeyedForm):
    """What somebody asks about their data, with the slip that proves whose it is."""

    kind = forms.ChoiceField(
        label=_("Anh/chị muốn gì?"), choices=_kinds, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một việc.")},
    )  # fmt: skip
    code = forms.CharField(
        label=_("Mã hồ sơ"), max_length=60, widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("Một hồ sơ của anh/chị, in trên giấy tiếp nhận."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Mã tra cứu"), max_length=20, widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("Sáu ký tự in cuối giấy tiếp nhận."),
    )  # fmt: skip
    wants = _text(
        _("Nói rõ hơn"), required=False, max_length=4000,
        help_text=_("Muốn sửa thì ghi điều gì sai và đúng phải là gì. Không ghi số căn cước ở đây."),
    )  # fmt: skip
    email = forms.CharField(
        label=_("Thư điện tử để nhận tin"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip


class AskOwnForm(KeyedForm):
    """The same from somebody who signed in with a proven identity: no slip, no card."""

    kind = forms.ChoiceField(
        label=_("Anh/chị muốn gì?"), choices=_kinds, widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một việc.")},
    )  # fmt: skip
    agency = forms.TypedChoiceField(label=_("Gửi cơ quan nào?"), coerce=int)
    wants = _text(
        _("Nói rõ hơn"), required=False, max_length=4000,
        help_text=_("Muốn sửa thì ghi điều gì sai và đúng phải là gì. Không ghi số căn cước ở đây."),
    )  # fmt: skip
    email = forms.CharField(
        label=_("Thư điện tử để nhận tin"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["agency"]
        chosen.choices = agencies  # type: ignore[attr-defined]
        if len(agencies) == 1:
            chosen.initial, chosen.widget = agencies[0][0], forms.HiddenInput()


class FollowForm(forms.Form):
    """Code and secret of a confirmation."""

    code = forms.CharField(
        label=_("Mã yêu cầu"), max_length=60, widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("Bắt đầu bằng YC, có trên trang xác nhận."),
    )  # fmt: skip
    secret = forms.CharField(label=_("Mã tra cứu"), max_length=20, widget=forms.TextInput(attrs=_PLAIN))


class CounterForm(KeyedForm):
    """The same at the counter: the person stands there with their card."""

    kind = forms.ChoiceField(label=_("Người dân muốn"), choices=_kinds, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Số định danh trên thẻ"), max_length=20, widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("12 chữ số; không giữ lại ở địa chỉ trang."),
    )  # fmt: skip
    card_seen = forms.BooleanField(label=_("Đã xem thẻ căn cước, đúng người"), required=False)
    wants = _text(_("Lời người dân"), required=False, max_length=4000)
    email = forms.CharField(label=_("Thư điện tử để nhận tin"), required=False, max_length=200)
    phone = forms.CharField(label=_("Điện thoại"), required=False, max_length=30)


class AssignForm(KeyedForm):
    """Who works on a request."""

    position = forms.TypedChoiceField(label=_("Giao cho"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = people  # type: ignore[attr-defined]


class ExtendForm(KeyedForm):
    """Why more time is needed."""

    reason = _text(_("Vì sao cần thêm thời gian"), 2, max_length=500)


class FinishForm(KeyedForm):
    """What was done, in words; new contact facts where something is corrected."""

    answer = _text(_("Trả lời người dân"), required=False, max_length=4000)
    card = forms.CharField(
        label=_("Mã QR trên thẻ căn cước"), required=False, max_length=600,
        help_text=_("Quét để sửa họ tên, ngày sinh, giới tính, nơi cư trú theo thẻ."),
        widget=forms.TextInput(attrs=_PLAIN),
    )  # fmt: skip
    phone = forms.CharField(label=_("Điện thoại đúng"), required=False, max_length=30)
    email = forms.CharField(label=_("Thư điện tử đúng"), required=False, max_length=200)
    address = forms.CharField(label=_("Nơi cư trú đúng"), required=False, max_length=400)

    seen = forms.CharField(
        widget=forms.HiddenInput(), required=False, max_length=64
    )  # what goes and stays, as shown

    def __init__(self, *args: Any, corrects: bool, erases: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not erases:
            del self.fields["seen"]
        if not corrects:
            for name in ("card", "phone", "email", "address"):
                del self.fields[name]


class RefuseForm(KeyedForm):
    """On what ground, and in words."""

    ground = forms.ChoiceField(
        label=_("Căn cứ"),
        choices=lambda: [(key, _(text)) for key, text in GROUNDS.items()],
        widget=forms.RadioSelect,
    )
    answer = _text(_("Vì sao, và khiếu nại ở đâu"), max_length=4000)


class IncidentForm(KeyedForm):
    """What happened, when it was found, which data, how many people."""

    what = forms.ChoiceField(label=_("Loại sự cố"), choices=What.choices)
    title = forms.CharField(label=_("Việc gì đã xảy ra"), max_length=200)
    story = _text(
        _("Kể rõ"),
        5,
        max_length=5000,
        help_text=_("Ai thấy, thấy gì, ở đâu. Không chép dữ liệu bị lộ vào đây."),
    )
    found_day = day_field(_("Phát hiện ngày"))
    found_time = time_field(_("lúc"))
    happened_day = day_field(_("Xảy ra ngày (nếu biết)"), required=False)
    data_kinds = forms.MultipleChoiceField(
        label=_("Dữ liệu nào"), choices=DataKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(
        label=_("Khoảng bao nhiêu người"), required=False, min_value=0, max_value=100_000_000
    )
    serious = forms.BooleanField(
        label=_("Sự cố nghiêm trọng của hệ thống (báo lần đầu trong 24 giờ)"), required=False
    )
    measures = _text(_("Đã làm gì để chặn"), 3, required=False, max_length=5000)

    @property
    def times(self) -> dict[str, datetime | None]:
        """When it was found and when it happened, as moments."""
        data = self.cleaned_data
        happened = data.get("happened_day")
        found = datetime.combine(data["found_day"], data["found_time"], ZONE)
        begun = datetime.combine(happened, datetime.min.time(), ZONE) if happened else None
        return {"found_at": found, "happened_at": begun}


class FillInForm(KeyedForm):
    """What is known by now."""

    story = _text(_("Kể rõ"), 5, max_length=5000)
    data_kinds = forms.MultipleChoiceField(
        label=_("Dữ liệu nào"), choices=DataKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(
        label=_("Khoảng bao nhiêu người"), required=False, min_value=0, max_value=100_000_000
    )
    serious = forms.BooleanField(
        label=_("Sự cố nghiêm trọng của hệ thống (báo lần đầu trong 24 giờ)"), required=False
    )
    measures = _text(_("Đã làm gì để chặn, khắc phục"), 4, required=False, max_length=5000)


class NoticeForm(KeyedForm):
    """When a notice went out; why late; why people are not told."""

    day = day_field(_("Đã gửi ngày"))
    time = time_field(_("lúc"))
    why_late = forms.CharField(label=_("Vì sao quá hạn"), required=False, max_length=500)
    why_not = forms.CharField(label=_("Vì sao không phải báo từng người"), required=False, max_length=500)

    def __init__(self, *args: Any, people: bool, late: bool, **kwargs: Any) -> None:
        now = timezone.localtime()
        kwargs.setdefault("initial", {"day": now.date(), "time": now.time()})
        super().__init__(*args, **kwargs)
        if not people:
            del self.fields["why_not"]
        if late:  # by when it was to go out is over: whatever time is written, a reason is owed unless it went before
            self.fields["why_late"].help_text = _("Phải ghi, trừ khi giờ gửi ở trên còn trong hạn.")
            self.fields["why_late"].owed = True  # type: ignore[attr-defined]
        else:
            self.fields["why_late"].widget = forms.HiddenInput()

    @property
    def sent_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], ZONE)


class PeopleForm(KeyedForm):
    """Whose data it was, by dossier, and what they are told."""

    codes = _text(_("Mã hồ sơ, mỗi dòng một mã"), 4, max_length=20_000)
    text = _text(
        _("Lời báo cho người dân"), 6, max_length=3000,
        help_text=_("Việc gì đã xảy ra, dữ liệu nào, họ nên làm gì, hỏi ai. Gửi đúng như viết ở đây."),
    )  # fmt: skip

    @property
    def listed(self) -> list[str]:
        return [one.strip() for one in self.cleaned_data["codes"].splitlines() if one.strip()]


class CloseForm(KeyedForm):
    """What was learnt."""

    lessons = _text(_("Nguyên nhân, đã đổi gì để không lặp lại"), 4, max_length=5000)
