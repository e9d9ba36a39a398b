"""What a version lacks before it can receive dossiers: faults that stop it, and doubts to know of."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.procedures.models.words import Channel, FeeBasis, Part
from motcua.procedures.source.shape import VersionData


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is missing; `blocks` stops the publication."""

    part: Part
    text: str
    blocks: bool = False


def faults(data: VersionData) -> list[Fault]:
    """Return what is missing, what stops first."""
    found = [*_stopping(data), *_doubtful(data)]
    return sorted(found, key=lambda fault: not fault.blocks)


def _stopping(data: VersionData) -> list[Fault]:
    found = []
    if not data.cases:
        found.append(Fault(Part.CASES, _("Chưa có trường hợp nào."), blocks=True))
    for place, case in enumerate(data.cases):
        if not any(row.case == place for row in data.limits):
            name = case.name or _("Mọi trường hợp")
            text = _("%(name)s: chưa ghi hình thức nộp và thời hạn nào.") % {"name": name}
            found.append(Fault(Part.CASES, text, blocks=True))
    if not data.levels:
        found.append(Fault(Part.RECORD, _("Chưa chọn cấp thực hiện."), blocks=True))
    if not (data.texts.get("field") or "").strip():
        found.append(Fault(Part.RECORD, _("Chưa ghi lĩnh vực."), blocks=True))
    return found


def _doubtful(data: VersionData) -> list[Fault]:
    found = []
    for row in data.limits:
        if row.value is None and row.case < len(data.cases):
            name = data.cases[row.case].name or _("Mọi trường hợp")
            where = {"name": name, "channel": str(Channel(row.channel).label).lower()}
            text = _("%(name)s, %(channel)s: thời hạn chưa rõ, hồ sơ sẽ không có ngày hẹn.") % where
            found.append(Fault(Part.CASES, text))
    if not any(not paper.is_note for paper in data.papers):
        found.append(Fault(Part.PAPERS, _("Chưa có giấy tờ nào phải nộp hoặc đưa xem.")))
    if not data.fees:
        found.append(Fault(Part.FEES, _("Chưa ghi phí, lệ phí; nếu không thu, thêm một dòng “Không thu”.")))
    unsure = [fee for fee in data.fees if fee.amount is None and fee.basis != FeeBasis.COUNCIL]
    if unsure:
        text = _("%(n)s dòng phí chưa rõ mức thu, sẽ không thu được.") % {"n": len(unsure)}
        found.append(Fault(Part.FEES, text))
    if not data.results:
        found.append(Fault(Part.RESULTS, _("Chưa ghi kết quả.")))
    if not data.references:
        found.append(Fault(Part.RESULTS, _("Chưa ghi căn cứ pháp lý.")))
    return found
