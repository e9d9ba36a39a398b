"""The relying party against a provider that answers by HTTP: every way in which an answer can be wrong."""

import base64
import hmac
import json
import time
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from motcua.cli.demo.identity import Issuer
from motcua.clients import http, oidc
from motcua.clients.tests.issuer import BACK, provider_at, running


@pytest.fixture(scope="module")
def peer():
    with running() as (issuer, provider):
        yield issuer, provider


def come_back(issuer, provider, *, sub="lan", journey=None, change=None):
    """Go the whole way: leave, pick a person, come back; `change` bends what the browser brings."""
    journey = journey or oidc.Journey.begin(next="/")
    asked = dict(parse_qsl(urlsplit(oidc.authorization_url(provider, journey, back=BACK)).query))
    assert issuer.asked(asked) == ""
    answer = dict(parse_qsl(urlsplit(issuer.grant(asked, sub)).query)) | (change or {})
    return oidc.complete(provider, journey, answer, back=BACK, now=time.time())


def fault(*args, **kwargs):
    with pytest.raises(oidc.SignInFault) as caught:
        come_back(*args, **kwargs)
    return caught.value.code


def test_who_signed_in_comes_from_the_token_and_the_user_information(peer):
    found = come_back(*peer)
    assert (found.issuer, found.subject, found.personal_id) == (peer[0].address, "lan", "031190012345")
    assert (found.name, found.birth, found.level) == ("Phạm Thị Lan", "1990-03-08", 2)
    assert abs(found.signed_in_at - time.time()) < 10
    assert come_back(*peer, sub="bay", journey=oidc.Journey.begin(next="/", level=2)).level == 1
    assert len(come_back(*peer, sub="chi").name) == 40 and come_back(*peer, sub="thu").name == "Thư"


def test_what_is_asked_holds_pkce_state_nonce_and_the_level(peer):
    journey = oidc.Journey.begin(next="/", level=2, fresh=True)
    asked = dict(parse_qsl(urlsplit(oidc.authorization_url(peer[1], journey, back=BACK)).query))
    assert asked["code_challenge_method"] == "S256" and journey.verifier not in str(asked)
    assert asked["state"] == journey.state and asked["nonce"] == journey.nonce != asked["state"]
    assert asked["acr_values"] == "urn:motcua:loa:2" and asked["prompt"] == "login"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "cua-trinh-duyet-khac"}, "wrong_state"),
        ({"state": ""}, "wrong_state"),
        ({"state": "ế"}, "wrong_state"),
        ({"iss": "https://ke-gian.example"}, "wrong_issuer"),
        ({"error": "access_denied"}, "stopped"),
        ({"error": "server_error"}, "refused"),
        ({"code": ""}, "no_code"),
        ({"code": "x" * 3000}, "no_code"),
        ({"code": "doan-mo"}, "refused"),
    ],
)
def test_what_the_browser_brings_is_checked(peer, change, code):
    assert fault(*peer, change=change) == code


def test_an_answer_that_hides_whose_it_is_is_refused_where_ours_always_tells(peer, monkeypatch):
    """RFC 9207: the provider says in its description that each answer carries `iss`."""
    issuer, provider = peer

    def without(provider):
        journey = oidc.Journey.begin(next="/")
        asked = dict(parse_qsl(urlsplit(oidc.authorization_url(provider, journey, back=BACK)).query))
        answer = dict(parse_qsl(urlsplit(issuer.grant(asked, "lan")).query))
        del answer["iss"]
        return oidc.complete(provider, journey, answer, back=BACK, now=time.time())

    with pytest.raises(oidc.SignInFault, match="iss of the answer"):
        without(provider)
    said = dict(oidc.description(provider))
    del said["authorization_response_iss_parameter_supported"]
    monkeypatch.setattr(oidc, "description", lambda provider: said)
    assert without(provider).subject == "lan"


def test_a_code_is_good_once_and_not_for_long(peer):
    issuer, provider = peer
    journey = oidc.Journey.begin(next="/")
    asked = dict(parse_qsl(urlsplit(oidc.authorization_url(provider, journey, back=BACK)).query))
    answer = dict(parse_qsl(urlsplit(issuer.grant(asked, "lan")).query))
    assert oidc.complete(provider, journey, answer, back=BACK, now=time.time()).subject == "lan"
    with pytest.raises(oidc.SignInFault, match="refused"):
        oidc.complete(provider, journey, answer, back=BACK, now=time.time())
    answer = dict(parse_qsl(urlsplit(issuer.grant(asked, "lan")).query))
    issuer.codes[answer["code"]].at -= 120
    with pytest.raises(oidc.SignInFault, match="refused"):
        oidc.complete(provider, journey, answer, back=BACK, now=time.time())


