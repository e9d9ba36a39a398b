"""Reads of voices, of their recordings, and of what a hall says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.counters.models import Call, Clip, Hall, Service, Voice
from motcua.counters.permissions import agency_of
from motcua.counters.voice import guidance, words
from motcua.lib.refusal import NotFound

OWN = "own-"  # before the number of a voice, in `Hall.voice_accent`
CALLED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a hall speaks with: the accent of its numbers, and the recorded voice, if one was chosen."""

    accent: str
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is there of a word."""

    word: str
    clip_id: int | None
    milliseconds: int
    before: int  # recordings it replaced


def aloud(hall: Hall, at: datetime) -> bool:
    """Tell whether calls of a hall are spoken at a moment: switched on, audible, and outside its quiet hours."""
    if not hall.voice_on or not hall.voice_volume:
        return False
    if hall.quiet_from is None or hall.quiet_to is None:
        return True
    time = timezone.localtime(at).time()
    if hall.quiet_from <= hall.quiet_to:
        return not hall.quiet_from <= time < hall.quiet_to
    return hall.quiet_to <= time < hall.quiet_from  # over midnight


def choice(hall: Hall) -> Choice:
    """Return what a hall speaks with; the northern machine where it names what is not there any more."""
    named = hall.voice_accent
    if named in words.ACCENTS:
        return Choice(named)
    if named.startswith(OWN) and named[len(OWN) :].isdecimal():
        voice = voices(agency_of(hall)).get(int(named[len(OWN) :]))
        if voice is not None:
            return Choice(voice.accent, voice)
    return Choice(words.NORTH)


def voices(agency_id: int) -> dict[int, Voice]:
    """Return the voices of an agency that are in use, by number."""
    return {voice.pk: voice for voice in Voice.objects.filter(agency_id=agency_id, ended_at=None)}


def one_voice(voice_id: int, hall: Hall) -> Voice:
    """Return a voice of the hall's agency."""
    voice = voices(agency_of(hall)).get(voice_id)
    if voice is None:
        raise NotFound(_("Không tìm thấy giọng đọc này."))
    return voice


def hall_of(hall_id: int) -> Hall:
    """Return a hall with its point and shop."""
    hall = Hall.objects.select_related("point__shop").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound(_("Không tìm thấy sảnh này."))
    return hall


def called(hall_id: int, number: int, *, at: datetime) -> tuple[str, int] | None:
    """Return the ticket's label and the counter's number of a call of the last hour."""
    return (
        Call.objects.filter(hall_id=hall_id, number=number, at__gte=at - CALLED_WITHIN)
        .values_list("ticket__label", "counter__number")
        .first()
    )


def needed(agency_id: int) -> list[str]:
    """Return the words that the halls of an agency need for their calls."""
    prefixes = Service.objects.filter(hall__point__shop__agency_id=agency_id, valid_to=None)
    return words.needed(set(prefixes.values_list("prefix", flat=True)))


def recorded(voice: Voice, names: list[str]) -> list[Recorded]:
    """Return what is there of each of these words, in their order."""
    rows = Clip.objects.filter(voice=voice, word__in=names).values_list(
        "pk", "word", "milliseconds", "replaced_at"
    )
    now: dict[str, tuple[int, int]] = {}
    old: dict[str, int] = {}
    for pk, word, milliseconds, replaced in rows:
        if replaced is None:
            now[word] = (pk, milliseconds)
        else:
            old[word] = old.get(word, 0) + 1
    found = []
    for word in names:
        clip_id, milliseconds = now.get(word, (None, 0))
        found.append(Recorded(word, clip_id, milliseconds, old.get(word, 0)))
    return found


def missing(voice: Voice) -> list[str]:
    """Return the words of calls that a voice has not read yet."""
    return [one.word for one in recorded(voice, needed(voice.agency_id)) if one.clip_id is None]


def sounds(voice: Voice, names: set[str]) -> dict[str, bytes]:
    """Return the recordings of these words, as far as there are any."""
    rows = Clip.objects.filter(voice=voice, word__in=names, replaced_at=None)
    return {word: bytes(audio) for word, audio in rows.values_list("word", "audio")}


def edition(voice: Voice) -> int:
    """Return a number that grows with every recording of a voice: what was made before is made again."""
    last: int | None = Clip.objects.filter(voice=voice).aggregate(last=Max("pk"))["last"]
    return last or 0


def clip(voice: Voice, word: str) -> bytes:
    """Return the recording of one word."""
    found = sounds(voice, {word}).get(word)
    if found is None:
        raise NotFound(_("Từ này chưa được ghi."))
    return found


def is_word(name: str) -> bool:
    """Tell whether something may be recorded under this name."""
    return words.known(name) or guidance.sentence(name) is not None
