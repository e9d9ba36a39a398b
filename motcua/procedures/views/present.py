"""Rows of a version turned into what the page shows: words and plain values, no query.

Expects a version loaded by `queries.catalogue.with_rows`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from motcua.lib.due import Limit, Unit
from motcua.procedures.models import (
    FeeRow,
    Procedure,
    ProcedureVariant,
    ProcedureVersion,
    RequiredDocument,
    TimeLimitRow,
)
from motcua.procedures.models.words import Channel, FeeBasis, FeeKind
from motcua.procedures.queries import catalogue
from motcua.ui import dates
from motcua.ui.components import Cell, Column, Row, Table

_HEADINGS_TOO_LONG = 200
_MOST_IN_LINE = 3  # papers that the head of the page names
_SAYS_NOTHING = re.compile(
    r"(?:\W|\d)*(?:giấy tờ phải (?:nộp|xuất trình)|lưu ý|thành phần hồ sơ)\W*(?:bao gồm|gồm)?\W*$",
    re.IGNORECASE,
)


@dataclass
class PaperItem:
    """A paper as people read it: name, how many, when it is needed, a hint."""

    name: str
    count: str = ""
    when: str = ""
    hint: str = ""


@dataclass
class PaperGroup:
    """Papers of one case or one heading of the source; "" for every case."""

    title: str
    hand_in: list[PaperItem] = field(default_factory=list)
    show: list[PaperItem] = field(default_factory=list)


def limit_words(limit: Limit | None, rows: Iterable[TimeLimitRow] = ()) -> str:
    """Say a limit; a doubtful one is said as the source says it, never as a number of ours."""
    if limit is not None:
        if limit.unit is Unit.SAME_DAY_15H:
            return _("trong ngày; nộp sau 15 giờ thì ngày làm việc hôm sau")
        return limit.words(_)
    texts = list(dict.fromkeys(row.source_text for row in rows if row.source_text))
    if not texts:
        return _("hỏi cơ quan tiếp nhận")
    return _("nguồn ghi “%(text)s”, hỏi cơ quan tiếp nhận") % {"text": "; ".join(texts)}


def case_limits(variant: ProcedureVariant) -> list[tuple[str, str]]:
    """Return (channel or "", limit in words); one line when all channels agree."""
    rows = list(variant.limit_rows.all())
    by_channel = {
        channel: limit_words(limit, (row for row in rows if row.channel == channel))
        for channel, limit in catalogue.limits_for(variant).items()
    }
    if len(set(by_channel.values())) == 1:
        return [("", next(iter(by_channel.values())))]
    return [(str(Channel(channel).label), words) for channel, words in by_channel.items()]


def limits_table(version: ProcedureVersion) -> Table:
    """Return cases and their limits as a table that fits a phone."""
    rows: list[list[Cell]] = []
    for variant in version.variants.all():
        name = variant.name or _("Mọi trường hợp")
        for channel, words in case_limits(variant):
            shown = f"{name} ({channel.lower()})" if channel else name
            rows.append([_with_hint(shown, variant.when_text), capfirst(words)])
    columns = [Column(_("Trường hợp")), Column(_("Thời hạn"))]
    return Table(_("Thời hạn giải quyết"), columns, rows, caption_hidden=True)


def _with_hint(text: str, hint: str) -> Cell:
    return format_html('{}<br><span class="mc-hint">{}</span>', text, hint) if hint else text


def default_limit(version: ProcedureVersion) -> str:
    """Return the limit of the usual case in one line."""
    variants = list(version.variants.all())
    usual = next((variant for variant in variants if variant.is_default), None)
    if usual is None:
        return ""
    lines = [f"{channel.lower()}: {words}" if channel else words for channel, words in case_limits(usual)]
    return "; ".join(lines)


def channels(version: ProcedureVersion) -> list[str]:
    """Return the ways to hand in, in the fixed order: in person, online, post."""
    offered = {row.channel for row in version.limit_rows.all()}
    return [str(channel.label) for channel in Channel if channel.value in offered]


def online_start(version: ProcedureVersion, code: str | None) -> str:
    """Return where an online application begins; "" without an electronic way, or where this site takes none in."""
    offered = any(row.channel == Channel.ONLINE for row in version.limit_rows.all())
    try:
        return reverse("online-start", args=[code]) if offered and code else ""
    except NoReverseMatch:
        return ""


def fee_words(fee: FeeRow) -> str:
    """Say what a fee costs; without a settled amount, never a number of ours."""
    if fee.amount is not None and fee.amount > 0:
        per = f"/{fee.unit}" if fee.unit else ""
        return f"{dates.dong(fee.amount)}{per}"
    if fee.basis == FeeBasis.FREE and fee.amount == 0:
        return _("không mất tiền")
    if fee.basis == FeeBasis.COUNCIL:
        return _("theo mức của tỉnh")
    return _("xem ghi chú") if fee.note or fee.source_text else _("hỏi cơ quan tiếp nhận")


def fee_rows(version: ProcedureVersion) -> list[Row]:
    """Return fees as a summary list; equal rows of several channels are shown once."""
    shown: dict[tuple[str, str], str] = {}
    for fee in version.fees.all():
        kind = str(FeeKind(fee.kind).label)
        name = fee.name or (str(Channel(fee.channel).label) if fee.channel else kind)
        note = fee.note or fee.source_text
        value = _sentence(f"{fee_words(fee)}. {note}" if note else fee_words(fee))
        shown.setdefault((name, value), value)
    return [Row(name, value) for name, value in shown]


def fee_line(version: ProcedureVersion) -> str:
    """Return the fee in one line for the head of the page."""
    fees = list(version.fees.all())
    if not fees:
        return _("hỏi cơ quan tiếp nhận")
    if all(fee.amount == 0 for fee in fees):
        return _("không mất tiền")
    first = fees[0]
    words = fee_words(first)
    return f"{words} ({first.name[0].lower()}{first.name[1:]})" if first.name else words


def papers(version: ProcedureVersion) -> list[PaperGroup]:
    """Return papers grouped by case (our own texts) or by the source's headings, in order."""
    names = {variant.pk: variant.name for variant in version.variants.all()}
    groups: dict[str, PaperGroup] = {"": PaperGroup("")}
    for paper in version.papers.all():
        title = names.get(paper.variant_id or 0, "") or _heading(paper)
        group = groups.setdefault(title, PaperGroup(title))
        if paper.is_note:
            continue
        if paper.must_submit:
            group.hand_in.append(_paper(paper))
        else:
            shown = _paper(paper)
            shown.count = shown.count if paper.originals + paper.copies > 1 else ""
            group.show.append(shown)
    return [group for group in groups.values() if group.hand_in or group.show]


