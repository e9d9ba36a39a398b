"""Custody of paper: begin, hand over on a slip, take line by line, settle what is missing, give back, file away.

The giver holds a bundle until somebody confirms that it arrived, so it is never in two hands and never in none. Each
act stands in the history of every dossier it concerns. Locks are taken in one order: the slip, then holdings by key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Point, Unit, holds_on
from motcua.agencies.queries import code_of
from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.base.calendars.queries import working_calendar
from motcua.base.numbering.operations import next_number
from motcua.dossiers import custody_rights as rights
from motcua.dossiers import lateness, queries, states
from motcua.dossiers.custody_words import OPEN_LINES, Bundle, Ended, LineState, SlipState
from motcua.dossiers.models import Dossier, DossierDocument, HandoverLine, HandoverSlip, Holding
from motcua.dossiers.operations.acts import Act
from motcua.dossiers.words import ResultChannel
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.ids import uuid7
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models.words import Channel

MOST_LINES = 200


class PaperElsewhere(Conflict):
    """The paper moved, or is on its way, since the screen was opened."""

    code = "paper_elsewhere"


# ── Beginning and end, inside acts on a dossier


def begin_papers(act: Act, documents: Iterable[DossierDocument], *, round_number: int = 0) -> None:
    """Let the actor's unit hold what was handed in on paper; what came as files, or was only shown, is nobody's."""
    dossier = act.dossier
    by_file = act.actor.kind != "officer" or (dossier.channel == Channel.ONLINE.value and not round_number)
    if by_file or dossier.parent_id is not None:
        return
    rows = list(documents)
    counts = {
        name: sum(getattr(one, name) for one in rows) for name in ("originals", "certified", "plain_copies")
    }
    if any(counts.values()):
        _begin(act, Bundle.SUPPLEMENT if round_number else Bundle.PAPERS, round_number, **counts)


def begin_result(act: Act) -> None:
    """Let the issuing unit hold the paper result; an electronic one, or one for another agency, is no paper."""
    dossier = act.dossier
    if dossier.parent_id is None and dossier.result_channel != ResultChannel.ELECTRONIC:
        _begin(act, Bundle.RESULT, 0, originals=1)


def end_result(act: Act, *, given_to: str) -> None:
    """The result is in the applicant's hands, whoever was written down as holding it."""
    held = _locked(Holding.objects.filter(dossier=act.dossier, bundle=Bundle.RESULT, until=None))
    for holding in held:
        HandoverLine.objects.filter(holding=holding, state__in=OPEN_LINES).update(state=LineState.WITHDRAWN)
        _end(holding, Ended.RETURNED, at=act.at, given_to=given_to)


def _begin(act: Act, bundle: Bundle, round_number: int, **counts: int) -> None:
    dossier, actor = act.dossier, act.actor
    if (
        act.unwritten is None
        and Holding.objects.filter(dossier=dossier, bundle=bundle, round=round_number, until=None).exists()
    ):
        return
    unit = actor.unit_id if actor.unit_id is not None else dossier.owner_unit_id
    agency = actor.agency_id if actor.agency_id is not None else dossier.home_agency_id
    act.write(
        Holding(
            home_agency_id=dossier.home_agency_id, dossier=dossier, bundle=bundle, round=round_number,
            agency_id=agency, unit_id=unit, point_id=_point_for(act, bundle), position_id=actor.position_id,
            since=act.at, **counts,
        )
    )  # fmt: skip


def _point_for(act: Act, bundle: Bundle) -> int | None:
    return act.dossier.received_point_id if bundle == Bundle.PAPERS else None


# ── Handing over


