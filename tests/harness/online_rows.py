"""Applications of a citizen: one begun, one complete, one handed in and waiting for papers, one refused."""

import io
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from motcua.accounts.models import Account
from motcua.applicants import acting
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.eforms import source
from motcua.eforms.engine.schema import schema_of
from motcua.eforms.operations import answering, publishing
from motcua.eforms.tests.conftest import birth
from motcua.lib.actor import SYSTEM, Actor
from motcua.online import queries
from motcua.online.models import Application
from motcua.online.operations import drafting, handing_in
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.operations import editing
from motcua.procedures.operations import publishing as versions
from motcua.procedures.queries import catalogue
from motcua.ui.routing import set_database_actor

MARRIAGE = "1.000894"


def build(world: World, account: Account, *, at: datetime) -> dict[str, Any]:
    """Write them through the operations; return the words that stand in addresses."""
    one = next(it for it in source.shipped() if it.procedure == BIRTH)
    publishing.publish(
        procedure_id=Procedure.objects.get(code=BIRTH).pk, case="", schema=schema_of(one.form), code=one.code,
        source="project", in_force_from=timezone.localdate(at), actor=SYSTEM, at=at, key="",
    )  # fmt: skip
    own = acting.who_may_act(account.pk, at)[0]
    who = Actor(
        kind="applicant",
        account_id=account.pk,
        name=account.full_name,
        for_applicant=own.applicant_id,
        level=2,
    )
    old = application(world, who, at, "old", MARRIAGE)
    replace(MARRIAGE, day=timezone.localdate(at), at=at)
    begun, whole, sent, wrong = (application(world, who, at, str(n)) for n in range(4))
    for row in (whole, sent, wrong):
        fill(row, who, at)
    refused = Dossier.objects.get(pk=_sent(wrong, who, at))
    attempt(
        world, "refuse", "minh", refused, at, reason="Trẻ đã có giấy khai sinh ở nơi khác.",
        where_to_turn="UBND phường Hải An, nơi đã đăng ký.",
    )  # fmt: skip
    dossier = Dossier.objects.get(pk=_sent(sent, who, at))
    attempt(world, "request_supplement", "minh", dossier, at)
    set_database_actor(SYSTEM)
    needed = next(one for one in queries.slots(begun, actor=who, on=timezone.localdate(at)) if one.needed)
    return {
        "application": begun.pk, "application_old": old.pk, "application_whole": whole.pk,
        "application_paper": needed.number,
        "online_dossier": dossier.code, "online_refused": refused.code, "application_answer": begun.answer_id,
        "online_paper": dossier.papers.order_by("issued_at").values_list("pk", flat=True).last(),
    }  # fmt: skip


def _sent(row: Application, who: Actor, at: datetime) -> Any:
    done = handing_in.hand_in(application_id=row.pk, actor=who, at=at)
    set_database_actor(SYSTEM)
    assert done.became is not None
    return done.became


def replace(code: str, *, day: date, at: datetime) -> ProcedureVersion:
    """Bring a new version of a procedure into force that says the same."""
    now = catalogue.open_version(code, day)
    draft = editing.start_draft(procedure_id=now.procedure_id, based_on=now.pk, actor=SYSTEM, at=at)
    return versions.publish(
        version_id=draft.pk, in_force_from=day, decision_number="15/QĐ-UBND", decision_date=day, actor=SYSTEM, at=at
    )  # fmt: skip


def application(world: World, who: Actor, at: datetime, key: str, code: str = BIRTH) -> Application:
    """Begin an application of one's own."""
    variant = queries.offer(code, timezone.localdate(at)).variants[0]
    assert who.for_applicant is not None
    return drafting.begin(
        code=code, variant_id=variant.pk, agency_id=world.home.pk, applicant_id=who.for_applicant, actor=who, at=at,
        key=f"rows-{key}",
    )  # fmt: skip


def fill(row: Application, who: Actor, at: datetime) -> None:
    """Put everything to an application that it needs."""
    assert row.answer is not None
    answer, row.answer = (
        row.answer,
        answering.begin(definition_id=row.answer.definition_id, values=birth(), actor=who, at=at, key=""),
    )
    row.save(update_fields=["answer"])
    answer.delete()
    answering.finish(answer_id=row.answer.pk, actor=who, at=at, key="")
    for slot in queries.slots(row, actor=who, on=timezone.localdate(at)):
        if slot.needed:
            drafting.add_file(
                application_id=row.pk, number=slot.number, stream=io.BytesIO(pdf(pages=1)), filename="giay.pdf",
                actor=who, at=at,
            )  # fmt: skip
    drafting.set_contact(
        application_id=row.pk, result_channel="electronic", return_address="", phone="0912345678", email="", actor=who,
        at=at, key=f"rows-contact-{row.pk}",
    )  # fmt: skip
