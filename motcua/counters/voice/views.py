"""The voice of a hall: sounds for its devices, its settings, and the page where an office records its announcer."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from motcua.base.files.uploads import uploaded
from motcua.counters import permissions
from motcua.counters.machines import device_of_request
from motcua.counters.models import Clip, Hall, Voice
from motcua.counters.operations import voices
from motcua.counters.permissions import agency_of
from motcua.counters.voice import announcing, answers, guidance, queries, speaker, words
from motcua.counters.voice.forms import SettingsForm, VoiceForm
from motcua.counters.voice.queries import Recorded
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt

_SAMPLE_LABEL, _SAMPLE_COUNTER = "A105", "3"
_WHEN_READ = {
    words.TEN: gettext_lazy("số 10, đọc như trong “mười lăm”"),
    words.TENS: gettext_lazy("như trong “hai mươi”"),
    words.ONE_AFTER: gettext_lazy("như trong “hai mươi mốt”"),
    words.FOUR_AFTER: gettext_lazy("như trong “hai mươi tư”"),
    words.FIVE_AFTER: gettext_lazy("như trong “mười lăm”"),
    words.ODD: gettext_lazy("như trong “một trăm linh năm”, “một trăm lẻ năm”"),
}


# ── For devices


@require_GET
def call_sound(request: HttpRequest, hall: int, call: int) -> HttpResponse:
    """Answer the sound of a call of the last hour to a paired device of its hall; nothing while the hall is silent."""
    device, now = device_of_request(request), timezone.now()
    if device is None or device.hall_id != hall or not queries.aloud(device.hall, now):
        return HttpResponseNotFound()
    found = queries.called(hall, call, at=now)
    if found is None:
        return HttpResponseNotFound()
    content, _how = announcing.call(device.hall, *found)
    return answers.wav(content, keep=answers.CALL_SECONDS)


@require_GET
def guide_sound(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a sentence of the kiosk to a paired device, in the language of the page or of `?lang=`."""
    device = device_of_request(request)
    language = request.GET.get("lang") or request.LANGUAGE_CODE
    if device is None or name not in guidance.SENTENCES or language not in guidance.LANGUAGES:
        return HttpResponseNotFound()
    content = announcing.guide(device.hall, name, language)
    return HttpResponseNotFound() if content is None else answers.wav(content, keep=answers.GUIDE_SECONDS)


# ── Settings


def hall_voice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change how a hall calls; the voices of its agency stand beside."""
    hall = _mine(request, pk)
    own = queries.voices(agency_of(hall))
    counts = {voice.pk: _count(voice) for voice in own.values()}
    chosen = queries.choice(hall).voice
    whole = [voice for voice in own.values() if voice == chosen or counts[voice.pk][0] == counts[voice.pk][1]]
    form = SettingsForm(request.POST or None, hall=hall, voices=whole)

    def act(data: dict[str, Any]) -> None:
        voices.set_voice(hall_id=hall.pk, actor=_actor(request), at=timezone.now(), **data)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã lưu. Áp dụng từ lượt gọi tới."))
        return redirect("hall-voice", hall.pk)
    context = _page(
        hall, form, VoiceForm(auto_id="new_%s"), [(voice, *counts[voice.pk]) for voice in own.values()]
    )
    if chosen is not None:
        done, total = counts[chosen.pk]
        context |= {"chosen": chosen, "left": total - done}
    return render(request, "counters/voice.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def voice_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a voice, and go on to its recording."""
    hall = _mine(request, pk)
    form, made = VoiceForm(request.POST), []

    def act(data: dict[str, Any]) -> None:
        made.append(voices.open_voice(hall_id=hall.pk, actor=_actor(request), at=timezone.now(), **data))

    if attempt(form, act):
        return redirect("hall-voice-record", hall.pk, made[0].pk)
    for faults in form.errors.values():
        messages.error(request, " ".join(str(one) for one in faults))
    return redirect("hall-voice", hall.pk)


@require_GET
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an officer hear a call, in the hall's voice or in the one that stands in the form."""
    hall = _mine(request, pk)
    label = "".join(request.GET.get("label", _SAMPLE_LABEL).upper().split())
    counter = request.GET.get("counter", _SAMPLE_COUNTER).strip()
    hall.voice_accent = request.GET.get("accent", hall.voice_accent)  # to hear, not to keep
    try:
        content, how = announcing.call(
            hall,
            label,
            int(counter) if counter.isascii() and counter.isdecimal() and len(counter) < 4 else -1,
        )
    except ValueError:
        raise NotFound(_("Ghi số như A105 và số quầy như 3.")) from None
    response = answers.wav(content, keep=answers.SAMPLE_SECONDS)
    response.headers["X-Voice"] = how
    return response


# ── Recording


def record(request: HttpRequest, pk: int, voice_id: int) -> HttpResponse:
    """Show what is to be read; a POST brings one recording from the page's script, or asks for the one
    before (`older`), and is answered with JSON.
    """
    hall = _mine(request, pk)
    voice = queries.one_voice(voice_id, hall)
    if request.method == "POST":
        return _keep(request, hall, voice)
    groups = _groups(hall, voice)
    done, total = _count(voice)
    context = {
        "hall": hall, "voice": voice, "groups": groups, "done": done, "total": total, "key_form": KeyedForm(),
        "crumbs": [_crumb(hall), Crumb(voice.name)],
    }  # fmt: skip
    response = render(request, "counters/voice_record.html", context)
    response.headers["Permissions-Policy"] = "geolocation=(), microphone=(self), payment=(), usb=()"
    return response


