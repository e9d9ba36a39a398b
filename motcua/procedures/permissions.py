"""Who may change the catalogue: the agency's business administrator, and the program itself."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

EDITORS = ("business_admin",)


def may_edit_catalogue(actor: Actor) -> bool:
    """Tell whether the actor may import, publish, repeal and settle doubtful rows."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(*EDITORS))


def require_editor(actor: Actor) -> None:
    """Refuse everyone else with a sentence that says whom to ask."""
    if not may_edit_catalogue(actor):
        raise NotPermitted(
            _("Chỉ quản trị nghiệp vụ được sửa danh mục thủ tục. Anh/chị nhờ quản trị nghiệp vụ của đơn vị.")
        )
