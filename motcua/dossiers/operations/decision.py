"""Propose, approve, issue: how a result comes about. Until signatures come, paper is signed by hand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.numbering.operations import next_number
from motcua.dossiers import queries, words
from motcua.dossiers.models import Dossier, Result, Task
from motcua.dossiers.operations import acts, custody, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.procedures.models import ResultType


@transaction.atomic
def propose(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, kind: str, name: str = "", content: str = "",
    choice: str | None = None, to_position: int | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Draft a result (granted or refused) and put it to whoever decides. May be done again after a send-back.

    A refusal needs its reasons in `content`.
    """
    body = {"kind": kind, "name": name, "content": content, "choice": choice}
    act = acts.begin("propose", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    task = _step(act, "propose")
    act.move()
    result = _draft(act, kind=kind, name=name, content=content)
    steps.complete(act, task, choice=choice or steps.onward_choice(act, task), to_position=to_position)
    return act.finish({"result": result.pk, "kind": kind, "name": result.name})


def _draft(act: acts.Act, *, kind: str, name: str, content: str) -> Result:
    if kind not in words.ResultKind.values:
        raise Refusal(_("Chọn đồng ý hoặc từ chối giải quyết."), field="kind")
    earlier = Result.objects.filter(dossier=act.dossier, kind=kind).first()
    if earlier is not None:  # a head who confirms a draft need not type it again
        name, content = name.strip() or earlier.name, content.strip() or earlier.content
    if kind == words.ResultKind.REFUSED and not content.strip():
        raise Refusal(_("Từ chối giải quyết phải nêu rõ lý do."), field="content")
    types = list(ResultType.objects.filter(version_id=act.dossier.procedure_version_id).order_by("position"))
    default = types[0] if types else None
    values = {
        "kind": kind,
        "name": name.strip() or _default_name(kind, default),
        "type_code": default.code if default and kind == words.ResultKind.GRANTED else "",
        "content": content.strip(),
        "proposed_at": act.at,
        "proposed_by_id": act.actor.position_id,
        "approved_at": None,
        "approved_by_id": None,
    }
    result, _made = Result.objects.update_or_create(
        dossier=act.dossier, home_agency_id=act.dossier.home_agency_id, defaults=values
    )
    return result


def _default_name(kind: str, default: ResultType | None) -> str:
    if kind == words.ResultKind.REFUSED:
        return _("Văn bản từ chối giải quyết")
    return default.name if default else _("Kết quả giải quyết")


def _step(act: acts.Act, verb: str) -> Task:
    """Return the actor's owner task if it is one that `verb` ends."""
    task = acts.my_task(act)
    if task.completed_by != verb:
        raise acts.NotAllowedNow(
            _("Bước hiện tại “%(step)s” không kết thúc bằng “%(verb)s”.")
            % {"step": task.step_name, "verb": words.ACTIONS.get(verb, verb)}
        )
    return task


@transaction.atomic
def approve(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, choice: str | None = None, note: str = "",
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Decide as drafted. To decide otherwise, send it back with the reason.

    Where the office's workflow has no drafting step, the grant named in the catalogue is what is approved.
    """
    body = {"choice": choice, "note": note}
    act = acts.begin("approve", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    task = _step(act, "approve")
    act.move()
    result = Result.objects.filter(dossier=act.dossier).first() or _draft(
        act, kind=words.ResultKind.GRANTED, name="", content=""
    )
    _refuse_own_draft(act, result)
    Result.objects.filter(pk=result.pk).update(approved_at=at, approved_by_id=actor.position_id)
    steps.complete(act, task, choice=choice or steps.onward_choice(act, task), to_position=None, note=note)
    return act.finish({"result": result.pk, "kind": result.kind, "note": note})


def _refuse_own_draft(act: acts.Act, result: Result) -> None:
    """A stand-in does not decide in another's name on what they drafted themselves."""
    if act.actor.on_behalf_of is None or result.proposed_at == act.at:
        return
    drafts = (
        queries.history(act.dossier)
        .filter(verb="propose")
        .order_by("-seq")
        .values_list("account_id", flat=True)
    )
    if drafts.first() == act.actor.account_id:
        raise NotPermitted(
            _("Anh/chị đã trình kết quả này nên không duyệt thay được. Người khác có thẩm quyền duyệt.")
        )


@transaction.atomic
def issue(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, number: str = "", choice: str | None = None,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Number the approved result and end processing: status 9, the moment that decides on time or late.

    Without `number` the next one of the agency's own series is given. Refuses what nobody approved.
    """
    body = {"number": number, "choice": choice}
    found = Result.objects.filter(dossier_id=dossier_id).first()
    refused = found is not None and found.kind == words.ResultKind.REFUSED
    verb = "issue_refusal" if refused else "issue"
    act = acts.begin(
        "issue", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen, moves_as=verb
    )
    if act.repeated:
        return act.dossier
    task = _step(act, "issue")
    result = Result.objects.filter(dossier=act.dossier).first()
    if result is None or result.approved_at is None:
        raise acts.NotAllowedNow(_("Kết quả chưa được lãnh đạo phê duyệt nên chưa phát hành được."))
    given = number.strip() or next_result_number(act)
    Result.objects.filter(pk=result.pk).update(number=given, issued_at=at, issued_by_id=actor.position_id)
    act.move(verb)
    act.set(finished_at=at)
    custody.begin_result(act)
    steps.complete(act, task, choice=choice or steps.onward_choice(act, task), to_position=None)
    return act.finish({"result": result.pk, "number": given, "kind": result.kind})


def next_result_number(act: acts.Act) -> str:
    """Return the next number of the competent agency's own series of results."""
    year = timezone.localdate(act.at).year
    agency = act.dossier.competent_agency_id
    number = next_number(agency_id=agency, kind="result", period=str(year))
    return f"{number:02d}/{year}"
