"""A provider on this machine is looked at point by point; each fault that an operator can make is named."""

import time
from dataclasses import replace
from typing import Any

import pytest

from motcua.cli.demo.identity import Issuer
from motcua.clients import oidc
from motcua.clients.http import LOOPBACK, Reach
from motcua.clients.oidc_check import State, check
from motcua.clients.tests.issuer import BACK, running


@pytest.fixture(scope="module")
def peer() -> Any:
    with running() as (issuer, provider):
        yield issuer, provider


def looked_at(provider: oidc.Provider, now: float | None = None) -> dict[str, tuple[State, str]]:
    return {one.what: (one.state, one.told) for one in check(provider, back=BACK, now=now or time.time())}


def bad(provider: oidc.Provider, now: float | None = None) -> set[str]:
    return {what for what, (state, _told) in looked_at(provider, now).items() if state == State.BAD}


def test_all_is_well_and_nobody_is_signed_in(peer: tuple[Issuer, oidc.Provider]) -> None:
    issuer, provider = peer
    found = looked_at(provider)
    assert {state for state, _told in found.values()} <= {State.GOOD, State.SILENT}
    for what in (
        "description",
        "issuer",
        "pkce",
        "clock",
        "authorization",
        "token",
        "jwks",
        "userinfo",
        "keys",
        "secret",
    ):
        assert found[what][0] == State.GOOD, what
    assert not issuer.tokens


def test_each_mistake_of_an_operator_is_named(peer: tuple[Issuer, oidc.Provider]) -> None:
    _issuer, provider = peer
    assert bad(replace(provider, client_secret="sai")) == {"secret"}
    assert bad(replace(provider, client_id="khac")) == {"secret"}
    assert bad(provider, time.time() - 300) == {"clock"}
    assert bad(replace(provider, issuer=provider.issuer + "/")) == {"issuer"}
    nobody = replace(
        provider, issuer="http://127.0.0.1:9", reach=Reach(frozenset({"127.0.0.1:9"}), inside=LOOPBACK)
    )
    assert bad(nobody) == {"description"}
    assert "token" in bad(replace(provider, token="http://127.0.0.1:9/token"))  # no host that was named
    strange = replace(provider, authorize="ftp://127.0.0.1/auth")
    assert bad(strange) == {"authorization"}
    assert bad(replace(provider, auth="none", client_secret="")) >= {"secret"}


def test_what_the_provider_says_of_itself_counts(
    peer: tuple[Issuer, oidc.Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, provider = peer
    said = issuer.metadata()
    for change, named in (
        ({"code_challenge_methods_supported": ["plain"]}, "pkce"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "algorithms"),
        ({"acr_values_supported": ["khac"]}, "levels"),
        ({"token_endpoint": ""}, "token"),
        ({"jwks_uri": 7}, "jwks"),
    ):
        monkeypatch.setattr(Issuer, "metadata", lambda _self, change=change: {**said, **change})
        assert bad(provider) == {named}, named


def test_keys_that_are_none_are_named(
    peer: tuple[Issuer, oidc.Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, provider = peer
    monkeypatch.setattr(oidc, "_KEY_TYPES", {"oct"})
    assert "keys" in bad(provider)
    assert issuer


def test_one_written_down_by_hand_is_asked_for_no_description(peer: tuple[Issuer, oidc.Provider]) -> None:
    issuer, provider = peer
    said = issuer.metadata()
    by_hand = replace(
        provider,
        authorize=said["authorization_endpoint"],
        token=said["token_endpoint"],
        keys=said["jwks_uri"],
    )
    found = looked_at(by_hand)
    assert "description" not in found and found["secret"][0] == State.GOOD and found["keys"][0] == State.GOOD
