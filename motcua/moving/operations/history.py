"""The history an old system kept: entries marked as its own, at their old times, written down now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.base.audit.models import Entry
from motcua.base.audit.operations import record
from motcua.dossiers import queries
from motcua.lib.actor import Actor
from motcua.lib.columns import Record
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.working_time import ZONE
from motcua.moving.models import MovedDossier
from motcua.moving.operations.dossiers import Brought

VERB = "old_act"


@transaction.atomic
def bring_history(
    *, records: Sequence[Record], system: str, actor: Actor, at: datetime, dry: bool = False
) -> Brought:
    """Bring entries in, oldest first; one that is there already is passed over. With `dry` nothing is written.

    `at` of an entry is the old system's time, its `recorded_at` is now, and its actor is whoever moved it in: who did
    it stands in the entry as the old system says.
    """
    made = Brought()
    homes = _homes(records, system, dry=dry)
    there = _there({dossier for _home, dossier in homes.values()})
    for one in sorted(records, key=lambda row: (str(row["at"] or ""), row.number)):
        if one["old_code"] and one["old_code"] not in homes:
            one.trouble(
                "old_code",
                phrase(_("Chưa có hồ sơ nào chuyển từ mã này. Nhập hồ sơ trước, rồi nhập lịch sử.")),
            )
        moment = one["at"].replace(tzinfo=ZONE) if isinstance(one["at"], datetime) else None
        if moment is not None and moment > at:
            one.trouble("at", phrase(_("Thời điểm ở tương lai. Sửa lại ngày giờ.")))
        if one.troubles or moment is None:
            made.troubles += one.troubles
            continue
        home, dossier = homes[one["old_code"]]
        mark = (moment.isoformat(), one["what"], one["who"])
        if mark in there[dossier]:
            made.unchanged += 1
            continue
        there[dossier].add(mark)
        made.new += 1
        if not dry:
            record(
                actor=actor, verb=VERB, subject_kind=queries.SUBJECT, subject_id=dossier, agency_id=home, at=moment,
                payload=_payload(one, system),
            )  # fmt: skip
    return made


def _payload(one: Record, system: str) -> dict[str, Any]:
    note = {"note": one["note"]} if one["note"] else {}
    return {"imported": system, "what": one["what"], "who": one["who"], **note}


def _homes(records: Sequence[Record], system: str, *, dry: bool) -> dict[str, tuple[int, str]]:
    """Return home agency and dossier of each old code, locked against two runs at once."""
    rows = MovedDossier.objects.filter(system=system, old_code__in={one["old_code"] for one in records})
    rows = rows if dry else rows.select_for_update().order_by("pk")
    return {row.old_code: (row.home_agency_id, str(row.dossier_id)) for row in rows}


def _there(dossiers: set[str]) -> defaultdict[str, set[tuple[str, str, str]]]:
    found: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    rows = Entry.objects.filter(subject_kind=queries.SUBJECT, subject_id__in=dossiers, verb=VERB)
    for subject, at, payload in rows.values_list("subject_id", "at", "payload"):
        found[subject].add((at.astimezone(ZONE).isoformat(), payload.get("what", ""), payload.get("who", "")))
    return found