def test_a_code_of_another_browser_fails_at_the_verifier(peer):
    issuer, provider = peer
    theirs = oidc.Journey.begin(next="/")
    asked = dict(parse_qsl(urlsplit(oidc.authorization_url(provider, theirs, back=BACK)).query))
    stolen = dict(parse_qsl(urlsplit(issuer.grant(asked, "lan")).query))["code"]
    mine = oidc.Journey.begin(next="/")
    with pytest.raises(oidc.SignInFault, match="refused"):
        answer = {"code": stolen, "state": mine.state, "iss": issuer.address}
        oidc.complete(provider, mine, answer, back=BACK, now=time.time())


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"nonce": "cua-lan-khac"}, "wrong_nonce"),
        ({"nonce": None}, "wrong_nonce"),
        ({"iss": "https://ke-gian.example"}, "wrong_issuer"),
        ({"aud": "client-khac"}, "wrong_audience"),
        ({"aud": ["motcua", "client-khac"]}, "wrong_audience"),
        ({"aud": "motcua", "azp": "client-khac"}, "wrong_audience"),
        ({"exp": int(time.time()) - 3600}, "expired"),
        ({"exp": None}, "expired"),
        ({"iat": int(time.time()) + 3600}, "bad_token"),
        ({"sub": ""}, "bad_token"),
        ({"sub": None}, "bad_token"),
        ({"sub": 7}, "bad_token"),
        ({"sub": "x" * 300}, "bad_token"),
        ({"sub": "bay"}, "bad_token"),  # the user information speaks of somebody else
        ({"at_hash": "khong-phai"}, "bad_token"),
    ],
)
def test_each_claim_of_the_token_is_checked(peer, monkeypatch, claims, code):
    right = Issuer.claims

    def bent(self, grant):
        said = right(self, grant) | claims
        return {name: value for name, value in said.items() if value is not None}

    monkeypatch.setattr(Issuer, "claims", bent)
    assert fault(*peer) == code


def _unsigned(self, claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}."


def _with_the_public_key(self, claims):
    """HS256 with the public key as the secret: the oldest confusion."""
    text = _unsigned(self, claims).split(".")[1]
    head = (
        base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": self.key.kid}).encode())
        .rstrip(b"=")
        .decode()
    )
    mark = hmac.digest(self.key.as_pem(private=False), f"{head}.{text}".encode(), "sha256")
    return f"{head}.{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def _with_the_client_secret(self, claims):
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.clients["motcua"].secret))


def _with_a_stranger(self, claims):
    stranger = ECKey.generate_key("P-256", {"kid": self.key.kid})
    return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, stranger)


def _with_an_unknown_kid(self, claims):
    stranger = ECKey.generate_key("P-256", {"kid": "khong-ai-biet"})
    return jwt.encode({"alg": "ES256", "kid": "khong-ai-biet"}, claims, stranger)


def _with_its_own_key_in_the_header(self, claims):
    stranger = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "jwk": stranger.as_dict(private=False)}, claims, stranger)


@pytest.mark.parametrize(
    "signed",
    [
        _unsigned, _with_the_public_key, _with_the_client_secret, _with_a_stranger, _with_an_unknown_kid,
        _with_its_own_key_in_the_header, lambda self, claims: "khong.phai.jwt", lambda self, claims: "",
    ],
)  # fmt: skip
def test_only_a_signature_of_the_providers_key_is_one(peer, monkeypatch, signed):
    monkeypatch.setattr(Issuer, "signed", signed)
    assert fault(*peer) == "bad_token"


def test_a_provider_may_change_its_keys(peer):
    issuer, provider = peer
    assert come_back(issuer, provider).subject == "lan"
    issuer.key = ECKey.generate_key("P-256", {"kid": "moi"})
    before, oidc.KEYS_AGAIN = oidc.KEYS_AGAIN, 0  # the half minute between two looks is over
    try:
        assert come_back(issuer, provider).subject == "lan"
    finally:
        oidc.KEYS_AGAIN = before


def test_an_unknown_key_makes_us_ask_once_not_each_time(peer, monkeypatch):
    asked = []
    right = Issuer.keys
    monkeypatch.setattr(Issuer, "keys", lambda self: asked.append(1) or right(self))
    monkeypatch.setattr(Issuer, "signed", _with_an_unknown_kid)
    oidc.forget()
    for _time in range(4):
        assert fault(*peer) == "bad_token"
    assert len(asked) == 1


