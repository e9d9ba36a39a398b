"""Rows of an old system become dossiers here, a chunk a transaction; the same row again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Unit, UnitKind, holds_on
from motcua.agencies.queries import code_of
from motcua.applicants.models import Applicant
from motcua.applicants.operations import OrganizationFacts, find_or_register_person, register_organization
from motcua.base.audit.operations import record
from motcua.base.numbering.operations import next_number, raise_to
from motcua.dossiers import clock, places, queries, search_marks, states, words
from motcua.dossiers.models import Dossier, ExternalCode, Pause, Task
from motcua.lib import lookup
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.columns import Trouble
from motcua.lib.ids import uuid7
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold
from motcua.moving.models import MovedDossier
from motcua.moving.planning import Planned, person_of

VERB = "move_in"
CHUNK = 200


@dataclass
class Brought:
    """What became of the rows of a run. `kept`: touched by people since, left as they are."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def add(self, other: "Brought") -> None:
        self.new, self.changed, self.unchanged = (
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )  # fmt: skip
        self.kept += other.kept
        self.troubles += other.troubles


@dataclass
class _Chunk:
    """What is the same for many rows of a chunk, and rows that are written together at its end."""

    system: str
    actor: Actor
    at: datetime
    codes_there: set[tuple[int, str]]
    agency_codes: dict[int, str] = field(default_factory=dict)
    receptions: dict[int, int] = field(default_factory=dict)
    beside: list[Task | Pause | ExternalCode | MovedDossier] = field(default_factory=list)

    def write(self) -> None:
        """Write what stands beside the dossiers: one statement for each kind."""
        kinds: tuple[type[Model], ...] = (Task, Pause, ExternalCode, MovedDossier)
        for kind in kinds:
            rows: list[Model] = [one for one in self.beside if isinstance(one, kind)]
            if rows:
                kind._default_manager.bulk_create(rows)


@transaction.atomic
def bring(*, rows: Sequence[Planned], system: str, actor: Actor, at: datetime) -> Brought:
    """Bring one chunk in: all of it or nothing. Runs of the same old system wait for one another.

    A row that was brought before and has not changed is passed over; one that has changed is brought up as long as
    nobody has worked on the dossier here. A row that is refused stands in `troubles`, the others go in.
    """
    made = Brought()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('moving/' || %s, 0))", [system])
    known = {
        (one.home_agency_id, one.old_code): one
        for one in MovedDossier.objects.filter(system=system, old_code__in=[row.old_code for row in rows])
    }
    elsewhere = {code: one for (_agency, code), one in known.items()}
    chunk = _Chunk(system, actor, at, _codes_there(rows))
    for row in rows:
        before = known.get((row.agency.pk, row.old_code)) or elsewhere.get(row.old_code)
        ready = len(chunk.beside)
        try:
            with transaction.atomic():
                _one(row, before, made, chunk)
        except Refusal as refused:
            del chunk.beside[ready:]
            made.troubles.append(Trouble(row.number, "", refused.message))
    chunk.write()
    return made


def _codes_there(rows: Sequence[Planned]) -> set[tuple[int, str]]:
    """Return which of the old codes that would stay are codes of dossiers here already."""
    wanted = [row for row in rows if row.keeps_code]
    found = Dossier.objects.filter(
        home_agency__in={row.agency.pk for row in wanted},
        code__in={str(lookup.take_apart(row.old_code)) for row in wanted},
    )
    return set(found.values_list("home_agency_id", "code")) if wanted else set()


def _one(row: Planned, before: MovedDossier | None, made: Brought, chunk: _Chunk) -> None:
    if before is None:
        _write(row, chunk)
        made.new += 1
        return
    if bytes(before.row_hash) == row.row_hash:
        made.unchanged += 1
        return
    dossier = (
        Dossier.objects.select_for_update().select_related("procedure_version").get(pk=before.dossier_id)
    )
    if dossier.version != before.version:
        made.kept.append(row.old_code)
        return
    if (
        dossier.home_agency_id != row.agency.pk
        or dossier.procedure_version.procedure_id != row.variant.version.procedure_id
    ):
        raise Refusal(
            _("Hồ sơ đã chuyển ở cơ quan hoặc thủ tục khác. Giữ như lần trước, hoặc ghi mã cũ khác."),
            code="moved_elsewhere",
        )
    _bring_up(row, dossier, before, chunk)
    made.changed += 1


# ── A new dossier


