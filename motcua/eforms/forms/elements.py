"""The form's own words, a section, a question. A question shows only what its kind can say."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.eforms import building
from motcua.eforms.describing import KINDS, LISTS, WAYS, bound
from motcua.eforms.engine.computing import FROM
from motcua.eforms.engine.model import MOST_ROWS, SILENT
from motcua.eforms.forms.choosing import (
    KEY_HELP,
    ConditionMixin,
    KeyMixin,
    SeenForm,
    area_field,
    hand_field,
    pick_field,
    source_choices,
    text_field,
)
from motcua.eforms.tables import FRAME, Table, elements, says, usual_length
from motcua.lib.vietnamese import fold, normalize

_OPTION = re.compile(r"\s*([a-z][a-z0-9_]{0,39})\s*:\s*(\S.*)")
_YEARS = re.compile(r"hom nay\s*(?:-|tru)\s*(\d{1,3})\s*nam")


def facts_of(element: Table) -> Table:
    """Return what an element says, without its key: the form's own `key` is that of the request, new on every page."""
    return {name: value for name, value in element.items() if name != "key"}


class FrameForm(SeenForm):
    """What stands around the questions."""

    title = text_field(gettext_lazy("Tên tờ khai"), 300, required=True)
    to = text_field(gettext_lazy("Kính gửi"), 300)
    basis = text_field(
        gettext_lazy("Căn cứ"),
        300,
        help_text=gettext_lazy("Văn bản có mẫu này, ví dụ Thông tư 04/2024/TT-BTP."),
    )
    intro = area_field(gettext_lazy("Lời dẫn"), 1000, 2)
    pledge = area_field(gettext_lazy("Lời cam đoan"), 1000, 3)
    signature = text_field(gettext_lazy("Người ký"), 100, help_text=gettext_lazy("Ví dụ: Người yêu cầu."))

    def facts(self) -> Table:
        """Return what the form says, as a table has it."""
        return {name: normalize(self.cleaned_data[name]) for name in FRAME if self.cleaned_data[name]}


class SectionForm(KeyMixin, ConditionMixin, SeenForm):
    """A section."""

    title = text_field(gettext_lazy("Tên phần"), 200, required=True)
    help = area_field(gettext_lazy("Lời hướng dẫn"), 500, 2)
    show_pick = pick_field()
    show = hand_field()
    repeats = forms.BooleanField(
        label=gettext_lazy("Phần lặp: người khai thêm bao nhiêu dòng tùy ý"), required=False
    )
    least = forms.IntegerField(
        label=gettext_lazy("Ít nhất (dòng)"), min_value=0, max_value=MOST_ROWS, required=False
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nhiều nhất (dòng)"), min_value=1, max_value=MOST_ROWS, required=False
    )
    item = text_field(
        gettext_lazy("Mỗi dòng gọi là"),
        80,
        help_text=gettext_lazy("Ví dụ: Thành viên. Nút ghi “Thêm: Thành viên”."),
    )
    restart = forms.BooleanField(label=gettext_lazy("Bản in đánh số lại từ 1 ở phần này"), required=False)
    key_name = text_field(gettext_lazy("Khóa"), 40, help_text=KEY_HELP)

    def __init__(self, data: Any, *, table: Table, path: str, element: Table, **options: Any) -> None:
        rows = element.get("rows") or [0, 20]
        initial = facts_of(element) | {
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

    label = area_field(gettext_lazy("Câu hỏi"), 300, 2)
    kind = forms.ChoiceField(label=gettext_lazy("Loại câu trả lời"), choices=list(KINDS.items()))
    help = area_field(gettext_lazy("Lời hướng dẫn"), 500, 2)
    options = area_field(
        gettext_lazy("Các lựa chọn, mỗi dòng một"), 8000, 6,
        help_text=gettext_lazy("Muốn đặt mã riêng thì ghi “ma: Lời”; không ghi thì máy tự đặt."),
    )  # fmt: skip
    codes = forms.ChoiceField(label=gettext_lazy("Danh mục"), choices=list(LISTS.items()))
    way = forms.ChoiceField(label=gettext_lazy("Cách tính"), choices=list(WAYS.items()))
    of = forms.MultipleChoiceField(
        label=gettext_lazy("Tính từ"), widget=forms.CheckboxSelectMultiple, required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc trả lời"), required=False)
    show_pick = pick_field()
    show = hand_field()
    longest = forms.IntegerField(
        label=gettext_lazy("Dài nhất (chữ)"), min_value=1, max_value=4000, required=False
    )
    least = forms.FloatField(label=gettext_lazy("Nhỏ nhất"), required=False)
    most = forms.FloatField(label=gettext_lazy("Lớn nhất"), required=False)
    decimals = forms.IntegerField(
        label=gettext_lazy("Số chữ số sau dấu phẩy"), min_value=0, max_value=6, required=False
    )
    earliest = text_field(
        gettext_lazy("Ngày sớm nhất"),
        30,
        help_text=gettext_lazy("“hôm nay”, “hôm nay - 18 năm”, hoặc 01/07/2025."),
    )
    latest = text_field(
        gettext_lazy("Ngày muộn nhất"),
        30,
        help_text=gettext_lazy("“hôm nay”, “hôm nay - 18 năm”, hoặc 31/12/2026."),
    )
    partial = forms.BooleanField(
        label=gettext_lazy("Không rõ ngày, tháng thì được chỉ ghi năm"), required=False
    )
    default = text_field(
        gettext_lazy("Trả lời sẵn"), 100, help_text=gettext_lazy("Chữ, số hoặc mã lựa chọn hiện sẵn trong ô.")
    )
    need = text_field(
        gettext_lazy("Chỉ bắt buộc khi"), 1000,
        help_text=gettext_lazy("Điều kiện viết tay; chỉ có nghĩa khi câu hỏi bắt buộc."),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=gettext_lazy("Điền sẵn từ giấy tờ của người nộp"), required=False, choices=source_choices,
    )  # fmt: skip
    own = forms.BooleanField(label=gettext_lazy("Mẫu chính thức không đánh số câu này"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("Nằm ở phần"), required=False)
    key_name = text_field(gettext_lazy("Khóa"), 40, help_text=KEY_HELP)

    def __init__(self, data: Any, *, table: Table, path: str, element: Table, **options: Any) -> None:
        compute = element.get("compute") or [""]
        initial = facts_of(element) | {
            "options": "\n".join(shown_option(one) for one in element.get("options", ())),
            "way": compute[0], "of": compute[1:], "codes": element.get("list", ""), "key_name": element["key"],
            "section": building.parent_of(path), "earliest": bound(element.get("earliest", "")),
            "latest": bound(element.get("latest", "")), "most": element.get("most"),
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


_COUNTABLE = frozenset().union(*FROM.values())


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
        if rest.count(".") or at == path or one["kind"] not in _COUNTABLE:
            continue
        inside = not repeats or section == home
        if inside or one["kind"] in {"number", "money"}:
            found.append((rest if inside else at, f"{one['label'][:80]} ({KINDS[one['kind']]})"))
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
