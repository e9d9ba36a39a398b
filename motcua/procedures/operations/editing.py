"""Drafts in the hands of administrators: begun from a version, edited part by part, thrown away.

Two administrators may edit one draft: each part counts its saves (`editions`), and who saves over a newer text is
told. Whatever was typed is kept (`DraftEdit`), also what came too late.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures import permissions
from motcua.procedures.models import Approval, DraftEdit, NationalReview, Procedure, ProcedureVersion
from motcua.procedures.models.words import Outcome, Part, State
from motcua.procedures.operations import writing
from motcua.procedures.operations.writing import NewVersion
from motcua.procedures.queries import snapshot
from motcua.procedures.source import difference, parts
from motcua.procedures.source.record import CODE
from motcua.procedures.source.shape import CaseData, VersionData


class EditedMeanwhile(Conflict):
    """Somebody else saved this part after the page was opened."""

    code = "edited_meanwhile"


@once("procedure.open")
def open_procedure(
    *, code: str, name: str, sector: str, actor: Actor, at: datetime, key: str = ""
) -> Procedure:
    """Enter a procedure with its first draft; refuses a code that exists or has another shape than 1.001193."""
    permissions.require_editor(actor)
    code, name = code.strip(), normalize(name)
    if not CODE.fullmatch(code):
        raise Refusal(_("Mã thủ tục viết như 1.001193."), code="bad_code", field="code")
    if not name:
        raise Refusal(_("Nhập tên thủ tục."), code="name_needed", field="name")
    known = Procedure.objects.filter(code=code).first()
    if known is not None:
        text = _("Mã %(code)s đã có: %(name)s. Mở thủ tục đó để soạn bản mới.")
        raise Refusal(text % {"code": code, "name": known.name[:120]}, code="code_taken", field="code")
    data = VersionData(key=code, code=code, name=name, source=snapshot.OFFICE, sector=normalize(sector))
    data.texts = {"field": data.sector}
    data.cases = [CaseData("", is_default=True)]
    data.content_hash = snapshot.digest(data)
    procedure = Procedure(code=code, key=code)
    writing.describe(procedure, data, writing.sectors_for([data]))
    procedure.save()
    _write(procedure, data, 1, actor, at)
    _record(actor, "open", procedure, at, {"name": name})
    return procedure


@once("procedure.start_draft")
def start_draft(
    *, procedure_id: int, based_on: int, actor: Actor, at: datetime, key: str = ""
) -> ProcedureVersion:
    """Begin a draft that says what version `based_on` says; refuses while another draft is being written."""
    procedure = _locked(procedure_id, actor)
    _require_no_draft(procedure)
    base = _version(procedure, based_on)
    data = snapshot.data_of(base)
    draft = _new_draft(procedure, data, base, actor, at)
    _record(actor, "start_draft", procedure, at, {"version": draft.number, "based_on": base.number})
    return draft


@once("procedure.merge")
def merge(
    *, procedure_id: int, ours: int, theirs: int, taken: Collection[str], actor: Actor, at: datetime, key: str = ""
) -> ProcedureVersion:  # fmt: skip
    """Begin a draft from our version with the fields `taken` from the national record.

    It counts when a second person has approved it. Refuses an empty choice and a field that does not differ.
    """
    procedure = _locked(procedure_id, actor)
    _require_no_draft(procedure)
    base = _version(procedure, ours)
    mine, other = snapshot.data_of(base), snapshot.data_of(_version(procedure, theirs))
    if not taken:
        raise Refusal(_("Chưa chọn trường nào để lấy."), code="nothing_taken")
    unknown = set(taken) - {unit.key for unit in difference.between(mine, other)}
    if unknown:
        raise Conflict(_("Bản đối chiếu đã thay đổi. Tải lại trang rồi chọn lại."))
    data = difference.merged(mine, other, taken)
    draft = _new_draft(procedure, data, base, actor, at)
    _reviewed(theirs, draft=draft, reason="", actor=actor, at=at)
    facts = {"version": draft.number, "based_on": base.number, "from": theirs, "taken": sorted(taken)}
    _record(actor, "merge", procedure, at, facts)
    return draft


@once("procedure.keep_ours")
def keep_ours(
    *, procedure_id: int, theirs: int, reason: str, actor: Actor, at: datetime, key: str = ""
) -> NationalReview:  # fmt: skip
    """Say that our text stays although the national record differs, and why. A later record asks again.

    Refuses an empty reason and a version that is no national record of the procedure.
    """
    procedure = _locked(procedure_id, actor)
    record = _version(procedure, theirs)
    if record.source in snapshot.OWN or record.state != State.DRAFT:
        raise Conflict(_("Bản đối chiếu đã thay đổi. Tải lại trang rồi chọn lại."))
    if not reason.strip():
        raise Refusal(_("Ghi lý do giữ bản của ta."), code="reason_needed", field="reason")
    review = _reviewed(theirs, draft=None, reason=reason.strip(), actor=actor, at=at)
    _record(actor, "keep_ours", procedure, at, {"version": record.number, "reason": review.reason})
    return review


def _reviewed(
    theirs: int, *, draft: ProcedureVersion | None, reason: str, actor: Actor, at: datetime
) -> NationalReview:
    said = {"draft": draft, "reason": reason, "at": at, "by_id": actor.account_id}
    return NationalReview.objects.update_or_create(version_id=theirs, defaults=said)[0]


@once("procedure.save_part")
def save_part(
    *, version_id: int, part: Part, content: dict[str, Any], seen: int, actor: Actor, at: datetime, key: str = ""
) -> ProcedureVersion:  # fmt: skip
    """Save one part of a draft as it was typed. `seen` is the edition the page showed.

    Refuses a version that is no draft, one that waits for approval, and a part somebody else saved meanwhile.
    """
    version = _draft(version_id, actor)
    edition = int(version.editions.get(part, 0))
    if seen != edition:
        raise EditedMeanwhile(
            _(
                "Người khác vừa lưu phần này. Cả hai bản đều được giữ. So hai bản bên dưới rồi lưu lại nếu muốn "
                "thay bằng bản của anh/chị."
            )
        )
    data = parts.with_part(snapshot.data_of(version), part, content)
    data.content_hash = snapshot.digest(data)
    version.editions = {**version.editions, part.value: edition + 1}
    version.edited_at, version.edited_by_id = at, actor.account_id
    try:
        writing.rewrite(version, data)
    except ProtectedError as error:
        raise Conflict(
            _("Bản dự thảo này đã được nơi khác dùng đến nên không sửa được. Soạn bản mới.")
        ) from error
    DraftEdit.objects.create(
        version=version, part=part, edition=edition + 1, content=content, at=at, by_id=actor.account_id
    )
    facts = {"version": version.number, "part": part.value, "edition": edition + 1}
    _record(actor, "edit", version.procedure, at, facts)
    return version


@once("procedure.keep_late")
def keep_late(
    *, version_id: int, part: Part, content: dict[str, Any], seen: int, actor: Actor, at: datetime, key: str = ""
) -> DraftEdit:  # fmt: skip
    """Keep a text that came after somebody else's save, beside the saved one."""
    permissions.require_editor(actor)
    return DraftEdit.objects.create(
        version_id=version_id, part=part, edition=seen, content=content, saved=False, at=at, by_id=actor.account_id
    )  # fmt: skip


