"""Legal texts for officers: what a procedure rests on, texts and their articles, found by their words."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.agencies.whereabouts import points_of
from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import render_sheet
from motcua.lib.legal_numbers import key_of
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.procedures.forms.legal import LegalTextForm
from motcua.procedures.models import LegalPassage, LegalText, ProcedureVersion
from motcua.procedures.models.words import State
from motcua.procedures.operations import legal_texts as operations
from motcua.procedures.permissions import may_edit_catalogue, may_read_drafts
from motcua.procedures.queries import legal_texts, managing
from motcua.procedures.views import sheets
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import attempt

_PAGE = 40
_AROUND = 45  # words of an article before and after the first hit
_FIELDS = (
    "number",
    "name",
    "issuer",
    "signed_on",
    "in_force_from",
    "in_force_to",
    "replaced_by",
    "url",
    "body",
)


@require_GET
def text_list(request: HttpRequest) -> HttpResponse:
    """Find a text by number or name, and articles by their words; administrators also see what is missing or ended."""
    today, words = timezone.localdate(), request.GET.get("q", "").strip()[:200]
    edits = may_edit_catalogue(actor_of(request))
    rows = legal_texts.texts(words, after=request.GET.get("after", ""), limit=_PAGE + 1)
    older = "?" + urlencode({"q": words, "after": rows[_PAGE - 1].key}) if len(rows) > _PAGE else ""
    context: dict[str, Any] = {
        "words": words,
        "rows": [(row, state(row, today)) for row in rows[:_PAGE]],
        "pager": Pager(older=older, by_time=False),
        "hits": _hits(legal_texts.passages(words), words),
        "edits": edits,
    }
    if edits and not words and not request.GET.get("after"):
        context["ended"] = legal_texts.resting_on_ended(today)
        context["missing"] = legal_texts.not_entered(today)
    return render(request, "procedures/legal_list.html", context)


@require_GET
def text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Show a text: what is known of it, its articles one at a time, articles that hold some words."""
    row, today = legal_texts.one(text_id), timezone.localdate()
    words = request.GET.get("q", "").strip()[:200]
    passages = list(row.passages.only("position", "heading"))
    wanted = request.GET.get("article", "")
    chosen = (
        row.passages.filter(position=int(wanted)).first()
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 7
        else None
    )
    context = {
        "text": row,
        "state": state(row, today),
        "after": legal_texts.by_number(row.replaced_by) if row.replaced_by else None,
        "words": words,
        "hits": _hits(legal_texts.passages(words, text_id=text_id), words),
        "passages": passages,
        "chosen": chosen,
        "shown": marked(chosen.body, words) if chosen else "",
        "edits": may_edit_catalogue(actor_of(request)),
        "crumbs": [Crumb(_("Văn bản pháp luật"), reverse("legal_list")), Crumb(row.number)],
    }
    return render(request, "procedures/legal_text.html", context)


