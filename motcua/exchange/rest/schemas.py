"""What goes in and out, as the description shows it. What comes in is strict: no unknown name, no guessed type."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

_CODE = "H24.12-261120-0008"


def _text(value: Any) -> Any:
    """Dates and times come as ISO 8601 has them: a number would be read as seconds, in a query's text too."""
    if not isinstance(value, str) or "-" not in value[1:]:
        raise PydanticCustomError("not_a_date", "A date as in 2026-11-20 expected")
    return value


D = TypeVar("D", date, datetime)
EARLIEST, LATEST = 1900, 2200


def _of_our_time(value: D) -> D:
    """A year that no dossier has is a slip, and some such moments no database holds."""
    if not EARLIEST <= value.year < LATEST:
        raise PydanticCustomError("out_of_range", "A year from 1900 to 2199 expected")
    return value


Day = Annotated[date, BeforeValidator(_text), AfterValidator(_of_our_time)]
Moment = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_of_our_time)]
Short = Annotated[str, Field(max_length=120)]
Line = Annotated[str, Field(max_length=300)]


class Strict(Schema):
    """What comes in: a name that is not known is a fault, not a silence."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Schema):
    """One fault: `pointer` into the body, or the `parameter` of the address."""

    pointer: str | None = None
    parameter: str | None = None
    code: str
    detail: str


class Problem(Schema):
    """An error (RFC 9457). `code` never changes its meaning; `title` and `detail` follow Accept-Language (vi, en)."""

    type: str = Field(examples=["urn:motcua:problem:not_found"])
    title: str = Field(examples=["Không tìm thấy"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not_found"])
    detail: str = ""
    errors: list[FieldError] | None = None


class TokenOut(Schema):
    """A token for the next quarter of an hour."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int = Field(examples=[900])
    scope: str = Field(examples=["catalogue:read dossiers:read"])


class OAuthError(Schema):
    """An error of the token address (RFC 6749 §5.2)."""

    error: str = Field(examples=["invalid_client"])
    error_description: str = Field("", description="For programs: English, printable ASCII.")
    detail: str = Field(
        "", description="The same for people, in the language of the request; says which scopes."
    )


# ── The catalogue


class LimitOut(Schema):
    """A time limit as the law writes it."""

    value: float
    unit: str = Field(
        description="working_day, calendar_day, working_hour, hour, month, or same_day_15h: the same day when received "
        "before 15:00, else the next working day"
    )
    words: str = Field(examples=["3 ngày làm việc"])


class PaperAsked(Schema):
    """A paper that the catalogue asks for; `id` is what `required` of a sent paper names."""

    id: int
    name: str
    originals: int
    copies: int
    must_submit: bool
    always: bool = Field(description="false: only in the case that `when` describes")
    when: str


class FeeOut(Schema):
    """A fee in whole đồng; `amount` null: see `note`."""

    name: str
    amount: int | None
    unit: str
    note: str


class ChannelOut(Schema):
    """One way in, with its time limit and fees; `limit` null: nobody may reckon with one."""

    channel: str = Field(examples=["online"])
    limit: LimitOut | None
    fees: list[FeeOut]


class CaseOut(Schema):
    """One case of a procedure. `id` is what `case` of a submission names."""

    id: int
    name: str
    is_default: bool
    channels: list[ChannelOut]
    papers: list[PaperAsked]


class ProcedureLine(Schema):
    """One procedure in a list."""

    code: str = Field(examples=["1.001193"])
    name: str
    sector: str
    status: str = Field(description="current, coming or repealed")


class ProcedurePage(Schema):
    """A page of the catalogue; `next` is the cursor of the following one."""

    items: list[ProcedureLine]
    next: str | None


class ProcedureOut(Schema):
    """One procedure as it holds today."""

    code: str
    name: str
    version: int
    sector: str
    in_force_from: date | None
    in_force_to: date | None
    agencies: list[str] = Field(description="codes of your agencies that settle it", examples=[["H24.12"]])
    cases: list[CaseOut]


# ── What comes in


