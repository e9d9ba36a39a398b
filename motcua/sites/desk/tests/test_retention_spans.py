"""Another span for a kind of data: asked for by one, approved by another, obeyed by the job, told in the history."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.base.retention import operations, queries
from motcua.base.retention.models import SpanChange
from motcua.dossiers.models import Draft
from motcua.dossiers.operations import drafts
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = timezone.now()
FIRST = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"system_admin"}), name="Một")
SECOND = replace(FIRST, account_id=2, position_id=2, name="Hai")


def ask(days: int = 60, **changes: Any) -> SpanChange:
    facts: dict[str, Any] = {
        "kind": "drafts",
        "reason": "QĐ 12/QĐ-UBND",
        "actor": FIRST,
        "at": NOW,
        "key": uuid4().hex,
    }
    return operations.propose(days=days, **{**facts, **changes})


def decide(change: SpanChange, actor: Actor, *, approve: bool = True) -> SpanChange:
    return operations.decide(change_id=change.pk, approve=approve, actor=actor, at=NOW, key=uuid4().hex)


def test_a_span_holds_once_a_second_person_approved_it(db: None) -> None:
    change = ask(60)
    assert queries.keep("drafts") == timedelta(days=30)
    with pytest.raises(NotPermitted, match="không tự duyệt"):
        decide(change, FIRST)
    decide(change, SECOND)
    assert queries.keep("drafts") == timedelta(days=60)
    with pytest.raises(Conflict):
        decide(change, SECOND)
    assert [one.verb for one in Entry.objects.filter(subject_kind="retention").order_by("seq")] == [
        "retention.propose", "retention.approve",
    ]  # fmt: skip


def test_what_is_taken_back_or_turned_down_changes_nothing(db: None) -> None:
    decide(ask(60), FIRST, approve=False)
    decide(ask(90), SECOND, approve=False)
    assert queries.keep("drafts") == timedelta(days=30)


def test_only_one_change_waits(db: None) -> None:
    ask(60)
    with pytest.raises(Conflict, match="đang chờ"):
        ask(90)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": 6}, "từ 7 đến"),
        ({"days": 99_999}, "từ 7 đến"),
        ({"days": 30}, "đúng số ngày này"),
        ({"reason": " "}, "lý do"),
    ],
)
def test_bad_spans_are_refused(db: None, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        ask(**changes)
    assert not SpanChange.objects.exists()


def test_dossiers_have_no_span_and_others_ask_for_none(db: None) -> None:
    for kind in ("dossiers", "trail", "no such kind"):
        with pytest.raises(NotFound, match="không xóa"):
            ask(kind=kind)
    with pytest.raises(NotPermitted):
        ask(actor=replace(FIRST, roles=frozenset({"unit_admin"})))


def test_the_database_refuses_approval_by_who_asked(db: None) -> None:
    change = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        SpanChange.objects.filter(pk=change.pk).update(
            approved=True, decided_by=change.proposed_by, decided_at=NOW
        )


def test_the_job_obeys_and_tells_how_many(world: World) -> None:
    draft = drafts.open_draft(actor=world.actor("minh"), at=NOW)
    Draft.objects.filter(pk=draft.pk).update(updated_at=NOW - timedelta(days=40))
    decide(ask(60), SECOND)
    assert drafts.sweep(at=NOW) == 0 and drafts.untouched_since(NOW - timedelta(days=30)) == 1
    decide(ask(30), SECOND)
    assert drafts.sweep(at=NOW) == 1
    assert Entry.objects.get(verb="retention.delete").payload == {"count": 1, "days": 30}
    assert drafts.sweep(at=NOW) == 0 and Entry.objects.filter(verb="retention.delete").count() == 1
