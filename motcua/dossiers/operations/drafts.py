"""Drafts: what was typed so far, saved field by field on the server, for its own officer only."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier, Draft
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

KEEP = timedelta(days=30)
_MAX_FIELDS = 1000
_MAX_LENGTH = 4000


@transaction.atomic
def open_draft(*, actor: Actor, at: datetime, content: dict[str, Any] | None = None) -> Draft:
    """Begin an intake."""
    if actor.account_id is None or actor.agency_id is None:
        raise NotPermitted(_("Chỉ cán bộ đang giữ một vị trí mới tiếp nhận được hồ sơ."))
    return Draft.objects.create(
        agency_id=actor.agency_id, account_id=actor.account_id, created_at=at, updated_at=at,
        content=json.dumps(content or {}, ensure_ascii=False),
    )  # fmt: skip


@transaction.atomic
def save_fields(*, draft_id: UUID, actor: Actor, at: datetime, values: dict[str, Any]) -> Draft:
    """Save some fields; the others stay. Refuses another officer's draft and one that became a dossier."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, account_id=actor.account_id or 0).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy bản nháp này. Mở một hồ sơ mới."))
    if draft.dossier_id is not None:
        raise Refusal(_("Bản nháp này đã thành hồ sơ; mở hồ sơ để xem."), code="already_saved")
    content = {**json.loads(draft.content or "{}"), **values}
    text = json.dumps(content, ensure_ascii=False)
    if len(content) > _MAX_FIELDS or any(len(str(value)) > _MAX_LENGTH for value in values.values()):
        raise Refusal(_("Nội dung quá dài để lưu vào một ô. Rút gọn hoặc đính kèm tệp."))
    draft.content = text
    draft.revision += 1
    draft.updated_at = max(at, draft.updated_at)
    draft.save(update_fields=["content", "revision", "updated_at"])
    return draft


def finish(*, draft_id: UUID, actor: Actor, dossier: Dossier) -> None:
    """Tie the draft to the dossier it became, in the transaction that made it."""
    Draft.objects.filter(pk=draft_id, account_id=actor.account_id or 0).update(dossier=dossier, content="{}")


@transaction.atomic
def discard(*, draft_id: UUID, actor: Actor) -> None:
    """Throw away the actor's own draft. Refuses another officer's, and one that became a dossier."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, account_id=actor.account_id or 0).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy bản nháp này. Mở một hồ sơ mới."))
    if draft.dossier_id is not None:
        raise Refusal(_("Bản nháp này đã thành hồ sơ; mở hồ sơ để xem."), code="already_saved")
    draft.delete()


def sweep(*, at: datetime) -> int:
    """Remove drafts nobody touched for 30 days; returns how many."""
    removed, _rows = Draft.objects.filter(updated_at__lt=at - KEEP).delete()
    return removed