@once("procedure.discard_draft")
def discard_draft(*, version_id: int, actor: Actor, at: datetime, key: str = "") -> None:
    """Throw a draft away that was written here; what it said stays in history by its digest and name only.

    Refuses a record that the importer brought: it is what our version is compared with.
    """
    version = _draft(version_id, actor)
    if version.source not in snapshot.OWN:
        raise Refusal(_("Bản ghi quốc gia nhập vào được giữ để đối chiếu, không bỏ."), code="imported")
    if Approval.objects.filter(version=version).exclude(outcome=Outcome.WITHDRAWN).exists():
        raise Refusal(
            _("Bản này đã có người duyệt xem xét nên được giữ lại cùng ý kiến. Sửa tiếp trên bản này."),
            code="judged",
        )
    facts = {"version": version.number, "name": version.name, "content": version.content_hash}
    procedure = version.procedure
    try:
        version.delete()
    except ProtectedError as error:
        raise Conflict(_("Bản dự thảo này đã được nơi khác dùng đến nên không bỏ được.")) from error
    _record(actor, "discard_draft", procedure, at, facts)


def open_draft_of(procedure: Procedure) -> ProcedureVersion | None:
    """Return the draft that is being written here, if there is one."""
    drafts = ProcedureVersion.objects.filter(procedure=procedure, state=State.DRAFT, source=snapshot.OFFICE)
    return drafts.order_by("-number").first()