@keys.once("custody.hand_over")
def hand_over(
    *, holding_ids: Sequence[UUID], to_unit_id: int, actor: Actor, at: datetime, key: str,
    to_point_id: int | None = None, note: str = "",
) -> HandoverSlip:  # fmt: skip
    """Put bundles that the actor's unit holds on a new slip for another unit or point.

    Refuses an empty slip, paper that is not here any more or already on its way, a taker that is the giver, and
    another agency that takes no part in one of the dossiers.
    """
    unit, point = _taker(to_unit_id, to_point_id, at)
    held = _locked(Holding.objects.filter(pk__in=set(holding_ids), until=None))
    _require_here(held, wanted=len(set(holding_ids)), actor=actor)
    _require_other_place(held, unit, point)
    _require_part(held, unit)
    first = held[0]
    slip = HandoverSlip(
        id=uuid7(), from_agency_id=first.agency_id, from_unit_id=first.unit_id, from_point_id=first.point_id,
        given_position_id=actor.position_id, given_at=at, claim_by=_claim_by(first, at), to_agency_id=unit.agency_id,
        to_unit=unit, to_point=point, size=len(held), note=note.strip()[:500],
    )  # fmt: skip
    slip.number = _number(first.agency_id, at)
    writing.insert([slip])
    places = {one: place for place, one in enumerate(holding_ids)}
    ordered = sorted(held, key=lambda one: places[one.pk])
    writing.insert(
        [
            HandoverLine(
                home_agency_id=one.home_agency_id, slip=slip, place=place, dossier_id=one.dossier_id, holding=one,
                state=LineState.WAITING,
            )
            for place, one in enumerate(ordered, 1)
        ]
    )  # fmt: skip
    facts = {"slip": slip.number, "from_unit": first.unit_id, "unit": unit.pk}
    for one in held:
        _note(one, "hand_over_papers", actor, at, facts)
    _note_slip(slip, "hand_over", actor, at, {"lines": len(held), "to_unit": unit.pk})
    return slip


def _taker(unit_id: int, point_id: int | None, at: datetime) -> tuple[Unit, Point | None]:
    day = timezone.localdate(at)
    unit = Unit.objects.filter(holds_on(day), pk=unit_id).select_related("agency").first()
    if unit is None:
        raise Refusal(_("Chọn đơn vị nhận trong danh sách."), field="to")
    if point_id is None:
        return unit, None
    point = Point.objects.filter(holds_on(day), pk=point_id, shop__unit=unit).first()
    if point is None:
        raise Refusal(_("Điểm tiếp nhận này không còn ở đơn vị đã chọn. Chọn lại nơi nhận."), field="to")
    return unit, point


def _require_here(held: list[Holding], *, wanted: int, actor: Actor) -> None:
    if not wanted:
        raise Refusal(_("Chưa chọn giấy tờ nào. Quét mã hồ sơ hoặc đánh dấu từng dòng."), field="holding")
    if wanted > MOST_LINES:
        raise Refusal(_("Một phiếu bàn giao nhận tối đa 200 hồ sơ. Chia thành nhiều phiếu."), field="holding")
    if len(held) != wanted:
        raise PaperElsewhere(
            _("Có giấy tờ vừa được bàn giao hoặc trả đi. Tải lại trang để xem giấy tờ nào còn ở đây.")
        )
    if not all(rights.may_give(actor, one) for one in held):
        raise NotPermitted(_("Chỉ đơn vị đang giữ giấy tờ mới bàn giao được."))
    busy = HandoverLine.objects.filter(holding__in=held, state__in=OPEN_LINES).select_related(
        "dossier", "slip"
    )
    if busy:
        told = "; ".join(f"{one.dossier.code} ({one.slip.number})" for one in busy[:5])
        raise PaperElsewhere(
            _("Giấy tờ đang trên một phiếu bàn giao khác hoặc đang báo thiếu: %(told)s. Bỏ chọn rồi làm lại.")
            % {"told": told}
        )


def _require_other_place(held: list[Holding], unit: Unit, point: Point | None) -> None:
    """Giver and taker differ: in unit, or inside one unit in the point of reception."""
    same = [one for one in held if one.unit_id == unit.pk and (point is None or one.point_id == point.pk)]
    if same:
        raise Refusal(_("Nơi nhận là nơi đang giữ giấy tờ. Chọn đơn vị hoặc điểm khác."), field="to")
    if len({(one.unit_id, one.point_id) for one in held}) > 1 and any(one.unit_id == unit.pk for one in held):
        raise Refusal(_("Giấy tờ đang ở nhiều điểm. Lập phiếu riêng cho từng điểm."), field="to")


