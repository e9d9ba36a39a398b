"""A petition comes in: who may be unknown, what is checked, the code and the secret the sender goes on with."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import queries as agencies
from motcua.base.audit.keys import claim, keep
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.notifications.operations.telling import check_address
from motcua.base.numbering.operations import next_number
from motcua.base.outbox.operations import publish
from motcua.counters.operations.knocks import knock
from motcua.feedback import clocks
from motcua.feedback.events import ResultObjected
from motcua.feedback.models import Petition, PetitionFile
from motcua.feedback.operations.common import open_agency, tell_sender, words
from motcua.feedback.queries import petitions
from motcua.feedback.states import About
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.lookup import format_code
from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import normalize

MOST_FILES = 3
FILE_LIMIT = 10 * 1024 * 1024
#: The same words again within this time are the same petition, sent by somebody who saw no answer.
SAME_WITHIN = timedelta(hours=1)
_LEAST = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sender wrote. `holder`: they proved to hold the slip of the dossier `dossier_code`."""

    agency_id: int
    about: str
    text: str
    dossier_code: str = ""
    holder: bool = False
    whom: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    may_publish: bool = True


@transaction.atomic
def file_petition(
    *, facts: Facts, files_in: Sequence[tuple[str, BinaryIO]] = (), address: str, actor: Actor, at: datetime, key: str
) -> Petition:  # fmt: skip
    """Take a petition in and start its clocks; the same key again returns the first.

    Refuses an agency that takes none, no words or too few, an address or telephone that is none, a dossier's code that
    is none, an objection without the slip's proof, more than three files or one of a kind not taken, the same words
    sent within the hour, and more than ten an hour from one `address` (kept for a day as a keyed hash only).
    """
    body = {**asdict(facts), "files": [name for name, _stream in files_in]}
    mine = claim(actor=actor, key=key, verb="feedback.file_petition", body=body, at=at)
    if mine.answer is not None:
        petitions.let_through(bytes.fromhex(mine.answer["hash"]))
        return Petition.objects.get(pk=UUID(mine.answer["id"]))
    checked = _checked(facts, at)
    knock("petition", address=address, at=at)
    if len(files_in) > MOST_FILES:
        raise Refusal(
            _("Gửi nhiều nhất 3 tệp. Bỏ bớt tệp rồi gửi lại."), code="too_many_files", field="papers"
        )
    petition = _written(checked, at)
    record(
        actor=actor, verb="petition.file", subject_kind=petitions.SUBJECT, subject_id=petition.pk, at=at,
        agency_id=petition.home_agency_id, begins=True,
        payload={"about": petition.about, "dossier": petition.dossier_code, "files": len(files_in)},
    )  # fmt: skip
    if petition.about == About.RESULT:
        publish(
            ResultObjected(
                subject_id=str(petition.pk), agency_id=petition.home_agency_id, at=at, dossier=petition.dossier_code,
                petition=petition.code,
            )
        )  # fmt: skip
    attach(petition, files_in, actor=actor, at=at)
    tell_sender(petition, "file", at)
    keep(mine, {"id": petition.pk, "hash": bytes(petition.token_hash).hex()})
    return petition


def attach(
    petition: Petition, files_in: Sequence[tuple[str, BinaryIO]], *, actor: Actor, at: datetime
) -> None:
    """Store the sender's files; a file that is refused refuses the whole act."""
    for name, stream in files_in:
        try:
            stored = files.store(
                stream=stream, filename=name, actor=actor, at=at, purpose="petition",
                agency_id=petition.home_agency_id, limit=FILE_LIMIT,
            )  # fmt: skip
        except Refusal as refused:
            raise Refusal(refused.words, code=refused.code, field="papers") from refused
        PetitionFile.objects.create(home_agency_id=petition.home_agency_id, petition=petition, stored=stored)


