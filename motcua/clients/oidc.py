"""A relying party of OpenID Connect: code flow with PKCE, state and nonce, the ID token checked to the letter.

Sources: OpenID Connect Core 1.0 §3.1, Discovery 1.0, RP-Initiated Logout 1.0, RFC 7636, RFC 9207, RFC 9700; ASVS 5.0
6.8, 10.5. authlib builds the requests and judges the claims, joserfc the signatures; the transport is `clients.http`.
Nothing here knows a browser, a database or a setting: the caller keeps a `Journey` with the browser that began it.
"""

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from motcua.clients import http

#: Signatures with a public key. "none" and the HMAC family are not among them: a public key is no secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_KEY_TYPES = {"RSA", "EC"}
LEEWAY = 60  # seconds that two machines' clocks may differ
KEPT = 3600  # seconds that a provider's description and keys are used without asking again
KEYS_AGAIN = 30  # seconds: a key nobody knows makes us look for new ones at most so often


class SignInFault(Exception):
    """A sign-in that must not go on. `code` is for the page and the tests, the text for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Claims:
    """Under which names a provider says what it knows; the first one that holds something counts."""

    personal_id: tuple[str, ...]
    name: tuple[str, ...]
    birth: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    tax_code: tuple[str, ...] = ()
    level: tuple[str, ...] = ("acr",)


PRESETS: dict[str, Claims] = {
    # The names of OpenID Connect Core §5.1; the personal number has none there.
    "standard": Claims(
        personal_id=("personal_id", "national_id"),
        name=("name",),
        birth=("birthdate",),
        phone=("phone_number",),
        email=("email",),
        address=("address",),
        level=("acr",),
    ),
    # The sign-on of the National Public Service Portal, as its clients read it.
    "dvcqg": Claims(
        personal_id=("SoDinhDanh", "SoCMND"),
        name=("HoVaTen",),
        birth=("NgaySinh",),
        phone=("SoDienThoai",),
        email=("ThuDienTu",),
        address=("DiaChi",),
        tax_code=("MaSoThue", "MaSoDoanhNghiep"),
        level=("loAs", "acr"),
    ),
}


@dataclass(frozen=True)
class Provider:
    """Whom we trust to say who somebody is. Empty addresses are read from the provider's own description.

    `levels` maps what the provider says (acr) to 1 or 2; `ask` maps 1 or 2 to what is asked for. `reach` names the
    hosts that are asked from here.
    """

    issuer: str
    client_id: str
    reach: http.Reach
    client_secret: str = field(default="", repr=False)
    auth: str = "client_secret_post"
    label: str = "VNeID"
    scope: str = "openid profile"
    claims: Claims = PRESETS["standard"]
    levels: Mapping[str, int] = field(default_factory=dict)
    ask: Mapping[int, str] = field(default_factory=dict)
    authorize: str = ""
    token: str = ""
    userinfo: str = ""
    keys: str = ""
    end_session: str = ""

    @property
    def is_written_down(self) -> bool:
        """Whether all that is needed was named by hand: then it is not asked for a description it may not have."""
        return bool(self.authorize and self.token and self.keys)


@dataclass(frozen=True)
class Journey:
    """What the browser keeps between leaving and coming back; made anew each time, good for one return."""

    state: str
    nonce: str
    verifier: str
    next: str
    begun: int
    level: int = 1
    fresh: bool = False

    @classmethod
    def begin(cls, *, next: str, level: int = 1, fresh: bool = False) -> "Journey":
        return cls(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            next,
            int(time.time()),
            level,
            fresh,
        )


@dataclass(frozen=True)
class Identity:
    """Who signed in, as the provider says it. Texts are as they came: nothing of them is trusted to be well-formed."""

    issuer: str
    subject: str
    personal_id: str
    name: str
    birth: str
    phone: str
    email: str
    address: str
    tax_code: str
    level: int
    signed_in_at: int
    id_token: str = field(repr=False)


# ── What the provider says of itself

_lock = threading.Lock()
_descriptions: dict[str, tuple[float, dict[str, Any]]] = {}
_key_sets: dict[str, tuple[float, KeySet]] = {}


def forget() -> None:
    """Forget what was read of providers, as a new process does."""
    with _lock:
        _descriptions.clear()
        _key_sets.clear()


def endpoint(provider: Provider, name: str) -> str:
    """Return the address of "authorization", "token", "userinfo", "jwks" or "end_session"; "" when there is none."""
    named = named_endpoint(provider, name)
    if named or provider.is_written_down:
        return named
    said = description(provider).get("jwks_uri" if name == "jwks" else f"{name}_endpoint", "")
    return said if isinstance(said, str) else ""


def named_endpoint(provider: Provider, name: str) -> str:
    """Return an address as the operator wrote it down, "" where none is."""
    return {
        "authorization": provider.authorize,
        "token": provider.token,
        "userinfo": provider.userinfo,
        "jwks": provider.keys,
        "end_session": provider.end_session,
    }[name]


def description(provider: Provider) -> dict[str, Any]:
    """Return the provider's metadata; its issuer must be ours to the letter."""
    with _lock:
        kept = _descriptions.get(provider.issuer)
    if kept and time.monotonic() - kept[0] < KEPT:
        return kept[1]
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    said = _json(
        http.ask("GET", address, reach=provider.reach, headers={"Accept": "application/json"}), "description"
    )
    if said.get("issuer") != provider.issuer:
        raise SignInFault("wrong_issuer", "the description names another issuer")
    with _lock:
        _descriptions[provider.issuer] = (time.monotonic(), said)
    return said


