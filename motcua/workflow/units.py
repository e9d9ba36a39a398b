"""Which unit does a step, in words that hold for every agency.

A definition names no unit by its row: the same workflow runs in 114 communes. `Step.unit` holds one of the
words below, or `code:<unit code>` (this very unit), or `outside:<name as written>` (another agency, whose
part is done in a child dossier or by an opinion). `dossiers` finds the unit when it opens a task.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

RECEIVING_CENTRE: Final = "receiving_centre"
OWNER: Final = "owner"
LEADERSHIP: Final = "leadership"
CLERKS: Final = "clerks"
OUTSIDE: Final = "outside:"
CODE: Final = "code:"

NAMES = {
    RECEIVING_CENTRE: _("Bộ phận Một cửa nơi tiếp nhận"),
    OWNER: _("Đơn vị thụ lý"),
    LEADERSHIP: _("Lãnh đạo cơ quan"),
    CLERKS: _("Văn thư"),
}


def name_of(unit: str) -> str:
    """Return what people read for a step's `unit`; an unknown code is shown as it is."""
    if unit.startswith((OUTSIDE, CODE)):
        return unit.partition(":")[2]
    return str(NAMES.get(unit, unit))
