"""Which unit does a step, in words that hold for every agency.

A definition names no unit by its row: the same workflow runs in 114 communes. `Step.unit` holds a kind of
unit as `agencies.UnitKind` has them, or `owner` (the unit that handles the dossier), `named:<unit name>` (the
unit of that name), or `outside:<name as written>` (another agency, whose part is an opinion or a child
dossier). `dossiers` finds the unit when it opens a task.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

RECEIVING_CENTRE: Final = "one_stop"
OWNER: Final = "owner"
LEADERSHIP: Final = "leadership"
CLERKS: Final = "clerical"
OUTSIDE: Final = "outside:"
NAMED: Final = "named:"

NAMES = {
    RECEIVING_CENTRE: _("Bộ phận Một cửa nơi tiếp nhận"),
    OWNER: _("Đơn vị thụ lý"),
    LEADERSHIP: _("Lãnh đạo cơ quan"),
    CLERKS: _("Văn thư"),
}


def name_of(unit: str) -> str:
    """Return what people read for a step's `unit`; an unknown code is shown as it is."""
    if unit.startswith((OUTSIDE, NAMED)):
        return unit.partition(":")[2]
    return str(NAMES.get(unit, unit))