class PersonIn(Strict):
    """A person. Give `personal_id` (12 digits), a passport, or why there is no paper."""

    kind: Literal["person"] = "person"
    full_name: Short = Field(examples=["Nguyễn Văn Mẫu"])
    personal_id: str = Field("", max_length=20, examples=["031185000017"])
    passport_number: str = Field("", max_length=20)
    passport_country: str = Field("", max_length=2)
    no_paper_reason: Line = ""
    birth_date: Day | None = None
    sex: Literal["male", "female"] | None = None
    nationality: str = Field("VN", max_length=2)
    phone: str = Field("", max_length=30)
    email: str = Field("", max_length=254)
    address: str = Field("", max_length=400)


class OrganizationIn(Strict):
    """An organization, by its tax code."""

    kind: Literal["organization"]
    name: Line
    tax_code: str = Field("", max_length=20)
    no_tax_code_reason: Line = ""
    legal_representative: Short = ""
    phone: str = Field("", max_length=30)
    email: str = Field("", max_length=254)
    address: str = Field("", max_length=400)


class PressedIn(Strict):
    """Who really pressed "submit" on your side, and when by your clock."""

    kind: Literal["applicant", "officer", "post", "system"]
    name: Short = Field("", description="who did it for the applicant: needed for officer and post")
    at: Moment | None = Field(None, description="not more than five minutes ahead of our clock")


class PaperSent(Strict):
    """One paper. Counts are of paper that also comes by post; 0 for what is sent as files alone."""

    required: Annotated[StrictInt, Field(ge=1, lt=2**31)] | None = None
    name: str = Field("", max_length=2000)
    uploads: list[UUID] = Field(default_factory=list, max_length=60)
    originals: StrictInt = Field(0, ge=0, le=99)
    certified: StrictInt = Field(0, ge=0, le=99)
    plain_copies: StrictInt = Field(0, ge=0, le=99)
    note: str = Field("", max_length=500)


class PaperSupplied(PaperSent):
    """One paper of a supplement: it brings uploads, counts of paper by post, or a note why there is none."""

    item: Annotated[StrictInt, Field(ge=1, le=1000)] | None = Field(
        None,
        description="line of the request that it answers (`supplement.items[].item`); without it a paper of the same "
        "name answers the line, and any other is one more paper",
    )


