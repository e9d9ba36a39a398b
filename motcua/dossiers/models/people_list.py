"""PeopleList: one procedure for many people from a spreadsheet. ListRow: one of them, until it is a dossier."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7
from motcua.procedures.models import ProcedureVariant


class PeopleList(models.Model):
    """A spreadsheet as it was read: which column is what, for which procedure. The file itself is not kept."""

    personal_data: ClassVar[dict[str, str]] = {
        "file_name": "as the school or company named it; kept with the dossiers made of it"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    competent_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(ProcedureVariant, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField()
    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=80)
    headers = models.JSONField()  # the words over the columns
    columns = models.JSONField()  # place of the column by field
    remarks = models.JSONField()  # what was seen about the whole sheet
    uploaded_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "variant", "sha256"],
                condition=Q(given_up_at__isnull=True),
                name="people_list_once",
            ),
        ]
        indexes = [models.Index(fields=["home_agency", "-uploaded_at", "-id"], name="people_list_newest")]


class ListRow(models.Model):
    """One line of the sheet: its cells, what is wrong with it, the dossier it became."""

    personal_data: ClassVar[dict[str, str]] = {
        "cells": "what the sheet says of one person; encrypted, emptied once there is a dossier or after 30 days",
        "problems": "may quote a cell that is wrong; emptied with the cells",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    people = models.ForeignKey(PeopleList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as in the sheet
    cells = EncryptedTextField(purpose="dossiers.list_row.cells")
    problems = EncryptedTextField(purpose="dossiers.list_row.problems", blank=True, default="")
    good = models.BooleanField()
    became = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "people", "number"], name="list_row_once"),
        ]
        indexes = [
            models.Index(
                fields=["people", "number"],
                condition=Q(good=True, became__isnull=True),
                name="list_row_waits",
            ),
        ]
