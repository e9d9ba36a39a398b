"""The vault (kho dữ liệu điện tử của tổ chức, cá nhân): papers and results of an applicant, kept to be used again."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.applicants.models.applicant import Applicant
from motcua.base.files.models import StoredFile
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7

_KEPT = (
    "kept as long as a dossier of the applicant is kept; theirs to see and to use again (NĐ 118/2025/NĐ-CP)"
)


class VaultSource(models.TextChoices):
    """How a paper came here; it says how much it is worth."""

    COUNTER = "counter", _("Bản quét tại quầy")
    ONLINE = "online", _("Người nộp gửi qua mạng")
    RESULT = "result", _("Kết quả cơ quan đã cấp")
    CERTIFIED = "certified", _("Bản sao điện tử có chứng thực")


class VaultProof(models.TextChoices):
    """What the program itself knows of a certified copy, or of the signatures of a PDF; empty: nothing.

    The first two alone make a paper certified (Nghị định 45/2020/NĐ-CP, Điều 10).
    """

    BOOK = "book", _("Có trong sổ chứng thực")
    SIGNED = "signed", _("Chữ ký số đã xác minh")
    UNKNOWN = "unknown", _("Chưa xác minh được người ký")
    LAPSED = "lapsed", _("Chứng thư của người ký không còn hạn")
    REVOKED = "revoked", _("Chứng thư của người ký đã bị thu hồi")


PROVED = (VaultProof.BOOK, VaultProof.SIGNED)


class VaultPaper(models.Model):
    """One paper of an applicant. What is not known of it is empty and never guessed.

    `kind_code` is the national code of the kind of paper or result where it is known; `kind_key` what two names of the
    same kind have in common. `for_ever` says that it does not expire; no `valid_to` without it means: nobody knows.
    `origin` is the row it came with (a paper of a dossier, its result, an e-copy of the certification desk, a file that
    the owner sent), and comes in once. `certified_*` say under which number of which book, when and by whom a copy was
    certified; `signed_*` what a PDF's signatures say.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "applicant": f"whose paper it is; {_KEPT}",
        "name": f"names the paper; {_KEPT}",
        "kind_key": f"its name folded, to find it; {_KEPT}",
        "number": f"number of the paper; encrypted; {_KEPT}",
        "certified_by": f"the officer who certified, in office; {_KEPT}",
        "signed_by": f"names in the certificates that signed the file; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset({
        "id", "kind_code", "issuer", "issued_on", "valid_from", "valid_to", "for_ever", "source", "agency_id",
        "origin", "origin_code", "handed_in_on", "added_at", "replaced_by", "proof", "certified_number",
        "certified_on", "signed_at",
    })  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    kind_code = models.CharField(max_length=24, blank=True, default="")
    kind_key = models.CharField(max_length=2000)
    name = models.CharField(max_length=2000)
    number = EncryptedTextField(purpose="applicants.vaultpaper.number", blank=True, default="")
    issuer = models.CharField(max_length=300, blank=True, default="")
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    for_ever = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=VaultSource.choices)
    agency_id = models.BigIntegerField()
    origin = models.UUIDField(unique=True)
    origin_code = models.CharField(max_length=60)
    handed_in_on = models.DateField()
    added_at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=8, choices=VaultProof.choices, blank=True, default="")
    certified_number = models.CharField(max_length=120, blank=True, default="")
    certified_on = models.DateField(null=True)
    certified_by = models.CharField(max_length=400, blank=True, default="")
    signed_by = models.CharField(max_length=600, blank=True, default="")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["applicant", "-handed_in_on"], name="vault_of_applicant")]
        constraints = [
            models.CheckConstraint(
                name="vault_certified_is_proved",
                condition=Q(source=VaultSource.CERTIFIED, proof__in=PROVED)
                | (~Q(source=VaultSource.CERTIFIED) & ~Q(proof__in=PROVED)),
            ),
            models.CheckConstraint(
                name="vault_book_says_which", condition=~Q(proof=VaultProof.BOOK) | ~Q(certified_number="")
            ),
            models.CheckConstraint(name="vault_paper_named", condition=~Q(name="") & ~Q(kind_key="")),
            models.CheckConstraint(
                name="vault_for_ever_has_no_end", condition=Q(for_ever=False) | Q(valid_to=None)
            ),
            models.CheckConstraint(
                name="vault_span_forward",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    @property
    def stands_for_original(self) -> bool:
        """Whether the desk gave it, signed as Nghị định 45/2020/NĐ-CP, Điều 10 asks: the original is not asked for.

        Of a file that the owner brought, name and number are the owner's word: somebody reads it first.
        """
        return self.proof == VaultProof.BOOK and bool(self.signed_by)

    @property
    def source_words(self) -> str:
        """How it came here. A stamped scan of our own book is not called the decree's certified e-copy."""
        if self.source == VaultSource.CERTIFIED and not self.signed_by:
            return gettext("Bản quét của bản sao đã chứng thực")
        return str(self.get_source_display())

    def __str__(self) -> str:
        return self.name


class VaultFile(models.Model):
    """One file of a paper in the vault: a use of its own of the stored content."""

    personal_data: ClassVar[dict[str, str]] = {"applicant": f"whose paper it is; {_KEPT}"}
    not_personal: ClassVar[frozenset[str]] = frozenset({"id", "paper", "stored", "position"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(VaultPaper, on_delete=models.PROTECT, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "position"], name="vault_file_place")]


class VaultHow(models.TextChoices):
    """What somebody did with a vault or a paper of it."""

    LIST = "list", _("Xem danh sách")
    LOOK = "look", _("Xem giấy tờ")
    DOWNLOAD = "download", _("Tải về")
    USE = "use", _("Dùng cho hồ sơ")


class VaultLook(models.Model):
    """Who looked into whose vault, at which papers, for which dossier and why. Append-only; the owner reads it."""

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {
        "applicant": "whose vault was looked into; proof of access, kept as the history of dossiers is",
        "account_id": "who looked; proof of access, kept as the history of dossiers is",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset({
        "id", "papers", "how", "by_owner", "position_id", "agency_id", "used_in", "reason", "at",
        "recorded_at",
    })  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    papers = ArrayField(models.UUIDField())
    how = models.CharField(max_length=8, choices=VaultHow.choices)
    by_owner = models.BooleanField()
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    agency_id = models.BigIntegerField(default=0)
    used_in = models.CharField(max_length=60, blank=True, default="")  # code of the dossier
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["applicant", "-at"], name="vault_looks_of")]
        constraints = [
            models.CheckConstraint(
                name="vault_officers_say_why", condition=Q(by_owner=True) | (~Q(used_in="") & ~Q(reason=""))
            )
        ]
