"""Prepare an application: begin, papers, how the result comes, give up. Each step is kept as it is made."""

from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.applicants import acting, vault
from motcua.applicants import queries as applicants
from motcua.applicants.models import Person, VaultHow
from motcua.applicants.operations import vault as keeping
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.base.files.models import StoredFile
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.dossiers import vault_offers
from motcua.dossiers.words import ResultChannel
from motcua.eforms import prefill, vaulted
from motcua.eforms import queries as eforms
from motcua.eforms.engine.model import Form
from motcua.eforms.models import FormAnswer, FormDefinition
from motcua.eforms.operations import answering, signing
from motcua.lib import personal_id
from motcua.lib.actor import Actor
from motcua.lib.phone import normalize_phone
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import word_key
from motcua.online import queries
from motcua.online.models import Application, ApplicationFile, ApplicationPaper, State
from motcua.online.permissions import require_citizen

MOST_OPEN, MOST_FILES, MOST_OWN = 20, 20, 20
FIRST_OWN = 1001  # no procedure asks for a thousand papers
SUBJECT = "application"


@once("online.begin")
def begin(
    *, code: str, variant_id: int, agency_id: int, applicant_id: UUID, actor: Actor, at: datetime, key: str
) -> Application:  # fmt: skip
    """Begin an application, its declaration filled in with what is known of the applicant.

    Refuses a case that is not received online, an agency that does not settle it, an applicant one may not act for.
    """
    owner, today = require_citizen(actor), timezone.localdate(at)
    role = acting.require_may_act(actor, applicant_id, at)
    found = queries.offer(code, today)
    variant = next((one for one in found.variants if one.pk == variant_id), None)
    agency = next((one for one in found.agencies if one.pk == agency_id), None)
    if variant is None:
        raise Refusal(_("Chọn một trường hợp nhận qua mạng."), field="variant")
    if agency is None:
        raise Refusal(_("Chọn cơ quan giải quyết."), field="agency")
    if Application.objects.filter(owner_id=owner, state=State.OPEN).count() >= MOST_OPEN:
        raise Refusal(
            _("Anh/chị đang chuẩn bị 20 hồ sơ. Nộp hoặc bỏ bớt ở “Hồ sơ của tôi” rồi làm hồ sơ mới.")
        )
    variant.version = found.version
    party = applicants.get(applicant_id).party
    row = Application(
        owner_id=owner, applicant_id=applicant_id, mandate=role.mandate, right=role.kind[:12], variant=variant,
        agency=agency, begun_at=at, saved_at=at, contact_phone=party.phone or "", contact_email=party.email or "",
    )  # fmt: skip
    definition = queries.definition_for(variant, today)
    if definition is not None:
        row.answer = declaration_for(definition, applicant_id, actor, at)
    row.save()
    _note("begin", row, actor, at, {"procedure": code, "agency": agency.pk})
    return row


def declaration_for(
    definition: FormDefinition, applicant_id: UUID, actor: Actor, at: datetime
) -> FormAnswer:  # fmt: skip
    """Begin a declaration, filled in with what is known of who writes it and of the applicant's papers."""
    form = eforms.form(definition)
    known = [*known_of(form, applicant_id, actor), *_known_of_vault(form, applicant_id, actor, at)]
    values, sources = prefill.prefill(form, known, on=timezone.localdate(at))
    return answering.begin(
        definition_id=definition.pk, values=values, sources=sources, actor=actor, at=at, key=""
    )


def known_of(form: Form, applicant_id: UUID, actor: Actor) -> list[prefill.Known]:
    """Return what is known of whom the form names first: who writes it, else the applicant it is about.

    A form that asks who writes it is filled in with their identity, whoever it is about. One that does not names the
    applicant: of somebody else, nothing of the writer goes in. Then what was declared of the same person before.
    """
    citizen = applicants.citizen(actor.account_id or 0)
    if citizen is None:
        return []
    me = citizen.person
    if applicant_id == me.applicant.pk or _asks_writer(form):
        place = _place_of(form, _sex(me))
        known = [prefill.Known(_("tài khoản định danh"), person=place, facts=_facts(me))] if place else []
        return [*known, *_declared_before(form, me, actor)]
    party = applicants.get(applicant_id).party
    if not isinstance(party, Person):
        return []
    place = _place_of(form, _sex(party))
    return [prefill.Known(_("người được làm thay"), person=place, facts=_facts(party))] if place else []


def _sex(person: Person) -> str:
    """Return somebody's sex, by their personal number where nobody wrote it down; "" where neither says."""
    return person.sex or personal_id.read(person.personal_id or "").sex or ""


