"""Who stands in for whom while somebody is away."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.dated import Dated, ends_after_start, never_two_at_once
from motcua.agencies.models.position import Position


class DelegationState(models.TextChoices):
    """Where a delegation stands; what holds today also depends on its dates."""

    WAITING = "waiting", _("Chờ duyệt")
    AGREED = "agreed", _("Có hiệu lực")
    REFUSED = "refused", _("Không được duyệt")
    ENDED = "ended", _("Đã kết thúc")


class Delegation(Dated):
    """From a day until another, the person of one position does the work of another position in its name.

    `procedures` are codes of the catalogue; none means all work. A refused or ended one keeps its row: history
    names it. The stand-in never gets more than the position stood in for holds on the day.
    """

    personal_data: ClassVar[dict[str, str]] = {"reason": "employment: why somebody is away"}

    from_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="delegations")
    to_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="stands_in")
    procedures = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=DelegationState.choices)
    made_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ends_after_start("agencies_delegation_ends_after_start"),
            models.CheckConstraint(
                name="agencies_delegation_other", condition=~Q(from_position=F("to_position"))
            ),
            models.CheckConstraint(name="agencies_delegation_has_end", condition=Q(valid_to__isnull=False)),
            never_two_at_once("agencies_delegation_one_for_all", "from_position", condition=Q(procedures=[])),
        ]
        indexes = [models.Index(fields=["to_position", "valid_to"], name="agencies_stand_in")]
