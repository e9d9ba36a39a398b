"""Making a form: begin, change an element, add, move, take out, rename, trials, throw away.

Every page says at which revision it was drawn (`seen`). An element that somebody else saved since is not written over:
the second person is told and sees both texts; what others changed elsewhere is no hindrance. A draft that waits for
approval stands still.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.eforms import building, permissions, queries
from motcua.eforms.engine.model import MOST_FIELDS
from motcua.eforms.models import FormDraft
from motcua.eforms.tables import Table, elements, empty, table_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures.models import Procedure

CHECKS, TRIALS = "!checks", "!trials"  # what is saved beside the elements, by the names it has in `changed`
_MOST_TRIALS = 40


class EditedMeanwhile(Conflict):
    """Somebody else saved this element after the page was drawn."""

    code = "edited_meanwhile"


@once("eforms.draft_begin")
def begin(
    *, procedure_id: int, title: str, case: str, copy_of: int | None, actor: Actor, at: datetime, key: str
) -> FormDraft:
    """Begin a draft, empty or as the copy of a published form (`copy_of`), of this procedure or another.

    Refuses a second draft for the same procedure and case, and an empty title.
    """
    permissions.require_maker(actor)
    title, case = normalize(title), normalize(case)
    model = queries.definition(copy_of) if copy_of else None
    if not title and model is None:
        raise Refusal(_("Ghi tên tờ khai."), field="title")
    Procedure.objects.select_for_update().get(pk=procedure_id)
    if FormDraft.objects.filter(procedure_id=procedure_id, case=case, definition=None).exists():
        raise Conflict(
            _("Thủ tục này đã có bản nháp cho trường hợp đó. Mở bản nháp ấy để soạn tiếp."), field="case"
        )
    content = table_of(queries.form(model)) if model else empty(title)
    own = model is not None and model.procedure_id == procedure_id and model.case == case
    made = FormDraft.objects.create(
        procedure_id=procedure_id, case=case, code=model.code if model and own else "",
        content=content | ({"title": title} if title else {}), trials=queries.trials_of(model),
        based_on=model, begun_at=at, begun_by_id=actor.account_id, saved_at=at, saved_by_id=actor.account_id,
    )  # fmt: skip
    _note("eforms.draft_begin", made, actor, at, {"copy_of": copy_of})
    return made


@once("eforms.draft_save")
def change(
    *, draft_id: int, path: str, facts: Table, element_key: str, section: str, seen: int, actor: Actor, at: datetime,
    key: str,
) -> FormDraft:  # fmt: skip
    """Save the facts of an element; `element_key` renames it, `section` moves a question to another section.

    Refuses when somebody else saved this element since `seen`, and a key that is taken.
    """
    row = _mine(draft_id, actor)
    _unless_changed(row, path, seen)
    table = row.content
    if building.find(table, path) is None:
        table = _brought_back(table, path, facts)
    table = building.changed(table, path, facts)
    old = path
    if path and element_key and element_key != path.rpartition(".")[2]:
        if element_key in building.taken_keys(table, building.parent_of(path)):
            raise Refusal(
                _("Khóa “%(key)s” đã có ở câu khác.") % {"key": element_key},
                code="key_taken",
                field="key_name",
            )
        table, path = building.renamed(table, path, element_key)
        row.trials = [_renamed_trial(one, old, element_key) for one in row.trials]
    if path.count(".") == 1 and section and section != building.parent_of(path):
        if building.find(table, section) is None:
            raise Refusal(_("Phần đó không còn. Chọn phần khác."), field="section")
        table, path = building.moved_to(table, path, section)
    row.content = table
    if old != path:
        row.changed.pop(old, None)
    _write(row, [path], "eforms.draft_save", actor, at)
    return row


def _brought_back(table: Table, path: str, facts: Table) -> Table:
    """Put an element back that somebody took out while its page was open: who saves it knows by now."""
    home = building.parent_of(path)
    if home and building.find(table, home) is None:
        raise NotFound(_("Phần chứa câu hỏi này đã bị bỏ. Thêm câu hỏi vào phần khác."))
    children: Table = {} if path.count(".") else {"fields": []}
    return building.added(table, home, {**facts, **children, "key": path.rpartition(".")[2]})[0]


def _renamed_trial(trial: dict[str, Any], path: str, key: str) -> dict[str, Any]:
    def new(place: str) -> str:
        return building.renamed_path(place, path, key)

    expect = trial["expect"]
    return trial | {
        "values": building.renamed_values(trial["values"], path, key),
        "expect": {name: [new(one) for one in expect.get(name, ())] for name in ("known", "asked", "faults")}
        | {"computed": {new(one): words for one, words in expect.get("computed", {}).items()}},
    }


@once("eforms.draft_add")
def add(*, draft_id: int, into: str, element: Table, actor: Actor, at: datetime, key: str) -> FormDraft:
    """Add a section, a question or a part of a group at the end of where it belongs."""
    row = _mine(draft_id, actor)
    if into and building.find(row.content, into) is None:
        raise NotFound(_("Phần này không còn trong bản nháp."))
    if not normalize(element.get("label") or element.get("title") or ""):
        raise Refusal(_("Ghi lời của câu hỏi hoặc tên phần."), field="label")
    if sum(1 for _one in elements(row.content)) > 2 * MOST_FIELDS:
        raise Refusal(_("Tờ khai đã quá dài. Tách thành nhiều tờ khai."))
    row.content, path = building.added(row.content, into, element)
    _write(row, [path], "eforms.draft_add", actor, at)
    return row


@once("eforms.draft_block")
def add_block(*, draft_id: int, section: str, block: str, actor: Actor, at: datetime, key: str) -> FormDraft:
    """Add a block of questions that most forms need (`building.BLOCKS`)."""
    row = _mine(draft_id, actor)
    if building.find(row.content, section) is None or block not in building.BLOCKS:
        raise NotFound(_("Phần này không còn trong bản nháp."))
    row.content, paths = building.with_block(row.content, section, block)
    _write(row, paths, "eforms.draft_block", actor, at)
    return row


@once("eforms.draft_move")
def move(*, draft_id: int, path: str, by: int, actor: Actor, at: datetime, key: str) -> FormDraft:
    """Move an element up or down among its neighbours."""
    row = _mine(draft_id, actor)
    if not path or building.find(row.content, path) is None:
        raise NotFound(_("Câu hỏi hoặc phần này không còn trong bản nháp."))
    row.content = building.moved(row.content, path, by)
    _write(row, [], "eforms.draft_move", actor, at, {"path": path, "by": by})
    return row


@once("eforms.draft_remove")
def remove(*, draft_id: int, path: str, seen: int, actor: Actor, at: datetime, key: str) -> FormDraft:
    """Take an element out. Refuses when somebody else changed it, or something in it, since `seen`."""
    row = _mine(draft_id, actor)
    if not path or building.find(row.content, path) is None:
        raise NotFound(_("Câu hỏi hoặc phần này không còn trong bản nháp."))
    for one, (revision, _who) in row.changed.items():
        if revision > seen and (one == path or one.startswith(f"{path}.")):
            _unless_changed(row, one, seen)
    before = building.find(row.content, path)
    row.content = building.removed(row.content, path)
    _write(row, [path], "eforms.draft_remove", actor, at, {"was": before})
    return row


@once("eforms.draft_checks")
def save_checks(
    *, draft_id: int, rules: list[Table], signers: list[Table], seen: int, actor: Actor, at: datetime, key: str
) -> FormDraft:  # fmt: skip
    """Save the checks between questions and who else confirms."""
    row = _mine(draft_id, actor)
    _unless_changed(row, CHECKS, seen)
    row.content = row.content | {"rule": rules, "signer": signers}
    _write(row, [CHECKS], "eforms.draft_checks", actor, at)
    return row


@once("eforms.draft_trials")
def save_trial(
    *, draft_id: int, number: int | None, trial: dict[str, Any] | None, seen: int, actor: Actor, at: datetime, key: str
) -> FormDraft:  # fmt: skip
    """Save a trial: a new one where `number` is None, none of it any more where `trial` is None."""
    row = _mine(draft_id, actor)
    trials = list(row.trials)
    if number is None:
        if trial is None or len(trials) >= _MOST_TRIALS:
            raise Refusal(_("Một bản nháp giữ nhiều nhất %(n)s ca thử.") % {"n": _MOST_TRIALS})
        trials.append(trial)
    else:
        _unless_changed(row, TRIALS, seen)
        if number >= len(trials):
            raise NotFound(_("Ca thử này không còn."))
        trials[number : number + 1] = [] if trial is None else [trial]
    row.trials = trials
    _write(row, [TRIALS], "eforms.draft_trials", actor, at)
    return row


@once("eforms.draft_discard")
def discard(*, draft_id: int, actor: Actor, at: datetime, key: str) -> None:
    """Throw a draft away; its history stays."""
    row = _mine(draft_id, actor)
    _note("eforms.draft_discard", row, actor, at, {"content": row.content, "trials": len(row.trials)})
    row.delete()


# ── Inside


def _mine(draft_id: int, actor: Actor) -> FormDraft:
    permissions.require_maker(actor)
    row = locked(draft_id)
    if queries.waiting(row) is not None:
        raise Conflict(_("Bản nháp đang chờ duyệt nên không sửa được. Rút yêu cầu duyệt rồi sửa tiếp."))
    return row


def locked(draft_id: int) -> FormDraft:
    """Return an open draft, its row locked; refuses one that is gone or published."""
    row = FormDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if row is None:
        raise NotFound(_("Bản nháp này không còn: đã có người bỏ. Hãy mở lại danh sách tờ khai."))
    if row.definition_id is not None:
        raise Conflict(_("Bản này đã được công bố nên không sửa được nữa. Soạn bản mới từ nó."))
    return row


def _unless_changed(row: FormDraft, path: str, seen: int) -> None:
    revision, who = row.changed.get(path) or (0, "")
    if revision > seen:
        say = _("Trong lúc anh/chị sửa, %(who)s đã lưu chỗ này. Chưa ghi đè gì; xem hai bản rồi chọn.")
        raise EditedMeanwhile(say % {"who": who or _("người khác")})


def _write(
    row: FormDraft, paths: list[str], verb: str, actor: Actor, at: datetime, facts: dict[str, Any] | None = None
) -> None:  # fmt: skip
    row.revision += 1
    row.changed |= {path: [row.revision, actor.name] for path in paths}
    row.saved_at, row.saved_by_id = at, actor.account_id
    row.save()
    _note(verb, row, actor, at, {"revision": row.revision, "paths": paths, **(facts or {})})


def _note(verb: str, row: FormDraft, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=verb, subject_kind="form_draft", subject_id=row.pk, at=at,
        payload={"procedure": row.procedure_id, "case": row.case, **facts},
    )  # fmt: skip