def _require_no_draft(procedure: Procedure) -> None:
    draft = open_draft_of(procedure)
    if draft is not None:
        text = _("Bản dự thảo %(number)s đang được soạn. Mở bản đó để sửa tiếp, hoặc bỏ nó trước.")
        raise Conflict(text % {"number": draft.number}, code="draft_exists")


def _locked(procedure_id: int, actor: Actor) -> Procedure:
    permissions.require_editor(actor)
    found = Procedure.objects.select_for_update(of=("self",)).filter(pk=procedure_id).first()
    if found is None:
        raise NotFound(_("Không có thủ tục này."))
    return found


def _version(procedure: Procedure, number: int) -> ProcedureVersion:
    found = ProcedureVersion.objects.filter(pk=number, procedure=procedure).first()
    if found is None:
        raise NotFound(_("Không có phiên bản này."))
    return found


def _draft(version_id: int, actor: Actor) -> ProcedureVersion:
    """Return a draft that may be changed, its row locked."""
    permissions.require_editor(actor)
    rows = ProcedureVersion.objects.select_for_update(of=("self",)).select_related("procedure")
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Không có phiên bản này."))
    if version.state != State.DRAFT:
        raise Conflict(_("Phiên bản này đã công bố nên không sửa được. Soạn bản mới từ nó."))
    if version.source not in snapshot.OWN:
        raise Conflict(_("Đây là bản ghi quốc gia nhập vào. Soạn bản mới từ nó để sửa."))
    if Approval.objects.filter(version=version, outcome=Outcome.WAITING).exists():
        raise Conflict(_("Bản này đang chờ duyệt. Rút yêu cầu duyệt về trước khi sửa."), code="waiting")
    return version


def _new_draft(
    procedure: Procedure, data: VersionData, base: ProcedureVersion, actor: Actor, at: datetime
) -> ProcedureVersion:
    data.source, data.record, data.flags = snapshot.OFFICE, {}, []
    data.in_force_from = data.in_force_to = None
    data.texts["decision_number"] = ""
    data.content_hash = snapshot.digest(data)
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    draft = _write(procedure, data, last + 1, actor, at)
    draft.based_on = base
    draft.save(update_fields=["based_on"])
    return draft


def _write(
    procedure: Procedure, data: VersionData, number: int, actor: Actor, at: datetime
) -> ProcedureVersion:
    new = NewVersion(procedure, data, number)
    writing.write([new], at=at, run=None)
    draft = new.row
    assert draft is not None
    draft.edited_at, draft.edited_by_id = at, actor.account_id
    draft.save(update_fields=["edited_at", "edited_by"])
    return draft


def _record(actor: Actor, verb: str, procedure: Procedure, at: datetime, facts: dict[str, object]) -> None:
    record_history(
        actor=actor, verb=verb, subject_kind="procedure", subject_id=procedure.pk, at=at,
        payload={"code": procedure.code, **facts},
    )  # fmt: skip
