"""Changing workflows by hand: begin one, begin a new version, save what the editor holds, settle, discard.

A draft is saved whole, against the content hash that the screen was drawn from (`base`): whoever comes second
is refused and sees what the first one changed. Published versions are never written; a trigger holds them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from motcua.base.audit import operations as audit
from motcua.base.audit.keys import once
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import fold, normalize, sort_key
from motcua.workflow import permissions, queries
from motcua.workflow.models import VersionState, Workflow, WorkflowVersion
from motcua.workflow.operations import drafting
from motcua.workflow.shape import Draft, Flag
from motcua.workflow.shaping import beginning


class EditedMeanwhile(Conflict):
    """Somebody else saved this draft after the screen was drawn."""

    code = "edited_meanwhile"


@once("workflow.begin")
def begin_workflow(
    *, name: str, actor: Actor, at: datetime, key: str = "", draft: Draft | None = None,
    places: dict[str, list[float]] | None = None, **facts: str,
) -> WorkflowVersion:  # fmt: skip
    """Begin a workflow of one's own; return its first draft.

    `draft` brings the steps (a drawing that was read), otherwise the shortest lawful way stands there. `facts`
    are code, sector and decision. Refuses an empty name and one that another workflow has.
    """
    permissions.require("save_draft", actor)
    name = normalize(name)
    if not name:
        raise Refusal(_("Hãy ghi tên quy trình."), field="name")
    code = normalize(facts.get("code", ""))
    if Workflow.objects.filter(sort_key=sort_key(name), code=code).exists():
        raise Refusal(
            _("Đã có quy trình cùng tên và ký hiệu. Hãy mở quy trình đó để soạn bản mới, hoặc đặt tên khác."),
            field="name",
        )
    content = replace(
        draft or Draft(key="", name=name, definition=beginning()),
        key=f"own:{uuid4().hex[:12]}", name=name, code=code, variant="",
        sector=normalize(facts.get("sector", "")), decision=normalize(facts.get("decision", "")),
    )  # fmt: skip
    version = drafting.save_draft(draft=content, actor=actor, at=at).version
    version.edited_at, version.places = at, places
    version.save(update_fields=["edited_at", "places"])
    return version


def with_remarks(draft: Draft, remarks: Iterable[str]) -> Draft:
    """Return the draft with what a drawing could not bring, each for a person to look at before publishing."""
    return replace(draft, flags=tuple(Flag("bpmn", text[:500], blocks=True) for text in list(remarks)[:60]))


@once("workflow.new_version")
def new_version(*, version_id: int, actor: Actor, at: datetime, key: str = "") -> WorkflowVersion:
    """Begin a draft with the content of a version; the draft that is there already is returned instead."""
    permissions.require("save_draft", actor)
    model = queries.version_by_id(version_id)
    Workflow.objects.select_for_update().get(pk=model.workflow_id)  # two who begin at once get one draft
    newest = model.workflow.versions.filter(variant=model.variant).order_by("-number").first()
    assert newest is not None  # the model is one of them
    if newest.state == VersionState.DRAFT:
        return newest
    draft = queries.draft_of(model)
    version = WorkflowVersion(workflow=model.workflow, variant=model.variant, number=newest.number + 1)
    version.places, version.edited_at = model.places, at
    drafting.fill(version, draft, draft.content_hash(), at)
    _tell("new_version", version, actor, at, copied_from=model.number)
    return version


@once("workflow.edit")
def save_edit(
    *, version_id: int, base: str, draft: Draft, actor: Actor, at: datetime, key: str = "",
    places: dict[str, list[float]] | None = None,
) -> WorkflowVersion:  # fmt: skip
    """Save a draft as the editor holds it, whatever the check says of it; nothing is published.

    `base` is the content hash the screen was drawn from. Refuses when somebody saved meanwhile, a version that
    is published by now, and whoever may not edit. The same content again changes nothing.
    """
    permissions.require("save_draft", actor)
    version = _own_draft(version_id)
    digest = draft.content_hash()
    moved = places is not None and places != version.places
    if digest == version.content_hash and _facts_of(version.workflow) == _facts_of(draft) and not moved:
        return version
    if base != version.content_hash:
        raise EditedMeanwhile(
            _(
                "Trong lúc bạn sửa, %(who)s đã lưu bản nháp này. Chưa ghi đè gì; hãy xem khác nhau ở đâu rồi chọn."
            )
            % {"who": queries.last_actor(version.workflow_id) or _("người khác")}
        )
    version.edited_at = at
    if places is not None:
        version.places = places
    before = version.content_hash
    drafting.fill(version, draft, digest, at)
    _rename(version.workflow, draft)
    _tell("edit", version, actor, at, before=before)
    return version


@once("workflow.settle")
def settle(
    *, version_id: int, number: int | None, actor: Actor, at: datetime, key: str = ""
) -> WorkflowVersion:
    """Settle one doubt of an import, or all: a person has looked, and what stands in the draft is right."""
    permissions.require("save_draft", actor)
    version = _own_draft(version_id)
    if number is not None and not 0 <= number < len(version.flags):
        raise Conflict(_("Ghi chú này không còn. Hãy tải lại trang."))
    chosen = version.flags if number is None else [version.flags[number]]
    still_open = [flag for flag in chosen if flag.get("blocks") and not flag.get("settled")]
    for flag in still_open:
        flag["settled"] = actor.name or _("hệ thống")
    if still_open:
        version.edited_at = at
        version.save(update_fields=["flags", "edited_at"])
        _tell("settle", version, actor, at, flags=[[one["code"], one.get("step", "")] for one in still_open])
    return version


@once("workflow.discard")
def discard(*, version_id: int, actor: Actor, at: datetime, key: str = "") -> None:
    """Throw a draft away; a workflow without any other version goes with it. Its history stays."""
    permissions.require("save_draft", actor)
    version = _own_draft(version_id)
    workflow = version.workflow
    _tell("discard", version, actor, at)
    version.delete()
    if not workflow.versions.exists():
        workflow.delete()


def _own_draft(version_id: int) -> WorkflowVersion:
    rows = WorkflowVersion.objects.select_related("workflow").select_for_update(of=("self",))
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise Conflict(_("Bản nháp này không còn: đã có người bỏ. Hãy mở lại danh sách quy trình."))
    if version.state != VersionState.DRAFT:
        raise Conflict(
            _("Bản này vừa được công bố nên không sửa được nữa. Hãy mở quy trình và soạn bản mới.")
        )
    return version


def _facts_of(of: Workflow | Draft) -> tuple[str, ...]:
    return (of.name, of.code, of.sector, of.decision)


def _rename(workflow: Workflow, draft: Draft) -> None:
    """Bring the workflow's own facts up to date."""
    if _facts_of(workflow) == _facts_of(draft):
        return
    workflow.name, workflow.code = normalize(draft.name), normalize(draft.code)
    workflow.sector, workflow.decision = draft.sector, draft.decision
    workflow.sort_key = sort_key(draft.name)
    workflow.folded = fold(f"{draft.code} {draft.name} {draft.sector}")
    workflow.save()


def _tell(verb: str, version: WorkflowVersion, actor: Actor, at: datetime, **facts: object) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        subject_kind="workflow",
        subject_id=version.workflow_id,
        at=at,
        payload={"variant": version.variant, "number": version.number, "hash": version.content_hash, **facts},
    )
