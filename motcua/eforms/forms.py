"""What an administrator says of a form that is being made: the form itself, a section, a question, checks, trials.

A field shows only what its kind can say. Conditions are chosen from a list of what the other questions answer; who
needs more writes the line (`engine.conditions`).
"""

import re
from collections.abc import MutableMapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.eforms import building
from motcua.eforms.describing import KINDS, LISTS, SOURCES, WAYS
from motcua.eforms.engine import conditions
from motcua.eforms.engine.model import MOST_ROWS, NO, SILENT, YES
from motcua.eforms.tables import FRAME, Table, elements, says, usual_length
from motcua.lib.vietnamese import fold, normalize
from motcua.ui.keyed import KeyedForm, day_field

BY_HAND = "~"
_OPTION = re.compile(r"\s*([a-z][a-z0-9_]{0,39})\s*:\s*(\S.*)")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_YEARS = re.compile(r"hom nay\s*(?:-|tru)\s*(\d{1,3})\s*nam")
_HAND_HELP = gettext_lazy("Ví dụ: copies = yes, not foreign, age(born) < 14, a = x | y and b.")
_KEY_HELP = gettext_lazy("Chữ thường không dấu. Đổi được đến khi công bố; điều kiện và ca thử đổi theo.")


def _text(label: Any, longest: int, *, required: bool = False, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, **options)