def _key_set(provider: Provider, *, again: bool = False) -> KeySet:
    address = endpoint(provider, "jwks")
    with _lock:
        kept = _key_sets.get(address)
    if kept and time.monotonic() - kept[0] < (KEYS_AGAIN if again else KEPT):
        return kept[1]
    found = read_keys(provider, address)
    with _lock:
        _key_sets[address] = (time.monotonic(), found)
    return found


def read_keys(provider: Provider, address: str) -> KeySet:
    """Ask for the keys that signatures are checked with. Raises SignInFault and `http.Failed`."""
    said = _json(
        http.ask("GET", address, reach=provider.reach, headers={"Accept": "application/json"}), "keys"
    )
    listed = said.get("keys")
    usable = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("kty") in _KEY_TYPES and one.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError) as fault:
        raise SignInFault("provider_fault", f"no usable keys: {type(fault).__name__}") from None


# ── Leaving and coming back


def may_lead_to(provider: Provider, address: str) -> bool:
    """Whether a browser is sent to an address to sign in: by HTTPS, in plain only where the operator allowed it."""
    return urlsplit(address).scheme in ({"https", "http"} if provider.reach.inside else {"https"})


def authorization_url(provider: Provider, journey: Journey, *, back: str) -> str:
    """Return where the browser goes to sign in; `back` is the registered address it returns to."""
    address = endpoint(provider, "authorization")
    if not may_lead_to(provider, address):
        raise SignInFault("provider_fault", "no address to sign in at")
    asked: dict[str, str] = {
        "nonce": journey.nonce,
        "code_challenge": create_s256_code_challenge(journey.verifier),
        "code_challenge_method": "S256",
    }
    if journey.level in provider.ask:
        asked["acr_values"] = provider.ask[journey.level]
    if journey.fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    return str(
        prepare_grant_uri(
            address,
            provider.client_id,
            "code",
            redirect_uri=back,
            scope=provider.scope,
            state=journey.state,
            **asked,
        )
    )


def complete(
    provider: Provider, journey: Journey, answer: Mapping[str, str], *, back: str, now: float
) -> Identity:
    """Return who signed in, from the parameters the browser came back with.

    Raises SignInFault: `stopped` (the person turned back), `wrong_state`, `wrong_issuer`, `no_code`, `refused` (a code
    that is used, old or another client's), `bad_token`, `not_fresh`; and `provider_down` when nobody answers.
    """
    given = answer.get("state", "")
    if not given or not secrets.compare_digest(given.encode(), journey.state.encode()):
        raise SignInFault("wrong_state")
    # RFC 9207: the answer of another provider, or one that hides whose it is where ours says it always tells
    if answer.get("iss") != provider.issuer and ("iss" in answer or _names_itself(provider)):
        raise SignInFault("wrong_issuer", "iss of the answer")
    if "error" in answer:
        stopped = answer["error"] in {"access_denied", "interaction_required", "consent_required"}
        raise SignInFault("stopped" if stopped else "refused", answer["error"][:40])
    code = answer.get("code", "")
    if not code or len(code) > 2000:
        raise SignInFault("no_code")
    try:
        tokens = _exchange(provider, journey, code, back)
        claims = _id_token(provider, journey, tokens, now)
        said = _user_info(provider, tokens, claims)
    except http.Failed as fault:
        raise SignInFault("provider_down", str(fault)) from None
    return _identity(provider, claims, {**claims, **said}, str(tokens["id_token"]))


def _names_itself(provider: Provider) -> bool:
    """Tell whether the provider says that each answer of it carries `iss`; one written down by hand is not asked."""
    if provider.is_written_down:
        return False
    try:
        return description(provider).get("authorization_response_iss_parameter_supported") is True
    except http.Failed as fault:
        raise SignInFault("provider_down", str(fault)) from None


def end_session_url(provider: Provider, *, id_token: str, back: str) -> str:
    """Return where the person may also leave the provider; "" where it has no such page or is not reached."""
    try:
        address = endpoint(provider, "end_session")
    except (http.Failed, SignInFault):
        return ""
    if not address:
        return ""
    params = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    if id_token:
        params["id_token_hint"] = id_token
    return str(add_params_to_uri(address, list(params.items())))


