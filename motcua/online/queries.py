"""Applications as their owner sees them, and the dossiers of whoever one may act for.

An application is found by its owner. A dossier is found by its applicant: `dossiers_of` asks the database which ones
an applicant has, and `entered` opens the wall for their agencies, for this transaction. Whoever calls these has asked
`acting` for the right.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.applicants import acting, vault
from motcua.applicants.models import MandateKind, VaultPaper
from motcua.base.files.models import FileStatus
from motcua.dossiers import paper_data, states, vault_offers
from motcua.dossiers.intake_choice import Choice, Promise, competent_agencies, is_offered, promise
from motcua.dossiers.models import Dossier, DossierFile, Paper, SupplementRequest
from motcua.dossiers.states import Status
from motcua.dossiers.vault_offers import Offered
from motcua.dossiers.words import ResultChannel
from motcua.eforms import queries as eforms
from motcua.eforms.models import FormAnswer, FormDefinition
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import word_key
from motcua.online.models import Application, ApplicationPaper, State
from motcua.procedures.models import ProcedureVariant, ProcedureVersion, RequiredDocument
from motcua.procedures.models.words import Channel
from motcua.procedures.queries import catalogue
from motcua.ui.routing import set_database_actor

# Papers that are the declaration itself: an electronic form takes their place.
_DECLARATIONS = ("to khai", "don ", "giay de nghi", "phieu yeu cau", "phieu de nghi", "van ban de nghi")
#: Papers that are written to the applicant; the others are the office's own.
FOR_THE_APPLICANT = tuple(one for one in paper_data.PAPERS if one != "control_sheet")


# ── What is offered


@dataclass(frozen=True)
class Offer:
    """A procedure as it may be applied for online today."""

    version: ProcedureVersion
    variants: list[ProcedureVariant]
    agencies: list[Agency]


def offer(code: str, day: date) -> Offer:
    """Return the cases that are received online and who settles them. Refuses what is not in force.

    Without those that only an officer can know: they change the case when they find that it is another.
    """
    version = catalogue.open_version(code, day)
    cases = [
        one
        for one in catalogue.variants(version)
        if is_offered(one, Channel.ONLINE) and not one.office_decides
    ]
    return Offer(version, cases, competent_agencies(version, day))


_PERSONS = ("cong dan ", "nguoi ", "ca nhan ")


def is_for(version: ProcedureVersion, role: acting.ActingRole) -> bool:
    """Tell whether a procedure is offered to an applicant: a business not where the catalogue names persons alone.

    Of a household business the catalogue names the person who runs it, so its own procedures are offered all the same.
    """
    if role.kind != MandateKind.BUSINESS or "kinh doanh" in word_key(version.name):
        return True
    named = [f"{word_key(one)} " for one in version.applicants]
    return not named or not all(one.startswith(_PERSONS) for one in named)


# ── Applications


def open_ones(actor: Actor) -> list[Application]:
    """Return what the actor is preparing, the last one touched first."""
    rows = Application.objects.filter(owner_id=actor.account_id, state=State.OPEN).order_by("-saved_at")
    return list(rows.select_related("variant__version__procedure", "agency", *_PARTY))


def mine(actor: Actor, application_id: UUID, at: datetime) -> Application:
    """Return an application of the actor's that they may still act for. Refuses as if there were none."""
    row = (
        Application.objects.filter(pk=application_id, owner_id=actor.account_id)
        .select_related("variant__version__procedure", "agency", "answer__definition", *_PARTY)
        .first()
    )
    if row is None:
        raise NotFound(_("Không tìm thấy hồ sơ đang chuẩn bị này. Xem danh sách ở “Hồ sơ của tôi”."))
    acting.require_may_act(actor, row.applicant_id, at)
    return row


def owned(actor: Actor, application_id: UUID) -> Application:
    """Return an open application of the actor's, whether or not they may still act for its applicant."""
    rows = Application.objects.filter(pk=application_id, owner_id=actor.account_id, state=State.OPEN)
    row = rows.select_related("variant__version__procedure", "agency", "answer", *_PARTY).first()
    if row is None:
        raise NotFound(_("Không tìm thấy hồ sơ đang chuẩn bị này. Xem danh sách ở “Hồ sơ của tôi”."))
    return row


_PARTY = ("applicant__person", "applicant__organization")


def of_answer(answer_id: UUID, actor: Actor) -> Application | None:
    """Return the application whose declaration this is, if it is the actor's."""
    return Application.objects.filter(answer_id=answer_id, owner_id=actor.account_id).first()


