"""Is a provider of OpenID Connect connected as it should be: asked now, point by point, before a citizen finds out.

Sources: OpenID Connect Discovery 1.0 §3, RFC 6749 §5.2, RFC 7636, RFC 8414. Nothing is signed in: the last point sends
a made-up code, which a provider answers with `invalid_grant` when it knows us, with `invalid_client` when it does not.
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from motcua.clients import http, oidc
from motcua.clients.oidc import Provider, SignInFault


class State(StrEnum):
    """How a point stands; `SILENT`: the provider says nothing about it."""

    GOOD = "good"
    BAD = "bad"
    SILENT = "silent"


class What(StrEnum):
    """What is looked at, in this order."""

    DESCRIPTION = "description"
    ISSUER = "issuer"
    PKCE = "pkce"
    AUTH = "auth"
    ALGORITHMS = "algorithms"
    LEVELS = "levels"
    CLOCK = "clock"
    AUTHORIZATION = "authorization"
    TOKEN = "token"  # noqa: S105
    JWKS = "jwks"
    USERINFO = "userinfo"
    KEYS = "keys"
    SECRET = "secret"  # noqa: S105


#: Addresses that the program asks itself; the browser alone goes to "authorization" and "end_session".
_ASKED = (What.TOKEN, What.JWKS, What.USERINFO)
_NEEDED = (What.AUTHORIZATION, What.TOKEN, What.JWKS)


@dataclass(frozen=True)
class Point:
    """One thing that was looked at; `told` is for who keeps the server."""

    what: What
    state: State
    told: str = ""


def check(provider: Provider, *, back: str, now: float) -> list[Point]:
    """Ask the provider everything a sign-in needs. `back`: our registered address; `now`: our clock, in seconds."""
    points: list[Point] = []
    said: dict[str, Any] = {}
    if not provider.is_written_down:
        address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            came = http.ask("GET", address, reach=provider.reach, headers={"Accept": "application/json"})
            said = came.json()
        except http.Failed as fault:
            return [Point(What.DESCRIPTION, State.BAD, f"{address}: {fault}")]
        if came.status != 200:
            return [Point(What.DESCRIPTION, State.BAD, f"{address}: {came.status}")]
        points += [Point(What.DESCRIPTION, State.GOOD, address), *_described(provider, said)]
        points += _clock(came.headers.get("date", ""), now)
    points += [point for name in (*_NEEDED, What.USERINFO) for point in _address(provider, name, said)]
    if any(one.state == State.BAD and one.what in _NEEDED for one in points):
        return points
    return [
        *points,
        _keys(provider, _of(provider, What.JWKS, said)),
        _secret(provider, _of(provider, What.TOKEN, said), back),
    ]


def _of(provider: Provider, name: What, said: dict[str, Any]) -> str:
    """Return an address as it is written down, else as the description has it."""
    named = oidc.named_endpoint(provider, name)
    found = named or said.get("jwks_uri" if name == What.JWKS else f"{name}_endpoint", "")
    return found if isinstance(found, str) else ""


def _described(provider: Provider, said: dict[str, Any]) -> list[Point]:
    """Judge what the provider says of itself."""
    issuer = said.get("issuer")
    same = issuer == provider.issuer
    wanted = [(What.PKCE, "code_challenge_methods_supported", {"S256"}),
              (What.AUTH, "token_endpoint_auth_methods_supported", {provider.auth}),
              (What.ALGORITHMS, "id_token_signing_alg_values_supported", set(oidc.ALGORITHMS)),
              (What.LEVELS, "acr_values_supported", set(provider.ask.values()))]  # fmt: skip
    return [
        Point(
            What.ISSUER,
            State.GOOD if same else State.BAD,
            "" if same else f"{provider.issuer} ≠ {issuer}"[:300],
        ),
        *(_listed(what, said.get(name), good) for what, name, good in wanted if good),
    ]


def _listed(what: What, values: Any, good: set[str]) -> Point:
    if not isinstance(values, list) or not values:
        return Point(what, State.SILENT)
    has = good.intersection(one for one in values if isinstance(one, str))
    enough = has == good if what == What.LEVELS else bool(has)
    words = ", ".join(str(one) for one in values)[:300]
    return Point(what, State.GOOD if enough else State.BAD, words)


def _clock(date: str, now: float) -> list[Point]:
    try:
        apart = parsedate_to_datetime(date).timestamp() - now
    except (TypeError, ValueError):
        return [Point(What.CLOCK, State.SILENT)]
    # The header has whole seconds, and the way there and back takes some.
    return [Point(What.CLOCK, State.GOOD if abs(apart) <= oidc.LEEWAY else State.BAD, f"{apart:+.0f} s")]


def _address(provider: Provider, name: What, said: dict[str, Any]) -> list[Point]:
    address = _of(provider, name, said)
    if not address:
        return [Point(name, State.BAD)] if name in _NEEDED else []
    if name not in _ASKED:
        return [Point(name, State.GOOD if oidc.may_lead_to(provider, address) else State.BAD, address)]
    try:
        http.target_of(address, reach=provider.reach)
    except http.Failed as fault:
        return [Point(name, State.BAD, f"{address}: {fault}")]
    return [Point(name, State.GOOD, address)]


def _keys(provider: Provider, address: str) -> Point:
    try:
        found = oidc.read_keys(provider, address)
    except (SignInFault, http.Failed) as fault:
        return Point(What.KEYS, State.BAD, str(fault)[:300])
    return Point(What.KEYS, State.GOOD if found.keys else State.BAD, str(len(found.keys)))


def _secret(provider: Provider, address: str, back: str) -> Point:
    """Send a code that never was: who knows us says so of the code, who does not says it of us."""
    journey = oidc.Journey.begin(next="")
    try:
        came = oidc.send_code(provider, address, code=journey.state, verifier=journey.verifier, back=back)
        error = str(came.json().get("error", ""))[:60]
    except http.Failed as fault:
        return Point(What.SECRET, State.SILENT, str(fault)[:300])
    if error == "invalid_grant":
        return Point(What.SECRET, State.GOOD)
    unknown = came.status == 401 or error in {"invalid_client", "unauthorized_client"}
    return Point(What.SECRET, State.BAD if unknown else State.SILENT, f"{came.status} {error}".strip())
