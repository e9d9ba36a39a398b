"""Result: what was decided, by whom, and how it reached the applicant."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Position
from motcua.dossiers import words
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7


class Result(models.Model):
    """Drafted, approved, issued, returned. Until signatures come, the hand-signed paper is scanned in."""

    personal_data: ClassVar[dict[str, str]] = {
        "content": "the draft decision; kept with the dossier",
        "returned_to": "who took the result; proof of return, kept with the dossier",
        "returned_paper": "identity paper shown at return; encrypted elsewhere, here only its kind",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result")
    kind = models.CharField(max_length=8, choices=words.ResultKind.choices)
    name = models.CharField(max_length=500)
    type_code = models.CharField(max_length=24, blank=True, default="")  # KQ.Gxx.nnnnnn
    content = models.TextField(blank=True, default="")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, blank=True, default="")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    returned_to = models.CharField(max_length=300, blank=True, default="")
    returned_paper = models.CharField(max_length=120, blank=True, default="")
    returned_channel = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(approved_at__isnull=False) & ~Q(number=""),
                name="result_issued_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(issued_at__isnull=False) & ~Q(returned_to=""),
                name="result_returned_was_issued",
            ),
        ]
