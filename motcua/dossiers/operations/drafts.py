"""Drafts: what was typed so far, saved field by field on the server, for its own officer only."""

import json
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.dossiers.models import Dossier, Draft
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

_MAX_FIELDS = 1000
_MAX_LENGTH = 4000


@transaction.atomic
def open_draft(
    *, actor: Actor, at: datetime, content: dict[str, Any] | None = None, batch: UUID | None = None
) -> Draft:
    """Begin an intake; with `content` filled in already, and as one of `batch`."""
    if actor.account_id is None or actor.agency_id is None:
        raise NotPermitted(_("Chỉ cán bộ đang giữ một vị trí mới tiếp nhận được hồ sơ."))
    return Draft.objects.create(
        agency_id=actor.agency_id, account_id=actor.account_id, created_at=at, updated_at=at,
        content=json.dumps(content or {}, ensure_ascii=False), revision=1 if content else 0, batch=batch,
    )  # fmt: skip


@transaction.atomic
def open_next(
    *, draft_id: UUID, actor: Actor, at: datetime, content: dict[str, Any], batch: UUID | None = None
) -> Draft:  # fmt: skip
    """Begin what follows on a finished intake, filled in as far as it is known; once, however often it is pressed.

    With `batch` both belong together. The same press twice gives the same draft while nothing was saved in it.
    """
    before = Draft.objects.select_for_update().filter(pk=draft_id, account_id=actor.account_id or 0).first()
    if before is None or before.dossier_id is None:
        raise NotFound(_("Không tìm thấy lần tiếp nhận này. Mở một hồ sơ mới."))
    if batch is not None and before.batch is None:
        before.batch = batch
        before.save(update_fields=["batch"])
    text = json.dumps(content, ensure_ascii=False)
    waiting = Draft.objects.filter(
        account_id=before.account_id, agency_id=before.agency_id, dossier=None, revision=1,
        batch=before.batch if batch else None, created_at__gte=before.updated_at,
    )  # fmt: skip
    same = next((one for one in waiting.order_by("-created_at")[:5] if one.content == text), None)
    return same or open_draft(actor=actor, at=at, content=content, batch=before.batch if batch else None)


def _locked(draft_id: UUID, actor: Actor, page: str = "") -> Draft:
    """Lock the actor's own open draft. Refuses another officer's, a finished one, and a page that is no longer it."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, account_id=actor.account_id or 0).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy bản nháp này. Mở một hồ sơ mới."))
    if draft.dossier_id is not None:
        raise Refusal(_("Bản nháp này đã thành hồ sơ; mở hồ sơ để xem."), code="already_saved")
    if page and draft.page and page != draft.page:
        raise Conflict(
            _("Hồ sơ này đã được mở ở thẻ khác hoặc máy khác, nên thay đổi ở đây không được lưu. Làm tiếp ở bên kia, "
              "hoặc tải lại trang này để làm tiếp ở đây."), code="open_elsewhere",
        )  # fmt: skip
    return draft


@transaction.atomic
def open_page(*, draft_id: UUID, actor: Actor) -> Draft:
    """Take the draft up on the page that is shown now: no longer held, and only this page may write."""
    draft = _locked(draft_id, actor)
    draft.page, draft.held_at = secrets.token_hex(8), None
    draft.save(update_fields=["page", "held_at"])
    return draft


@transaction.atomic
def hold(*, draft_id: UUID, actor: Actor, at: datetime, page: str = "") -> Draft:
    """Set a draft aside while the citizen fetches something. One that holds nothing stays as it is."""
    draft = _locked(draft_id, actor, page)
    if draft.held_at is None and any(json.loads(draft.content or "{}").values()):
        draft.held_at = at
        draft.save(update_fields=["held_at"])
    return draft


@transaction.atomic
def save_fields(
    *, draft_id: UUID, actor: Actor, at: datetime, values: dict[str, Any], page: str = ""
) -> Draft:  # fmt: skip
    """Save some fields; the others stay. `page`: the open page that sends them, which must be the latest."""
    draft = _locked(draft_id, actor, page)
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
    _locked(draft_id, actor).delete()


def sweep(*, at: datetime) -> int:
    """Remove drafts nobody touched for as long as they are kept; returns how many."""
    removed, _rows = _old(at - keep("drafts")).delete()
    return swept("drafts", removed, at=at)


def untouched_since(before: datetime) -> int:
    """Return how many drafts nobody touched since `before`."""
    return _old(before).count()


def _old(before: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(updated_at__lt=before)