def _require_part(held: list[Holding], unit: Unit) -> None:
    """Papers of a dossier go only to agencies that see it: no stranger holds what they may not read."""
    ids = {one.dossier_id for one in held}
    outside = Dossier.objects.filter(pk__in=ids).exclude(visible_to__contains=[unit.agency_id])
    codes = list(outside.order_by("code").values_list("code", flat=True)[:5])
    if codes:
        raise Refusal(
            _(
                "%(agency)s không tham gia giải quyết: %(codes)s. Bỏ chọn các hồ sơ này hoặc chọn nơi nhận khác."
            )
            % {"agency": unit.agency.name, "codes": "; ".join(codes)},
            field="to",
        )


def _claim_by(holding: Holding, at: datetime) -> datetime | None:
    """One working day from now by the giver's calendar; nothing to remind of where there is no calendar."""
    calendar = holding.agency.calendar_id
    return lateness.answer_due(working_calendar(calendar), at) if calendar else None


def _number(agency_id: int, at: datetime) -> str:
    day = timezone.localdate(at)
    count = next_number(agency_id=agency_id, kind="handover", period=f"{day:%Y-%m-%d}")
    return f"BG-{code_of(agency_id, day)}-{day:%y%m%d}-{count:03d}"


# ── Taking


@keys.once("custody.take")
def take(
    *,
    slip_id: UUID,
    taken_ids: Sequence[UUID],
    actor: Actor,
    at: datetime,
    key: str,
    missing_ok: bool = False,
) -> HandoverSlip:
    """Confirm what of a slip really arrived. What did not is missing until it is settled, and stays with the giver.

    `missing_ok` says that the officer has seen which lines are not marked; without it they are asked first.
    """
    slip = _locked_slip(slip_id)
    if not rights.may_take(actor, slip):
        raise NotPermitted(_("Phiếu này giao cho đơn vị khác: chỉ đơn vị nhận mới xác nhận được."))
    _require_given(slip)
    lines = list(slip.lines.filter(state=LineState.WAITING).order_by("place"))
    here = set(taken_ids)
    if not here <= {one.pk for one in lines}:
        raise PaperElsewhere(_("Có dòng không thuộc phiếu này hoặc đã thu hồi. Tải lại trang."))
    missing = [one for one in lines if one.pk not in here]
    if missing and not missing_ok:
        raise Refusal(
            _(
                "Còn %(count)s dòng chưa đánh dấu. Quét tiếp, hoặc đánh dấu ô “không có trong gói” để báo thiếu."
            )
            % {"count": len(missing)},
            field="missing_ok",
        )
    held = {one.pk: one for one in _locked(Holding.objects.filter(lines__in=lines))}
    for line in lines:
        holding = held[line.holding_id]
        facts = {"slip": slip.number, "from_unit": slip.from_unit_id, "unit": slip.to_unit_id}
        if line.pk in here:
            _move(holding, slip, actor=actor, at=at)
            _set_line(line, LineState.TAKEN)
            _note(holding, "take_papers", actor, at, facts)
        else:
            _set_line(line, LineState.MISSING)
            _note(holding, "papers_missing", actor, at, facts)
    _set_slip(slip, SlipState.TAKEN, taken_at=at, taken_position_id=actor.position_id)
    _note_slip(slip, "take", actor, at, {"taken": len(here), "missing": [one.place for one in missing]})
    return slip


@keys.once("custody.withdraw")
def withdraw_slip(*, slip_id: UUID, actor: Actor, at: datetime, key: str, reason: str) -> HandoverSlip:
    """Take a slip back that nobody has confirmed yet: everything on it stays where it is."""
    slip = _locked_slip(slip_id)
    if not rights.may_withdraw(actor, slip):
        raise NotPermitted(_("Chỉ đơn vị lập phiếu mới thu hồi được."))
    _require_given(slip)
    if not reason.strip():
        raise Refusal(_("Ghi lý do thu hồi phiếu."), field="reason")
    lines = list(slip.lines.filter(state=LineState.WAITING).select_related("holding"))
    for line in lines:
        _set_line(line, LineState.WITHDRAWN)
        facts = {"slip": slip.number, "reason": reason.strip()}
        _note(line.holding, "withdraw_papers", actor, at, facts)
    _set_slip(slip, SlipState.WITHDRAWN)
    _note_slip(slip, "withdraw", actor, at, {"reason": reason.strip()})
    return slip