def _exchange(provider: Provider, journey: Journey, code: str, back: str) -> dict[str, Any]:
    came = send_code(provider, endpoint(provider, "token"), code=code, verifier=journey.verifier, back=back)
    if came.status in {400, 401}:
        raise SignInFault("refused", _short(came.body))
    said = _json(came, "token")
    if not isinstance(said.get("id_token"), str) or not isinstance(said.get("access_token"), str):
        raise SignInFault("bad_token", "the answer holds no token")
    return said


def send_code(provider: Provider, address: str, *, code: str, verifier: str, back: str) -> http.Answer:
    """Send a code to be changed for tokens; return the answer, whatever its status."""
    body = prepare_token_request("authorization_code", code=code, redirect_uri=back, code_verifier=verifier)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    client = ClientAuth(provider.client_id, provider.client_secret, provider.auth)
    address, headers, body = client.prepare("POST", address, headers, body)
    return http.ask("POST", address, reach=provider.reach, headers=headers, body=body)


def _id_token(provider: Provider, journey: Journey, tokens: dict[str, Any], now: float) -> dict[str, Any]:
    """Check signature, issuer, audience, times, nonce: OpenID Connect Core §3.1.3.7."""
    token = _decoded(provider, tokens["id_token"])
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "nonce": {"essential": True, "value": journey.nonce},
        },
        {"nonce": journey.nonce, "client_id": provider.client_id, "access_token": tokens["access_token"]},
    )
    try:
        claims.validate(now=int(now), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as fault:
        named = str(getattr(fault, "claim", "") or fault)
        raise SignInFault(_claim_code(named), named[:60]) from None
    aud = claims["aud"]
    # Several audiences: somebody else holds this token too. We are the only one of ours.
    if aud not in (provider.client_id, [provider.client_id]):
        raise SignInFault("wrong_audience", "more than us")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise SignInFault("bad_token", "sub")
    if journey.fresh:
        signed = claims.get("auth_time")
        if not isinstance(signed, int | float) or signed < journey.begun - LEEWAY:
            raise SignInFault("not_fresh")
    return dict(claims)


def _claim_code(named: str) -> str:
    for word, code in (("iss", "wrong_issuer"), ("aud", "wrong_audience"), ("azp", "wrong_audience"),
                       ("nonce", "wrong_nonce"), ("exp", "expired")):  # fmt: skip
        if word in named:
            return code
    return "bad_token"


def _decoded(provider: Provider, text: str) -> jwt.Token:
    try:
        return jwt.decode(text, _key_set(provider), algorithms=ALGORITHMS)
    except (InvalidKeyIdError, BadSignatureError):
        pass  # the provider may have changed its keys since we read them
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise SignInFault("bad_token", type(fault).__name__) from None
    try:
        return jwt.decode(text, _key_set(provider, again=True), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise SignInFault("bad_token", type(fault).__name__) from None


def _user_info(provider: Provider, tokens: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Return what else the provider says; it must speak of the same person (Core §5.3.2)."""
    address = endpoint(provider, "userinfo")
    if not address:
        return {}
    came = http.ask(
        "GET",
        address,
        reach=provider.reach,
        headers={"Accept": "application/json", "Authorization": f"Bearer {tokens['access_token']}"},
    )
    said = _json(came, "userinfo")
    if said.get("sub") != claims["sub"]:
        raise SignInFault("bad_token", "userinfo speaks of somebody else")
    # What was signed stands; what was not may only add.
    return {name: value for name, value in said.items() if name not in claims}


def _identity(provider: Provider, signed: dict[str, Any], said: dict[str, Any], id_token: str) -> Identity:
    names = provider.claims
    level = _first(said, names.level)
    when = signed.get("auth_time") or signed["iat"]
    return Identity(
        issuer=provider.issuer,
        subject=str(signed["sub"]),
        personal_id=_first(said, names.personal_id),
        name=_first(said, names.name),
        birth=_first(said, names.birth),
        phone=_first(said, names.phone),
        email=_first(said, names.email),
        address=_first(said, names.address),
        tax_code=_first(said, names.tax_code),
        level=provider.levels.get(level, 0),
        signed_in_at=int(when),
        id_token=id_token,
    )


def _first(said: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = said.get(name)
        if isinstance(value, dict):  # the address of Core §5.1.1
            value = value.get("formatted")
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()[:500]
    return ""


def _json(came: http.Answer, what: str) -> dict[str, Any]:
    if came.status != 200:
        raise http.BadAnswer(f"{what}: status {came.status}")
    return came.json()


def _short(body: bytes) -> str:
    try:
        said = json.loads(body).get("error", "")
    except (ValueError, AttributeError):
        return ""
    return str(said)[:40]
