"""The rating page of a ticket, and the ratings for who answers for the service."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from motcua.dossiers import slips
from motcua.feedback import queries
from motcua.feedback.forms.ratings import PeriodForm, RatingForm
from motcua.feedback.models import Reason, Score, Source
from motcua.feedback.operations.ratings import rate
from motcua.feedback.permissions import QUESTION_KEEPERS
from motcua.feedback.views.public import holder_of, slip_of
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.components import Pager
from motcua.ui.keyed import attempt
from motcua.ui.visitors import address_of

_PAGE = 50
_WITH_A_RESULT = (9, 10)  # there is a result, or it was returned


def of_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how the visit of a ticket was; thank for the answer."""
    try:
        visit = queries.visit_of_ticket(token, timezone.now())
    except NotFound:
        raise
    except Refusal as refused:
        return render(request, "feedback/not_now.html", {"reason": refused.message})
    return _asked(request, visit, {})


# Whoever holds the slip may rate. The page of a dossier carries no cookie, so what comes from there has no CSRF token.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def of_dossier(request: HttpRequest) -> HttpResponse:
    """Ask for the slip (its token stands behind the "#" of a link), then how the dossier was handled."""
    if request.method != "POST":
        return render(request, "feedback/which_dossier.html")
    found = holder_of(request)
    if isinstance(found, HttpResponse):
        return found
    if found.status not in _WITH_A_RESULT:
        reason = _("Hồ sơ này chưa có kết quả. Anh/chị đánh giá sau khi có kết quả.")
        return render(request, "feedback/not_now.html", {"reason": reason})
    slip = slip_of(request)
    return _asked(request, queries.visit_of_dossier(found), {"slip": slips.sealed(slip) if slip else ""})


def _asked(request: HttpRequest, visit: queries.Visit, held: dict[str, str]) -> HttpResponse:
    """Show the form, the thanks, or what is wrong; `held` is what proves the slip, sent along with the form."""
    now = timezone.now()
    rated, again = queries.rated_on(visit), "sua" in request.GET or "sua" in request.POST
    change, sent = queries.may_change(rated, now), request.method == "POST" and "key" in request.POST
    shown = {"visit": visit, "held": {name: text for name, text in held.items() if text}, "again": again}
    if rated is not None and not sent and not (again and change):
        return render(request, "feedback/thanks.html", {**shown, "before": True, "change": change})
    asked = queries.question_set_for(visit, "web", timezone.localdate(now))
    form = RatingForm(request.POST if sent else None, asked=asked)

    def act(values: dict[str, Any]) -> None:
        rate(
            visit=visit, score=values["score"], reasons=values["reasons"], words=values["words"], channel="web",
            again=again, question_set=asked, answers=form.answers, device=address_of(request), actor=PUBLIC, at=now,
            key=values["key"],
        )  # fmt: skip

    if not sent:
        return render(request, "feedback/rate.html", {**shown, "form": form})
    if attempt(form, act):
        return render(request, "feedback/thanks.html", {**shown, "change": True})
    return render(request, "feedback/rate.html", {**shown, "form": form}, status=422)


def ratings(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period by service, counter and hall, each with the list behind it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = PeriodForm(request.GET)
    today = timezone.localdate()
    fine = form.is_valid()
    period = form.cleaned_data if fine else {"since": today - timedelta(days=29), "until": today}
    wanted = queries.Wanted(
        period["since"], period["until"], hall=_number(request, "hall"), service=_number(request, "service"),
        counter=_number(request, "counter"), score=_number(request, "score"),
        source=request.GET.get("source") if request.GET.get("source") in Source.values else None,
        about=request.GET.get("about", "")[:300] or None,
        reason=request.GET.get("reason") if request.GET.get("reason") in Reason.values else None,
        flagged=request.GET.get("flagged") == "1",
    )  # fmt: skip
    apart = queries.ratings(actor, replace(wanted, flagged=True)).count() if not wanted.flagged else 0
    rows = queries.ratings(actor, wanted)
    listed, more = queries.page(rows, after=request.GET.get("after", ""), size=_PAGE)
    here = _here(wanted)
    reasons = queries.reasons(rows, Reason.values)
    context = {
        "form": form,
        "wanted": wanted,
        "totals": _shares(queries.totals(rows)),
        "scores": [
            (Score(score).label, count, f"?{urlencode({**here, 'score': score})}")
            for score, count in queries.scores(rows).items()
        ],
        "reasons": [
            (Reason(code).label, count, f"?{urlencode({**here, 'reason': code})}#list")
            for code, count in sorted(reasons.items(), key=lambda one: -one[1])
            if count
        ],
        "tables": [
            (title, [(_name(row, names), _shares(row), _link(here, row, keys)) for row in found])
            for title, keys, names in _tables()
            if (found := queries.by(rows, *names))
        ],
        "rows": [(row, _reason_words(row.reasons)) for row in listed],
        "narrowed": len(here) > 2,
        "apart": apart,
        "apart_url": f"?{urlencode({**here, 'flagged': 1})}#list",
        "answers": queries.answers(rows),
        "keeps": actor.has(*QUESTION_KEEPERS),
        "all_url": f"?{urlencode({'since': here['since'], 'until': here['until']})}",
        "pager": Pager(
            newer=f"?{urlencode(here)}" if request.GET.get("after") else "",
            older=f"?{urlencode({**here, 'after': more})}" if more else "",
        ),
    }
    return render(request, "feedback/ratings.html", context, status=200 if fine else 422)


def _tables() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return title, filters and fields of each table of figures. Rows are told apart by their filters alone."""
    return [
        (_("Theo nhóm việc"), ("service", "about"), ("service", "about")),
        (_("Theo quầy"), ("counter", "hall"), ("counter", "hall", "counter__number", "hall__point__name")),
        (_("Theo sảnh"), ("hall",), ("hall", "hall__point__name")),
    ]


def _name(row: dict[str, Any], names: tuple[str, ...]) -> str:
    if names[0] == "service":
        return str(row["about"])
    hall = row["hall__point__name"] or _("Hồ sơ, không ghi sảnh")
    if names[0] == "hall":
        return str(hall)
    number = (
        _("Quầy %(number)s") % {"number": row["counter__number"]} if row["counter"] else _("Không qua quầy")
    )
    return f"{number}, {hall}" if row["hall"] else number


def _link(here: dict[str, Any], row: dict[str, Any], keys: tuple[str, ...]) -> str:
    """Return the address of the list behind a figure: exactly its ratings, also those that came by no counter."""
    return f"?{urlencode({**here, **{key: row[key] or 0 for key in keys}})}#list"


def _shares(row: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a row; shares and mean only where there are enough ratings to say something."""
    count = row["count"]
    enough = count >= queries.ENOUGH
    return {
        "count": count,
        "enough": enough,
        "mean": row["mean"],
        "happy": round(100 * row["happy"] / count) if enough else None,
        "unhappy": round(100 * row["unhappy"] / count) if enough else None,
    }


def _here(wanted: queries.Wanted) -> dict[str, Any]:
    kept = {"hall": wanted.hall, "service": wanted.service, "counter": wanted.counter, "score": wanted.score,
            "source": wanted.source, "about": wanted.about, "reason": wanted.reason}  # fmt: skip
    return {
        "since": f"{wanted.since:%d/%m/%Y}",
        "until": f"{wanted.until:%d/%m/%Y}",
        **{name: value for name, value in kept.items() if value is not None},
        **({"flagged": 1} if wanted.flagged else {}),
    }


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _reason_words(codes: list[str]) -> str:
    return "; ".join(str(Reason(code).label) for code in codes if code in Reason.values)
