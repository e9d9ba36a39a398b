"""Everything held about one person, found through the `personal_data` every model declares: no table is forgotten.

A table is reached when its rows lead by foreign keys to the applicant or to a dossier of theirs. Tables that name a
person in another way have a finder of their own; tables of the office itself stand in OUTSIDE by their kind of
`lib.retention`, with the reason. What is in none of these is named by a test.

A dossier counts as the person's where they are its applicant. Where they only handed it in or represent somebody, what
the dossier says is another person's: only their part in it is told.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from motcua.applicants.models import Applicant, LookUp
from motcua.applicants.vault import opened
from motcua.base.audit.models import Entry
from motcua.base.files.models import StoredFile
from motcua.dossiers.models import AccessLog, Dossier, DossierFile, Shown
from motcua.eforms.models import Confirmation, FormAnswer
from motcua.lib import retention
from motcua.lib.finding import mark as _
from motcua.privacy.telling import Teller, plain

MOST = 5_000  # rows of one table in one copy; what is more is said
_DEEPEST = 4

#: Kinds of `lib.retention` whose tables are not about people who apply, each with the reason.
OUTSIDE: dict[str, str] = {
    "officers": _("Dữ liệu về cán bộ trong công việc."),
    "secrets": _("Dấu băm mật khẩu của tài khoản."),
    "catalogue": _("Ai soạn danh mục thủ tục."),
    "drafts": _("Bản nháp chưa nối với người nào; tự xóa sau thời hạn ngắn."),
    "lists": _("Dòng chưa thành hồ sơ chưa nối với người nào; tự xóa sau thời hạn ngắn."),
    "moving": _("Tệp của hệ thống cũ đang chờ nhập; tự xóa sau thời hạn ngắn."),
    "guards": _("Lần đăng nhập sai của tài khoản."),
    "outbox": _("Chỉ có mã và số, không có tên."),
    "letters": _("Thư nhắc việc của cán bộ."),
    "messages": _("Lời thư và địa chỉ được xóa khi gửi xong."),
    "hall": _("Số thứ tự không ghi tên người đến."),
    "voices": _("Giọng của cán bộ."),
    "station_jobs": _("Việc in, quét ở quầy; tự xóa sau thời hạn ngắn."),
    "ratings": _("Đánh giá không ghi của ai."),
    "knocks": _("Dấu băm địa chỉ mạng, giữ một ngày."),
    "integrations": _("Đầu mối của hệ thống khác, không phải của người nộp."),
    "petitions": _("Phản ánh không gắn với người nào; ai có mã thì xem ở trang của phản ánh đó."),
    "rating_traces": _("Dấu băm thiết bị đã đánh giá, giữ một ngày."),
    "recipients": _("Lựa chọn nhận tin gắn với số điện thoại; xem và đổi bằng liên kết trong tin nhắn."),
    "uploads": _("Tệp đang gửi dở; tự xóa sau một ngày."),
    "incidents": _("Sổ sự cố của cơ quan; người liên quan được báo riêng."),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: one applicant; with `dossier` only what belongs to that dossier, numbers hidden."""

    applicant_id: UUID
    dossier_id: UUID | None = None


@dataclass(slots=True)
class Held:
    """The rows of one table: its name, the kind of retention, and the rows as they are told."""

    label: str
    kind: retention.Kind | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0


Finder = Callable[[Subject], QuerySet[Any]]


def _own_dossiers(subject: Subject) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(applicant=subject.applicant_id)
    return rows if subject.dossier_id is None else rows.filter(pk=subject.dossier_id)


def _ids(subject: Subject) -> list[UUID]:
    return list(_own_dossiers(subject).values_list("pk", flat=True))


def _history(subject: Subject) -> QuerySet[Entry]:
    of_dossiers = Q(subject_kind="dossier", subject_id__in=[str(one) for one in _ids(subject)])
    if subject.dossier_id is not None:
        return Entry.objects.filter(of_dossiers)
    person = Applicant.objects.filter(pk=subject.applicant_id).values_list("person_id", flat=True).first()
    return Entry.objects.filter(of_dossiers | Q(subject_kind="person", subject_id=str(person)))


def _files(subject: Subject) -> QuerySet[StoredFile]:
    used = DossierFile.objects.filter(dossier__in=_ids(subject)).values("stored")
    return StoredFile.objects.filter(pk__in=used)


def _declarations(subject: Subject) -> QuerySet[FormAnswer]:
    rows = FormAnswer.objects.filter(owner__citizen__person__applicant=subject.applicant_id)
    return rows.none() if subject.dossier_id is not None else rows


def _confirmations(subject: Subject) -> QuerySet[Confirmation]:
    rows = Confirmation.objects.filter(account__citizen__person__applicant=subject.applicant_id)
    return rows.none() if subject.dossier_id is not None else rows


def _look_ups(subject: Subject) -> QuerySet[LookUp]:
    rows = LookUp.objects.filter(shown__contains=[subject.applicant_id])
    return rows.none() if subject.dossier_id is not None else rows


