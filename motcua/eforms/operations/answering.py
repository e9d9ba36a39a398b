"""Filling in: begin, save a part, add and drop rows, finish, links, handing in.

Saving refuses nothing that was typed: faults are looked for at the end. Only an answer that was handed in, one that
grew too big, and a link that no longer holds are refused.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.eforms import queries
from motcua.eforms.engine import answers, reading
from motcua.eforms.engine.conditions import value_at
from motcua.eforms.engine.model import Form, Section, Values, blank, rows_of
from motcua.eforms.engine.reading import Posted
from motcua.eforms.engine.showing import text_of
from motcua.eforms.models import Beginning, FormAnswer, ResumeLink, State
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal

LINK_DAYS = 30
#: So many declarations an hour may be begun from one address. A whole office may stand behind one.
MOST_BEGUN = 40


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: the answer as it is now, and by path what another device had put there meanwhile.

    Of those the new text was not saved; `typed` has the values as this page would have them.
    """

    answer: FormAnswer
    conflicts: dict[str, str] = field(default_factory=dict)
    typed: Values = field(default_factory=dict)


@once("eforms.begin")
def begin(
    *, definition_id: int, actor: Actor, at: datetime, key: str, values: Values | None = None,
    sources: Mapping[str, str] | None = None, address: str = "",
) -> FormAnswer:  # fmt: skip
    """Begin an answer under a definition, filled in already where something is known. Its link is made with it.

    `address` is that of a visitor whom nobody knows: one that has begun too many within the hour is refused.
    """
    definition = queries.definition(definition_id)
    if address:
        _count(address, at)
    today = timezone.localdate(at)
    if definition.in_force_from > today or (definition.in_force_to and definition.in_force_to <= today):
        raise Conflict(
            _("Biểu mẫu này không còn dùng. Mở lại trang thủ tục để khai theo mẫu mới."), code="replaced"
        )
    found = reading.begun(queries.form(definition), dict(values or {}))
    made = FormAnswer.objects.create(
        definition=definition, owner_id=actor.account_id, values=_text(found), sources=dict(sources or {}),
        begun_at=at, saved_at=at,
    )  # fmt: skip
    _link(made, at)
    return made


def _count(address: str, at: datetime) -> None:
    who = lookup.lookup_hash(f"eforms|{timezone.localdate(at)}|{address}", settings.INDEX_KEY)
    if Beginning.objects.filter(who=who, at__gt=at - timedelta(hours=1)).count() >= MOST_BEGUN:
        raise Refusal(
            _(
                "Từ mạng này đã mở quá nhiều tờ khai trong một giờ. Tờ khai đang điền dở vẫn mở được bằng liên kết đã "
                "lưu. Thử lại sau một giờ, hoặc lấy mẫu giấy tại quầy."
            ),
            code="too_many",
        )
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    Beginning.objects.filter(at__lt=start).delete()
    Beginning.objects.create(who=who, at=at)


def save(
    *, answer_id: UUID, section: str, posted: Posted, seen: int, page: str, actor: Actor, at: datetime
) -> Saved:  # fmt: skip
    """Save what was posted for one section ("" is all of them), from a page drawn at revision `seen`.

    What another page saved since is not written over: it comes back as a conflict. Saving again, from a page drawn
    after that, does write over it.
    """
    with transaction.atomic():
        row = _locked(answer_id)
        form, values = queries.form(row.definition), queries.values_of(row)
        wanted = [one for one in form.sections if section in {"", one.key}]
        if not wanted:
            raise NotFound(_("Biểu mẫu không có phần này."))
        typed = values
        for one in wanted:
            typed = reading.taken(form, one, posted, typed, on=timezone.localdate(at))
        conflicts = _conflicts(form, wanted, values, typed, row.changed, seen, page)
        kept = _without(typed, values, conflicts)
        _write(row, form, kept, page, at)
        texts = {path: _said(form, values, path, at) for path in conflicts}
        return Saved(row, texts, typed)