def test_a_fresh_sign_in_must_be_one(peer, monkeypatch):
    journey = oidc.Journey.begin(next="/", fresh=True)
    assert come_back(*peer, journey=journey).subject == "lan"
    right = Issuer.claims
    monkeypatch.setattr(
        Issuer, "claims", lambda self, grant: right(self, grant) | {"auth_time": int(time.time()) - 999}
    )
    assert fault(*peer, journey=journey) == "not_fresh"
    assert come_back(*peer).subject == "lan"  # and nobody minds where it was not asked for


def test_a_provider_that_is_down_says_so(peer):
    issuer, provider = peer
    gone = provider_at("http://localhost:9")
    with pytest.raises(http.Failed):
        oidc.authorization_url(gone, oidc.Journey.begin(next="/"), back=BACK)
    half = replace(
        provider,
        token="http://localhost:9/token",
        reach=replace(provider.reach, hosts=provider.reach.hosts | {"localhost:9"}),
    )
    assert fault(issuer, half) == "provider_down"


def test_a_description_of_another_issuer_is_not_taken(peer, monkeypatch):
    oidc.forget()
    right = Issuer.metadata
    monkeypatch.setattr(Issuer, "metadata", lambda self: right(self) | {"issuer": "https://ke-gian.example"})
    assert fault(*peer) == "wrong_issuer"
    oidc.forget()


def test_a_provider_written_down_by_hand_is_not_asked_for_a_description(peer, monkeypatch):
    issuer, provider = peer
    monkeypatch.setattr(Issuer, "metadata", lambda self: pytest.fail("asked"))
    oidc.forget()
    said = Issuer("x", {}).address and {name: f"{issuer.address}/{path}" for name, path in
            (("authorize", "authorize"), ("token", "token"), ("userinfo", "userinfo"), ("keys", "jwks"))}  # fmt: skip
    assert come_back(issuer, replace(provider, **said)).subject == "lan"


def test_the_names_of_the_national_portal_are_read(peer, monkeypatch):
    issuer, provider = peer
    told = {
        "sub": "lan", "HoVaTen": "Phạm Thị Lan", "SoDinhDanh": "031190012345", "SoCMND": "", "loAs": "LoA2",
        "SoDienThoai": "0912345678", "TechID": "7", "MaSoThue": None, "DiaChi": ["Số 1"],
    }  # fmt: skip
    monkeypatch.setattr(Issuer, "user", lambda self, access: told)
    right = Issuer.claims
    monkeypatch.setattr(
        Issuer, "claims", lambda self, grant: {n: v for n, v in right(self, grant).items() if n != "acr"}
    )
    portal = replace(provider, claims=oidc.PRESETS["dvcqg"], levels={"LoA1": 1, "LoA2": 2})
    found = come_back(issuer, portal)
    assert (found.name, found.personal_id, found.level, found.address) == (
        "Phạm Thị Lan",
        "031190012345",
        2,
        "Số 1",
    )
    told["loAs"] = "LoA9"
    assert come_back(issuer, portal).level == 0


def test_what_was_signed_is_not_overwritten_by_what_was_not(peer, monkeypatch):
    right = Issuer.user
    monkeypatch.setattr(
        Issuer, "user", lambda self, access: right(self, access) | {"acr": "urn:motcua:loa:2"}
    )
    assert come_back(*peer, sub="bay").level == 1


# ── The way out


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9/", "https://localhost/", "ftp://localhost:8/", "file:///etc/passwd", "http://a@localhost:8/",
        "http://127.0.0.1:8/", "http://[::1]:8/", "http://localhost:8/a b", "http://localhost:8/\r\nX: y", "//x", "",
    ],
)  # fmt: skip
def test_only_named_hosts_are_asked(url):
    with pytest.raises(http.NotAllowed):
        http.ask("GET", url, reach=http.Reach(frozenset({"localhost:8"}), inside=http.LOOPBACK))


def test_a_public_client_does_not_reach_into_private_networks():
    for url in (
        "https://localhost/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "http://example.vn/",
    ):
        host = urlsplit(url).hostname
        with pytest.raises(http.NotAllowed):
            http.ask("GET", url, reach=http.Reach(frozenset({host})))


def test_an_endless_answer_and_a_slow_one_are_left(monkeypatch):
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words):
            pass

        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            try:
                for _part in range(200):
                    self.wfile.write(b"x" * (100_000 if self.path == "/big" else 1))
                    if self.path == "/slow":
                        time.sleep(0.05)
            except OSError:
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    here = f"localhost:{server.server_address[1]}"
    reach = http.Reach(frozenset({here}), inside=http.LOOPBACK)
    with pytest.raises(http.Failed, match="more than"):
        http.ask("GET", f"http://{here}/big", reach=reach)
    begun = time.monotonic()
    with pytest.raises(http.Failed):
        http.ask("GET", f"http://{here}/slow", reach=reach, seconds=0.3)
    assert time.monotonic() - begun < 2
    server.shutdown()
