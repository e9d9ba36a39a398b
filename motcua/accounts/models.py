"""Accounts and what surrounds a log-in. One person, one account; rights stand in `agencies.Position`."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from motcua.lib.encrypted_field import EncryptedTextField


class AccountKind(models.TextChoices):
    """Four kinds kept apart (TCVN 14423:2026 §5.6.2.3); an account never changes its kind."""

    STAFF = "staff", _("Cán bộ")
    CITIZEN = "citizen", _("Người dân")
    INTEGRATION = "integration", _("Kết nối hệ thống")
    BREAK_GLASS = "break_glass", _("Khẩn cấp")


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by log-in name, in any letter case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login_name=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can log in. `login_name` is stored in lower case and is never given to another person.

    Accounts are disabled, never deleted: the history names them. `phone` and `email` are those of the office;
    a citizen's own contact details stand, encrypted, in `applicants`.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "login_name": "identifier",
        "staff_code": "identifier",
        "full_name": "name",
        "sort_key": "name",
        "search_text": "name",
        "phone": "contact of the office",
        "email": "contact of the office",
        "password": "secret",
        "last_login": "activity",
        "last_seen_at": "activity",
        "disabled_reason": "employment",
    }

    id = models.BigAutoField(primary_key=True)
    login_name = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    sort_key = models.CharField(max_length=400, default="", editable=False)
    search_text = models.CharField(max_length=200, default="", editable=False)
    staff_code = models.CharField(_("mã cán bộ"), max_length=40, blank=True, default="")
    account_kind = models.CharField(_("loại tài khoản"), max_length=20, choices=AccountKind.choices)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True, default="")
    email = models.EmailField(_("thư điện tử"), blank=True, default="")
    is_active = models.BooleanField(default=True)
    must_set_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=300, blank=True, default="")

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_login_name_lower",
                condition=Q(login_name=Lower("login_name")) & ~Q(login_name=""),
            ),
            models.UniqueConstraint(
                fields=["staff_code"], condition=~Q(staff_code=""), name="accounts_staff_code_once"
            ),
            models.CheckConstraint(
                name="accounts_disabled_says_when",
                condition=Q(is_active=True, disabled_at=None) | Q(is_active=False, disabled_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["account_kind", "is_active"], name="accounts_kind_active")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff_kind(self) -> bool:
        """Whether the account must log in with a second factor and works on the staff host."""
        return self.account_kind in {AccountKind.STAFF, AccountKind.BREAK_GLASS}

    def clean(self) -> None:
        self.login_name = self.login_name.strip().lower()


class PasswordRecord(models.Model):
    """A password hash once used, so that the last ten are not taken again (TCVN 14423:2026 §5.6.2.2)."""

    personal_data: ClassVar[dict[str, str]] = {"hash": "secret"}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="password_records")
    hash = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-created_at"], name="accounts_password_recent")]


class LinkPurpose(models.TextChoices):
    """What a one-time link is for."""

    INVITE = "invite", _("Mời dùng hệ thống")
    RESET = "reset", _("Đặt lại đăng nhập")


class Invitation(models.Model):
    """A one-time link to set password and second factor: 72 hours, one use, only its hash is kept."""

    personal_data: ClassVar[dict[str, str]] = {"token_hash": "secret"}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=LinkPurpose.choices)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_invitation_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.UniqueConstraint(
                name="accounts_one_open_invitation",
                fields=["account"],
                condition=Q(used_at=None, revoked_at=None),
            ),
        ]


class ResetState(models.TextChoices):
    """Where a two-person reset stands."""

    ASKED = "asked", _("Chờ người thứ hai xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    REFUSED = "refused", _("Không đồng ý")


class ResetRequest(models.Model):
    """A reset of password and second factors that needs two administrators, neither of them the subject."""

    personal_data: ClassVar[dict[str, str]] = {"reason": "employment"}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reset_requests")
    reason = models.CharField(_("lý do"), max_length=300)
    state = models.CharField(max_length=10, choices=ResetState.choices, default=ResetState.ASKED)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_reset_not_own", condition=~Q(asked_by=F("account"))),
            models.CheckConstraint(
                name="accounts_reset_second_person",
                condition=Q(answered_by=None)
                | (~Q(answered_by=F("account")) & (~Q(state="confirmed") | ~Q(answered_by=F("asked_by")))),
            ),
            models.CheckConstraint(
                name="accounts_reset_answered",
                condition=Q(state="asked", answered_by=None)
                | (~Q(state="asked") & Q(answered_by__isnull=False)),
            ),
            models.UniqueConstraint(
                name="accounts_one_open_reset", fields=["account"], condition=Q(state="asked")
            ),
        ]


class NoticeKind(models.TextChoices):
    """What happened to somebody's log-in; the person is told each time (ASVS 6.3.7)."""

    PASSWORD_CHANGED = "password_changed", _("Mật khẩu đã được đổi")
    TOTP_ADDED = "totp_added", _("Đã thêm ứng dụng tạo mã xác thực")
    TOTP_REMOVED = "totp_removed", _("Đã gỡ ứng dụng tạo mã xác thực")
    PASSKEY_ADDED = "passkey_added", _("Đã thêm khóa truy cập")
    PASSKEY_REMOVED = "passkey_removed", _("Đã gỡ khóa truy cập")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Đã tạo bộ mã dự phòng mới")
    RECOVERY_CODE_USED = "recovery_code_used", _("Đã dùng một mã dự phòng để đăng nhập")
    RESET_ASKED = "reset_asked", _("Quản trị đề nghị đặt lại đăng nhập của anh/chị")
    RESET_DONE = "reset_done", _("Đăng nhập đã được đặt lại")
    LOCKED = "locked", _("Có người nhập sai mật khẩu của anh/chị nhiều lần")
    SESSIONS_ENDED = "sessions_ended", _("Các phiên làm việc đã bị kết thúc")
    POSITION_CHANGED = "position_changed", _("Vị trí, vai trò của anh/chị đã thay đổi")
    EMERGENCY_USED = "emergency_used", _("Tài khoản khẩn cấp đã được mở")
    REVIEW_ASKED = "review_asked", _("Cần rà soát quyền của cán bộ trong cơ quan")
    EMAIL_CHANGED = "email_changed", _("Địa chỉ thư điện tử đã được đổi")
    REVIEW_LATE = "review_late", _("Rà soát quyền đã quá hạn")


