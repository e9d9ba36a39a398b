"""Tell a person outside the office something that is about no dossier, by the first way that reaches them.

people.tell(phone="0912345678", email="", text="…", subject="…", body="…", link="https://…", mark="…", at=at)

Dossiers have words of their own, which an agency changes (`dossiers.operations.messages`).
"""

from datetime import datetime, timedelta

from django.conf import settings

from motcua.base.notifications.channels import email as mail
from motcua.base.notifications.channels import sms
from motcua.base.notifications.models import Kind, Message, Recipient
from motcua.base.notifications.operations import choosing, telling
from motcua.base.notifications.operations.telling import Word
from motcua.base.notifications.outlets import ready
from motcua.lib.phone import normalize_phone

_TRUE_FOR = timedelta(days=7)  # then it is no news any more


def tell(
    *, phone: str | None, email: str | None, text: str, subject: str, body: str, link: str, mark: str, at: datetime,
    about: str = "", required: bool = False,
) -> Message | None:  # fmt: skip
    """Write one message in the caller's transaction; the same `mark` again changes nothing.

    `text` goes out as an SMS and holds nothing personal, `body` as a letter; both in Vietnamese. What the person
    refused is not used, unless they refused everything and it is `required`: then it goes by telephone, never by letter
    (RFC 8058). Returns None where there is no address, or the person refused it.
    """
    people = _people(phone, email, at)
    wanted = [one for one in people if _channel(one) not in one.refused]
    people = wanted or ([one for one in people if one.kind == Kind.PHONE] if required else [])
    if not people:
        return None
    words = [
        Word(
            _channel(one), one.address or "", text if one.kind == Kind.PHONE else body, subject, link, one.pk
        )
        for one in people
    ]
    first = people[0]
    return telling.reach(
        words=words, mark=mark, at=at, about=about, until=at + _TRUE_FOR, quiet=(first.quiet_from, first.quiet_to),
        choice=f"{settings.PUBLIC_URL}/bao-tin/{choosing.token_of(people[-1])}/",
    )  # fmt: skip


def _people(phone: str | None, email: str | None, at: datetime) -> list[Recipient]:
    number, mailbox = normalize_phone(phone or ""), (email or "").strip().lower()
    found = []
    if number and sms.mobile(number) and ready(sms.NAME):
        found.append(choosing.recipient(kind=Kind.PHONE, address=number, at=at))
    if mailbox and (ready(mail.NAME) or not found):  # a letter waits for a mail server, a week
        found.append(choosing.recipient(kind=Kind.EMAIL, address=mailbox, at=at))
    return found


def _channel(person: Recipient) -> str:
    return sms.NAME if person.kind == Kind.PHONE else mail.NAME
