"""Requests about data near their time, and late ones: who works on them and who answers for the agency are told."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.accounts.operations.informing import inform
from motcua.privacy import queries
from motcua.privacy.models import DataRequest
from motcua.privacy.states import State

NEAR = timedelta(hours=24)
_SOON = gettext_lazy("Yêu cầu về dữ liệu cá nhân sắp đến hạn: %(code)s")
_LATE = gettext_lazy("Yêu cầu về dữ liệu cá nhân QUÁ HẠN: %(code)s")
_BODY = gettext_lazy("Hạn: %(due)s. Mở yêu cầu %(code)s để trả lời hoặc thực hiện.")


def remind(*, at: datetime) -> int:
    """Tell once when a clock has a day left, once a day while it is late; return how many were told now."""
    told, day = 0, timezone.localdate(at)
    for row in DataRequest.objects.filter(closed_at=None).select_related("home_agency", "assigned_to"):
        due = row.answer_due_at if row.state == State.NEW else row.due_at
        if due - at > NEAR:
            continue
        late = due <= at
        mine = {row.assigned_to.account_id} if row.assigned_to else set()
        told += inform(
            account_ids=mine | queries.keepers(row.home_agency, day), at=at, link=f"/privacy/{row.code}/",
            mark=f"data-request:{row.pk}:{row.state}:{f'late:{day}' if late else 'near'}",
            subject=_LATE if late else _SOON, body=_BODY,
            facts={"code": row.code, "due": f"{timezone.localtime(due):%H:%M %d/%m/%Y}"},
        )  # fmt: skip
    return told
