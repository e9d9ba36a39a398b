"""Importing records of the national procedure database.

Importing the same file twice changes nothing. A changed record makes a new version: a draft, or with
`publish` in force from the day of the import. A text that the office wrote itself is never replaced by an
import: the record then stays a draft and is flagged `other_source`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures import permissions
from motcua.procedures.models import ImportRun, Procedure, ProcedureVersion
from motcua.procedures.models.words import State
from motcua.procedures.operations import settling, writing
from motcua.procedures.operations.writing import NewVersion
from motcua.procedures.source import record as reader
from motcua.procedures.source.shape import BadRecord, FlagData, VersionData

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_LOCK = "select pg_advisory_xact_lock(hashtextextended('procedures.import', 0))"
_CHUNK = 150
_LARGEST_FILE = 200_000_000  # bytes

Progress = Callable[[int], None]


@dataclass
class Outcome:
    """What an import did, or would do. `flags` counts the doubtful rows of the whole file by reason."""

    file_name: str
    records: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    flagged_records: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    flags: dict[str, int] = field(default_factory=dict)
    run_id: int | None = None


def load(path: Path) -> tuple[list[Any], str]:
    """Read a JSON file of records; refuses what is not a list of records, with the place of the mistake."""
    if not path.is_file():
        raise Refusal(_("Không có tệp %(path)s.") % {"path": path}, code="no_file")
    if path.stat().st_size > _LARGEST_FILE:
        raise Refusal(_("Tệp %(path)s lớn quá 200 MB.") % {"path": path}, code="too_large")
    content = path.read_bytes()
    try:
        records = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            _("%(path)s không phải tệp JSON đọc được: %(error)s") % {"path": path, "error": error},
            code="bad_file",
        ) from error
    if not isinstance(records, list):
        raise Refusal(_("%(path)s phải là một danh sách thủ tục.") % {"path": path}, code="bad_file")
    return records, hashlib.sha256(content).hexdigest()


@transaction.atomic
def import_records(
    *,
    records: list[Any],
    file_name: str,
    file_sha256: str,
    actor: Actor,
    at: datetime,
    publish: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Bring `records` into the catalogue and return what happened; `dry_run` writes nothing.

    Refuses actors who may not edit the catalogue. A record that cannot be read is left out with its reason;
    the others go in. Two imports never run at once.
    """
    permissions.require_editor(actor)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    outcome = Outcome(file_name=file_name, records=len(records))
    versions = _read(records, outcome)
    todo = _plan(versions, outcome, publish=publish, day=at.astimezone(_ZONE).date())
    if dry_run or not todo:
        return outcome
    run = ImportRun.objects.create(
        file_name=file_name[:255],
        file_sha256=file_sha256,
        started_at=at,
        published=publish,
        records=outcome.records,
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        refused=outcome.refused,
        flags_by_reason=outcome.flags,
        actor_name=actor.name,
    )
    outcome.run_id = run.pk
    _write(todo, at=at, run=run, progress=progress)
    facts = {"file": file_name, "sha256": file_sha256, "created": outcome.created, "changed": outcome.changed}
    record_history(
        actor=actor, verb="import", subject_kind="procedure_import", subject_id=run.pk, at=at, payload=facts
    )
    return outcome


def _read(records: list[Any], outcome: Outcome) -> list[VersionData]:
    versions: dict[str, VersionData] = {}
    counts: Counter[str] = Counter()
    for index, record in enumerate(records):
        try:
            data = reader.read(record)
            if data.key in versions:
                if versions[data.key].content_hash == data.content_hash:
                    outcome.unchanged += 1
                    continue
                raise BadRecord("cùng mã với một bản ghi đứng trước trong tệp nhưng nội dung khác")
        except BadRecord as error:
            code = record.get("code") if isinstance(record, dict) else None
            outcome.refused.append({"index": index, "code": code, "reason": str(error)})
            continue
        versions[data.key] = data
        counts.update(flag.reason for flag in data.flags)
        outcome.flagged_records += bool(data.flags)
    outcome.flags = dict(counts.most_common())
    return list(versions.values())


