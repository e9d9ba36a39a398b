"""What somebody prepares at home, before and after there is a dossier."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.applicants.models import Applicant
from motcua.base.files.models import StoredFile
from motcua.dossiers.words import ResultChannel
from motcua.eforms.models import FormAnswer
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7
from motcua.procedures.models import ProcedureVariant, RequiredDocument


class State(models.TextChoices):
    """How far an application is."""

    OPEN = "open", _("Đang chuẩn bị")
    HANDED_IN = "handed_in", _("Đã nộp")


class Helper(models.TextChoices):
    """Who really pressed "nộp" (Nghị định 118/2025: assisted submission is marked as such)."""

    NOBODY = "applicant", _("Tôi tự nộp")
    OFFICER = "officer", _("Cán bộ một cửa giúp tôi nộp")
    POST = "post", _("Nhân viên bưu chính giúp tôi nộp")


class Application(models.Model):
    """A procedure somebody applies for online: for whom, where, by which case; what it became when it was handed in.

    Until then it is its owner's alone. `became`, `code` and `home_agency` name the dossier, which stands behind the
    wall of its agency; `right` says by what right it was handed in ("self", or the kind of the mandate). One that was
    taken in elsewhere (counter, post) gets a row here when its supplement is prepared online.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "owner": "who prepares it; removed with it, kept once it is a dossier",
        "applicant": "for whom; removed with it, kept once it is a dossier",
        "return_address": "where the result goes; encrypted; as above",
        "contact_phone": "whom to tell; encrypted; as above",
        "contact_email": "whom to tell; encrypted; as above",
        "helper_name": "who helped to hand it in; kept with the dossier",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    mandate = models.UUIDField(null=True)
    right = models.CharField(max_length=12, default="self")
    variant = models.ForeignKey(ProcedureVariant, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField(
        FormAnswer, null=True, on_delete=models.SET_NULL, related_name="application"
    )
    result_channel = models.CharField(
        max_length=12, choices=ResultChannel.choices, default=ResultChannel.ELECTRONIC
    )
    return_address = EncryptedTextField(purpose="online.application.return_address", blank=True, default="")
    contact_phone = EncryptedTextField(purpose="online.application.contact_phone", blank=True, default="")
    contact_email = EncryptedTextField(purpose="online.application.contact_email", blank=True, default="")
    helped_by = models.CharField(max_length=10, choices=Helper.choices, default=Helper.NOBODY)
    helper_name = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)
    handed_in_at = models.DateTimeField(null=True)
    became = models.UUIDField(null=True)
    code = models.CharField(max_length=60, blank=True, default="")
    home_agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner", "state", "-saved_at"], name="online_of_owner")]
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "became"], name="online_one_a_dossier"),
            models.CheckConstraint(
                name="online_handed_in_is_a_dossier",
                condition=Q(state="open", became=None, code="", home_agency=None)
                | Q(state="handed_in", became__isnull=False, home_agency__isnull=False) & ~Q(code=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.pk)


class ApplicationPaper(models.Model):
    """One paper as prepared: its files, or a paper of the vault, or why there is none.

    `round` 0 is what is handed in first, n the answer to the n-th supplement request, where `item` is the line of the
    request. `required` is the catalogue's row; a paper of one's own has a name alone.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "name": "names a paper; removed with the application",
        "note": "the applicant's own words about a paper; removed with the application",
    }

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    round = models.PositiveSmallIntegerField(default=0)
    item = models.PositiveSmallIntegerField(default=0)
    required = models.ForeignKey(RequiredDocument, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=2000)
    note = models.CharField(max_length=500, blank=True, default="")
    vault_paper = models.UUIDField(null=True)

    class Meta:
        ordering = ["round", "item", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "required"], condition=Q(round=0),
                name="online_paper_once",
            ),
            models.UniqueConstraint(
                fields=["application", "round", "item"], condition=Q(round__gt=0), name="online_item_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ApplicationFile(models.Model):
    """One file of a prepared paper. Once handed in, the dossier hangs on the same stored file."""

    personal_data: ClassVar[dict[str, str]] = {
        "stored": "what was sent; removed with the application, kept once it is a dossier"
    }

    paper = models.ForeignKey(ApplicationPaper, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.stored.original_name