class Notice(models.Model):
    """One line the person reads on their own page."""

    personal_data: ClassVar[dict[str, str]] = {"address": "activity", "detail": "activity"}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30, choices=NoticeKind.choices)
    detail = models.CharField(max_length=300, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="accounts_notice_recent")]


class EmergencySeal(models.Model):
    """One sealing of an emergency account: where its envelopes lie, and when and why they were opened.

    The newest row of an account tells its state: sealed, or broken and waiting to be sealed anew.
    """

    personal_data: ClassVar[dict[str, str]] = {"reason": "employment", "address": "activity"}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="seals")
    place = models.CharField(_("nơi cất phong bì"), max_length=200)
    sealed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    broken_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=45, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="accounts_one_seal", fields=["account"], condition=Q(replaced_at=None)
            ),
            models.CheckConstraint(
                name="accounts_seal_reason_when_broken",
                condition=Q(broken_at__isnull=False) | Q(reason="", address=""),
            ),
        ]


class EmailChange(models.Model):
    """One change of the address that letters of the office go to: asked for by its owner, or made by an administrator.

    The owner's own waits for the six places sent to the new address; five wrong tries, an hour, or another change end
    it. `code` is emptied with it. The old address is told.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "email": "contact of the office",
        "before": "contact of the office; told of the change, then emptied",
        "code": "secret; encrypted, emptied at the end",
    }

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="email_changes")
    email = models.EmailField(blank=True)
    before = models.EmailField(blank=True, default="")
    code = EncryptedTextField(purpose="accounts.emailchange.code", blank=True, default="")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="accounts_one_email_change",
                fields=["account"],
                condition=Q(confirmed_at=None, dropped_at=None),
            ),
            models.CheckConstraint(
                name="accounts_email_change_ends_once", condition=Q(confirmed_at=None) | Q(dropped_at=None)
            ),
        ]


class LoginGuard(models.Model):
    """Wrong tries of one pair (log-in name as typed, address); also kept for names that do not exist.

    `name_hash` is an HMAC, so that a password typed into the wrong field is not kept in clear.
    """

    personal_data: ClassVar[dict[str, str]] = {"name_hash": "identifier, keyed hash", "address": "activity"}

    name_hash = models.BinaryField(max_length=32)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_guard_pair", fields=["name_hash", "address"]),
        ]
        indexes = [
            models.Index(fields=["name_hash", "last_at"], name="accounts_guard_name"),
            models.Index(fields=["address", "last_at"], name="accounts_guard_address"),
        ]


class UsedCode(models.Model):
    """A code of an authenticator app that was taken; the same code is not taken twice (RFC 6238 §5.2)."""

    personal_data: ClassVar[dict[str, str]] = {"code_hash": "secret"}

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_code_once", fields=["account", "code_hash"])]


class SignInDay(models.Model):
    """How often citizens' sign-ins had one outcome on one day: "in", or the code of what went wrong."""

    personal_data: ClassVar[dict[str, str]] = {}

    day = models.DateField()
    outcome = models.CharField(max_length=40)
    times = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_sign_in_day", fields=["day", "outcome"])]