def _require_given(slip: HandoverSlip) -> None:
    if slip.state == SlipState.TAKEN:
        who = slip.taken_position.account.full_name if slip.taken_position else ""
        raise PaperElsewhere(
            _("Phiếu này đã được %(who)s xác nhận nhận rồi. Tải lại trang để xem.") % {"who": who}
        )
    if slip.state != SlipState.GIVEN:
        raise PaperElsewhere(_("Bên giao đã thu hồi phiếu này. Không có gì được bàn giao."))


# ── Missing paper


@keys.once("custody.settle")
def settle(
    *, line_id: UUID, how: str, actor: Actor, at: datetime, key: str, reason: str = ""
) -> HandoverLine:
    """Settle a missing paper: found with the taker, still with the giver, or lost (a leader, with the reason)."""
    found = HandoverLine.objects.filter(pk=line_id).first()
    if found is None or how not in rights.HOWS:
        raise NotFound(_("Không tìm thấy dòng báo thiếu này."))
    slip = _locked_slip(found.slip_id)
    line = slip.lines.get(pk=line_id)
    if not rights.may_settle(actor, slip, how):
        raise NotPermitted(
            _("Nơi có giấy tờ mới xác nhận tìm thấy; ghi nhận mất do lãnh đạo một trong hai bên quyết định.")
        )
    if line.state != LineState.MISSING:
        raise PaperElsewhere(_("Giấy tờ này đã có người xử lý rồi. Tải lại trang để xem."))
    if how == rights.LOST and len(reason.strip()) < 10:
        raise Refusal(
            _("Ghi rõ vì sao coi là mất và cách khắc phục cho người dân (ít nhất 10 chữ)."), field="reason"
        )
    (holding,) = _locked(Holding.objects.filter(pk=line.holding_id))
    if how == rights.FOUND_THERE:
        _move(holding, slip, actor=actor, at=at)
    elif how == rights.LOST:
        _end(holding, Ended.LOST, at=at, note=reason.strip())
    state = {
        "found_there": LineState.FOUND_THERE,
        "found_here": LineState.FOUND_HERE,
        "lost": LineState.LOST,
    }[how]
    _set_line(line, state, settled_at=at, settled_position_id=actor.position_id, reason=reason.strip()[:500])
    facts = {"slip": slip.number, "how": how, "reason": reason.strip()[:500]}
    _note(holding, "settle_papers", actor, at, facts)
    _note_slip(slip, "settle", actor, at, {"line": line.place, "how": how})
    return line


# ── Out of custody


@keys.once("custody.give_back")
def give_back(*, holding_id: UUID, given_to: str, actor: Actor, at: datetime, key: str) -> Holding:
    """Return a bundle to the citizen: custody ends, `given_to` signs for it."""
    holding = _to_end(holding_id, actor)
    if not given_to.strip():
        raise Refusal(_("Ghi họ tên người nhận lại giấy tờ."), field="given_to")
    _end(holding, Ended.RETURNED, at=at, given_to=given_to.strip()[:200])
    _note(holding, "give_papers_back", actor, at, {})
    return holding


@keys.once("custody.file_away")
def file_away(*, holding_id: UUID, actor: Actor, at: datetime, key: str, note: str = "") -> Holding:
    """Put the papers of a finished dossier into the archive: nobody has to carry them any more."""
    holding = _to_end(holding_id, actor)
    if holding.dossier.state not in (*states.FINAL, *states.DECIDED):
        raise Refusal(_("Hồ sơ chưa giải quyết xong nên chưa lưu được."))
    _end(holding, Ended.ARCHIVED, at=at, note=note.strip()[:500])
    _note(holding, "file_papers", actor, at, {"note": note.strip()[:500]})
    return holding


