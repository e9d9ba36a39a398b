"""What the intake page asks while the officer goes on typing: card, known people, procedures, cases."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from motcua.applicants import queries as applicants
from motcua.applicants.models import How, Organization, Person
from motcua.applicants.operations import look_ups
from motcua.counters import scan_page, station_queries
from motcua.dossiers import draft_queries, earlier_papers, helped, intake_choice, intake_reading, intake_vault
from motcua.dossiers.draft_queries import CARDS, Content, Open
from motcua.dossiers.intake_reading import OTHER, PaperRow
from motcua.dossiers.operations import drafts
from motcua.dossiers.operations.counter_scans import DRAFT
from motcua.lib import citizen_card, personal_id
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.ui import dates

_KEYS = 9
_DOUBTFUL = {"birth_date": "birth"}


@dataclass(frozen=True)
class Held:
    """A held intake in the strip: its key, and since when it waits."""

    id: UUID
    name: str
    procedure: str
    held_at: datetime | None
    key: str
    waits: str


def strip(held: list[Open], at: datetime) -> list[Held]:
    """Return the first nine held intakes, the last one held first, each with the key that leads back to it."""
    return [
        Held(one.id, one.name, one.procedure, one.held_at, f"Alt+{number}", waiting(one, at))
        for number, one in enumerate(held[:_KEYS], 1)
    ]


def waiting(one: Open, at: datetime) -> str:
    """Say how long a draft lies there: minutes of today, else the day."""
    since = one.held_at or one.updated_at
    if timezone.localdate(since) != timezone.localdate(at):
        return _("từ %(when)s") % {"when": dates.moment(since)}
    minutes = int((at - since).total_seconds() // 60)
    return ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes}


def addresses(draft_id: UUID, page: str) -> dict[str, str]:
    """Return the addresses of a draft that one open page writes to, with that page's mark."""
    mark = f"?page={page}" if page else ""
    names = ("page", "save", "card", "known", "case", "people", "choose")
    return {f"{name}_url": reverse(f"intake-{name}", args=[draft_id]) + mark for name in names}


