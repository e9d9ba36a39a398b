"""The sound of a call: a chime, then twice what is said, from recordings, else by the machine, else the chime alone."""

from array import array

from motcua.counters.models import Hall, Voice
from motcua.counters.voice import guidance, kept, queries, sound, speaker, words
from motcua.counters.voice.words import Said

_BETWEEN_WORDS = 0.05
_BREATH = 0.24  # before "đến quầy số"
_AFTER_CHIME = 0.15
_AGAIN = 0.8
TIMES = 2

RECORDED, MACHINE, CHIME = "recorded", "machine", "chime"


def call(hall: Hall, label: str, counter: int) -> tuple[bytes, str]:
    """Return the WAV of a call, and by what it is said: recorded, machine or chime."""
    said, how = spoken(queries.choice(hall), words.call(label, counter))
    if said is None:
        return sound.wav(sound.chime()), how
    repeated = sound.join([said] * TIMES, _AGAIN)
    return sound.wav(sound.join([sound.chime(), repeated], _AFTER_CHIME)), how


def spoken(choice: queries.Choice, said: Said) -> tuple["array[int] | None", str]:
    """Return what is said, once, and by what; None where nothing can speak.

    Recordings are used only where every word is there: half a sentence in another voice is not understood.
    """
    if choice.voice is not None:
        from_clips = _from_clips(choice.voice, said)
        if from_clips is not None:
            return from_clips, RECORDED
    try:
        return _machine(said.text(choice.accent), choice.accent), MACHINE
    except speaker.NotSpoken:
        return None, CHIME


def guide(hall: Hall, name: str, language: str) -> bytes | None:
    """Return the WAV of a sentence of a kiosk, None where nothing can speak. KeyError for a name that is none."""
    text, choice = guidance.text(name, language), queries.choice(hall)
    if choice.voice is not None:
        word = guidance.word(name, language)
        found = queries.sounds(choice.voice, {word}).get(word)
        if found is not None:
            return found
    try:
        return sound.wav(_machine(text, choice.accent if language == guidance.VIETNAMESE else language))
    except speaker.NotSpoken:
        return None


def _machine(text: str, voice: str) -> "array[int]":
    if speaker.program() is None:  # what it said before it was taken away is not kept alive
        raise speaker.NotSpoken("not installed")
    return kept.made_once(0, [voice, text], lambda: speaker.say(text, voice))


def _from_clips(voice: Voice, said: Said) -> "array[int] | None":
    clips = queries.sounds(voice, set(said.words))
    if set(said.words) - set(clips):
        return None

    def make() -> "array[int]":
        parts = [
            sound.join([sound.read(clips[word], most=kept.MOST_SECONDS) for word in part], _BETWEEN_WORDS)
            for part in (said.who, said.where)
        ]
        return sound.join(parts, _BREATH)

    return kept.made_once(voice.pk, [queries.edition(voice), *said.words], make)
