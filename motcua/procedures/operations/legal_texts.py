"""Enter and correct legal texts. Nothing is deleted: a text that no longer holds gets its last day."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.legal_numbers import articles, key_of
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import fold, normalize
from motcua.procedures import permissions
from motcua.procedures.models import LegalPassage, LegalText

LONGEST = 2_000_000
"""Letters of one text: the longest laws have about half a million."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known of a legal text."""

    number: str
    name: str
    issuer: str = ""
    signed_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    replaced_by: str = ""
    url: str = ""
    body: str = ""


@once("procedure.enter_legal_text")
def enter(*, facts: TextFacts, actor: Actor, at: datetime, key: str = "") -> LegalText:
    """Enter a text. Refuses a number that is none or that is there already, and days out of order."""
    permissions.require_editor(actor)
    facts = _checked(facts)
    number = key_of(facts.number)
    known = LegalText.objects.filter(key=number).first()
    if known is not None:
        raise Refusal(
            _("Văn bản %(number)s đã có trong kho. Mở văn bản đó để sửa.") % {"number": known.number},
            code="known", field="number",
        )  # fmt: skip
    row = LegalText(key=number, edition=0)
    _fill(row, facts, actor, at)
    _tell("enter_legal_text", row, actor, at, facts)
    return row


@once("procedure.correct_legal_text")
def correct(
    *, text_id: int, edition: int, facts: TextFacts, actor: Actor, at: datetime, key: str = ""
) -> LegalText:
    """Change what is known of a text. `edition` is the one the screen showed: a later one is not overwritten."""
    permissions.require_editor(actor)
    facts = _checked(facts)
    row = LegalText.objects.select_for_update(of=("self",)).filter(pk=text_id).first()
    if row is None:
        raise NotFound(_("Không có văn bản này."))
    if row.edition != edition:
        raise Conflict(
            _("%(who)s vừa sửa văn bản này. Chưa ghi đè gì; tải lại trang để xem bản mới rồi sửa tiếp.")
            % {"who": row.edited_by_name or _("Người khác")}
        )
    if key_of(facts.number) != row.key:
        raise Refusal(
            _("Số của văn bản đã nhập không đổi được. Nhập văn bản khác nếu nhập nhầm số."), code="other_number",
            field="number",
        )  # fmt: skip
    _fill(row, facts, actor, at)
    _tell("correct_legal_text", row, actor, at, facts)
    return row


def _checked(facts: TextFacts) -> TextFacts:
    number, name = normalize(facts.number), normalize(facts.name)
    if not key_of(number):
        raise Refusal(
            _("Không đọc được số của văn bản. Ghi như 123/2015/NĐ-CP."), code="bad_number", field="number"
        )
    if not name:
        raise Refusal(_("Ghi tên của văn bản."), code="name_needed", field="name")
    if facts.in_force_from and facts.in_force_to and facts.in_force_to < facts.in_force_from:
        raise Refusal(
            _("Ngày hết hiệu lực trước ngày có hiệu lực. Xem lại hai ngày này."), code="days", field="in_force_to"
        )  # fmt: skip
    if facts.replaced_by and key_of(facts.replaced_by) in ("", key_of(number)):
        raise Refusal(
            _("Văn bản thay thế: ghi số của một văn bản khác, như 123/2015/NĐ-CP."), code="bad_number",
            field="replaced_by",
        )  # fmt: skip
    if len(facts.body) > LONGEST:
        raise Refusal(
            _("Nội dung dài quá hai triệu ký tự. Chỉ dán phần có điều khoản cần tra."), code="too_long", field="body"
        )  # fmt: skip
    values = asdict(facts) | {"number": number, "name": name, "body": facts.body.replace("\x00", "").strip()}
    return TextFacts(**values)


def _fill(row: LegalText, facts: TextFacts, actor: Actor, at: datetime) -> None:
    same_body = row.pk is not None and row.body == facts.body
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.folded = fold(f"{facts.number} {facts.name}")
    row.edition += 1
    row.edited_at, row.edited_by_name = at, actor.name
    row.save()
    if same_body:
        return
    row.passages.all().delete()
    LegalPassage.objects.bulk_create(
        LegalPassage(
            text=row, position=position, heading=one.heading, body=one.body, folded=fold(f"{one.heading} {one.body}")
        )
        for position, one in enumerate(articles(facts.body), start=1)
    )  # fmt: skip


def _tell(verb: str, row: LegalText, actor: Actor, at: datetime, facts: TextFacts) -> None:
    """Record who entered what; of the text itself its hash, which proves it as well as a copy would."""
    payload = asdict(facts) | {"body": sha256(facts.body.encode()).hexdigest() if facts.body else ""}
    record_history(
        actor=actor, verb=verb, subject_kind="legal_text", subject_id=row.pk, at=at, payload=payload
    )
