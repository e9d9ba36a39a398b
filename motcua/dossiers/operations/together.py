"""Notes beside a dossier, colleagues named in them, dossiers kept an eye on. Not the dossier's history; audited."""

import re
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from motcua.accounts.models import Account
from motcua.agencies.models import Position
from motcua.agencies.queries import positions_in
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier, Mention, Note, Watch
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import fold, normalize

SUBJECT = "dossier_aside"  # a chain of its own: the dossier's history is for what the law asks
LONGEST = 4000
_AT = re.compile(r"(?<![\w.])@(?=\w)")


@once("dossiers.add_note")
def add_note(*, dossier: Dossier, text: str, actor: Actor, at: datetime, key: str = "") -> Note:
    """Write a note that only officers who may see the dossier read. `@name` puts it into that colleague's list.

    Refuses an empty note, and an @ that names nobody who may see this dossier: nobody is told by mistake.
    """
    permissions.require("see", permissions.Case(actor, dossier))
    said = in_lines(text)[:LONGEST]
    if not said:
        raise Refusal(_("Ghi chú chưa có chữ nào."), code="empty", field="text")
    named = _named(said, dossier, localdate(at))
    note = Note.objects.create(
        home_agency_id=dossier.home_agency_id,
        dossier=dossier,
        text=said,
        author_id=actor.account_id or 0,
        at=at,
    )
    Mention.objects.bulk_create(
        [
            Mention(
                home_agency_id=dossier.home_agency_id,
                dossier=dossier,
                note=note,
                account_id=account_id,
                at=at,
            )
            for account_id in sorted(named)
            if account_id != actor.account_id
        ]
    )
    _told("note.add", dossier, actor, at, note=note.pk, mentioned=sorted(named))
    return note


@transaction.atomic
def remove_note(*, dossier: Dossier, note_id: UUID, actor: Actor, at: datetime) -> None:
    """Take back one's own note. The row stays, no screen shows it. Repeating changes nothing."""
    permissions.require("see", permissions.Case(actor, dossier))
    mine = Note.objects.filter(pk=note_id, dossier=dossier, author_id=actor.account_id or 0)
    if not mine.exists():
        raise NotFound(_("Không có ghi chú này của anh/chị."))
    if mine.filter(removed_at=None).update(removed_at=at):
        Mention.objects.filter(note_id=note_id, seen_at=None).update(seen_at=at)
        _told("note.remove", dossier, actor, at, note=note_id)


@transaction.atomic
def see_mentions(*, dossier: Dossier, actor: Actor, at: datetime) -> int:
    """Take a dossier out of the officer's list of mentions: they have opened it."""
    return Mention.objects.filter(dossier=dossier, account_id=actor.account_id or 0, seen_at=None).update(
        seen_at=at
    )


@transaction.atomic
def watch(*, dossier: Dossier, on: bool, actor: Actor, at: datetime) -> None:
    """Keep an eye on a dossier, or let it go. Repeating changes nothing."""
    permissions.require("see", permissions.Case(actor, dossier))
    mine = {"home_agency_id": dossier.home_agency_id, "dossier": dossier, "account_id": actor.account_id or 0}
    if on:
        changed = Watch.objects.get_or_create(**mine, defaults={"at": at})[1]
    else:
        changed = bool(Watch.objects.filter(**mine).delete()[0])
    if changed:
        _told("watch.begin" if on else "watch.end", dossier, actor, at)


def in_lines(text: str) -> str:
    """Return a text spelled one way, its lines kept."""
    return "\n".join(normalize(line) for line in text.splitlines()).strip()


def _named(text: str, dossier: Dossier, on: date) -> set[int]:
    """Return the accounts named by @log-in or @full name; marks and capitals do not matter."""
    places = [found.end() for found in _AT.finditer(text)]
    if not places:
        return set()
    people = list(colleagues(dossier, on))
    found: set[int] = set()
    for place in places:
        fitting = {one.account_id: length for one in people if (length := _fits(text[place:], one.account))}
        if not fitting:
            raise Refusal(
                _("Không có đồng nghiệp “@%(name)s” xem được hồ sơ này. Gõ @ rồi chọn tên trong danh sách.")
                % {"name": " ".join(text[place:].split()[:4])},
                code="nobody", field="text",
            )  # fmt: skip
        longest = max(fitting.values())
        same = {account for account, length in fitting.items() if length == longest}
        if len(same) > 1:
            raise Refusal(
                _("Có nhiều người tên “%(name)s”. Gõ @ và tên đăng nhập của người cần nhắc.")
                % {"name": text[place : place + longest]},
                code="several", field="text",
            )  # fmt: skip
        found |= same
    return found


def _fits(text: str, account: Account) -> int:
    """Return how much of the text names this person: the full name however written, the log-in letter by letter."""
    return _length(fold(text), fold(account.full_name)) or _length(text, account.login_name)


def _length(text: str, name: str) -> int:
    whole = text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
    return len(name) if whole else 0


def colleagues(dossier: Dossier, on: date) -> list[Position]:
    """Return who may be named on a dossier: the officers of the agencies that may see it."""
    return list(positions_in(set(dossier.visible_to), on).filter(account__is_active=True)[:500])


def _told(verb: str, dossier: Dossier, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id, payload=facts,
    )  # fmt: skip
