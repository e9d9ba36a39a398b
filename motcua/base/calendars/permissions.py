"""Who may change working time. Role codes are those of `agencies.roles`, which stands above this app."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

_KEEPERS = ("business_admin", "system_admin")


def keeps_days(actor: Actor) -> bool:
    """Tell whether the actor may change days and calendars: they move due dates of every agency."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(*_KEEPERS))


def require_keeps_days(actor: Actor) -> None:
    """Refuse whoever may not change working time."""
    if not keeps_days(actor):
        raise NotPermitted(_("Chỉ quản trị nghiệp vụ hoặc quản trị hệ thống được sửa lịch làm việc."))
