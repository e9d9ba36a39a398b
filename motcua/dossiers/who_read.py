"""Who opened one's dossier and why, for whoever holds its slip: day, unit, post and reason, never an officer's name.

`motcua_who_read` is asked with the same hashes as the public look-up and answers nothing to a wrong one. Who comes
here has a pass of that look-up, which counts the tries. Look-ups among applicants are left out: they would tell the
holder of one slip where else its applicant has been; they stand in the copy of one's data (privacy).
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from motcua.dossiers.models.shown import Way
from motcua.dossiers.slips import Slip

MOST = 200
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


def of_slip(slip: Slip) -> list[Read]:
    """Return who read the dossier of a slip, the newest day first; nothing for a wrong one."""
    return _read(slip.agency, slip.code, slip.secret, slip.token)


def _read(agency: str | None, code: str | None, secret: bytes | None, token: bytes | None) -> list[Read]:
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [agency, code, secret, token, MOST])
        (answer,) = cursor.fetchone()
    rows: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer or []
    return [Read(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]
