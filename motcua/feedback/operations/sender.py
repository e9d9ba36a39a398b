"""What the sender does on the page of a petition: say more, withdraw, forbid publication, say how it was handled."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import claim, keep, once
from motcua.counters.operations.knocks import knock
from motcua.feedback.models import Petition, PetitionFile, Score
from motcua.feedback.operations.common import begin, move, say, tell_officer, words
from motcua.feedback.operations.filing import MOST_FILES, attach
from motcua.feedback.operations.petitions import resume_clock
from motcua.feedback.operations.publishing import take_down
from motcua.feedback.queries import petitions
from motcua.feedback.states import Kind, Verb
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

_MOST_EVER = 12


def find(*, code: str, secret: str, address: str, at: datetime) -> Petition:
    """Return the petition of a code and its six characters. Counts the tries from an address, and those at a code."""
    knock("look", address=address, at=at)
    knock("look", address=f"code|{code.strip().upper()[:60]}", at=at)
    return petitions.by_secret(code, secret)


@transaction.atomic
def reply(
    *, petition_id: UUID, text: str, files_in: Sequence[tuple[str, BinaryIO]] = (), actor: Actor, at: datetime, key: str
) -> Petition:  # fmt: skip
    """Answer what the agency asked; the clock runs again. The same key again changes nothing."""
    body = {"petition": petition_id, "text": text, "files": [name for name, _stream in files_in]}
    mine = claim(actor=actor, key=key, verb="feedback.reply_petition", body=body, at=at)
    if mine.answer is not None:
        return Petition.objects.get(pk=petition_id)
    petition = begin(petition_id, Verb.REPLY, actor)
    said = words(text, field="text", missing=_("Viết điều cơ quan hỏi."))
    before = PetitionFile.objects.filter(petition=petition).count()
    if len(files_in) > MOST_FILES or before + len(files_in) > _MOST_EVER:
        raise Refusal(
            _("Gửi nhiều nhất 3 tệp. Bỏ bớt tệp rồi gửi lại."), code="too_many_files", field="papers"
        )
    say(petition, Kind.REPLY, said, actor, at)
    attach(petition, files_in, actor=actor, at=at)
    changed = resume_clock(petition, at)
    move(petition, Verb.REPLY, actor, at, {"files": len(files_in), "due": petition.due_at}, *changed)
    _tell_handler(petition, _("Người gửi phản ánh %(code)s đã trả lời"), at)
    keep(mine, {"id": petition.pk})
    return petition


@once("feedback.withdraw_petition")
def withdraw(*, petition_id: UUID, actor: Actor, at: datetime, key: str) -> Petition:
    """The sender wants no answer any more."""
    petition = begin(petition_id, Verb.WITHDRAW, actor)
    petition.ended_at, petition.paused_at = at, None
    move(petition, Verb.WITHDRAW, actor, at, {}, "ended_at", "paused_at")
    return petition


@once("feedback.keep_petition_private")
def keep_private(*, petition_id: UUID, actor: Actor, at: datetime, key: str) -> Petition:
    """The sender says no to publication; what was published is taken down at once."""
    petition = begin(petition_id, Verb.KEEP_PRIVATE, actor)
    if petition.may_publish:
        petition.may_publish = False
        take_down(petition, "người gửi không cho đăng", actor=actor, at=at)
        move(petition, Verb.KEEP_PRIVATE, actor, at, {}, "may_publish", "published_at")
    return petition


@once("feedback.score_petition")
def score(*, petition_id: UUID, value: int, actor: Actor, at: datetime, key: str) -> Petition:
    """Say how content the sender is with the handling, one to five; said anew, the last word counts."""
    petition = begin(petition_id, Verb.SCORE, actor)
    if value not in Score.values:
        raise Refusal(_("Chọn một trong năm mức."), code="bad_score", field="score")
    petition.score = value
    move(petition, Verb.SCORE, actor, at, {}, "score")
    return petition


def _tell_handler(petition: Petition, sentence: str, at: datetime) -> None:
    if petition.assigned_to is not None:
        tell_officer(petition, petition.assigned_to.account_id, sentence % {"code": petition.code}, at)
