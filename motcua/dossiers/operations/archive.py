"""A copy of the list of dossiers past their keeping period leaves the program: history keeps who took which part."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.dossiers import permissions
from motcua.dossiers.archive import Over
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal

SUBJECT = "archive"
MOST = 1_000_000  # what a sheet takes


@transaction.atomic
def note_copy(*, over: Over, actor: Actor, at: datetime) -> int:
    """Note that `actor` takes a copy; return how many dossiers stand in it. Each gets a line among its readings.

    Refuses whoever may not read this agency's list, and more lines than a sheet takes. Nothing else is changed.
    """
    asked = over.asked
    if not permissions.reads_archive(actor, asked.agency.pk):
        raise NotPermitted(
            _("Anh/chị không có quyền xem danh mục hồ sơ hết thời hạn bảo quản của cơ quan này.")
        )
    count = over.count()
    if count > MOST:
        raise Refusal(
            _("Danh mục có %(n)s hồ sơ, một tệp chứa nhiều nhất %(most)s. Chọn từng năm kết thúc.")
            % {"n": count, "most": MOST},
            code="archive_too_long", field="year",
        )  # fmt: skip
    if count:
        over.note_reading(actor=actor, at=at, reason="Tải danh mục hồ sơ hết thời hạn bảo quản")
    record(
        actor=actor, verb="copy_archive", subject_kind=SUBJECT, subject_id=asked.agency.pk, at=at,
        agency_id=asked.agency.pk, payload={**asked.facts(), "dossiers": count},
    )  # fmt: skip
    return count
