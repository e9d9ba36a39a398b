"""What a dossier points at: a person or an organization, exactly one of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.applicants.models.organization import Organization
from motcua.applicants.models.person import Person
from motcua.lib.ids import uuid7


class ApplicantKind(models.TextChoices):
    """The two kinds of applicants (cá nhân, tổ chức)."""

    PERSON = "person", _("Cá nhân")
    ORGANIZATION = "organization", _("Tổ chức")


class Applicant(models.Model):
    """One row per person and per organization, so that dossiers need one reference only.

    Load it through `queries`, which join the person and the organization: `name` and `address` read them.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    not_personal: ClassVar[frozenset[str]] = frozenset({"id", "kind", "person", "organization"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=ApplicantKind.choices)
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="applicant"
    )
    organization = models.OneToOneField(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="applicant"
    )

    class Meta:
        verbose_name = _("chủ hồ sơ")
        constraints = [
            models.CheckConstraint(
                name="applicants_applicant_exactly_one",
                condition=Q(kind="person", person__isnull=False, organization__isnull=True)
                | Q(kind="organization", person__isnull=True, organization__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> Person | Organization:
        """The person or the organization."""
        found = self.person or self.organization
        assert found is not None  # held by the database
        return found

    @property
    def name(self) -> str:
        return str(self.party)

    @property
    def address(self) -> str:
        return self.party.address or ""

    @property
    def phone(self) -> str:
        return self.party.phone or ""

    @property
    def sort_key(self) -> str:
        return self.party.sort_key
