"""Petitions as an officer may see them, as their sender does, and what is published."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, DateTimeField, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import whereabouts
from motcua.agencies.models import Agency, Position
from motcua.agencies.queries import agency, agency_tree, codes_held, led_on, positions_in
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import entries_of
from motcua.base.calendars.queries import own_calendar, working_calendar
from motcua.feedback.models import Forwarding, Petition, PetitionFile, PetitionMessage, Publication, Way
from motcua.feedback.states import RUNNING, About, Kind, State
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.due import Pause
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.lib.working_time import WorkingCalendar

SUBJECT = "petition"
#: Whoever reads the petitions of an agency without having been given them. Conduct is not for heads of division: they
#: may be the ones it is about, or their people.
PETITION_READERS = (Role.UNIT_HEAD, Role.LEADER, Role.MONITOR)
CONDUCT_READERS = (Role.LEADER, Role.MONITOR)
PREFIX = "PA."
PAGE = 30


def calendar_of(agency_id: int) -> WorkingCalendar:
    """Return the calendar that the clocks of an agency run by."""
    own = agency(agency_id).calendar_id
    return own_calendar() if own is None else working_calendar(own)


def pauses_of(petition: Petition) -> list[Pause]:
    """Return when the clock stood still because the sender was asked in time."""
    return [
        Pause(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in petition.pauses
    ]


# ── For officers


def visible_to(actor: Actor) -> QuerySet[Petition]:
    """Return the petitions an officer may read: by role those of the agency, otherwise those given to them.

    Never one that is about the officer; about conduct only leaders and monitors, and whom they gave it to. Those that
    their agency passed on are among them (`here` leaves them out).
    """
    agencies = agencies_of(actor)
    rows = Petition.objects.filter(Q(at_agency_id__in=agencies) | Q(passed_by__overlap=agencies))
    rows = rows.exclude(concerns_account=actor.account_id).select_related(
        "assigned_to__account", "home_agency", "at_agency"
    )
    mine = Q(assigned_to_id=actor.position_id) if actor.position_id else Q(pk__in=[])
    if actor.has(*CONDUCT_READERS):
        return rows
    return rows.filter(mine | ~Q(about=About.CONDUCT)) if actor.has(*PETITION_READERS) else rows.filter(mine)


def agencies_of(actor: Actor) -> list[int]:
    """Return the agencies whose petitions the actor's position is about."""
    return sorted({*actor.agencies, *([actor.agency_id] if actor.agency_id else [])})


def here(actor: Actor) -> QuerySet[Petition]:
    """Return what the officer may read of the petitions that their agencies have now."""
    return visible_to(actor).filter(at_agency_id__in=agencies_of(actor))


def passed_on(actor: Actor) -> QuerySet[Petition]:
    """Return what the officer may read of the petitions that went on from their agencies, the newest first."""
    agencies = agencies_of(actor)
    rows = visible_to(actor).filter(passed_by__overlap=agencies).exclude(at_agency_id__in=agencies)
    return rows.order_by("-came_at", "-pk")


def get_for(actor: Actor, code: str) -> Petition:
    """Return one petition; NotFound when there is none that the officer may read."""
    found = visible_to(actor).filter(code=code).first()
    if found is None:
        raise NotFound(_("Không có phản ánh, kiến nghị này, hoặc không thuộc phần việc của anh/chị."))
    return found


#: What is owed next, and by when. Waiting for the sender, nothing is.
_NEXT_BY = Case(
    When(state=State.NEW, assigned_to=None, then=F("refuse_by")),
    When(state__in=RUNNING, then=F("due_at")),
    When(state=State.ANSWERED, may_publish=True, published_at=None, then=F("publish_by")),
    default=Value(None),
    output_field=DateTimeField(null=True),
)
_NEXT = Case(
    When(state=State.NEW, assigned_to=None, then=Value("sort")),
    When(state=State.PROPOSED, then=Value("approve")),
    When(state__in=RUNNING, then=Value("answer")),
    When(state=State.ANSWERED, may_publish=True, published_at=None, then=Value("publish")),
    default=Value(""),
    output_field=CharField(),
)