def _checked(facts: Facts, at: datetime) -> Facts:
    """Return the facts in canonical form."""
    if facts.about not in About.values:
        raise Refusal(_("Chọn nội dung này nói về việc gì."), code="bad_about", field="about")
    open_agency(facts.agency_id, at)
    if facts.agency_id not in {one.pk for one in petitions.takers(timezone.localdate(at))}:
        raise Refusal(
            _("Cơ quan này chưa có người nhận phản ánh ở đây. Chọn cơ quan cấp trên của họ."),
            code="takes_none", field="agency",
        )  # fmt: skip
    text = words(facts.text, field="text", missing=_("Viết điều anh/chị muốn phản ánh, kiến nghị."))
    if len(text) < _LEAST:
        raise Refusal(
            _("Viết thêm một câu: việc gì, ở đâu, khi nào, để cơ quan tìm hiểu được."),
            code="too_short",
            field="text",
        )
    code = lookup.parse_code(facts.dossier_code) if facts.dossier_code.strip() else ""
    if code is None:
        raise Refusal(
            _("Mã hồ sơ không đúng. Xem trên giấy tiếp nhận, ví dụ H24.12-261121-0001, hoặc để trống."),
            code="bad_code", field="dossier_code",
        )  # fmt: skip
    if facts.about == About.RESULT and not (code and facts.holder):
        raise Refusal(
            _(
                "Muốn nói về kết quả hồ sơ của mình: tra cứu hồ sơ bằng mã trên giấy tiếp nhận, rồi bấm “Không đồng ý "
                "với kết quả” ở trang hồ sơ."
            ),
            code="no_proof", field="about",
        )  # fmt: skip
    phone = normalize_phone(facts.phone) if facts.phone.strip() else ""
    if phone is None:
        raise Refusal(
            _("Số điện thoại không đúng. Viết như 0912345678, hoặc để trống."),
            code="bad_phone",
            field="phone",
        )
    if facts.email.strip():
        try:
            check_address(facts.email.strip())
        except Refusal as refused:
            raise Refusal(refused.words, code="bad_address", field="email") from None
    return Facts(
        facts.agency_id, facts.about, text, code, facts.holder and bool(code), normalize(facts.whom)[:200],
        normalize(facts.name)[:120], phone, facts.email.strip()[:200], facts.may_publish,
    )  # fmt: skip


def _written(facts: Facts, at: datetime) -> Petition:
    day = timezone.localdate(at)
    calendar, limits = petitions.calendar_of(facts.agency_id), clocks.on(day)
    same = lookup.lookup_hash(
        f"petition-text|{facts.agency_id}|{facts.about}|{facts.text}", settings.INDEX_KEY
    )
    _refuse_the_same(same, at)
    number = next_number(agency_id=facts.agency_id, kind="petition", period=day.isoformat())
    code = format_code(petitions.PREFIX + agencies.code_of(facts.agency_id, day), day, number)
    token, secret = lookup.new_token(), lookup.new_secret()
    return Petition.objects.create(
        home_agency_id=facts.agency_id, at_agency_id=facts.agency_id, came_at=at, code=code,
        token=token, token_hash=petitions.token_hash(token),
        secret=secret, secret_hash=petitions.secret_hash(code, secret), about=facts.about,
        dossier_code=facts.dossier_code, holder=facts.holder, whom=facts.whom, text=facts.text,
        sender_name=facts.name, phone=facts.phone or None, email=facts.email or None, may_publish=facts.may_publish,
        received_at=at, refuse_by=clocks.after(calendar, at, limits.refuse),
        ask_by=clocks.after(calendar, at, limits.ask), due_at=clocks.after(calendar, at, limits.settle),
    )  # fmt: skip


def _refuse_the_same(digest: bytes, at: datetime) -> None:
    """Refuse words that came in within the hour. They are known by a knock of their own, not by who sent them."""
    try:
        knock("same", address=digest.hex(), at=at)
    except Refusal:
        raise Conflict(
            _(
                "Nội dung này vừa được gửi rồi. Xem lại mã và mã tra cứu ở trang nhận trước, không cần gửi lại."
            )
        ) from None
