"""An organization or business that applies."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7

PHONE = "applicants.organization.phone"
_KEPT = "kept as long as a dossier of the organization is kept"


class Organization(models.Model):
    """An applicant that is not a person, found again by its tax code.

    Only what names people or reaches one of them is personal here. A body without a tax code says why.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "legal_representative": f"name of the person who signs for it; {_KEPT}",
        "phone": f"often the mobile number of one employee; encrypted; {_KEPT}",
        "phone_index": f"keyed hash of the phone; {_KEPT}",
        "email": f"often the address of one employee; encrypted; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "name",
            "search_text",
            "search_vector",
            "sort_key",
            "tax_code",
            "no_tax_code_reason",
            "address",
        }
        | {"registered_at", "updated_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("tên tổ chức"), max_length=300)
    search_text = models.CharField(max_length=400, editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    sort_key = models.CharField(max_length=1300, editable=False)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, null=True, blank=True, unique=True)
    no_tax_code_reason = models.CharField(
        _("lý do không có mã số thuế"), max_length=300, blank=True, default=""
    )
    legal_representative = models.CharField(
        _("người đại diện theo pháp luật"), max_length=120, blank=True, default=""
    )
    phone = EncryptedTextField(_("điện thoại"), purpose=PHONE, null=True, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True, db_index=True)
    email = EncryptedTextField(
        _("thư điện tử"), purpose="applicants.organization.email", null=True, blank=True
    )
    address = models.CharField(_("địa chỉ trụ sở"), max_length=400, blank=True, default="")
    registered_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tổ chức")
        constraints = [
            models.CheckConstraint(
                name="applicants_organization_is_identified",
                condition=(Q(tax_code__isnull=False) & ~Q(tax_code="")) | ~Q(no_tax_code_reason=""),
            ),
            models.CheckConstraint(
                name="applicants_organization_phone_and_index",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
            models.CheckConstraint(name="applicants_organization_has_name", condition=~Q(name="")),
        ]
        indexes = [GinIndex(fields=["search_vector"], name="applicants_org_words")]

    def __str__(self) -> str:
        return self.name
