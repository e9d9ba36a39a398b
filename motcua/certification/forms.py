"""What the desk's pages read: the visit's head, its lines, a reason."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.applicants.forms import TOLD, PaperForm
from motcua.applicants.models import Applicant
from motcua.certification.kinds import MOST_COPIES, MOST_LANGUAGE, MOST_PAGES, MOST_PAPERS, Kind
from motcua.certification.operations.correcting import Change
from motcua.certification.operations.taking import PaperIn
from motcua.certification.queries import initials
from motcua.lib.vietnamese import fold, normalize
from motcua.procedures.models import FeeExemption
from motcua.ui.keyed import KeyedForm

INTO = "Việt"  # what most papers are translated into; stands there already
SHOWN = 3  # lines an empty page begins with; the page's script adds more, and without script saving does
_SHORT = 6  # letters that may stand for a name


class VisitForm(KeyedForm):
    """Who comes, and whether they belong to a group that pays less; for signatures who signs beside them."""

    who = forms.CharField(
        label=gettext_lazy("Người yêu cầu"), max_length=600,
        help_text=gettext_lazy("Họ tên; hoặc quét thẻ; hoặc số định danh của người đã đến."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
    exemption = forms.TypedChoiceField(
        label=gettext_lazy("Miễn, giảm phí"), required=False, coerce=int, empty_value=None
    )
    others = forms.CharField(
        label=gettext_lazy("Người cùng ký"), required=False, max_length=6000, strip=False,
        help_text=gettext_lazy("Mỗi dòng một người: quét thẻ, hoặc họ tên rồi số giấy tờ. Cùng ký mọi giấy tờ ở trên."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    fingerprint = forms.BooleanField(
        label=gettext_lazy("Điểm chỉ thay chữ ký: người yêu cầu không ký được"), required=False
    )

    def __init__(
        self, *args: Any, kind: Kind, exemptions: tuple[FeeExemption, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if kind.signers:
            self.fields["who"].label = _("Người ký") if not kind.languages else _("Người dịch")
            self.fields["who"].help_text = _("Quét thẻ; hoặc họ tên rồi số định danh, số hộ chiếu.")
        if not kind.signers or kind.languages:  # a translation has one translator
            del self.fields["others"], self.fields["fingerprint"]
        if exemptions:
            groups = [(row.pk, f"{row.group} ({row.percent}%)") for row in exemptions]
            self.fields["exemption"].choices = [("", _("không")), *groups]  # type: ignore[attr-defined]
        else:
            del self.fields["exemption"]


def as_people(text: str) -> tuple[str, ...]:
    """Return the people of a field, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass
class Line:
    """One line as typed, with what is wrong with it."""

    place: int
    name: str = ""
    pages: str = "1"
    copies: str = "1"
    paper_id: str = ""
    number: str = ""
    error: str = ""
    from_language: str = ""
    to_language: str = INTO

    @property
    def counts(self) -> tuple[int, int]:
        """Pages and copies as numbers; 0 where they are none."""
        return _count(self.pages, MOST_PAGES), _count(self.copies, MOST_COPIES)


def read_lines(data: Mapping[str, Any], known: list[str], kind: Kind) -> list[Line]:
    """Return the lines that have a name, initials written out, each with its fault in words."""
    found = []
    for place in range(1, MOST_PAPERS + 2):
        name = expanded(str(data.get(f"name-{place}", ""))[:301], known)
        if not name:
            continue
        line = Line(
            place,
            name,
            (str(data.get(f"pages-{place}", "")).strip() or "1") if kind.pages else "1",
            str(data.get(f"copies-{place}", "")).strip() or "1",
            str(data.get(f"paper-{place}", ""))[:40],
        )
        if kind.languages:
            line.from_language = normalize(str(data.get(f"from-{place}", "")))
            line.to_language = normalize(str(data.get(f"to-{place}", "")))
        pages, copies = line.counts
        if not pages:
            line.error = _("Số trang từ 1 đến 999.")
        elif not copies:
            line.error = _("Số bản từ 1 đến 99.")
        elif kind.languages and not (line.from_language and line.to_language):
            line.error = _("Ghi dịch từ tiếng nào sang tiếng nào.")
        elif max(len(line.from_language), len(line.to_language)) > MOST_LANGUAGE:
            line.error = _("Tên tiếng dài quá 40 chữ.")
        found.append(line)
    return found


def expanded(text: str, known: list[str]) -> str:
    """Return the name that initials stand for: "gks" → "Giấy khai sinh"; other text as it was typed."""
    name = normalize(text)
    short = fold(name)
    if " " in short or not 2 <= len(short) <= _SHORT:
        return name
    return next((one for one in known if initials(one) == short), name)


def day_of(text: str) -> date | None:
    """Return the day of an address or of a field (05/06/2026), None where there is none."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  (a day has no zone)
    return None


def known_text(known: list[str]) -> str:
    """Return names of papers with their initials, for the page's script."""
    return json.dumps([[initials(one), one] for one in known], ensure_ascii=False)


def _count(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return number if number <= most else 0


def as_papers(lines: list[Line]) -> tuple[PaperIn, ...]:
    return tuple(PaperIn(line.name, *line.counts, *_languages(line)) for line in lines)


def as_changes(lines: list[Line]) -> tuple[Change, ...]:
    return tuple(Change(line.paper_id or None, line.name, *line.counts, *_languages(line)) for line in lines)


def _languages(line: Line) -> tuple[str, str]:
    return (line.from_language, line.to_language) if line.from_language else ("", "")


def padded(lines: list[Line], *, shown: int = SHOWN) -> list[Line]:
    """Add empty lines so that there is always one to type into."""
    rows = [*lines]
    place = max((line.place for line in rows), default=0)
    while len(rows) < max(shown, len(lines) + 1) and place <= MOST_PAPERS:
        place += 1
        rows.append(Line(place))
    return rows


class ReasonForm(KeyedForm):
    """Why a number is void, or what a leader wants put right."""

    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)


class ElectronicForm(PaperForm):
    """The stamped copy as a file, whose paper it is, and what is known of it."""

    file = forms.FileField(
        label=gettext_lazy("Bản sao đã đóng dấu"), required=False,
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png,.heic"}),
        help_text=gettext_lazy("Bản quét hay ảnh chụp bản sao có lời chứng và dấu; có PDF đã ký số thì gửi tệp đó."),
    )  # fmt: skip
    who = forms.CharField(
        label=gettext_lazy("Kho giấy tờ của ai"), max_length=600, required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("file", "who", *TOLD)

    def __init__(self, *args: Any, asker: Applicant | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("Quét thẻ; hoặc họ tên rồi số định danh, số hộ chiếu; tổ chức thì mã số thuế.")
        if asker is not None:
            usual = _("Để trống: %(name)s, người yêu cầu. Của người khác: quét thẻ, hoặc họ tên rồi số định danh.") % {
                "name": asker.name
            }  # fmt: skip
        self.fields["who"].help_text = usual
