"""Who works where, as what, from when to when. Every right of an officer comes from here."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.dated import Dated, ends_after_start, never_two_at_once
from motcua.agencies.models.place import Point
from motcua.agencies.models.unit import Unit
from motcua.agencies.roles import Role


class Position(Dated):
    """A person's post in a unit with its roles. Ended, never deleted: the history names it.

    `point` is where somebody at a counter usually sits; it fills in the place of reception at intake.
    """

    personal_data: ClassVar[dict[str, str]] = {"account": "employment", "title": "employment"}

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(_("chức vụ, vị trí"), max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("vai trò"))
    point = models.ForeignKey(Point, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_primary = models.BooleanField(_("vị trí chính"), default=True)

    class Meta:
        verbose_name = _("vị trí")
        constraints = [
            ends_after_start("agencies_position_ends_after_start"),
            never_two_at_once("agencies_position_once_a_unit", "account", "unit"),
            never_two_at_once("agencies_one_primary_position", "account", condition=Q(is_primary=True)),
            models.CheckConstraint(
                name="agencies_position_known_roles",
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gt=0),
            ),
        ]
        indexes = [GinIndex(fields=["roles"], name="agencies_position_roles")]

    def __str__(self) -> str:
        return self.title

    @property
    def role_words(self) -> str:
        """The roles as an office would write them."""
        return ", ".join(str(Role(code).label) for code in self.roles)
