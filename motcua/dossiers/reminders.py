"""What a reminder by mail says and who gets one. Reads only.

Counts, dossier codes and addresses of lists: no name, no number of a person, for mail passes through machines that
are not ours.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import get_urlconf, reverse, set_urlconf
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import Position, holds_on
from motcua.agencies.queries import actor_for, positions_of
from motcua.base.calendars.models import Calendar
from motcua.base.calendars.queries import working_calendar
from motcua.dossiers import listing, office_today, today, worklists
from motcua.dossiers.models import AgencyReminder, Letter, OwnReminder
from motcua.dossiers.worklists import Moment
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE
from motcua.ui import dates

#: How long after opening a morning's letter is still worth sending.
MORNING = timedelta(hours=4)
_LINES, _CODES = 10, 5


@dataclass(frozen=True, slots=True)
class Text:
    """A letter: nothing personal in either part."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds for somebody: `own` is what they chose (None: nothing), `agency` the default."""

    own: bool | None
    agency: bool

    @property
    def on(self) -> bool:
        return self.agency if self.own is None else self.own


@contextmanager
def staff_addresses() -> Iterator[None]:
    """Name pages by the staff host's table: a job belongs to no host, and would get the public one."""
    before = get_urlconf()
    set_urlconf(settings.HOST_URLCONFS[settings.STAFF_HOST])
    try:
        yield
    finally:
        set_urlconf(before)


def choice_of(actor: Actor) -> Choice:
    """Return what somebody chose, and what their agency set."""
    own = OwnReminder.objects.filter(account=actor.account_id or 0).values_list("wants", flat=True).first()
    agency = AgencyReminder.objects.filter(agency=actor.agency_id or 0, on=True).exists()
    return Choice(own, agency)


def calendars_in_the_morning(now: datetime) -> list[int]:
    """Return the calendars whose offices opened a while ago: none on a day off, none in the afternoon."""
    day, found = timezone.localdate(now), []
    for calendar_id in Calendar.objects.values_list("pk", flat=True):
        try:
            calendar = working_calendar(calendar_id)
        except Refusal:
            continue  # no hours yet: nobody works by it
        if calendar.is_working(day) and calendar.opening(day) <= now < calendar.opening(day) + MORNING:
            found.append(calendar_id)
    return found


def waiting_for_one(now: datetime, most: int) -> list[int]:
    """Return accounts that get a letter now and have none of today yet."""
    day = timezone.localdate(now)
    rows = (
        Position.objects.filter(
            holds_on(day), account__is_active=True, account__account_kind=AccountKind.STAFF,
            unit__agency__calendar__in=calendars_in_the_morning(now),
        )
        .exclude(account__email="")
        .filter(
            Q(account__own_reminder__wants=True)
            | Q(account__own_reminder=None, unit__agency__reminder__on=True)
        )
        .exclude(account__in=Letter.objects.filter(on_day=day).values("account"))
    )  # fmt: skip
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct()[:most])


def text_for(account: Account, now: datetime) -> Text | None:
    """Return the letter of somebody for today; None when nothing waits for them."""
    day = timezone.localdate(now)
    positions = list(positions_of(account.pk, day))
    with translation.override("vi"), staff_addresses():
        parts = [(position, _part(actor_for(position.pk, day), now)) for position in positions]
        told = [(position, lines) for position, lines in parts if lines]
        if not told:
            return None
        body = [_("Việc của anh/chị %(day)s:") % {"day": dates.weekday(day)}, ""]
        for position, lines in told:
            if len(positions) > 1:
                body += [f"{position.title}, {position.unit.name}", ""]
            body += lines
        off = f"{settings.STAFF_URL}{reverse('mail-reminders')}"
        body += [_("Thư chỉ có số đếm và mã hồ sơ. Nhận hay thôi nhận thư này: %(url)s") % {"url": off}, ""]
        subject = _("Việc hôm nay %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    return Text(subject, "\n".join(body))


def _part(actor: Actor, now: datetime) -> list[str]:
    """Return what one position finds in the morning, in the order of the first page; empty for nothing."""
    moment = worklists.moment_at(now)
    counts = {**worklists.counts(actor, moment), **office_today.counts(actor, timezone.localdate(now))}
    things = today.first_things(actor, counts, most=_LINES)
    if not things:
        return []
    by_key = {one.key: one for one in worklists.lists_of(actor)}
    lines: list[str] = []
    for thing in things:
        lines += [f"- {thing.what}", f"  {thing.why}", f"  {settings.STAFF_URL}{thing.url}"]
        if thing.key in by_key:
            codes = _codes(by_key[thing.key], actor, moment)
            lines += [f"  {', '.join(codes)}"] if codes else []
        lines.append("")
    ending = worklists.counts(actor, Moment(now, _midnight(now))).get("soon", 0)
    if ending:
        said = ngettext("Hết hạn ngay hôm nay: %(n)s hồ sơ.", "Hết hạn ngay hôm nay: %(n)s hồ sơ.", ending)
        lines += [said % {"n": ending}, ""]
    return lines


def _codes(one: worklists.WorkList, actor: Actor, moment: Moment) -> Sequence[str]:
    return [item.code for item in listing.page(one, actor, moment, size=_CODES).items]


def _midnight(now: datetime) -> datetime:
    after: date = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(after, time(), tzinfo=ZONE)
