"""Prints and scans that the station at a counter does: asked for by a screen, pulled by the station, told back.

The station takes a job by a lease: a secret of this taking and a minute of time that it renews while it works. When it
dies, the job is given out again after that time, with a note that it was given before; the station looks into its own
journal whether the paper may have come out already, and says "unsure" rather than print twice. A person who stands
beside the printer settles that (`settle`). Nothing here waits for a station.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.files import operations as files
from motcua.base.files.models import StoredFile
from motcua.base.outbox.operations import publish
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.counters import permissions
from motcua.counters.events import StationJobEnded
from motcua.counters.models import Device, DeviceKind, JobKind, JobState, Pairing, StationJob, Ticket
from motcua.counters.models.station import JOB_MOVES, OPEN_JOBS
from motcua.counters.operations import devices, tickets
from motcua.counters.operations.common import NotNow, hall_of, tell
from motcua.counters.permissions import agency_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

LEASE = timedelta(seconds=60)
PRINT_WAITS, SCAN_WAITS = timedelta(minutes=2), timedelta(minutes=3)  # then other paper may lie there
SCANS_STAY = timedelta(days=1)  # pages nobody took
MOST_OPEN = 50  # of one station
MOST_PAIRING = 200  # of all devices that wait to be paired at one moment
MOST_TRIES = 5
MOST_PAGES = 1000  # that a station may speak of
RESOLUTIONS = (150, 200, 300, 400, 600)  # dots an inch
_SEEN_STEP = timedelta(seconds=20)
#: What a station may say went wrong; the words for people stand in `station_queries`.
PROBLEMS = frozenset(
    {
        "no_paper", "cover_open", "cutter", "printer_jam", "printer_paused", "no_printer", "printer",
        "no_scanner", "no_pages", "jam", "double_feed", "scanner_cover", "scanner_busy", "scanner",
        "refused", "station", "too_late", "withdrawn", "given_up",
    }
)  # fmt: skip


class TooMany(Refusal):
    """More asks than an honest crowd of devices makes."""

    code = "too_many"


class Spent(Refusal):
    """A token of a device that was taken away: it pairs no more."""

    code = "revoked"


class LeaseLost(Refusal):
    """The job is no longer this taking's: another taking, a withdrawal or an end came between."""

    code = "lease_lost"


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in the hands of a station, with the secret that lets it speak about it."""

    job: StationJob
    lease: str
    again: bool  # it was given out before, and its end was not told

    @property
    def mark(self) -> str:
        """What the station writes into its journal: another one where a person asked for the same paper once more."""
        return f"{self.job.pk}.{self.job.facts.get('round', 1)}"


# ── Asked for by a screen


@once("counters.send_print")
def send_print(
    *, station_id: int, subject_kind: str, subject_id: str, facts: dict[str, Any] | None = None, actor: Actor,
    at: datetime, key: str,
) -> StationJob:  # fmt: skip
    """Ask a station for a print: of a `ticket`, or of a `label` that shows `facts` (code, office, procedure, due_at).

    Refuses a device that is no station, and one with fifty jobs before this.
    """
    station = _station(station_id, "print", actor)
    if subject_kind not in {"ticket", "label"}:
        raise NotFound(_("Trạm ở quầy không in loại giấy này."))
    return _ask(station, JobKind.PRINT, subject_kind, subject_id, "", facts or {}, actor, at, PRINT_WAITS)


@once("counters.ask_scan")
def ask_scan(
    *, station_id: int, subject_kind: str, subject_id: str, line: str = "", duplex: bool = True,
    resolution: int = 300, colour: bool = False, glass: bool = False, actor: Actor, at: datetime, key: str,
) -> StationJob:  # fmt: skip
    """Ask a station to scan what lies in its feeder (or on its glass), for one line of a draft or dossier.

    The screen that asked takes the pages in by `collect`. The next scan there begins as this one, but for the glass.
    Refuses a resolution that scanners do not have.
    """
    station = _station(station_id, "scan", actor)
    if resolution not in RESOLUTIONS:
        raise Refusal(_("Độ nét từ 150 đến 600 dpi. Chọn lại."), code="bad_resolution")
    facts = {"duplex": duplex, "resolution": resolution, "colour": colour, "glass": glass}
    _remember(station, scan={name: facts[name] for name in ("duplex", "resolution", "colour")})
    return _ask(station, JobKind.SCAN, subject_kind, subject_id, line, facts, actor, at, SCAN_WAITS)


def _ask(
    station: Device, kind: JobKind, subject_kind: str, subject_id: str, line: str, facts: dict[str, Any],
    actor: Actor, at: datetime, waits: timedelta,
) -> StationJob:  # fmt: skip
    open_now = StationJob.objects.filter(station=station, state__in=OPEN_JOBS, expires_at__gt=at)
    if open_now.count() >= MOST_OPEN:
        raise TooMany(
            _("Trạm ở quầy đang có %(n)s việc chờ. Xem máy in, máy quét rồi thử lại.") % {"n": MOST_OPEN}
        )
    return StationJob.objects.create(
        home_agency_id=agency_of(station.hall), station=station, kind=kind, subject_kind=subject_kind,
        subject_id=subject_id, line=line, facts=facts, asked_by=actor.account_id, asked_at=at, expires_at=at + waits,
    )  # fmt: skip


@once("counters.settle_print")
def settle(*, job_id: UUID, came_out: bool, actor: Actor, at: datetime, key: str) -> StationJob:
    """Say whether a paper came out, where the station cannot know. No: it is printed again."""
    job = _locked(job_id)
    permissions.require("print", actor, job.station.hall)
    if job.state != JobState.UNSURE:
        raise NotNow(_("Việc in này đã rõ rồi. Tải lại trang để xem."), code="settled")
    if came_out:
        _end(job, JobState.DONE, at)
    else:
        facts = {**job.facts, "round": job.facts.get("round", 1) + 1}
        _move(
            job, JobState.WAITING, lease_hash=None, lease_until=None, tries=0, expires_at=at + PRINT_WAITS,
            facts=facts, problem="",
        )  # fmt: skip
    return job


@once("counters.withdraw_job")
def withdraw(*, job_id: UUID, actor: Actor, at: datetime, key: str) -> StationJob:
    """Take a job back that the station has not begun, left, or cannot say how it went, and a scan at any time.

    A scanner that runs hears of it within seconds and stops. Twice is once.
    """
    job = _locked(job_id)
    permissions.require("print", actor, job.station.hall)
    left = job.state == JobState.TAKEN and job.lease_until is not None and job.lease_until < at
    runs = job.kind == JobKind.SCAN and job.state == JobState.TAKEN
    if left or runs or job.state in {JobState.WAITING, JobState.UNSURE}:
        _end(job, JobState.FAILED, at, problem="withdrawn")
    return job


def collect(*, job_id: UUID, actor: Actor, at: datetime) -> StoredFile:
    """Hand the scanned pages to the screen that asked for them, for good: it hangs the file where it belongs.

    Refuses anybody but who asked, and pages that were taken already or never came.
    """
    job = _locked(job_id)
    if job.asked_by is None or job.asked_by != actor.account_id or job.kind != JobKind.SCAN:
        raise NotFound(_("Không có bản quét này."))
    if job.state != JobState.DONE or job.file is None or job.collected_at is not None:
        raise NotNow(
            _("Bản quét này đã được lấy, hoặc chưa quét xong. Tải lại trang để xem."), code="collected"
        )
    job.collected_at, stored, job.file = at, job.file, None
    job.save(update_fields=["collected_at", "file"])
    return stored


# ── Pulled and told by a station


def pairing(token: str, at: datetime) -> Device | str:
    """Return the station that holds `token`, or the letters it shows until an officer pairs it.

    Refuses a token of another kind of device or of one taken away, and too many devices that wait at once.
    """
    device = devices.device_of(token)
    if device is not None:
        if device.kind != DeviceKind.STATION:
            raise NotPermitted(_("Thiết bị này không phải trạm in và quét."))
        return device
    if devices.is_spent(token):
        raise Spent(_("Trạm này đã bị gỡ. Trạm tự xin mã ghép mới."))
    known = Pairing.objects.filter(token_hash=devices.token_hash(token)).exists()
    if not known and Pairing.objects.filter(asked_at__gte=at - devices.LASTS).count() >= MOST_PAIRING:
        raise TooMany(_("Có quá nhiều thiết bị đang chờ ghép. Thử lại sau mười phút."))
    return devices.ask(token, at)


def alive(station: Device, *, can: list[str], scanner: dict[str, Any] | None = None, at: datetime) -> None:
    """Keep that a station is there, in steps of 20 seconds, and what it has: a printer, a scanner, and of what kind."""
    told: dict[str, Any] = {"can": sorted(set(can) & {"print", "scan"})}
    if scanner is not None:
        told["scanner"] = scanner
    _remember(station, **told)
    Device.objects.filter(Q(seen_at=None) | Q(seen_at__lt=at - _SEEN_STEP), pk=station.pk).update(seen_at=at)


def _remember(station: Device, **what: Any) -> None:
    """Keep something among the settings of a station, beside what others keep there."""
    if all(station.settings.get(name) == value for name, value in what.items()):
        return
    now = Device.objects.select_for_update().get(pk=station.pk)
    station.settings = now.settings = {**now.settings, **what}
    now.save(update_fields=["settings"])


def take(*, station: Device, can: list[str], at: datetime) -> Taken | None:
    """Give a station its next job: the oldest that waits, or one whose lease ended without a word."""
    kinds = [kind for kind in JobKind.values if kind in can]
    job = (
        StationJob.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(state=JobState.WAITING, expires_at__gt=at) | Q(state=JobState.TAKEN, lease_until__lt=at))
        .filter(station=station, kind__in=kinds)
        .select_related("station__hall__point__shop")
        .order_by("asked_at", "id")
        .first()
    )
    if job is None:
        return None
    again = job.state == JobState.TAKEN
    if job.tries >= MOST_TRIES:
        _end(job, JobState.FAILED, at, problem="given_up")
        return None
    lease = secrets.token_urlsafe(24)
    _move(
        job, JobState.TAKEN, lease_hash=devices.token_hash(lease), lease_until=at + LEASE, tries=job.tries + 1
    )
    return Taken(job, lease, again)


def held(*, job_id: UUID, lease: str, station: Device, at: datetime) -> StationJob:
    """Return a job that this taking holds, its lease begun anew; refuses another's."""
    job = _locked(job_id)
    if not _own(job, lease, station):
        raise LeaseLost(_("Việc này không còn ở trạm này."))
    if job.state == JobState.TAKEN:
        job.lease_until = at + LEASE
        job.save(update_fields=["lease_until"])
    return job


