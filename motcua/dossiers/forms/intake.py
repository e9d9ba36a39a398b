"""The form of the intake page: what the counter types, checked all at once, each fault beside its field."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.applicants.models import ApplicantKind, Sex
from motcua.dossiers import helped, intake_reading, words
from motcua.dossiers.intake_reading import OTHER, PaperKind
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Refusal
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import normalize

_KINDS = [
    (ApplicantKind.PERSON.value, gettext_lazy("Cá nhân")),
    (ApplicantKind.ORGANIZATION.value, gettext_lazy("Tổ chức")),
]
_PAPER_KINDS = [
    (PaperKind.NUMBER.value, gettext_lazy("Số định danh")),
    (PaperKind.PASSPORT.value, gettext_lazy("Hộ chiếu")),
    (PaperKind.NONE.value, gettext_lazy("Không có")),
]
_CARD_LENGTH = 600
_BEST = {"data-combobox-first": "1"}  # the search answers in order of likeness: Enter takes the first


def _text(label: Any, most: int, **attributes: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    too_long = gettext_lazy("Quá dài: tối đa %(limit_value)s chữ, hiện có %(show_value)s chữ.")
    return forms.CharField(
        label=label, required=False, max_length=most, widget=widget, error_messages={"max_length": too_long}
    )


def _choice(label: Any, choices: list[tuple[str, Any]], initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=choices, initial=initial, widget=forms.RadioSelect
    )


def _person(prefix: str) -> dict[str, forms.Field]:
    """The fields of one person; the second person's carry the prefix "other_"."""
    return {
        f"{prefix}card": _text(
            gettext_lazy("Quét thẻ căn cước"),
            _CARD_LENGTH,
            spellcheck="false",
            placeholder=gettext_lazy("Quét thẻ, hoặc gõ số, họ tên, điện thoại"),
            **{"data-people": "person"},
        ),
        f"{prefix}id_kind": _choice(gettext_lazy("Giấy tờ"), _PAPER_KINDS, PaperKind.NUMBER),
        f"{prefix}personal_id": _text(gettext_lazy("Số định danh"), 20, inputmode="numeric"),
        f"{prefix}passport_number": _text(gettext_lazy("Số hộ chiếu"), 30, spellcheck="false"),
        f"{prefix}passport_country": _text(gettext_lazy("Nước cấp"), 2, spellcheck="false"),
        f"{prefix}no_paper_reason": _text(gettext_lazy("Lý do không có giấy tờ"), 300),
        f"{prefix}full_name": _text(gettext_lazy("Họ và tên"), 120),
        f"{prefix}birth": _text(gettext_lazy("Ngày sinh"), 10, inputmode="numeric"),
        f"{prefix}sex": _choice(gettext_lazy("Giới tính"), list(Sex.choices)),
        f"{prefix}address": _text(gettext_lazy("Nơi cư trú"), 400),
    }


