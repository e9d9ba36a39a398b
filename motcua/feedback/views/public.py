"""Petitions on the public site: the way in, the form, the sender's own page, what is published."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.agencies.queries import agency_by_code, name_of
from motcua.applicants import queries as applicants
from motcua.base.files.uploads import uploaded
from motcua.dossiers import slips, tracking
from motcua.feedback.forms.petitions import FindForm, HandlingForm, PetitionForm, ReplyForm
from motcua.feedback.models import Petition, Way
from motcua.feedback.operations import filing, sender
from motcua.feedback.queries import petitions
from motcua.feedback.states import ENDED, MOVES, About, State, Verb
from motcua.lib import lookup
from motcua.lib.actor import PUBLIC
from motcua.lib.refusal import Refusal
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import KeyedForm, attempt
from motcua.ui.visitors import address_of

_SALT = "motcua.feedback.holder"
_PROOF_SECONDS = 24 * 3600


@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    """Lead to the form, to a petition sent before, to what was answered; say what belongs elsewhere."""
    return render(request, "feedback/petitions/hub.html", {"form": FindForm()})


@require_GET
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Say where complaints and denunciations go: another law, not taken here."""
    return render(request, "feedback/petitions/elsewhere.html", {"crumbs": _crumbs(_("Khiếu nại, tố cáo"))})


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Show the form; sent, take the petition in and lead to its own page."""
    if request.method != "POST":
        given = {"about": request.GET.get("ve", ""), "dossier_code": request.GET.get("ho-so", "")[:60]}
        return _form(
            request,
            initial={**given, "agency": _agency_of(request.GET.get("co-quan", ""), given["dossier_code"])},
        )
    proof = request.POST.get("proof", "")[:400]
    held = _proven(proof)
    form = PetitionForm(request.POST, request.FILES, agencies=agencies_by_name(), common=_common())
    made: list[Petition] = []

    def act(values: dict[str, Any]) -> None:
        code = lookup.parse_code(values["dossier_code"]) or values["dossier_code"]
        facts = filing.Facts(
            agency_id=values["agency"], about=values["about"], text=values["text"], dossier_code=code,
            holder=bool(held) and code == held, whom=values["whom"], name=values["name"], phone=values["phone"],
            email=values["email"], may_publish=values["may_publish"] == "yes",
        )  # fmt: skip
        made.append(
            filing.file_petition(
                facts=facts, files_in=_files(request), address=address_of(request), actor=PUBLIC,
                at=timezone.now(), key=values["key"],
            )
        )  # fmt: skip

    if attempt(form, act):
        return redirect(reverse("petition-mine", args=[made[0].token]) + "?moi=1")
    return _form(request, form=form, proof=proof if held else "", held=held, status=422)


send.wants_actor = True  # type: ignore[attr-defined]  # who signed in finds name and telephone filled in


@csrf_exempt  # changes nothing; it comes from the page of a dossier, which has no cookie
@require_POST
def about_dossier(request: HttpRequest) -> HttpResponse:
    """Show the form to whoever holds a dossier's slip, its code filled in and proven."""
    found = holder_of(request)
    if isinstance(found, HttpResponse):
        return found
    wanted = request.POST.get("ve", "")
    initial = {
        "about": wanted if wanted in {About.DOSSIER, About.RESULT} else About.DOSSIER,
        "dossier_code": found.code, "agency": _agency_of("", found.code),
    }  # fmt: skip
    return _form(request, initial=initial, proof=signing.dumps(found.code, salt=_SALT), held=found.code)


about_dossier.wants_actor = True  # type: ignore[attr-defined]


def slip_of(request: HttpRequest) -> slips.Slip | None:
    """Return what was sent of a slip: sealed by an earlier page, scanned, or typed."""
    if sealed := request.POST.get("slip", ""):
        return slips.opened(sealed)
    if token := request.POST.get("token", "")[:80]:
        return slips.of_token(token)
    return slips.of_code(request.POST.get("code", "")[:60], request.POST.get("secret", "")[:20])


