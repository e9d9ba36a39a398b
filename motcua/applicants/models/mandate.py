"""Mandates: for whom somebody with an account may act besides themself, by what proof, until when, who confirmed it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.accounts.models import Account
from motcua.agencies.models import Agency
from motcua.applicants.models.applicant import Applicant
from motcua.base.files.models import StoredFile
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7

_KEPT = "kept as long as a dossier handed in under the mandate is kept"


class MandateKind(models.TextChoices):
    """By what right somebody acts for another (Bộ luật Dân sự 2015, điều 134–140)."""

    CHILD = "child", _("Con chưa thành niên")
    PARENT = "parent", _("Cha, mẹ hoặc người thân ủy quyền")
    BUSINESS = "business", _("Doanh nghiệp, hộ kinh doanh, tổ chức")


class MandateState(models.TextChoices):
    """Where a mandate stands. Whether a confirmed one holds today is told by its days."""

    ASKED = "asked", _("Chờ xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    REFUSED = "refused", _("Không xác nhận")
    REVOKED = "revoked", _("Đã chấm dứt")


class Mandate(models.Model):
    """One right of one account to act for one applicant.

    What was asked (`name`, `number`, `birth_date`) stays apart from the applicant until an officer looked at the proof:
    a citizen learns nothing of who stands under a number they typed. `valid_until` is the last day.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "account": f"who acts; {_KEPT}",
        "applicant": f"for whom; {_KEPT}",
        "name": f"for whom, as asked; encrypted; {_KEPT}",
        "number": f"personal number or tax code, as asked; encrypted; {_KEPT}",
        "birth_date": f"tells a child from an adult; {_KEPT}",
        "proof": f"the paper that shows the right; {_KEPT}",
        "reason": f"why it was refused or ended; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset({
        "id", "kind", "state", "agency", "asked_at", "answered_by", "answered_at", "valid_from",
        "valid_until", "ended_by", "ended_at",
    })  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(max_length=10, choices=MandateKind.choices)
    state = models.CharField(max_length=10, choices=MandateState.choices, default=MandateState.ASKED)
    name = EncryptedTextField(purpose="applicants.mandate.name")
    number = EncryptedTextField(purpose="applicants.mandate.number")
    birth_date = models.DateField(null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Applicant, null=True, on_delete=models.PROTECT, related_name="mandates")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("quyền làm thay")
        constraints = [
            models.CheckConstraint(
                name="applicants_mandate_confirmed_whole",
                condition=~Q(state="confirmed")
                | Q(applicant__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                & Q(valid_from__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="applicants_mandate_ended_says_when",
                condition=Q(state="revoked", ended_at__isnull=False, ended_by__isnull=False)
                | ~Q(state="revoked") & Q(ended_at=None, ended_by=None),
            ),
            models.CheckConstraint(
                name="applicants_mandate_days",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="applicants_mandate_not_confirmed_by_itself",
                condition=Q(answered_by=None) | ~Q(answered_by=F("account")),
            ),
            models.UniqueConstraint(
                name="applicants_one_mandate", fields=["account", "applicant"], condition=Q(state="confirmed")
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "asked_at"], name="applicants_mandate_waiting")]
