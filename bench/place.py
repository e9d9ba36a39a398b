"""Where the measurements live, and the environment every process of them shares."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
MADE = VAR / "made.json"
PROCESSES = 2
THREADS = 16


def settle(port: int) -> None:
    """Point this process, and every one it starts, at the installation under var/bench."""
    os.environ |= {
        "MOTCUA_DATA": str(VAR),
        "MOTCUA_DEMO": "1",
        "MOTCUA_PORT": str(port),
        "MOTCUA_LIVE_PORT": str(port + 1),
        "MOTCUA_WORKERS": str(PROCESSES),
        "MOTCUA_THREADS": str(THREADS),
        "MOTCUA_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }
    for name in ("MOTCUA_DATABASE_URL", "MOTCUA_DATABASE_ADMIN_URL"):
        os.environ.pop(name, None)


def fingerprint() -> str:
    """What the kept data depends on: how it is made. New migrations are applied to it by `motcua serve`."""
    digest = hashlib.sha256()
    for name in ("templates.py", "multiply.py", "province.py"):
        digest.update((ROOT / "bench" / name).read_bytes())
    return digest.hexdigest()[:16]


def made() -> dict[str, Any]:
    return json.loads(MADE.read_text()) if MADE.exists() else {}