def _area(label: Any, longest: int, rows: int, **options: Any) -> forms.CharField:
    return _text(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


class SeenForm(KeyedForm):
    """A form that knows the revision of the draft its page was drawn at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def revision(self) -> int:
        """Return that revision; 0 where none was sent."""
        return int(self.cleaned_data.get("seen") or 0)


class BeginForm(KeyedForm):
    """How a draft begins."""

    title = _text(gettext_lazy("Tên tờ khai"), 300)
    case = _text(
        gettext_lazy("Trường hợp"),
        200,
        help_text=gettext_lazy("Để trống: dùng cho mọi trường hợp của thủ tục."),
    )
    copy_of = forms.ChoiceField(label=gettext_lazy("Bắt đầu từ"), widget=forms.RadioSelect)
    other = _text(
        gettext_lazy("Mã thủ tục có tờ khai muốn chép"), 20, help_text=gettext_lazy("Ví dụ 1.001193.")
    )

    def __init__(self, data: Any, *, models: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["copy_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((str(pk), words) for pk, words in models),
            ("", _("Tờ khai trống")), ("other", _("Tờ khai của thủ tục khác")),
        ]  # fmt: skip
        field.required = False
        field.initial = str(models[0][0]) if models else ""


class FrameForm(SeenForm):
    """What stands around the questions."""

    title = _text(gettext_lazy("Tên tờ khai"), 300, required=True)
    to = _text(gettext_lazy("Kính gửi"), 300)
    basis = _text(
        gettext_lazy("Căn cứ"),
        300,
        help_text=gettext_lazy("Văn bản có mẫu này, ví dụ Thông tư 04/2024/TT-BTP."),
    )
    intro = _area(gettext_lazy("Lời dẫn"), 1000, 2)
    pledge = _area(gettext_lazy("Lời cam đoan"), 1000, 3)
    signature = _text(gettext_lazy("Người ký"), 100, help_text=gettext_lazy("Ví dụ: Người yêu cầu."))

    def facts(self) -> Table:
        """Return what the form says, as a table has it."""
        return {name: normalize(self.cleaned_data[name]) for name in FRAME if self.cleaned_data[name]}


# ── Conditions


def picks(table: Table, path: str) -> list[tuple[str, Any]]:
    """Return what a condition at `path` can be chosen from: (line, words), grouped by question."""
    home = building.parent_of(path)
    found: list[tuple[str, Any]] = []
    for at, one in elements(table):
        section, _dot, rest = at.partition(".")
        repeats = bool((building.find(table, section) or {}).get("rows"))
        if not rest or at == path or one["kind"] in SILENT or one["kind"] == "group":
            continue
        if repeats and section != home.partition(".")[0]:
            continue
        name = rest.partition(".")[2] if home.count(".") and home == building.parent_of(at) else rest
        label = one["label"][:60]
        found.append((label, [(line, f"{label}: {words}") for line, words in _answers(name, one)]))
    return found


def _answers(name: str, one: Table) -> list[tuple[str, str]]:
    if one["kind"] == "yes_no":
        return [(f"{name} = {YES}", _("Có")), (f"{name} = {NO}", _("Không"))]
    codes = [option.partition(":") for option in one.get("options", ())]
    found = [(conditions.written(["in", name, [code.strip()]]), words.strip()) for code, _c, words in codes]
    return [*found, (name, _("đã trả lời")), (f"not {name}", _("không trả lời"))]


class ConditionMixin:
    """The pair "chosen from a list" and "written by hand" that makes a condition."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def offer(self, table: Table, path: str, initial: MutableMapping[str, Any], always: str) -> None:
        """Fill the list; what stands there and is not in it is shown as written by hand."""
        offered = picks(table, path)
        lines = {line for _label, rows in offered for line, _words in rows}
        pick = self.fields["show_pick"]
        assert isinstance(pick, forms.ChoiceField)
        pick.choices = [("", always), *offered, (BY_HAND, _("Theo điều kiện viết ở ô dưới"))]
        line = initial.get("show", "")
        initial["show_pick"] = line if line in lines or not line else BY_HAND
        initial["show"] = "" if line in lines else line

    def shown_when(self) -> str:
        """Return the line."""
        pick = self.cleaned_data.get("show_pick", "")
        return str(self.cleaned_data.get("show", "")) if pick == BY_HAND else str(pick)


def _condition(text: str) -> str:
    """Return the line as we write it; raises ValidationError with where it breaks off."""
    if not text.strip():
        return ""
    try:
        return conditions.written(conditions.parse(text.strip()))
    except conditions.BadCondition as broken:
        say = _("Điều kiện không đọc được, từ chỗ “%(where)s”.") % {"where": str(broken)[:40]}
        raise forms.ValidationError(say) from broken


def _pick_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Chỉ hỏi khi"), required=False)


def _hand_field() -> forms.CharField:
    return _text(gettext_lazy("Điều kiện viết tay"), 1000, help_text=_HAND_HELP)


class KeyMixin:
    """The key of an element."""

    cleaned_data: dict[str, Any]

    def clean_key_name(self) -> str:
        """Refuse what is no key."""
        key = str(self.cleaned_data.get("key_name", "")).strip()
        if key and not _KEY.fullmatch(key):
            raise forms.ValidationError(
                _("Khóa “%(key)s”: chỉ dùng chữ thường không dấu, số, gạch dưới.") % {"key": key}
            )
        return key

    def clean_show(self) -> str:
        """Read the condition."""
        return _condition(str(self.cleaned_data.get("show", "")))

    def clean_need(self) -> str:
        """Read the condition."""
        return _condition(str(self.cleaned_data.get("need", "")))


class SectionForm(KeyMixin, ConditionMixin, SeenForm):
    """A section."""

    title = _text(gettext_lazy("Tên phần"), 200, required=True)
    help = _area(gettext_lazy("Lời hướng dẫn"), 500, 2)
    show_pick = _pick_field()
    show = _hand_field()
    repeats = forms.BooleanField(
        label=gettext_lazy("Phần lặp: người khai thêm bao nhiêu dòng tùy ý"), required=False
    )
    least = forms.IntegerField(
        label=gettext_lazy("Ít nhất (dòng)"), min_value=0, max_value=MOST_ROWS, required=False
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nhiều nhất (dòng)"), min_value=1, max_value=MOST_ROWS, required=False
    )
    item = _text(
        gettext_lazy("Mỗi dòng gọi là"),
        80,
        help_text=gettext_lazy("Ví dụ: Thành viên. Nút ghi “Thêm: Thành viên”."),
    )
    restart = forms.BooleanField(label=gettext_lazy("Bản in đánh số lại từ 1 ở phần này"), required=False)
    key_name = _text(gettext_lazy("Khóa"), 40, help_text=_KEY_HELP)

    def __init__(self, data: Any, *, table: Table, path: str, element: Table, **options: Any) -> None:
        rows = element.get("rows") or [0, 20]
        initial = dict(element) | {
            "repeats": bool(element.get("rows")), "least": rows[0], "most": rows[1], "key_name": element["key"],
        }  # fmt: skip
        initial |= options.pop("initial", {})
        super().__init__(data, initial=initial, **options)
        self.offer(table, path, self.initial, _("Luôn hỏi"))

    def clean(self) -> dict[str, Any]:
        """Look at the two numbers together."""
        found = super().clean() or {}
        if found.get("repeats") and (found.get("least") or 0) > (found.get("most") or 20):
            self.add_error("least", _("Số ít nhất lớn hơn số nhiều nhất."))
        return found

    def facts(self) -> Table:
        """Return what the form says, as a table has it."""
        said = self.cleaned_data
        rows = [said.get("least") or 0, said.get("most") or 20] if said.get("repeats") else None
        found = {
            "title": normalize(said["title"]), "help": normalize(said["help"]), "show": self.shown_when(),
            "rows": rows, "item": normalize(said["item"]), "restart": said["restart"],
        }  # fmt: skip
        return {name: value for name, value in found.items() if value not in (None, "", False)}


# ── A question

#: What each kind can say beside the words that all have.
_BY_KIND = {
    "text": ("longest", "default"), "long": ("longest",), "name": (), "phone": (), "email": (), "personal_id": (),
    "number": ("least", "most", "decimals", "default"), "money": ("least", "most"),
    "date": ("earliest", "latest", "partial"), "moment": ("earliest", "latest"), "choice": ("options", "default"),
    "several": ("options",), "yes_no": ("default",), "code": ("codes", "default"), "address": (), "file": ("most",),
    "group": (), "computed": ("way", "of"), "note": (),
}  # fmt: skip
_ASKING = ("required", "need", "source", "own")


class FieldForm(KeyMixin, ConditionMixin, SeenForm):
    """A question."""

    label = _area(gettext_lazy("Câu hỏi"), 300, 2)
    kind = forms.ChoiceField(label=gettext_lazy("Loại câu trả lời"), choices=list(KINDS.items()))
    help = _area(gettext_lazy("Lời hướng dẫn"), 500, 2)
    options = _area(
        gettext_lazy("Các lựa chọn, mỗi dòng một"), 8000, 6,
        help_text=gettext_lazy("Muốn đặt mã riêng thì ghi “ma: Lời”; không ghi thì máy tự đặt."),
    )  # fmt: skip
    codes = forms.ChoiceField(label=gettext_lazy("Danh mục"), choices=list(LISTS.items()))
    way = forms.ChoiceField(label=gettext_lazy("Cách tính"), choices=list(WAYS.items()))
    of = forms.MultipleChoiceField(
        label=gettext_lazy("Tính từ"), widget=forms.CheckboxSelectMultiple, required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc trả lời"), required=False)
    show_pick = _pick_field()
    show = _hand_field()
    longest = forms.IntegerField(
        label=gettext_lazy("Dài nhất (chữ)"), min_value=1, max_value=4000, required=False
    )
    least = forms.FloatField(label=gettext_lazy("Nhỏ nhất"), required=False)
    most = forms.FloatField(label=gettext_lazy("Lớn nhất"), required=False)
    decimals = forms.IntegerField(
        label=gettext_lazy("Số chữ số sau dấu phẩy"), min_value=0, max_value=6, required=False
    )
    earliest = _text(
        gettext_lazy("Ngày sớm nhất"),
        30,
        help_text=gettext_lazy("“hôm nay”, “hôm nay - 18 năm”, hoặc 01/07/2025."),
    )
    latest = _text(
        gettext_lazy("Ngày muộn nhất"),
        30,
        help_text=gettext_lazy("“hôm nay”, “hôm nay - 18 năm”, hoặc 31/12/2026."),
    )
    partial = forms.BooleanField(
        label=gettext_lazy("Không rõ ngày, tháng thì được chỉ ghi năm"), required=False
    )
    default = _text(
        gettext_lazy("Trả lời sẵn"), 100, help_text=gettext_lazy("Chữ, số hoặc mã lựa chọn hiện sẵn trong ô.")
    )
    need = _text(
        gettext_lazy("Chỉ bắt buộc khi"), 1000,
        help_text=gettext_lazy("Điều kiện viết tay; chỉ có nghĩa khi câu hỏi bắt buộc."),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=gettext_lazy("Điền sẵn từ giấy tờ của người nộp"), required=False,
        choices=[("", gettext_lazy("Không điền sẵn")), *SOURCES.items()],
    )  # fmt: skip
    own = forms.BooleanField(label=gettext_lazy("Mẫu chính thức không đánh số câu này"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("Nằm ở phần"), required=False)
    key_name = _text(gettext_lazy("Khóa"), 40, help_text=_KEY_HELP)

    def __init__(self, data: Any, *, table: Table, path: str, element: Table, **options: Any) -> None:
        compute = element.get("compute") or [""]
        initial = dict(element) | {
            "options": "\n".join(shown_option(one) for one in element.get("options", ())),
            "way": compute[0], "of": compute[1:], "codes": element.get("list", ""), "key_name": element["key"],
            "section": building.parent_of(path), "earliest": _bound_shown(element.get("earliest", "")),
            "latest": _bound_shown(element.get("latest", "")), "most": element.get("most"),
        }  # fmt: skip
        initial |= options.pop("initial", {})
        super().__init__(data, initial=initial, **options)
        self.part, self.was = path.count(".") > 1, element
        self._fit(table, path, element["kind"])
        self.offer(table, path, self.initial, _("Luôn hỏi"))

    def _fit(self, table: Table, path: str, kind: str) -> None:
        """Leave out what this kind cannot say, and fill the lists."""
        always = {"key", "seen", "label", "kind", "show_pick", "show", "key_name"}
        can = always | set(_BY_KIND[kind]) | (set() if kind == "note" else {"help"})
        can |= set(_ASKING) - ({"source"} if self.part else set()) if kind not in SILENT else set()
        can |= set() if self.part else {"section"}
        for name in set(self.fields) - can:
            del self.fields[name]
        choices = {
            "kind": [pair for pair in KINDS.items() if not self.part or pair[0] not in {"group", "computed"}],
            "section": [(one["key"], one["title"]) for one in table["section"]],
            "of": countable(table, path),
        }  # fmt: skip
        for name, offered in choices.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        if "most" in self.fields and kind == "file":
            self.fields["most"].label = _("Nhiều nhất (tệp)")

    def clean_label(self) -> str:
        """Refuse an empty question."""
        found = normalize(self.cleaned_data["label"])
        if not found:
            raise forms.ValidationError(_("Ghi lời của câu hỏi."))
        return found

    def clean_options(self) -> list[str]:
        """Return each choice as "code: words"; refuses one that stands there twice."""
        found, codes = [], set()
        for line in self.cleaned_data["options"].splitlines():
            if not normalize(line):
                continue
            written = _OPTION.fullmatch(line)
            words = normalize(written[2] if written else line)
            code = written[1] if written else building.key_from(words, set())
            if code in codes:
                raise forms.ValidationError(_("Lựa chọn “%(words)s” ghi hai lần.") % {"words": words})
            codes.add(code)
            found.append(f"{code}: {words}")
        return found

    def clean_earliest(self) -> str:
        """Read a bound."""
        return _bound(self.cleaned_data["earliest"])

    def clean_latest(self) -> str:
        """Read a bound."""
        return _bound(self.cleaned_data["latest"])

    def facts(self) -> Table:
        """Return what the form says, as a table has it; what another kind could say is dropped."""
        said = self.cleaned_data
        found = {"label": said["label"], "kind": said["kind"], "help": normalize(said.get("help", ""))}
        found |= {name: said.get(name) for name in (*_ASKING, "options", "longest", "least", "most", "decimals",
                                                    "earliest", "latest", "partial", "default")}  # fmt: skip
        found |= {"show": self.shown_when()}
        if "way" in said:
            found["compute"] = [said["way"], *said["of"]]
        if said["kind"] == "code":
            found["list"] = said.get("codes") or "nation"
        if said["kind"] == "computed" and not found.get("compute"):
            found["compute"] = ["sum"]
        if found.get("longest") == usual_length(said["kind"]):
            found["longest"] = None
        for name in ("least", "most"):
            number = found.get(name)
            found[name] = int(number) if number is not None and number == int(number) else number
        kept = _BY_KIND[said["kind"]]
        silent = said["kind"] in SILENT
        free = (
            {"label", "kind", "help", "show", "compute", "list"}
            | set(kept)
            | (set() if silent else set(_ASKING))
        )
        return {name: it for name, it in found.items() if name in free and says(name, it)}


def shown_option(option: str) -> str:
    """Return a choice as an author reads it: without the code where that is made of the words."""
    code, _colon, words = option.partition(":")
    words = words.strip()
    return words if building.key_from(words, set()) == code.strip() else f"{code.strip()}: {words}"


def countable(table: Table, path: str) -> list[tuple[str, str]]:
    """Return what a computed question can be worked out from: path and words."""
    home, found = building.parent_of(path), []
    for at, one in elements(table):
        section, _dot, rest = at.partition(".")
        if not rest:
            if one.get("rows"):
                found.append((section, _("Số dòng: %(title)s") % {"title": one["title"][:60]}))
            continue
        repeats = bool((building.find(table, section) or {}).get("rows"))
        if rest.count(".") or at == path or one["kind"] in {*SILENT, "file", "group", "address"}:
            continue
        inside = not repeats or section == home
        if inside or one["kind"] in {"number", "money"}:
            found.append((rest if inside else at, one["label"][:80]))
    return found


def _bound(text: str) -> str:
    """Return a bound of a date as `engine.model` has it; raises ValidationError."""
    bare = fold(text)
    if not bare:
        return ""
    if bare == "hom nay":
        return "today"
    if years := _YEARS.fullmatch(bare):
        return f"today-{int(years[1])}y"
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", bare)
    try:
        if parts:
            return date(int(parts[3]), int(parts[2]), int(parts[1])).isoformat()
    except ValueError:
        pass
    raise forms.ValidationError(_("Viết “hôm nay”, “hôm nay - 18 năm”, hoặc một ngày như 01/07/2025."))


def _bound_shown(text: str) -> str:
    if text == "today":
        return _("hôm nay")
    if text.startswith("today-"):
        return _("hôm nay - %(n)s năm") % {"n": text.removeprefix("today-").removesuffix("y")}
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


# ── Checks between questions, who else confirms


class ChecksForm(SeenForm):
    """The frame of the page of checks."""


class RuleForm(forms.Form):
    """One check between questions; an empty row is none."""

    holds = _text(gettext_lazy("Điều phải đúng"), 1000, help_text=_HAND_HELP)
    say = _text(gettext_lazy("Lời nhắc khi không đúng"), 300)
    at = forms.ChoiceField(label=gettext_lazy("Đặt cạnh câu"), required=False)

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["at"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn")), *questions]

    def clean_holds(self) -> str:
        """Read the condition."""
        return _condition(self.cleaned_data["holds"])

    def clean(self) -> dict[str, Any]:
        """Refuse half a row."""
        found = super().clean() or {}
        if found.get("holds") and not found.get("say"):
            self.add_error("say", _("Ghi lời nhắc."))
        if found.get("holds") and not found.get("at"):
            self.add_error("at", _("Chọn câu hỏi."))
        return found

    def facts(self) -> Table | None:
        """Return the row; None where it is empty."""
        said = self.cleaned_data
        found = {"holds": said["holds"], "say": normalize(said["say"]), "at": said["at"]}
        return found if found["holds"] else None


class SignerForm(forms.Form):
    """Somebody else who confirms; an empty row is none."""

    title = _text(gettext_lazy("Ai"), 100, help_text=gettext_lazy("Ví dụ: Bên nữ. In ra chỗ ký."))
    name = forms.ChoiceField(label=gettext_lazy("Tên lấy từ câu"), required=False)
    show = _text(gettext_lazy("Chỉ cần khi"), 1000, help_text=gettext_lazy("Để trống: luôn cần."))
    key_name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn")), *questions]

    def clean_show(self) -> str:
        """Read the condition."""
        return _condition(self.cleaned_data["show"])

    def clean(self) -> dict[str, Any]:
        """Refuse half a row."""
        found = super().clean() or {}
        if found.get("title") and not found.get("name"):
            self.add_error("name", _("Chọn câu hỏi có tên người đó."))
        return found

    def facts(self) -> Table | None:
        """Return the row; None where it is empty."""
        said = self.cleaned_data
        if not said["title"]:
            return None
        key = said["key_name"] or building.key_from(said["title"], set())
        found = {"key": key, "title": normalize(said["title"]), "name": said["name"], "show": said["show"]}
        return {name: value for name, value in found.items() if value}


# ── Trials and the second person


class TrialForm(SeenForm):
    """The name of a trial, and the day it counts as today."""

    name = _text(
        gettext_lazy("Tên ca thử"), 120, required=True,
        help_text=gettext_lazy("Ví dụ: Người nước ngoài không có số định danh."),
    )  # fmt: skip
    on = day_field(
        gettext_lazy("Coi hôm nay là"),
        help_text=gettext_lazy("Tuổi và “không sau hôm nay” tính theo ngày này."),
    )


class SendForm(SeenForm):
    """What a draft is sent to the second person with."""

    day = day_field(gettext_lazy("Áp dụng từ ngày"))
    note = _area(gettext_lazy("Lời nhắn cho người duyệt"), 1000, 3)


class ReturnForm(KeyedForm):
    """Why a request is returned."""

    reason = _area(
        gettext_lazy("Lý do trả lại"), 1000, 3,
        help_text=gettext_lazy("Người soạn đọc dòng này để biết sửa gì."),
    )  # fmt: skip
