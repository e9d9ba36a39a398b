"""Files that were brought in through pages."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.lib.refusal import NotFound
from motcua.moving.models import Move

PAGE = 50


def page(after: str) -> tuple[list[Move], str]:
    """Return files, the newest first, and the key of the next page."""
    rows = Move.objects.select_related("agency", "made_by").defer("content", "report").order_by("-id")
    if key := _key(after):
        rows = rows.filter(pk__lt=key)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def one(move_id: UUID) -> Move:
    """Return one file; refuses an unknown one."""
    row = Move.objects.select_related("agency__calendar", "made_by").filter(pk=move_id).first()
    if row is None:
        raise NotFound(_("Không có tệp chuyển đổi này."))
    return row


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