def _facts(person: Person) -> dict[str, Any]:
    """Return what is known of somebody as forms ask for it. Which paper their number stands on nobody said."""
    return {
        "identity.full_name": person.full_name,
        "identity.born": person.birth_date.isoformat() if person.birth_date else str(person.birth_year or ""),
        "identity.sex": _sex(person), "identity.nation": person.nationality, "identity.personal_id": person.personal_id,
        "identity.phone": person.phone, "identity.email": person.email,
    }  # fmt: skip


def _declared_before(form: Form, me: Person, actor: Actor) -> list[prefill.Known]:
    """Return what the writer declared of themselves: as who asked, or in an application of their own."""
    known = []
    sex, place_now = _sex(me), _place_of(form, _sex(me))
    earlier = FormAnswer.objects.filter(owner_id=actor.account_id, state="handed_in").order_by("-saved_at")
    for one in earlier.select_related("definition", "application")[:3]:
        before, of = eforms.form(one.definition), getattr(one, "application", None)
        if of is not None and of.applicant_id != me.applicant.pk and not _asks_writer(before):
            continue  # it was about somebody else
        place, values = _place_of(before, sex), eforms.values_of(one)
        if not place or not place_now:
            continue
        mine = {
            it.source: values[it.key] for _section, it in before.fields()
            if it.source and it.key.startswith(f"{place}_") and it.key in values
        }  # fmt: skip
        words = _("tờ khai ngày %(day)s") % {"day": f"{timezone.localtime(one.saved_at):%d/%m/%Y}"}
        known.append(prefill.Known(words, person=place_now, facts=mine))
    return known


def _asks_writer(form: Form) -> bool:
    return any(it.key == "requester_name" for _section, it in form.fields())


def _known_of_vault(form: Form, applicant_id: UUID, actor: Actor, at: datetime) -> list[prefill.Known]:
    """Return what the applicant's vault has for the papers that the form names; the look leaves its row there."""
    if not vaulted.asks(form) or acting.role_for(actor.account_id or 0, applicant_id, at) is None:
        return []
    found = vaulted.known(form, applicant_id, timezone.localdate(at))
    keeping.note(
        applicant_id=applicant_id, papers=found.papers, how=VaultHow.USE if found.papers else VaultHow.LIST,
        actor=replace(actor, for_applicant=applicant_id),  # may act for them; the session may say another
        at=at,
    )  # fmt: skip
    return found.sources


def _place_of(form: Form, sex: str) -> str:
    """Return as whom of a form its writer stands: the one who asks, else the spouse of their sex, else the first.

    "" of a form about two spouses whose writer's sex nobody knows: nobody is filled in.
    """
    named = [
        it.key.removesuffix("_name") for _section, it in form.fields() if it.source == "identity.full_name"
    ]
    for one in ("requester", {"male": "husband", "female": "wife"}.get(sex, "")):
        if one in named:
            return one
    if {"husband", "wife"} <= set(named):
        return ""
    return named[0] if named else "requester"


@transaction.atomic
def open_declaration(*, application_id: UUID, actor: Actor, at: datetime) -> str:
    """Return where the declaration is gone on with; where its link ended, a new one is made."""
    row = opened(application_id, actor, at)
    if row.answer_id is None:
        raise NotFound(_("Hồ sơ này không có tờ khai điện tử."))
    answer = eforms.answer(row.answer_id)
    done = answer.state != "open"
    address = queries.form_address(answer, at, done=done)
    if not address:
        answering.new_link(answer_id=answer.pk, actor=actor, at=at, key="")
        address = queries.form_address(answer, at, done=done)
    return address


@once("online.contact")
def set_contact(
    *, application_id: UUID, result_channel: str, return_address: str, phone: str, email: str, actor: Actor,
    at: datetime, key: str,
) -> Application:  # fmt: skip
    """Say how the result comes and whom to tell. Refuses a number that is none, and post without an address."""
    row = opened(application_id, actor, at)
    number = normalize_phone(phone)
    if not number:
        raise Refusal(_("Số điện thoại này không đúng. Viết 10 chữ số, ví dụ 0912 345 678."), field="phone")
    if result_channel not in ResultChannel.values:
        raise Refusal(_("Chọn cách nhận kết quả."), field="result_channel")
    if result_channel == ResultChannel.POST and not return_address.strip():
        raise Refusal(_("Nhận qua bưu chính thì ghi địa chỉ nhận."), field="return_address")
    row.result_channel, row.return_address = result_channel, return_address.strip()[:500]
    row.contact_phone, row.contact_email = number, email.strip()[:200]
    row.saved_at = at
    row.save()
    return row