def add_row(*, answer_id: UUID, section: str, page: str, actor: Actor, at: datetime) -> FormAnswer:
    """Add an empty row to a repeating section."""
    return _rows(answer_id, section, page, at, reading.with_row)


def drop_row(
    *, answer_id: UUID, section: str, number: int, page: str, actor: Actor, at: datetime
) -> FormAnswer:
    """Take one row out of a repeating section."""
    return _rows(answer_id, section, page, at, lambda one, values: reading.without_row(one, number, values))


def _rows(
    answer_id: UUID, key: str, page: str, at: datetime, act: Callable[[Section, Values], Values]
) -> FormAnswer:
    with transaction.atomic():
        row = _locked(answer_id)
        form, values = queries.form(row.definition), queries.values_of(row)
        section = form.section(key)
        if section is None or section.rows is None:
            raise NotFound(_("Biểu mẫu không có phần này."))
        _write(row, form, act(section, values), page, at)
        return row


@once("eforms.finish")
def finish(*, answer_id: UUID, actor: Actor, at: datetime, key: str) -> FormAnswer:
    """Say that the answer is done: nothing is missing. Whoever must confirm it is asked about exactly this content."""
    row = _locked(answer_id)
    found = queries.standing(row, on=timezone.localdate(at))
    if found.faults:
        raise Refusal(
            _("Tờ khai còn chỗ thiếu hoặc sai. Sửa các mục nêu dưới đây rồi bấm lại."), code="faults"
        )
    row.state, row.digest, row.mark = State.FINISHED, found.digest, answers.mark(found.digest)
    row.finished_at = at
    row.save(update_fields=["state", "digest", "mark", "finished_at"])
    record(
        actor=actor, verb="eforms.finish", subject_kind="answer", subject_id=row.pk, at=at,
        payload={"definition": row.definition_id, "digest": row.digest},
    )  # fmt: skip
    return row


@once("eforms.hand_in")
def hand_in(*, answer_id: UUID, actor: Actor, at: datetime, key: str) -> FormAnswer:
    """Close an answer that goes into a dossier: from now on nobody changes it. Refuses one that is not complete."""
    row = _locked(answer_id)
    found = queries.standing(row, on=timezone.localdate(at))
    if not found.complete:
        raise Refusal(_("Tờ khai chưa xong: còn chỗ thiếu, hoặc còn người chưa xác nhận."), code="incomplete")
    row.state = State.HANDED_IN
    row.save(update_fields=["state"])
    ResumeLink.objects.filter(answer=row, revoked_at__isnull=True).update(revoked_at=at)
    record(
        actor=actor, verb="eforms.hand_in", subject_kind="answer", subject_id=row.pk, at=at,
        payload={"definition": row.definition_id, "digest": row.digest},
    )  # fmt: skip
    return row


@once("eforms.new_link")
def new_link(*, answer_id: UUID, actor: Actor, at: datetime, key: str) -> ResumeLink:
    """Make a new link to an answer; all before it open nothing any more."""
    row = _locked(answer_id)
    ResumeLink.objects.filter(answer=row, revoked_at__isnull=True).update(revoked_at=at)
    return _link(row, at)


def sweep(*, at: datetime) -> int:
    """Remove answers that nobody saved for as long as they are kept and that were never handed in.

    One that somebody signed in began belongs to what they apply for, and goes with that (`online`): its papers may be
    worked on long after the declaration is done.
    """
    old = _old(at - keep("answers"))
    count = old.count()
    old.delete()
    return swept("answers", count, at=at)


def untouched_since(moment: datetime) -> int:
    """Return how many would go if those that nobody saved since were removed now."""
    return _old(moment).count()


# ── Inside


def _old(moment: datetime) -> QuerySet[FormAnswer]:
    return FormAnswer.objects.filter(saved_at__lt=moment, owner=None).exclude(state=State.HANDED_IN)


def _link(row: FormAnswer, at: datetime) -> ResumeLink:
    token = lookup.new_token()
    return ResumeLink.objects.create(
        answer=row,
        token=token,
        token_hash=queries.hash_of(token),
        made_at=at,
        expires_at=at + timedelta(days=LINK_DAYS),
    )


