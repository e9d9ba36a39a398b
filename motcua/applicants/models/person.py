"""A natural person who applies or is applied for."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7

PERSONAL_ID = "applicants.person.personal_id"
PASSPORT = "applicants.person.passport_number"
PHONE = "applicants.person.phone"

_KEPT = "kept as long as a dossier of the person is kept (Luật Lưu trữ 2024; retention of the procedure)"


class Sex(models.TextChoices):
    """As on the paper; empty in the column when no paper says it."""

    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")


class Person(models.Model):
    """One person, found again by personal number or passport; without a paper each visit is a new row.

    The number is the identity: two rows never hold the same one. `birth_date` is empty where papers say only
    the year. Names are plain because officers search them; everything else that is personal is encrypted,
    and found by keyed hash (`…_index`) where it must be found.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "full_name": f"names the applicant on every paper; {_KEPT}",
        "search_text": f"name folded for search; {_KEPT}",
        "search_vector": f"name as words for search; {_KEPT}",
        "sort_key": f"name as a key of order; {_KEPT}",
        "personal_id": f"identifies the applicant (Luật Căn cước 2023); encrypted; {_KEPT}",
        "personal_id_index": f"keyed hash of the number, to find the person again; {_KEPT}",
        "passport_number": f"identifies applicants without a personal number; encrypted; {_KEPT}",
        "passport_country": f"country of the passport; {_KEPT}",
        "passport_index": f"keyed hash of country and passport number; {_KEPT}",
        "no_paper_reason": f"why no paper was shown; {_KEPT}",
        "birth_date": f"tells people of one name apart, decides on rights by age; {_KEPT}",
        "birth_year": f"as birth_date, where only the year is known; {_KEPT}",
        "sex": f"forms of civil status ask for it; {_KEPT}",
        "phone": f"to tell the applicant how the dossier stands; encrypted; {_KEPT}",
        "phone_index": f"keyed hash, to find dossiers of a caller; {_KEPT}",
        "email": f"to tell the applicant how the dossier stands; encrypted; {_KEPT}",
        "address": f"forms and post ask for it; encrypted; {_KEPT}",
        "nationality": f"some procedures depend on it; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset({"id", "registered_at", "updated_at", "restricted_at"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    search_text = models.CharField(max_length=200, editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    sort_key = models.CharField(max_length=600, editable=False)
    personal_id = EncryptedTextField(_("số định danh"), purpose=PERSONAL_ID, null=True, blank=True)
    personal_id_index = models.BinaryField(max_length=32, null=True, unique=True)
    passport_number = EncryptedTextField(_("số hộ chiếu"), purpose=PASSPORT, null=True, blank=True)
    passport_country = models.CharField(_("nước cấp"), max_length=2, blank=True, default="")
    passport_index = models.BinaryField(max_length=32, null=True, unique=True)
    no_paper_reason = models.CharField(_("lý do không có giấy tờ"), max_length=300, blank=True, default="")
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex.choices, blank=True, default="")
    phone = EncryptedTextField(_("điện thoại"), purpose=PHONE, null=True, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True, db_index=True)
    email = EncryptedTextField(_("thư điện tử"), purpose="applicants.person.email", null=True, blank=True)
    address = EncryptedTextField(_("nơi cư trú"), purpose="applicants.person.address", null=True, blank=True)
    nationality = models.CharField(_("quốc tịch"), max_length=2, default="VN")
    restricted_at = models.DateTimeField(null=True)  # asked not to be found by name or telephone
    registered_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cá nhân")
        constraints = [
            models.CheckConstraint(
                name="applicants_person_is_identified",
                condition=Q(personal_id_index__isnull=False)
                | Q(passport_index__isnull=False)
                | ~Q(no_paper_reason=""),
            ),
            models.CheckConstraint(
                name="applicants_person_number_and_index",
                condition=Q(personal_id__isnull=True, personal_id_index__isnull=True)
                | Q(personal_id__isnull=False, personal_id_index__isnull=False),
            ),
            models.CheckConstraint(
                name="applicants_person_passport_whole",
                condition=Q(passport_number__isnull=True, passport_index__isnull=True, passport_country="")
                | (Q(passport_number__isnull=False, passport_index__isnull=False) & ~Q(passport_country="")),
            ),
            models.CheckConstraint(
                name="applicants_person_phone_and_index",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
            models.CheckConstraint(name="applicants_person_has_name", condition=~Q(full_name="")),
        ]
        indexes = [GinIndex(fields=["search_vector"], name="applicants_person_words")]

    def __str__(self) -> str:
        return self.full_name
