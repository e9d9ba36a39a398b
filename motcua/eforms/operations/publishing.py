"""Publishing definitions: each checked, dated, in the history; the one before ends the day the new one begins."""

import hashlib
import json
from datetime import date, datetime

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.eforms import source as written
from motcua.eforms.engine.checking import faults
from motcua.eforms.engine.schema import Json, schema_of
from motcua.eforms.models import FormDefinition
from motcua.eforms.permissions import require_publisher
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.procedures.models import Procedure

PROJECT = "project"


@once("eforms.publish")
def publish(
    *, procedure_id: int, case: str, schema: Json, source: str, in_force_from: date, actor: Actor, at: datetime,
    key: str, code: str = "",
) -> FormDefinition:  # fmt: skip
    """Publish a form from a day on. Answers begun before keep theirs.

    Refuses a schema with faults (all of them are said), and a day not after the beginning of the latest one.
    """
    require_publisher(actor)
    return put_in_force(
        procedure_id=procedure_id, case=case, schema=schema, source=source, in_force_from=in_force_from, actor=actor,
        at=at, code=code,
    )  # fmt: skip


def put_in_force(
    *, procedure_id: int, case: str, schema: Json, source: str, in_force_from: date, actor: Actor, at: datetime,
    code: str = "",
) -> FormDefinition:  # fmt: skip
    """Publish, within the caller's transaction; who may was looked at there. Refuses what `publish` refuses."""
    if found := faults(schema):
        said = "; ".join(f"{one.at}: {one.say}" if one.at else one.say for one in found[:20])
        raise Refusal(_("Biểu mẫu còn lỗi: %(faults)s") % {"faults": said}, code="bad_form")
    Procedure.objects.select_for_update().get(pk=procedure_id)
    rows = FormDefinition.objects.filter(procedure_id=procedure_id, case=case)
    last = rows.order_by("-number").first()
    if last is not None and (last.in_force_to is None or last.in_force_to > in_force_from):
        if in_force_from <= last.in_force_from:
            raise Conflict(
                _("Đã có biểu mẫu áp dụng từ %(day)s. Chọn ngày sau ngày đó.")
                % {"day": f"{last.in_force_from:%d/%m/%Y}"}
            )
        rows.filter(pk=last.pk).update(in_force_to=in_force_from)
    try:
        made = FormDefinition.objects.create(
            procedure_id=procedure_id, case=case, number=last.number + 1 if last else 1, code=code,
            title=schema["title"][:300], schema=schema, digest=digest_of(schema), source=source,
            in_force_from=in_force_from, published_at=at,
        )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("Ngày áp dụng chồng lên một biểu mẫu khác.")) from error
    record(
        actor=actor, verb="eforms.publish", subject_kind="form", subject_id=made.pk, at=at,
        payload={"procedure": procedure_id, "case": case, "number": made.number, "digest": made.digest},
    )  # fmt: skip
    return made


def digest_of(schema: Json) -> str:
    """Return the SHA-256 of a definition."""
    body = json.dumps(schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def load_shipped(*, actor: Actor, at: datetime) -> list[FormDefinition]:
    """Publish the forms that come with the program for the procedures of the catalogue; what did not change stays.

    A form that an office made in place of ours stays theirs.
    """
    made, today = [], timezone.localdate(at)
    for one in written.shipped():
        procedure = Procedure.objects.filter(code=one.procedure).first()
        if procedure is None:
            continue
        schema = schema_of(one.form)
        last = FormDefinition.objects.filter(procedure=procedure, case=one.case).order_by("-number").first()
        same = last is not None and last.digest == digest_of(schema)
        if last is not None and (same or last.source != PROJECT or last.in_force_from >= today):
            continue
        made.append(
            publish(
                procedure_id=procedure.pk, case=one.case, schema=schema, source=PROJECT, in_force_from=today,
                actor=actor, at=at, key="", code=one.code,
            )
        )  # fmt: skip
    return made
