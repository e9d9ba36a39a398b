"""Publishing with the procedures a version applies to: one act, and open dossiers keep what they have."""

from datetime import date

import pytest

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.procedures.models import Procedure
from motcua.workflow import queries
from motcua.workflow.models import WorkflowAssignment
from motcua.workflow.operations import editing, publishing
from motcua.workflow.tests.test_editor_life import begun

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_publishing_moves_the_procedures_and_leaves_open_dossiers_alone(world: World):
    first = begun(MONDAY)
    procedure = Procedure.objects.get(code=LONG)
    publishing.put_in_force(
        version_id=first.pk, base=first.content_hash, valid_from=date(2025, 7, 1), procedure_ids=[procedure.pk],
        actor=SYSTEM, at=MONDAY, key="one",
    )  # fmt: skip
    before = take_in(world)
    assert before.workflow_version_id == first.pk
    second = editing.new_version(version_id=first.pk, actor=SYSTEM, at=MONDAY)
    held = queries.assignments_of(first.workflow_id, "", MONDAY.date())
    for _time in range(2):  # the second press is the same request
        publishing.put_in_force(
            version_id=second.pk, base=second.content_hash, valid_from=MONDAY.date(),
            assignment_ids=[row.pk for row in held], actor=SYSTEM, at=MONDAY, key="two",
        )  # fmt: skip
    after = take_in(world)
    assert Dossier.objects.get(pk=before.pk).workflow_version_id == first.pk
    assert after.workflow_version_id == second.pk
    assert [row.state for row in first.workflow.versions.order_by("number")] == ["retired", "published"]
    assert WorkflowAssignment.objects.filter(procedure=procedure, workflow_version=second).count() == 1


def test_what_is_too_long_for_a_procedure_is_refused_whole(world: World):
    version = begun(MONDAY, hours="99")
    procedure = Procedure.objects.get(code=LONG)
    with pytest.raises(Refusal, match="dài hơn thời hạn"):
        publishing.put_in_force(
            version_id=version.pk, base=version.content_hash, valid_from=MONDAY.date(),
            procedure_ids=[procedure.pk], actor=SYSTEM, at=MONDAY, key="k",
        )  # fmt: skip
    version.refresh_from_db()
    assert version.state == "draft", "published and applied is one act"


def test_the_limits_of_the_catalogue_stand_beside_the_hours(world: World):
    version = begun(MONDAY)
    publishing.put_in_force(
        version_id=version.pk, base=version.content_hash, valid_from=date(2025, 7, 1),
        procedure_ids=[Procedure.objects.get(code=LONG).pk], actor=SYSTEM, at=MONDAY, key="k",
    )  # fmt: skip
    legal = queries.legal_limits(version.workflow_id, "", MONDAY.date())
    assert legal and {one.code for one in legal} == {LONG}
