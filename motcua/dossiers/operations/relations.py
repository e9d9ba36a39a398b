"""Put two dossiers beside each other, and take that off again. Beside the dossier, like a note: audited, no history."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.dossiers import permissions, queries, related
from motcua.dossiers.models import Dossier, Relation
from motcua.dossiers.operations.together import SUBJECT
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize


@once("dossiers.relate")
def relate(*, dossier: Dossier, code: str, why: str, actor: Actor, at: datetime, key: str = "") -> Relation:
    """Let the dossier of `code` stand beside this one, on both pages. Refuses a code that is not there to be seen,
    the dossier itself, a part of it at another agency (stands there anyway), and what stands there already.
    """
    permissions.require("see", permissions.Case(actor, dossier))
    other = _named(code, actor)
    if other.pk == dossier.pk:
        raise Refusal(_("Đây chính là hồ sơ này. Nhập mã của hồ sơ kia."), code="itself", field="related")
    if dossier.pk == other.parent_id or other.pk == dossier.parent_id:
        raise Refusal(
            _("Hai hồ sơ này đã là liên thông của nhau, không phải gắn thêm."), code="part", field="related"
        )
    for one in sorted((dossier.pk, other.pk)):  # two officers from both ends at once: one row
        queries.lock(one, actor)
    if Relation.objects.filter(related.standing(dossier) & related.standing(other)).exists():
        raise Refusal(
            _("Hồ sơ %(code)s đã gắn ở đây rồi.") % {"code": other.code}, code="there", field="related"
        )
    row = Relation.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, other=other, why=normalize(why)[:200],
        made_by_id=actor.account_id or 0, at=at,
    )  # fmt: skip
    _told("relation.add", row, actor, at)
    return row


@transaction.atomic
def part(*, dossier: Dossier, relation_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a relation off both dossiers; the row stays. Repeating changes nothing."""
    permissions.require("see", permissions.Case(actor, dossier))
    row = Relation.objects.select_related("dossier", "other").filter(pk=relation_id).first()
    if row is None or dossier.pk not in (row.dossier_id, row.other_id):
        raise NotFound(_("Không có liên quan này ở hồ sơ."))
    if Relation.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at):
        _told("relation.remove", row, actor, at)


def _named(code: str, actor: Actor) -> Dossier:
    typed = "".join(code.split())[:80]
    if not typed:
        raise Refusal(_("Nhập mã của hồ sơ liên quan."), code="empty", field="related")
    try:
        return queries.get_for(actor, typed)
    except NotFound as refused:
        raise Refusal(refused.message, code="no_dossier", field="related") from None


def _told(verb: str, row: Relation, actor: Actor, at: datetime) -> None:
    """Say it in the chain of each of the two."""
    for one, far in ((row.dossier, row.other), (row.other, row.dossier)):
        record(
            actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=one.pk, at=at,
            agency_id=one.home_agency_id, payload={"relation": row.pk, "other": far.code},
        )  # fmt: skip