@dataclass
class _Known:
    """What the catalogue already has of one procedure."""

    procedure: Procedure
    versions: list[ProcedureVersion]

    def latest_of(self, source: str) -> ProcedureVersion | None:
        own = [version for version in self.versions if version.source == source]
        return own[-1] if own else None

    def open_version(self) -> ProcedureVersion | None:
        """The published version without a last day."""
        published = (v for v in self.versions if v.state == State.PUBLISHED and v.in_force_to is None)
        return next(published, None)


@dataclass
class _Todo:
    new: NewVersion
    known: _Known | None
    closes: ProcedureVersion | None = None


def _plan(versions: list[VersionData], outcome: Outcome, *, publish: bool, day: date) -> list[_Todo]:
    known = _known([data.key for data in versions])
    todo = []
    for data in versions:
        have = known.get(data.key)
        latest = have.latest_of(data.source) if have else None
        if latest and latest.content_hash == data.content_hash:
            outcome.unchanged += 1
            continue
        outcome.created += have is None
        outcome.changed += have is not None
        todo.append(_one(data, have, publish=publish, day=day))
        if any(flag.reason == "other_source" for flag in data.flags):
            outcome.flags["other_source"] = outcome.flags.get("other_source", 0) + 1
    return todo


def _one(data: VersionData, have: _Known | None, *, publish: bool, day: date) -> _Todo:
    number = have.versions[-1].number + 1 if have and have.versions else 1
    procedure = have.procedure if have else Procedure(code=data.code, key=data.key)
    new = NewVersion(procedure=procedure, data=data, number=number)
    current = have.open_version() if have else None
    other = (
        next((v for v in have.versions if v.state != State.DRAFT and v.source != data.source), None)
        if have
        else None
    )
    if other:
        data.flags.append(FlagData("", "other_source", other.source))
    if not publish or data.code is None or other or (have and _ended(have)):
        return _Todo(new, have)
    new.state = State.PUBLISHED
    held_before = have is not None and any(v.state != State.DRAFT for v in have.versions)
    new.in_force_from = day if held_before else None
    return _Todo(new, have, closes=current)


def _ended(have: _Known) -> bool:
    """A repealed procedure does not come back to life by an import: a person publishes the draft."""
    return any(version.state == State.REPEALED for version in have.versions)


def _known(keys: list[str]) -> dict[str, _Known]:
    procedures = {
        row.pk: row for row in Procedure.objects.filter(key__in=keys).select_for_update(of=("self",))
    }
    known = {row.key: _Known(row, []) for row in procedures.values()}
    rows = ProcedureVersion.objects.filter(procedure__in=procedures).defer("source_record", "steps_text")
    for version in rows.order_by("procedure_id", "number"):
        known[procedures[version.procedure_id].key].versions.append(version)
    return known


def _write(todo: list[_Todo], *, at: datetime, run: ImportRun, progress: Progress | None) -> None:
    sectors = writing.sectors_for(item.new.data for item in todo)
    for start in range(0, len(todo), _CHUNK):
        chunk = todo[start : start + _CHUNK]
        for item in chunk:
            if item.known is None or item.new.state != State.DRAFT:
                writing.describe(item.new.procedure, item.new.data, sectors)
        Procedure.objects.bulk_create([item.new.procedure for item in chunk if item.known is None])
        changed = [item.new.procedure for item in chunk if item.known and item.new.state != State.DRAFT]
        Procedure.objects.bulk_update(changed, writing.DESCRIBED)
        closing = [item.closes for item in chunk if item.closes]
        for version in closing:
            version.in_force_to = at.astimezone(_ZONE).date()
        ProcedureVersion.objects.bulk_update(closing, ["in_force_to"])
        writing.write([item.new for item in chunk], at=at, run=run)
        for item in chunk:
            if item.known and item.new.row:
                settling.carry_over(to=item.new.row)
        if progress:
            progress(len(chunk))
