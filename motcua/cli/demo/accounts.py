"""The demo's log-ins: passwords made at first start, kept in the data folder, never in the program."""

import json
import os
import secrets
from typing import Any

from motcua.config import env

ROLES = {
    "lan": "người dân",
    "minh": "tiếp nhận tại quầy (Bạch Long Vĩ)",
    "hoa": "chuyên viên",
    "duc": "lãnh đạo phòng",
    "tuan": "lãnh đạo đơn vị",
    "thu": "văn thư",
    "mai": "trả kết quả",
    "kim": "thu ngân",
    "an": "quản trị",
    "binh": "cán bộ của xã khác",
    "son": "quản trị thứ hai, cấp thành phố",
    "nga": "lãnh đạo giám sát",
    "khanh": "chuyên viên Văn phòng đăng ký đất đai",
    "quyen": "lãnh đạo phòng, đăng ký đất đai",
    "vinh": "lãnh đạo Văn phòng đăng ký đất đai",
    "tam": "văn thư Văn phòng đăng ký đất đai",
    "loc": "tiếp nhận và chuyên viên, thuế cơ sở",
    "phuc": "lãnh đạo thuế cơ sở",
}
CITIZENS = frozenset({"lan"})  # sign in by the demo's identity provider (`identity`), without a password
_BY_IDENTITY = "(bấm Đăng nhập)"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def _file() -> Any:
    return env.data_dir() / "demo-passwords.json"


def password_for(name: str) -> str:
    """Return the demo password of `name`, making it on first use."""
    known = _read()
    if name not in known:
        groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
        known[name] = "-".join(groups)
        handle = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as stream:
            json.dump(known, stream)
    return known[name]


def _read() -> dict[str, str]:
    path = _file()
    return json.loads(path.read_text()) if path.exists() else {}


def accounts() -> list[dict[str, str]]:
    """Return every demo account with its password and what it is for."""
    known = _read()
    return [
        {"name": name, "password": _BY_IDENTITY if name in CITIZENS else known[name], "role": role}
        for name, role in ROLES.items()
        if name in known
    ]
