"""Environment and generated secrets. A bad value stops the start with a sentence that says what is wrong."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BadSetting(SystemExit):
    """A setting that cannot be used; the program ends with its message."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={value!r}: use 1 or 0")


def integer(name: str, default: int) -> int:
    value = text(name)
    if value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise BadSetting(f"{name}={value!r}: use a whole number") from None


def data_dir() -> Path:
    """Folder for everything this installation stores (`MOTCUA_DATA`, default `./var`)."""
    return Path(text("MOTCUA_DATA") or ROOT / "var").resolve()


def secret(name: str, *, size: int = 32) -> bytes:
    """Return the installation's secret `name`, made at first use, readable by the owner alone.

    `MOTCUA_SECRET_<NAME>_FILE` names a file elsewhere (a mounted secret).
    """
    override = text(f"MOTCUA_SECRET_{name.upper()}_FILE")
    path = Path(override) if override else data_dir() / "secrets" / name
    if path.exists():
        value = path.read_bytes().strip()
        if not value:
            raise BadSetting(f"secret file {path} is empty: restore it from the backup, do not replace it")
        return bytes.fromhex(value.decode())
    if override:
        raise BadSetting(f"secret file {path} (MOTCUA_SECRET_{name.upper()}_FILE) does not exist")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = secrets.token_hex(size).encode()
    # Several processes may start at once: link() lets exactly one of their values become the secret.
    draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(fresh + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return bytes.fromhex(path.read_bytes().strip().decode())
