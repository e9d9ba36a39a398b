"""Citizens' accounts: which person an account is, and by which identities it signs in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.accounts.models import Account
from motcua.applicants.models.person import Person

_KEPT = "kept as long as the account: history names it"


class CitizenAccount(models.Model):
    """One account, one person: two accounts never share a personal number. Found by the number, never by the name."""

    personal_data: ClassVar[dict[str, str]] = {
        "account": f"tells whose account it is; {_KEPT}",
        "person": f"tells who signs in; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset({"id", "opened_at"})

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="citizen")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="citizen")
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tài khoản công dân")


class CitizenIdentity(models.Model):
    """One identity that an issuer gave this person: issuer and subject together, as OpenID Connect Core §2 has it.

    Of one issuer an account has one identity at a time: a second subject under the same personal number is refused
    until somebody looked at it and released the first (`released_at`).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "subject": f"the issuer's name for the person; {_KEPT}",
        "level": f"assurance of the last sign-in; {_KEPT}",
        "last_at": f"activity; {_KEPT}",
    }
    not_personal: ClassVar[frozenset[str]] = frozenset(
        {"id", "citizen", "issuer", "linked_at", "released_at"}
    )

    citizen = models.ForeignKey(CitizenAccount, on_delete=models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(default=0)
    linked_at = models.DateTimeField()
    last_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="applicants_identity_once",
                fields=["issuer", "subject"],
                condition=Q(released_at=None),
            ),
            models.UniqueConstraint(
                name="applicants_one_identity_of_an_issuer",
                fields=["citizen", "issuer"],
                condition=Q(released_at=None),
            ),
            models.CheckConstraint(
                name="applicants_identity_is_named", condition=~Q(issuer="") & ~Q(subject="")
            ),
        ]
