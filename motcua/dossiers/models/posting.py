"""Posting: how one dossier is posted in public while its step of posting lasts; the newest decision counts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.dossiers.models.dossier import Dossier
from motcua.dossiers.models.task import Task
from motcua.lib.ids import uuid7


class HowPosted(models.TextChoices):
    """What the list on the wall says of a dossier."""

    NAMED = "named", _("Niêm yết, nêu tên")
    UNNAMED = "unnamed", _("Niêm yết, không nêu tên")
    NOT = "not", _("Không niêm yết")


class Posting(models.Model):
    """One decision on one posting, with its reason where a name or the whole dossier is kept off the wall.

    Append-only: who decides anew writes another row. Without a row nothing of the dossier is on the list.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "reason": "why somebody is not named in public; kept with the dossier, shown to its officers only"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="postings")
    how = models.CharField(max_length=8, choices=HowPosted.choices)
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)  # position

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["named", "unnamed", "not"]) & (Q(how="named") | ~Q(reason="")),
                name="posting_says_why_not",
            )
        ]
        indexes = [models.Index(fields=["task", "-id"], name="posting_newest")]
