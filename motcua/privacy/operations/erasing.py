"""Erasing by request: what would go and what stays, told beforehand; then exactly that is done.

`plan` and `erase` share one reckoning, so that the page before the press, the certificate after it and the tables
agree.
What belongs to a dossier stays for the archive to decide. Reasons say what was done to the rows, not the general rule.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.applicants.operations import rights
from motcua.dossiers.models import KnownName
from motcua.dossiers.operations.known import forget_name
from motcua.lib.actor import Actor
from motcua.privacy import held, queries
from motcua.privacy.models import DataRequest

ERASED, BLANKED, KEPT = "erased", "blanked", "kept"
_KNOWN, _PERSON = "dossiers.KnownName", "applicants.Person"
#: Why rows of a kind of `lib.retention` stay; kept with the request, so in Vietnamese whatever the screen.
KEPT_BECAUSE: dict[str, str] = {
    "dossiers": "Thuộc hồ sơ phải lưu trữ (Luật Lưu trữ 33/2024/QH15); cơ quan lưu trữ quyết định bao giờ bỏ",
    "applicants": "Đi cùng hồ sơ phải lưu trữ (Luật Lưu trữ 33/2024/QH15)",
    "citizens": "Cho biết ai đã đăng nhập và nộp; lịch sử còn gọi tên",
    "trail": "Lịch sử ai làm, ai xem: chỉ ghi thêm, không ai xóa được",
    "applications": "Đã nộp: ở cùng hồ sơ",
    "answers": "Đã nộp, hoặc đang khai thay người khác",
    "files": "Tệp của hồ sơ đã nộp, phải lưu trữ cùng hồ sơ",
    "data_requests": "Giữ làm chứng cơ quan đã trả lời đúng hạn",
}
#: Tables that stand under no kind: they record who read what.
_TRAIL = "trail"


def plan(row: DataRequest, subject: held.Subject) -> dict[str, Any]:
    """Return the certificate an erasure would leave now: table by table what goes, what stays, and why."""
    with override("vi"):  # kept with the request
        return _reckon(row, subject)


def digest(planned: dict[str, Any]) -> str:
    """Return the mark of a plan: whoever confirms it has seen this one."""
    return hashlib.sha256(json.dumps(planned, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def erase(row: DataRequest, subject: held.Subject, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Do what `plan` says; return it as the certificate."""
    planned = plan(row, subject)
    for name in settings.MOTCUA_ERASERS:
        import_string(f"{name}.erase")(applicant_id=row.applicant_id, actor=actor, at=at)
    forget_name(applicant_id=row.applicant_id, agency_id=row.home_agency_id)
    emptied = DataRequest.objects.filter(applicant=row.applicant_id, copy__isnull=False).update(copy=None)
    if planned["dossiers"] == 0:
        rights.erase_person(applicant_id=row.applicant_id, actor=actor, at=at)
    elif planned["open"] == 0:
        rights.forget_contact(applicant_id=row.applicant_id, address=True, actor=actor, at=at)
    return {**planned, "copies_emptied": emptied}


def why_kept(label: str) -> str:
    """Return why rows of a table stay, "" where nobody has said it."""
    kind = held.kind_of(label)
    return KEPT_BECAUSE.get(kind.key if kind else _TRAIL, "")


def line(label: str, count: int, what: str, why: str) -> dict[str, Any]:
    """Return one line of a certificate."""
    return {"table": label, "count": count, "what": what, "why": why}


def _reckon(row: DataRequest, subject: held.Subject) -> dict[str, Any]:
    open_now, all_of_them = queries.open_of_applicant(row.applicant_id)
    gone: dict[str, int] = {}
    because = {_KNOWN: "Gợi ý tên khi tiếp nhận ở cơ quan này"}
    for name in settings.MOTCUA_ERASERS:
        found = import_string(f"{name}.going")(row.applicant_id)
        gone |= found
        because |= dict.fromkeys(found, import_string(f"{name}.WHY"))
    here = KnownName.objects.filter(applicant=row.applicant_id, home_agency=row.home_agency_id)
    erased, kept = [], []
    for label, count in held.counted(subject):
        if label == _PERSON:
            continue
        goes = min(here.count() if label == _KNOWN else gone.get(label, 0), count)
        if goes:
            erased.append(line(label, goes, ERASED, because[label]))
        if count > goes:
            kept.append(line(label, count - goes, KEPT, why_kept(label)))
    return {
        "lines": [*erased, _of_person(open_now, all_of_them), *kept], "open": open_now, "dossiers": all_of_them,
        "unfinished": gone.get("online.Application", 0), "vault": gone.get("applicants.VaultPaper", 0),
    }  # fmt: skip


def _of_person(open_now: int, all_of_them: int) -> dict[str, Any]:
    if all_of_them == 0:
        return line(_PERSON, 1, ERASED, _("Không có hồ sơ nào dùng đến"))
    if open_now == 0:
        why = _("Điện thoại, thư điện tử, nơi cư trú; họ tên và số giấy tờ ở lại cùng hồ sơ")
        return line(_PERSON, 1, BLANKED, why)
    return line(_PERSON, 1, KEPT, _("Còn hồ sơ đang giải quyết; gửi lại yêu cầu khi hồ sơ xong"))