#: Tables that name a person otherwise than by a foreign key.
FINDERS: dict[str, Finder] = {
    "dossiers.Dossier": _own_dossiers,
    "dossiers.Shown": lambda subject: Shown.objects.filter(shown__overlap=_ids(subject)),
    "dossiers.AccessLog": lambda subject: AccessLog.objects.filter(dossier__in=_ids(subject)),
    "audit.Entry": _history,
    "files.StoredFile": _files,
    "applicants.LookUp": _look_ups,
    "eforms.FormAnswer": _declarations,
    "eforms.Confirmation": _confirmations,
}
#: Tables left out of a copy although they may say something, with the reason, which the copy tells.
WITHIN: dict[str, str] = {
    "dossiers.ScanText": _("Chữ máy đọc từ các tệp của hồ sơ; giữ và bỏ cùng tệp."),
    "dossiers.HandoverSlip": _("Phiếu của nhiều hồ sơ; phần của anh/chị ở dòng bàn giao."),
    "dossiers.Note": _("Ghi chú giữa cán bộ, có thể nêu người khác; hỏi cơ quan nếu cần xem."),
    "dossiers.Relation": _("Nói về hồ sơ của người khác bên cạnh hồ sơ của anh/chị."),
    "applicants.Organization": _("Dữ liệu của tổ chức; người đại diện hỏi qua tổ chức."),
}


@cache
def path_to_applicant(label: str) -> str:
    """Return the look-up that leads from a table to its applicant, "" where foreign keys lead to none."""
    return _path(apps.get_model(label), _DEEPEST, frozenset())


def _path(model: type[models.Model], deep: int, seen: frozenset[type[models.Model]]) -> str:
    """Breadth first: the nearest way to an applicant; through a dossier only by its applicant."""
    if model._meta.label == "applicants.Person":
        return "applicant"
    if model._meta.label == "dossiers.Dossier":
        return "applicant"
    links = [
        one for one in model._meta.fields
        if one.is_relation and isinstance(one.related_model, type) and one.related_model not in seen
    ]  # fmt: skip
    for one in links:
        if one.related_model is Applicant:
            return one.name
    if deep == 0:
        return ""
    for one in links:
        target = one.related_model
        if not isinstance(target, type) or not target.__module__.startswith("motcua.") or target is model:
            continue
        if further := _path(target, deep - 1, seen | {model}):
            return f"{one.name}__{further}"
    return ""


def tables() -> list[str]:
    """Return the labels of all tables with personal data, those that record reading, in the order of the apps."""
    return [
        model._meta.label for model in apps.get_models()
        if model.__module__.startswith("motcua.")
        and (getattr(model, "personal_data", None) or model._meta.label in FINDERS)
    ]  # fmt: skip


def kind_of(label: str) -> retention.Kind | None:
    """Return the kind of retention that a table stands under."""
    return next((kind for kind in retention.KINDS if label in kind.models), None)


def is_reached(label: str) -> bool:
    """Tell whether rows of a table can be found for a person."""
    if label in FINDERS:
        return True
    if label in WITHIN:
        return False
    kind = kind_of(label)
    return not (kind and kind.key in OUTSIDE) and bool(path_to_applicant(label))


def forgotten() -> list[str]:
    """Return the tables with personal data that are neither reached nor left out with a reason."""
    return sorted(
        label for label in tables()
        if not is_reached(label) and label not in WITHIN and not ((kind := kind_of(label)) and kind.key in OUTSIDE)
    )  # fmt: skip


def rows_of(label: str, subject: Subject) -> QuerySet[Any]:
    """Return the rows of a table that are about the person."""
    model = apps.get_model(label)
    if label in FINDERS:
        return FINDERS[label](subject)
    path = path_to_applicant(label)
    rows: QuerySet[Any] = model._default_manager.filter(**{path: subject.applicant_id})
    if subject.dossier_id is not None:
        own = path.removesuffix("applicant").removesuffix("__")
        through = own.rpartition("__")[2] or own
        rows = (
            rows.filter(**{f"{own}_id" if own else "pk": subject.dossier_id})
            if through == "dossier"
            else rows.none()
        )
    return rows


def everything(subject: Subject) -> list[Held]:
    """Return what is held, table by table, those without rows left out."""
    with _vault(subject):
        return _everything(subject)


def _vault(subject: Subject) -> AbstractContextManager[None]:
    """Open the vault of a person who is known to be themselves; to the holder of a slip it stays shut."""
    return nullcontext() if subject.dossier_id is not None else opened(subject.applicant_id)


def _everything(subject: Subject) -> list[Held]:
    found, teller = [], Teller(hidden=subject.dossier_id is not None)
    for label in tables():
        if not is_reached(label):
            continue
        rows = rows_of(label, subject)
        count = rows.count()
        if count:
            told = [teller.tell(row) for row in rows.order_by("pk")[:MOST]]
            found.append(Held(label, kind_of(label), told, count))
    return found


def counted(subject: Subject) -> list[tuple[str, int]]:
    """Return how many rows of each reached table there are: what a certificate says was kept."""
    with _vault(subject):
        return [
            (label, count)
            for label in tables()
            if is_reached(label) and (count := rows_of(label, subject).count())
        ]


def part_in_others(applicant_id: UUID) -> list[dict[str, Any]]:
    """Return the dossiers of others in which the person has a part: which and as what, nothing else."""
    rows = Dossier.objects.filter(Q(submitter=applicant_id) | Q(representative=applicant_id)).exclude(
        applicant=applicant_id
    )
    return [
        {
            "code": one.code, "submitted_at": plain(one.submitted_at),
            "as": "submitter" if one.submitter_id == applicant_id else "representative",
        }
        for one in rows.order_by("pk")[:MOST]
    ]  # fmt: skip
