"""HallTicket: with which number of the hall somebody came for a dossier."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.counters.models import Ticket
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7


class HowJoined(models.TextChoices):
    """By which act a ticket and a dossier came together: one at the counter that was serving it, or by hand."""

    SUBMIT = "submit", _("Khi nộp hồ sơ")
    ACCEPT = "accept", _("Khi tiếp nhận")
    REFUSE = "refuse", _("Khi từ chối tiếp nhận")
    SUPPLEMENT = "receive_supplement", _("Khi nhận bổ sung")
    WITHDRAW = "withdraw", _("Khi rút hồ sơ")
    RETURN = "return_result", _("Khi trả kết quả")
    HAND = "hand", _("Gắn bằng tay")


class HallTicket(models.Model):
    """A dossier knows its tickets, never the other way round. One ticket may bring several dossiers, and a dossier
    sees several: somebody hands it in, brings what was missing, fetches the result.

    A ticket joined by mistake is taken off: the row stays with the moment.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="hall_tickets")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20, choices=HowJoined.choices)
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "dossier", "ticket"],
                condition=Q(removed_at=None),
                name="hall_ticket_once",
            )
        ]
