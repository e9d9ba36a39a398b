"""The data of each paper: frozen values, plain fields, nothing that could be looked up while printing.

Every paper names its form (`form`), which with a date picks the version in force (`legal_forms.form_on`).
Texts may hold anything a person typed; `text.printable` makes them harmless. Instants must be aware; they are
printed in the time of Việt Nam. Fields follow `docs/reference/papers.md`, which names their source.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Channel = Literal["in_person", "online", "post"]
Outcome = Literal["", "early", "on_time", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues the paper: governing body, issuing office, the place before the date, telephone."""

    parent: str
    office: str
    place: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A submitter or applicant. `kind` is the printed address ("Ông/Bà", "Tổ chức")."""

    name: str
    kind: str = "Ông/Bà"
    address: str = ""
    phone: str = ""
    email: str = ""
    paper_kind: str = "Số căn cước"
    paper_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One paper handed in or asked for, with the number of originals, certified copies and plain copies.

    `shown` marks a paper that was only shown and went back with its owner at once.
    """

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    shown: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One fee in whole đồng: 0 is free, None an amount that the provincial council sets.

    `unit` is what it counts by ("trang"), empty when it is paid once; a `conditional` one only some applicants owe.
    """

    name: str
    amount: int | None
    note: str = ""
    unit: str = ""
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One stop of the route line: the unit, what it does, how long it has, and until when."""

    unit: str
    step: str = ""
    limit: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs. `capacity` may have several lines ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")."""

    name: str
    capacity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that the office words itself (`passages`), with its placeholders, as it stood on the day of issue."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a corrected paper says of the one it replaces, or a replaced one of what came in its place.

    `round` counts corrections of one paper from 1; `number` and `issued_at` are the other paper's.
    """

    round: int
    number: str
    issued_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentSlip:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu số 01).

    `tracking_url` carries the token in its fragment and goes into the QR code; `secret` is the six characters
    to type where scanning is not possible. Both stand on copy 1 alone: copy 2 travels with the dossier.
    `due_at` is None for procedures without a date. `request` is the abstract when it says more than the
    procedure's name. `reprint` counts reprints; 0 is the first print.
    """

    form: ClassVar[str] = "appointment_slip"

    letterhead: Letterhead
    issued_at: datetime
    number: str
    code: str
    secret: str
    tracking_url: str
    lookup_url: str
    channel: Channel
    post_slip: str = ""
    submitter: Party
    applicant: Party | None = None
    procedure_code: str
    procedure_name: str
    request: str = ""
    papers: tuple[PaperLine, ...]
    sets: int = 1
    time_limit: str
    received_at: datetime
    due_at: datetime | None
    due_explanation: str = ""
    second_received_at: datetime | None = None
    second_due_at: datetime | None = None
    return_place: str
    fetched: bool = True  # False: the result comes by post or is read online, nobody comes for it
    decided_by: str = ""
    fees: tuple[FeeLine, ...] = ()
    register_book: str = ""
    register_number: str = ""
    stations: tuple[Station, ...] = ()
    receiver: Signer
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu số 02): exactly which papers, and why.

    `round` is 1 except for the legal exceptions. `respond_by` is the applicant's own deadline.
    """

    form: ClassVar[str] = "supplement_request"

    letterhead: Letterhead
    issued_at: datetime
    number: str
    code: str = ""
    submitter: Party
    procedure_code: str
    procedure_name: str
    request: str = ""
    items: tuple[PaperLine, ...]
    reason: str
    round: int = 1
    respond_by: datetime | None = None
    on_expiry: str = ""
    due_effect: str = ""
    lookup_url: str = ""
    officer: Signer
    officer_phone: str = ""
    tracking_url: str = ""
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ (Mẫu số 03): the reason in full, and where to turn."""

    form: ClassVar[str] = "refusal"

    letterhead: Letterhead
    issued_at: datetime
    number: str
    code: str = ""
    submitted_at: datetime | None = None
    channel: Channel = "in_person"
    submitter: Party
    procedure_code: str
    procedure_name: str
    request: str = ""
    reason: str
    legal_basis: str = ""
    where_to_turn: str = ""
    lookup_url: str = ""
    refuser: Signer
    tracking_url: str = ""
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (Mẫu số 04; before: Phiếu xin lỗi và hẹn lại).

    Both dates are printed: the one on the slip and the new one.
    """

    form: ClassVar[str] = "apology"

    letterhead: Letterhead
    issued_at: datetime
    number: str
    code: str
    submitter: Party
    sector: str = ""
    procedure_code: str
    procedure_name: str
    request: str = ""
    received_at: datetime
    due_at: datetime
    new_due_at: datetime
    responsible_unit: str
    reason: str
    recipients: tuple[str, ...] = ()
    signer: Signer
    tracking_url: str = ""
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice:
    """Thông báo dừng giải quyết hồ sơ (Mẫu số 05), on the applicant's own request before a result exists."""

    form: ClassVar[str] = "stop_notice"

    letterhead: Letterhead
    issued_at: datetime
    number: str
    code: str
    submitter: Party
    procedure_code: str
    procedure_name: str
    request: str = ""
    received_at: datetime
    accepted: bool = True  # False: it was sent and never taken in
    asked_at: datetime
    asked_how: str = ""
    reason: str
    returned_papers: tuple[PaperLine, ...] = ()
    fees_paid: tuple[FeeLine, ...] = ()
    refund_note: str = ""
    recipients: tuple[str, ...] = ()
    signer: Signer
    tracking_url: str = ""
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One block of the control sheet: who gave to whom, when, and how it stood against its time."""

    from_unit: str
    from_person: str = ""
    to_unit: str
    to_person: str = ""
    sent_at: datetime
    received_at: datetime | None = None
    outcome: Outcome = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSheet:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ (Mẫu số 06): the custody log, rendered."""

    form: ClassVar[str] = "control_sheet"

    letterhead: Letterhead
    issued_at: datetime
    number: str = ""
    code: str
    register_book: str = ""
    register_number: str = ""
    applicant: Party
    procedure_code: str
    procedure_name: str
    received_at: datetime
    due_at: datetime | None
    responsible_unit: str
    consulted_units: tuple[str, ...] = ()
    handovers: tuple[Handover, ...]
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    family: str = ""  # legal_forms.FAMILIES, where the procedure has forms of its own
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceipt:
    """Giấy biên nhận trả kết quả: daily practice, no form of law."""

    form: ClassVar[str] = "return_receipt"

    letterhead: Letterhead
    issued_at: datetime
    number: str = ""
    code: str
    procedure_code: str
    procedure_name: str
    applicant: Party
    receiver: Party
    authority_proof: str = ""
    result_kind: str
    result_number: str = ""
    result_abstract: str = ""
    result_originals: int = 1
    electronic: bool = False  # taken from the applicant's own page: no paper changed hands, nobody signs
    returned_at: datetime
    due_at: datetime | None = None
    returned_papers: tuple[PaperLine, ...] = ()
    fees_paid: tuple[FeeLine, ...] = ()
    returner: Signer
    returner_phone: str = ""
    tracking_url: str = ""
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRow:
    """One dossier on a joint slip, with its own codes: each can be followed and returned by itself."""

    code: str
    slip_number: str = ""
    procedure_name: str
    request: str = ""
    applicant: str = ""
    sets: int = 1
    received_at: datetime
    due_at: datetime | None
    secret: str
    tracking_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JointSlip:
    """Phiếu tiếp nhận chung: many dossiers of one submitter on one paper; daily practice, no form of law.

    It stands beside the slips of its dossiers, whose numbers it names, and has no number of its own.
    """

    form: ClassVar[str] = "joint_slip"

    letterhead: Letterhead
    issued_at: datetime
    number: str = ""
    code: str = ""
    submitter: Party
    rows: tuple[JointRow, ...]
    lookup_url: str
    receiver: Signer
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    corrects: Correction | None = None
    replaced: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverItem:
    """One line of a hand-over slip: what of which dossier; `state` once the taker has confirmed."""

    code: str
    applicant: str
    procedure: str
    content: str
    count: int
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverList:
    """Phiếu bàn giao hồ sơ: paper that one unit gives to another; daily practice, no form of law."""

    form: ClassVar[str] = "handover_slip"

    letterhead: Letterhead
    issued_at: datetime
    number: str = ""
    code: str
    from_place: str
    to_place: str
    items: tuple[HandoverItem, ...]
    note: str = ""
    giver: Signer
    taker: Signer
    taken_at: datetime | None = None
    reprint: int = 0
    passages: tuple[Passage, ...] = ()
    corrects: Correction | None = None
    replaced: Correction | None = None


Paper = (
    AppointmentSlip
    | SupplementRequest
    | Refusal
    | Apology
    | StopNotice
    | ControlSheet
    | ReturnReceipt
    | JointSlip
    | HandoverList
)
