"""Dossier: one request for one administrative procedure, and the codes other systems gave it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Upper

from motcua.agencies.models import Agency, Point, Unit
from motcua.applicants.models import Applicant
from motcua.base.calendars.models import Calendar
from motcua.dossiers import states, words
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7
from motcua.procedures.models import FeeExemption, ProcedureVariant, ProcedureVersion
from motcua.workflow.models import WorkflowVersion

# The three states in which the legal clock stands still (states.PAUSED).
_PAUSED = Q(status=6) | Q(status=5, sub_status="") | Q(status=8, sub_status="suspended")

# The five ends of a dossier (states.FINAL).
CLOSED = Q(status__in=(3, 7, 10)) | Q(status=8, sub_status="stopped")

# What the receiving centre keeps lists of: to be checked, to be supplemented, to be handed over.
WAITING_AT_HOME = (1, 5, 9)


class Dossier(models.Model):
    """One request, pinned to the procedure and workflow versions it was received under.

    `home_agency` issued the code and never changes, not even when agencies merge. `competent_agency` decides,
    `received_point` took the papers in, `owner_unit` answers now: four different questions (one-stop.md §1.8).
    `due_at` is what the slip says and what lateness is judged by; `original_due_at` never changes. `version`
    grows with each act, so that of two officers exactly one wins.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "summary": "what the applicant asks for; kept with the dossier (Luật Lưu trữ 33/2024)",
        "contact_phone": "to call the applicant; encrypted, kept with the dossier",
        "contact_email": "to write to the applicant; encrypted, kept with the dossier",
        "return_address": "where the post brings the result; encrypted, kept with the dossier",
        "authority": "proof of authority of a representative; kept with the dossier",
        "search_text": "folded names and code, for search by officers",
        "found_by": "keyed hashes of phone, e-mail and addresses, for exact search by officers",
        "post_sender": "who sent the dossier by post; kept with the dossier",
        "secret": "printed on the slip; encrypted",
        "token": "in the QR of the slip; encrypted",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    competent_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    received_point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    helped_point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    owner_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # Whoever holds one of these agencies may see the row; row-level security reads this column.
    visible_to = ArrayField(models.BigIntegerField())

    procedure_version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(ProcedureVariant, on_delete=models.PROTECT, related_name="+")
    workflow_version = models.ForeignKey(WorkflowVersion, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12)  # procedures.Channel: in_person, online, post
    post_sender = models.CharField(max_length=200, blank=True, default="")  # as on the slip of the post
    posted_on = models.DateField(null=True)  # the date on that slip
    result_channel = models.CharField(max_length=12, choices=words.ResultChannel.choices)
    fee_exemption = models.ForeignKey(FeeExemption, null=True, on_delete=models.PROTECT, related_name="+")
    summary = models.CharField(max_length=1000)
    copies = models.PositiveSmallIntegerField(default=1)

    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    submitter = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    representative = models.ForeignKey(Applicant, null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=300, blank=True, default="")
    applicant_name = models.CharField(max_length=300)  # as received; the person may change it later
    contact_phone = EncryptedTextField(purpose="dossiers.dossier.contact_phone", blank=True, default="")
    contact_email = EncryptedTextField(purpose="dossiers.dossier.contact_email", blank=True, default="")
    return_address = EncryptedTextField(purpose="dossiers.dossier.return_address", blank=True, default="")

    status = models.PositiveSmallIntegerField(choices=[(s.value, s.name.lower()) for s in states.Status])
    sub_status = models.CharField(max_length=24, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    convention = models.CharField(max_length=5)
    limit_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=16, blank=True, default="")
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # By when an answer is due: ours on completeness while 1, the applicant's own while 5 (lateness.py).
    answer_due_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    extended_due_at = models.DateTimeField(null=True)  # the date of the apology, before later pauses
    paused_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    supplement_count = models.PositiveSmallIntegerField(default=0)
    book = models.CharField(max_length=20, blank=True, default="")  # quyển số
    book_number = models.PositiveIntegerField(null=True)  # số thứ tự
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    secret = EncryptedTextField(purpose="dossiers.dossier.secret")
    token = EncryptedTextField(purpose="dossiers.dossier.token")
    secret_hash = models.BinaryField(max_length=32)  # HMAC of code and secret together
    token_hash = models.BinaryField(max_length=32)
    search_text = models.TextField()
    # Hashes of what is encrypted (search_marks); null on rows of before, until they are indexed.
    found_by = ArrayField(models.BinaryField(), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "code"], name="dossier_code_once"),
            models.UniqueConstraint(fields=["home_agency", "token_hash"], name="dossier_token_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(original_due_at__isnull=False),
                name="dossier_due_has_original",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("submitted_at")),
                name="dossier_accepted_after_submitted",
            ),
            models.CheckConstraint(
                condition=(_PAUSED & Q(paused_at__isnull=False)) | (~_PAUSED & Q(paused_at__isnull=True)),
                name="dossier_paused_shows",
            ),
        ]
        indexes = [
            models.Index(fields=["home_agency", "-submitted_at", "-id"], name="dossier_newest"),
            models.Index(fields=["competent_agency", "status", "due_at", "id"], name="dossier_by_due"),
            models.Index(
                F("home_agency"),
                F("status"),
                Coalesce("due_at", "answer_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(status__in=WAITING_AT_HOME),
                name="dossier_waits_at_home",
            ),
            # What may become late: read by the job that prepares apologies, calendar by calendar.
            models.Index(
                fields=["calendar", "due_at", "id"],
                condition=Q(finished_at__isnull=True, paused_at__isnull=True, due_at__isnull=False),
                name="dossier_running_by_due",
            ),
            # What came online or by post before there was a moment to answer by.
            models.Index(
                fields=["id"],
                condition=Q(status=1, answer_due_at__isnull=True) & ~Q(channel="in_person"),
                name="dossier_without_answer_due",
            ),
            # Received for others, and by others for us: few among many, each with a register of its own.
            models.Index(
                fields=["home_agency", "-submitted_at", "-id"],
                condition=~Q(home_agency=F("competent_agency")) & Q(parent__isnull=True),
                name="dossier_for_others",
            ),
            models.Index(
                fields=["competent_agency", "-submitted_at", "-id"],
                condition=~Q(home_agency=F("competent_agency")) & Q(parent__isnull=True),
                name="dossier_from_others",
            ),
            # What an agency closed, by when: the list of what need not be kept any longer (archive.py).
            models.Index(
                F("competent_agency"),
                Coalesce("returned_at", "finished_at").asc(),
                F("id"),
                condition=CLOSED,
                name="dossier_closed",
            ),
            models.Index(fields=["token_hash"], name="dossier_token"),
            models.Index(fields=["applicant", "-submitted_at"], name="dossier_applicant"),
            GinIndex(fields=["search_text"], name="dossier_search", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["visible_to"], name="dossier_visible"),
            GinIndex(fields=["found_by"], name="dossier_found_by"),
            models.Index(fields=["id"], condition=Q(found_by__isnull=True), name="dossier_not_indexed"),
            models.Index(fields=["book", "book_number"], name="dossier_in_register"),
            models.Index(fields=["home_agency", "book", "book_number"], name="dossier_in_book"),
        ]

    @property
    def state(self) -> states.State:
        return states.State(states.Status(self.status), states.Sub(self.sub_status))

    def __str__(self) -> str:
        return self.code


class ExternalCode(models.Model):
    """The code another system knows this dossier by (National Public Service Portal, a ministry)."""

    personal_data: ClassVar[dict[str, str]] = {}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="external_codes")
    system = models.CharField(max_length=40)
    code = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "system", "code"], name="external_code_once"),
        ]
        indexes = [models.Index(Upper("code"), name="external_code_found")]