def definition_for(variant: ProcedureVariant, on: date) -> FormDefinition | None:
    """Return the electronic form of a case; None where the declaration is handed in as a paper."""
    return eforms.definition_on(variant.version.procedure.code or "", on, case=variant.name[:200])


@dataclass(slots=True)
class Slot:
    """One paper asked for, and what there is of it.

    `number` is its place in addresses: of one asked for its place from 1, of one's own what it got when it was added,
    so that an address never leads to another paper once one before it is gone.
    """

    number: int
    name: str
    required: RequiredDocument | None
    paper: ApplicationPaper | None
    by_form: bool = False
    offered: Offered | None = None
    chosen: VaultPaper | None = None  # the vault's paper that is to be used
    spoiled: str = ""  # why the vault's paper that was chosen may be used no more

    @property
    def needed(self) -> bool:
        """Whether the application cannot go without it."""
        one = self.required
        return one is not None and one.must_submit and one.always and not self.by_form and not self.bodily

    @property
    def bodily(self) -> bool:
        """Whether it is a thing of which a picture is no use: an envelope with a stamp."""
        return self.required is not None and f"{word_key(self.name)} ".startswith("phong bi ")

    @property
    def only_shown(self) -> bool:
        """Whether it is only shown at the counter: nobody has to send it."""
        return self.required is not None and not self.required.must_submit and not self.by_form

    @property
    def there(self) -> bool:
        """Whether something is there for it."""
        paper = self.paper
        held = paper is not None and paper.vault_paper is not None and not self.spoiled
        return held or (paper is not None and has_files(paper))


def slots(row: Application, *, actor: Actor, on: date) -> list[Slot]:
    """Return the papers of an application: those the catalogue asks for, then the applicant's own."""
    wanted = catalogue.required_documents(row.variant)
    there = {one.required_id: one for one in _papers(row, 0) if one.required_id}
    own = [one for one in _papers(row, 0) if one.required_id is None]
    offered = vault_offers.offers(row.applicant_id, wanted, on, actor=actor) if wanted else {}
    form_paper = next((one.pk for one in wanted if _is_declaration(one)), None) if row.answer_id else None
    found = [
        Slot(number, one.name, one, there.get(one.pk), one.pk == form_paper, offered.get(one.pk))
        for number, one in enumerate(wanted, 1)
    ]
    found += [Slot(one.item, one.name, None, one) for one in own]
    chosen = [one for one in found if one.paper is not None and one.paper.vault_paper is not None]
    held = {one.pk: one for one in vault.papers_of(row.applicant_id)} if chosen else {}
    for one in chosen:
        assert one.paper is not None and one.paper.vault_paper is not None
        one.chosen = held.get(one.paper.vault_paper)
        one.spoiled = (
            vault.why_not(one.chosen, on, vault_offers.most_days(one.required))
            if one.chosen
            else _("Không có giấy tờ này trong kho.")
        )
    return found


def others_of_vault(row: Application, slot: Slot, on: date) -> list[VaultPaper]:
    """Return the papers of the vault that may be used for a paper asked for, though they have another name."""
    if slot.by_form or slot.required is None or slot.chosen is not None:
        return []
    offered = slot.offered.paper_id if slot.offered else None
    days = vault_offers.most_days(slot.required)
    held = vault.papers_of(row.applicant_id)
    return [one for one in held if one.pk != offered and not vault.why_not(one, on, days)]


def _papers(row: Application, round_number: int) -> list[ApplicationPaper]:
    return list(row.papers.filter(round=round_number).prefetch_related("files__stored"))


def has_files(paper: ApplicationPaper) -> bool:
    """Whether a paper has a file that may be used: one that was set apart for malware is none."""
    return any(one.stored.status == FileStatus.CLEAN for one in paper.files.all())


def _is_declaration(one: RequiredDocument) -> bool:
    return f"{word_key(one.name)} ".startswith(_DECLARATIONS)


@dataclass(slots=True)
class Standing:
    """How far an application is: what is missing, each with the page where it is done."""

    application: Application
    slots: list[Slot]
    declaration: eforms.Standing | None
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.faults