def hold(*, job_id: UUID, lease: str, station: Device, pages: int = 0, at: datetime) -> None:
    """Begin the lease anew, keep how many pages there are. Refuses (`LeaseLost`) where nobody wants them any more."""
    job = held(job_id=job_id, lease=lease, station=station, at=at)
    if job.state != JobState.TAKEN:
        raise LeaseLost(_("Việc này đã được bỏ."))
    if job.kind == JobKind.SCAN and 0 < pages <= MOST_PAGES and job.facts.get("pages") != pages:
        job.facts = {**job.facts, "pages": pages}
        job.save(update_fields=["facts"])


def finish(*, job_id: UUID, lease: str, station: Device, at: datetime) -> StationJob:
    """Say that a paper came out: a ticket is real from now on. Twice is once."""
    job = held(job_id=job_id, lease=lease, station=station, at=at)
    if job.kind == JobKind.SCAN:
        raise NotNow(_("Bản quét xong khi các trang đã gửi lên."), code="no_pages")
    if job.state == JobState.TAKEN:
        _end(job, JobState.DONE, at)
    return job


def fail(
    *, job_id: UUID, lease: str, station: Device, problem: str, unsure: bool = False, at: datetime
) -> StationJob:
    """Say that it did not work, or with `unsure` that the paper may have come out all the same. Twice is once."""
    job = held(job_id=job_id, lease=lease, station=station, at=at)
    if job.state != JobState.TAKEN:
        return job
    word = problem if problem in PROBLEMS else "printer" if job.kind == JobKind.PRINT else "scanner"
    if unsure and job.kind == JobKind.PRINT:
        _move(job, JobState.UNSURE, problem=word)
        _tell_hall(job, "print_unsure", at)
    else:
        _end(job, JobState.FAILED, at, problem=word)
    return job