class SubmissionIn(Strict):
    """A dossier. It is registered (status 1); the agency answers within one working day whether it is complete."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "procedure": "1.001193",
                    "agency": "H24.12",
                    "channel": "online",
                    "external_code": "G22.99-261129-0001",
                    "pressed_by": {"kind": "applicant", "at": "2026-11-29T09:00:00+07:00"},
                    "applicant": {
                        "kind": "person",
                        "full_name": "Nguyễn Văn Mẫu",
                        "personal_id": "031085000019",
                        "phone": "0912345678",
                    },
                    "papers": [{"name": "Tờ khai", "uploads": []}],
                }
            ]
        },
    )

    procedure: str = Field(max_length=20)
    case: Annotated[StrictInt, Field(ge=1, lt=2**31)] | None = Field(
        None, description="id of the case; may be left out where the procedure has one, or a usual one"
    )
    agency: str = Field(max_length=20, description="identifier code of the agency that settles it")
    channel: Literal["online", "post"]
    external_code: str = Field(
        "", max_length=80, description="your own code of this dossier; once for each dossier"
    )
    pressed_by: PressedIn
    applicant: Annotated[PersonIn | OrganizationIn, Field(discriminator="kind")]
    submitter: PersonIn | None = Field(None, description="only where somebody else submits for the applicant")
    represents: StrictBool = Field(
        False, description="the submitter represents the applicant, by `authority`"
    )
    authority: Line = ""
    papers: list[PaperSent] = Field(default_factory=list, max_length=60)
    result_channel: Literal["electronic", "counter", "post"] = Field(
        "electronic", description="how the applicant gets the result; `post` needs `return_address`"
    )
    return_address: str = Field("", max_length=400)
    contact_phone: str = Field(
        "",
        max_length=30,
        description="where the applicant is told of this dossier; without it the applicant's own",
    )
    contact_email: str = Field("", max_length=254)
    summary: str = Field(
        "", max_length=1000, description="what is asked for, in a line; without it the procedure's name"
    )
    copies: StrictInt = Field(1, ge=1, le=99)
    post_sender: str = Field("", max_length=200)
    posted_on: Day | None = None


class SupplementIn(Strict):
    """The answer to the one request for what is missing: all of it at once, something for every line."""

    papers: list[PaperSupplied] = Field(min_length=1, max_length=60)


class WithdrawalIn(Strict):
    """The applicant takes the dossier back."""

    reason: str = Field(min_length=1, max_length=1000, examples=["Đơn đề nghị rút hồ sơ ngày 29/11/2026"])


class ReceivedIn(Strict):
    """The applicant has the electronic result."""

    received_by: Short = Field(min_length=1, description="name of who took it", examples=["Nguyễn Văn Mẫu"])
    received_at: Moment | None = Field(None, description="by your clock; without it the moment of this call")


class UploadOut(Schema):
    """A file that was taken in; name its `id` within a day."""

    id: UUID
    name: str
    size: int
    pages: int
    kind: str
    sha256: str


# ── Dossiers


class AskedItem(Schema):
    """One thing that is missing, with the reason. `item` is what a paper of the supplement names."""

    item: int = Field(examples=[1])
    name: str
    reason: str


class AskedOut(Schema):
    """What the applicant was asked for, and by when to answer."""

    number: int
    asked_at: datetime
    answer_by: datetime | None
    items: list[AskedItem]


class ResultOut(Schema):
    """The issued result. Its files are in `files` with purpose `result`."""

    kind: str = Field(description="granted or refused (with reasons)")
    name: str = Field(description="name of the paper that was issued")
    number: str = Field(description="number of that paper, as written on it")
    issued_at: datetime
    returned_at: datetime | None = Field(description="when the applicant got it; null: not yet")


class DossierLine(Schema):
    """A dossier in a list. `status` is the national code 1–10, `sub_status` what the code does not say."""

    code: str = Field(examples=[_CODE])
    procedure: str = Field(examples=["1.001193"])
    status: int = Field(
        examples=[1],
        description="1 registered, 2 accepted, 3 not accepted, 4 in work, 5 supplement asked for, 6 payment asked for, "
        "7 withdrawn, 8 stopped, 9 done, 10 result handed over",
    )
    sub_status: str = Field(
        description="empty, or: before_acceptance (with 5), suspended or stopped (8), granted or refused (9, 10)"
    )
    status_words: str = Field(examples=["Mới đăng ký"])
    channel: str = Field(description="how it came: online, post, in_person")
    agency: str = Field(description="name of the agency that decides")
    submitted_at: datetime = Field(description="when it was registered here; counts for the law")
    accepted_at: datetime | None = Field(
        description="when the agency found it complete; the time limit runs from here"
    )
    due_at: datetime | None = Field(
        description="what holds now and what lateness is judged by; null before acceptance"
    )
    finished_at: datetime | None = Field(description="when the result was issued (status 9)")
    returned_at: datetime | None = Field(description="when the result was handed over (status 10)")


class DossierOut(DossierLine):
    """A dossier as it stands now."""

    procedure_name: str
    applicant_name: str
    unit: str = Field(description="the unit that answers now")
    original_due_at: datetime | None = Field(
        description="what the appointment slip promised first; never changes"
    )
    answer_due_at: datetime | None = Field(
        description="status 1: by when the agency says whether it is complete; 5: by when the applicant answers"
    )
    external_codes: list[str] = Field(description="codes by which other systems know it, yours among them")
    supplement: AskedOut | None = Field(description="what is asked for, while status is 5; else null")
    result: ResultOut | None = Field(description="null until it is issued")


class ReceiptOut(Schema):
    """What the applicant needs to look the dossier up: hand it to them and to nobody else."""

    code: str
    secret: str = Field(examples=["K7M2QF"])
    url: str


class SubmittedOut(DossierOut):
    """The dossier that was registered, with the applicant's receipt."""

    receipt: ReceiptOut


