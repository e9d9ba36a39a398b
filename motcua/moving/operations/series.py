"""Number series go on after the greatest number the old system gave, so that no number comes twice."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from motcua.base.audit.operations import record
from motcua.base.numbering.operations import raise_to
from motcua.lib import tables
from motcua.lib.actor import Actor
from motcua.lib.columns import Record
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.moving.known import Known, Unknown
from motcua.moving.operations.dossiers import Brought

#: What offices call their books, and the series that goes on with each. Codes are by day, the rest by year.
KINDS = {
    "so ho so": "dossier", "ma ho so": "dossier", "dossier": "dossier",
    "so theo doi ho so": "register", "so tiep nhan": "register", "so theo doi": "register", "register": "register",
    "so ket qua": "result", "van ban ket qua": "result", "so hieu ket qua": "result", "result": "result",
    "so chung thuc": "certification.copy", "so chung thuc ban sao": "certification.copy",
    "certification.copy": "certification.copy",
    "giay tiep nhan": "paper.appointment_slip", "phieu hen": "paper.appointment_slip",
}  # fmt: skip


@transaction.atomic
def bring_series(
    *, records: Sequence[Record], known: Known, actor: Actor, at: datetime, dry: bool = False
) -> Brought:
    """Raise each series to its old last number; never lowers one. With `dry` nothing is written."""
    made = Brought()
    for one in records:
        agency = None
        try:
            agency = known.agency_of(one["agency"])
        except Unknown as fault:
            one.trouble("agency", fault.words)
        kind = KINDS.get(tables.key(one["kind"])) or (
            one["kind"] if re.fullmatch(r"paper\.[\w.-]+", one["kind"]) else None
        )
        if one["kind"] and kind is None:
            one.trouble(
                "kind",
                phrase(
                    _("Không rõ sổ này. Ghi “Mã hồ sơ”, “Sổ theo dõi”, “Sổ kết quả” hoặc “Sổ chứng thực”.")
                ),
            )
        period = _period(kind or "", one["period"])
        if one["period"] and period is None:
            one.trouble(
                "period", phrase(_("Kỳ là một năm như 2026; với mã hồ sơ là một ngày như 30/06/2026."))
            )
        if one["last"] == 0:
            one.trouble("last", phrase(_("Số cuối phải từ 1. Sổ chưa dùng thì bỏ dòng này.")))
        made.troubles += one.troubles
        if one.troubles or agency is None or kind is None or period is None or not one["last"]:
            continue
        facts = {"agency_id": agency.pk, "kind": kind, "period": period, "last": one["last"]}
        if not dry and raise_to(**facts):
            made.new += 1
            record(
                actor=actor, verb="series.raise", subject_kind="series", subject_id=f"{agency.pk}/{kind}/{period}"[:64],
                at=at, payload={"last": one["last"], "why": "moved in"},
            )  # fmt: skip
        else:
            made.unchanged += not dry
            made.new += dry
    return made


def _period(kind: str, text: str) -> str | None:
    if kind == "dossier":
        try:
            moment = tables.moment(text)
        except tables.NotADay:
            return None
        return f"{moment:%Y-%m-%d}" if moment else None
    return text if re.fullmatch(r"(19|20)\d\d", text) and int(text) <= date.max.year else None