def receive(
    *, job_id: UUID, lease: str, station: Device, stream: BinaryIO, name: str, at: datetime
) -> StationJob:  # fmt: skip
    """Take the scanned pages in, as one file, and end the job. The same pages sent twice count once.

    Refuses what `files.operations.store` refuses; the job then fails, and says so to who asked.
    """
    job = held(job_id=job_id, lease=lease, station=station, at=at)
    if job.kind != JobKind.SCAN:
        raise NotFound(_("Việc này không phải việc quét."))
    if job.state != JobState.TAKEN:
        return job
    # Whoever asked for the scan is who handed the pages in, not the machine.
    scanner = Actor(kind="officer", account_id=job.asked_by, agency_id=job.home_agency_id)
    job.file = files.store(
        stream=stream,
        filename=name,
        actor=scanner,
        at=at,
        purpose=job.subject_kind,
        agency_id=job.home_agency_id,
    )
    job.save(update_fields=["file"])
    _end(job, JobState.DONE, at)
    return job


# ── What goes again


def sweep(at: datetime) -> int:
    """End what waited too long, drop pages nobody took for a day, delete old jobs; return how many were deleted."""
    late = Q(state=JobState.WAITING, expires_at__lt=at) | Q(
        state__in=(JobState.TAKEN, JobState.UNSURE), expires_at__lt=at - SCANS_STAY
    )
    for job in StationJob.objects.filter(late).select_related("station__hall__point__shop"):
        _end(job, JobState.FAILED, at, problem="too_late")
    left = StationJob.objects.filter(collected_at=None, file__isnull=False, ended_at__lt=at - SCANS_STAY)
    StoredFile.objects.filter(pk__in=list(left.values_list("file_id", flat=True))).delete()
    gone, _by_model = _old(at - keep("station_jobs")).delete()
    return swept("station_jobs", gone, at=at)


