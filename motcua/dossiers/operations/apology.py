"""Apologies: prepared by the system, reasoned by the holder, approved by a leader (`pauses.extend`); never silent.

Whoever holds the dossier fills in the reason or says that it will be done in time; a holder who changes takes that
over with the dossier. A date that moves makes what was prepared for it lapse.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from motcua.dossiers import clock, lateness
from motcua.dossiers.models import Apology, Dossier
from motcua.dossiers.models.apology import OPEN_STATES, ApologyState
from motcua.dossiers.operations import acts, news
from motcua.lib.actor import Actor
from motcua.lib.personal_traces import number_in
from motcua.lib.refusal import Refusal

#: The row of the table that every act on an apology stands by: only while the clock runs.
_LIKE = "extend"


@transaction.atomic
def prepare(*, dossier_id: UUID, due_at: datetime, actor: Actor, at: datetime) -> Dossier:
    """Prepare an apology for a date that is near: a new date, and the last moment to send it. Once a date.

    Refuses a date that has moved since the caller looked, and a dossier that was given its one new date already.
    """
    act = _begin("prepare_apology", dossier_id, actor, at, _key("prepare", dossier_id, due_at))
    if act.repeated:
        return act.dossier
    _still(act, due_at)
    if act.dossier.extended_at is not None:
        raise acts.NotAllowedNow(_("Hồ sơ đã được hẹn lại một lần; pháp luật không cho hẹn lại lần hai."))
    row = _row(act)
    return act.note({"due": row.due_at, "new_due_at": row.new_due_at, "say_by": row.say_by})


@transaction.atomic
def propose(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, new_due_at: datetime, reason: str,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Fill in why it will be late and until when, and put it to a leader. May be said anew until a leader decides."""
    body = {"new_due_at": new_due_at, "reason": reason}
    act = _begin("propose_apology", dossier_id, actor, at, key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    check(act, new_due_at, reason)
    row = _row(act)
    waits = row.state == ApologyState.PROPOSED
    _save(
        row, state=ApologyState.PROPOSED, new_due_at=new_due_at, reason=reason.strip(), proposed_at=at,
        proposed_by_id=actor.position_id, decided_at=None, decided_by_id=None,
    )  # fmt: skip
    if not waits:  # said anew before anybody decided: the leaders know
        news.apology_waits(act, row)
    return act.note({"due": row.due_at, "new_due_at": new_due_at, "reason": reason})


@transaction.atomic
def send_back(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, seen: int | None = None
) -> Dossier:
    """Give a proposed apology back to whoever holds the dossier, saying what to change. What was typed stays."""
    act = _begin("return_apology", dossier_id, actor, at, key, body={"reason": reason}, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise Refusal(_("Ghi cần sửa gì để người giữ hồ sơ làm lại."), field="reason")
    row = _open_row(act.dossier)
    if row is None or row.due_at != act.dossier.due_at or row.state != ApologyState.PROPOSED:
        raise acts.NotAllowedNow(
            _("Không còn đề nghị xin lỗi nào chờ duyệt ở hồ sơ này. Tải lại trang để xem.")
        )
    _save(row, state=ApologyState.PREPARED, decided_at=at, decided_by_id=actor.position_id)
    return act.note({"due": row.due_at, "reason": reason.strip()})


@transaction.atomic
def wave_off(*, dossier_id: UUID, actor: Actor, at: datetime, key: str, seen: int | None = None) -> Dossier:
    """Say that the dossier will be done in time: nothing is sent. Refuses once the date has passed."""
    act = _begin("wave_off", dossier_id, actor, at, key, seen=seen)
    if act.repeated:
        return act.dossier
    row = _open_row(act.dossier)
    if row is None or row.due_at != act.dossier.due_at:
        raise acts.NotAllowedNow(
            _("Không còn văn bản xin lỗi nào chờ anh/chị ở hồ sơ này. Tải lại trang để xem.")
        )
    if at > row.due_at:
        raise Refusal(
            _("Đã quá ngày hẹn nên không thể báo kịp hạn nữa. Ghi lý do chậm và trình lãnh đạo xin lỗi.")
        )
    _save(row, state=ApologyState.WAVED_OFF, decided_at=at, decided_by_id=actor.position_id)
    return act.note({"due": row.due_at})


@transaction.atomic
def note_late(*, dossier_id: UUID, due_at: datetime, actor: Actor, at: datetime) -> Dossier:
    """Write into the history that a date passed without an apology, or that even the new date passed. Once a date.

    What was waved off waits for its reason again.
    """
    act = _begin("note_late", dossier_id, actor, at, _key("late", dossier_id, due_at))
    if act.repeated:
        return act.dossier
    _still(act, due_at)
    if at <= due_at:
        raise acts.NotAllowedNow(_("Ngày hẹn chưa qua."))
    row = _row(act)
    again = act.dossier.extended_at is not None
    state = ApologyState.SPENT if again else row.state
    if state == ApologyState.WAVED_OFF:
        state = ApologyState.PREPARED
    _save(row, state=state, missed_at=at)
    return act.note({"due": row.due_at, "again": again})


def check(act: acts.Act, new_due_at: datetime, reason: str) -> None:
    """Refuse a second new date, one that is not later than the present one or lies outside office hours."""
    dossier = act.dossier
    if dossier.due_at is None:
        raise Refusal(_("Hồ sơ này không có ngày hẹn trả nên không cần gia hạn."))
    if dossier.extended_at is not None:
        raise Refusal(_("Hồ sơ đã được hẹn lại một lần; pháp luật không cho hẹn lại lần hai."))
    if not reason.strip():
        raise Refusal(_("Ghi lý do chậm: lý do được in trên văn bản xin lỗi."), field="reason")
    if found := number_in(reason):
        raise Refusal(
            _("Người dân đọc nguyên văn lý do này, nên không được ghi số giấy tờ hay số điện thoại của ai. "
              "Bỏ “%(number)s” rồi gửi lại.") % {"number": found},
            code="personal_number", field="reason",
        )  # fmt: skip
    if new_due_at <= dossier.due_at or new_due_at <= act.at:
        raise Refusal(_("Ngày hẹn mới phải sau ngày hẹn cũ và sau lúc này."), field="new_due_at")
    if not clock.in_office_hours(clock.calendar_of(dossier), new_due_at):
        raise Refusal(_("Ngày hẹn mới rơi vào ngày nghỉ hoặc ngoài giờ làm việc."), field="new_due_at")


def approve(act: acts.Act, *, new_due_at: datetime, reason: str) -> None:
    """Close what was prepared, inside the act that issues the apology; before the date moves."""
    due_at = act.dossier.due_at
    assert due_at is not None
    Apology.objects.filter(dossier=act.dossier, due_at=due_at).update(
        state=ApologyState.APPROVED, new_due_at=new_due_at, reason=reason.strip(), decided_at=act.at,
        decided_by_id=act.actor.position_id,
    )  # fmt: skip


_LAPSE = """
update dossiers_apology a set state = 'lapsed' from dossiers_dossier d
where a.state in ('prepared', 'proposed') and d.id = a.dossier_id
  and (d.due_at is distinct from a.due_at or d.extended_at is not null or d.finished_at is not null)
"""


@transaction.atomic
def lapse_moved() -> int:
    """Let go of what was prepared for dates that moved and dossiers that ended; return how many. By the system."""
    with connection.cursor() as cursor:
        cursor.execute(_LAPSE)
        return int(cursor.rowcount)


# ── Rows


def _begin(
    verb: str, dossier_id: UUID, actor: Actor, at: datetime, key: str, *, body: dict[str, object] | None = None,
    seen: int | None = None,
) -> acts.Act:  # fmt: skip
    return acts.begin(
        verb, dossier_id=dossier_id, actor=actor, at=at, key=key, body=body or {}, seen=seen, moves_as=_LIKE
    )


def _key(what: str, dossier_id: UUID, due_at: datetime) -> str:
    return f"{what}:{dossier_id}:{int(due_at.timestamp())}"


def _still(act: acts.Act, due_at: datetime) -> None:
    if act.dossier.due_at != due_at:
        raise acts.NotAllowedNow(_("Ngày hẹn đã dời sau lúc hệ thống xem."))


def _open_row(dossier: Dossier) -> Apology | None:
    return Apology.objects.filter(dossier=dossier, state__in=OPEN_STATES).first()


def _row(act: acts.Act) -> Apology:
    """Return the row for the date in force, made if there is none; what was open for another date lapses."""
    dossier = act.dossier
    assert dossier.due_at is not None
    others = Apology.objects.filter(dossier=dossier, state__in=OPEN_STATES).exclude(due_at=dossier.due_at)
    others.update(state=ApologyState.LAPSED)
    start, due_at = lateness.began(dossier), dossier.due_at
    row, _made = Apology.objects.get_or_create(
        home_agency_id=dossier.home_agency_id,
        dossier=dossier,
        due_at=due_at,
        defaults={
            "agency_id": dossier.competent_agency_id,
            "state": ApologyState.PREPARED,
            "say_by": lateness.say_by(act.calendar, start=start, due=due_at),
            "new_due_at": lateness.new_date(act.calendar, start=start, due=due_at, now=act.at),
            "prepared_at": act.at,
        },
    )
    return row


def _save(row: Apology, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
