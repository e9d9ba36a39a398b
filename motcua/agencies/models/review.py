"""AccessReview: every half year each agency's leaders look at who holds what. ReviewItem: one position, one answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.agency import Agency
from motcua.agencies.models.position import Position


class AccessReview(models.Model):
    """One round over the whole installation; at most one is open."""

    personal_data: ClassVar[dict[str, str]] = {}

    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("closed_at"),
                condition=Q(closed_at=None),
                name="agencies_one_open_review",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%m/%Y}"


class Answer(models.TextChoices):
    """What was said of one position."""

    NONE = "", _("Chưa trả lời")
    KEEP = "keep", _("Giữ")
    END = "end", _("Kết thúc")
    GONE = "gone", _("Đã kết thúc trước đó")


class ReviewItem(models.Model):
    """One position as it stood when the round was opened, and what its agency's leader said of it."""

    personal_data: ClassVar[dict[str, str]] = {
        "note": "employment", "title": "employment", "answered_by": "employment",
    }  # fmt: skip

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="items")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    unit_name = models.CharField(max_length=250)
    roles = models.JSONField()
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="agencies_reviewed_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="agencies_review_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "agency", "id"], name="agencies_review_list"),
            models.Index(fields=["review", "id"], condition=Q(answer=""), name="agencies_review_open"),
        ]
