"""What is read of stations and their jobs: which one stands at an officer's counter, how a job stands, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.counters import permissions
from motcua.counters.models import Device, DeviceKind, JobKind, JobState, Shift, StationJob, Ticket
from motcua.counters.models.station import OPEN_JOBS
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

ALIVE = timedelta(seconds=60)
SILENT = timedelta(minutes=3)  # a machine that restarts is no trouble yet
_LATELY = timedelta(minutes=30)
_SLOW = timedelta(seconds=5)  # a station that is there takes a job within two
_SHOWN = 20

_PROBLEMS = {
    "no_paper": gettext_lazy("Máy in hết giấy. Thay cuộn giấy rồi in lại."),
    "cover_open": gettext_lazy("Nắp máy in đang mở. Đóng nắp rồi in lại."),
    "cutter": gettext_lazy("Dao cắt của máy in bị kẹt. Mở nắp, gỡ giấy vụn, đóng nắp rồi in lại."),
    "printer_jam": gettext_lazy("Máy in kẹt giấy. Gỡ giấy kẹt rồi in lại."),
    "printer_paused": gettext_lazy("Máy in đang tạm dừng trên máy tính ở quầy. Cho in tiếp (CUPS) rồi in lại."),
    "no_printer": gettext_lazy("Trạm không thấy máy in. Xem máy in đã bật và cắm dây chưa, rồi in lại."),
    "printer": gettext_lazy("Máy in không in được. Xem máy in, tắt bật lại rồi in lại."),
    "no_scanner": gettext_lazy("Trạm không thấy máy quét. Xem máy quét đã bật và cắm dây chưa, rồi quét lại."),
    "no_pages": gettext_lazy("Khay nạp giấy của máy quét trống. Đặt giấy vào khay rồi quét lại."),
    "jam": gettext_lazy("Máy quét kẹt giấy. Gỡ giấy, xếp lại cả tập rồi quét lại từ đầu."),
    "double_feed": gettext_lazy("Máy quét kéo hai tờ một lúc. Xòe giấy, bỏ ghim, xếp lại cả tập rồi quét lại từ đầu."),
    "scanner_cover": gettext_lazy("Nắp máy quét đang mở. Đóng nắp, xếp lại cả tập rồi quét lại."),
    "scanner_busy": gettext_lazy("Máy quét đang bận việc khác. Chờ một lát rồi quét lại."),
    "scanner": gettext_lazy("Máy quét không quét được. Tắt bật máy quét rồi quét lại."),
    "refused": gettext_lazy("Bản quét không đọc được hoặc quá lớn nên chưa nhận. Quét lại với ít trang hơn."),
    "station": gettext_lazy("Máy tính ở quầy không ghi được (đầy đĩa?). Dọn đĩa hoặc gọi người quản trị, rồi làm lại."),
    "too_late": gettext_lazy("Trạm ở quầy không nhận việc kịp. Xem máy tính ở quầy có bật không, rồi làm lại."),
    "withdrawn": gettext_lazy("Đã bỏ. Nếu giấy còn trong khay máy quét thì lấy ra, xếp lại cả tập rồi quét lại."),
    "given_up": gettext_lazy("Trạm ở quầy tắt giữa chừng nhiều lần. Khởi động lại máy tính ở quầy rồi làm lại."),
}  # fmt: skip


#: What is asked when nobody but who stands there can know whether the paper is whole.
_DOUBTS = {
    "no_paper": gettext_lazy("Hết giấy giữa lúc in. Thay cuộn giấy rồi xem: phiếu đã ra đủ chưa?"),
    "cover_open": gettext_lazy("Nắp máy in mở giữa lúc in. Đóng nắp rồi xem: phiếu đã ra đủ chưa?"),
    "cutter": gettext_lazy("Dao cắt kẹt giữa lúc in. Gỡ giấy vụn rồi xem: phiếu đã ra đủ chưa?"),
    "printer_jam": gettext_lazy("Kẹt giấy giữa lúc in. Gỡ giấy rồi xem: phiếu đã ra đủ chưa?"),
    "no_printer": gettext_lazy(
        "Mất máy in giữa lúc in. Xem máy in đã bật và cắm dây chưa: phiếu đã ra đủ chưa?"
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands for who asked: `state` for a script, `words` for a person, `ask` when a person must say.

    `may_withdraw`: the station has not begun, or is away.
    """

    state: str
    words: str
    open: bool
    ask: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """The stations at an officer's counter that were heard of within the last minute."""

    prints: Device | None = None
    scans: Device | None = None