def standing(row: Application, *, actor: Actor, at: datetime) -> Standing:
    """Return what keeps an application from being handed in."""
    today = timezone.localdate(at)
    answer = eforms.answer(row.answer_id) if row.answer_id else None
    declared = eforms.standing(answer, on=today) if answer else None
    found = Standing(row, slots(row, actor=actor, on=today), declared)
    if not catalogue.holds_on(row.variant.version, today):
        found.faults.append(_replaced(row, today))
    elif not settles(row, today):
        text = _("%(agency)s không còn giải quyết thủ tục này: chọn cơ quan khác") % {
            "agency": row.agency.name
        }
        found.faults.append((text, reverse("online-renew", args=[row.pk])))
    if answer and declared and not declared.complete:
        waits = [one for one in declared.asked if not one.confirmed]
        text = (
            _("Còn chờ xác nhận tờ khai: %(who)s") % {"who": ", ".join(one.name or one.signer.title for one in waits)}
            if declared.finished and waits
            else _("Tờ khai chưa xong")
        )  # fmt: skip
        found.faults.append((text, reverse("online-declaration", args=[row.pk])))
    for one in found.slots:
        if one.needed and not one.there:
            text = _("Chưa có: %(paper)s") % {"paper": one.name}
            found.faults.append((text, reverse("online-paper", args=[row.pk, one.number])))
    if not row.contact_phone or (row.result_channel == ResultChannel.POST and not row.return_address):
        text = _("Chưa chọn cách nhận kết quả và số điện thoại")
        found.faults.append((text, reverse("online-contact", args=[row.pk])))
    return found


def settles(row: Application, day: date) -> bool:
    """Tell whether the agency that was chosen still settles the procedure."""
    agency = row.agency
    closed = agency.closed_on is not None and agency.closed_on <= day
    return not closed and agency.pk in {one.pk for one in competent_agencies(row.variant.version, day)}


def _replaced(row: Application, today: date) -> tuple[str, str]:
    """Say what became of a procedure that is no longer in force as it was."""
    try:
        catalogue.open_version(row.variant.version.procedure.code or "", today)
    except Refusal as closed:
        return closed.message, reverse("online-discard", args=[row.pk])
    return _("Thủ tục vừa có bản mới: chuyển hồ sơ sang bản mới"), reverse("online-renew", args=[row.pk])


def form_address(answer: FormAnswer, at: datetime, *, done: bool = False) -> str:
    """Return where a declaration is gone on with; "" when its link ended."""
    link = answer.links.filter(revoked_at__isnull=True, expires_at__gt=at).order_by("-made_at").first()
    if link is None:
        return ""
    return reverse("eform-check" if done else "eform-fill", args=[link.token])


def promised(row: Application, at: datetime) -> Promise:
    """Return the date and fees if it were taken in now."""
    version = row.variant.version
    choice = Choice(
        version=version, variants=[row.variant], variant=row.variant, agencies=[row.agency], agency=row.agency
    )
    return promise(choice, Channel.ONLINE, at=at)


# ── Dossiers of an applicant


@dataclass(frozen=True, slots=True)
class Known:
    """A dossier's place behind the wall."""

    dossier_id: UUID
    home_agency_id: int


def dossiers_of(applicants: Iterable[UUID], *, code: str = "") -> list[Known]:
    """Return which dossiers these applicants have, the newest first; with `code` only that one. At most 200."""
    with connection.cursor() as cursor:
        cursor.execute("select motcua_dossiers_of(%s, %s)", [list(applicants), code or None])
        (answer,) = cursor.fetchone()
    rows = json.loads(answer) if isinstance(answer, str) else answer or []
    return [Known(UUID(one["id"]), one["home"]) for one in rows]


def entered(actor: Actor, applicant_id: UUID | None, agencies: Iterable[int]) -> Actor:
    """Return the actor as somebody whose dossiers at these agencies may be read, in this transaction."""
    inside = replace(actor, for_applicant=applicant_id, agencies=frozenset(agencies))
    set_database_actor(inside)
    return inside


def my_dossiers(actor: Actor, at: datetime) -> list[Dossier]:
    """Return the dossiers of everybody the actor may act for, the newest first."""
    roles = acting.who_may_act(actor.account_id or 0, at)
    known = dossiers_of([one.applicant_id for one in roles])
    entered(actor, None, {one.home_agency_id for one in known})
    rows = Dossier.objects.filter(pk__in=[one.dossier_id for one in known], parent=None)
    found = rows.select_related("procedure_version__procedure", "competent_agency")
    return sorted(found, key=lambda one: one.submitted_at, reverse=True)


