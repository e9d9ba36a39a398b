"""What demo content was loaded last, so that a start that would change nothing need not look through all of it.

The stamp is an entry of the history, written after everything else: an interrupted load leaves none, another
database has none, a restored one has its own. It names the content that was loaded and what it depends on; a demo
password that somebody changed, or a procedure that was imported since, makes the load run again.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from motcua import __version__
from motcua.accounts.models import Account
from motcua.agencies.models import Agency, Position
from motcua.base.audit.operations import record
from motcua.base.audit.queries import entries_of
from motcua.base.calendars.models import Day, OfficeHours
from motcua.cli.demo.accounts import ROLES, password_for
from motcua.config.env import ROOT
from motcua.dossiers.models import HandlingUnit
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure, Procedure
from motcua.workflow.models import WorkflowAssignment, WorkflowVersion

_SUBJECT = ("demo", "content")
_FILES = (
    "motcua/**/demo/**/*",
    "motcua/**/demo.py",
    "motcua/**/definitions/*.toml",
    "motcua/lib/due_days.py",
)

_COUNTED = (
    *(Procedure, AgencyProcedure, HandlingUnit, WorkflowVersion, WorkflowAssignment),
    *(Day, OfficeHours),
)


def is_current(*, dossiers: int) -> bool:
    """Tell whether this very content, with at least so many dossiers, is loaded and stands as it was left."""
    last = entries_of(*_SUBJECT, agency_id=0).last()
    if last is None or last.payload.get("dossiers", 0) < dossiers:
        return False
    return all(last.payload.get(key) == value for key, value in _facts().items())


def put(*, dossiers: int, at: datetime) -> None:
    """Write down that everything is loaded; the last thing a load does."""
    kind, subject = _SUBJECT
    payload = _facts() | {"dossiers": dossiers}
    record(actor=SYSTEM, verb="demo.load", subject_kind=kind, subject_id=subject, at=at, payload=payload)


def _facts() -> dict[str, Any]:
    return {"version": __version__, "content": _content(), "state": _state()}


def _content() -> str:
    """Return the hash of every file that demo content comes from, words and code alike."""
    digest = hashlib.sha256()
    paths = {path for pattern in _FILES for path in ROOT.glob(pattern)}
    for path in sorted(path for path in paths if path.suffix in {".py", ".toml"}):
        digest.update(f"{path.relative_to(ROOT)} ".encode() + path.read_bytes())
    return digest.hexdigest()


def _state() -> str:
    """Return the hash of what a load would look at and mend, read in a handful of queries."""
    people = Account.objects.filter(login_name__in=ROLES).order_by("login_name")
    parts: list[Any] = [
        list(people.values_list("login_name", "password", "is_active")),
        [[name, password_for(name)] for name in ROLES],
        list(Position.objects.order_by("pk").values_list("pk", "account_id", "unit_id", "valid_to")),
        list(people.values_list("login_name", "authenticator__type").order_by("login_name", "authenticator")),
        list(Agency.objects.order_by("pk").values_list("pk", "calendar_id")),
        [model.objects.count() for model in _COUNTED],
        list(WorkflowVersion.objects.order_by("pk").values_list("pk", "state")),
    ]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