def here(actor: Actor, at: datetime) -> Here:
    """Return what stands at the counter where the officer sits now (one query; none for who never sits at one)."""
    if actor.kind != "officer" or actor.account_id is None or not actor.has(*permissions.SERVES):
        return Here()
    mine = Shift.objects.filter(account_id=actor.account_id, ended_at=None).values("counter_id")
    found = list(_alive(at).filter(counter_id__in=mine))
    return Here(_first(found, "print"), _first(found, "scan"))


def printer_of(kiosk: Device, at: datetime) -> Device | None:
    """Return the station that prints for a kiosk: the one its settings name, else the only one of its hall that can."""
    found = [
        one for one in _alive(at).filter(hall_id=kiosk.hall_id) if "print" in one.settings.get("can", ())
    ]
    named = kiosk.settings.get("station")
    if named is not None:
        return next((one for one in found if one.pk == named), None)
    return found[0] if len(found) == 1 else None


def _alive(at: datetime) -> QuerySet[Device]:
    rows = Device.objects.filter(kind=DeviceKind.STATION, revoked_at=None, seen_at__gte=at - ALIVE)
    return rows.order_by("-seen_at", "pk")


def _first(found: list[Device], verb: str) -> Device | None:
    return next((one for one in found if verb in one.settings.get("can", ())), None)


@dataclass(frozen=True, slots=True)
class ScanChoices:
    """How the scanner at a counter may scan, and what stands chosen: as it was scanned there last.

    One resolution, or no `duplex`, `colour`, `glass`: there is nothing to choose.
    """

    resolutions: tuple[int, ...]
    resolution: int
    duplex: bool
    colour: bool
    glass: bool
    two_sides: bool = True
    in_colour: bool = False


OFFERED = (200, 300, 400)  # dots an inch: read by people and by machines, and still small enough to send
_USUAL = 300


def scan_choices(station: Device) -> ScanChoices:
    """Return what an officer may choose; a station that does not say what it has is taken to have all but a glass."""
    has = station.settings.get("scanner") or {
        "resolutions": list(OFFERED),
        "duplex": True,
        "colour": True,
        "glass": False,
    }
    found = (
        tuple(one for one in has["resolutions"] if one in OFFERED) or tuple(has["resolutions"]) or (_USUAL,)
    )
    last = station.settings.get("scan", {})
    wanted = last.get("resolution", _USUAL)
    return ScanChoices(
        resolutions=found,
        resolution=next((one for one in found if one >= wanted), found[-1]),
        duplex=has["duplex"],
        colour=has["colour"],
        glass=has["glass"],
        two_sides=has["duplex"] and last.get("duplex", True),
        in_colour=has["colour"] and last.get("colour", False),
    )


def job_of(actor: Actor, job_id: UUID) -> StationJob:
    """Return a job that the actor asked for; anybody else's and none at all answer alike."""
    job = StationJob.objects.filter(pk=job_id, asked_by=actor.account_id or 0).first()
    if job is None:
        raise NotFound(_("Không có việc in hay quét này."))
    return job


def under_way(actor: Actor, subject_kind: str, subject_id: str, at: datetime) -> dict[str, StationJob]:
    """Return the actor's scans for a draft or dossier that are not ended, or whose pages wait, by line."""
    rows = StationJob.objects.filter(
        Q(state__in=OPEN_JOBS, expires_at__gt=at) | Q(state=JobState.DONE, file__isnull=False),
        kind=JobKind.SCAN, subject_kind=subject_kind, subject_id=subject_id, asked_by=actor.account_id or 0,
    )  # fmt: skip
    return {job.line: job for job in rows.order_by("asked_at")[:_SHOWN]}


def last_print(subject_kind: str, subject_id: str) -> StationJob | None:
    """Return the newest print of a ticket or label: whether its paper is there."""
    rows = StationJob.objects.filter(kind=JobKind.PRINT, subject_kind=subject_kind, subject_id=subject_id)
    return rows.order_by("-asked_at").first()


def ticket_for(actor: Actor, ticket_id: UUID) -> Ticket:
    """Return a ticket of a hall where the actor gives numbers out, ready to be drawn."""
    rows = Ticket.objects.filter(pk=ticket_id).select_related("service", "hall__point__shop__agency")
    ticket = rows.first()
    if ticket is None or not permissions.may("issue", actor, ticket.hall):
        raise NotFound(_("Không tìm thấy số này."))
    return ticket