@transaction.atomic
def add_file(
    *, application_id: UUID, number: int, stream: BinaryIO, filename: str, actor: Actor, at: datetime
) -> ApplicationFile:
    """Put a file to a paper asked for, by its place. Refuses what `files.operations.store` refuses."""
    row = opened(application_id, actor, at)
    return keep_file(_paper(row, _slot(row, number, actor, at)), stream, filename, actor, at)


@transaction.atomic
def add_own_paper(
    *, application_id: UUID, name: str, stream: BinaryIO, filename: str, actor: Actor, at: datetime
) -> ApplicationPaper:
    """Add a paper that the catalogue does not ask for, with its first file."""
    row = opened(application_id, actor, at)
    if not name.strip():
        raise Refusal(_("Ghi tên giấy tờ."), field="name")
    if row.papers.filter(round=0, required=None).count() >= MOST_OWN:
        raise Refusal(_("Nhiều nhất 20 giấy tờ khác. Ghép các ảnh vào một tệp PDF."), field="name")
    paper = ApplicationPaper.objects.create(application=row, name=name.strip()[:300], item=own_place(row))
    kept = keep_file(paper, stream, filename, actor, at)
    same = row.papers.filter(
        round=0, required=None, name=paper.name, files__stored__sha256=kept.stored.sha256
    )
    first = same.exclude(pk=paper.pk).first()
    if first is not None:  # pressed twice: one paper
        forget([kept])
        paper.delete()
        return first
    return paper


def own_place(row: Application) -> int:
    """Return the place of the next paper of one's own: after all that are there, and after those the catalogue asks."""
    last = row.papers.filter(round=0, required=None).aggregate(last=Max("item"))["last"] or 0
    return max(last, FIRST_OWN - 1) + 1


@transaction.atomic
def take_from_vault(
    *, application_id: UUID, number: int, paper_id: UUID, actor: Actor, at: datetime
) -> ApplicationPaper:
    """Use a paper of the applicant's vault for a paper asked for. Refuses one that no longer holds, or is too old."""
    row = opened(application_id, actor, at)
    _touch(row, at)
    held = vault.paper_of(row.applicant_id, paper_id)
    slot = _slot(row, number, actor, at)
    reason = vault.why_not(held, timezone.localdate(at), vault_offers.most_days(slot.required))
    if reason:
        raise Refusal(_("“%(name)s”: %(reason)s") % {"name": held.name, "reason": reason})
    paper = _paper(row, slot)
    paper.vault_paper = held.pk
    paper.save(update_fields=["vault_paper"])
    return paper


@transaction.atomic
def leave_vault(*, application_id: UUID, number: int, actor: Actor, at: datetime) -> None:
    """Use the vault's paper no more."""
    row = opened(application_id, actor, at)
    _touch(row, at)
    paper = _slot(row, number, actor, at).paper
    if paper is not None:
        ApplicationPaper.objects.filter(pk=paper.pk).update(vault_paper=None)


@transaction.atomic
def remove_file(*, application_id: UUID, file_id: int, actor: Actor, at: datetime) -> None:
    """Take a file out again; a paper of one's own goes with its last file. Twice is as good as once."""
    row = opened(application_id, actor, at)
    _touch(row, at)
    one = ApplicationFile.objects.filter(pk=file_id, paper__application=row).select_related("paper").first()
    if one is None:
        return
    forget([one])
    if one.paper.required_id is None and one.paper.round == 0 and not one.paper.files.exists():
        one.paper.delete()


@once("online.confirm_own")
def confirm_own(*, application_id: UUID, signer: str, actor: Actor, at: datetime, key: str) -> None:
    """Confirm the declaration as the signer one is: who signed in is named there. Refuses another's name."""
    row = opened(application_id, actor, at)
    _touch(row, at)
    answer = eforms.answer(row.answer_id) if row.answer_id else None
    found = eforms.standing(answer, on=timezone.localdate(at)) if answer else None
    one = next((it for it in found.asked if it.signer.key == signer), None) if found else None
    if answer is None or one is None or word_key(one.name) != word_key(actor.name):
        raise Refusal(_("Chỉ người có tên ở mục này mới xác nhận được. Gửi liên kết cho họ."))
    asked = signing.invite(answer_id=answer.pk, signer=signer, actor=actor, at=at, key="")
    signing.confirm(confirmation_id=asked.pk, digest=answer.digest, actor=actor, at=at, key="")