def case_context(content: Content, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what depends on the chosen procedure: cases, papers, promise; empty before there is one."""
    values = content.values
    day = timezone.localdate(at)
    try:
        choice = intake_choice.choose(
            str(values.get("procedure") or ""),
            variant=str(values.get("variant") or ""),
            agency=str(values.get("agency") or ""),
            actor=actor,
            day=day,
        )
    except Refusal as refusal:
        return {"choice": None, "rows": [], "no_choice": refusal.message if values.get("procedure") else ""}
    rows = _with_earlier(intake_reading.paper_rows(choice.variant, values, content.files), values, actor, day)
    found = intake_vault.opened(content, rows, actor=actor, on=day)
    rows = intake_vault.with_offers(rows, found)
    return {
        "choice": choice,
        "promise": intake_choice.promise(
            choice,
            intake_choice.channel_of(values),
            at=at,
            exemption=str(values.get("exemption") or ""),
        ),
        "rows": rows,
        "extra": intake_reading.next_extra(values),
        "present": sum(row.present for row in rows),
        "missing": [row for row in rows if row.must and not row.present],
        "values": values,
        "asked": any(row.ask for row in rows),
        "vault": found,
        "scans": content.files.get(draft_queries.SCANS, []),
    }


def at_the_counter(draft_id: UUID, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what stands at the officer's counter, and scans of this draft that are under way."""
    here = station_queries.here(actor, at)
    left = station_queries.under_way(actor, DRAFT, str(draft_id), at) if here.scans else {}
    return {"here": here, "scans_under_way": list(left.values()), "scan_how": scan_page.how(here.scans)}


def _with_earlier(
    rows: list[PaperRow], values: Mapping[str, Any], actor: Actor, day: date
) -> list[PaperRow]:  # fmt: skip
    """Add to each paper that is asked for what the applicant handed in before."""
    owner = earlier_papers.whose(values)
    wanted = [row.required for row in rows if row.required is not None]
    found = earlier_papers.offers(owner, wanted, actor=actor, day=day)
    return [
        replace(row, earlier=found[row.required.pk]) if row.required and row.required.pk in found else row
        for row in rows
    ]


@require_GET
def procedures(request: HttpRequest) -> JsonResponse:
    """Answer the procedure field: what this counter receives, best match first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = request.GET.get("q", "")[:200]
    return JsonResponse({"options": intake_choice.options(text, actor=actor, day=timezone.localdate())})


@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """Answer the field "helped at": points that are open today, by the words of their names."""
    text = request.GET.get("q", "")[:200]
    return JsonResponse({"options": helped.options(text, day=timezone.localdate())})


@require_GET
def case(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Answer cases, papers and the promise of what stands in the fields now, as parts of this page. Saves nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = draft_queries.get(actor, draft_id)
    content = draft_queries.content(draft)
    asked = {
        name: request.GET.get(name, "")[:500]
        for name in ("procedure", "variant", "agency", "by_post", "exemption")
    }
    content = replace(content, values={**content.values, **asked})
    context = case_context(content, actor, timezone.now())
    return render(
        request,
        "dossiers/intake_case.html",
        {
            "draft": draft,
            **addresses(draft.pk, request.GET.get("page", "")[:16]),
            **context,
            # Only a page that has a station beside it asks for one here: this is what a keystroke waits for.
            **(at_the_counter(draft.pk, actor, timezone.now()) if "scan" in request.GET else {}),
        },
    )


@require_POST
def card(request: HttpRequest, draft_id: UUID) -> JsonResponse:
    """Read a scanned card into the draft; answer its fields, what is doubtful, and what is known of the person.

    A text that is no card changes nothing and says what is wrong and what to do.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    prefix = OTHER if request.POST.get("party") == "other" else ""
    scan = citizen_card.parse(request.POST.get("text", ""), today=timezone.localdate(at))
    if scan.card is None:
        problems = [one.say(_) for one in scan.problems]
        return JsonResponse({"fields": {}, "problems": problems, "notes": []}, status=422)
    fields = intake_reading.card_fields(scan.card)
    draft = draft_queries.get(actor, draft_id)
    cards = {**draft_queries.content(draft).cards, prefix: fields}
    person = applicants.by_personal_id(scan.card.personal_id)
    _note(How.CARD, person, actor, at)
    found, notes = known_person(person)
    told = {name: value for name, value in found.items() if name == "phone"}
    filled = {f"{prefix}{name}": value for name, value in fields.items()} | told
    try:
        drafts.save_fields(
            draft_id=draft_id, actor=actor, at=at, values={**filled, CARDS: cards}, page=request.GET.get("page", "")
        )  # fmt: skip
    except Conflict as refusal:
        return JsonResponse({"fields": {}, "problems": [refusal.message], "notes": []}, status=409)
    warnings = [one.say(_) for one in scan.warnings]
    return JsonResponse(
        {
            "fields": filled,
            "problems": [],
            "warnings": warnings,
            "notes": [_("Đã đọc thẻ căn cước."), *notes],
            "doubtful": [prefix + _DOUBTFUL.get(name, name) for name in sorted(scan.doubtful)],
        }
    )


@require_POST
def known(request: HttpRequest, draft_id: UUID) -> JsonResponse:
    """Recognise a returning applicant by a typed number, passport or tax code; answer and keep what is known."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft_queries.get(actor, draft_id)
    by, text = request.POST.get("by", ""), request.POST.get("text", "").strip()
    prefix = OTHER if by.startswith(OTHER) else ""
    party: Person | Organization | None
    if by == "tax_code":
        party = applicants.by_tax_code(text)
        found, notes = known_organization(party)
    elif by.endswith("personal_id"):
        party = applicants.by_personal_id(text)
        found, notes = known_person(party)
    else:
        party = applicants.by_passport(text, request.POST.get("country", ""))
        found, notes = known_person(party)
    _note(How.NUMBER, party, actor, timezone.now())
    recognised = bool(found)
    if by.endswith("personal_id") and not recognised:
        found = {"sex": personal_id.read(re.sub(r"[\s.]", "", text)).sex or ""}
    shared = by == "tax_code"
    named = {
        name if shared or name == "phone" else prefix + name: value for name, value in found.items() if value
    }
    if named:
        try:
            drafts.save_fields(
                draft_id=draft_id, actor=actor, at=timezone.now(), values=named, page=request.GET.get("page", "")
            )  # fmt: skip
        except Conflict as refusal:
            return JsonResponse({"fields": {}, "problems": [refusal.message], "notes": []}, status=409)
    values = {f"{prefix}personal_id": text} | named if by.endswith("personal_id") else {}
    warnings = intake_reading.contradictions(values, prefix)
    return JsonResponse({"fields": named, "known": recognised, "notes": notes, "warnings": warnings})


def _note(how: How, party: Person | Organization | None, actor: Actor, at: datetime) -> None:
    """Note that somebody was looked for by number, and found."""
    if party is not None:
        look_ups.note(how=how, shown=[applicants.of(party).pk], actor=actor, at=at)


def known_person(person: Person | None) -> tuple[dict[str, str], list[str]]:
    """Return a person's facts as fields of the form without prefix, and what to tell the officer."""
    if person is None:
        return {}, []
    birth = dates.day(person.birth_date) if person.birth_date else str(person.birth_year or "")
    found = {
        "full_name": person.full_name,
        "birth": birth,
        "sex": person.sex,
        "address": person.address or "",
        "phone": person.phone or "",
    }
    note = _("Người này đã nộp hồ sơ ở đây, lần gần nhất %(day)s.") % {"day": dates.day(person.updated_at)}
    return {name: value for name, value in found.items() if value}, [note]


def known_organization(organization: Organization | None) -> tuple[dict[str, str], list[str]]:
    """Return an organization's facts as fields of the form, and what to tell the officer."""
    if organization is None:
        return {}, []
    found = {
        "org_name": organization.name,
        "legal_representative": organization.legal_representative,
        "org_address": organization.address,
        "phone": organization.phone or "",
    }
    note = _("Tổ chức này đã nộp hồ sơ ở đây, lần gần nhất %(day)s.") % {
        "day": dates.day(organization.updated_at)
    }
    return {name: value for name, value in found.items() if value}, [note]
