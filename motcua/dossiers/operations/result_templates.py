"""An agency's templates of results: take one in as a draft, drop it, publish it for a day, fill it for a dossier."""

from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.dossiers import permissions, queries, result_templates, states, words
from motcua.dossiers.models import Dossier, Result, ResultTemplate, Task
from motcua.dossiers.operations import access, acts
from motcua.dossiers.result_templates import ALLOWED, Target
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import fold
from motcua.procedures.models import Procedure

SUBJECT = "result_template"
_FARTHEST = timedelta(days=366)
_DRAFTING = ("issue", "propose")  # the steps at which a result is put on paper


def _permit(actor: Actor, agency_id: int) -> None:
    if not permissions.words_papers(actor, agency_id):
        raise NotPermitted(_("Chỉ quản trị nghiệp vụ của cơ quan được đổi mẫu kết quả."))


def save_draft(
    *, agency_id: int, kind: str, procedure: str, result: str, stream: BinaryIO, filename: str, actor: Actor,
    at: datetime, key: str = "",
) -> ResultTemplate:  # fmt: skip
    """Take a template in as the draft for its kind of result, in place of an earlier draft for the same.

    `procedure` is a code ("": every procedure), `result` the name or code of one type of its results ("": all). Refuses
    what `files.read_template` refuses, and a procedure or type that is not in the catalogue.
    """
    _permit(actor, agency_id)
    target = _target(kind, procedure.strip(), result.strip(), timezone.localdate(at))
    read = files.read_template(stream=stream, filename=filename, allowed=ALLOWED)
    kept: ResultTemplate = _keep(
        target, read, agency_id=agency_id, slot=target.slot, sha256=read.sha256, actor=actor, at=at, key=key
    )
    return kept


@once("save_result_template")
def _keep(
    target: Target, read: files.TemplateRead, *, agency_id: int, slot: str, sha256: str, actor: Actor, at: datetime,
    key: str = "",
) -> ResultTemplate:  # fmt: skip
    values = {
        "file_name": read.name, "content": read.content, "sha256": sha256, "names": read.names, "drafted_at": at,
        "drafted_by": actor.position_id,
    }  # fmt: skip
    drafts = ResultTemplate.objects.select_for_update().filter(agency=agency_id, slot=slot, published_at=None)
    draft, made = drafts.get_or_create(
        agency_id=agency_id, slot=slot, published_at=None,
        defaults={
            "kind": target.kind, "procedure_id": target.procedure_id, "result_name": target.result_name, **values,
        },
    )  # fmt: skip
    before = "" if made else draft.sha256
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(values))
    _note(
        "draft_result_template", draft, actor, at, {"before": before, "file": read.name, "names": read.names}
    )
    return draft


def _target(kind: str, code: str, result: str, day: date) -> Target:
    if kind not in words.ResultKind.values:
        raise Refusal(_("Chọn mẫu dùng cho kết quả nào."), field="kind")
    if not code:
        if result:
            raise Refusal(
                _("Ghi mã thủ tục trước, rồi mới chọn loại kết quả của thủ tục đó."), field="procedure"
            )
        return Target(kind)
    found = Procedure.objects.filter(code=code).first()
    if found is None:
        raise Refusal(
            _("Không có thủ tục mã %(code)s trong danh mục.") % {"code": code[:20]}, field="procedure"
        )
    if not result:
        return Target(kind, found.pk)
    types = result_templates.types_of(found.pk, day)
    name = next((one for one in types if fold(one) == fold(result)), None)
    if name is None:
        raise Refusal(
            _("Thủ tục này có các kết quả: %(names)s. Ghi đúng một tên, hoặc để trống.")
            % {"names": "; ".join(f"“{one}”" for one in types) or _("không ghi trong danh mục")},
            field="result",
        )
    return Target(kind, found.pk, name)


@once("drop_result_template")
def discard_draft(*, template_id: int, actor: Actor, at: datetime, key: str = "") -> None:
    """Drop a draft; what is published stays."""
    draft = _locked(template_id, actor)
    _note("drop_result_template", draft, actor, at, {"file": draft.file_name})
    draft.delete()


