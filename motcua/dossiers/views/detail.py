"""One dossier on one page: what it is, where it stands, what may be done now."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.agencies.models import Agency, Point
from motcua.applicants.models import Applicant
from motcua.dossiers import hall_tickets, listing, reading, told, words, worklists
from motcua.dossiers.custody_words import bundle_name
from motcua.dossiers.forms.act import ActionForm, Facts
from motcua.dossiers.forms.actions import FORMS
from motcua.dossiers.listing import Item
from motcua.dossiers.models import Holding
from motcua.dossiers.models.shown import Way
from motcua.dossiers.offers import Offer
from motcua.dossiers.operations import access, together
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.permissions import Case, may
from motcua.dossiers.reading import Sheet, actor_of
from motcua.lib.phone import masked
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui import dates
from motcua.ui.components import Row
from motcua.ui.statuses import NATIONAL
from motcua.workflow.diagram.drawing import figure, legend
from motcua.workflow.diagram.words import Place


def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a dossier. The reading is noted: the applicant may ask who looked."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    access.note_reading(dossier=sheet.dossier, actor=sheet.actor, at=sheet.now)
    if getattr(sheet.dossier, "mentioned", False):
        together.see_mentions(dossier=sheet.dossier, actor=sheet.actor, at=sheet.now)
    return page(request, sheet)


def peek(request: HttpRequest, code: str) -> HttpResponse:
    """Show the selected row's route and next act beside the list; nothing personal that the list lacks."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    note_shown(dossiers=[sheet.dossier.pk], way=Way.LIST, actor=sheet.actor, at=sheet.now)
    return render(request, "dossiers/peek.html", {"sheet": sheet, "dossier": sheet.dossier})


def workflow(request: HttpRequest, code: str) -> HttpResponse:
    """Draw the whole workflow with the dossier's place in it, beside the same as a list."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    access.note_reading(dossier=sheet.dossier, actor=sheet.actor, at=sheet.now)
    places = _places(sheet)
    context = {
        "sheet": sheet,
        "dossier": sheet.dossier,
        "figure": figure(sheet.definition, places=places),
        "legend": legend(sheet.definition),
    }
    return render(request, "dossiers/workflow.html", context)


def _places(sheet: Sheet) -> dict[str, Place]:
    """Where the dossier has been and stands, by step; the last run of a step counts."""
    late = sheet.bar is not None and sheet.bar.state == "late"
    places = {}
    for task in sheet.tasks:
        if task.ended_at is not None:
            places[task.step_key] = Place("done", _("xong %(when)s") % {"when": dates.moment(task.ended_at)})
        else:
            waits = sheet.dossier.paused_at is not None or not task.is_owner
            since = _("từ %(when)s") % {"when": dates.moment(task.started_at)}
            places[task.step_key] = Place("waiting" if waits else "late" if late else "current", since)
    return places


def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why hidden numbers are needed, note it, and show them on this page once."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    form = RevealForm(request.POST or None, auto_id="reveal_%s", label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            access.reveal(
                dossier=sheet.dossier, actor=sheet.actor, at=sheet.now, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error("reason", refusal.message)
        else:
            return page(request, sheet, shown=True)
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/parts/reveal.html", {"dossier": sheet.dossier, "reveal_form": form})
    return page(request, sheet, reveal_form=form)


@require_POST
def why(request: HttpRequest, code: str) -> HttpResponse:
    """Keep why an officer reads a dossier that is not their own work; the applicant reads it, too."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    try:
        access.explain(
            dossier=sheet.dossier, actor=sheet.actor, at=sheet.now, reason=request.POST.get("reason", "")
        )
    except NotPermitted:
        raise
    except Refusal as refusal:
        return back(request, sheet.dossier.code, refusal.message, good=False)
    return back(request, sheet.dossier.code, _("Đã ghi vì sao anh/chị xem hồ sơ này."))


class RevealForm(forms.Form):
    """Why the numbers are needed."""

    reason = forms.CharField(label=_("Xem số để làm gì"), max_length=200, min_length=3)


