"""Templates of results: what may be filled in, which one fits a dossier, its values, the versions. Reads only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.applicants.models import Applicant
from motcua.base.printing import wording
from motcua.dossiers import paper_data, words
from motcua.dossiers.models import Dossier, DossierDocument, Result, ResultTemplate
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.procedures.models import ResultType
from motcua.procedures.queries.catalogue import version_on

PAGE = 30
_BLANK = "………"  # what is not known yet and is written by hand

#: Everything a template can name, with what it is.
NAMES: dict[str, Promise] = {
    "xung_ho": gettext_lazy("Ông/Bà hoặc Tổ chức"),
    "ho_ten": gettext_lazy("tên chủ hồ sơ"),
    "loai_giay_to": gettext_lazy("Số căn cước, Số hộ chiếu, Mã số thuế"),
    "so_giay_to": gettext_lazy("số của giấy tờ đó"),
    "ngay_sinh": gettext_lazy("ngày sinh hoặc năm sinh"),
    "dia_chi": gettext_lazy("nơi cư trú, trụ sở"),
    "dien_thoai": gettext_lazy("điện thoại"),
    "nguoi_nop": gettext_lazy("tên người nộp"),
    "ma_ho_so": gettext_lazy("mã hồ sơ"),
    "ten_thu_tuc": gettext_lazy("tên thủ tục"),
    "noi_dung_yeu_cau": gettext_lazy("nội dung yêu cầu"),
    "ngay_tiep_nhan": gettext_lazy("ngày tiếp nhận"),
    "han_tra": gettext_lazy("hạn trả"),
    "ten_ket_qua": gettext_lazy("tên kết quả"),
    "noi_dung": gettext_lazy("nội dung thẩm định, lý do"),
    "so_ket_qua": gettext_lazy("số kết quả"),
    "ngay_ky": gettext_lazy("ngày … tháng … năm …"),
    "nguoi_ky": gettext_lazy("tên người duyệt"),
    "chuc_vu": gettext_lazy("chức vụ người duyệt"),
    "co_quan": gettext_lazy("tên cơ quan"),
    "co_quan_cap_tren": gettext_lazy("cơ quan cấp trên"),
    "dia_danh": gettext_lazy("địa danh trước ngày ký"),
    "can_bo": gettext_lazy("tên người soạn"),
}
PAPERS = "cac_giay_to"
COLUMNS = ("stt", "ten_giay_to", "so_ban")
ALLOWED: dict[str, Any] = {"names": list(NAMES), "loops": {PAPERS: list(COLUMNS)}}


@dataclass(frozen=True)
class Target:
    """What a template is for: granted or refused, which procedure (None: every), which type of result ("": all)."""

    kind: str
    procedure_id: int | None = None
    result_name: str = ""

    @property
    def slot(self) -> str:
        name = hashlib.sha256(self.result_name.encode()).hexdigest()[:16] if self.result_name else "-"
        return f"{self.kind}/{self.procedure_id or 0}/{name}"


# ── The versions of an agency


def page_of(agency_id: int, *, before: int | None = None) -> list[ResultTemplate]:
    """Return one page of an agency's versions, newest first, and one more where there are more. One query."""
    rows = ResultTemplate.objects.filter(agency=agency_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("procedure").defer("content").order_by("-pk")[: PAGE + 1])


def get_for(actor: Actor, template_id: int) -> ResultTemplate:
    """Return a version of the actor's agency; another agency's does not exist for them."""
    rows = ResultTemplate.objects.filter(pk=template_id, agency=actor.agency_id or 0)
    found = rows.select_related("procedure").first()
    if found is None:
        raise NotFound(_("Không có mẫu này."))
    return found


def published(agency_id: int, slot: str, day: date) -> ResultTemplate | None:
    """Return the version of one kind of result that holds on `day`."""
    rows = ResultTemplate.objects.filter(agency=agency_id, slot=slot, valid_from__lte=day)
    return rows.order_by("-valid_from").first()


def digest(row: ResultTemplate) -> str:
    """Return what a page shows of a draft, so that nobody publishes what they did not see."""
    return hashlib.sha256(f"{row.slot}:{row.sha256}".encode()).hexdigest()[:16]


def differences(old: ResultTemplate | None, new: ResultTemplate) -> tuple[list[str], list[str]]:
    """Return the names that a draft has more than the version in force, and those it has no more."""
    before, after = list(old.names) if old else [], list(new.names)
    return [one for one in after if one not in before], [one for one in before if one not in after]


def types_of(procedure_id: int, day: date) -> list[str]:
    """Return the names of the results of a procedure as the catalogue has them on `day`."""
    version = version_on(procedure_id, day)
    if version is None:
        return []
    return list(
        ResultType.objects.filter(version=version).order_by("position").values_list("name", flat=True)
    )


def said(row: ResultTemplate) -> str:
    """Say what a template is for."""
    kind = str(words.ResultKind(row.kind).label)
    if row.procedure is None:
        return _("%(kind)s: mọi thủ tục") % {"kind": kind}
    return f"{kind}: {row.procedure.code or ''} {row.result_name or row.procedure.name}"


# ── For one dossier


