"""Question sets are drafted, looked at, published for a time, and ended. A published set never changes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.feedback import questions
from motcua.feedback.models import QuestionSet, Scale, SetState, Source
from motcua.feedback.permissions import require_questions
from motcua.feedback.queries import one_set
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import normalize

CHANNELS = ("", "web", "kiosk")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a set says and where it is asked; `text` is what `questions.read` reads."""

    title: str
    basis: str
    scale: str
    text: str
    valid_from: date
    agency_id: int | None = None
    procedure_code: str = ""
    source: str = ""
    channel: str = ""


@once("feedback.draft_questions")
def draft(*, facts: Facts, set_id: int | None = None, actor: Actor, at: datetime, key: str) -> QuestionSet:
    """Write a draft, or write one anew. Refuses a published set, no title or basis, and questions that are none."""
    require_questions(actor)
    values = _checked(facts)
    if set_id is None:
        row = QuestionSet(made_by=actor.account_id or 0, made_at=at)
    else:
        row = _locked(set_id)
        if row.state != SetState.DRAFT:
            raise Conflict(_("Bộ câu hỏi này đã dùng nên không sửa được. Soạn bộ mới để thay."))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    _note(row, "draft", actor, at)
    return row


@once("feedback.publish_questions")
def publish(*, set_id: int, actor: Actor, at: datetime, key: str) -> QuestionSet:
    """Let people be asked, from the set's first day on. Refuses a first day that is over, and a set in use."""
    require_questions(actor)
    row = _locked(set_id)
    if row.state != SetState.DRAFT:
        raise Conflict(_("Bộ câu hỏi này đang dùng."))
    if row.valid_from < timezone.localdate(at):
        raise Refusal(
            _("Ngày bắt đầu đã qua. Sửa thành hôm nay hoặc sau đó."), code="past", field="valid_from"
        )
    row.state, row.published_by, row.published_at = SetState.PUBLISHED, actor.account_id, at
    row.save(update_fields=["state", "published_by", "published_at"])
    _note(row, "publish", actor, at)
    return row


@once("feedback.end_questions")
def end(*, set_id: int, actor: Actor, at: datetime, key: str) -> QuestionSet:
    """Ask a published set no more, from tomorrow on; a draft, or one not begun, from its first day."""
    require_questions(actor)
    row = _locked(set_id)
    today = timezone.localdate(at)
    if row.valid_to is not None and row.valid_to <= today:
        raise Conflict(_("Bộ câu hỏi này đã thôi hỏi."))
    row.valid_to = max(row.valid_from, today)
    row.save(update_fields=["valid_to"])
    _note(row, "end", actor, at)
    return row


def _checked(facts: Facts) -> dict[str, object]:
    title, basis = normalize(facts.title)[:160], normalize(facts.basis)[:300]
    if not title:
        raise Refusal(_("Đặt tên cho bộ câu hỏi."), code="no_title", field="title")
    if not basis:
        raise Refusal(_("Ghi căn cứ: văn bản hoặc quyết định nào."), code="no_basis", field="basis")
    if (
        facts.scale not in Scale.values
        or facts.source not in {"", *Source.values}
        or facts.channel not in CHANNELS
    ):
        raise Refusal(_("Chọn lại nơi hỏi và số mức."), code="bad_choice", field="scale")
    return {
        "title": title, "basis": basis, "scale": facts.scale, "questions": questions.read(facts.text),
        "agency_id": facts.agency_id, "procedure_code": normalize(facts.procedure_code)[:60], "source": facts.source,
        "channel": facts.channel, "valid_from": facts.valid_from,
    }  # fmt: skip


def _locked(set_id: int) -> QuestionSet:
    one_set(set_id)
    return QuestionSet.objects.select_for_update().get(pk=set_id)


def _note(row: QuestionSet, verb: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=f"questions.{verb}", subject_kind="question_set", subject_id=row.pk, at=at,
        payload={"title": row.title, "agency": row.agency_id, "first_day": row.valid_from, "ends": row.valid_to},
    )  # fmt: skip
