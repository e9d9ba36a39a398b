"""Who may publish forms and look at them; who holds a link may fill in what it leads to."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted


def require_publisher(actor: Actor) -> None:
    """Refuse people: a form of theirs is approved by a second person first (decision 0016)."""
    if actor.kind != "system":
        raise NotPermitted(_("Biểu mẫu được công bố bằng lệnh của hệ thống; người soạn gửi duyệt."))
