"""Declarations behind the citizen's pages: one begun, one with rows, one finished that a spouse is asked to confirm."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.eforms import source
from motcua.eforms.engine.schema import schema_of
from motcua.eforms.models import FormDefinition
from motcua.eforms.operations import answering, publishing, signing
from motcua.eforms.tests.conftest import marriage
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.procedures.models import Procedure


def build(at: datetime) -> dict[str, Any]:
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
    }  # fmt: skip


def _publish(code: str, at: datetime) -> FormDefinition:
    one = next(it for it in source.shipped() if it.code == code)
    return publishing.publish(
        procedure_id=Procedure.objects.get(code=one.procedure).pk, case="", schema=schema_of(one.form), code=code,
        source="project", in_force_from=timezone.localdate(at), actor=SYSTEM, at=at, key="",
    )  # fmt: skip
