"""Who may act on other accounts. Which people an administrator looks after is settled in `agencies`."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

#: Role codes of `agencies.roles`; this app stands below and knows only the words.
PEOPLE_ADMIN = ("unit_admin", "system_admin")
ADMINISTRATORS = ("business_admin", *PEOPLE_ADMIN)


def is_people_admin(actor: Actor) -> bool:
    """Tell whether the actor administers accounts at all."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(*PEOPLE_ADMIN))


def require_emergency_keeper(actor: Actor, *, about: int) -> None:
    """Refuse who may not seal an emergency account: only a system administrator may, never the account itself."""
    if not (actor.kind == "system" or (actor.kind == "officer" and actor.has("system_admin"))):
        raise NotPermitted(_("Chỉ quản trị hệ thống làm được việc này."))
    if actor.account_id == about:
        raise NotPermitted(_("Tài khoản khẩn cấp không tự niêm phong mình. Nhờ một quản trị hệ thống."))


def require_people_admin(actor: Actor, *, about: int | None = None) -> None:
    """Refuse who is no administrator of people, and who acts on their own account (`about`)."""
    if not is_people_admin(actor):
        raise NotPermitted(_("Chỉ quản trị đơn vị hoặc quản trị hệ thống làm được việc này."))
    if about is not None and actor.account_id == about:
        raise NotPermitted(
            _("Không tự làm việc này với tài khoản của chính mình. Nhờ một quản trị viên khác.")
        )