def _write(row: Planned, chunk: _Chunk) -> None:
    at, system = chunk.at, chunk.system
    dossier = _built(row, _applicant(row, at), uuid7(), chunk)
    _number(dossier, row, chunk)
    _stands(row, dossier, chunk)
    dossier.save(force_insert=True)
    chunk.beside += [
        ExternalCode(
            home_agency_id=dossier.home_agency_id, dossier=dossier, system=system, code=row.old_code
        ),
        MovedDossier(
            home_agency_id=dossier.home_agency_id, dossier=dossier, system=system, old_code=row.old_code,
            row_hash=row.row_hash, version=dossier.version, moved_at=at,
        ),
    ]  # fmt: skip
    record(
        actor=chunk.actor, verb=VERB, subject_kind=queries.SUBJECT, subject_id=dossier.pk,
        agency_id=dossier.home_agency_id, at=at, begins=True,
        payload=_facts(dossier, row) | {"system": system, "old_code": row.old_code},
    )  # fmt: skip


def _applicant(row: Planned, at: datetime) -> Applicant:
    """Find or register who applies. The program writes it down: the old system had it, no officer typed it."""
    values = row.values
    if values["tax_code"]:
        facts = OrganizationFacts(
            name=values["applicant"],
            tax_code=values["tax_code"],
            phone=values["phone"],
            address=values["address"],
        )
        return register_organization(facts=facts, actor=SYSTEM, at=at).applicant
    return find_or_register_person(facts=person_of(values), actor=SYSTEM, at=at).applicant


def _built(row: Planned, applicant: Applicant, pk: UUID, chunk: _Chunk) -> Dossier:
    values, state, at = row.values, row.state, chunk.at
    procedure = row.variant.version.procedure
    assert row.agency.calendar is not None, "the plan refuses rows of an agency without a calendar"
    unit = row.holding.unit.pk if row.holding else _reception(row, chunk)
    return Dossier(
        id=pk,
        home_agency=row.agency,
        competent_agency=row.agency,
        owner_unit_id=unit,
        visible_to=[row.agency.pk],
        procedure_version=row.variant.version,
        variant=row.variant,
        workflow_version_id=row.workflow_id,
        channel=row.channel,
        result_channel=words.ResultChannel.COUNTER,
        summary=values["summary"] or procedure.name[:1000],
        applicant=applicant,
        submitter=applicant,
        applicant_name=str(applicant)[:300],
        contact_phone=values["phone"],
        status=int(state.status),
        sub_status=str(state.sub),
        calendar=row.agency.calendar,
        convention=settings.DUE_CONVENTION,
        submitted_at=values["submitted"],
        accepted_at=values["accepted"] if state not in {states.NEW, states.ASKED_BEFORE} else None,
        # As promised on the old slip: no limit stands beside it, so that nothing here reckons it anew.
        original_due_at=values["due"],
        due_at=values["due"],
        paused_at=_paused_at(row, at),
        supplement_count=1 if state in {states.ASKED, states.ASKED_BEFORE} else 0,
        book=values["book"],
        book_number=values["book_number"],
    )


def _reception(row: Planned, chunk: _Chunk) -> int:
    """The unit that answers for a dossier nobody is named for: the agency's one-stop unit."""
    if row.agency.pk in chunk.receptions:
        return chunk.receptions[row.agency.pk]
    today = timezone.localdate()
    units = list(Unit.objects.filter(holds_on(today), agency=row.agency))
    if not units:
        raise Refusal(_("Cơ quan chưa có đơn vị nào. Thêm đơn vị rồi nhập lại."), code="no_unit")
    found = min(units, key=lambda unit: (unit.kind != UnitKind.ONE_STOP, unit.pk)).pk
    chunk.receptions[row.agency.pk] = found
    return found


def _number(dossier: Dossier, row: Planned, chunk: _Chunk) -> None:
    """Give the code, and what a new slip needs. An old code in the national form stays; its series goes on after."""
    agency = dossier.home_agency_id
    code = lookup.take_apart(row.old_code) if row.keeps_code else None
    if code is not None:
        dossier.code = str(code)
        raise_to(agency_id=agency, kind="dossier", period=f"{code.day:%Y-%m-%d}", last=code.number)
    else:
        day = timezone.localdate(chunk.at)
        if agency not in chunk.agency_codes:
            chunk.agency_codes[agency] = code_of(agency, day)
        number = next_number(agency_id=agency, kind="dossier", period=f"{day:%Y-%m-%d}")
        dossier.code = lookup.format_code(chunk.agency_codes[agency], day, number)
    if dossier.book and dossier.book_number:
        raise_to(agency_id=agency, kind="register", period=dossier.book, last=dossier.book_number)
    # A new number is after every code of its series that stayed: only a code that stays can be another's.
    if (agency, dossier.code) in chunk.codes_there:
        raise Refusal(
            _("Mã này đã là mã của một hồ sơ khác ở đây. Ghi mã khác rồi nhập lại."), code="code_taken"
        )
    chunk.codes_there.add((agency, dossier.code))
    dossier.secret, dossier.token = lookup.new_secret(), lookup.new_token()
    dossier.secret_hash = lookup.lookup_hash(f"{dossier.code}|{dossier.secret}", settings.INDEX_KEY)
    dossier.token_hash = lookup.lookup_hash(dossier.token, settings.INDEX_KEY)
    _index(dossier, row)