def notes(version: ProcedureVersion) -> list[str]:
    """Return the remarks that the source keeps among the papers."""
    return [paper.name.strip(" -+*") for paper in version.papers.all() if paper.is_note]


def _heading(paper: RequiredDocument) -> str:
    """Return the source's heading where it says more than "to hand in" and "to show" do."""
    heading = paper.case_text.strip(" *:-")
    if len(heading) > _HEADINGS_TOO_LONG or _SAYS_NOTHING.match(heading):
        return ""
    return heading


def _paper(paper: RequiredDocument) -> PaperItem:
    parts = []
    if paper.originals:
        parts.append(_("%(number)s bản chính") % {"number": paper.originals})
    if paper.copies:
        parts.append(_("%(number)s bản sao") % {"number": paper.copies})
    return PaperItem(paper.name.strip(" -+*;"), ", ".join(parts), paper.when_text, paper.hint)


def head_rows(version: ProcedureVersion) -> list[Row]:
    """Return the answer to "what do I get and bring, how long, how much, where" as a short list."""
    results = "; ".join(result.name for result in version.results.all())
    where = version.where_text if version.plain else version.agency_text or version.authority_text
    rows = [
        Row(_("Nhận được gì"), results),
        Row(_("Mang theo gì"), bring_line(version)),
        Row(_("Bao lâu"), _sentence(default_limit(version))),
        Row(_("Bao nhiêu tiền"), _sentence(fee_line(version))),
        Row(_("Nộp ở đâu"), where if len(where) <= _HEADINGS_TOO_LONG else ""),
        Row(_("Nộp cách nào"), ", ".join(channels(version))),
    ]
    return [row for row in rows if row.value]


def bring(version: ProcedureVersion) -> list[str]:
    """Return the papers that everybody brings; those of special cases are left to the full list."""
    names: dict[str, None] = {}
    for group in papers(version):
        names |= dict.fromkeys(paper.name for paper in group.hand_in if not paper.when)
        names |= {
            _("%(paper)s (chỉ đưa xem)") % {"paper": paper.name}: None
            for paper in group.show
            if not paper.when
        }
    return list(names)


def bring_line(version: ProcedureVersion) -> SafeString | str:
    """Return the papers that everybody brings in one line that leads to the full list."""
    names = [name for name in bring(version) if len(name) <= _HEADINGS_TOO_LONG]
    if not names:
        return ""
    more = format_html('<a href="#giay-to">{}</a>', _("Xem đủ giấy tờ"))
    return format_html("{}. {}", "; ".join(names[:_MOST_IN_LINE]), more)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def steps(version: ProcedureVersion) -> list[str]:
    """Return the steps one by one; only our own texts have one step a line."""
    return version.steps_text.splitlines() if version.plain else []


def legal_rows(version: ProcedureVersion) -> list[str | SafeString]:
    """Return the legal basis as lines."""
    return [f"{row.number}: {row.name}" if row.name else row.number for row in version.legal_references.all()]


def page(
    procedure: Procedure,
    version: ProcedureVersion,
    *,
    today: date,
    current: ProcedureVersion | None,
    others: Iterable[ProcedureVersion] = (),
) -> dict[str, Any]:
    """Return what the public page of a version shows; the administrators' preview shows the same."""
    ends = version.in_force_to
    return {
        "procedure": procedure,
        "version": version,
        "current": current,
        "is_current": current is not None and current.pk == version.pk,
        "coming": version.in_force_from is not None and version.in_force_from > today,
        "repealed": version.state == "repealed" and ends is not None and ends <= today,
        "repeal_ahead": version.state == "repealed" and ends is not None and ends > today,
        "others": list(others),
        "head": head_rows(version),
        "online": online_start(version, procedure.code),
        "papers": papers(version),
        "notes": notes(version),
        "limits": limits_table(version),
        "fees": fee_rows(version),
        "channels": channels(version),
        "steps": steps(version),
        "legal": legal_rows(version),
        "result_codes": list(dict.fromkeys(row.code for row in version.results.all() if row.code)),
    }
