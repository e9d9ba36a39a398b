"""From an imported doubt to a version in force: settling, reading files, who came second."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import Conflict, Refusal
from motcua.workflow import queries
from motcua.workflow.bpmn import writing
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import drafting, editing, importing, publishing
from motcua.workflow.shape import Draft, Flag
from motcua.workflow.source import files
from motcua.workflow.tests.test_bpmn import BAD
from motcua.workflow.tests.test_engine import PERMIT
from motcua.workflow.tests.test_pages import STAFF, log_in, unit  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def begun(at, name="Thử", hours="4"):
    made = editing.begin_workflow(name=name, actor=SYSTEM, at=at)
    version = queries.version_by_id(made.pk)
    draft = queries.draft_of(version)
    steps = tuple(
        replace(step, hours=Limit(Decimal(hours), Unit.WORKING_HOUR)) for step in draft.definition.steps
    )
    changed = replace(draft, definition=replace(draft.definition, steps=steps))
    return editing.save_edit(
        version_id=made.pk, base=version.content_hash, draft=changed, actor=SYSTEM, at=at
    )


def test_a_published_version_is_written_by_nobody(monday):
    version = begun(monday)
    publishing.publish(version_id=version.pk, actor=SYSTEM, at=monday)
    draft = queries.draft_of(queries.version_by_id(version.pk))
    changed = replace(draft, name="Khác")
    with pytest.raises(Conflict, match="vừa được công bố"):
        editing.save_edit(
            version_id=version.pk, base=version.content_hash, draft=changed, actor=SYSTEM, at=monday
        )
    with pytest.raises(Conflict):
        editing.discard(version_id=version.pk, actor=SYSTEM, at=monday)
    assert WorkflowVersion.objects.filter(pk=version.pk).exists()


def test_doubts_are_settled_one_by_one_or_all_and_say_by_whom(log_in, monday):  # noqa: F811
    flags = tuple(Flag("no_unit", f"Ghi chú {number}.", "accept", blocks=True) for number in range(3))
    draft = Draft(key="x", name="Có ghi chú", definition=PERMIT, flags=flags)
    version = drafting.save_draft(draft=draft, actor=SYSTEM, at=monday).version
    client = log_in("business_admin")
    address = f"/workflows/versions/{version.pk}/edit/"
    assert "Còn 3 ghi chú" in client.get(address, **STAFF).content.decode()
    client.post(address, {"act": "settle:1"}, **STAFF)
    page = client.get(address, **STAFF).content.decode()
    assert "Còn 2 ghi chú" in page and "Cán bộ business_admin đã xem" in page
    with pytest.raises(Refusal, match="Ghi chú 0"):
        publishing.publish(version_id=version.pk, actor=SYSTEM, at=monday)
    client.post(address, {"act": "settle:all"}, **STAFF)
    publishing.publish(version_id=version.pk, actor=SYSTEM, at=monday)
    assert Entry.objects.filter(verb="settle", subject_id=str(version.workflow_id)).count() == 2


def test_a_doubtful_import_is_settled_and_published(log_in, shared_data, monday):  # noqa: F811
    drafts = files.read(shared_data / "procedures" / "commune_workflows_cantho.json")
    importing.import_workflows(drafts=drafts, actor=SYSTEM, at=monday)
    waiting = [one for one in WorkflowVersion.objects.filter(state="draft") if not queries_errors(one)]
    assert waiting, "some drafts wait for a person only"
    client = log_in("business_admin")
    for version in waiting[:3]:
        client.post(f"/workflows/versions/{version.pk}/edit/", {"act": "settle:all"}, **STAFF)
        sent = {
            "base": version.content_hash,
            "valid_from": "06/07/2026",
            "codes": "",
            "key": f"p{version.pk}",
        }
        assert client.post(f"/workflows/versions/{version.pk}/publish/", sent, **STAFF).status_code == 302
        assert WorkflowVersion.objects.get(pk=version.pk).state == "published"


def queries_errors(version):
    from motcua.workflow import checks

    return checks.check(queries.definition_of(version.pk), version.limit).errors


# ── Files


def upload(client, data, name="quy-trinh.bpmn"):
    file = SimpleUploadedFile(name, data, content_type="application/xml")
    return client.post("/workflows/read/", {"file": file, "key": "f"}, **STAFF)


def test_a_file_becomes_a_draft_with_its_remarks_as_notes(log_in, shared_data):  # noqa: F811
    client = log_in("business_admin")
    answer = upload(client, (shared_data / "bpmn" / "Reference_C.7.0.bpmn").read_bytes())
    assert answer.status_code == 302
    page = client.get(answer.url, **STAFF).content.decode()
    assert "lặp nhiều lần" in page and "Còn 7 ghi chú" in page
    again = upload(client, (shared_data / "bpmn" / "Reference_C.7.0.bpmn").read_bytes())
    assert again.url == answer.url, "the same request twice makes one workflow"


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_refused_on_the_page(log_in, name):  # noqa: F811
    answer = upload(log_in("business_admin"), BAD[name])
    assert answer.status_code == 422
    assert "govuk-error-message" in answer.content.decode()
    assert not WorkflowVersion.objects.exists()


def test_a_file_handed_out_is_read_back(log_in, monday):  # noqa: F811
    version = begun(monday, name="Đăng ký thử")
    client = log_in("monitor")
    answer = client.get(f"/workflows/versions/{version.pk}/bpmn/", **STAFF)
    assert answer["Content-Disposition"].endswith("dang-ky-thu-1.bpmn")
    from motcua.workflow.bpmn import reading

    assert reading.read(answer.content).draft.definition.by_key == queries.definition_of(version.pk).by_key


def test_a_drawing_of_an_older_state_is_refused_and_changes_nothing(log_in, monday):  # noqa: F811
    version = begun(monday)
    draft = queries.draft_of(queries.version_by_id(version.pk))
    renamed = replace(draft.definition.steps[1], name="Người thứ nhất")
    mine = replace(
        draft,
        definition=replace(
            draft.definition, steps=(draft.definition.steps[0], renamed, *draft.definition.steps[2:])
        ),
    )
    editing.save_edit(
        version_id=version.pk, base=version.content_hash, draft=mine, actor=SYSTEM, at=monday + timedelta(1)
    )
    sent = {"xml": writing.export(draft).decode(), "base": version.content_hash, "key": "d"}
    client = log_in("business_admin")
    answer = client.post(f"/workflows/versions/{version.pk}/drawing/", sent, **STAFF)
    assert answer.status_code == 409 and "Người thứ nhất" in answer.content.decode()
    assert queries.definition_of(version.pk).steps[1].name == "Người thứ nhất"
    broken = client.post(
        f"/workflows/versions/{version.pk}/drawing/", {"xml": "<x", "base": "", "key": "e"}, **STAFF
    )
    assert broken.status_code == 422


def test_every_change_of_a_draft_is_in_the_history(monday):
    version = begun(monday)
    verbs = Entry.objects.filter(subject_kind="workflow", subject_id=str(version.workflow_id))
    assert list(verbs.values_list("verb").annotate(n=Count("id")).order_by("verb")) == [
        ("edit", 1),
        ("save_draft", 1),
    ]
