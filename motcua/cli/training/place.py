"""Where the sandbox lives, and the environment it runs in: its own folder, ports, hosts and secrets.

Nothing of the real installation's settings reaches it but what a page shows: no database address, no gateway, no
secret file. What is not named here does not exist for it, so it can send nothing anywhere.
"""

import os
from pathlib import Path

from motcua.config import env

#: Settings that are the same in both.
_SHARED = ("MOTCUA_PLACE_NAME", "MOTCUA_HOTLINE", "MOTCUA_THEME", "MOTCUA_PG_BIN")
#: Settings the sandbox has of its own: MOTCUA_TRAINING_PORT is its MOTCUA_PORT.
_OWN = {
    "PORT": "8090", "LIVE_PORT": "8091", "PUBLIC_HOST": "taphuan.localhost", "STAFF_HOST": "", "FILES_HOST": "",
    "HTTPS": "", "BEHIND_PROXY": "", "LIVE_URL": "",
}  # fmt: skip


def folder() -> Path:
    """Return the sandbox's data folder: `MOTCUA_TRAINING_DATA`, else beside the real one."""
    real = env.data_dir()
    own = Path(env.text("MOTCUA_TRAINING_DATA") or real.with_name(f"{real.name}-training")).resolve()
    if own == real or own in real.parents:
        raise env.BadSetting(f"MOTCUA_TRAINING_DATA={own}: the sandbox needs a folder of its own")
    return own


def environment() -> dict[str, str]:
    """Return the sandbox's environment."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MOTCUA_", "PG"))}
    clean |= {name: value for name in _SHARED if (value := env.text(name))}
    for name, usual in _OWN.items():
        value = env.text(f"MOTCUA_TRAINING_{name}", usual)
        if value:
            clean[f"MOTCUA_{name}"] = value
    clean.setdefault("MOTCUA_HTTPS", "0" if clean["MOTCUA_PUBLIC_HOST"].endswith("localhost") else "1")
    return clean | {"MOTCUA_DATA": str(folder()), "MOTCUA_TRAINING": "1", "MOTCUA_LOG_LEVEL": "WARNING"}


def content() -> Path:
    """Return where the copied rows wait, inside the sandbox's own folder."""
    return env.data_dir() / "content"
