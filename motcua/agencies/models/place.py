"""Where people hand dossiers in: one-stop shops, their points and counters."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.agency import Agency
from motcua.agencies.models.dated import Dated, ends_after_start
from motcua.agencies.models.unit import Unit


class ShopKind(models.TextChoices):
    """Kinds of one-stop shop (NĐ 118/2025/NĐ-CP)."""

    MINISTRY = "ministry", _("Bộ phận Tiếp nhận và Trả kết quả của bộ, ngành")
    PROVINCE_CENTRE = "province_centre", _("Trung tâm Phục vụ hành chính công cấp tỉnh")
    COMMUNE_CENTRE = "commune_centre", _("Trung tâm Phục vụ hành chính công cấp xã")
    SECTION = "section", _("Bộ phận Một cửa")


class OneStopShop(Dated):
    """A one-stop shop; it belongs to one agency, goes over with it, and is run by one of its units."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="shops")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="shops")
    name = models.CharField(_("tên"), max_length=250)
    kind = models.CharField(_("loại"), max_length=20, choices=ShopKind.choices)

    class Meta:
        constraints = [
            ends_after_start("agencies_shop_ends_after_start"),
            models.UniqueConstraint(
                name="agencies_shop_name_once", fields=["agency", "name"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Point(Dated):
    """A place of reception of a one-stop shop, with the address printed on slips."""

    personal_data: ClassVar[dict[str, str]] = {}

    shop = models.ForeignKey(OneStopShop, on_delete=models.PROTECT, related_name="points")
    name = models.CharField(_("tên điểm"), max_length=200)
    address = models.CharField(_("địa chỉ"), max_length=300)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True, default="")

    class Meta:
        constraints = [
            ends_after_start("agencies_point_ends_after_start"),
            models.UniqueConstraint(
                name="agencies_point_name_once", fields=["shop", "name"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Counter(Dated):
    """A numbered counter of a point."""

    personal_data: ClassVar[dict[str, str]] = {}

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="counters")
    number = models.PositiveSmallIntegerField(_("số quầy"))
    name = models.CharField(_("tên quầy"), max_length=120, blank=True, default="")

    class Meta:
        ordering = ["number"]
        constraints = [
            ends_after_start("agencies_counter_ends_after_start"),
            models.UniqueConstraint(
                name="agencies_counter_number_once", fields=["point", "number"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.number)

    @property
    def label(self) -> str:
        """The number with the name, where the name does not say the number itself."""
        number = gettext("Quầy %(number)s") % {"number": self.number}
        if not self.name or self.name == number:
            return number
        return self.name if str(self.number) in self.name else f"{number}, {self.name}"