def page(
    request: HttpRequest,
    sheet: Sheet,
    *,
    form: ActionForm | None = None,
    offer: Offer | None = None,
    key: str = "",
    shown: bool = False,
    reveal_form: forms.Form | None = None,
    refusal: str = "",
    typed: list[tuple[str, str]] | None = None,
    note_text: str = "",
    note_fault: str = "",
    ticket_label: str = "",
    ticket_fault: str = "",
    related: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, with an action's form open in the right column when one is given."""
    dossier = sheet.dossier
    plain, _legal, look = NATIONAL[dossier.status]
    context = {
        "sheet": sheet,
        "dossier": dossier,
        "may_join": dossier.accepted_at is not None and may("joint_slip", Case(sheet.actor, dossier)),
        "may_wave_off": sheet.offer("wave_off") is not None,
        # While another agency works the applicant has nothing to pay by yet.
        "plain": _("Chờ cơ quan khác") if sheet.waits_for is not None else plain,
        "look": look,
        "legal": words.LEGAL[dossier.status, dossier.sub_status],
        "facts": _facts(sheet),
        "parties": _parties(sheet, shown=shown),
        "numbers_shown": shown,
        "history": sheet.history,
        "readers": sheet.readers,
        "ask_why": sheet.reads_unexplained,
        "print_now": _print_now(request, sheet),
        "following": _following(sheet),
        "reveal_form": reveal_form,
        "refusal": refusal,
        "typed": typed or [],
        "note_text": note_text,
        "note_fault": note_fault,
        "note_key": uuid4().hex,
        "may_join_ticket": hall_tickets.offers_joining(sheet.actor, dossier),
        "ticket_label": ticket_label,
        "ticket_fault": ticket_fault,
        **(related or {}),
        **told.shown(dossier),
        **act_context(sheet, form, offer, key),
    }
    return render(request, "dossiers/detail.html", context, status=status)


def act_context(sheet: Sheet, form: ActionForm | None, offer: Offer | None, key: str) -> dict[str, Any]:
    """What the form partial needs."""
    return {
        "act_form": form,
        "offer": offer,
        "form": form,
        "seen": sheet.dossier.version,
        "key": key or uuid4().hex,
        "sheet": sheet,
        "dossier": sheet.dossier,
    }


def form_for(sheet: Sheet, offer: Offer, data: Any = None, files: Any = None) -> ActionForm:
    """Return the form of a button, for the dossier as it stands."""
    facts = Facts(sheet.dossier, sheet.desk_behind(offer), offer, offer.actor or sheet.actor, sheet.now)
    return FORMS[offer.verb](data, files, facts=facts)


def _facts(sheet: Sheet) -> list[Row]:
    """The few facts about the request itself."""
    dossier = sheet.dossier
    procedure = dossier.procedure_version.procedure
    several = dossier.variant.name and dossier.variant.name != procedure.name
    rows = [
        Row(_("Thủ tục"), f"{procedure.code} {procedure.name}"),
        Row(_("Trường hợp"), dossier.variant.name) if several else None,
        Row(_("Nội dung"), dossier.summary) if dossier.summary != procedure.name else None,
        Row(_("Cách nộp"), words.came_in(dossier.channel, dossier.post_sender, dossier.posted_on)),
        Row(_("Nhận kết quả"), str(words.ResultChannel(dossier.result_channel).label)),
        Row(_("Sổ, số thứ tự"), f"{dossier.book} / {dossier.book_number}") if dossier.book_number else None,
        Row(_("Nhận tại"), _place(dossier.received_point, dossier.home_agency)),
        Row(_("Hỗ trợ nộp tại"), _place(dossier.helped_point, dossier.helped_point.shop.agency))
        if dossier.helped_point is not None
        else None,
        Row(_("Cơ quan giải quyết"), dossier.competent_agency.name)
        if dossier.competent_agency_id != dossier.home_agency_id
        else None,
        *(_held(one) for one in sheet.holdings),
    ]
    return [row for row in rows if row is not None]


def _place(point: Point | None, agency: Agency) -> str:
    """Return a place of reception with its agency; the agency alone where no place was kept."""
    return f"{point.name}, {agency.name}" if point is not None else agency.name


def _held(holding: Holding) -> Row:
    """Where one bundle of paper is now, with the way to its page."""
    where = f"{holding.unit.name}, {holding.agency.name}"
    since = _("%(where)s, từ %(when)s") % {"where": where, "when": dates.moment(holding.since)}
    text = f"{holding.content}: {since}" if holding.content else since
    if holding.busy:
        line = holding.busy[0]
        waits = _("Đang giao, phiếu %(slip)s") if line.state == "waiting" else _("Báo thiếu, phiếu %(slip)s")
        text = f"{text}. {waits % {'slip': line.slip.number}}"
    url = reverse("paper-end", args=[holding.pk])
    return Row(bundle_name(holding.bundle, holding.round), text, action=_("Xem"), url=url)


def _parties(sheet: Sheet, *, shown: bool) -> list[tuple[str, list[Row]]]:
    """The people of the dossier by role, their numbers hidden unless asked for with a reason."""
    dossier = sheet.dossier
    roles: dict[Any, list[str]] = {}
    for key, word in (
        (dossier.applicant_id, _("Chủ hồ sơ")),
        (dossier.submitter_id, _("Người nộp")),
        (dossier.representative_id, _("Người đại diện")),
    ):
        if key is not None:
            roles.setdefault(key, []).append(word)
    return [
        (", ".join(names), _party(sheet.parties[key], sheet, shown=shown))
        for key, names in roles.items()
        if key in sheet.parties
    ]


def _party(applicant: Applicant, sheet: Sheet, *, shown: bool) -> list[Row]:
    hide = (lambda text: text) if shown else masked
    dossier = sheet.dossier
    own_contact = applicant.pk == dossier.submitter_id
    phone = (dossier.contact_phone if own_contact else "") or applicant.phone
    rows = [Row(_("Họ tên") if applicant.person else _("Tên tổ chức"), applicant.name)]
    if applicant.person is not None:
        person = applicant.person
        number = person.personal_id or person.passport_number or ""
        kind = _("Số căn cước") if person.personal_id else _("Số hộ chiếu")
        rows.append(Row(kind, hide(number)) if number else Row(_("Giấy tờ"), person.no_paper_reason))
        born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or "")
        rows += [Row(_("Ngày sinh"), born if shown else f"••/••/{born[-4:]}")] if born else []
    elif applicant.organization is not None:
        rows.append(Row(_("Mã số thuế"), applicant.organization.tax_code or ""))
    rows += [Row(_("Điện thoại"), hide(phone))] if phone else []
    if own_contact and dossier.contact_email:
        rows.append(Row(_("Thư điện tử"), dossier.contact_email if shown else _mail(dossier.contact_email)))
    rows += [Row(_("Nơi cư trú"), applicant.address)] if applicant.address else []
    if applicant.pk == dossier.representative_id and dossier.authority:
        rows.append(Row(_("Giấy tờ ủy quyền"), dossier.authority))
    return rows


def _mail(text: str) -> str:
    name, _at, host = text.partition("@")
    return f"{name[:2]}•••@{host}"


def back(request: HttpRequest, code: str, text: str, *, good: bool = True) -> HttpResponse:
    """Say what was saved and show the dossier as it is now."""
    (messages.success if good else messages.info)(request, text)
    return redirect(reverse("dossier", args=[code]))


def _following(sheet: Sheet) -> Item | None:
    """The next dossier on the officer's desk, once this one is no longer theirs to work on."""
    if (
        any(one.kind == "primary" for one in sheet.offers)
        or sheet.desk.owner is not None
        or sheet.desk.aside is not None
        or not worklists.has_desk(sheet.actor)
    ):
        return None
    moment = worklists.Moment(sheet.now, sheet.now)
    found = listing.page(worklists.LISTS[0], sheet.actor, moment, size=1).items
    return found[0] if found else None


def _print_now(request: HttpRequest, sheet: Sheet) -> str:
    """The address of the paper that was just asked for again, once."""
    wanted = request.session.pop("motcua.print", "")
    if not wanted or not any(str(one.row.pk) == wanted for one in sheet.papers):
        return ""
    return reverse("dossier-paper", args=[sheet.dossier.code, wanted])
