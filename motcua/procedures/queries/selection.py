"""Which procedures are meant: named by code, by sector, by level, or all that are published."""

import re
from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.procedures.models import Procedure, ProcedureVersion, Sector
from motcua.procedures.models.words import State

CODE = re.compile(r"\d\.\d{6}")


def sectors_named(text: str) -> list[Sector]:
    """Return the sectors of this code or name, marks or not; several where ministries share a name.

    A name that is only begun serves when it can mean one name alone. Refuses what names no sector.
    """
    wanted = fold(text)
    rows = list(Sector.objects.order_by("sort_key", "pk"))
    found = [row for row in rows if row.code and row.code == text.strip()]
    found = found or [row for row in rows if fold(row.name) == wanted]
    begun = [row for row in rows if wanted and fold(row.name).startswith(wanted)]
    if not found and len({row.name for row in begun}) == 1:
        found = begun
    if not found:
        names = "; ".join(dict.fromkeys(row.name for row in (begun or rows)[:12]))
        raise NotFound(
            _("Không có lĩnh vực “%(name)s”. Các lĩnh vực đang có: %(names)s…")
            % {"name": text[:80], "names": names}
        )
    return found


def procedure_of(code: str) -> Procedure:
    """Return the procedure of a code; refuses an unknown one."""
    row = Procedure.objects.select_related("sector").filter(code=code.strip()).first()
    if row is None:
        raise NotFound(_("Không có thủ tục mã %(code)s.") % {"code": code[:40]})
    return row


def published_codes(day: date, *, sectors: Sequence[Sector] = (), level: str = "") -> list[str]:
    """Return the codes of procedures with a published version that holds on `day` or begins later.

    `sectors` and `level` keep those of the sectors, and those that the level carries out.
    """
    held = ProcedureVersion.objects.exclude(state=State.DRAFT).filter(
        Q(in_force_to__isnull=True) | Q(in_force_to__gt=day)
    )
    rows = Procedure.objects.filter(pk__in=held.values("procedure_id"), code__isnull=False)
    if sectors:
        rows = rows.filter(sector__in=[row.pk for row in sectors])
    if level:
        rows = rows.filter(levels__contains=[level])
    return [str(code) for code in rows.order_by("code").values_list("code", flat=True)]