def troubles(hall_id: int, at: datetime) -> QuerySet[StationJob]:
    """Return the prints of a hall's last half hour whose paper did not come out, or of which nobody knows."""
    return (
        StationJob.objects.filter(
            Q(state__in=(JobState.FAILED, JobState.UNSURE)) | Q(state=JobState.WAITING, expires_at__lt=at),
            kind=JobKind.PRINT, station__hall_id=hall_id, asked_at__gte=at - _LATELY,
        )
        .exclude(problem="withdrawn")
        .select_related("station__counter")
        .order_by("-asked_at")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """A station that needs somebody: what is wrong and what to do, since when, numbers whose paper is in doubt."""

    station: Device
    words: str
    since: datetime
    labels: tuple[str, ...] = ()


def trouble(hall_id: int, at: datetime, *, counter_id: int | None = None) -> list[Trouble]:
    """Return the stations of a hall (or of one counter) that are silent, or whose last print or scan did not work.

    What worked since is no trouble any more; a station that is silent is named for that alone.
    """
    rows = Device.objects.filter(kind=DeviceKind.STATION, revoked_at=None, hall_id=hall_id)
    stations = list((rows.filter(counter_id=counter_id) if counter_id else rows).select_related("counter"))
    if not stations:
        return []
    labels = _in_doubt(hall_id, at)
    jobs = (
        StationJob.objects.filter(station__in=stations, asked_at__gte=at - _LATELY)
        .exclude(problem="withdrawn")
        .exclude(state=JobState.TAKEN)
        .exclude(state=JobState.WAITING, expires_at__gte=at)
    )
    last: dict[tuple[int, str], StationJob] = {}
    for job in jobs.order_by("asked_at"):
        last[job.station_id, job.kind] = job
    found = []
    for one in stations:
        heard = one.seen_at or one.paired_at
        if heard < at - SILENT:
            words = _("Không trả lời. Xem máy tính ở đó có bật, có mạng và chương trình trạm có chạy không.")
            found.append(Trouble(one, words, heard, labels.get(one.pk, ())))
            continue
        for kind in JobKind.values:
            newest = last.get((one.pk, kind))
            if newest is not None and newest.state != JobState.DONE:
                doubts = labels.get(one.pk, ()) if kind == JobKind.PRINT else ()
                found.append(Trouble(one, standing(newest, at).words, newest.asked_at, doubts))
    return found


def _in_doubt(hall_id: int, at: datetime) -> dict[int, tuple[str, ...]]:
    """Return, by station, the numbers of the last half hour that nobody is known to hold on paper."""
    bad = [one for one in troubles(hall_id, at) if one.subject_kind == "ticket"]
    waits = dict(
        Ticket.objects.filter(pk__in={one.subject_id for one in bad}, real_at=None).values_list("pk", "label")
    )
    found: dict[int, dict[str, None]] = {}
    for one in reversed(bad):
        if (label := waits.get(UUID(one.subject_id))) is not None:
            found.setdefault(one.station_id, {})[label] = None
    return {station: tuple(labels) for station, labels in found.items()}


def printers(hall_id: int, at: datetime) -> list[Device]:
    """Return the stations of a hall that print now, those at the guide desk (at no counter) first."""
    rows = [
        one
        for one in _alive(at).filter(hall_id=hall_id).select_related("counter")
        if "print" in one.settings.get("can", ())
    ]
    return sorted(rows, key=lambda one: (one.counter_id is not None, one.name, one.pk))


def standing(job: StationJob, at: datetime) -> Standing:
    """Say how a job stands."""
    printing = job.kind == JobKind.PRINT
    if job.state == JobState.WAITING and job.expires_at < at:
        return Standing("failed", problem_words("too_late"), open=False)
    if job.state == JobState.WAITING:
        slow = job.asked_at < at - _SLOW
        return Standing("waiting", _("Đã gửi tới trạm ở quầy…"), open=True, may_withdraw=slow)
    if job.state == JobState.TAKEN and job.lease_until is not None and job.lease_until < at:
        words = _("Mất liên lạc với trạm ở quầy. Xem máy tính ở quầy; bật lại thì trạm làm tiếp.")
        return Standing("away", words, open=True, may_withdraw=True)
    if job.state == JobState.TAKEN and printing:
        return Standing("taken", _("Đang in…"), open=True)
    if job.state == JobState.TAKEN:
        pages = job.facts.get("pages", 0)
        words = _("Đang quét… được %(n)s trang.") % {"n": pages} if pages else _("Đang quét…")
        return Standing("taken", words, open=True, may_withdraw=True)
    if job.state == JobState.UNSURE:
        doubt = _DOUBTS.get(job.problem)
        words = str(doubt) if doubt else _("Trạm bị ngắt giữa lúc in. Xem máy in: giấy đã ra chưa?")
        return Standing("unsure", words, open=True, ask=True)
    if job.state == JobState.DONE:
        return Standing("done", _("Đã in.") if printing else _("Đã quét xong."), open=False)
    if job.problem == "withdrawn" and printing:
        return Standing("failed", _("Đã bỏ việc này."), open=False)
    return Standing("failed", problem_words(job.problem), open=False)


def problem_words(problem: str) -> str:
    """Say what went wrong and what to do."""
    return str(_PROBLEMS.get(problem, _PROBLEMS["printer"]))
