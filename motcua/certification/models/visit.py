"""Visit: one call at the certification desk. CopiedPaper: a line of it. Signer: who signs. Payment: money by hand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Position
from motcua.applicants.models import Applicant
from motcua.certification.models.book import Volume
from motcua.dossiers.models import Dossier
from motcua.lib.ids import uuid7


class Visit(models.Model):
    """What the desk adds to a dossier: the sum to pay, and a leader's word when something must be put right.

    How far it is is not kept here: the dossier's status and result say it. `version` grows with each correction, so
    that nobody approves what they did not see.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "sent_back_reason": "a leader's remark on the papers; kept with the dossier"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="certification_visits")
    kind = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()  # owed in whole đồng, after exemption
    sent_back_at = models.DateTimeField(null=True)
    sent_back_reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "dossier"], name="certification_visit_once"),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_reason="")
                | (Q(sent_back_at__isnull=False) & ~Q(sent_back_reason="")),
                name="certification_sent_back_says_why",
            ),
        ]
        indexes = [models.Index(fields=["home_agency", "-received_at", "-id"], name="certification_newest")]


class CopiedPaper(models.Model):
    """One paper whose copies, or the signatures on it, are certified: one number in the book for all its copies here.

    `copies`: how many of it. `pages` (of the original) counts for copies only and is 1 for signatures; languages are
    said of translations only.

    A number is never given twice and never goes away: what was not done stays in the book as void with its reason.
    The database refuses to delete the row or to change its number.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "name": "which paper was copied; in the book for as long as the law keeps it",
        "void_reason": "why a number was not used; in the book",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    pages = models.PositiveSmallIntegerField()
    copies = models.PositiveSmallIntegerField()
    fee = models.PositiveBigIntegerField()
    from_language = models.CharField(max_length=40, blank=True, default="")
    to_language = models.CharField(max_length=40, blank=True, default="")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "kind", "year", "number"], name="certification_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, pages__gte=1, copies__gte=1), name="certification_paper_counts"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="", voided_by__isnull=True)
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="certification_void_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="translator") | (~Q(from_language="") & ~Q(to_language="")),
                name="certification_translation_says_languages",
            ),
            models.CheckConstraint(
                condition=Q(kind="copy") | Q(pages=1), name="certification_pages_of_copies_only"
            ),
        ]


class Signer(models.Model):
    """Who signed before the officer; all who sign the papers of one visit, in the order they are named in the words.

    The name is kept as it stood on the paper shown that day; the paper's number stands with the person. Append-only:
    a wrong signer is put right by voiding the numbers and taking the visit in anew.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "applicant": "whose signature it is; in the book for as long as the law keeps it",
        "name": "the signer's name on the day; in the book for as long as the law keeps it",
        "fingerprint": "that the person could not sign and put a finger's print; stands in the words",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="signers")
    place = models.PositiveSmallIntegerField()
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    fingerprint = models.BooleanField(default=False)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "visit", "place"], name="certification_signer_place_once"
            ),
            models.UniqueConstraint(
                fields=["home_agency", "visit", "applicant"], name="certification_signer_once"
            ),
        ]


class Payment(models.Model):
    """Money marked as taken, or as given back, by hand until payments come. Append-only; never corrected."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="payments")
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="certification_payment_not_nothing")
        ]
        indexes = [models.Index(fields=["home_agency", "at"], name="certification_paid_on")]
