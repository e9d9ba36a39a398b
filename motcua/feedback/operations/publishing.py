"""A petition and its answer go to the public list without personal data, and can be taken down again."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.feedback.models import Petition, Publication
from motcua.feedback.operations.common import begin, move, words
from motcua.feedback.queries.petitions import publication_of
from motcua.feedback.states import Verb
from motcua.lib.actor import Actor
from motcua.lib.personal_traces import number_in
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import fold


@once("feedback.publish_petition")
def publish(
    *, petition_id: UUID, title: str, text: str, answer: str, actor: Actor, at: datetime, key: str
) -> Publication:  # fmt: skip
    """Publish the question and the answer as they are given here.

    Refuses when the sender said no, when it is published already, and words in which the sender's name or a number of
    a person (paper of identity, telephone) still stands.
    """
    petition = begin(petition_id, Verb.PUBLISH, actor)
    if not petition.may_publish:
        raise Conflict(_("Người gửi không cho đăng nội dung này."))
    if publication_of(petition) is not None:
        raise Conflict(_("Nội dung này đã được đăng."))
    shown = public_words(petition, title=title, text=text, answer=answer)
    row = Publication.objects.create(
        home_agency_id=petition.at_agency_id, petition=petition, about=petition.about, **shown,
        words=fold(" ".join(shown.values())), received_on=timezone.localdate(petition.received_at),
        answered_on=timezone.localdate(petition.ended_at), published_at=at, published_by=actor.account_id or 0,
    )  # fmt: skip
    petition.published_at = at
    late = petition.publish_by is not None and at > petition.publish_by
    move(petition, Verb.PUBLISH, actor, at, {"publication": row.pk, "late": late}, "published_at")
    return row


def public_words(petition: Petition, *, title: str, text: str, answer: str) -> dict[str, str]:
    """Return title, question and answer as everybody would read them. Refuses what `publish` refuses of words."""
    shown = {
        "title": words(title, field="title", missing=_("Viết một dòng tiêu đề."), most=160).replace(
            "\n", " "
        ),
        "text": words(text, field="text", missing=_("Viết nội dung phản ánh sẽ đăng.")),
        "answer": words(answer, field="answer", missing=_("Viết câu trả lời sẽ đăng."), most=10_000),
    }
    for field, one in shown.items():
        if number := number_in(one):
            raise Refusal(
                _("Còn số “%(number)s” giống số giấy tờ hoặc điện thoại. Bỏ số này đi.") % {"number": number},
                code="number_left", field=field,
            )  # fmt: skip
        if petition.sender_name and fold(petition.sender_name) in fold(one):
            raise Refusal(_("Còn tên người gửi. Bỏ tên đi."), code="name_left", field=field)
        if petition.email and petition.email.lower() in one.lower():
            raise Refusal(_("Còn địa chỉ thư của người gửi. Bỏ đi."), code="address_left", field=field)
    return shown


@once("feedback.unpublish_petition")
def unpublish(*, petition_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Take a publication down; it can be published anew, mended."""
    petition = begin(petition_id, Verb.UNPUBLISH, actor)
    why = words(reason, field="reason", missing=_("Viết vì sao gỡ."), most=300)
    take_down(petition, why, actor=actor, at=at)
    move(petition, Verb.UNPUBLISH, actor, at, {}, "published_at")
    return petition


def take_down(petition: Petition, why: str, *, actor: Actor, at: datetime) -> None:
    """Take what is published of a petition off the public list, if anything is."""
    row = publication_of(petition)
    if row is not None:
        row.taken_down_at, row.taken_down_by, row.taken_down_why = at, actor.account_id, why
        row.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_why"])
    petition.published_at = None
