"""A version as lines of words: what a difference compares and what a person reads."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.due import Limit, Unit
from motcua.lib.vietnamese import fold, normalize
from motcua.procedures.models.words import (
    Channel,
    FeeBasis,
    FeeKind,
    Level,
    OnExpiry,
    OnlineLevel,
    Part,
    Resume,
)
from motcua.procedures.source.shape import CaseData, FeeData, LimitData, PaperData, VersionData

TEXTS: tuple[tuple[str, str | Promise], ...] = (
    ("summary", gettext_lazy("Một câu nói ngắn")),
    ("field", gettext_lazy("Lĩnh vực")),
    ("issuing_agency", gettext_lazy("Cơ quan ban hành")),
    ("kind_text", gettext_lazy("Loại thủ tục")),
    ("steps_text", gettext_lazy("Các bước")),
    ("conditions", gettext_lazy("Yêu cầu, điều kiện")),
    ("where_text", gettext_lazy("Nộp ở đâu")),
    ("agency_text", gettext_lazy("Cơ quan thực hiện")),
    ("authority_text", gettext_lazy("Cơ quan có thẩm quyền")),
    ("decision_number", gettext_lazy("Quyết định công bố")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a version says. `unit` is what is taken over as a whole: a field, a case, a paper, a fee.

    `name` is its own name where it has one: the key forgives another mark or capital, the difference tells it.
    """

    part: Part
    unit: str
    label: str
    text: str
    name: str = ""


def lines(data: VersionData) -> dict[str, Said]:
    """Return what a version says, by a key that stays the same while the words change."""
    found: dict[str, Said] = {}
    for key, said in (*_record(data), *_cases(data), *_papers(data), *_fees(data), *_ends(data)):
        found[key] = said
    return found


def _record(data: VersionData) -> Iterator[tuple[str, Said]]:
    yield "name", Said(Part.RECORD, "name", _("Tên thủ tục"), data.name)
    for column, label in TEXTS:
        yield column, Said(Part.RECORD, column, str(label), str(data.texts.get(column) or ""))
    levels = ", ".join(str(Level(one).label) for one in data.levels)
    yield "levels", Said(Part.RECORD, "levels", _("Cấp thực hiện"), levels)
    applicants = "; ".join(data.texts.get("applicants") or [])
    yield "applicants", Said(Part.RECORD, "applicants", _("Ai được nộp"), applicants)
    online = str(OnlineLevel(data.texts.get("online_level") or "").label)
    yield "online_level", Said(Part.RECORD, "online_level", _("Dịch vụ công trực tuyến"), online)


def _cases(data: VersionData) -> Iterator[tuple[str, Said]]:
    for place, key in enumerate(case_keys(data)):
        case = data.cases[place]
        name = case.name or _("Mọi trường hợp")
        yield key, Said(Part.CASES, key, _("Trường hợp: %(name)s") % {"name": name}, case_words(case), name)
        by_channel: dict[str, list[LimitData]] = {}
        for row in data.limits:
            if row.case == place:
                by_channel.setdefault(row.channel, []).append(row)
        for channel, rows in by_channel.items():
            label = _("Thời hạn: %(name)s, %(channel)s") % {
                "name": name,
                "channel": str(Channel(channel).label).lower(),
            }
            yield (
                f"{key}/{channel}",
                Said(Part.CASES, key, label, "; ".join(limit_words(row) for row in rows)),
            )


def case_keys(data: VersionData) -> list[str]:
    """Return a key for each case: its folded name; the only case is the same whatever it is called."""
    if len(data.cases) == 1:
        return ["case:"]
    return _numbered([f"case:{fold(case.name)}" for case in data.cases])