class IntakeForm(forms.Form):
    """Everything of one intake but the papers, which are a list of their own (`intake_reading.paper_rows`).

    `clean` collects every fault, also those that only operations would find one by one. `reading` is what the
    operation takes when all is well. No field is required by itself: what is needed depends on the others.
    """

    reading: "intake_reading.Reading | None" = None

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        actor: Actor,
        day: date,
        attached: intake_reading.Files | None = None,
    ) -> None:
        super().__init__(data)
        self.actor, self.day, self.attached = actor, day, attached or {}
        self.fields |= {"kind": _choice(gettext_lazy("Chủ hồ sơ"), _KINDS, ApplicantKind.PERSON)}
        self.fields |= _person("")
        self.fields |= {
            "tax_code": _text(gettext_lazy("Mã số thuế"), 20, inputmode="numeric"),
            "org_name": _text(gettext_lazy("Tên tổ chức"), 300, **{"data-people": "organization"}),
            "no_tax_code_reason": _text(gettext_lazy("Lý do không có mã số thuế"), 300),
            "legal_representative": _text(gettext_lazy("Người đại diện theo pháp luật"), 120),
            "org_address": _text(gettext_lazy("Địa chỉ trụ sở"), 400),
            "renamed": forms.BooleanField(
                label=gettext_lazy("Tổ chức đã đổi tên (đã xem giấy tờ)"), required=False
            ),
            "other": forms.BooleanField(label=gettext_lazy("Người khác đi nộp"), required=False),
            "by_post": forms.BooleanField(label=gettext_lazy("Qua bưu chính"), required=False),
            "post_sender": _text(gettext_lazy("Bưu cục hoặc người gửi, số bưu gửi"), 200, spellcheck="false"),
            "posted_on": _text(gettext_lazy("Ngày trên phiếu gửi"), 10, inputmode="numeric"),
        }
        self.fields |= _person(OTHER)
        self.fields |= {
            "represents": forms.BooleanField(
                label=gettext_lazy("Là người đại diện, có ủy quyền"), required=False
            ),
            "authority": _text(gettext_lazy("Giấy ủy quyền: số, ngày, nơi cấp"), 300),
            "procedure": _text(
                gettext_lazy("Thủ tục"),
                500,
                spellcheck="false",
                placeholder=gettext_lazy("Mã, tên, hoặc chữ cái đầu như dkks"),
                **_BEST,
            ),
            "variant": forms.CharField(required=False, widget=forms.HiddenInput),
            "agency": forms.CharField(required=False, widget=forms.HiddenInput),
            "exemption": forms.CharField(required=False, widget=forms.HiddenInput),
            "missing_ok": forms.BooleanField(
                label=gettext_lazy("Giấy tờ còn thiếu không cần trong trường hợp này"), required=False
            ),
            "phone": _text(gettext_lazy("Điện thoại"), 40, inputmode="tel"),
            "result_channel": _choice(
                gettext_lazy("Nhận kết quả"), list(words.ResultChannel.choices), words.ResultChannel.COUNTER
            ),
            "return_address": _text(gettext_lazy("Địa chỉ nhận qua bưu chính"), 400),
            "contact_email": _text(gettext_lazy("Thư điện tử"), 200, inputmode="email"),
            "summary": _text(gettext_lazy("Nội dung yêu cầu"), 1000),
            "helped": _text(
                gettext_lazy("Hỗ trợ nộp tại"),
                400,
                spellcheck="false",
                placeholder=gettext_lazy("Gõ tên điểm đã giúp người dân nộp"),
                **_BEST,
            ),
            "copies": forms.IntegerField(
                label=gettext_lazy("Số bộ"),
                required=False,
                min_value=1,
                max_value=99,
                error_messages={
                    "invalid": gettext_lazy("Số bộ hồ sơ là một số từ 1 đến 99."),
                    "min_value": gettext_lazy("Số bộ hồ sơ phải từ 1 đến 99."),
                    "max_value": gettext_lazy("Số bộ hồ sơ phải từ 1 đến 99."),
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            ),
            "refuse_reason": forms.CharField(
                label=gettext_lazy("Lý do từ chối"), required=False, max_length=2000, widget=forms.Textarea
            ),
            "where_to_turn": _text(gettext_lazy("Nơi anh/chị có thể nộp"), 300),
        }

    def clean(self) -> dict[str, Any]:
        """Check what depends on several fields; every fault is said at once."""
        values = super().clean() or {}
        organization = values.get("kind") == ApplicantKind.ORGANIZATION
        if organization:
            self._check_organization(values)
        else:
            self._check_person(values, "")
        if values.get("other"):
            self._check_person(values, OTHER)
            if values.get("represents") and not normalize(values.get("authority", "")):
                self.add_error("authority", _("Ghi số, ngày và nơi cấp giấy ủy quyền."))
        choice = self._check_procedure(values)
        self._check_result(values)
        self._check_post(values)
        self._check_helped(values)
        if choice is not None:
            self.reading = intake_reading.read(values, self.data, choice=choice, files=self.attached)
        return values

    def _check_person(self, values: dict[str, Any], prefix: str) -> None:
        """Ask for what a paper of this kind says, then let the applicants' own rules speak."""
        kind = values.get(f"{prefix}id_kind") or PaperKind.NUMBER
        if f"{prefix}full_name" not in self.errors and not normalize(values.get(f"{prefix}full_name") or ""):
            self.add_error(f"{prefix}full_name", _("Nhập họ và tên, hoặc quét thẻ căn cước."))
        needed = {
            PaperKind.NUMBER: ("personal_id", _("Nhập số định danh 12 chữ số, hoặc chọn giấy tờ khác.")),
            PaperKind.PASSPORT: ("passport_number", _("Nhập số hộ chiếu.")),
            PaperKind.NONE: ("no_paper_reason", _("Ghi vì sao không có giấy tờ.")),
        }
        field, text = needed[PaperKind(kind)]
        if not (values.get(f"{prefix}{field}") or "").strip():
            self.add_error(f"{prefix}{field}", text)
        if kind == PaperKind.PASSPORT and not (values.get(f"{prefix}passport_country") or "").strip():
            self.add_error(f"{prefix}passport_country", _("Nhập mã nước cấp hộ chiếu, ví dụ VN, US."))
        birth = values.get(f"{prefix}birth") or ""
        if birth.strip() and intake_reading.birth_of(birth) == (None, None):
            self.add_error(
                f"{prefix}birth", _("Ngày sinh viết như 1/2/1990 hoặc 01021990; chỉ biết năm: 1990.")
            )
        if not any(name in self.errors for name in _person(prefix)):
            self._ask_applicants(values, prefix)

    def _ask_applicants(self, values: dict[str, Any], prefix: str) -> None:
        try:
            intake_reading.check_person(values, prefix, day=self.day)
        except Refusal as refusal:
            self.add_error(intake_reading.form_field(refusal.field, prefix), refusal.message)

    def _check_organization(self, values: dict[str, Any]) -> None:
        code = (values.get("tax_code") or "").strip()
        if code and normalize_tax_code(code) is None:
            self.add_error("tax_code", _("Mã số thuế có 10 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số."))
        if not code and not normalize(values.get("no_tax_code_reason") or ""):
            self.add_error("tax_code", _("Nhập mã số thuế, hoặc ghi lý do không có."))
        if not normalize(values.get("org_name") or ""):
            self.add_error("org_name", _("Nhập tên tổ chức."))

    def _check_procedure(self, values: dict[str, Any]) -> "intake_reading.Choice | None":
        try:
            choice = intake_reading.choose(
                values.get("procedure") or "",
                variant=values.get("variant") or "",
                agency=values.get("agency") or "",
                actor=self.actor,
                day=self.day,
            )
        except Refusal as refusal:
            field = refusal.field if refusal.field in {"variant", "agency"} else "procedure"
            self.add_error(field, refusal.message)
            return None
        if choice.agency_open:
            self.add_error(
                "agency", _("Nhiều cơ quan giải quyết thủ tục này: chọn cơ quan giải quyết hồ sơ.")
            )
            return None
        return choice

    def _check_result(self, values: dict[str, Any]) -> None:
        phone = (values.get("phone") or "").strip()
        if phone and normalize_phone(phone) is None:
            self.add_error(
                "phone", _("Số điện thoại không đúng. Ví dụ: 0912 345 678, hoặc +… với số nước ngoài.")
            )
        post = values.get("result_channel") == words.ResultChannel.POST
        if post and not normalize(values.get("return_address") or ""):
            self.add_error("return_address", _("Nhận kết quả qua bưu chính thì cần địa chỉ nhận."))

    def _check_post(self, values: dict[str, Any]) -> None:
        """Read the date on the post's slip, if one was typed and the dossier came by post."""
        typed = str(values.get("posted_on") or "").strip()
        values["posted_on"] = intake_reading.posted_on(typed, self.day) if typed else None
        if not values.get("by_post") or not typed:
            return
        if values["posted_on"] is None:
            self.add_error("posted_on", _("Ngày trên phiếu gửi viết như 25/11/2026 hoặc 25/11."))
        elif values["posted_on"] > self.day:
            self.add_error("posted_on", _("Ngày trên phiếu gửi không thể sau hôm nay."))

    def _check_helped(self, values: dict[str, Any]) -> None:
        """Find the point that helped, if one was named; what nobody can find is said, not dropped."""
        typed = normalize(str(values.get("helped") or ""))
        point = helped.point_of(typed, day=self.day) if typed else None
        if typed and point is None:
            self.add_error(
                "helped",
                _("Không có điểm nào đang mở mang tên này. Chọn trong danh sách gợi ý, hoặc để trống."),
            )
        values["helped_point"] = point.pk if point else None

    def check_papers(self) -> None:
        """Before acceptance: papers that the catalogue always asks for are there, or the officer says why not."""
        if self.reading is None:
            return
        if any(row.bad for row in self.reading.rows):
            self.add_error("missing_ok", _("Số bản của giấy tờ là số từ 0 đến 99."))
        if self.cleaned_data.get("missing_ok") and self.reading.papers:
            return
        if not self.reading.papers:
            self.add_error(
                "missing_ok", _("Chưa đánh dấu giấy tờ nào. Bấm A nếu đủ cả, hoặc đánh dấu từng giấy tờ.")
            )
        elif self.reading.missing:
            names = "; ".join(row.name for row in self.reading.missing)
            self.add_error(
                "missing_ok",
                _("Còn thiếu: %(names)s. Yêu cầu bổ sung (F8), hoặc đánh dấu “không cần” ở dưới danh sách.")
                % {"names": names},
            )


@cache
def field_names() -> frozenset[str]:
    """Return the names of the form's fields: what a draft may hold besides papers."""
    return frozenset(IntakeForm(None, actor=PUBLIC, day=date.min).fields)
