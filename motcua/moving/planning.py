"""The dry run: from rows of a file to dossiers as they would stand here, with every row's trouble."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.agencies.models import Agency
from motcua.applicants.models import Person
from motcua.applicants.operations import PersonFacts
from motcua.applicants.operations.person_facts import check
from motcua.applicants.queries import personal_id_index
from motcua.dossiers import states
from motcua.dossiers.states import State
from motcua.lib import lookup
from motcua.lib.columns import Record, Trouble
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import fold, normalize
from motcua.lib.working_time import ZONE
from motcua.moving.known import Holding, Known, Unknown, channel_of, state_of
from motcua.procedures.models import ProcedureVariant
from motcua.workflow.engine import Step

#: Rows of these states are past: they are counted and left where they are.
OVER = states.FINAL
_WAITING = {states.ASKED_BEFORE, states.ASKED}


@dataclass(frozen=True)
class Planned:
    """One row as the dossier it becomes."""

    number: int
    old_code: str
    row_hash: bytes
    agency: Agency
    variant: ProcedureVariant
    workflow_id: int
    step: Step | None
    holding: Holding | None
    state: State
    channel: str
    values: dict[str, Any]
    keeps_code: bool

    @property
    def counted(self) -> tuple[str, int, str, str]:
        """Agency, status, procedure, holder: what has to be equal afterwards."""
        holder = self.holding.label if self.holding else ""
        return (self.agency.name, int(self.state.status), self.variant.version.procedure.code or "", holder)


@dataclass
class Plan:
    """A whole file looked at: rows that would go in, rows that are over, rows with troubles."""

    rows: list[Planned] = field(default_factory=list)
    over: int = 0
    read: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({one.row for one in self.troubles})


def plan(records: Iterable[Record], known: Known, *, now: datetime) -> Plan:
    """Look at every row. A row with any trouble does not go in; the others do not wait for it."""
    made = Plan()
    every = list(records)
    twice = _twice(every)
    for record in every:
        made.read += 1
        if record["old_code"] in twice:
            record.trouble(
                "old_code",
                phrase(
                    _("Mã này có ở các dòng %(rows)s. Giữ một dòng cho mỗi hồ sơ."),
                    rows=", ".join(map(str, twice[record["old_code"]])),
                ),
            )
        planned = _row(record, known, now)
        made.troubles += record.troubles
        if planned is None and not record.troubles:
            made.over += 1
        elif planned is not None and not record.troubles:
            made.rows.append(planned)
    _namesakes(made, {record.number: record for record in every})
    return made


def _namesakes(made: Plan, records: dict[int, Record]) -> None:
    """Take out rows whose number belongs to a person of another name: a wrong digit must not join two people."""
    numbers = {
        personal_id_index(row.values["personal_id"]): row
        for row in made.rows
        if len(row.values["personal_id"]) == 12
    }
    known: dict[bytes, str] = {}
    every = list(numbers)
    for start in range(0, len(every), 1000):
        held = Person.objects.filter(personal_id_index__in=every[start : start + 1000])
        known |= {
            bytes(index or b""): fold(name)
            for index, name in held.values_list("personal_id_index", "full_name")
        }
    first: dict[str, str] = {}
    kept = []
    for row in made.rows:
        number, name = row.values["personal_id"], fold(normalize(row.values["applicant"]))
        other = (
            known.get(personal_id_index(number)) or first.setdefault(number, name)
            if len(number) == 12
            else name
        )
        if not row.values["tax_code"] and other != name:
            record = records[row.number]
            record.trouble(
                "personal_id",
                phrase(_("Số định danh này đã thuộc về người khác tên. Kiểm tra lại số và họ tên.")),
            )
            made.troubles += record.troubles
        else:
            kept.append(row)
    made.rows = kept


def _twice(records: list[Record]) -> dict[str, list[int]]:
    counts = Counter(record["old_code"] for record in records if record["old_code"])
    return {
        code: [record.number for record in records if record["old_code"] == code][:10]
        for code, times in counts.items()
        if times > 1
    }


def _row(record: Record, known: Known, now: datetime) -> Planned | None:
    """Return what a row becomes; None for one that is over, or that has troubles (which stand on the record)."""
    state = _look(record, "status", lambda: state_of(record["status"])) if record["status"] else None
    if state in OVER:
        return None
    if state in states.DECIDED:
        record.trouble(
            "status",
            phrase(_("Hồ sơ đã có kết quả: trả kết quả ở hệ thống cũ, không chuyển. Bỏ dòng này.")),
        )  # fmt: skip
    agency = _look(record, "agency", lambda: known.agency_of(record["agency"]))
    if agency is not None and agency.calendar is None:
        record.trouble(
            "agency", phrase(_("Cơ quan chưa có lịch làm việc. Gán lịch ở trang cơ quan rồi nhập lại."))
        )
    procedure = (
        _look(record, "procedure", lambda: known.procedure_of(record["procedure"]))
        if record["procedure"]
        else None
    )
    channel = _look(record, "channel", lambda: channel_of(record["channel"]))
    _moments(record, state, now)
    _party(record, now)
    if agency is None or procedure is None or state is None or record.troubles:
        return None
    state = _settled(state, record)
    day = (record["accepted"] or record["submitted"]).date()
    variant = _look(record, "procedure", lambda: known.case_of(procedure, day))
    holding = _look(record, "holder", lambda: known.holding(agency, record["unit"], record["holder"]))
    if variant is None or record.troubles:
        return None
    running = state not in {states.NEW, states.ASKED_BEFORE}
    found = _look(
        record, "step", lambda: known.step_of(variant, agency, known.today, record["step"], holding)
    )
    if found is None or record.troubles:
        return None
    return Planned(
        number=record.number, old_code=record["old_code"], row_hash=hash_of(record), agency=agency, variant=variant,
        workflow_id=found[0], step=found[1] if running else None, holding=holding, state=state,
        channel=channel or "in_person", values=record.values, keeps_code=_keeps(record["old_code"], agency, known),
    )  # fmt: skip


def _look(record: Record, name: str, find: Any) -> Any:
    try:
        return find()
    except Unknown as fault:
        record.trouble(name, fault.words)
    except Refusal as fault:
        record.trouble(name, fault.message)
    return None


def _settled(state: State, record: Record) -> State:
    """Waiting for papers before acceptance and after it are one word in an old system: the date tells them apart."""
    if state in _WAITING:
        return states.ASKED if record["accepted"] else states.ASKED_BEFORE
    return state


def _moments(record: Record, state: State | None, now: datetime) -> None:
    """Bring the dates into our zone and look whether they can be."""
    for name in ("submitted", "accepted", "due", "paused"):
        moment = record[name]
        if isinstance(moment, datetime) and moment.tzinfo is None:
            record.values[name] = moment.replace(tzinfo=ZONE)
    submitted, accepted, due, paused = (record[name] for name in ("submitted", "accepted", "due", "paused"))
    if not submitted and not accepted:
        if not any(
            one.column in {record.headings.get("submitted"), record.headings.get("accepted")}
            for one in record.troubles
        ):
            record.trouble(
                "submitted", phrase(_("Thiếu ngày nộp hoặc ngày tiếp nhận. Ghi ít nhất một ngày."))
            )
        return
    record.values["submitted"] = submitted = submitted or accepted
    past_acceptance = state is not None and state not in {states.NEW, states.ASKED, states.ASKED_BEFORE}
    if past_acceptance and not accepted:
        record.values["accepted"] = accepted = submitted
    if accepted and accepted < submitted:
        record.trouble("accepted", phrase(_("Ngày tiếp nhận trước ngày nộp. Sửa một trong hai ngày.")))
    if max(one for one in (submitted, accepted) if one) > now:
        record.trouble("submitted", phrase(_("Ngày nộp hoặc tiếp nhận ở tương lai. Sửa lại ngày.")))
    if due and accepted and due < accepted:
        record.trouble("due", phrase(_("Ngày hẹn trả trước ngày tiếp nhận. Sửa lại ngày hẹn.")))
    if paused and (paused > now or paused < submitted):
        record.trouble("paused", phrase(_("Ngày tạm dừng phải sau ngày nộp và không ở tương lai.")))


def _party(record: Record, now: datetime) -> None:
    """Look at the numbers of the applicant; a number that a workbook kept as a number has lost its first noughts."""
    number = record["personal_id"].replace(" ", "").replace(".", "")
    record.values["personal_id"] = number = (
        number.zfill(12) if number.isdigit() and len(number) in {10, 11} else number
    )
    if record["tax_code"]:
        if normalize_tax_code(record["tax_code"]) is None:
            record.trouble(
                "tax_code", phrase(_("Mã số thuế phải có 10, 12 hoặc 13 chữ số. Sửa lại hoặc để trống."))
            )
        return
    if not record["applicant"]:
        return
    try:
        check(person_of(record.values), now)
    except Refusal as refused:
        name = (
            "personal_id"
            if refused.field == "personal_id"
            else "phone"
            if refused.field == "phone"
            else "applicant"
        )
        record.trouble(name, refused.message)


def person_of(values: dict[str, Any]) -> PersonFacts:
    """Return what a row says of a person. An identity card of nine digits is no longer a number of ours."""
    number = values["personal_id"]
    return PersonFacts(
        full_name=values["applicant"], personal_id="" if len(number) == 9 and number.isdigit() else number,
        no_paper_reason=_("Chuyển từ hệ thống cũ, không có số định danh"), phone=values["phone"],
        address=values["address"],
    )  # fmt: skip


def hash_of(record: Record) -> bytes:
    """Return what tells whether a row has changed: its values, whatever the order of its columns."""
    plain = json.dumps(record.values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).digest()


def _keeps(old_code: str, agency: Agency, known: Known) -> bool:
    """An old code in the national form under this agency's own identifier stays the code of the dossier."""
    code = lookup.take_apart(old_code)
    return code is not None and known.owns_code(agency.pk, code.agency)
