"""Who opened one's dossier and why, for whoever holds its slip: day, unit, post and reason, never an officer's name.

`motcua_who_read` is asked with the same hashes as the public look-up and answers nothing to a wrong one. Who comes
here has a pass of that look-up, which counts the tries. Look-ups among applicants are left out: they would tell the
holder of one slip where else its applicant has been; they stand in the copy of one's data (privacy).
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from motcua.dossiers.models.shown import Way
from motcua.dossiers.tracking import Tracked
from motcua.lib import lookup
from motcua.lib.lookup import lookup_hash

MOST = 200
LASTS = 1800  # seconds
_SALT = "motcua.dossiers.who_read"
_ASK = "select motcua_who_read(%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Read:
    """What officers of one post read on one day, for one reason."""

    day: date
    unit: str
    agency: str
    post: str
    way: str  # "" where the dossier itself was opened
    own: bool
    reason: str
    times: int

    @property
    def why(self) -> str:
        """The reason, or what the system knows instead of one."""
        if self.reason:
            return self.reason
        if self.way:
            return {
                Way.LIST: _("Thấy trong danh sách công việc"),
                Way.SEARCH: _("Thấy khi tìm hồ sơ"),
                Way.BOOK: _("Thấy trong sổ theo dõi"),
                Way.PAPER: _("Thấy trong danh sách giấy tờ, bàn giao"),
            }[Way(self.way)]
        return _("Giải quyết hồ sơ của anh/chị") if self.own else _("Mở xem, chưa ghi lý do")

    @property
    def unexplained(self) -> bool:
        """Opened by somebody whose work it is not, without a word."""
        return not (self.reason or self.way or self.own)


def pass_of(found: Tracked, *, code: str, secret: str, token: str) -> str:
    """Return what the dossier's own page carries to the page of readings: hashes, signed, good for half an hour.

    Neither the secret nor the token stands in it, so a page that is left open gives neither away.
    """
    if token:
        plain = token.strip()[:64].partition(".")[0]
        return signing.dumps([found.code, "", lookup_hash(plain, settings.INDEX_KEY).hex()], salt=_SALT)
    digest = lookup_hash(f"{found.code}|{lookup.parse_secret(secret) or ''}", settings.INDEX_KEY)
    return signing.dumps([found.code, digest.hex(), ""], salt=_SALT)


def by_pass(text: str) -> tuple[str, list[Read]] | None:
    """Return the code and who read it, the newest day first; None for a pass that is none, or too old."""
    try:
        code, secret, token = signing.loads(text, salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    parts = lookup.take_apart(code)
    if parts is None:
        return None
    if token:
        return code, _read(None, None, None, bytes.fromhex(token))
    return code, _read(parts.agency, code, bytes.fromhex(secret), None)


def _read(agency: str | None, code: str | None, secret: bytes | None, token: bytes | None) -> list[Read]:
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [agency, code, secret, token, MOST])
        (answer,) = cursor.fetchone()
    rows: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer or []
    return [Read(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]
