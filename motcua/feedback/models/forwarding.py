"""Forwarding: a petition that went from one agency to whoever is competent, or back to where it came from."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.feedback.models.petition import Petition


class Way(models.TextChoices):
    """Where it went. Stored, so codes never change."""

    INSIDE = "inside", _("chuyển đến")
    BACK = "back", _("trả lại")
    OUTSIDE = "outside", _("chuyển ra ngoài hệ thống, đến")


class Forwarding(models.Model):
    """One step of a petition's way, for good.

    It keeps the clocks of the stay that ended: they go on where the next agency gives the petition back (`undone_at`),
    and they tell whether this agency passed it on in time. `to_name` is the agency's name on that day; for one outside
    this installation all that is known of it. `gone_on` is the day on which it left, as the officer says.
    """

    personal_data: ClassVar[dict[str, str]] = {"by_account": "employment"}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="forwardings")
    way = models.CharField(max_length=8, choices=Way.choices)
    from_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=200)
    gone_on = models.DateField()
    at = models.DateTimeField()
    by_account = models.BigIntegerField()
    late = models.BooleanField()
    came_at = models.DateTimeField()
    ask_by = models.DateTimeField()
    due_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.OUTSIDE, to_agency__isnull=True)
                | Q(way__in=[Way.INSIDE, Way.BACK], to_agency__isnull=False),
                name="feedback_forwarded_somewhere",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["petition", "at"], name="feedback_forwarding_of"),
            models.Index(fields=["from_agency", "came_at"], name="feedback_forwarding_from"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.to_name}"
