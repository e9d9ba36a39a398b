"""The rating at a kiosk: faces and reasons first, then the questions of the set that holds today, one on each view.

What is touched is written at once, so whoever walks away has been heard. The views carry a sealed word that says which
rating they go on with; it is good for ten minutes, at this kiosk, and nothing of it stays there.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.counters.models import Device
from motcua.counters.operations.devices import actor_of
from motcua.feedback import queries as feedback
from motcua.feedback.models import QuestionSet, Reason, Scale, Score
from motcua.feedback.operations.ratings import rate
from motcua.feedback.queries import Visit
from motcua.feedback.questions import THREE
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.kiosk.machine import at_kiosk
from motcua.sites.kiosk.reading import Kind, read, ticket_number
from motcua.sites.kiosk.views import taking
from motcua.sites.kiosk.views.slip import dossier_of

CHANNEL = "kiosk"
_SALT = "motcua.kiosk.rating"
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Said:
    """A rating under way: what was answered so far, of which visit, at which kiosk."""

    device: int
    visit: dict[str, Any]
    asked: int
    score: int
    reasons: list[str]
    answers: dict[str, int] = field(default_factory=dict)

    def sealed(self) -> str:
        """Return it as the page carries it."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)


def faces(request: HttpRequest, visit: Visit, *, by_number: bool = False) -> HttpResponse:
    """Ask how it was; whoever said it before is thanked, and asked again only if they wish to change it.

    Anybody may have read a number on the wall: with it alone nothing is changed.
    """
    now = timezone.now()
    rated, again = feedback.rated_on(visit), request.POST.get("sua") == "1"
    change = feedback.may_change(rated, now) and not by_number
    if rated is not None and not (again and change):
        context = {"text": request.POST["text"], "secret": request.POST.get("secret", ""), "change": change}
        return render(request, "kiosk/rated.html", context)
    context = {
        "about": visit.about,
        "again": rated is not None,
        "text": request.POST["text"],
        "secret": request.POST.get("secret", ""),
        "scores": _steps(_asked(visit)),
        "reasons": Reason.choices,
    }
    return render(request, "kiosk/rate.html", context)


@require_POST
@at_kiosk
def give(request: HttpRequest, device: Device) -> HttpResponse:
    """Write the rating of the visit that was scanned; it is found anew, so the page need not be believed."""
    now, found = timezone.now(), read(request.POST.get("text", ""))
    label, again = ticket_number(request.POST.get("text", "")), request.POST.get("sua") == "1"
    if label:
        visit, again = feedback.visit_of_number(device.hall_id, label, now), False
    elif found.kind is Kind.TICKET:
        visit = feedback.visit_of_ticket(found.value, now)
    elif found.kind in {Kind.SLIP, Kind.DOSSIER}:
        visit = feedback.visit_of_dossier(dossier_of(request))
    else:
        raise NotFound(_("Không tìm thấy lượt này. Quét lại mã trên phiếu."))
    asked, score = _asked(visit), request.POST.get("score", "")
    if score not in {str(value) for value, _label in _steps(asked)}:
        raise Refusal(_("Chạm vào một trong các mức."), code="bad_score")
    said = Said(
        device.pk, asdict(visit), asked.pk if asked else 0, int(score),
        [one for one in request.POST.getlist("reasons") if one],
    )  # fmt: skip
    _write(request, device, said, asked, again=again)
    return _question(request, said, asked, 0)


@require_POST
@at_kiosk
def answer(request: HttpRequest, device: Device) -> HttpResponse:
    """Write one more answer, or none, and ask the next question; after the last one give thanks.

    `cau` is the question that was on the view, `tra-loi` its answer; `lui` asks the one before once more.
    """
    try:
        said = Said(**signing.loads(request.POST.get("phien", ""), salt=_SALT, max_age=_SECONDS))
    except (signing.BadSignature, TypeError):
        said = None
    if said is None or said.device != device.pk:
        raise Refusal(_("Đã quá lâu nên máy thôi hỏi. Đánh giá lúc nãy vẫn được ghi."), code="too_late")
    asked = feedback.one_set(said.asked)
    number = (
        int(request.POST["cau"])
        if request.POST.get("cau", "") in map(str, range(len(asked.questions)))
        else 0
    )
    if request.POST.get("lui") == "1":
        return _question(request, said, asked, max(0, number - 1))
    value = request.POST.get("tra-loi", "")
    if value:
        question = asked.questions[number]
        given = next((one for one, _label in feedback.options_of(question) if str(one) == value), None)
        if given is None:
            raise Refusal(_("Chạm vào một câu trả lời."), code="bad_answer")
        said = replace(said, answers={**said.answers, question["key"]: given})
        _write(request, device, said, asked, again=True)
    return _question(request, said, asked, number + 1)


def _asked(visit: Visit) -> QuestionSet | None:
    return feedback.question_set_for(visit, CHANNEL, timezone.localdate())


def _steps(asked: QuestionSet | None) -> list[tuple[int, Any]]:
    """Return the steps of the first question: five, or three that stand for 5, 4 and 2."""
    if asked is not None and asked.scale == Scale.THREE:
        return list(THREE)
    return [(one.value, one.label) for one in reversed(Score)]


def _write(
    request: HttpRequest, device: Device, said: Said, asked: QuestionSet | None, *, again: bool
) -> None:
    rate(
        visit=Visit(**said.visit), score=said.score, reasons=said.reasons, channel=CHANNEL, again=again,
        question_set=asked, answers=said.answers, device=f"kiosk|{device.pk}", actor=actor_of(device),
        at=timezone.now(), key=taking._key(request),
    )  # fmt: skip


def _question(request: HttpRequest, said: Said, asked: QuestionSet | None, number: int) -> HttpResponse:
    """Show a question of the set; the thanks where there is none."""
    if asked is None or number >= len(asked.questions):
        return render(request, "kiosk/thanks.html")
    question = asked.questions[number]
    context = {
        "question": question,
        "number": number,
        "of": len(asked.questions),
        "options": feedback.options_of(question),
        "faces": not question["options"],
        "before": said.answers.get(question["key"]),
        "session": said.sealed(),
    }
    return render(request, "kiosk/question.html", context)
