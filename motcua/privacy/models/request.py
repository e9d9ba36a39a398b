"""DataRequest: what somebody asks about the data held of them, with its two clocks and what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Position
from motcua.applicants.models import Applicant
from motcua.dossiers.models import Dossier
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7
from motcua.privacy.states import NAMES, STATES, State


class Identity(models.TextChoices):
    """How the person proved who they are. A slip alone opens one dossier, numbers hidden; it erases nothing.

    Who signed in with an electronic identity of level 2 counts as seen with their card (Nghị định 69/2024/NĐ-CP).
    """

    SLIP = "slip"
    CARD = "card"
    EID = "eid"


class DataRequest(models.Model):
    """One request. `about` is the dossier it came with; with a slip alone it covers that dossier alone.

    `copy` is what a request to see was answered with, and `certificate` what was erased and kept: both JSON, so that
    the sealed file can be handed out again unchanged until `copy_until`; then they are emptied and the hash stays.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "applicant": "who asks; kept as proof that the request was answered in time",
        "wants": "in the person's words; encrypted, kept with the request",
        "answer": "what they were told; encrypted, kept with the request",
        "contact_email": "to tell the person; encrypted, kept with the request",
        "contact_phone": "to tell the person; encrypted, kept with the request",
        "copy": "the copy of their data; encrypted, emptied after thirty days",
        "certificate": "what was erased and kept, in counts; kept with the request",
        "secret": "on the confirmation, to follow the request; encrypted",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    secret = EncryptedTextField(purpose="privacy.request.secret")
    secret_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=8, choices=[(one.value, name) for one, name in NAMES.items()])
    state = models.CharField(
        max_length=8, choices=[(one.value, name) for one, name in STATES.items()], default=State.NEW.value
    )
    identity = models.CharField(max_length=4, choices=Identity.choices)
    identity_seen_by = models.BigIntegerField(null=True)  # account
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    wants = EncryptedTextField(purpose="privacy.request.wants", blank=True, default="")
    contact_email = EncryptedTextField(purpose="privacy.request.email", blank=True, default="")
    contact_phone = EncryptedTextField(purpose="privacy.request.phone", blank=True, default="")

    received_at = models.DateTimeField()
    received_by = models.BigIntegerField(null=True)  # account; None: the person themselves
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    extension_reason = models.CharField(max_length=500, blank=True, default="")
    assigned_to = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)  # account
    answer = EncryptedTextField(purpose="privacy.request.answer", blank=True, default="")
    ground = models.CharField(max_length=20, blank=True, default="")  # states.GROUNDS
    copy = EncryptedTextField(purpose="privacy.request.copy", null=True)
    copy_sha256 = models.CharField(max_length=64, blank=True, default="")
    copy_until = models.DateTimeField(null=True)
    certificate = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "code"], name="data_request_code_once"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "accepted"], closed_at=None)
                | Q(state__in=["done", "refused"], closed_at__isnull=False),
                name="data_request_closed_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(ground=""), name="data_request_refused_says_why"
            ),
            models.CheckConstraint(
                condition=Q(extended_at=None, due_at=models.F("original_due_at"))
                | Q(extended_at__isnull=False) & ~Q(extension_reason=""),
                name="data_request_extended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(identity__in=["card", "eid"]) | Q(identity="slip", about__isnull=False),
                name="data_request_is_bound",
            ),
        ]
        indexes = [
            models.Index(
                fields=["home_agency", "due_at"], condition=Q(closed_at=None), name="data_request_open"
            ),
            models.Index(fields=["applicant"], name="data_request_of"),
        ]

    def __str__(self) -> str:
        return self.code
