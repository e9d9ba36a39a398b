"""A version's life: draft, published (and held by the database), applied to a procedure, retired."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from motcua.agencies.models import Agency, AgencyLevel
from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import Procedure, ProcedureVariant, ProcedureVersion, TimeLimitRow
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.workflow import checks, queries
from motcua.workflow.models import RouteRow, StepRow, VersionState, WorkflowAssignment, WorkflowVersion
from motcua.workflow.operations import drafting, importing, loading, publishing
from motcua.workflow.shape import Draft
from motcua.workflow.tests.test_engine import PERMIT

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DRAFT = Draft(key="permit", name="Giấy phép", definition=PERMIT, limit=Limit(Decimal(15), Unit.WORKING_DAY))


def save(at, draft=DRAFT):
    return drafting.save_draft(draft=draft, actor=SYSTEM, at=at).version


def published(at, draft=DRAFT):
    return publishing.publish(version_id=save(at, draft).pk, actor=SYSTEM, at=at)


@pytest.fixture
def procedure(monday):
    row = Procedure.objects.create(code="1.013225", key="1.013225", name="Giấy phép", folded="", sort_key="")
    version = ProcedureVersion.objects.create(
        procedure=row, number=1, name="Giấy phép", source="test", content_hash="", created_at=monday
    )
    for number, name in enumerate(("Nhà ở", "Công trình"), start=1):
        ProcedureVariant.objects.create(version=version, position=number, name=name)
    return row


@pytest.fixture
def agency():
    level = AgencyLevel.objects.create(code="commune", name="Xã", rank=3)
    return Agency.objects.create(name="UBND xã A", short_name="A", level=level, opened_on=date(2025, 7, 1))


def test_the_definition_comes_back_as_it_went_in(monday):
    version = save(monday)
    stored = queries.definition_of(version.pk)
    assert (stored.steps, stored.start) == (PERMIT.steps, "accept")


def test_saving_the_same_again_writes_nothing(monday):
    first = drafting.save_draft(draft=DRAFT, actor=SYSTEM, at=monday)
    again = drafting.save_draft(draft=DRAFT, actor=SYSTEM, at=monday)
    assert (first.changed, again.changed, again.version.pk) == (True, False, first.version.pk)
    assert Entry.objects.filter(subject_kind="workflow").count() == 1


def test_a_draft_is_written_over_and_a_published_version_followed_by_a_new_number(monday):
    other = replace(DRAFT, limit_text="khác")
    assert save(monday).pk == save(monday, other).pk
    publishing.publish(version_id=save(monday, other).pk, actor=SYSTEM, at=monday)
    assert save(monday).number == 2


def test_what_fails_the_check_is_not_published(monday):
    steps = tuple(replace(step, routes=()) if step.key == "sign" else step for step in PERMIT.steps)
    version = save(monday, replace(DRAFT, definition=replace(PERMIT, steps=steps)))
    with pytest.raises(Refusal, match="Ký"):
        publishing.publish(version_id=version.pk, actor=SYSTEM, at=monday)
    assert WorkflowVersion.objects.get().state == VersionState.DRAFT


def test_publishing_retires_the_version_before_and_tells_history(monday):
    first = published(monday)
    second = published(monday, replace(DRAFT, limit_text="khác"))
    first.refresh_from_db()
    assert (first.state, second.state) == (VersionState.RETIRED, VersionState.PUBLISHED)
    verbs = Entry.objects.filter(subject_kind="workflow").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["save_draft", "publish", "save_draft", "publish"]


def test_publishing_twice_is_refused(monday):
    version = published(monday)
    with pytest.raises(Conflict):
        publishing.publish(version_id=version.pk, actor=SYSTEM, at=monday)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: WorkflowVersion.objects.filter(pk=v.pk).update(start_key="sign"),
        lambda v: WorkflowVersion.objects.filter(pk=v.pk).update(state="draft"),
        lambda v: StepRow.objects.filter(version=v).update(name="Khác"),
        lambda v: StepRow.objects.create(version=v, position=99, key="x", name="x", completed_by="forward"),
        lambda v: StepRow.objects.filter(version=v).delete(),
        lambda v: RouteRow.objects.filter(step__version=v).update(to_key="end"),
        lambda v: RouteRow.objects.filter(step__version=v).delete(),
        lambda v: v.delete(),
    ],
)
def test_the_database_holds_a_published_version(monday, change):
    version = published(monday)
    with pytest.raises((ProgrammingError, InternalError), match="cannot be"), transaction.atomic():
        change(version)
    assert queries.build(queries.version_by_id(version.pk)).steps == PERMIT.steps


def test_two_versions_of_one_variant_are_never_in_force(monday):
    published(monday)
    other = save(monday, replace(DRAFT, limit_text="khác"))
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkflowVersion.objects.filter(pk=other.pk).update(state="published", published_at=monday)


def test_the_most_particular_assignment_wins(monday, procedure, agency):
    loading.load_default_workflows(actor=SYSTEM, at=monday)
    names = ("all", "agency", "variant", "variant at agency")
    versions = {name: published(monday, replace(DRAFT, key=name)) for name in names}
    procedure_version = procedure.versions.get()
    first, second = procedure_version.variants.order_by("position")

    def apply(name, **reach):
        publishing.apply_to_procedure(
            procedure_id=procedure.pk,
            version_id=versions[name].pk,
            valid_from=date(2026, 7, 1),
            actor=SYSTEM,
            at=monday,
            **reach,
        )

    def found(variant, place, on=date(2026, 7, 6)):
        return queries.workflow_for(
            procedure_version_id=procedure_version.pk,
            variant_id=variant.pk if variant else None,
            agency_id=place,
            on=on,
        ).workflow.key

    assert found(first, agency.pk) == "default"
    apply("all")
    apply("agency", agency_id=agency.pk)
    apply("variant", variant_id=first.pk)
    apply("variant at agency", variant_id=first.pk, agency_id=agency.pk)
    assert found(first, agency.pk) == "variant at agency"
    assert found(first, agency.pk + 1) == "variant"
    assert found(second, agency.pk) == "agency"
    assert found(None, None) == "all"
    assert found(first, agency.pk, on=date(2026, 6, 30)) == "default"


def test_a_new_assignment_ends_the_one_before(monday, procedure):
    versions = [published(monday, replace(DRAFT, key=key)) for key in ("a", "b")]
    for number, version in enumerate(versions, start=1):
        publishing.apply_to_procedure(
            procedure_id=procedure.pk,
            version_id=version.pk,
            valid_from=date(2026, number, 1),
            actor=SYSTEM,
            at=monday,
        )
    rows = list(WorkflowAssignment.objects.order_by("valid_from").values_list("valid_from", "valid_to"))
    assert rows == [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), None)]


def test_the_database_refuses_two_assignments_of_one_reach(monday, procedure):
    version = published(monday)
    for day in (1, 2):
        row = WorkflowAssignment(procedure=procedure, workflow_version=version, valid_from=date(2026, 1, day))
        if day == 1:
            row.save()
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_workflow_longer_than_the_law_allows_for_the_case_is_not_applied(monday, procedure):
    slow = tuple(
        replace(step, hours=Limit(Decimal(6), Unit.WORKING_DAY)) if step.key == "sign" else step
        for step in PERMIT.steps
    )
    version = published(monday, replace(DRAFT, definition=replace(PERMIT, steps=slow)))
    short, long = procedure.versions.get().variants.order_by("position")
    for position, (variant, days) in enumerate(((short, 5), (long, 7)), start=1):
        TimeLimitRow.objects.create(
            version=variant.version,
            variant=variant,
            position=position,
            channel="in_person",
            value=days,
            unit="working_day",
        )
    facts = {"procedure_id": procedure.pk, "version_id": version.pk, "valid_from": date(2026, 1, 1)}
    with pytest.raises(Refusal, match="6 ngày làm việc"):
        publishing.apply_to_procedure(**facts, variant_id=short.pk, actor=SYSTEM, at=monday)
    publishing.apply_to_procedure(**facts, variant_id=long.pk, actor=SYSTEM, at=monday)
    publishing.apply_to_procedure(**facts, actor=SYSTEM, at=monday)  # it fits one of the cases


def test_a_draft_is_not_applied(monday, procedure):
    with pytest.raises(Refusal, match="công bố"):
        publishing.apply_to_procedure(
            procedure_id=procedure.pk,
            version_id=save(monday).pk,
            valid_from=date(2026, 1, 1),
            actor=SYSTEM,
            at=monday,
        )


@pytest.mark.parametrize(
    ("role", "allowed"), [("business_admin", True), ("leader", False), ("receiver", False)]
)
def test_who_may_publish(monday, role, allowed):
    actor = Actor(
        kind="officer", account_id=1, position_id=1, agency_id=1, roles=frozenset({role}), name="An"
    )
    version = save(monday)
    if allowed:
        assert (
            publishing.publish(version_id=version.pk, actor=actor, at=monday).state == VersionState.PUBLISHED
        )
        return
    with pytest.raises(NotPermitted):
        publishing.publish(version_id=version.pk, actor=actor, at=monday)


def test_a_definition_is_read_once(monday, django_assert_num_queries):
    version = published(monday)
    queries._kept.clear()
    with django_assert_num_queries(3):
        queries.definition_of(version.pk)
    with django_assert_num_queries(0):
        queries.definition_of(version.pk)


def test_without_any_workflow_it_says_what_to_do(monday, procedure):
    with pytest.raises(Refusal, match="motcua workflow default"):
        queries.workflow_for(
            procedure_version_id=procedure.versions.get().pk,
            variant_id=None,
            agency_id=None,
            on=date(2026, 7, 6),
        )
    with pytest.raises(NotFound):
        queries.definition_of(999)


def test_the_demo_and_the_default_load_twice_without_change(monday, procedure):
    first = loading.load_demo_workflows(actor=SYSTEM, at=monday)
    again = loading.load_demo_workflows(actor=SYSTEM, at=monday)
    assert [version.pk for version in again] == [version.pk for version in first]
    assert all(version.state == VersionState.PUBLISHED for version in again)
    assert WorkflowAssignment.objects.get().procedure == procedure
    assert loading.load_default_workflows(actor=SYSTEM, at=monday)[0].workflow.key == "default"


def test_each_procedure_of_the_demo_gets_its_workflow(monday):
    load_demo_catalogue(actor=SYSTEM, at=monday)
    loading.load_demo_workflows(actor=SYSTEM, at=monday)
    assert WorkflowAssignment.objects.values("procedure").distinct().count() == 18


def test_the_demo_covers_its_eighteen_procedures_and_says_what_is_only_proposed():
    drafts = loading.demo_drafts()
    assert len({code for draft in drafts for code in draft.procedures}) == 18
    assert [draft.procedures for draft in drafts if draft.official] == [("2.000908",)]
    for draft in drafts:
        report = checks.check(draft.definition, draft.limit)
        assert report.errors == (), draft.key


# ── Back to the general workflow, and choosing by name


def test_back_to_the_general_workflow_from_a_day_on(monday, procedure):
    loading.load_default_workflows(actor=SYSTEM, at=monday)
    version, start = published(monday), date(2026, 7, 1)
    by = {"actor": SYSTEM, "at": monday}
    publishing.apply_to_procedure(procedure_id=procedure.pk, version_id=version.pk, valid_from=start, **by)
    case = procedure.versions.get()

    def runs_on(day):
        return queries.workflow_for(
            procedure_version_id=case.pk, variant_id=None, agency_id=None, on=day
        ).workflow.key

    assert publishing.use_default(procedure_id=procedure.pk, on_day=date(2026, 8, 1), **by) == version
    assert (runs_on(date(2026, 7, 31)), runs_on(date(2026, 8, 1))) == ("permit", "default")
    assert [row.pk for row in queries.assignments_on(date(2026, 7, 31))] and not queries.assignments_on(
        date(2026, 8, 1)
    )
    with pytest.raises(NotFound):
        publishing.use_default(procedure_id=procedure.pk, on_day=date(2026, 8, 1), **by)


def test_a_published_version_is_found_by_key_code_and_variant(monday):
    short = replace(DRAFT, variant="không xác minh", code="QT 01")
    long = replace(DRAFT, variant="có xác minh", code="QT 01")
    first, second = published(monday, short), published(monday, long)
    assert queries.published_version("permit", "khong xac minh") == first
    assert queries.published_version("QT 01", "có") == second
    with pytest.raises(Refusal) as unclear:
        queries.published_version("QT 01")
    assert unclear.value.code == "unclear_workflow" and "có xác minh" in unclear.value.message
    with pytest.raises(NotFound):
        queries.published_version("QT 01", "gấp")
    publishing.retire(version_id=second.pk, actor=SYSTEM, at=monday)
    assert queries.published_version("QT 01") == first


def test_files_that_name_procedures_are_applied_once(monday):
    load_demo_catalogue(actor=SYSTEM, at=monday)
    drafts = [draft for draft in loading.demo_drafts() if "1.000045" in draft.procedures]
    by = {"actor": SYSTEM, "at": monday}
    importing.import_workflows(drafts=drafts, **by)
    for _time in range(2):
        assert importing.apply_imported(drafts=drafts, valid_from=date(2026, 7, 1), **by) == ["1.000045"]
    assert len(drafts) == 2 and WorkflowAssignment.objects.count() == 1