def _locked(answer_id: UUID) -> FormAnswer:
    row = (
        FormAnswer.objects.select_for_update(of=("self",))
        .select_related("definition")
        .filter(pk=answer_id)
        .first()
    )
    if row is None:
        raise NotFound(_("Không tìm thấy tờ khai này."))
    if row.state == State.HANDED_IN:
        raise Conflict(_("Tờ khai này đã nộp nên không sửa được nữa."), code="handed_in")
    return row


def _text(values: Values) -> str:
    if answers.too_big(values):
        raise Refusal(
            _("Tờ khai quá dài để lưu. Rút gọn, hoặc đính kèm danh sách thành tệp."), code="too_big"
        )
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _sources_left(row: FormAnswer, changed: Collection[str]) -> dict[str, str]:
    """Return where values still are from. With a person's filled-in name or number somebody else stands there."""
    people = {
        path.removesuffix(end)
        for path in changed
        for end in ("_name", "_personal_id")
        if path.endswith(end) and path in row.sources
    }
    return {
        path: said
        for path, said in row.sources.items()
        if path not in changed and not any(path.startswith(f"{who}_") for who in people)
    }


def _write(row: FormAnswer, form: Form, values: Values, page: str, at: datetime) -> None:
    """Save `values` when they differ: what changed gets the new revision, and is no longer from its source."""
    old = queries.values_of(row)
    changed = [
        path
        for path in _places(form, old) | _places(form, values)
        if value_at(old, path) != value_at(values, path)
    ]
    changed += [
        one.key for one in form.sections if one.rows and len(rows_of(one, old)) != len(rows_of(one, values))
    ]
    if not changed:
        return
    row.revision += 1
    row.values = _text(values)
    row.changed = row.changed | {path: [row.revision, page] for path in changed}
    row.sources = _sources_left(row, changed)
    row.saved_at = max(at, row.saved_at)
    row.state = State.OPEN
    row.save(update_fields=["values", "changed", "sources", "revision", "saved_at", "state"])
    ResumeLink.objects.filter(answer=row, revoked_at__isnull=True).update(
        expires_at=at + timedelta(days=LINK_DAYS)
    )


def _places(form: Form, values: Values) -> set[str]:
    """Return the paths at which changes are told apart: each question, each question of a row, and how many rows."""
    found: set[str] = set()
    for section in form.sections:
        if section.rows is None:
            found |= {one.key for one in section.fields}
            continue
        for number, _row in enumerate(rows_of(section, values)):
            found |= {f"{section.key}.{number}.{one.key}" for one in section.fields}
    return found


def _conflicts(
    form: Form,
    sections: list[Section],
    old: Values,
    new: Values,
    changed: dict[str, Any],
    seen: int,
    page: str,
) -> list[str]:
    """Return the paths that this page would write over although another page saved them after it was drawn."""
    keys = {one.key for section in sections for one in section.fields} | {one.key for one in sections}
    found = []
    for path in sorted(_places(form, new)):
        if path.partition(".")[0] not in keys or value_at(old, path) == value_at(new, path):
            continue
        # Where another page added or dropped rows, the numbers of this page's rows mean others now.
        for place in {path, path.partition(".")[0]}:
            revision, by = changed.get(place) or (0, "")
            if revision > seen and by != page:
                found.append(path)
                break
    return found


def _without(new: Values, old: Values, paths: list[str]) -> Values:
    """Return `new` with the old values at some paths."""
    found: Values = json.loads(json.dumps(new))
    for path in paths:
        *steps, last = path.split(".")
        place: Any = found
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        before = value_at(old, path)
        if blank(before):
            place.pop(last, None)
        else:
            place[last] = before
    return found


def _said(form: Form, values: Values, path: str, at: datetime) -> str:
    """Return what stands at a path in words."""
    key = path.rpartition(".")[2]
    asked = next((one for _section, one in form.fields() if one.key == key), None)
    value = value_at(values, path)
    return text_of(asked, value, values, timezone.localdate(at)) if asked else str(value)
