"""The demo's identity provider: true OpenID Connect (discovery, keys, code with PKCE), invented citizens.

    python -m motcua.cli.demo.identity

Started by `motcua demo` beside the site, on this machine only. It asks no password: who sits there picks a person, and
the page says so. It refuses to start outside the demo, and the site refuses to know it there (`config.identity`).
"""

import base64
import hashlib
import html
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CODE_SECONDS = 60
_LEVEL = "urn:motcua:loa:{}"
_STYLE = """body{font:19px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#1d2733}
h1{font-size:1.5rem}.note{border:2px solid #8a5a00;padding:.75rem 1rem;background:#fff7e6}
button{font:inherit;display:block;width:100%;text-align:left;margin:.6rem 0;padding:.7rem 1rem;min-height:3rem;
border:1px solid #5b6b7a;border-radius:6px;background:#fff;color:inherit;cursor:pointer}
button:hover,button:focus{outline:3px solid #0b4f8a}small{display:block;color:#43505d}"""


@dataclass(frozen=True)
class Citizen:
    """An invented person and what the provider says of them."""

    sub: str
    name: str
    personal_id: str
    birth: str
    phone: str = ""
    level: int = 2


CITIZENS = (
    Citizen("lan", "Phạm Thị Lan", "031190012345", "1990-03-08", "0912345678"),
    Citizen("bay", "Nguyễn Văn Bảy", "031049000777", "1949-07-07", "0987000777", level=1),
    Citizen("chi", "Công Tằng Tôn Nữ Hoàng Thị Thanh Bảo Chi", "046185004040", "1985-10-20"),
    Citizen("thu", "Thư", "068299000101", "1999-01-01"),
    Citizen("hung", "Trần Quốc Hùng", "031078005555", "1978-11-11", "0903555111"),
)


@dataclass
class Client:
    """A relying party: its secret and the addresses people may be sent back to."""

    secret: str
    redirects: tuple[str, ...]
    leaves_to: tuple[str, ...] = ()


@dataclass
class Grant:
    """A code that was given out, until it is taken."""

    client_id: str
    redirect: str
    challenge: str
    nonce: str
    citizen: Citizen
    at: float
    scope: str


@dataclass
class Issuer:
    """The provider without its transport. A test bends single answers by overriding one method."""

    address: str
    clients: Mapping[str, Client]
    citizens: tuple[Citizen, ...] = CITIZENS
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Citizen] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": secrets.token_hex(8)}))

    def metadata(self) -> dict[str, Any]:
        """Return the description of the provider (Discovery 1.0 §3)."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
            "acr_values_supported": [_LEVEL.format(1), _LEVEL.format(2)],
        }

    def keys(self) -> dict[str, Any]:
        """Return the public keys."""
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "ES256"}]}

    def asked(self, query: Mapping[str, str]) -> str:
        """Return what is wrong with a request to sign in, "" when nothing is."""
        client = self.clients.get(query.get("client_id", ""))
        if client is None or query.get("redirect_uri") not in client.redirects:
            return "unknown client or redirect_uri"
        if query.get("response_type") != "code" or "openid" not in query.get("scope", "").split():
            return "response_type must be code, scope must hold openid"
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            return "PKCE with S256 is required"
        return ""

    def grant(self, query: Mapping[str, str], sub: str) -> str:
        """Give out a code for the person picked; return where the browser goes."""
        known = {"state": query.get("state", ""), "iss": self.address}
        citizen = next((one for one in self.citizens if one.sub == sub), None)
        if citizen is None:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', **known})}"
        code = secrets.token_urlsafe(24)
        self.codes[code] = Grant(
            query["client_id"], query["redirect_uri"], query["code_challenge"], query.get("nonce", ""), citizen,
            time.time(), query["scope"],
        )  # fmt: skip
        return f"{query['redirect_uri']}?{urlencode({'code': code, **known})}"

    def redeem(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer the token request: each code once, within a minute, to whom it was given."""
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not secrets.compare_digest(form.get("client_secret", ""), client.secret):
            return 401, {"error": "invalid_client"}
        grant = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        right = grant is not None and (
            grant.client_id == form["client_id"]
            and grant.redirect == form.get("redirect_uri")
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == grant.challenge
            and time.time() - grant.at <= CODE_SECONDS
        )
        if not right or form.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        assert grant is not None
        access = secrets.token_urlsafe(32)
        self.tokens[access] = grant.citizen
        return 200, {
            "access_token": access, "token_type": "Bearer", "expires_in": 300,
            "id_token": self.signed(self.claims(grant)),
        }  # fmt: skip

    def claims(self, grant: Grant) -> dict[str, Any]:
        """Return what the ID token says."""
        now = int(time.time())
        return {
            "iss": self.address, "sub": grant.citizen.sub, "aud": grant.client_id, "nonce": grant.nonce,
            "iat": now, "exp": now + 300, "auth_time": now, "acr": _LEVEL.format(grant.citizen.level),
        }  # fmt: skip

    def signed(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed token."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def user(self, access: str) -> dict[str, Any] | None:
        """Return what is known of who owns an access token."""
        one = self.tokens.get(access)
        if one is None:
            return None
        return {
            "sub": one.sub, "name": one.name, "personal_id": one.personal_id, "birthdate": one.birth,
            "phone_number": one.phone,
        }  # fmt: skip

    def page(self, query: Mapping[str, str]) -> str:
        """Return the page on which a person of the demo is picked."""
        kept = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.items()
        )
        people = "".join(
            f'<button name="sub" value="{one.sub}">{html.escape(one.name)}'
            f"<small>Tài khoản mức {one.level}</small></button>"
            for one in self.citizens
        )
        return _page(
            "Đăng nhập thử",
            '<p class="note">Đây là trang thử của bản trình diễn, không phải VNeID. Người ở đây không có thật; không'
            f" nhập mật khẩu thật ở đâu cả.</p>"
            f'<form method="post" action="/authorize">{kept}<p>Đăng nhập bằng tên ai?</p>'
            f'{people}<button name="sub" value="">Không đăng nhập nữa</button></form>',
        )

    def leave(self, query: Mapping[str, str]) -> str:
        """Return where somebody who leaves goes: only to an address the client registered."""
        client = self.clients.get(query.get("client_id", ""))
        wanted = query.get("post_logout_redirect_uri", "")
        return wanted if client is not None and wanted in client.leaves_to else ""


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title><meta name="viewport"'
        f' content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet"'
        f' href="/style.css"></head><body><main><h1>{title}</h1>{body}</main></body></html>'
    )


