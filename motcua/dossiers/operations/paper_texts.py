"""Word the passages of an agency's papers: save a draft, drop it, publish it for a later day, give own words up."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.dossiers import paper_texts, permissions, wordings
from motcua.dossiers.models import PaperText
from motcua.dossiers.paper_texts import EVERYTHING, Scope
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

SUBJECT = "paper_text"
_FARTHEST = timedelta(days=366)


def _permit(actor: Actor, agency_id: int, form: str) -> None:
    if not permissions.words_papers(actor, agency_id):
        raise NotPermitted(_("Chỉ quản trị nghiệp vụ của cơ quan được sửa lời văn trên giấy."))
    if form not in wordings.PLACES:
        raise NotFound(_("Mẫu này không có lời văn sửa được."))


@once("save_paper_text")
def save_draft(
    *, agency_id: int, form: str, texts: dict[str, str], scope: Scope = EVERYTHING, actor: Actor, at: datetime,
    key: str = "",
) -> PaperText:  # fmt: skip
    """Keep the passages as the draft of this form, for everything or for what `scope` says.

    Refuses unknown passages, bad placeholders, and words that silence a message the law requires, naming the field.
    """
    _permit(actor, agency_id, form)
    wanted = wordings.defaults(form)
    for name in wanted:
        wanted[name] = " ".join(texts.get(name, "").split())
        wordings.check(form, name, wanted[name])
    wordings.check_whole(form, wanted)
    with transaction.atomic():
        rows = paper_texts.versions(agency_id, form, scope)
        draft = rows.select_for_update().filter(published_at=None).first()
        before = draft.texts if draft else None
        if draft is None:
            draft, _made = PaperText.objects.get_or_create(
                agency_id=agency_id, form=form, published_at=None, **scope.columns,
                defaults={"texts": wanted, "drafted_at": at, "drafted_by": actor.position_id},
            )  # fmt: skip
        draft.texts, draft.drafted_at, draft.drafted_by = wanted, at, actor.position_id
        draft.save(update_fields=["texts", "drafted_at", "drafted_by"])
        _note("draft_paper_text", draft, actor, at, {"before": before, "after": wanted})
    return draft


@once("drop_paper_text")
def discard_draft(
    *, agency_id: int, form: str, scope: Scope = EVERYTHING, actor: Actor, at: datetime, key: str = ""
) -> None:
    """Drop the draft; what is in force stays."""
    _permit(actor, agency_id, form)
    draft = _locked(agency_id, form, scope)
    _note("drop_paper_text", draft, actor, at, {"texts": draft.texts})
    draft.delete()


@once("publish_paper_text")
def publish(
    *, agency_id: int, form: str, valid_from: date, seen: str, scope: Scope = EVERYTHING, actor: Actor, at: datetime,
    key: str = "",
) -> PaperText:  # fmt: skip
    """Put the draft in force from a later day on. `seen` is the digest of the texts that the page showed."""
    _permit(actor, agency_id, form)
    draft = _locked(agency_id, form, scope)
    if seen != paper_texts.digest(draft.texts):
        raise Conflict(
            _("Bản nháp vừa được người khác sửa. Xem lại khác biệt rồi ban hành; chưa có gì thay đổi.")
        )
    today = timezone.localdate(at)
    if not today < valid_from <= today + _FARTHEST:
        raise Refusal(
            _("Ngày áp dụng phải sau hôm nay và trong vòng một năm: giấy in hôm nay đã theo bản đang dùng."),
            field="valid_from",
        )
    for name, text in draft.texts.items():
        wordings.check(form, name, text)
    wordings.check_whole(form, wordings.defaults(form) | draft.texts)
    if paper_texts.texts_on(agency_id, form, valid_from, scope) == draft.texts:
        raise Refusal(_("Bản nháp không khác bản áp dụng ngày đó: không có gì để ban hành."))
    if paper_texts.versions(agency_id, form, scope).filter(valid_from=valid_from).exists():
        raise Refusal(_("Ngày này đã có một bản. Chọn ngày khác."), field="valid_from")
    draft.valid_from, draft.published_at, draft.published_by = valid_from, at, actor.position_id
    draft.save(update_fields=["valid_from", "published_at", "published_by"])
    _note("publish_paper_text", draft, actor, at, {"valid_from": valid_from, "texts": draft.texts})
    return draft


@once("follow_paper_text")
def follow(
    *, agency_id: int, form: str, scope: Scope = EVERYTHING, actor: Actor, at: datetime, key: str = ""
) -> PaperText:
    """Give own words up from tomorrow on: the agency's wider words hold again, or those of the agency above.

    Refuses where there are none of its own tomorrow; a version that comes later still comes.
    """
    _permit(actor, agency_id, form)
    day = timezone.localdate(at) + timedelta(days=1)
    if not paper_texts.own_on(agency_id, form, day, scope):
        raise Conflict(_("Không còn lời văn riêng nào đang áp dụng. Tải lại trang để xem."))
    values: dict[str, Any] = {
        "texts": {}, "drafted_at": at, "drafted_by": actor.position_id, "published_at": at,
        "published_by": actor.position_id,
    }  # fmt: skip
    where: dict[str, Any] = {"agency_id": agency_id, "form": form, "valid_from": day, **scope.columns}
    row, made = PaperText.objects.update_or_create(**where, defaults=values)
    _note("follow_paper_text", row, actor, at, {"valid_from": day, "instead": not made})
    return row


def _locked(agency_id: int, form: str, scope: Scope) -> PaperText:
    """Lock an agency's draft of a form; two who publish at once find one of them gone."""
    rows = paper_texts.versions(agency_id, form, scope)
    draft = rows.select_for_update().filter(published_at=None).first()
    if draft is None:
        raise Conflict(_("Không còn bản nháp: đã được ban hành hoặc bỏ. Tải lại trang để xem."))
    return draft


def _note(verb: str, row: PaperText, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=f"{row.agency_id}:{row.form}", at=at,
        agency_id=row.agency_id,
        payload={"form": row.form, "procedure": row.procedure_id, "sector": row.sector_id, **payload},
    )  # fmt: skip
