"""The demo catalogue: our own texts of the procedures in one-stop §9.1, in force from the start."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures import permissions
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.models.words import State
from motcua.procedures.operations import writing
from motcua.procedures.operations.writing import NewVersion
from motcua.procedures.source import own
from motcua.procedures.source.shape import BadRecord, VersionData

FOLDER = Path(__file__).resolve().parents[1] / "demo"


@transaction.atomic
def load_demo_catalogue(*, actor: Actor, at: datetime) -> list[str]:
    """Load every file of the demo folder that the catalogue has no version of yet; return all its codes.

    Safe to repeat. A procedure that has any published version already (imported or edited) is left alone.
    """
    permissions.require_editor(actor)
    texts = read_folder(FOLDER)
    known = {row.code: row for row in Procedure.objects.filter(code__in={data.code for data in texts})}
    held = set(ProcedureVersion.objects.exclude(state=State.DRAFT).values_list("procedure__code", flat=True))
    todo = [data for data in texts if data.code not in held]
    sectors = writing.sectors_for(todo)
    for data in todo:
        procedure = known.setdefault(data.code, Procedure(code=data.code, key=data.key))
        writing.describe(procedure, data, sectors)
        procedure.save()
    writing.write(_versions(todo, known), at=at, run=None)
    return sorted({data.key for data in texts})


def read_folder(folder: Path) -> list[VersionData]:
    """Read every TOML file, each procedure's versions in the order they came into force."""
    try:
        texts = [own.read_file(path) for path in sorted(folder.glob("*.toml"))]
    except BadRecord as error:
        raise Refusal(str(error), code="bad_file") from error
    return sorted(texts, key=lambda data: (data.key, data.in_force_from is not None, str(data.in_force_from)))


def _versions(todo: list[VersionData], known: dict[str | None, Procedure]) -> list[NewVersion]:
    numbers: dict[str, int] = {}
    for code, drafts in ProcedureVersion.objects.values_list("procedure__key", "number"):
        numbers[code] = max(drafts, numbers.get(code, 0))
    versions = []
    for data in todo:
        numbers[data.key] = numbers.get(data.key, 0) + 1
        versions.append(
            NewVersion(known[data.code], data, numbers[data.key], State.PUBLISHED, data.in_force_from)
        )
    return versions
