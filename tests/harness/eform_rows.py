"""Declarations behind the citizen's pages: one begun, one with rows, one finished that a spouse is asked to confirm.

Behind the administrators': a draft with a fault and two trials, one of which fails, and one that waits for approval.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from motcua.eforms import source, tables, trials
from motcua.eforms.engine.schema import schema_of
from motcua.eforms.models import FormDefinition, FormDraft
from motcua.eforms.operations import answering, approving, drafting, publishing, signing
from motcua.eforms.tests.conftest import marriage
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from motcua.procedures.models import Procedure


def build(at: datetime, *, chi: Actor) -> dict[str, Any]:
    """Publish two forms and fill them in through the operations; return the words that stand in addresses."""
    by: dict[str, Any] = {"actor": PUBLIC, "at": at, "key": ""}
    forms = {code: _publish(code, at) for code in ("HT-013", "HN-RS")}
    begun = answering.begin(
        definition_id=forms["HT-013"].pk, values={"wife_name": "Nguyễn Thị Lan"},
        sources={"wife_name": "thẻ căn cước"}, **by,
    )  # fmt: skip
    rows = answering.begin(
        definition_id=forms["HN-RS"].pk, values={"members": [{"name": "Trần Thị Hoa"}, {}]}, **by
    )
    done = answering.begin(definition_id=forms["HT-013"].pk, values=marriage(), **by)
    answering.finish(answer_id=done.pk, **by)
    asked = signing.invite(answer_id=done.pk, signer="wife", **by)
    return {
        "eform": begun.links.get().token, "eform_rows": rows.links.get().token, "eform_done": done.links.get().token,
        "eform_asked": asked.token, "eform_procedure": forms["HT-013"].procedure_id,
        "eform_definition": forms["HT-013"].pk,
    } | _made(forms, {"actor": chi, "at": at, "key": ""})  # fmt: skip


def _made(forms: dict[str, FormDefinition], by: dict[str, Any]) -> dict[str, Any]:
    """Make the administrators' drafts, and a second version of a form to compare with."""
    today = timezone.localdate(by["at"])
    draft = _draft(forms["HT-013"], by)
    good = _trial(draft, {"wife_name": "Nguyễn Thị Lan"}, "Chỉ có tên bên nữ")
    bad = _trial(draft, {}, "Chưa điền gì")
    bad["expect"]["faults"] = []
    for one in (good, bad):
        drafting.save_trial(draft_id=draft.pk, number=None, trial=one, seen=1, **by)
    home = draft.content["section"][0]["key"]
    broken = {"kind": "choice", "label": "Nơi đăng ký", "show": "khong_co = x", "options": ["a: Ở xã"]}
    drafting.add(draft_id=draft.pk, into=home, element=broken, **by)
    drafting.add(
        draft_id=draft.pk, into=home, element={"kind": "group", "label": "Số, quyển", "parts": []}, **by
    )
    drafting.add(draft_id=draft.pk, into=f"{home}.so_quyen", element={"kind": "text", "label": "Số"}, **by)
    waiting = _draft(forms["HN-RS"], by)
    asked = approving.ask(
        draft_id=waiting.pk,
        day=today + timedelta(days=5),
        note="Theo quyết định mới",
        seen=waiting.revision,
        **by,
    )
    later = publishing.publish(
        procedure_id=forms["HN-RS"].procedure_id, case="Hộ cận nghèo", code="", source="project",
        schema=forms["HT-013"].schema, in_force_from=today, actor=SYSTEM, at=by["at"], key="",
    )  # fmt: skip
    return {
        "eform_draft": draft.pk, "eform_section": home, "eform_waiting": waiting.pk, "eform_approval": asked.pk,
        "eform_waiting_procedure": waiting.procedure_id, "eform_before": forms["HN-RS"].pk, "eform_after": later.pk,
    }  # fmt: skip


def _draft(definition: FormDefinition, by: dict[str, Any]) -> FormDraft:
    return drafting.begin(
        procedure_id=definition.procedure_id, title="", case="", copy_of=definition.pk, **by
    )


def _trial(draft: FormDraft, values: dict[str, Any], name: str) -> dict[str, Any]:
    today = timezone.localdate()
    found = trials.outcome(tables.read(draft.content).form, values, on=today)
    return {"name": name, "on": today.isoformat(), "values": values, "expect": found.expect()}


def _publish(code: str, at: datetime) -> FormDefinition:
    one = next(it for it in source.shipped() if it.code == code)
    return publishing.publish(
        procedure_id=Procedure.objects.get(code=one.procedure).pk, case="", schema=schema_of(one.form), code=code,
        source="project", in_force_from=timezone.localdate(at), actor=SYSTEM, at=at, key="",
    )  # fmt: skip
