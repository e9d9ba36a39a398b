"""Sessions: how long they last untouched, what they prove, how they end.

A session is a row of Django's session table plus allauth's `UserSession` (address, browser, since when).
Limits: 15 minutes untouched, 5 for administrators (TCVN 14423:2026 §5.5.2.2), 12 hours in all
(`SESSION_COOKIE_AGE`; `absolute_limit`). Ending one needs no cookie: the row is deleted.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.module_loading import import_string

from motcua.accounts.models import Account, AccountKind
from motcua.accounts.permissions import ADMINISTRATORS
from motcua.lib.actor import Actor

IDLE = timedelta(minutes=15)
IDLE_ADMINISTRATOR = timedelta(minutes=5)
IDLE_CITIZEN = timedelta(minutes=30)  # forms are filled in at home (ASVS 7.3.1: our decision)
ABSOLUTE = timedelta(hours=12)
#: A touch younger than this is not written again: most requests of a busy officer cost no session write.
TOUCH_EVERY = timedelta(seconds=20)

ADMINISTRATOR_ROLES = (
    "business_admin",
    "unit_admin",
    "system_admin",
)  # agencies.roles.ADMIN_ROLES, from below

STARTED = "motcua_started"
TOUCHED = "motcua_touched"
SECOND_FACTOR = "motcua_second_factor"
ENDED_IDLE = "motcua_ended_idle"  # read by the log-in page
RETURN_TO = "motcua_return_to"
EXPLAINED = "motcua_emergency_explained"

#: A page that asks by itself (a list that renews, a count) sends this header, so that it keeps nobody logged in.
BACKGROUND = "X-Motcua-Background"


def start(request: HttpRequest, *, at: datetime) -> None:
    """Start both clocks of a session that just logged in."""
    request.session[STARTED] = request.session[TOUCHED] = at.timestamp()
    request.session.pop(ENDED_IDLE, None)


def prove_second_factor(request: HttpRequest, account_id: int) -> None:
    """Note that this session just enrolled a second factor, which proves it as well as a log-in with it."""
    request.session[SECOND_FACTOR] = account_id


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session proved, or just enrolled, a second factor (code, passkey, recovery code)."""
    user = request.user
    if not isinstance(user, Account):
        return False
    if request.session.get(SECOND_FACTOR) == user.pk:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def second_factor_missing(request: HttpRequest) -> bool:
    """Tell whether this person must enrol or prove a second factor before anything else."""
    user = request.user
    return isinstance(user, Account) and user.is_staff_kind and not has_second_factor(request)


def explained(request: HttpRequest, account_id: int) -> None:
    """Note that this session of an emergency account said why it is open."""
    request.session[EXPLAINED] = account_id


def reason_missing(request: HttpRequest) -> bool:
    """Tell whether this is an emergency account whose session did not say yet why it is open."""
    user = request.user
    return (
        isinstance(user, Account)
        and user.account_kind == AccountKind.BREAK_GLASS
        and request.session.get(EXPLAINED) != user.pk
    )


def touch_or_end(request: HttpRequest, *, at: datetime) -> None:
    """Note that the person is here, or end the session when a limit has passed.

    After the end the request goes on as a visitor's: the guarded page sends to the log-in page, which leads
    back; what was typed has been saved field by field. A clock set back never lengthens a session's life.
    """
    now = at.timestamp()
    session = request.session
    started = session.setdefault(STARTED, now)
    touched = session.get(TOUCHED, started)
    if now - started >= ABSOLUTE.total_seconds() or now - touched >= _idle_limit(request).total_seconds():
        _end(request)
        return
    if request.headers.get(BACKGROUND) and TOUCHED in session:
        return
    if now - touched >= TOUCH_EVERY.total_seconds() or TOUCHED not in session:
        session[TOUCHED] = now
        _note_seen(request, at)


def _end(request: HttpRequest) -> None:
    """End the session and keep, in the visitor's fresh one, why and where the person was."""
    account_id = request.user.pk
    logout(request)
    request.user = AnonymousUser()
    request.session[ENDED_IDLE] = True
    if request.method not in {
        "GET",
        "HEAD",
    }:  # a page that was sent cannot be opened again: the one before can
        page = urlsplit(request.headers.get("Referer", ""))
        if page.path and page.netloc == request.get_host():
            request.session[RETURN_TO] = [account_id, page.path + (f"?{page.query}" if page.query else "")]


def take_return_path(request: HttpRequest, account_id: int) -> str | None:
    """Return, once, the page on which this same person was sending a form when the session ended."""
    owner, path = request.session.pop(RETURN_TO, (None, None))
    return path if owner == account_id else None


def _idle_limit(request: HttpRequest) -> timedelta:
    if isinstance(request.user, Account) and request.user.account_kind == AccountKind.CITIZEN:
        return IDLE_CITIZEN
    resolver = import_string(settings.MOTCUA_ACTOR_RESOLVER)
    actor: Actor = resolver(request)
    return IDLE_ADMINISTRATOR if actor.has(*ADMINISTRATORS) else IDLE


def _note_seen(request: HttpRequest, at: datetime) -> None:
    account = request.user
    if isinstance(account, Account) and (
        account.last_seen_at is None or at - account.last_seen_at > timedelta(minutes=1)
    ):
        Account.objects.filter(pk=account.pk).update(last_seen_at=at)
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)


def sessions_of(account_id: int) -> list[UserSession]:
    """Return the sessions of an account that are still alive, newest first."""
    alive = [row for row in UserSession.objects.filter(user_id=account_id) if row.exists()]
    return sorted(alive, key=lambda row: row.last_seen_at, reverse=True)


def end_all(account_id: int, *, but: str | None = None) -> int:
    """End every session of an account (except the one with key `but`); return how many there were."""
    rows = [row for row in UserSession.objects.filter(user_id=account_id) if row.session_key != but]
    for row in rows:
        row.end()
    return len(rows)


def end_one(account_id: int, session_id: int) -> bool:
    """End one session of an account; tell whether there was such a session."""
    row = UserSession.objects.filter(user_id=account_id, pk=session_id).first()
    if row is None:
        return False
    row.end()
    return True
