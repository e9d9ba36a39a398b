"""Return the result: the door at the end of the route."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers import words
from motcua.dossiers.models import Dossier, Result
from motcua.dossiers.operations import acts, custody, papers, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


@transaction.atomic
def return_result(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, returned_to: str, paper: str = "",
    channel: str = words.ResultChannel.COUNTER, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Hand the result over and close the dossier, with a receipt to sign.

    `returned_to` is who took it, `paper` the kind of identity paper shown (its number is not kept here).
    """
    body = {"returned_to": returned_to, "paper": paper, "channel": channel}
    act = acts.begin(
        "return_result", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen
    )
    if act.repeated:
        return act.dossier
    if not returned_to.strip():
        raise Refusal(_("Ghi họ tên người nhận kết quả."), field="returned_to")
    if channel not in words.ResultChannel.values:
        raise Refusal(_("Chọn cách trả kết quả."), field="channel")
    Result.objects.filter(dossier=act.dossier).update(
        returned_at=at, returned_by_id=actor.position_id, returned_to=returned_to.strip(),
        returned_paper=paper.strip(), returned_channel=channel,
    )  # fmt: skip
    act.move()
    act.set(returned_at=at)
    steps.close_all(act)
    custody.end_result(act, given_to=returned_to.strip())
    if act.dossier.parent_id is None:  # a child's result goes from desk to desk: nobody signs for it
        papers.issue_return_receipt(act)
    return act.finish({"channel": channel, "paper": paper})
