"""The one place that reads signatures of a PDF that somebody handed in; it is checked in the checker's child.

A signature says who signed what; whether the signer may certify is not in it. So the answer is what can be known, and
the caller's words stay within it.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from motcua.base.files import queries, refusals, sandbox, trust
from motcua.base.files.models import FileKind, StoredFile
from motcua.lib.refusal import Refusal


class State(StrEnum):
    """What is known of one signature whose content is as it was signed."""

    TRUSTED = "trusted"
    LAPSED = "lapsed"  # trusted but for its time, and no trusted time stamp says when it was made
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # the chain leads to no certificate that this installation trusts


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the certificate's names, when, and what is known. `stamped`: a trusted time stamp says when."""

    who: str
    office: str
    issuer: str
    serial: str
    at: datetime | None
    stamped: bool
    state: State

    @property
    def words(self) -> str:
        """Who signed, as people say it: "Phạm Văn A, UBND phường B"."""
        parts = [self.who] if self.office in ("", self.who) else [self.who, self.office]
        return ", ".join(one for one in parts if one)


def of(stored: StoredFile) -> list[Signature]:
    """Return the signatures of a stored file, the first one first; none of a picture and of a PDF without any.

    Refuses, each with what to do, a file that was changed after it was signed, and signatures that can't be checked.
    """
    if stored.kind != FileKind.PDF:
        return []
    with queries.open_content(stored) as content, tempfile.TemporaryFile() as trusted:
        trusted.write(json.dumps(trust.held().told()).encode())
        trusted.flush()
        try:
            answer = sandbox.signatures(content.fileno(), trusted=trusted.fileno())
        except sandbox.CheckerFailed:
            raise refusals.not_checked(stored.original_name) from None
    if answer.get("problem") == "unsigned":
        return []
    if "problem" in answer:
        raise Refusal(
            _(
                "Không kiểm tra được chữ ký số trong tệp «%(name)s». Hãy tải lại bản gốc từ nơi cấp rồi gửi lại, "
                "đừng in hay lưu lại bằng chương trình khác."
            )
            % {"name": stored.original_name},
            code="signature_unreadable", field="file",
        )  # fmt: skip
    if any(one["state"] == "altered" for one in answer["signatures"]):
        raise Refusal(
            _(
                "Tệp «%(name)s» đã bị sửa sau khi ký, nên chữ ký số không còn giá trị. Hãy tải lại bản gốc từ nơi cấp "
                "rồi gửi nguyên tệp đó."
            )
            % {"name": stored.original_name},
            code="signature_altered", field="file",
        )  # fmt: skip
    return [_signature(one) for one in answer["signatures"]]


def weakest(found: Sequence[Signature]) -> State | None:
    """Return what holds for all of them together: trusted only where each one is; None of none."""
    order = (State.REVOKED, State.UNKNOWN, State.LAPSED, State.TRUSTED)
    return next((state for state in order if any(one.state == state for one in found)), None)


def _signature(one: dict[str, str]) -> Signature:
    moment = one["stamped"] or one["claimed"]
    return Signature(
        who=one["who"], office=one["office"], issuer=one["issuer"], serial=one["serial"],
        at=datetime.fromisoformat(moment) if moment else None, stamped=bool(one["stamped"]), state=State(one["state"]),
    )  # fmt: skip
