"""Named maps of columns, kept and found again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.moving import permissions
from motcua.moving.models import ColumnMap


@transaction.atomic
def keep_map(*, kind: str, name: str, headings: dict[str, str], actor: Actor, at: datetime) -> ColumnMap:
    """Keep a map under a name; the same name again replaces it."""
    permissions.require_moves(actor)
    plain = normalize(name)[:80]
    if not plain:
        raise Refusal(_("Đặt tên cho sơ đồ cột."), code="no_name", field="save_map")
    row, _made = ColumnMap.objects.update_or_create(
        kind=kind, name=plain, defaults={"headings": headings, "changed_at": at}
    )
    record(
        actor=actor, verb="move.keep_map", subject_kind="column_map", subject_id=row.pk, at=at,
        payload={"name": plain, "kind": kind, "headings": headings},
    )  # fmt: skip
    return row


def map_named(kind: str, name: str) -> ColumnMap:
    """Return a kept map; refuses an unknown name, naming those there are."""
    row = ColumnMap.objects.filter(kind=kind, name__iexact=normalize(name)).first()
    if row is None:
        names = (
            ", ".join(ColumnMap.objects.filter(kind=kind).order_by("name").values_list("name", flat=True))
            or "—"
        )
        raise NotFound(_("Không có sơ đồ cột này. Có: %(names)s.") % {"names": names})
    return row