def fitting(
    dossier: Dossier, kinds: Sequence[str], result: Result | None, day: date
) -> dict[str, ResultTemplate]:
    """Return the template that fits best for each kind of result, by kind: type, then procedure, then any.

    One query, or two where nothing is drafted yet. The templates are those of the agency that decides.
    """
    rows = ResultTemplate.objects.filter(
        agency=dossier.competent_agency_id, kind__in=list(kinds), valid_from__lte=day
    )
    mine = {None, dossier.procedure_version.procedure_id}
    wanted: list[str] = [result.name] if result is not None else []
    found: dict[str, ResultTemplate] = {}
    for row in rows.select_related("procedure").defer("content").order_by("valid_from"):
        if row.procedure_id not in mine:
            continue
        if row.result_name and not wanted:  # nothing is drafted yet: what a grant of this version usually is
            wanted = _usual(dossier)
        if row.result_name and row.result_name != wanted[0]:
            continue
        best = found.get(row.kind)
        if best is None or _rank(row) >= _rank(best):
            found[row.kind] = row
    return found


def _usual(dossier: Dossier) -> list[str]:
    types = ResultType.objects.filter(version=dossier.procedure_version_id).order_by("position")
    return [types.values_list("name", flat=True).first() or ""]


def _rank(row: ResultTemplate) -> int:
    return (row.procedure_id is not None) + (row.result_name != "")


def values(
    dossier: Dossier, result: Result | None, template: ResultTemplate, *, actor: Actor, at: datetime
) -> dict[str, Any]:  # fmt: skip
    """Return what is put into a template for a dossier: {"names": …, "loops": …}."""
    head = paper_data.letterhead_of(dossier.competent_agency_id, at)
    who = paper_data.party(dossier.applicant, dossier)
    signer = result.approved_by if result is not None and result.approved_at else None
    issued = result.issued_at if result is not None else None
    drafted = result if result is not None and result.kind == template.kind else None
    named = {
        "xung_ho": who.kind,
        "ho_ten": who.name,
        "loai_giay_to": who.paper_kind,
        "so_giay_to": who.paper_number,
        "ngay_sinh": _born(dossier.applicant),
        "dia_chi": who.address,
        "dien_thoai": who.phone,
        "nguoi_nop": dossier.submitter.name,
        "ma_ho_so": dossier.code,
        "ten_thu_tuc": dossier.procedure_version.procedure.name,
        "noi_dung_yeu_cau": dossier.summary,
        "ngay_tiep_nhan": _day(dossier.accepted_at),
        "han_tra": _day(dossier.due_at),
        "ten_ket_qua": (drafted.name if drafted else template.result_name) or _BLANK,
        "noi_dung": drafted.content if drafted else "",
        "so_ket_qua": (result.number if result is not None else "") or _BLANK,
        "ngay_ky": wording.instant(issued or at)["day"],
        "nguoi_ky": signer.account.full_name if signer is not None else _BLANK,
        "chuc_vu": signer.title if signer is not None else _BLANK,
        "co_quan": head.office,
        "co_quan_cap_tren": head.parent,
        "dia_danh": wording.place(head.place),
        "can_bo": actor.name,
    }
    papers = dossier.documents.order_by("position")
    return {"names": named, "loops": {PAPERS: [_line(number, one) for number, one in enumerate(papers, 1)]}}


def _line(number: int, paper: DossierDocument) -> list[str]:
    count = paper.originals + paper.certified + paper.plain_copies
    return [str(number), paper.name, _("xem tại quầy") if paper.shown_only else str(count)]


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}" if at else ""


def _born(applicant: Applicant) -> str:
    person = applicant.person
    if person is None:
        return ""
    return f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or "")


def example(agency_id: int, *, actor: Actor, at: datetime, name: str = "") -> dict[str, Any]:
    """Return the values of an example that nobody is in."""
    head = paper_data.letterhead_of(agency_id, at)
    named = {
        "xung_ho": "Ông/Bà", "ho_ten": "Nguyễn Văn Ví Dụ", "loai_giay_to": "Số căn cước", "so_giay_to": "001000000000",
        "ngay_sinh": "01/01/1990", "dia_chi": "Số 1 đường Mẫu, phường Mẫu", "dien_thoai": "0900 000 000",
        "nguoi_nop": "Nguyễn Văn Ví Dụ", "ma_ho_so": "000.00.00-260101-0001",
        "ten_thu_tuc": "Cấp bản sao trích lục (hồ sơ ví dụ)", "noi_dung_yeu_cau": "Cấp 02 bản sao trích lục",
        "ngay_tiep_nhan": _day(at), "han_tra": _day(at), "ten_ket_qua": name or "Bản sao trích lục",
        "noi_dung": "Hồ sơ đủ điều kiện.\nĐề nghị cấp.", "so_ket_qua": f"01/{at.year}",
        "ngay_ky": wording.instant(at)["day"], "nguoi_ky": "Trần Thị Ví Dụ", "chuc_vu": "Chủ tịch",
        "co_quan": head.office, "co_quan_cap_tren": head.parent, "dia_danh": wording.place(head.place),
        "can_bo": actor.name,
    }  # fmt: skip
    return {
        "names": named,
        "loops": {PAPERS: [["1", "Tờ khai theo mẫu", "1"], ["2", "Thẻ căn cước", _("xem tại quầy")]]},
    }