@once("publish_result_template")
def publish(
    *, template_id: int, valid_from: date, seen: str, actor: Actor, at: datetime, key: str = ""
) -> ResultTemplate:  # fmt: skip
    """Put a draft in force from a day on, today at the earliest. `seen` is the digest of what the page showed."""
    draft = _locked(template_id, actor)
    if seen != result_templates.digest(draft):
        raise Conflict(_("Bản nháp vừa được người khác thay. Xem lại rồi ban hành; chưa có gì thay đổi."))
    today = timezone.localdate(at)
    if not today <= valid_from <= today + _FARTHEST:
        raise Refusal(_("Ngày áp dụng từ hôm nay đến một năm sau."), field="valid_from")
    holds = result_templates.published(draft.agency_id, draft.slot, valid_from)
    if holds is not None and holds.valid_from == valid_from:
        raise Refusal(_("Ngày này đã có một bản. Chọn ngày khác."), field="valid_from")
    if holds is not None and holds.sha256 == draft.sha256:
        raise Refusal(_("Tệp này chính là bản áp dụng ngày đó: không có gì để ban hành."))
    draft.valid_from, draft.published_at, draft.published_by = valid_from, at, actor.position_id
    draft.save(update_fields=["valid_from", "published_at", "published_by"])
    payload: dict[str, object] = {"valid_from": valid_from, "file": draft.file_name, "sha256": draft.sha256}
    _note("publish_result_template", draft, actor, at, payload)
    return draft


def _locked(template_id: int, actor: Actor) -> ResultTemplate:
    """Lock a draft of the actor's agency; two who publish at once find one of them gone."""
    agency = actor.agency_id or 0
    _permit(actor, agency)
    draft = (
        ResultTemplate.objects.select_for_update()
        .filter(pk=template_id, agency=agency, published_at=None)
        .first()
    )
    if draft is None:
        raise Conflict(_("Không còn bản nháp: đã được ban hành hoặc bỏ. Tải lại trang để xem."))
    return draft


def _note(verb: str, row: ResultTemplate, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=f"{row.agency_id}:{row.slot}", at=at,
        agency_id=row.agency_id, payload=payload,
    )  # fmt: skip


# ── For a dossier


def compose(*, dossier: Dossier, kind: str, actor: Actor, at: datetime) -> tuple[str, bytes]:
    """Fill the template that fits a dossier's result, for whoever holds its step of proposing or issuing.

    Returns a file name and the DOCX. History and the list of readings note it. Nothing is kept: the draft is the
    officer's, the signed paper comes back as a scan.
    """
    task = _step(dossier.pk, actor)
    result = Result.objects.filter(dossier=dossier).select_related("approved_by__account").first()
    issuing = task.completed_by == "issue"
    if kind not in words.ResultKind.values or (issuing and (result is None or result.kind != kind)):
        raise NotFound(_("Không có mẫu này."))
    found = result_templates.fitting(dossier, [kind], result, timezone.localdate(at)).get(kind)
    if found is None:
        raise NotFound(
            _("Cơ quan chưa có mẫu cho kết quả này. Nhờ quản trị nghiệp vụ thêm ở trang Mẫu kết quả.")
        )
    values = result_templates.values(dossier, result, found, actor=actor, at=at)
    made = files.fill_template(content=bytes(found.content), values=values)
    with transaction.atomic():
        reason = _("Soạn kết quả từ mẫu “%(name)s”") % {"name": found.file_name}
        access.note_reading(dossier=dossier, actor=actor, at=at, reason=reason)
        record(
            actor=actor, verb="compose_result", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
            agency_id=dossier.home_agency_id,
            payload={"template": found.pk, "file": found.file_name, "kind": kind, "valid_from": found.valid_from},
        )  # fmt: skip
    return f"{dossier.code}-du-thao.docx", made


def _step(dossier_id: UUID, actor: Actor) -> Task:
    """Return the actor's own step of proposing or issuing; the rights are those of that act."""
    dossier = queries.visible_to(actor).filter(pk=dossier_id).first()
    if dossier is None:
        raise NotFound(_("Không có hồ sơ này."))
    tasks, _last = queries.steps_of_act(dossier)
    case = permissions.Case(actor, dossier, tuple(tasks))
    mine = next((one for one in tasks if one.is_owner and permissions.is_on_desk(one, actor)), None)
    verb = mine.completed_by if mine is not None and mine.completed_by in _DRAFTING else "issue"
    permissions.require(verb, case)
    permissions.require_covered(actor, dossier)
    if mine is None or verb != mine.completed_by or dossier.state not in states.RUNNING:
        raise acts.NotAllowedNow(
            _("Chỉ soạn kết quả ở bước trình hoặc phát hành. Tải lại trang để xem hồ sơ.")
        )
    return mine