def own_dossiers(actor: Actor, applicant_id: UUID) -> list[Dossier]:
    """Return the dossiers in which somebody signed in is the applicant themselves, the newest first."""
    known = dossiers_of([applicant_id])
    entered(actor, applicant_id, {one.home_agency_id for one in known})
    rows = Dossier.objects.filter(
        pk__in=[one.dossier_id for one in known], applicant=applicant_id, parent=None
    )
    return list(rows.order_by("-submitted_at"))


def dossier_of(actor: Actor, code: str, at: datetime) -> tuple[Dossier, Actor]:
    """Return a dossier of somebody the actor may act for, and the actor inside; refuses as if there were none."""
    roles = acting.who_may_act(actor.account_id or 0, at)
    known = dossiers_of([one.applicant_id for one in roles], code=code[:60])
    if not known:
        raise NotFound(
            _("Không có hồ sơ mang mã này của anh/chị. Có giấy tiếp nhận thì xem ở trang Tra cứu hồ sơ.")
        )
    entered(actor, None, [known[0].home_agency_id])
    rows = Dossier.objects.select_related(
        "procedure_version__procedure", "variant", "competent_agency", "home_agency"
    )
    row = rows.get(pk=known[0].dossier_id)
    inside = entered(actor, row.applicant_id, {row.home_agency_id, *row.visible_to})
    return row, inside


def asked_for(dossier: Dossier) -> SupplementRequest | None:
    """Return the supplement request that waits for an answer, of the dossier itself."""
    if dossier.status != Status.AWAITING_SUPPLEMENT:
        return None  # withdrawn, refused, stopped: nothing is asked for any more
    rows = SupplementRequest.objects.filter(dossier=dossier, received_at=None)
    return rows.order_by("-number").first()


def prepared_for(dossier: Dossier, number: int) -> dict[int, ApplicationPaper]:
    """Return what is prepared for the lines of a supplement request, by line."""
    rows = ApplicationPaper.objects.filter(application__became=dossier.pk, round=number)
    return {one.item: one for one in rows.prefetch_related("files__stored")}


def may_withdraw(dossier: Dossier) -> bool:
    """Whether it may still be withdrawn: no result yet, not ended."""
    return "withdraw" in states.allowed(dossier.state)


def application_of(dossier: Dossier) -> Application | None:
    """Return the application a dossier came from, or in which its supplement is prepared."""
    return Application.objects.filter(home_agency=dossier.home_agency_id, became=dossier.pk).first()


#: Ended without a result: the applicant may hand the same in anew.
TO_DO_AGAIN = (states.NOT_ACCEPTED, states.STOPPED, states.WITHDRAWN)


def handed_in_here(dossier: Dossier) -> Application | None:
    """Return the application that a dossier was, where it was handed in online by whoever may act for its applicant."""
    return application_of(dossier) if dossier.channel == Channel.ONLINE else None


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a dossier was refused or stopped, as the last paper about it says."""

    reason: str
    where: str = ""


def ended(dossier: Dossier) -> Ended | None:
    """Return why a dossier was refused or stopped; None where no paper says it."""
    if dossier.state not in (states.NOT_ACCEPTED, states.STOPPED):
        return None
    rows = Paper.objects.filter(dossier=dossier, form__in=("refusal", "stop_notice")).order_by("issued_at")
    row = rows.last()
    if row is None:
        return None
    said = paper_data.from_text(row.form, row.data or "")
    return Ended(said.reason, getattr(said, "where_to_turn", "")) if said.reason else None


def reasons_sent(dossier: Dossier) -> list[ApplicationPaper]:
    """Return the lines of supplements for which the applicant sent a reason in place of a file."""
    answered = SupplementRequest.objects.filter(dossier=dossier, received_at__isnull=False)
    rows = ApplicationPaper.objects.filter(
        application__became=dossier.pk, round__in=list(answered.values_list("number", flat=True)), round__gt=0
    )
    return list(rows.exclude(note=""))


def issued_to(dossier: Dossier) -> list[Paper]:
    """Return the papers the office wrote to the applicant, the oldest first."""
    return list(Paper.objects.filter(dossier=dossier, form__in=FOR_THE_APPLICANT).order_by("issued_at"))


def files_of(dossier: Dossier) -> list[DossierFile]:
    """Return the files of a dossier that were not set apart."""
    rows = DossierFile.objects.filter(dossier=dossier, stored__status=FileStatus.CLEAN)
    return list(rows.select_related("stored", "document").order_by("added_at"))
