"""Texts that officers write often: one's own, and the unit's, which its head keeps."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.base.audit.operations import record
from motcua.dossiers.models import OpinionTemplate
from motcua.dossiers.operations.together import in_lines
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import fold

MOST = 100  # of one owner
LONGEST_KEY = 20


@transaction.atomic
def save_template(
    *, key: str, text: str, of_unit: bool, actor: Actor, at: datetime, template_id: int | None = None
) -> OpinionTemplate:
    """Keep a text under a short key, or change one. The unit's texts are kept by its head.

    Refuses an empty text, a key of other than letters and digits, and a key that its owner uses already.
    """
    _require_keeper(actor, of_unit)
    short, said = fold(key).replace(" ", "")[:LONGEST_KEY], in_lines(text)[:4000]
    if not short or not short.isalnum():
        raise Refusal(_("Phím tắt gồm chữ và số viết liền, ví dụ “dd1”."), code="bad_key", field="key")
    if not said:
        raise Refusal(_("Nhập nội dung mẫu."), code="empty", field="text")
    owner = _owner(actor, of_unit)
    if template_id is None and OpinionTemplate.objects.filter(**owner).count() >= MOST:
        raise Refusal(_("Đã có %(most)s mẫu. Xóa bớt mẫu không dùng.") % {"most": MOST}, code="too_many")
    row = _row(template_id, owner) if template_id is not None else OpinionTemplate(**owner)
    row.key, row.text, row.made_by_id, row.changed_at = short, said, actor.position_id or 0, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(
            _("Phím tắt “%(key)s” đã dùng cho mẫu khác. Chọn phím khác.") % {"key": short},
            code="taken", field="key",
        ) from None  # fmt: skip
    _told("opinion_template.save", row, actor, at)
    return row


@transaction.atomic
def drop_template(*, template_id: int, actor: Actor, at: datetime) -> None:
    """Throw a text away; what was written with it stays."""
    row = OpinionTemplate.objects.filter(pk=template_id).first()
    if row is None:
        raise NotFound(_("Không có mẫu này."))
    _require_keeper(actor, row.unit_id is not None)
    row = _row(template_id, _owner(actor, row.unit_id is not None))
    _told("opinion_template.drop", row, actor, at)
    row.delete()


def _require_keeper(actor: Actor, of_unit: bool) -> None:
    if of_unit and not actor.has(Role.UNIT_HEAD, Role.LEADER):
        raise NotPermitted(_("Mẫu chung của đơn vị do lãnh đạo đơn vị lập."))


def _owner(actor: Actor, of_unit: bool) -> dict[str, int | None]:
    return {"unit_id": actor.unit_id} if of_unit else {"account_id": actor.account_id}


def _row(template_id: int, owner: dict[str, int | None]) -> OpinionTemplate:
    row = OpinionTemplate.objects.select_for_update().filter(pk=template_id, **owner).first()
    if row is None:
        raise NotFound(_("Không có mẫu này."))
    return row


def _told(verb: str, row: OpinionTemplate, actor: Actor, at: datetime) -> None:
    """The text itself stays out of the history: it may be thrown away."""
    unit = row.unit_id is not None
    record(
        actor=actor, verb=verb, subject_kind="unit" if unit else "account",
        subject_id=row.unit_id or row.account_id or 0, at=at, payload={"template": row.pk, "key": row.key},
    )  # fmt: skip