def _numbered(keys: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return found


def limit_words(row: LimitData) -> str:
    """Say a limit; a doubtful one as its source has it."""
    if row.value is not None:
        return Limit(row.value, Unit(row.unit)).words()
    return _("chưa rõ; nguồn ghi “%(text)s”") % {"text": row.source_text} if row.source_text else _("chưa rõ")


def case_words(case: CaseData) -> str:
    """Say when a case holds and what its rules of supplement are."""
    rules = case.rules
    said = [case.when_text]
    if case.is_default:
        said.append(_("thường gặp nhất"))
    for name, label in (
        ("ask_within", _("yêu cầu bổ sung trong")),
        ("answer_within", _("nộp bổ sung trong")),
        ("resume", _("thời hạn riêng sau bổ sung:")),
    ):
        if rules.get(f"{name}_value") is not None and rules.get(f"{name}_unit"):
            limit = Limit(Decimal(rules[f"{name}_value"]), Unit(rules[f"{name}_unit"]))
            said.append(f"{label} {limit.words()}")
    if rules.get("on_expiry"):
        said.append(_("quá hạn bổ sung: %(what)s") % {"what": OnExpiry(rules["on_expiry"]).label})
    resume = rules.get("resume") or Resume.CONTINUE
    if resume != Resume.CONTINUE:
        said.append(_("sau bổ sung: %(what)s") % {"what": Resume(resume).label})
    if rules.get("allows_boundary_free"):
        said.append(_("nhận không theo địa giới"))
    if not rules.get("allows_representative", True):
        said.append(_("không nhận qua người đại diện"))
    if rules.get("financial_stop"):
        said.append(_("dừng chờ nghĩa vụ tài chính"))
    if rules.get("office_decides"):
        said.append(_("chỉ cán bộ chọn"))
    return "; ".join(filter(None, said))


def _case_name(data: VersionData, place: int | None) -> str:
    return data.cases[place].name if place is not None and len(data.cases) > 1 else ""


def paper_keys(data: VersionData) -> list[str]:
    """Return a key for each paper: its case and folded name."""
    return _numbered([f"paper:{fold(_case_name(data, row.case))}:{_short(row.name)}" for row in data.papers])


def _short(text: str) -> str:
    return " ".join(fold(normalize(text)).strip(" -+*;:.").split())[:300]


def paper_words(row: PaperData) -> str:
    """Say how many of a paper and how it is handed in."""
    if row.is_note:
        return _("lời nhắc, không phải giấy tờ")
    said = [_("phải nộp") if row.must_submit else _("chỉ đưa xem")]
    if row.originals:
        said.append(_("%(number)s bản chính") % {"number": row.originals})
    if row.copies:
        said.append(_("%(number)s bản sao") % {"number": row.copies})
    if not row.always:
        said.append(_("chỉ khi cần"))
    return "; ".join(filter(None, [*said, row.when_text, row.hint, row.form_file]))


def _papers(data: VersionData) -> Iterator[tuple[str, Said]]:
    for key, row in zip(paper_keys(data), data.papers, strict=True):
        case = _case_name(data, row.case)
        label = f"{row.name} ({case})" if case else row.name
        yield (
            key,
            Said(Part.PAPERS, key, _("Giấy tờ: %(name)s") % {"name": label}, paper_words(row), row.name),
        )


def fee_keys(data: VersionData) -> list[str]:
    """Return a key for each fee: kind, case, channel, name."""
    return _numbered(
        [
            f"fee:{row.kind}:{fold(_case_name(data, row.case))}:{row.channel}:{_short(row.name)}"
            for row in data.fees
        ]
    )


def fee_words(row: FeeData) -> str:
    """Say what a fee costs."""
    if row.amount:
        said = f"{row.amount:,} đ".replace(",", ".") + (f"/{row.unit}" if row.unit else "")
        if row.basis != FeeBasis.AMOUNT:
            said = f"{said} ({str(FeeBasis(row.basis).label).lower()})"
    else:
        said = str(FeeBasis(row.basis).label).lower()
    more = []
    if row.from_quantity is not None:
        more.append(_("từ số %(number)s trở đi") % {"number": row.from_quantity})
    if row.ceiling is not None:
        more.append(_("tối đa %(sum)s đ") % {"sum": f"{row.ceiling:,}".replace(",", ".")})
    return "; ".join(filter(None, [said, *more, row.note or row.source_text]))


def _fees(data: VersionData) -> Iterator[tuple[str, Said]]:
    for key, row in zip(fee_keys(data), data.fees, strict=True):
        where = [_case_name(data, row.case), str(Channel(row.channel).label) if row.channel else ""]
        label = ", ".join(filter(None, [row.name or str(FeeKind(row.kind).label), *where]))
        yield (
            key,
            Said(Part.FEES, key, _("Phí, lệ phí: %(name)s") % {"name": label}, fee_words(row), row.name),
        )


def result_keys(data: VersionData) -> list[str]:
    """Return a key for each result: its folded name."""
    return _numbered([f"result:{_short(name)}" for name, _code in data.results])


def reference_keys(data: VersionData) -> list[str]:
    """Return a key for each legal document: its number."""
    return _numbered([f"legal:{_short(number)}" for number, _name in data.references])


def _ends(data: VersionData) -> Iterator[tuple[str, Said]]:
    for key, (name, code) in zip(result_keys(data), data.results, strict=True):
        label = _("Kết quả: %(name)s") % {"name": name}
        yield key, Said(Part.RESULTS, key, label, code or _("chưa có mã"), name)
    for key, (number, name) in zip(reference_keys(data), data.references, strict=True):
        yield (
            key,
            Said(Part.RESULTS, key, _("Căn cứ: %(number)s") % {"number": number}, name or number, number),
        )
