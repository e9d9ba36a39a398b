"""The roles an office knows. A position holds one or more; rights follow from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Role codes, in the order an office would list them. Stored in positions, so codes never change."""

    GUIDE = "guide", _("Cán bộ hướng dẫn")
    RECEIVER = "receiver", _("Cán bộ tiếp nhận")
    CASHIER = "cashier", _("Thu ngân")
    SPECIALIST = "specialist", _("Chuyên viên thụ lý")
    UNIT_HEAD = "unit_head", _("Lãnh đạo phòng")
    LEADER = "leader", _("Lãnh đạo đơn vị")
    CLERK = "clerk", _("Văn thư")
    RETURNER = "returner", _("Cán bộ trả kết quả")
    POSTAL = "postal", _("Nhân viên bưu chính")
    BUSINESS_ADMIN = "business_admin", _("Quản trị nghiệp vụ")
    UNIT_ADMIN = "unit_admin", _("Quản trị đơn vị")
    SYSTEM_ADMIN = "system_admin", _("Quản trị hệ thống")
    MONITOR = "monitor", _("Lãnh đạo giám sát")


#: Idle limit of 5 minutes instead of 15, and nothing without a second factor (TCVN 14423:2026 §5.5.2.2).
ADMIN_ROLES: frozenset[str] = frozenset({Role.BUSINESS_ADMIN, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN})

#: What nobody does in another's name: the office itself, and looking into other agencies.
NEVER_DELEGATED: frozenset[str] = ADMIN_ROLES | {Role.MONITOR}

#: Who administers accounts and positions.
PEOPLE_ADMIN_ROLES: frozenset[str] = frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN})
