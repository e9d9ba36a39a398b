"""Reads: definitions by procedure and day, answers by their link, how an answer stands."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.eforms.engine import answers, conditions
from motcua.eforms.engine.model import Form, Signer, Values
from motcua.eforms.engine.schema import form_of
from motcua.eforms.models import (
    Confirmation,
    FormAnswer,
    FormApproval,
    FormDefinition,
    FormDraft,
    ResumeLink,
    State,
)
from motcua.lib import lookup
from motcua.lib.refusal import NotFound
from motcua.procedures.models import Procedure

# ── Definitions


@lru_cache(maxsize=128)
def _form(digest: str, schema: str) -> Form:
    return form_of(json.loads(schema))


def form(definition: FormDefinition) -> Form:
    """Return the questions of a definition; read once a process."""
    return _form(definition.digest, json.dumps(definition.schema))


def definition_on(procedure_code: str, on: date, *, case: str = "") -> FormDefinition | None:
    """Return the definition that holds on a day for a procedure and case; a case without one has its procedure's."""
    found = [one for one in definitions_on(procedure_code, on) if one.case in {case, ""}]
    return max(found, key=lambda one: one.case == case, default=None)


def definitions_on(procedure_code: str, on: date) -> list[FormDefinition]:
    """Return the definitions of a procedure that hold on a day, one for each case."""
    rows = FormDefinition.objects.filter(procedure__code=procedure_code, in_force_from__lte=on)
    found = rows.select_related("procedure").order_by("case")
    return [one for one in found if one.in_force_to is None or on < one.in_force_to]


def definition(pk: int) -> FormDefinition:
    """Return one definition, or raise NotFound."""
    found = FormDefinition.objects.select_related("procedure").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không có biểu mẫu này."))
    return found


def definitions_of(procedure: Procedure) -> list[FormDefinition]:
    """Return every definition of a procedure, the newest first in each case."""
    return list(FormDefinition.objects.filter(procedure=procedure).order_by("case", "-number"))


def offered(procedure_code: str, on: date) -> bool:
    """Tell whether a procedure has an electronic form today."""
    return bool(definitions_on(procedure_code, on))


# ── Drafts


def open_drafts(procedure: Procedure) -> list[FormDraft]:
    """Return the forms of a procedure that are being made."""
    rows = FormDraft.objects.filter(procedure=procedure, definition=None)
    return list(rows.select_related("procedure", "saved_by").order_by("case"))


def draft(procedure_id: int, pk: int) -> FormDraft:
    """Return a draft of a procedure, or raise NotFound."""
    rows = FormDraft.objects.select_related("procedure", "based_on", "saved_by", "definition")
    found = rows.filter(pk=pk, procedure_id=procedure_id).first()
    if found is None:
        raise NotFound(_("Bản nháp này không còn: đã có người bỏ. Hãy mở lại danh sách tờ khai."))
    return found


def in_force(found: FormDraft) -> FormDefinition | None:
    """Return the latest published form of a draft's procedure and case, the one it would replace."""
    rows = FormDefinition.objects.filter(procedure=found.procedure_id, case=found.case)
    own = rows.exclude(pk=found.definition_id) if found.definition_id else rows
    return own.order_by("-number").first()


def waiting(found: FormDraft) -> FormApproval | None:
    """Return the open request for a draft."""
    return found.approvals.select_related("asked_by", "asked_agency").filter(outcome="").first()


def approval(procedure_id: int, pk: int) -> FormApproval:
    """Return a request, or raise NotFound."""
    rows = FormApproval.objects.select_related(
        "draft__procedure", "draft__definition", "asked_by", "asked_agency", "decided_by"
    )
    found = rows.filter(pk=pk, draft__procedure_id=procedure_id).first()
    if found is None:
        raise NotFound(_("Không có yêu cầu duyệt này."))
    return found


def trials_of(base: FormDefinition | None) -> list[dict[str, Any]]:
    """Return the trials that were kept with a published form."""
    found = FormDraft.objects.filter(definition=base).first() if base else None
    return list(found.trials) if found else []


# ── Answers


def hash_of(token: str) -> bytes:
    """Return under what a link's secret is kept."""
    return lookup.lookup_hash(f"eforms|{token}", settings.INDEX_KEY)


def link_of(token: str, at: datetime) -> ResumeLink:
    """Return a link that still opens its answer; else say what to do."""
    rows = ResumeLink.objects.select_related("answer__definition__procedure")
    found = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise NotFound(
            _(
                "Liên kết này không đúng hoặc tờ khai đã bị xóa. Xin mở lại đúng liên kết đã lưu, hoặc khai mới."
            )
        )
    if found.revoked_at is not None or found.expires_at <= at:
        raise NotFound(
            _(
                "Liên kết này đã hết hạn hoặc đã bị thay bằng liên kết khác. Dùng liên kết mới nhất, hoặc khai mới."
            )
        )
    return found