def _to_end(holding_id: UUID, actor: Actor) -> Holding:
    held = _locked(Holding.objects.filter(pk=holding_id))
    if not held:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    holding = held[0]
    if holding.until is not None:
        raise PaperElsewhere(_("Giấy tờ không còn ở đây: đã bàn giao, trả hoặc lưu. Tải lại trang để xem."))
    if not rights.may_give(actor, holding):
        raise NotPermitted(_("Chỉ đơn vị đang giữ giấy tờ mới làm được việc này."))
    if HandoverLine.objects.filter(holding=holding, state__in=OPEN_LINES).exists():
        raise PaperElsewhere(_("Giấy tờ đang trên phiếu bàn giao. Thu hồi phiếu trước, hoặc chờ bên nhận."))
    return holding


# ── Rows


def _locked(rows: Any) -> list[Holding]:
    """Lock holdings in the one order: by key."""
    return list(rows.select_for_update(of=("self",)).select_related("agency", "dossier").order_by("pk"))


def _locked_slip(slip_id: UUID) -> HandoverSlip:
    rows = HandoverSlip.objects.select_for_update(of=("self",)).select_related("taken_position__account")
    slip = rows.filter(pk=slip_id).first()
    if slip is None:
        raise NotFound(_("Không có phiếu bàn giao này trong phạm vi của anh/chị."))
    return slip


def _move(holding: Holding, slip: HandoverSlip, *, actor: Actor, at: datetime) -> None:
    """End the giver's holding and begin the taker's at the same instant."""
    if holding.until is not None:
        raise PaperElsewhere(_("Giấy tờ trên phiếu đã được trả hoặc lưu. Tải lại trang để xem."))
    until = _end(holding, Ended.MOVED, at=at)
    mine = actor.position_id if actor.unit_id == slip.to_unit_id else None
    writing.insert(
        [
            Holding(
                home_agency_id=holding.home_agency_id, dossier_id=holding.dossier_id, bundle=holding.bundle,
                round=holding.round, originals=holding.originals, certified=holding.certified,
                plain_copies=holding.plain_copies, agency_id=slip.to_agency_id, unit_id=slip.to_unit_id,
                point_id=slip.to_point_id, position_id=mine, slip=slip, since=until,
            )
        ]
    )  # fmt: skip


def _end(holding: Holding, how: Ended, *, at: datetime, given_to: str = "", note: str = "") -> datetime:
    """End a holding once; a clock set back must not end it before it began."""
    until = max(at, holding.since)
    written = writing.update(
        Holding, {"pk": holding.pk, "until": None}, until=until, ended=how.value, given_to=given_to, note=note
    )
    if written != 1:
        raise PaperElsewhere(_("Giấy tờ vừa được người khác bàn giao hoặc trả. Tải lại trang để xem."))
    holding.until, holding.ended, holding.given_to, holding.note = until, how.value, given_to, note
    return until


def _set_line(line: HandoverLine, state: LineState, **values: Any) -> None:
    line.state = state
    for name, value in values.items():
        setattr(line, name, value)
    line.save(update_fields=["state", *(name.removesuffix("_id") for name in values)])


def _set_slip(slip: HandoverSlip, state: SlipState, **values: Any) -> None:
    slip.state = state
    for name, value in values.items():
        setattr(slip, name, value)
    slip.save(update_fields=["state", *(name.removesuffix("_id") for name in values)])


def _note(holding: Holding, verb: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=verb, subject_kind=queries.SUBJECT, subject_id=holding.dossier_id,
        agency_id=holding.home_agency_id, at=at,
        payload={"bundle": holding.bundle, "round": holding.round, **facts},
    )  # fmt: skip


def _note_slip(slip: HandoverSlip, verb: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=verb, subject_kind="handover", subject_id=slip.pk, agency_id=slip.from_agency_id, at=at,
        begins=verb == "hand_over", payload={"slip": slip.number, **facts},
    )  # fmt: skip
