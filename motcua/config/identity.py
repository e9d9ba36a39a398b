"""The provider by which citizens sign in, from the environment; a bad value stops the start.

MOTCUA_OIDC_ISSUER and MOTCUA_OIDC_CLIENT_ID name it; the client's secret is a file. In the demo it is the demo's own.
"""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from motcua.clients.http import LOOPBACK, Reach
from motcua.clients.oidc import PRESETS, Claims, Provider
from motcua.config import env

_AUTHS = ("client_secret_post", "client_secret_basic", "none")
_LEVELS = {
    "standard": "urn:motcua:loa:1=1 urn:motcua:loa:2=2",
    "dvcqg": "LoA1=1 LoA2=2 1=1 2=2",
}
_SCOPES = {"standard": "openid profile", "dvcqg": "openid"}
DEMO_CLIENT = "motcua-demo"


def read(*, demo: bool) -> Provider | None:
    """Return the provider of `MOTCUA_OIDC_*`, in the demo its own where that runs; None where none is named."""
    own = env.integer("MOTCUA_DEMO_IDENTITY", 0)
    if own and not demo:
        raise env.BadSetting(
            "MOTCUA_DEMO_IDENTITY: the invented provider exists in the demo only (MOTCUA_DEMO)"
        )
    issuer = env.text("MOTCUA_OIDC_ISSUER")
    if not issuer:
        return demo_provider(own) if own else None
    preset = env.text("MOTCUA_OIDC_PRESET", "standard")
    if preset not in PRESETS:
        raise env.BadSetting(f"MOTCUA_OIDC_PRESET={preset!r}: use one of {', '.join(PRESETS)}")
    private = env.flag("MOTCUA_OIDC_PRIVATE")
    named = {part: env.text(f"MOTCUA_OIDC_{part.upper()}") for part in
             ("authorize", "token", "userinfo", "keys", "end_session")}  # fmt: skip
    for what, address in {"issuer": issuer, **named}.items():
        _address(what, address, private)
    auth = env.text("MOTCUA_OIDC_AUTH", "client_secret_post")
    if auth not in _AUTHS:
        raise env.BadSetting(f"MOTCUA_OIDC_AUTH={auth!r}: use one of {', '.join(_AUTHS)}")
    client = env.text("MOTCUA_OIDC_CLIENT_ID")
    if not client:
        raise env.BadSetting("MOTCUA_OIDC_ISSUER needs MOTCUA_OIDC_CLIENT_ID")
    levels = _levels(env.text("MOTCUA_OIDC_LEVELS", _LEVELS[preset]))
    hosts = {urlsplit(address).netloc.lower() for address in (issuer, *named.values()) if address}
    return Provider(
        issuer=issuer, client_id=client, client_secret=_secret(auth), auth=auth,
        reach=Reach(
            frozenset(hosts | set(env.text("MOTCUA_OIDC_HOSTS").lower().split())), private, LOOPBACK if private else ()
        ),
        label=env.text("MOTCUA_OIDC_LABEL", "VNeID"), scope=env.text("MOTCUA_OIDC_SCOPE", _SCOPES[preset]),
        claims=_claims(PRESETS[preset], env.text("MOTCUA_OIDC_CLAIMS")),
        levels=levels, ask=_ask(levels), **named,
    )  # fmt: skip


def demo_provider(port: int) -> Provider:
    """Return the demo's own provider, on this machine: `motcua.cli.demo.identity` answers there."""
    issuer, levels = f"http://localhost:{port}", _levels(_LEVELS["standard"])
    return Provider(
        issuer=issuer, client_id=DEMO_CLIENT, client_secret=env.secret("demo_identity").hex(),
        reach=Reach(frozenset({f"localhost:{port}"}), inside=LOOPBACK), label="VNeID", scope="openid profile phone",
        levels=levels, ask=_ask(levels),
    )  # fmt: skip


def _address(what: str, address: str, private: bool) -> None:
    parts = urlsplit(address)
    if address and (
        parts.scheme not in {"https", "http"} or not parts.hostname or parts.fragment or parts.username
    ):
        raise env.BadSetting(f"MOTCUA_OIDC_{what.upper()}={address!r}: write a whole address, https://…")
    if parts.scheme == "http" and not private:
        raise env.BadSetting(
            f"MOTCUA_OIDC_{what.upper()}: plain http needs MOTCUA_OIDC_PRIVATE=1 (tests, own machine)"
        )


def _secret(auth: str) -> str:
    named = env.text("MOTCUA_SECRET_OIDC_CLIENT_FILE")
    path = Path(named) if named else env.data_dir() / "secrets" / "oidc_client"
    if auth == "none":
        return ""
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise env.BadSetting(
            f"MOTCUA_OIDC_ISSUER needs the client's secret in {path} (or MOTCUA_SECRET_OIDC_CLIENT_FILE)"
        ) from None
    if not value:
        raise env.BadSetting(f"{path} is empty: write the client's secret into it")
    return value


def _levels(text: str) -> dict[str, int]:
    levels: dict[str, int] = {}
    for pair in text.split():
        said, _mark, level = pair.rpartition("=")
        if not said or level not in {"1", "2"}:
            raise env.BadSetting(f"MOTCUA_OIDC_LEVELS: {pair!r} is not NAME=1 or NAME=2")
        levels[said] = int(level)
    return levels


def _ask(levels: dict[str, int]) -> dict[int, str]:
    """Ask by the first name of each level."""
    asked: dict[int, str] = {}
    for said, level in levels.items():
        asked.setdefault(level, said)
    return asked


def _claims(preset: Claims, text: str) -> Claims:
    """Return the preset with other names: "personal_id=SoDinhDanh,SoCMND name=HoVaTen"."""
    changed: dict[str, tuple[str, ...]] = {}
    for pair in text.split():
        ours, _mark, theirs = pair.partition("=")
        if ours not in Claims.__dataclass_fields__ or not theirs:
            known = ", ".join(Claims.__dataclass_fields__)
            raise env.BadSetting(f"MOTCUA_OIDC_CLAIMS: {pair!r} is not OURS=THEIRS with one of {known}")
        changed[ours] = tuple(theirs.split(","))
    return replace(preset, **changed)