def holder_of(request: HttpRequest) -> tracking.Tracked | HttpResponse:
    """Return the dossier whose slip was sent; or the page that says why not."""
    now, address = timezone.now(), address_of(request)
    slip = slip_of(request)
    try:
        found = tracking.by_slip(slip, address=address, now=now) if slip else None
    except tracking.TooManyTries:
        found = None
    if found is None:
        return render(request, "feedback/petitions/no_dossier.html", status=404)
    return found


def find(request: HttpRequest) -> HttpResponse:
    """Lead from code and secret to the petition's own page; who opens the address itself gets the form."""
    if request.method != "POST":
        return redirect("petitions-hub")
    form = FindForm(request.POST)
    if form.is_valid():
        try:
            found = sender.find(
                code=form.cleaned_data["code"], secret=form.cleaned_data["secret"], address=address_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except Refusal as refused:  # not through `attempt`: a failed try has to be counted
            form.add_error("secret" if refused.code == "not_found" else None, refused.message)
        else:
            return redirect("petition-mine", found.token)
    return render(request, "feedback/petitions/hub.html", {"form": form}, status=422)


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """The sender's own page: where it stands, what was said; and what the sender may do about it."""
    petition = petitions.by_token(token)
    form: forms.Form | None = None
    if request.method == "POST":
        verb = request.POST.get("act", "")
        build, operate = _ACTS.get(verb, _ACTS[Verb.WITHDRAW])
        form = build(request)
        if verb in _ACTS and attempt(form, lambda values: operate(request, petition, values)):
            return redirect("petition-mine", token)
        petition = petitions.by_token(token)
    now, way = timezone.now(), petitions.way_of(petition)
    context = {
        "petition": petition, "agency": petition.at_agency.name, "way": way,
        "outside": next((one.to_name for one in way if one.way == Way.OUTSIDE), ""),
        "first": name_of(petition.home_agency_id, timezone.localdate(petition.received_at)),
        "messages_": petitions.messages_of(petition), "new": "moi" in request.GET,
        "files": petitions.files_of(petition), "form": form, "ended": petition.state in ENDED,
        "late": petition.state not in ENDED and petition.paused_at is None and petition.due_at < now,
        "publication": petitions.publication_of(petition), "acts": _open_acts(petition),
        "reply": form if isinstance(form, ReplyForm) else ReplyForm(),
        "handling": form if isinstance(form, HandlingForm) else HandlingForm(initial={"score": petition.score}),
        "address": request.build_absolute_uri(reverse("petition-mine", args=[token])),
    }  # fmt: skip
    response = render(request, "feedback/petitions/mine.html", context, status=422 if form else 200)
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "no-store"
    response["Referrer-Policy"] = (
        "same-origin"  # with "no-referrer" its own buttons would come without an Origin
    )
    return response


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """What was answered and published, with a search; without words the newest."""
    words, about = request.GET.get("tim", "").strip()[:100], request.GET.get("ve", "")
    code = request.GET.get("co-quan", "")[:40]
    agency = agency_by_code(code) if code else None
    rows = petitions.published(words=words, about=about, agency_id=agency.pk if agency else None)
    found, first, after = petitions.cut(rows, request.GET.get("tu", ""))
    asked = {name: value for name, value in (("tim", words), ("ve", about), ("co-quan", code)) if value}
    context = {
        "rows": found, "words": words, "about": about, "abouts": About.choices, "agency": agency,
        "narrowed": bool(asked),
        "pager": Pager(
            newer="?" + urlencode(asked) if first else "",
            older="?" + urlencode({**asked, "tu": after}) if after else "",
        ),
        "crumbs": _crumbs(_("Đã trả lời")),
    }  # fmt: skip
    return render(request, "feedback/petitions/published.html", context)


@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One published petition with its answer."""
    row = petitions.one_published(number)
    crumbs = [
        *_crumbs("")[:1],
        Crumb(_("Đã trả lời"), reverse("petitions-published")),
        Crumb(row.title),
    ]
    return render(request, "feedback/petitions/one.html", {"row": row, "crumbs": crumbs})


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("Phản ánh, kiến nghị"), reverse("petitions-hub")), Crumb(last)]


def _form(
    request: HttpRequest,
    *,
    form: PetitionForm | None = None,
    initial: dict[str, Any] | None = None,
    proof: str = "",
    held: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = form or PetitionForm(
        agencies=agencies_by_name(), common=_common(), initial={**_sender(request), **(initial or {})}
    )
    objects = shown["about"].value() == About.RESULT
    context = {"form": shown, "proof": proof, "held": held, "objects": objects, "crumbs": _crumbs(_("Gửi"))}
    return render(request, "feedback/petitions/send.html", context, status=status)


def agencies_by_name() -> list[tuple[int, str]]:
    """Return the agencies that take petitions, by name."""
    return [(one.pk, one.name) for one in petitions.takers(timezone.localdate())]


def _common() -> tuple[int, str] | None:
    found = petitions.common_taker(timezone.localdate())
    return (found.pk, found.name) if found else None


def _sender(request: HttpRequest) -> dict[str, str]:
    """Return name and telephone of who is signed in: they may take them out again, and stay unnamed."""
    actor = request.actor  # type: ignore[attr-defined]
    citizen = applicants.citizen(actor.account_id) if actor.kind == "applicant" and actor.account_id else None
    if citizen is None:
        return {}
    person = citizen.person
    return {"name": person.full_name, "phone": person.phone or "", "email": person.email or ""}


def _agency_of(code: str, dossier: str) -> int | None:
    parts = lookup.take_apart(dossier) if dossier else None
    wanted = code or (parts.agency if parts else "")
    try:
        return agency_by_code(wanted).pk if wanted else None
    except Refusal:
        return None


def _proven(proof: str) -> str:
    """Return the code of the dossier whose slip the sender showed within a day; nothing otherwise."""
    try:
        return str(signing.loads(proof, salt=_SALT, max_age=_PROOF_SECONDS)) if proof else ""
    except signing.BadSignature:
        return ""


def _files(request: HttpRequest) -> list[tuple[str, BinaryIO]]:
    """Return the files of the field `files`. Refuses one that is too large."""
    if request.FILES.getlist("papers") or "motcua_refused_uploads" in request.__dict__:
        uploaded(request, "papers")
    return [(one.name or "", cast(BinaryIO, one)) for one in request.FILES.getlist("papers")]


def _open_acts(petition: Petition) -> set[str]:
    open_ = {str(verb) for verb in _ACTS if petition.state in MOVES[Verb(verb)][0]}
    may_be_published = petition.state not in ENDED or petition.state == State.ANSWERED
    return open_ if petition.may_publish and may_be_published else open_ - {str(Verb.KEEP_PRIVATE)}


def _reply(request: HttpRequest, petition: Petition, values: dict[str, Any]) -> None:
    sender.reply(
        petition_id=petition.pk, text=values["text"], files_in=_files(request), actor=PUBLIC, at=timezone.now(),
        key=values["key"],
    )  # fmt: skip


def _withdraw(_request: HttpRequest, petition: Petition, values: dict[str, Any]) -> None:
    sender.withdraw(petition_id=petition.pk, actor=PUBLIC, at=timezone.now(), key=values["key"])


def _keep_private(_request: HttpRequest, petition: Petition, values: dict[str, Any]) -> None:
    sender.keep_private(petition_id=petition.pk, actor=PUBLIC, at=timezone.now(), key=values["key"])


def _score(_request: HttpRequest, petition: Petition, values: dict[str, Any]) -> None:
    sender.score(
        petition_id=petition.pk, value=values["score"], actor=PUBLIC, at=timezone.now(), key=values["key"]
    )


_Build = Callable[[HttpRequest], forms.Form]
_Operate = Callable[[HttpRequest, Petition, dict[str, Any]], None]
_ACTS: dict[str, tuple[_Build, _Operate]] = {
    Verb.REPLY: (lambda request: ReplyForm(request.POST, request.FILES), _reply),
    Verb.WITHDRAW: (lambda request: KeyedForm(request.POST), _withdraw),
    Verb.KEEP_PRIVATE: (lambda request: KeyedForm(request.POST), _keep_private),
    Verb.SCORE: (lambda request: HandlingForm(request.POST), _score),
}
