"""FormDefinition, FormDraft, FormApproval, FormAnswer, ResumeLink, Confirmation, Beginning.

An answer belongs to no agency before it is handed in with a dossier, so it carries no home agency and no row-level
security: it is reached by the secret of a link or by its owner's account alone, and its contents are encrypted.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7
from motcua.procedures.models import Procedure
from motcua.procedures.models.words import Outcome

VALUES = "eforms.answer.values"
RESUME = "eforms.link.token"
COSIGN = "eforms.confirmation.token"


class FormDefinition(models.Model):
    """The questions of a procedure (and case: "" is every case) that hold from one day to the day before another.

    `schema` is JSON Schema with hints (`engine.schema`); `digest` its SHA-256: same digest, same questions. A published
    definition never changes (the database refuses); an answer pins the one it was begun under.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="form_definitions")
    case = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40, blank=True)  # of the written form it came from ("HT-001")
    title = models.CharField(max_length=300)
    schema = models.JSONField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=100)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["procedure_id", "case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "case", "number"], name="eforms_definition_number_unique"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")),
                name="eforms_definition_days_in_order",
            ),
            ExclusionConstraint(
                name="eforms_definition_no_overlap",
                expressions=[
                    (F("procedure"), RangeOperators.EQUAL),
                    (F("case"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("in_force_from"), F("in_force_to"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.case} #{self.number}"


class FormDraft(models.Model):
    """A form that is being made in the browser, one at a time for a procedure and case; `definition` once published.

    `content` is the form as a table (`tables`), `trials` the made-up answers with what must come of them (`trials`).
    `changed` says by path at which revision an element was saved last, and by whom, so that the second of two
    administrators is told what the first one changed. A published draft never changes (the database refuses).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "begun_by": "the administrator who began it",
        "saved_by": "the administrator who saved last",
        "changed": "names of the administrators who saved each part",
    }

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="form_drafts")
    case = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40, blank=True)
    content = models.JSONField()
    trials = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed = models.JSONField(default=dict, blank=True)
    based_on = models.ForeignKey(
        FormDefinition, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    definition = models.OneToOneField(
        FormDefinition, null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["procedure_id", "case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "case"], condition=Q(definition=None), name="eforms_one_open_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.case} @{self.revision}"


class FormApproval(models.Model):
    """A request that a second person publishes a draft from a day on, bound to its content by `digest`.

    The database refuses a decision by who asked, and two open requests for one draft (as `procedures.Approval`).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "asked_by": "the administrator who asked",
        "decided_by": "the person who approved or returned",
    }

    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="approvals")
    day = models.DateField()
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    asked_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(outcome=""), name="eforms_approval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "withdrawn"]) | ~Q(decided_by=F("asked_by")),
                name="eforms_approval_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | (~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="eforms_approval_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.day} {self.outcome}"


class State(models.TextChoices):
    """How far an answer is."""

    OPEN = "open", _("Đang khai")
    FINISHED = "finished", _("Đã khai xong")
    HANDED_IN = "handed_in", _("Đã nộp")


class FormAnswer(models.Model):
    """What somebody filled in so far.

    `values` is JSON text; `sources` says by path where a value came from; `changed` by path at which revision it was
    saved last, and by which open page, so that a second device is told what it would write over. `digest` and `mark`
    are those of the content as it was finished last.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "values": "what the declaration asks: names, numbers, addresses; encrypted, and removed unless handed in",
        "owner": "whose account began it",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="answers")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    values = EncryptedTextField(purpose=VALUES)
    sources = models.JSONField(default=dict, blank=True)
    changed = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=24, blank=True, db_index=True)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="eforms_answer_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.OPEN) | ~Q(digest=""), name="eforms_answer_finished_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ResumeLink(models.Model):
    """A secret address under which an answer is gone on with, on any device, until it expires or is revoked."""

    personal_data: ClassVar[dict[str, str]] = {}

    answer = models.ForeignKey(FormAnswer, on_delete=models.CASCADE, related_name="links")
    token = EncryptedTextField(purpose=RESUME)
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class Confirmation(models.Model):
    """Somebody else is asked to confirm an answer, by a secret link; `digest` is the content they confirmed.

    It counts only while the answer has that same content. `account` and `level` say who signed in to confirm; without
    them whoever had the link confirmed, which proves nobody's identity.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "account": "who signed in to confirm; goes with the declaration"
    }

    answer = models.ForeignKey(FormAnswer, on_delete=models.CASCADE, related_name="confirmations")
    signer = models.CharField(max_length=40)  # key of the definition's signer
    token = EncryptedTextField(purpose=COSIGN)
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "signer"],
                condition=Q(revoked_at__isnull=True),
                name="eforms_one_link_a_signer",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | ~Q(digest=""), name="eforms_confirmed_has_digest"
            ),
            models.CheckConstraint(
                condition=Q(level=0) | Q(account__isnull=False, confirmed_at__isnull=False),
                name="eforms_level_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.signer}"


class Beginning(models.Model):
    """One declaration that a visitor began from an address, so that one of them does not fill the table.

    Of the address only a keyed hash is kept that is another one each day; rows of yesterday go with the next one.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "who": "keyed hash of network address and day, so that one visitor does not take everything; kept for a day"
    }

    who = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who", "at"], name="eforms_beginnings")]

    def __str__(self) -> str:
        return str(self.pk)
