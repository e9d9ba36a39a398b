"""The register of incidents: reported, filled in, notices that went out, people told, closed with what was learnt."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.accounts.operations.informing import inform
from motcua.agencies.models import Agency
from motcua.agencies.queries import code_of
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.channels import email as mail
from motcua.base.notifications.operations import telling
from motcua.base.numbering.operations import next_number
from motcua.dossiers import queries as dossiers
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import normalize
from motcua.privacy import permissions, queries
from motcua.privacy.models import Concerned, Incident
from motcua.privacy.models.incident import DataKind, What

SUBJECT = "data_incident"
MOST_CODES = 500
#: Before a notice is due its keepers are told so many hours ahead, then when it is late, then every morning.
AHEAD = (12, 4, 1)
_NEW = gettext_lazy("Sự cố dữ liệu cá nhân: %(code)s")
_NEW_BODY = gettext_lazy("Báo cơ quan có thẩm quyền trước %(due)s. Mở sự cố %(code)s để làm ngay.")
_SOON = gettext_lazy("Còn %(hours)s giờ để báo về sự cố %(code)s")
_LATE = gettext_lazy("QUÁ HẠN báo về sự cố %(code)s")


@once("incident.report")
def report(
    *, what: str, title: str, story: str, found_at: datetime, happened_at: datetime | None = None,
    data_kinds: Sequence[str] = (), people: int | None = None, serious: bool = False, measures: str = "",
    actor: Actor, at: datetime, key: str,
) -> Incident:  # fmt: skip
    """Write an incident down; its clocks run from `found_at`, not from now. Any officer may; the keepers are told.

    Refuses a time to come, one of before it happened, and nothing said. An agency without a keeper is still recorded.
    """
    if actor.kind != "officer" or actor.agency_id is None:
        raise NotPermitted(_("Chỉ cán bộ đang giữ vị trí ghi được sự cố."))
    _check_times(found_at, happened_at, at)
    named, said = normalize(title)[:200], story.strip()[:5000]
    if len(named) < 5:
        raise Refusal(_("Ghi việc gì đã xảy ra, ít nhất 5 chữ cái."), code="no_words", field="title")
    if len(said) < 10:
        raise Refusal(_("Kể rõ việc đã xảy ra, ít nhất một câu."), code="no_words", field="story")
    _check_kinds(what, data_kinds)
    day = timezone.localdate(at)
    agency = Agency.objects.get(pk=actor.agency_id)
    number = next_number(agency_id=agency.pk, kind="incident", period=str(day.year))
    row = Incident.objects.create(
        home_agency=agency, code=f"SC-{code_of(agency.pk, day)}-{day.year}-{number:02d}", what=what, title=named,
        story=said, found_at=found_at, happened_at=happened_at, data_kinds=list(dict.fromkeys(data_kinds)),
        people=people, serious=serious, measures=measures.strip()[:5000], reported_by=actor.account_id or 0,
        reported_at=at,
    )  # fmt: skip
    _note(
        row,
        "incident.report",
        actor,
        at,
        {"what": what, "serious": serious, "found_at": found_at},
        begins=True,
    )
    due = queries.next_due(row, at)
    inform(
        account_ids=queries.keepers(agency, day), mark=f"incident:{row.pk}", subject=_NEW, body=_NEW_BODY,
        facts={"code": row.code, "due": _moment(due)}, link=f"/incidents/{row.code}/", at=at,
    )  # fmt: skip
    return row


@once("incident.fill_in")
def fill_in(
    *, incident_id: UUID, story: str, data_kinds: Sequence[str], people: int | None, serious: bool, measures: str,
    actor: Actor, at: datetime, key: str,
) -> Incident:  # fmt: skip
    """Say what is known by now. An incident once serious stays so: its clock is not stopped by taking the word back."""
    row = _open(incident_id, actor)
    _check_kinds(row.what, data_kinds)
    if row.serious and not serious:
        raise Refusal(
            _("Đã ghi là nghiêm trọng thì không bỏ được; ghi ở mục khắc phục nếu hóa ra không phải."),
            field="serious",
        )
    if len(story.strip()) < 10:
        raise Refusal(_("Kể rõ việc đã xảy ra."), code="no_words", field="story")
    row.story, row.measures = story.strip()[:5000], measures.strip()[:5000]
    row.data_kinds, row.people, row.serious = list(dict.fromkeys(data_kinds)), people, serious
    row.save(update_fields=["story", "measures", "data_kinds", "people", "serious"])
    _note(row, "incident.fill_in", actor, at, {"people": people, "serious": serious})
    return row


@once("incident.notice")
def note_notice(
    *, incident_id: UUID, which: str, sent_at: datetime, why_late: str = "", why_not: str = "", actor: Actor,
    at: datetime, key: str,
) -> Incident:  # fmt: skip
    """Note that a notice went out, and when. One that went late says why; people who are not told, why not.

    Refuses a notice that is none or went out before, a time to come or of before the incident was found.
    """
    row = _open(incident_id, actor)
    if which not in queries.NOTICES or (which == "first_notice_at" and not row.serious):
        raise NotFound(_("Sự cố này không có thông báo như vậy."))
    if getattr(row, which) is not None:
        raise Conflict(_("Thông báo này đã ghi là đã gửi. Tải lại trang để xem."), code="sent")
    if not row.found_at <= sent_at <= at:
        raise Refusal(
            _("Giờ gửi phải sau lúc phát hiện và không sau bây giờ."), code="bad_time", field="sent_at"
        )
    late = sent_at > row.found_at + queries.NOTICES[which]
    reason = normalize(why_late)[:500]
    if late and len(reason) < 10:
        raise Refusal(
            _("Thông báo này gửi quá hạn. Ghi rõ vì sao, ít nhất một câu."), code="late", field="why_late"
        )
    setattr(row, which, sent_at)
    if late:
        row.late_reasons = {**row.late_reasons, which: reason}
    if which == "people_at":
        row.people_why_not = normalize(why_not)[:500]
        if not row.people_why_not and not row.concerned.exists():
            raise Refusal(
                _("Chưa ghi hồ sơ nào có người liên quan. Ghi hồ sơ, hoặc ghi vì sao không phải báo."),
                code="nobody", field="why_not",
            )  # fmt: skip
    row.save(update_fields=[which, "late_reasons", "people_why_not"])
    _note(
        row, "incident.notice", actor, at, {"which": which, "sent_at": sent_at, "late": late, "why": reason}
    )
    return row


@once("incident.concern")
def tell_people(
    *, incident_id: UUID, codes: Sequence[str], text: str, actor: Actor, at: datetime, key: str
) -> list[Concerned]:
    """Put dossiers into an incident and write to their people by mail; those without mail are left to paper and phone.

    The text goes out as written; codes already in the incident are told again. Refuses codes that are none here, too
    many at once, and nothing said.
    """
    row = _open(incident_id, actor)
    said = text.strip()[:3000]
    if len(said) < 20:
        raise Refusal(
            _("Viết cho người dân: việc gì đã xảy ra, lộ gì, họ nên làm gì."), code="no_words", field="text"
        )
    found = _dossiers(codes, actor)
    made = []
    for one in found:
        by_mail = bool(one.contact_email)
        line, _made = Concerned.objects.update_or_create(
            home_agency=row.home_agency, incident=row, of=one,
            defaults={"how": "email" if by_mail else "letter", "told_at": at if by_mail else None},
        )  # fmt: skip
        if by_mail:
            telling.tell(
                channel=mail.NAME, mark=f"incident:{row.pk}:{one.pk}:{int(at.timestamp())}",
                address=one.contact_email or "", at=at, heeds_quiet=False,
                subject=f"Thông báo về dữ liệu trong hồ sơ {one.code}", body=said,
            )  # fmt: skip
        made.append(line)
    _note(row, "incident.tell_people", actor, at, {
        "dossiers": len(made), "by_mail": sum(one.how == "email" for one in made),
    })  # fmt: skip
    return made


@once("incident.told_by_letter")
def told_by_letter(*, incident_id: UUID, line_id: UUID, actor: Actor, at: datetime, key: str) -> Concerned:
    """Note that the people of a dossier without mail were told on paper or by telephone."""
    row = _open(incident_id, actor)
    line = row.concerned.filter(pk=line_id, told_at=None).first()
    if line is None:
        raise Conflict(_("Hồ sơ này đã ghi là đã báo."), code="told")
    line.told_at = at
    line.save(update_fields=["told_at"])
    _note(row, "incident.told_by_letter", actor, at, {"line": line.pk})
    return line


@once("incident.close")
def close(*, incident_id: UUID, lessons: str, actor: Actor, at: datetime, key: str) -> Incident:
    """Close an incident with what was learnt. Refuses while a notice is owed or somebody concerned was not told."""
    row = _open(incident_id, actor)
    if queries.next_due(row, at) is not None:
        raise Conflict(_("Còn thông báo chưa gửi. Gửi và ghi lại rồi mới khép sự cố."), code="owed")
    untold = row.concerned.filter(told_at=None).count()
    if untold:
        raise Conflict(
            _("Còn %(n)s hồ sơ chưa báo được cho người liên quan. Báo bằng giấy hoặc gọi, rồi ghi lại.")
            % {"n": untold},
            code="untold",
        )
    said = lessons.strip()[:5000]
    if len(said) < 20:
        raise Refusal(_("Ghi nguyên nhân và việc đã đổi để không lặp lại."), code="no_words", field="lessons")
    row.lessons, row.closed_at = said, at
    row.save(update_fields=["lessons", "closed_at"])
    _note(row, "incident.close", actor, at, {})
    return row


def remind(*, at: datetime) -> int:
    """Tell the keepers of every open incident how long is left, at set hours, and when a notice is late; once each.

    Returns how many people were told now. Safe to repeat: each hour has its mark.
    """
    told = 0
    for row in Incident.objects.filter(closed_at=None).select_related("home_agency"):
        for name, by, sent, left in queries.clocks(row, at):
            if sent is not None:
                continue
            hours = next((one for one in sorted(AHEAD) if timedelta(0) < left <= timedelta(hours=one)), None)
            late = left <= timedelta(0)
            if hours is None and not late:
                continue
            step = f"late:{timezone.localdate(at)}" if late else str(hours)
            told += inform(
                account_ids=queries.keepers(row.home_agency, timezone.localdate(at)), at=at,
                mark=f"incident:{row.pk}:{name}:{step}", subject=_LATE if late else _SOON, body=_NEW_BODY,
                facts={"code": row.code, "hours": hours or 0, "due": _moment(by)}, link=f"/incidents/{row.code}/",
            )  # fmt: skip
    return told


def _check_times(found_at: datetime, happened_at: datetime | None, at: datetime) -> None:
    if found_at > at:
        raise Refusal(_("Lúc phát hiện không thể sau bây giờ."), code="bad_time", field="found_at")
    if happened_at is not None and happened_at > found_at:
        raise Refusal(_("Việc phải xảy ra trước khi được phát hiện."), code="bad_time", field="happened_at")


def _check_kinds(what: str, kinds: Iterable[str]) -> None:
    if what not in What.values:
        raise Refusal(_("Chọn loại sự cố."), code="bad_kind", field="what")
    if not set(kinds) <= set(DataKind.values):
        raise Refusal(_("Chọn lại loại dữ liệu."), code="bad_kind", field="data_kinds")


def _dossiers(codes: Sequence[str], actor: Actor) -> list[Any]:
    typed = list(dict.fromkeys(one for one in codes if one.strip()))
    if not 1 <= len(typed) <= MOST_CODES:
        raise Refusal(
            _("Ghi từ 1 đến %(n)s mã hồ sơ, mỗi dòng một mã.") % {"n": MOST_CODES},
            code="bad_count",
            field="codes",
        )
    plain = [str(parts) for one in typed if (parts := lookup.take_apart(one)) is not None]
    found = list(dossiers.visible_to(actor).filter(code__in=plain).order_by("pk"))
    known = {one.code for one in found}
    strange = [one for one in typed if (parts := lookup.take_apart(one)) is None or str(parts) not in known]
    if strange:
        raise Refusal(
            _("Không có hồ sơ: %(codes)s. Sửa lại rồi gửi; chưa ai được báo.")
            % {"codes": ", ".join(strange[:5])[:200]},
            code="no_dossier", field="codes",
        )  # fmt: skip
    return found


def _open(incident_id: UUID, actor: Actor) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("home_agency")
    row = rows.filter(pk=incident_id).first()
    if row is None:
        raise NotFound(_("Không có sự cố này."))
    permissions.require_keeps(actor, row.home_agency_id)
    if row.closed_at is not None:
        raise Conflict(_("Sự cố này đã khép."), code="closed")
    return row


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else ""


def _note(
    row: Incident, verb: str, actor: Actor, at: datetime, facts: dict[str, Any], *, begins: bool = False
) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=row.pk, at=at, agency_id=row.home_agency_id,
        payload={"code": row.code, **facts}, begins=begins,
    )  # fmt: skip
