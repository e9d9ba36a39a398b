"""Several at the same instant, on real connections: one draft is begun, one save wins, the others are told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict
from motcua.workflow import queries
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import editing, publishing
from motcua.workflow.tests.test_editor_life import begun

AT_ONCE = 6


@pytest.mark.sql
def test_many_at_once_begin_one_draft_and_one_of_them_saves(
    fresh_database: str, django_db_blocker: Any, monday: Any
) -> None:
    def begin(_number: int) -> int:
        try:
            return int(editing.new_version(version_id=published, actor=SYSTEM, at=monday).pk)
        finally:
            connection.close()

    def save(number: int) -> str:
        try:
            steps = (replace(draft.definition.steps[0], name=f"Người {number}"), *draft.definition.steps[1:])
            changed = replace(draft, definition=replace(draft.definition, steps=steps))
            editing.save_edit(version_id=version.pk, base=base, draft=changed, actor=SYSTEM, at=monday)
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()
        return f"Người {number}"

    with django_db_blocker.unblock():
        with transaction.atomic():
            published = begun(monday).pk
            publishing.publish(version_id=published, actor=SYSTEM, at=monday)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            begun_by_all = set(pool.map(begin, range(AT_ONCE)))
        assert len(begun_by_all) == 1
        assert WorkflowVersion.objects.count() == 2
        version = queries.one_draft(begun_by_all.pop())
        draft, base = queries.draft_of(version), version.content_hash
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(save, range(AT_ONCE)))
        winners = [one for one in answers if one.startswith("Người")]
        assert len(winners) == 1
        assert answers.count("edited_meanwhile") == AT_ONCE - 1
        assert queries.definition_of(version.pk).steps[0].name == winners[0]