@require_http_methods(["GET", "POST"])
def new_text(request: HttpRequest) -> HttpResponse:
    """Enter a text."""
    form = LegalTextForm(
        request.POST or None,
        initial={"number": request.GET.get("number", "")[:100], "name": request.GET.get("name", "")[:1000]},
    )
    made: list[LegalText] = []

    def act(data: dict[str, Any]) -> None:
        facts = operations.TextFacts(**form.facts(data))
        made.append(
            operations.enter(facts=facts, actor=actor_of(request), at=timezone.now(), key=data["key"])
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã nhập %(number)s.") % {"number": made[0].number})
        return redirect("legal_text", made[0].pk)
    return _form(request, form, _("Nhập văn bản"), reverse("legal_list"))


@require_http_methods(["GET", "POST"])
def edit_text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Change what is known of a text."""
    row = legal_texts.one(text_id, body=True)
    initial = {name: getattr(row, name) for name in _FIELDS} | {"edition": row.edition}
    form = LegalTextForm(request.POST or None, initial=initial)

    def act(data: dict[str, Any]) -> None:
        operations.correct(
            text_id=text_id, edition=data["edition"] or 0, facts=operations.TextFacts(**form.facts(data)),
            actor=actor_of(request), at=timezone.now(), key=data["key"],
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã sửa %(number)s.") % {"number": row.number})
        return redirect("legal_text", text_id)
    return _form(
        request, form, _("Sửa %(number)s") % {"number": row.number}, reverse("legal_text", args=[text_id])
    )


def _form(request: HttpRequest, form: LegalTextForm, title: str, back: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "button": _("Lưu"),
        "back": back,
        "crumbs": [Crumb(_("Văn bản pháp luật"), reverse("legal_list")), Crumb(title)],
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


@require_GET
def basis(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show what the version of a procedure rests on, and find articles in just those texts."""
    version, today = _version(request, version_id), timezone.localdate()
    rows = legal_texts.basis_of(version)
    words = request.GET.get("q", "").strip()[:200]
    keys = {row.text.key for row in rows if row.text}
    context = {
        "version": version,
        "procedure": version.procedure,
        "rows": [
            (row, state(row.text, today) if row.text else None, key_of(row.reference.number)) for row in rows
        ],
        "words": words,
        "searchable": bool(keys),
        "hits": _hits(legal_texts.passages(words, keys=keys), words),
        "edits": may_edit_catalogue(actor_of(request)),
        "crumbs": [
            Crumb(_("Văn bản pháp luật"), reverse("legal_list")),
            Crumb(version.procedure.code or version.name[:40]),
        ],
    }
    return render(request, "procedures/basis.html", context)


@require_GET
def guide(request: HttpRequest, version_id: int) -> HttpResponse:
    """Return the guidance sheet of a version for the officer's own office, to print and hand out."""
    version = _version(request, version_id)
    agency_id = actor_of(request).agency_id
    points = points_of(agency_id, timezone.localdate()) if agency_id else []
    made = sheets.guidance(version.procedure, version, points=points, at=timezone.now())
    return pdf(render_sheet(made), f"to-huong-dan-{version.procedure.code}.pdf")


def _version(request: HttpRequest, version_id: int) -> ProcedureVersion:
    """Return a version; a draft only to who may read drafts."""
    version = managing.version(version_id)
    if version.state == State.DRAFT and not may_read_drafts(actor_of(request)):
        raise NotFound(_("Không có phiên bản này."))
    return version


def state(row: LegalText, today: Any) -> tuple[str, str]:
    """Return how a text stands on a day, as (kind of badge, words)."""
    if row.in_force_to is not None and row.in_force_to <= today:
        return "late", _("Hết hiệu lực từ %(day)s") % {"day": f"{row.in_force_to:%d/%m/%Y}"}
    if row.in_force_from is not None and row.in_force_from > today:
        return "wait", _("Có hiệu lực từ %(day)s") % {"day": f"{row.in_force_from:%d/%m/%Y}"}
    if row.in_force_to is not None:
        return "wait", _("Còn hiệu lực đến trước %(day)s") % {"day": f"{row.in_force_to:%d/%m/%Y}"}
    return "good", _("Còn hiệu lực")


def marked(body: str, words: str) -> SafeString:
    """Return a text with the words that were looked for marked, with or without marks on the letters."""
    wanted = [word for word in fold(words).split() if word]
    pieces = []
    for piece in re.split(r"(\w+)", body):
        hit = any(fold(piece).startswith(word) for word in wanted) if wanted and piece.strip() else False
        pieces.append(f"<mark>{escape(piece)}</mark>" if hit else escape(piece))
    return mark_safe("".join(pieces))  # noqa: S308 -- every piece is escaped


def snippet(body: str, words: str) -> SafeString:
    """Return the neighbourhood of the first hit, marked."""
    wanted = [word for word in fold(words).split() if word]
    pieces = re.split(r"(\s+)", body)
    first = next(
        (
            at
            for at, piece in enumerate(pieces)
            if any(fold(piece).strip("“”\"'().,;:").startswith(word) for word in wanted)
        ),
        0,
    )
    start, end = max(0, first - _AROUND), first + 2 * _AROUND
    text = "".join(pieces[start:end]).strip()
    return marked(("… " if start else "") + text + (" …" if end < len(pieces) else ""), words)


def _hits(found: list[LegalPassage], words: str) -> list[tuple[LegalPassage, SafeString, str]]:
    """Return articles with the neighbourhood of the first hit and the address that opens them."""
    return [(one, snippet(one.body, words), _address(one, words)) for one in found]


def _address(one: LegalPassage, words: str) -> str:
    asked = urlencode({"article": one.position, "q": words})
    return f"{reverse('legal_text', args=[one.text_id])}?{asked}#article"