class DossierPage(Schema):
    """A page of dossiers, the oldest first."""

    items: list[DossierLine]
    next: str | None


class ActOut(Schema):
    """One act on a dossier. `verb` is a word of the interface, `words` is for people."""

    verb: str = Field(examples=["accept"])
    words: str
    at: datetime
    status: int
    sub_status: str


class TimelineOut(Schema):
    """Every act that moved the dossier, oldest first."""

    items: list[ActOut]


class DueLine(Schema):
    """One step of the reckoning, with the law it rests on."""

    kind: str
    text: str
    source: str | None = None


class DueOut(Schema):
    """Why the dossier is due when it is."""

    limit: str
    calendar: str
    received_at: datetime | None
    original_due_at: datetime | None
    due_at: datetime | None
    extended_due_at: datetime | None
    apology: str
    paused_at: datetime | None
    due_at_if_resumed_now: datetime | None
    time_left: str
    late: bool
    lines: list[DueLine]
    warnings: list[str]


class FileOut(Schema):
    """A file of a dossier; fetch it at `url` with the same token."""

    id: UUID
    purpose: str = Field(description="document, supplement or result")
    paper: str
    name: str
    size: int
    media_type: str
    sha256: str
    added_at: datetime
    url: str


class FilesOut(Schema):
    """The files of a dossier: what was handed in, and the result once it is issued."""

    items: list[FileOut]


class IssuedOut(Schema):
    """A paper that was issued: appointment slip, supplement request, refusal, apology, notice."""

    id: UUID
    form: str = Field(
        description="appointment_slip, supplement_request, refusal, apology, stop_notice, return_receipt, …"
    )
    title: str = Field(description="title of the form, for people")
    number: str
    issued_at: datetime
    replaced: bool = Field(description="a corrected paper stands in its place")
    url: str


class IssuedListOut(Schema):
    """The papers that were issued, oldest first."""

    items: list[IssuedOut]


# ── Changes and webhooks


class ChangeOut(Schema):
    """One act, numbered. Ask again with the last number as `after`."""

    number: int
    event: str = Field(examples=["dossier.accept"])
    code: str = Field(examples=[_CODE])
    status: int
    sub_status: str
    due_at: datetime | None
    at: datetime


class ChangesOut(Schema):
    """Changes in their order. `after` is where to go on, `more` whether there is more now."""

    items: list[ChangeOut]
    after: int
    more: bool


class WebhookIn(Strict):
    """Where to be told of what. HTTPS only; no address inside our network."""

    url: str = Field(min_length=8, max_length=500, examples=["https://vi-du.gov.vn/nhan-tin"])
    events: list[str] = Field(
        description="of the list at the top; `trial` comes when asked for",
        min_length=1,
        max_length=40,
        examples=[["dossier.accept", "dossier.issue"]],
    )


class WebhookOut(Schema):
    """An address that is told. `state`: ok, failing (tried again at `next_try_at`) or stopped (see resume)."""

    id: UUID
    url: str
    events: list[str]
    state: str
    waiting: int
    last_ok_at: datetime | None
    last_error: str
    next_try_at: datetime | None


class WebhookMade(WebhookOut):
    """The same with the secret that signs what is sent: shown once."""

    secret: str = Field(examples=["whsec_…"])


class WebhooksOut(Schema):
    """Your addresses."""

    items: list[WebhookOut]


class DeliveryOut(Schema):
    """One message: how often tried, and what your side said."""

    id: UUID
    event: str
    number: int | None
    created_at: datetime
    attempts: int
    delivered_at: datetime | None
    answer_status: int | None
    last_error: str


class DeliveriesOut(Schema):
    """The newest messages to an address."""

    items: list[DeliveryOut]


# ── Figures


class FiguresLine(Schema):
    """One agency: what came in within the days, and what came of it by now."""

    agency: str
    received: int
    online: int
    post: int
    in_person: int
    finished: int = Field(description="finished, of those with a promised date")
    on_time: int
    late: int
    returned: int


class FiguresOut(Schema):
    """Figures of your agencies."""

    since: date
    until: date
    items: list[FiguresLine]
