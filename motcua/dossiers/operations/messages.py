"""Tell applicants what changed and what to do next: one message for each fact, by the first way that reaches them.

messages.tell(dossier_id=…, event="supplement", mark="…", at=at)
messages.ask_rating(dossier_id=…, url="https://…/danh-gia/…/", at=at)
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from motcua.applicants.operations.contact import email_of
from motcua.base.notifications.channels import sms
from motcua.base.notifications.models import Kind, Message, PushSubscription, Recipient
from motcua.base.notifications.operations import choosing, telling
from motcua.base.notifications.operations.telling import Word
from motcua.base.notifications.outlets import ready
from motcua.dossiers import message_words, paper_data, paper_texts, queries
from motcua.dossiers.message_defaults import EVENTS, EventWords
from motcua.dossiers.message_words import Facts
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.lib.actor import SYSTEM
from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Refusal

_TRUE_FOR = timedelta(days=7)  # then it is no news any more


def tell(
    *, dossier_id: UUID, event: str, mark: str, at: datetime, reason: str = "", rating: str = ""
) -> Message | None:
    """Write the message of an event about a dossier, in the caller's transaction; once for each `mark`.

    Returns None where the applicant gave no address that a channel of this installation leads to, or chose none of
    them; what the law has us tell goes out all the same. A part that another agency does tells of what the applicant
    has to do alone, and to who handed the whole in. Raises KeyError for an unknown event.
    """
    words = EVENTS[event]
    part = queries.visible_to(SYSTEM).filter(pk=dossier_id).first()
    if part is None:
        return None
    dossier = part
    if part.parent_id is not None:
        whole = queries.visible_to(SYSTEM).filter(pk=part.parent_id).first()
        if whole is None or event not in ("supplement", "fee"):
            return None
        dossier = whole
    people = _people(dossier, at)
    if not people:
        return None
    with override("vi"):
        return _write(dossier, part, words, people, f"{dossier.pk}:{mark}", at, reason, rating)


def ask_rating(*, dossier_id: UUID, url: str, at: datetime) -> Message | None:
    """Ask for a rating of a dossier, once; `url` is the page on which it is given."""
    return tell(dossier_id=dossier_id, event="rating", mark="rating", at=at, rating=url)


def _write(
    dossier: Dossier, part: Dossier, words: EventWords, people: list[Recipient], mark: str, at: datetime,
    reason: str, rating: str,
) -> Message | None:  # fmt: skip
    version = dossier.procedure_version
    scope = paper_texts.Scope(version.procedure_id, version.procedure.sector_id)
    texts = paper_texts.texts_on(part.home_agency_id, words.form, timezone.localdate(at), scope)
    link, asks = f"{settings.PUBLIC_URL}/tra-cuu", words.key == "supplement"
    chain: list[Word] = []
    for person, channels in _ways(people, required=words.required):
        facts = _facts(dossier, part, person, asks, at, reason, rating)
        title = f"{words.title}: {dossier.code}"
        for channel in channels:
            word = _word(channel, person, words, texts, facts, title, link)
            if word is not None:
                chain.append(word)
    first = people[0]
    choice = f"{settings.PUBLIC_URL}/bao-tin/{choosing.token_of(people[-1])}/"
    row = telling.reach(
        words=chain, mark=mark, at=at, about=f"dossier:{dossier.pk}", choice=choice,
        quiet=(first.quiet_from, first.quiet_to), until=at + _TRUE_FOR,
    )  # fmt: skip
    facts = _facts(dossier, part, first, asks, at, reason, rating)
    _push(people, texts, facts, words, mark, at, link, dossier.pk)
    return row


def _word(
    channel: str, person: Recipient, words: EventWords, texts: dict[str, str], facts: Facts, title: str, link: str
) -> Word | None:  # fmt: skip
    """Return what one channel carries; None where the words say nothing for it."""
    plain, address = message_words.without_personal(facts), person.address or ""
    if channel == "email":
        subject = message_words.filled(texts["subject"], facts) or title
        body = message_words.said(words, "mail", texts, facts)
        return Word(channel, address, f"{body}\n\n{facts.office}", subject, link, person.pk) if body else None
    if channel == "sms":
        body = message_words.said(words, "sms", texts, plain)
        return Word(channel, address, body, title, recipient_id=person.pk) if body else None
    found = message_words.zalo_of(texts["zalo"], plain)
    if found is None:
        return None
    said = json.dumps({"template": found[0], "data": found[1]}, ensure_ascii=False)
    return Word(channel, address, said, title, recipient_id=person.pk)


def _push(
    people: list[Recipient], texts: dict[str, str], facts: Facts, words: EventWords, mark: str,
    at: datetime, link: str, dossier_id: UUID,
) -> None:  # fmt: skip
    """Tell the browsers that listen, too: they show what a text message says."""
    if not ready("push"):
        return
    body = message_words.said(words, "sms", texts, message_words.without_personal(facts))
    for row in PushSubscription.objects.filter(recipient__in=people) if body else ():
        telling.tell(
            channel="push", mark=f"{mark}:{row.pk}", subject=str(words.title), body=body, address=str(row.pk),
            link=link, at=at, until=at + _TRUE_FOR, about=f"dossier:{dossier_id}",
            recipient_id=row.recipient_id,
        )  # fmt: skip


def _ways(people: list[Recipient], *, required: bool) -> list[tuple[Recipient, list[str]]]:
    """Return the channels to each address, the first one first: those wanted, or where none is and the law asks, all.

    Letters go to nobody who refused them: one press in a mail program has to be heeded (RFC 8058 §3.1). What the law
    has us tell goes by telephone then, and stands on the dossier's page.
    """
    wanted = [(person, [one for one in _channels(person) if one not in person.refused]) for person in people]
    if required and not any(channels for _person, channels in wanted):
        return [(person, _channels(person)) for person in people if person.kind == Kind.PHONE]
    return wanted


def _channels(person: Recipient) -> list[str]:
    """Return the channels of this installation that lead to an address."""
    return [
        channel
        for channel in choosing.CHANNELS_OF[person.kind]
        if ready(channel) and (channel != sms.NAME or sms.mobile(person.address or ""))
    ]


def _people(dossier: Dossier, at: datetime) -> list[Recipient]:
    """Return the addresses that who handed the dossier in gave: the telephone, then the mailbox."""
    who = dossier.submitter.party
    phone = normalize_phone(dossier.contact_phone or "") or normalize_phone(who.phone or "")
    mail = _mailbox(dossier.contact_email or "") or _mailbox(who.email or "")
    found = []
    if phone and (ready("sms") or ready("zalo")):
        found.append(choosing.recipient(kind=Kind.PHONE, address=phone, at=at))
    if mail and ready("email"):
        found.append(choosing.recipient(kind=Kind.EMAIL, address=mail, at=at))
    return found


def _mailbox(text: str) -> str:
    """Return a mailbox in its one form; "" for what is none: it was once taken in unchecked."""
    with suppress(Refusal):
        return email_of(text) or ""
    return ""


#: How a result reaches who need not come for it.
_SENT = {
    "post": gettext_lazy("kết quả gửi qua bưu chính tới địa chỉ anh/chị đã ghi"),
    "electronic": gettext_lazy("kết quả trả bằng bản điện tử"),
}


def _place(dossier: Dossier, office: str) -> str:
    """Return where the result is fetched; "" where it is sent."""
    if dossier.result_channel in _SENT:
        return ""
    point = dossier.received_point
    return f"{office}, {point.address}" if point and point.address else office


def _facts(
    dossier: Dossier, part: Dossier, person: Recipient, asks: bool, at: datetime, reason: str, rating: str
) -> Facts:
    head = paper_data.letterhead(dossier, at)
    asked = SupplementRequest.objects.filter(dossier=part).order_by("-number").first() if asks else None
    host = settings.PUBLIC_URL.partition("://")[2]
    new = person.made_at >= at  # the first message says where to choose what comes
    return Facts(
        code=dossier.code, procedure=dossier.procedure_version.procedure.name, office=head.office, phone=head.phone,
        page=f"{host}/tra-cuu", due_at=dossier.due_at, answer_by=asked.answer_by if asked else None,
        place=_place(dossier, head.office), sent=str(_SENT.get(dossier.result_channel, "")),
        choice=f"{host}/bao-tin/{choosing.token_of(person)}/" if new else "",
        rating=rating.partition("://")[2] or rating,
        name=dossier.applicant_name, missing="; ".join(one["name"] for one in asked.items) if asked else "",
        reason=reason,
    )  # fmt: skip