class _Handler(BaseHTTPRequestHandler):
    """The provider's transport: each address of it and what it answers."""

    timeout = 10
    server: "Server"

    def log_message(self, *_words: object) -> None:
        """Stay silent: codes stand in addresses."""

    def do_GET(self) -> None:
        issuer = self.server.issuer
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        if parts.path == "/.well-known/openid-configuration":
            self._json(200, issuer.metadata())
        elif parts.path == "/jwks":
            self._json(200, issuer.keys())
        elif parts.path == "/style.css":
            self._send(200, "text/css; charset=utf-8", _STYLE)
        elif parts.path == "/authorize":
            fault = issuer.asked(query)
            self._html(
                400 if fault else 200, (fault and _page("Lỗi", html.escape(fault))) or issuer.page(query)
            )
        elif parts.path == "/userinfo":
            known = issuer.user(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._json(401 if known is None else 200, known or {"error": "invalid_token"})
        elif parts.path == "/logout":
            self._leave(issuer.leave(query))
        else:
            self._send(404, "text/plain", "")

    def do_POST(self) -> None:
        issuer = self.server.issuer
        size = min(int(self.headers.get("Content-Length") or 0), 20_000)
        form = dict(parse_qsl(self.rfile.read(size).decode(errors="replace"), keep_blank_values=True))
        path = urlsplit(self.path).path
        if path == "/token":
            self._json(*issuer.redeem(form))
        elif path == "/authorize" and not issuer.asked(form):
            self._send(302, "text/plain", "", Location=issuer.grant(form, form.get("sub", "")))
        else:
            self._send(400, "text/plain", "")

    def _leave(self, where: str) -> None:
        if where:
            self._send(302, "text/plain", "", Location=where)
        else:
            self._html(200, _page("Đã đăng xuất", "<p>Đã đăng xuất khỏi trang thử.</p>"))

    def _json(self, status: int, said: Mapping[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(said, ensure_ascii=False))

    def _html(self, status: int, text: str) -> None:
        policy = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'"
        self._send(status, "text/html; charset=utf-8", text, **{"Content-Security-Policy": policy})

    def _send(self, status: int, kind: str, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Cache-Control": "no-store", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The provider on this machine; `issuer` decides what it says."""

    daemon_threads = True
    issuer: Issuer


def server(port: int, issuer_for: Callable[[str], Issuer]) -> Server:
    """Return a server on this machine; `issuer_for` makes the issuer from its address."""
    made = Server(("127.0.0.1", port), _Handler)
    made.issuer = issuer_for(f"http://localhost:{made.server_address[1]}")
    return made


def main() -> None:
    """Serve until stopped. Only in the demo, only on this machine."""
    from motcua.config import addresses, env, identity  # noqa: PLC0415  (reads the environment of the installation)

    port = env.integer("MOTCUA_DEMO_IDENTITY", 0)
    if not env.flag("MOTCUA_DEMO") or not port:
        sys.exit("The invented identity provider runs in the demo only (motcua demo).")
    client = Client(
        env.secret("demo_identity").hex(), (f"{addresses.PUBLIC_URL}/dang-nhap-cong-dan/ve/",),
        (f"{addresses.PUBLIC_URL}/",),
    )  # fmt: skip
    server(port, lambda address: Issuer(address, {identity.DEMO_CLIENT: client})).serve_forever()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    main()