def _index(dossier: Dossier, row: Planned) -> None:
    dossier.found_by = search_marks.marks_of(dossier)
    dossier.search_text = f"{search_marks.text_of(dossier)} {fold(row.old_code)}"


def _stands(row: Planned, dossier: Dossier, chunk: _Chunk) -> None:
    """Say where the dossier stands: one open step with its owner, and the pause the old clock was in."""
    if row.step is None:
        return
    step, at = row.step, chunk.at
    if row.holding is not None:
        place = places.Place(
            dossier.home_agency_id,
            row.holding.unit.pk,
            row.holding.position.pk if row.holding.position else None,
        )
    else:
        place = places.place_for(step, dossier, on=timezone.localdate(at), tasks=[])
    paused = _paused_at(row, at)
    task = Task(
        home_agency_id=dossier.home_agency_id, dossier=dossier, number=1, step_key=step.key, step_name=step.name,
        kind=step.kind.value, completed_by=step.completed_by, role=step.role, agency_id=place.agency_id,
        unit_id=place.unit_id, position_id=place.position_id, is_owner=True,
        allowed_value=step.hours.value if step.hours else None,
        allowed_unit=step.hours.unit.value if step.hours else "", started_at=at,
        due_at=clock.step_due(clock.calendar_of(dossier), at, step.hours) if step.hours else None,
    )  # fmt: skip
    dossier.owner_unit_id = place.unit_id
    chunk.beside.append(task)
    if paused is not None:
        pause = Pause(
            home_agency_id=dossier.home_agency_id, dossier=dossier, kind=_PAUSES[row.state], started_at=paused,
            resume="continue", reason=_("Đang dừng khi chuyển từ hệ thống cũ"),
        )  # fmt: skip
        chunk.beside.append(pause)


_PAUSES = {states.ASKED: "supplement", states.MONEY: "money", states.SUSPENDED: "suspend"}


def _paused_at(row: Planned, at: datetime) -> datetime | None:
    return (row.values["paused"] or at) if row.state in states.PAUSED else None


# ── A row that was corrected


_ITS_OWN = (
    "variant", "procedure_version", "workflow_version", "channel", "summary", "applicant", "submitter",
    "applicant_name", "contact_phone", "status", "sub_status", "submitted_at", "accepted_at", "original_due_at",
    "due_at", "supplement_count", "book", "book_number", "owner_unit", "paused_at", "search_text", "found_by",
)  # fmt: skip


def _bring_up(row: Planned, dossier: Dossier, before: MovedDossier, chunk: _Chunk) -> None:
    """Bring a dossier that nobody has touched to what the corrected row says; its code and slip stay."""
    at = chunk.at
    same_person = fold(row.values["applicant"]) == fold(dossier.applicant_name)
    number_known = row.values["personal_id"] or row.values["tax_code"]
    applicant = dossier.applicant if same_person and not number_known else _applicant(row, at)
    wanted = _built(row, applicant, dossier.pk, chunk)
    wanted.code = dossier.code
    _index(wanted, row)
    changed = sorted(name for name in _ITS_OWN if _plain(wanted, name) != _plain(dossier, name))
    Task.objects.filter(dossier=dossier).delete()
    Pause.objects.filter(dossier=dossier).delete()
    for name in _ITS_OWN:
        setattr(dossier, _column(name), getattr(wanted, _column(name)))
    dossier.version += 1
    _stands(row, dossier, chunk)
    dossier.save(update_fields=[*_ITS_OWN, "version"])
    if dossier.book and dossier.book_number:
        raise_to(
            agency_id=dossier.home_agency_id, kind="register", period=dossier.book, last=dossier.book_number
        )
    MovedDossier.objects.filter(pk=before.pk).update(row_hash=row.row_hash, version=dossier.version)
    record(
        actor=chunk.actor, verb="move_in_again", subject_kind=queries.SUBJECT, subject_id=dossier.pk,
        agency_id=dossier.home_agency_id, at=at,
        payload=_facts(dossier, row) | {"changed": [name for name in changed if name not in _HIDDEN]},
    )  # fmt: skip


_HIDDEN = {"search_text", "found_by"}


def _column(name: str) -> str:
    return str(Dossier._meta.get_field(name).attname)  # type: ignore[union-attr]


def _plain(dossier: Dossier, name: str) -> Any:
    return getattr(dossier, _column(name))


def _facts(dossier: Dossier, row: Planned) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "status": [None, dossier.status],
        "sub_status": [None, dossier.sub_status],
        "due_at": dossier.due_at,
        "owner_unit": dossier.owner_unit_id,
        "procedure": row.variant.version.procedure.code,
        "holder": row.holding.position.pk if row.holding and row.holding.position else None,
    }


def split(rows: Sequence[Planned], size: int = CHUNK) -> list[Sequence[Planned]]:
    """Return the rows in chunks of one transaction each."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
