"""Ask for what is missing, all of it at once, and take it in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.roles import Role
from motcua.dossiers import lateness, picks, words
from motcua.dossiers.forms.act import ActionForm, day, line, radio, text
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.dossiers.operations import supplement
from motcua.dossiers.operations.intake import PaperIn
from motcua.dossiers.operations.supplement import Missing
from motcua.ui import dates

_MORE_ROWS = 8


class AskForm(ActionForm):
    """Request a supplement: every item at once. Rows from the dossier's own papers, and free rows."""

    lead: Any = gettext_lazy("Ghi hết một lần: pháp luật chỉ cho yêu cầu bổ sung một lần.")
    send = gettext_lazy("Lập phiếu yêu cầu bổ sung")

    def prepare(self) -> None:
        self.rows: list[tuple[str, str]] = []
        for number, name in enumerate(picks.papers_to_ask(self.facts.dossier)):
            self._row(f"paper{number}", name)
        for number in range(1, _MORE_ROWS + 1):
            self.fields[f"name{number}"] = line(
                _("Giấy tờ khác %(n)s") % {"n": number}, required=False, most=500
            )
            self.fields[f"reason{number}"] = line(_("Lý do %(n)s") % {"n": number}, required=False, most=500)
        self.lead = f"{self.lead} {_clock_words(self.facts.dossier)}"
        self._answer_by()
        last = lateness.ask_by(self.facts.dossier)
        late = last is not None and last < self.facts.now
        if last is not None:
            self.lead = f"{self.lead} {_ask_by_words(last, late=late)}"
        if self.facts.dossier.supplement_count:
            self.fields["second_reason"] = text(
                _("Vì sao phải yêu cầu lần hai"), hint=_("Lần hai bị tính là quá hạn trong bộ chỉ số.")
            )
        elif late and (self.facts.offer.actor or self.facts.actor).has(Role.LEADER):
            self.fields["second_reason"] = text(_("Vì sao yêu cầu sau hạn của thủ tục"))

    def _answer_by(self) -> None:
        """Say until when the applicant may answer; where the procedure gives no time, the officer may give a day."""
        until = supplement.answer_until(self.facts.dossier, self.facts.now)
        if until is not None:
            said = _("Người nộp có hạn bổ sung đến %(when)s.") % {"when": dates.moment(until)}
            self.lead = f"{self.lead} {said}"
        else:
            self.fields["answer_on"] = day(
                _("Hạn bổ sung, đến hết ngày"),
                hint=_("Thủ tục không quy định hạn. Để trống: yêu cầu này không có hạn, giấy và tin không ghi ngày."),
            )  # fmt: skip

    def _row(self, key: str, name: str) -> None:
        self.fields[key] = forms.BooleanField(label=name, required=False)
        self.fields[f"{key}_reason"] = line(
            _("Thiếu hoặc sai gì ở “%(paper)s”") % {"paper": name}, required=False, most=500
        )
        self.rows.append((key, name))

    def plain_fields(self) -> Iterator[BoundField]:
        if "second_reason" in self.fields:
            yield self["second_reason"]
        if "answer_on" in self.fields:
            yield self["answer_on"]

    def paper_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Tick and reason of each paper in the dossier."""
        return [(self[key], self[f"{key}_reason"]) for key, _name in self.rows]

    def free_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Name and reason of papers that are not on the list."""
        return [(self[f"name{n}"], self[f"reason{n}"]) for n in range(1, _MORE_ROWS + 1)]

    def clean_answer_on(self) -> datetime | None:
        """Return the end of that day; refuses one that has passed."""
        chosen = self.cleaned_data["answer_on"]
        if chosen is None:
            return None
        if chosen <= self.facts.day:
            raise forms.ValidationError(_("Hạn bổ sung phải sau hôm nay."))
        return self.end_of(chosen)

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
            **common, items=data["items"], second_reason=data.get("second_reason", ""),
            answer_by=data.get("answer_on"),
        )  # fmt: skip


def _clock_words(dossier: Dossier) -> str:
    if dossier.accepted_at is None:
        return _("Hồ sơ chưa tiếp nhận nên thời hạn giải quyết chưa chạy.")
    return _("Thời hạn không chạy trong lúc chờ.")


def _ask_by_words(last: datetime, *, late: bool) -> str:
    if late:
        return _("Hạn yêu cầu bổ sung của thủ tục đã qua (%(when)s): chỉ lãnh đạo được ra, kèm lý do.") % {
            "when": dates.moment(last)
        }
    return _("Thủ tục này cho yêu cầu bổ sung đến %(when)s.") % {"when": dates.moment(last)}


class ReceiveForm(ActionForm):
    """Take in what was asked for: how each thing came."""

    lead: Any = gettext_lazy(
        "Thời hạn chạy tiếp và ngày hẹn được tính lại ngay khi lưu, kể cả khi còn giấy tờ chưa nộp. "
        "Người dân sẽ mang thêm thì chờ đủ rồi hãy lưu."
    )
    send = gettext_lazy("Nhận bổ sung")

    def prepare(self) -> None:
        if self.facts.dossier.accepted_at is None:
            self.lead = _(
                "Hồ sơ chưa tiếp nhận nên chưa có thời hạn và ngày hẹn. Lưu xong, hồ sơ chờ kiểm tra lại; thời hạn "
                "tính từ lúc tiếp nhận."
            )
        asked = (
            SupplementRequest.objects.filter(dossier=self.facts.dossier, received_at=None)
            .order_by("-number")
            .first()
        )
        self.items = [str(item["name"]) for item in (asked.items if asked else [])]
        forms_of = [*words.PaperForm.choices, ("", _("Không nộp"))]
        for number, name in enumerate(self.items):
            self.fields[f"item{number}"] = radio(name, choices=forms_of, required=False, initial="original")
        self.fields["more"] = line(_("Giấy tờ nộp thêm ngoài phiếu"), required=False, most=500)

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
