"""Co-signers: asked by a link, they confirm one content. A change afterwards asks them again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.applicants import queries as applicants
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.eforms import queries
from motcua.eforms.models import Confirmation, FormAnswer, State
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import word_key

LINK_DAYS = 14


@once("eforms.invite")
def invite(*, answer_id: UUID, signer: str, actor: Actor, at: datetime, key: str) -> Confirmation:
    """Make the link by which a co-signer reads and confirms; one made before opens nothing any more.

    A confirmation given under the old link goes with it.
    """
    row = FormAnswer.objects.select_for_update(of=("self",)).select_related("definition").get(pk=answer_id)
    if row.state == State.HANDED_IN:
        raise Conflict(_("Tờ khai này đã nộp nên không sửa được nữa."), code="handed_in")
    if signer not in {one.signer.key for one in queries.standing(row).asked}:
        raise NotFound(_("Tờ khai này không cần người đó xác nhận."))
    Confirmation.objects.filter(answer=row, signer=signer, revoked_at__isnull=True).update(revoked_at=at)
    token = lookup.new_token()
    made = Confirmation.objects.create(
        answer=row, signer=signer, token=token, token_hash=queries.hash_of(token), invited_at=at,
        expires_at=at + timedelta(days=LINK_DAYS),
    )  # fmt: skip
    _note("eforms.invite", made, actor, at)
    return made


@once("eforms.confirm")
def confirm(*, confirmation_id: int, digest: str, actor: Actor, at: datetime, key: str) -> Confirmation:
    """Confirm the content with this digest, the one that was read. Refuses one that changed since or is not done.

    Who signed in confirms under their own name alone: refused where the declaration names somebody else, or the same
    name with another personal number.
    """
    asked = Confirmation.objects.get(pk=confirmation_id)
    row = (
        FormAnswer.objects.select_for_update(of=("self",))
        .select_related("definition")
        .get(pk=asked.answer_id)
    )
    asked = Confirmation.objects.select_for_update().get(pk=confirmation_id)
    if asked.revoked_at is not None or asked.expires_at <= at:
        raise NotFound(
            _("Liên kết này không đúng, đã hết hạn hoặc đã bị thu lại. Hỏi người gửi để có liên kết mới.")
        )
    if row.state == State.OPEN:
        raise Conflict(_("Người khai đang sửa tờ khai. Anh/chị đợi họ khai xong rồi mở lại."), code="open")
    if digest != row.digest:
        raise Conflict(_("Tờ khai vừa được sửa. Xin đọc lại nội dung mới rồi xác nhận."), code="changed")
    citizen = actor.kind == "applicant"
    if citizen:
        _require_named(row, asked.signer, actor)
    if asked.confirmed_at and asked.digest == digest and (asked.account_id or not citizen):
        return asked  # pressed twice; and who signed in is not forgotten because the link was used after it
    asked.confirmed_at, asked.digest = at, digest
    asked.account_id, asked.level = (actor.account_id, actor.level) if citizen else (None, 0)
    asked.save(update_fields=["confirmed_at", "digest", "account", "level"])
    _note("eforms.confirm", asked, actor, at, level=asked.level)
    return asked


def _require_named(row: FormAnswer, signer: str, actor: Actor) -> None:
    """Refuse somebody who signed in and is not who the declaration names there."""
    one = next((it for it in queries.standing(row).asked if it.signer.key == signer), None)
    if one is None:
        raise NotFound(_("Tờ khai này không còn cần anh/chị xác nhận."))
    citizen = applicants.citizen(actor.account_id or 0)
    number = citizen.person.personal_id if citizen else ""
    if word_key(one.name) != word_key(actor.name) or (one.number and number and one.number != number):
        raise Refusal(
            _(
                "Anh/chị đăng nhập với tên %(me)s, còn tờ khai ghi %(who)s. Ai có tên thì người đó xác nhận: đăng xuất"
                " rồi đăng nhập bằng tài khoản của người đó; tên hay số định danh ghi sai thì báo người khai sửa."
            )
            % {"me": actor.name, "who": f"{one.name} {one.number}".strip()},
            code="not_named",
        )


@once("eforms.revoke")
def revoke(*, answer_id: UUID, signer: str, actor: Actor, at: datetime, key: str) -> None:
    """Take a co-signer's link back; what they confirmed counts no more."""
    rows = Confirmation.objects.filter(answer_id=answer_id, signer=signer, revoked_at__isnull=True)
    for row in rows.select_for_update():
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        _note("eforms.revoke", row, actor, at)


def _note(verb: str, row: Confirmation, actor: Actor, at: datetime, **more: int) -> None:
    record(
        actor=actor, verb=verb, subject_kind="answer", subject_id=row.answer_id, at=at,
        payload={"signer": row.signer, "digest": row.digest, **more},
    )  # fmt: skip