def _keep(request: HttpRequest, hall: Hall, voice: Voice) -> HttpResponse:
    word = request.POST.get("word", "")
    about: dict[str, Any] = {
        "hall_id": hall.pk, "voice_id": voice.pk, "word": word, "actor": _actor(request), "at": timezone.now(),
        "key": request.POST.get("key", "")[:64],
    }  # fmt: skip
    try:
        clip = voices.restore_clip(**about) if "older" in request.POST else _recorded(request, about)
    except Refusal as refused:
        return JsonResponse({"message": refused.message, "code": refused.code}, status=422)
    done, total = _count(voice)
    (row,) = queries.recorded(voice, [word])
    return JsonResponse(
        {
            "length": _length(clip.milliseconds),
            "sound": f"{reverse('hall-voice-clip', args=[hall.pk, voice.pk, word])}?{clip.pk}",
            "before": row.before,
            "done": done,
            "total": total,
        }
    )


def _recorded(request: HttpRequest, about: dict[str, Any]) -> Clip:
    file = uploaded(request, "file")
    if (file.size or 0) > voices.MOST_BYTES:
        raise Refusal(_("Tệp âm thanh quá lớn. Ghi lại ngắn hơn."), code="sound_long", field="file")
    return voices.keep_clip(audio=file.read(voices.MOST_BYTES), **about)


@require_GET
def clip(request: HttpRequest, pk: int, voice_id: int, word: str) -> HttpResponse:
    """Let an officer hear one recording."""
    hall = _mine(request, pk)
    return answers.wav(queries.clip(queries.one_voice(voice_id, hall), word), keep=answers.SAMPLE_SECONDS)


@require_POST
def voice_end(request: HttpRequest, pk: int, voice_id: int) -> HttpResponse:
    """Use a voice no more; its recordings are erased."""
    hall = _mine(request, pk)
    key = request.POST.get("key", "")[:64]
    voice = voices.end_voice(
        hall_id=hall.pk, voice_id=voice_id, actor=_actor(request), at=timezone.now(), key=key
    )
    messages.success(request, _("Đã xóa các bản ghi của giọng %(name)s.") % {"name": voice.name})
    return redirect("hall-voice", hall.pk)


# ── Helpers


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def _mine(request: HttpRequest, pk: int) -> Hall:
    hall = queries.hall_of(pk)
    permissions.require("set_up", _actor(request), hall)
    return hall


def _crumb(hall: Hall) -> Crumb:
    return Crumb(_("Loa gọi số: %(hall)s") % {"hall": hall.point.name}, reverse("hall-voice", args=[hall.pk]))


def _count(voice: Voice) -> tuple[int, int]:
    rows = queries.recorded(voice, queries.needed(voice.agency_id))
    return sum(1 for one in rows if one.clip_id is not None), len(rows)


def _page(hall: Hall, form: SettingsForm, voice_form: VoiceForm, own: list[Any]) -> dict[str, Any]:
    return {
        "hall": hall, "form": form, "voice_form": voice_form, "own": own, "label": _SAMPLE_LABEL,
        "counter": _SAMPLE_COUNTER, "machine": speaker.program() is not None, "machine_off": settings.ESPEAK == "off",
        "needed": len(queries.needed(agency_of(hall))), "crumbs": [Crumb(_("Loa gọi số"))],
    }  # fmt: skip


def _groups(hall: Hall, voice: Voice) -> list[dict[str, Any]]:
    """Return the words of calls, then the kiosk's sentences, as the page lists them."""
    listed = [(_("Từ để gọi số"), queries.needed(voice.agency_id), True)]
    titles = {
        guidance.VIETNAMESE: _("Câu của máy lấy số, tiếng Việt"),
        guidance.ENGLISH: _("Câu của máy lấy số, tiếng Anh"),
    }
    listed += [(titles[one], guidance.all_words(one), False) for one in guidance.LANGUAGES]
    groups = []
    for title, names, must in listed:
        rows = queries.recorded(voice, names)
        done = sum(1 for one in rows if one.clip_id is not None)
        groups.append(
            {
                "title": title,
                "must": must,
                "done": done,
                "total": len(rows),
                "rows": [_row(hall, voice, one) for one in rows],
            }
        )
    return groups


def _row(hall: Hall, voice: Voice, one: Recorded) -> dict[str, Any]:
    found = guidance.sentence(one.word)
    text, language = found or (words.spoken(one.word, voice.accent), guidance.VIETNAMESE)
    address = reverse("hall-voice-clip", args=[hall.pk, voice.pk, one.word])
    return {
        "word": one.word,
        "text": text,
        "language": language,
        "hint": _hint(one.word),
        "sound": f"{address}?{one.clip_id}" if one.clip_id else "",
        "length": _length(one.milliseconds),
        "before": one.before,
        "long": found is not None,
    }


def _hint(word: str) -> str:
    if word.startswith("chu-"):
        return pgettext("a letter of a ticket", "chữ %(letter)s") % {"letter": word[4:].upper()}
    return str(_WHEN_READ.get(word, ""))


def _length(milliseconds: int) -> str:
    return _("%(seconds)s giây") % {"seconds": f"{milliseconds / 1000:.1f}".replace(".", ",")}
