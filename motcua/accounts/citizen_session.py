"""What a citizen's session knows of the sign-in, and the sealed cookie that carries one to the provider and back.

The journey is no session: a visitor who only looked at the sign-in page leaves no row behind. The cookie is encrypted
and bound to the browser, holds state, nonce and PKCE verifier, lives ten minutes and is taken once.
"""

import base64
import binascii
import json
import time
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from motcua.accounts.models import Account
from motcua.clients.oidc import Identity, Journey
from motcua.lib import crypto

LEVEL = "motcua_level"
SIGNED_IN = "motcua_signed_in_at"
ID_TOKEN = "motcua_id_token"  # noqa: S105  (the session's key for it; the value is encrypted)
JOURNEY_SECONDS = 600
FRESH = timedelta(minutes=5)
_JOURNEY_PURPOSE = "accounts.sign_in.journey"
_TOKEN_PURPOSE = "accounts.sign_in.id_token"  # noqa: S105


def cookie_name() -> str:
    """Return the journey's cookie: on the public host alone, apart from the session's."""
    return ("__Host-" if settings.HTTPS else "") + "motcua-dinh-danh"


def keep_journey(response: HttpResponse, journey: Journey) -> None:
    """Give the browser its journey. SameSite=Lax: the way back is a link of the provider's site."""
    sealed = crypto.encrypt(json.dumps(asdict(journey)), settings.FIELD_KEY, purpose=_JOURNEY_PURPOSE)
    response.set_cookie(
        cookie_name(), base64.urlsafe_b64encode(sealed).decode(), max_age=JOURNEY_SECONDS,
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip


def journey_of(request: HttpRequest) -> Journey | None:
    """Return the journey this browser began less than ten minutes ago; None for none, an old or a changed one."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(cookie_name(), "").encode())
        journey = Journey(**json.loads(crypto.decrypt(sealed, settings.FIELD_KEY, purpose=_JOURNEY_PURPOSE)))
    except (crypto.DecryptionError, ValueError, TypeError, binascii.Error):
        return None
    return journey if 0 <= time.time() - journey.begun <= JOURNEY_SECONDS else None


def end_journey(response: HttpResponse) -> None:
    """Take the journey away: it is good for one return, whatever came of it."""
    response.delete_cookie(cookie_name(), samesite="Lax")


def remember(request: HttpRequest, account: Account, identity: Identity) -> None:
    """Keep level and time of this sign-in, and the ID token (encrypted) for leaving the provider too."""
    sealed = crypto.encrypt(identity.id_token, settings.FIELD_KEY, purpose=_TOKEN_PURPOSE)
    request.session[LEVEL] = [account.pk, identity.level]
    request.session[SIGNED_IN] = identity.signed_in_at
    request.session[ID_TOKEN] = base64.b64encode(sealed).decode()


def level(request: HttpRequest) -> int:
    """Return the assurance of this log-in: 2, 1, or 0 when it is not known.

    A password of a closed installation counts as that installation decided (MOTCUA_CITIZEN_PASSWORD_LEVEL).
    """
    owner, known = request.session.get(LEVEL, (None, 0))
    if owner is None and settings.CITIZEN_PASSWORDS and isinstance(request.user, Account):
        return int(settings.CITIZEN_PASSWORD_LEVEL)
    return int(known) if owner == getattr(request.user, "pk", None) else 0


def signed_in_at(request: HttpRequest) -> datetime | None:
    """Return when the person last proved to the provider who they are."""
    known = request.session.get(SIGNED_IN)
    return datetime.fromtimestamp(known, timezone.get_current_timezone()) if known else None


def id_token(request: HttpRequest) -> str:
    """Return the ID token of this sign-in, "" when there is none."""
    kept = request.session.get(ID_TOKEN, "")
    try:
        return crypto.decrypt(base64.b64decode(kept), settings.FIELD_KEY, purpose=_TOKEN_PURPOSE)
    except (crypto.DecryptionError, ValueError):
        return ""


def safe_next(text: str, default: str = "") -> str:
    """Return a path of our own public site, or `default`: nobody is led elsewhere after signing in."""
    inside = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text[:1000] if inside and not any(ord(mark) < 32 for mark in text) else default


def sign_in_url(back: str, *, level: int = 1, fresh: bool = False) -> str:
    """Return the address that leads to the provider and then to `back`; with `fresh` it asks there again."""
    asked = {"next": back} | ({"muc": str(level)} if level > 1 else {}) | ({"lai": "1"} if fresh else {})
    return f"{settings.CITIZEN_LOGIN_URL}di/?{urlencode(asked)}"


def asked_again(request: HttpRequest, back: str, *, within: timedelta = FRESH) -> HttpResponseRedirect | None:
    """Lead a citizen to sign in once more before a grave act; None where they did so within the last minutes.

    `back` is where the button stands: what was sent is not carried out behind the person's back.
    """
    when = signed_in_at(request)
    if settings.OIDC is None or (when is not None and timezone.now() - when < within):
        return None
    return HttpResponseRedirect(sign_in_url(back, level=max(1, level(request)), fresh=True))
