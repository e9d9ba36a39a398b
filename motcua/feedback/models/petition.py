"""Petition: feedback or a recommendation (phản ánh, kiến nghị) with its clocks, its messages, its publication."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency, Position
from motcua.base.files.models import StoredFile
from motcua.feedback.models.rating import Score
from motcua.feedback.states import ENDED, About, Ground, Kind, State
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7

MOST_TEXT = 5000


class Petition(models.Model):
    """What somebody wrote to an agency, and how far the agency is with it. What was written never changes.

    The sender may stay unknown. Whoever has the token (`token_hash`) or code and secret (`secret_hash`) reads and
    answers it without log-in: row-level security lets exactly that row through. `concerns_account` is the officer whom
    it is about, once somebody who sorted it said so: that officer neither reads nor handles it.

    `home_agency` is the agency it was sent to, whose code it keeps; `at_agency` the one that has it now, since
    `came_at`, and by which its clocks run. Those that had it and passed it on stand in `passed_by`: they go on reading.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "sender_name": "who wrote, if they said so; removed after the span of retention",
        "phone": "to ask or tell the sender, if given; encrypted; removed after the span of retention",
        "email": "to tell the sender, if given; encrypted; removed after the span of retention",
        "text": "what the sender wrote, who may name people; kept with the answer as the agency's record",
        "whom": "whom it is about, in the sender's words; kept as the text",
        "answer": "what the agency answered, which may repeat the sender's words",
        "concerns_account": "the officer it is about, who is kept away from it",
        "assigned_to": "employment",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    came_at = models.DateTimeField()
    passed_by = ArrayField(models.BigIntegerField(), default=list)
    code = models.CharField(max_length=60)
    token = EncryptedTextField(purpose="feedback.petition.token")
    token_hash = models.BinaryField(max_length=32)
    secret = EncryptedTextField(purpose="feedback.petition.secret")
    secret_hash = models.BinaryField(max_length=32)
    about = models.CharField(max_length=10, choices=About.choices)
    dossier_code = models.CharField(max_length=60, blank=True, default="")
    holder = models.BooleanField(default=False)  # the sender proved to hold the dossier's slip
    whom = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(max_length=MOST_TEXT)
    sender_name = models.CharField(max_length=120, blank=True, default="")
    phone = EncryptedTextField(purpose="feedback.petition.phone", null=True)
    email = EncryptedTextField(purpose="feedback.petition.email", null=True)
    may_publish = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField()
    refuse_by = models.DateTimeField()
    ask_by = models.DateTimeField()
    due_at = models.DateTimeField()
    publish_by = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)  # [[start, end], …], ISO moments; only those that stop the clock
    assigned_to = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    concerns_account = models.BigIntegerField(null=True)
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True, choices=Score.choices)

    class Meta:
        verbose_name = _("phản ánh, kiến nghị")
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "code"], name="feedback_petition_code_once"),
            models.CheckConstraint(
                condition=Q(state__in=State.values) & Q(about__in=About.values),
                name="feedback_petition_known_words",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="feedback_petition_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ANSWERED) | ~Q(answer=""), name="feedback_petition_answered_in_words"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(ground=""), name="feedback_petition_refused_with_ground"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
                name="feedback_petition_score_of_five",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["token_hash"], name="feedback_petition_token"),
            models.Index(fields=["secret_hash"], name="feedback_petition_secret"),
            models.Index(fields=["at_agency", "state", "due_at"], name="feedback_petition_at"),
            models.Index(fields=["at_agency", "came_at"], name="feedback_petition_came"),
        ]

    def __str__(self) -> str:
        return self.code


class PetitionMessage(models.Model):
    """One thing said about a petition: the agency's question, the sender's reply, the answer, a note inside."""

    personal_data: ClassVar[dict[str, str]] = {
        "text": "what sender and agency wrote to each other; kept with the petition",
        "author_name": "employment; empty where the sender wrote",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(max_length=MOST_TEXT)
    at = models.DateTimeField()
    author_name = models.CharField(max_length=150, blank=True, default="")


class PetitionFile(models.Model):
    """A file that came with a petition or with a reply."""

    personal_data: ClassVar[dict[str, str]] = {"stored": "what the sender handed in; kept with the petition"}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")


class Publication(models.Model):
    """A petition and its answer as everybody reads them, personal data taken out; taken down, it stays as a row."""

    personal_data: ClassVar[dict[str, str]] = {"published_by": "employment", "taken_down_by": "employment"}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="publications")
    about = models.CharField(max_length=10, choices=About.choices)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=MOST_TEXT)
    answer = models.TextField()
    words = models.TextField()  # folded, for the search
    received_on = models.DateField()
    answered_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField()
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.BigIntegerField(null=True)
    taken_down_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "petition"], condition=Q(taken_down_at__isnull=True),
                name="feedback_published_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-published_at", "id"], name="feedback_publications")]

    def __str__(self) -> str:
        return self.title