def owed(rows: QuerySet[Petition]) -> QuerySet[Any]:
    """Return the petitions with `next_step` (sort, answer, approve, publish or nothing) and `next_by`."""
    return rows.annotate(next_by=_NEXT_BY, next_step=_NEXT)


def open_of(actor: Actor) -> QuerySet[Any]:
    """Return what the office still owes somebody or waits for, the most urgent first."""
    rows = owed(here(actor)).filter(~Q(next_step="") | Q(state=State.ASKED))
    return rows.order_by(F("next_by").asc(nulls_last=True), "received_at", "pk")


def late_of(actor: Actor, at: datetime) -> int:
    """Return how many petitions are past what is owed next: the number that stands on every page of the officer."""
    return open_of(actor).filter(next_by__lt=at).count()


def calls(actor: Actor, at: datetime) -> int:
    """Return how many petitions are late, or due by the end of the next day."""
    return open_of(actor).filter(next_by__lt=at + timedelta(days=1)).count()


_FRESH = 60  # seconds
_MOST_KEPT = 5000
_kept: dict[tuple[str, int, int], tuple[datetime, int]] = {}


def calls_lately(actor: Actor, at: datetime) -> int:
    """Return `calls` as of the last minute: it stands on every page of the officer and need not be asked on each."""
    place = (str(connection.settings_dict["NAME"]), actor.account_id or 0, actor.position_id or 0)
    known = _kept.get(place)
    if known is None or not 0 <= (at - known[0]).total_seconds() < _FRESH:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[place] = (at, calls(actor, at))
    return known[1]


def ended_of(actor: Actor, words: str = "") -> QuerySet[Any]:
    """Return what is done with, the newest first; `words` finds a code or a part of the text."""
    rows = owed(here(actor)).filter(next_step="").exclude(state=State.ASKED)
    if words:
        rows = rows.filter(Q(code__icontains=words) | Q(text__icontains=words))
    return rows.order_by("-received_at", "-pk")


def messages_of(petition: Petition, *, reader: Actor | None = None) -> list[PetitionMessage]:
    """Return what was said, oldest first. Notes are for the agency that wrote them, none for a sender (no `reader`)."""
    own = agencies_of(reader) if reader else []
    rows = petition.messages.filter(~Q(kind=Kind.NOTE) | Q(home_agency_id__in=own))
    return list(rows.select_related("home_agency").order_by("at", "pk"))


def way_of(petition: Petition) -> list[Forwarding]:
    """Return the steps of its way from agency to agency, oldest first; empty where it stayed."""
    return list(petition.forwardings.select_related("from_agency", "to_agency").order_by("at", "pk"))


def came_by(petition: Petition) -> Forwarding | None:
    """Return how it came to the agency that has it; None where the sender sent it there, or it was given back."""
    rows = petition.forwardings.filter(way=Way.INSIDE, to_agency_id=petition.at_agency_id, undone_at=None)
    return rows.order_by("at", "pk").last()


def takers(on: date) -> list[Agency]:
    """Return the agencies that take petitions, by name: open, with a code, and with a leader who would see them."""
    found, led = whereabouts.named(codes_held(on)), led_on(on)
    return [one for one in found if one.pk in led and (one.closed_on is None or one.closed_on > on)]


def common_taker(on: date) -> Agency | None:
    """Return where somebody sends who does not know whose matter it is: the one at the top that takes petitions."""
    tops = {one["agency"].pk for one in agency_tree(on) if one["parent_id"] is None}
    found = [one for one in takers(on) if one.pk in tops]
    return found[0] if len(found) == 1 and len(takers(on)) > 1 else None


def files_of(petition: Petition) -> list[PetitionFile]:
    """Return the files that came with it."""
    return list(petition.files.select_related("stored").order_by("pk"))


