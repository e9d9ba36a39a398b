"""The 36 real processes: nothing lost, nothing guessed, nothing changed by importing again."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted
from motcua.workflow import checks, queries
from motcua.workflow.models import StepRow, VersionState, Workflow, WorkflowVersion
from motcua.workflow.operations import importing
from motcua.workflow.source import collection, files


@pytest.fixture
def path(shared_data):
    return shared_data / "procedures" / "commune_workflows_cantho.json"


@pytest.fixture
def content(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def drafts(path):
    return files.read(path)


def codes(draft):
    return {flag.code for flag in draft.flags}


def find(drafts, key, number=0):
    return [draft for draft in drafts if draft.key == key][number]


def test_every_workflow_and_every_column_is_there(drafts, content):
    expected = Counter({row["id"]: len(row["variants"]) for row in content["workflows"]})
    assert Counter(draft.key for draft in drafts) == expected
    assert (len(expected), len(drafts)) == (36, 56)


def test_each_step_keeps_its_words(drafts, content):
    rows = {row["id"]: row["steps"] for row in content["workflows"]}
    for draft in drafts:
        steps = rows[draft.key]
        assert [draft.wordings[step.key].work for step in draft.definition.steps] == [
            s["work"] for s in steps
        ]
        assert [draft.wordings[step.key].responsible for step in draft.definition.steps] == [
            s["responsible"] for s in steps
        ]


def test_a_time_shared_by_all_steps_is_counted_once_and_not_split(drafts):
    birth = find(drafts, "HT-001")
    assert "shared_time" in codes(birth)
    assert [step.hours is not None for step in birth.definition.steps] == [True, False, False, False, False]
    assert {step.time_group for step in birth.definition.steps} == {"g1"}
    assert checks.check(birth.definition, birth.limit).hours == 8


def test_group_numbers_used_twice_are_not_taken_for_merged_cells(drafts):
    deed = find(drafts, "CT-041")
    assert "group_number_reused" in codes(deed)
    assert [step.time_group for step in deed.definition.steps] == ["", "g2", "g2", "g4", "g4"]
    assert checks.check(deed.definition).hours == 16


def test_the_words_win_over_the_reading_in_the_file(drafts):
    adoption = find(drafts, "NCN-054")
    assert adoption.definition.by_key["b1"].hours.value == Decimal("0.5")
    assert "source_reading_differs" in codes(adoption)


def test_each_column_s_sum_against_its_limit(drafts):
    """The office's own steps add up to its limit, but in one process, which is flagged."""
    sure = [draft for draft in drafts if draft.limit and not draft.blocked]
    differ = [
        (draft.key, draft.variant)
        for draft in sure
        if checks.check(draft.definition, draft.limit).hours / 8 != (draft.limit.value or 1)
    ]
    assert len(sure) == 35
    assert differ == [("HT-018", "Thời gian có xác minh: 03 ngày làm việc")]
    assert differ == [(draft.key, draft.variant) for draft in drafts if "sum_differs" in codes(draft)]


def test_working_days_in_a_limit_of_calendar_days_are_not_published(drafts):
    again = find(drafts, "HT-005", 1)
    assert again.limit.words() == "25 ngày"
    (error,) = checks.check(again.definition, again.limit).errors
    assert error.code == "exceeds_limit"
    assert "nhiều nhất 20 ngày làm việc" in error.message


def test_a_leader_s_return_is_read_from_the_words(drafts):
    assert find(drafts, "HT-001").definition.by_key["b3"].may_send_back_to == ("b2",)
    assert find(drafts, "HT-008").definition.by_key["b3"].may_send_back_to == ()


def test_import_publishes_what_is_sure_and_keeps_the_rest_as_drafts(db, drafts, monday):
    counts = importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday).counts()
    assert counts["workflows"] == Workflow.objects.count() == 36
    assert counts["versions_read"] == WorkflowVersion.objects.count() == 56
    assert counts["published"] + counts["drafts"] == 56
    assert counts["published"] == 35
    assert StepRow.objects.count() == sum(len(draft.definition.steps) for draft in drafts)
    for version in queries.with_rows(WorkflowVersion.objects.filter(state=VersionState.PUBLISHED)):
        assert checks.check(queries.build(version), version.limit).passes


def test_importing_twice_changes_nothing(db, drafts, monday):
    importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday)
    before = list(WorkflowVersion.objects.order_by("id").values())
    again = importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday)
    assert again.counts()["changed"] == 0
    assert list(WorkflowVersion.objects.order_by("id").values()) == before


def test_what_is_stored_is_what_was_read(db, drafts, monday):
    importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday)
    for draft in drafts:
        version = WorkflowVersion.objects.get(workflow__key=draft.key, variant=draft.variant)
        assert queries.definition_of(version.pk).steps == draft.definition.steps


def test_a_changed_process_makes_a_new_version(db, drafts, content, monday):
    importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday)
    content["workflows"][0]["steps"][1]["work"] = "Thẩm tra và niêm yết."
    outcome = importing.import_workflows(drafts=collection.drafts(content), actor=SYSTEM, at=monday)
    assert outcome.counts()["changed"] == 1
    states = (
        WorkflowVersion.objects.filter(workflow__key="HT-001")
        .order_by("number")
        .values_list("state", flat=True)
    )
    assert list(states) == ["retired", "published"]


def test_others_may_not_import(db, drafts, monday):
    counter = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"receiver"}))
    with pytest.raises(NotPermitted):
        importing.import_workflows(drafts=drafts[:1], actor=counter, at=monday)
    assert not Workflow.objects.exists()