@once("online.discard")
def discard(*, application_id: UUID, actor: Actor, at: datetime, key: str) -> None:
    """Give an application up: it goes with its files and its declaration. Whoever may act no more may do that still."""
    require_citizen(actor)
    Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    if Application.objects.filter(
        pk=application_id, owner_id=actor.account_id, state=State.HANDED_IN
    ).exists():
        raise Conflict(_("Hồ sơ này đã nộp rồi. Xem ở “Hồ sơ của tôi”."), code="handed_in")
    row = queries.owned(actor, application_id)
    remove(row)
    record(
        actor=actor, verb="online.discard", subject_kind=SUBJECT, subject_id=application_id, at=at,
        payload={"procedure": row.variant.version.procedure.code},
    )  # fmt: skip


def sweep(*, at: datetime) -> int:
    """Remove applications that nobody went on with for as long as they are kept. Return how many."""
    limit, gone = at - keep("applications"), 0
    for number in list(_old(limit).values_list("pk", flat=True)):
        with transaction.atomic():
            row = _old(limit).select_for_update(of=("self",)).filter(pk=number).first()
            if row is not None:  # handed in or gone on with meanwhile
                remove(row)
                gone += 1
    return swept("applications", gone, at=at)


def untouched_since(moment: datetime) -> int:
    """Return how many would go if those that nobody saved since were removed now."""
    return _old(moment).count()


# ── Inside


def _touch(row: Application, at: datetime) -> None:
    """Begin the time anew after which what nobody goes on with is removed."""
    row.saved_at = at
    Application.objects.filter(pk=row.pk).update(saved_at=at)


def _old(moment: datetime) -> QuerySet[Application]:
    new = Q(saved_at__gte=moment) | Q(finished_at__gte=moment) | Q(confirmations__confirmed_at__gte=moment)
    fresh = FormAnswer.objects.filter(new).values("pk")
    return Application.objects.filter(state=State.OPEN, saved_at__lt=moment).exclude(answer__in=fresh)


def remove(row: Application) -> None:
    """Remove an application that was not handed in, with its files and its declaration."""
    forget(list(ApplicationFile.objects.filter(paper__application=row)))
    answer = row.answer
    row.delete()
    if answer is not None:
        answer.delete()


def forget(rows: list[ApplicationFile]) -> None:
    """Take files out; their content goes with the sweep of files."""
    stored = [one.stored_id for one in rows]
    ApplicationFile.objects.filter(pk__in=[one.pk for one in rows]).delete()
    StoredFile.objects.filter(pk__in=stored).delete()


def opened(application_id: UUID, actor: Actor, at: datetime) -> Application:
    """Lock an application that is the actor's and not handed in yet."""
    require_citizen(actor)
    Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    row = queries.mine(actor, application_id, at)
    if row.state != State.OPEN:
        raise Conflict(_("Hồ sơ này đã nộp rồi. Xem ở “Hồ sơ của tôi”."), code="handed_in")
    return row


def _slot(row: Application, number: int, actor: Actor, at: datetime) -> queries.Slot:
    found = queries.slots(row, actor=actor, on=timezone.localdate(at))
    slot = next((one for one in found if one.number == number), None)
    if slot is None:
        raise NotFound(_("Hồ sơ này không có giấy tờ như vậy."))
    return slot


def _paper(row: Application, slot: queries.Slot) -> ApplicationPaper:
    if slot.paper is not None:
        return slot.paper
    return ApplicationPaper.objects.create(
        application=row, required=slot.required, name=slot.name[:2000], item=slot.number
    )


def keep_file(
    paper: ApplicationPaper, stream: BinaryIO, filename: str, actor: Actor, at: datetime
) -> ApplicationFile:
    """Store a file and put it to a paper; the same content twice is one file."""
    if paper.files.count() >= MOST_FILES:
        raise Refusal(_("Nhiều nhất 20 tệp một giấy tờ. Ghép các ảnh vào một tệp PDF."), field="file")
    stored = files.store(stream=stream, filename=filename, actor=actor, at=at, purpose="online")
    same = paper.files.filter(stored__sha256=stored.sha256).select_related("stored").first()
    if same is not None:  # pressed twice: one file
        stored.delete()
        return same
    Application.objects.filter(pk=paper.application_id).update(saved_at=at)
    return ApplicationFile.objects.create(paper=paper, stored=stored)


def _note(verb: str, row: Application, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor, verb=f"online.{verb}", subject_kind=SUBJECT, subject_id=row.pk, at=at, payload=payload
    )