def history_of(petition: Petition) -> list[Entry]:
    """Return who did what, oldest first."""
    return list(entries_of(SUBJECT, petition.pk, agency_id=petition.home_agency_id))


def publication_of(petition: Petition) -> Publication | None:
    """Return what is published of it now."""
    return petition.publications.filter(taken_down_at=None).first()


def handlers(petition: Petition, at: datetime) -> list[Position]:
    """Return who may be given a petition: the agency's people, but not the one it is about."""
    held = positions_in({petition.at_agency_id}, timezone.localdate(at))
    return [one for one in held if one.account_id != petition.concerns_account]


# ── For the sender


def let_through(digest: bytes) -> None:
    """Let this transaction see the one petition whose token or secret has this hash (row-level security)."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('motcua.petition', %s, true)", [digest.hex()])


def token_hash(token: str) -> bytes:
    """Return what a token is compared by, and let this transaction see the petition it stands for."""
    digest = lookup.lookup_hash(f"petition|{token}", settings.INDEX_KEY)
    let_through(digest)
    return digest


def by_token(token: str) -> Petition:
    """Return the petition of a secret address; NotFound for one that nobody was given."""
    found = Petition.objects.filter(token_hash=token_hash(token[:64])).select_related("at_agency").first()
    if found is None:
        raise NotFound(_("Không tìm thấy phản ánh, kiến nghị này. Nhập mã và mã tra cứu ghi khi gửi."))
    return found


def secret_hash(code: str, secret: str) -> bytes:
    """Return what code and secret are compared by."""
    return lookup.lookup_hash(f"petition|{code}|{secret}", settings.INDEX_KEY)


def by_secret(code: str, secret: str) -> Petition:
    """Return the petition of a code and its six characters; both wrong answers are alike."""
    canonical, plain = lookup.parse_code(code) or "", lookup.parse_secret(secret) or ""
    digest = secret_hash(canonical, plain)
    let_through(digest)
    found = Petition.objects.filter(secret_hash=digest).first()
    if found is None:
        raise NotFound(_("Không tìm thấy. Kiểm tra lại mã và mã tra cứu ghi khi gửi."))
    return found


# ── For everybody


def published(*, words: str = "", about: str = "", agency_id: int | None = None) -> QuerySet[Publication]:
    """Return what is published, the newest first; every word of `words` has to be there, with or without marks."""
    rows = Publication.objects.filter(taken_down_at=None).select_related("home_agency")
    for word in fold(words).split()[:8]:
        rows = rows.filter(words__contains=word)
    if about in About.values:
        rows = rows.filter(about=about)
    if agency_id is not None:
        rows = rows.filter(home_agency_id=agency_id)
    return rows.order_by("-published_at", "-pk")


def one_published(number: int) -> Publication:
    """Return a publication; NotFound when there is none or it was taken down."""
    found = published().filter(pk=number).first()
    if found is None:
        raise NotFound(_("Nội dung này không có, hoặc đã được gỡ."))
    return found


def contacts_before(before: datetime) -> QuerySet[Petition]:
    """Return the petitions ended before a moment that still say who sent them."""
    named = ~Q(sender_name="") | Q(phone__isnull=False) | Q(email__isnull=False)
    return Petition.objects.filter(named, ended_at__lt=before)


def named_since(before: datetime) -> int:
    """Return of how many petitions the sender's name and contacts would go if those ended before a moment went."""
    return contacts_before(before).count()


def cut(rows: QuerySet[Any], start: str) -> tuple[list[Any], int, int]:
    """Return one page of rows, where it starts and where the next does (0: there is none)."""
    first = int(start) if start.isascii() and start.isdigit() and len(start) <= 6 else 0
    found = list(rows[first : first + PAGE + 1])
    return found[:PAGE], first, first + PAGE if len(found) > PAGE else 0


def names_of(agencies: Iterable[int]) -> dict[int, str]:
    """Return the short names of agencies."""
    return {pk: agency(pk).short_name for pk in set(agencies)}