def answer_of(token: str, at: datetime) -> FormAnswer:
    """Return the answer behind a link's secret; raises NotFound."""
    return link_of(token, at).answer


def answer(answer_id: UUID) -> FormAnswer:
    """Return an answer. The caller has made sure that the actor may see it."""
    found = FormAnswer.objects.select_related("definition__procedure").filter(pk=answer_id).first()
    if found is None:
        raise NotFound(_("Không tìm thấy tờ khai này."))
    return found


def owned_by(account_id: int) -> list[FormAnswer]:
    """Return the answers of an account that are not handed in, the latest saved first."""
    rows = FormAnswer.objects.filter(owner_id=account_id).exclude(state=State.HANDED_IN)
    return list(rows.select_related("definition__procedure").order_by("-saved_at"))


def by_mark(text: str) -> list[FormAnswer]:
    """Return the answers whose last finished content has this printed mark."""
    letters = "".join(one for one in text.upper() if one.isalnum())
    mark = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    return list(FormAnswer.objects.filter(mark=mark).select_related("definition__procedure"))


def values_of(found: FormAnswer) -> Values:
    """Return what was filled in so far."""
    values: Any = json.loads(found.values or "{}")
    return values if isinstance(values, dict) else {}


def content_of(found: FormAnswer) -> Values:
    """Return what would be handed in: asked and answered."""
    return answers.clean(form(found.definition), values_of(found), on=day_of(found))


def day_of(found: FormAnswer) -> date:
    """Return the day by which ages and "today" count: the last change, so that a finished content stays as it is."""
    return timezone.localdate(found.saved_at)


def digest_of(found: FormAnswer) -> str:
    """Return the digest of the present content."""
    return answers.digest(found.definition.digest, content_of(found))


# ── How it stands


@dataclass(frozen=True, slots=True)
class Asked:
    """One co-signer: who, by which link, and whether they confirmed what stands there now.

    `number`: the personal number that the declaration gives for them, "" where it gives none.
    """

    signer: Signer
    name: str
    number: str
    confirmation: Confirmation | None
    confirmed: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer with all that keeps it from being handed in."""

    answer: FormAnswer
    form: Form
    values: Values
    faults: dict[str, str]
    asked: list[Asked]
    digest: str

    @property
    def complete(self) -> bool:
        """Tell whether it can be handed in: finished, without faults, confirmed by everybody with this content."""
        return self.finished and all(one.confirmed for one in self.asked)

    @property
    def finished(self) -> bool:
        """Tell whether its writer is done with it: said so of this content, and nothing in it is wrong."""
        return self.answer.state != State.OPEN and self.answer.digest == self.digest and not self.faults


def standing(found: FormAnswer, *, on: date | None = None) -> Standing:
    """Return how an answer stands; faults are those of the day `on` (today's rules say what is in the future)."""
    questions, values = form(found.definition), values_of(found)
    digest = digest_of(found)
    faults = answers.check(questions, values, on=on or day_of(found))
    return Standing(found, questions, values, faults, _asked(found, questions, values, digest), digest)


def _asked(found: FormAnswer, questions: Form, values: Values, digest: str) -> list[Asked]:
    rows = {one.signer: one for one in found.confirmations.filter(revoked_at__isnull=True)}
    return [
        Asked(
            signer=one,
            name=str(conditions.value_at(values, one.name) or ""),
            number=_number_of(questions, values, one),
            confirmation=row,
            confirmed=bool(row and row.confirmed_at and row.digest == digest),
            stale=bool(row and row.confirmed_at and row.digest != digest),
        )
        for one in questions.signers
        if conditions.true(one.show, values, on=day_of(found))
        for row in [rows.get(one.key)]
    ]


def _number_of(questions: Form, values: Values, one: Signer) -> str:
    """Return the personal number beside a signer's name: of the fields that begin as the name's does."""
    who = one.name.removesuffix("_name")
    for _section, field in questions.fields():
        value = values.get(field.key)
        if (
            field.key.startswith(f"{who}_")
            and field.source == "identity.personal_id"
            and isinstance(value, str)
        ):
            return value
    return ""


def confirmation_of(token: str, at: datetime) -> Confirmation:
    """Return the invitation behind a co-signer's secret; else say what to do."""
    rows = Confirmation.objects.select_related("answer__definition__procedure")
    found = rows.filter(token_hash=hash_of(token)).first()
    if found is None or found.revoked_at is not None or found.expires_at <= at:
        raise NotFound(
            _("Liên kết này không đúng, đã hết hạn hoặc đã bị thu lại. Hỏi người gửi để có liên kết mới.")
        )
    return found