def ended_before(before: datetime) -> int:
    """Return how many jobs ended before a moment and would be deleted by it."""
    return _old(before).count()


def _old(before: datetime) -> QuerySet[StationJob]:
    return StationJob.objects.filter(ended_at__lt=before, file=None)


# ── Inside


def _station(station_id: int, verb: str, actor: Actor) -> Device:
    station = (
        Device.objects.filter(pk=station_id, kind=DeviceKind.STATION, revoked_at=None)
        .select_related("hall__point__shop")
        .first()
    )
    if station is None:
        raise NotFound(_("Không còn trạm in và quét này. Hỏi quản trị đơn vị."))
    permissions.require(verb, actor, station.hall)
    return station


def _locked(job_id: UUID) -> StationJob:
    job = (
        StationJob.objects.select_for_update(of=("self",))
        .filter(pk=job_id)
        .select_related("station__hall__point__shop", "file")
        .first()
    )
    if job is None:
        raise NotFound(_("Không có việc in hay quét này."))
    return job


def _own(job: StationJob, lease: str, station: Device) -> bool:
    kept = bytes(job.lease_hash or b"")
    return (
        job.station_id == station.pk
        and bool(kept)
        and secrets.compare_digest(kept, devices.token_hash(lease))
    )


def _move(job: StationJob, state: JobState, **changes: Any) -> None:
    if state not in JOB_MOVES[JobState(job.state)]:
        raise NotNow(_("Việc này đã đổi. Tải lại trang để xem."), code="job_moved")
    job.state = state
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=["state", *changes])


def _end(job: StationJob, state: JobState, at: datetime, *, problem: str = "") -> None:
    """Close a job, let a printed ticket be real, and ring."""
    _move(job, state, ended_at=at, problem=problem)
    if job.kind == JobKind.PRINT and job.subject_kind == "ticket":
        if state == JobState.DONE:
            _confirm(job, at)
        else:
            _tell_hall(job, "not_printed", at)
    publish(
        StationJobEnded(
            subject_id=str(job.pk), agency_id=job.home_agency_id, at=at, hall=job.station.hall_id, job=str(job.pk),
            state=state,
        )
    )  # fmt: skip


def _confirm(job: StationJob, at: datetime) -> None:
    try:
        tickets.confirm(
            ticket_id=UUID(job.subject_id),
            actor=devices.actor_of(job.station),
            at=at,
            key=f"station:{job.pk}",
        )
    except Refusal:  # void meanwhile: the paper stays void, an officer who sees it may let it count again
        _tell_hall(job, "printed_too_late", at)


def _tell_hall(job: StationJob, verb: str, at: datetime) -> None:
    """Write it into the history of the hall's day and ring: whoever is at the counters sees that paper is missing."""
    if job.subject_kind != "ticket":
        return
    ticket = Ticket.objects.filter(pk=UUID(job.subject_id)).first()
    if ticket is not None:
        ticket.hall = hall_of(ticket.hall_id)
        tell(ticket, verb, devices.actor_of(job.station), at, station=job.station_id, problem=job.problem)
