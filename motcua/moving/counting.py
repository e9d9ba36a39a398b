"""Counts equal afterwards: what the file says beside what is here, by agency, status, procedure, holder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import connection
from django.utils.translation import gettext as _

from motcua.dossiers import words
from motcua.lib.columns import Trouble
from motcua.moving.operations.dossiers import Brought
from motcua.moving.planning import Plan, Planned

_STANDING = """
select m.old_code, a.name, d.status, p.code, coalesce(acc.full_name, ''), coalesce(u.name, o.name)
from moving_moveddossier m join dossiers_dossier d on d.id = m.dossier_id
join agencies_agency a on a.id = d.home_agency_id
join procedures_procedureversion v on v.id = d.procedure_version_id
join procedures_procedure p on p.id = v.procedure_id
join agencies_unit o on o.id = d.owner_unit_id
left join dossiers_task t on t.dossier_id = d.id and t.ended_at is null and t.is_owner
left join agencies_unit u on u.id = t.unit_id
left join agencies_position s on s.id = t.position_id
left join accounts_account acc on acc.id = s.account_id
where m.system = %s and m.old_code = any(%s)
"""


@dataclass(frozen=True)
class Count:
    """One line of the comparison."""

    by: str
    value: str
    file: int
    here: int

    @property
    def equal(self) -> bool:
        return self.file == self.here


def compare(rows: Sequence[Planned], system: str, *, left_out: Sequence[str] = ()) -> list[Count]:
    """Count the rows of a file that are to be here, and the dossiers that came of them, in four ways and in all.

    `left_out` are rows whose dossier people have worked on since, or that were refused: they stand apart in the report.
    """
    out = set(left_out)
    wanted = [row for row in rows if row.old_code not in out]
    by_code = {row.old_code: row for row in wanted}
    file: dict[str, Counter[str]] = {name: Counter() for name in _WAYS}
    here: dict[str, Counter[str]] = {name: Counter() for name in _WAYS}
    for row in wanted:
        said = _said(row)
        _count(file, row.agency.name, int(row.state.status), row.variant.version.procedure.code or "", said)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [system, list(by_code)])
        for code, agency, status, procedure, person, unit in cursor.fetchall():
            holder = "" if by_code[code].holding is None else person or unit
            _count(here, agency, status, procedure, holder)
    return [
        Count(by, value, file[by][value], here[by][value])
        for by in _WAYS
        for value in sorted({*file[by], *here[by]})
    ]


_WAYS = ("all", "agency", "status", "procedure", "holder")


def _said(row: Planned) -> str:
    """Return who holds a dossier by the file; before acceptance that is a unit, whoever is named."""
    if row.holding is None:
        return ""
    return row.holding.label if row.step is not None else row.holding.unit.name


def _count(into: dict[str, Counter[str]], agency: str, status: int, procedure: str, holder: str) -> None:
    into["all"][""] += 1
    into["agency"][agency] += 1
    into["status"][str(status)] += 1
    into["procedure"][procedure] += 1
    if holder:
        into["holder"][holder] += 1


def label(by: str) -> str:
    """Return the words for a way of counting."""
    return {
        "all": _("Tất cả"), "agency": _("Cơ quan"), "status": _("Trạng thái"), "procedure": _("Thủ tục"),
        "holder": _("Người, đơn vị giữ"),
    }[by]  # fmt: skip


def value_words(by: str, value: str) -> str:
    """Return the words for what was counted."""
    if by == "all":
        return _("Hồ sơ")
    if by != "status":
        return value
    found = [str(words) for (status, _sub), words in words.LEGAL.items() if str(int(status)) == value]
    return found[0] if found else value


def report(plan: Plan, made: Brought | None, counts: Sequence[Count]) -> dict[str, object]:
    """Return the report of a look or of a run: counts and troubles, nothing of what the cells hold."""
    troubles: list[Trouble] = [*plan.troubles, *(made.troubles if made else ())]
    return {
        "read": plan.read, "over": plan.over, "ready": len(plan.rows),
        "bad_rows": len({one.row for one in troubles}),
        "new": made.new if made else 0, "changed": made.changed if made else 0,
        "unchanged": made.unchanged if made else 0, "kept": list(made.kept) if made else [],
        "troubles": [one.facts() for one in sorted(troubles, key=lambda one: (one.row, one.column))],
        "counts": [asdict(one) for one in counts], "equal": all(one.equal for one in counts),
    }  # fmt: skip
