"""An announcer who hums: each word is a tone of its own, so that a test hears which words were said, in which order."""

import io
import math
import wave
from array import array
from uuid import uuid4

from motcua.counters.models import Device, Hall, Voice
from motcua.counters.operations import devices, voices
from motcua.counters.tests.hall_world import MORNING
from motcua.counters.voice import queries, sound
from motcua.lib.actor import SYSTEM, Actor

LENGTH = 0.3


def tone(pitch: float, *, seconds: float = LENGTH, level: float = 0.3, around: float = 0.15) -> "array[int]":
    """Return a tone with silence around it."""
    count = round(seconds * sound.RATE)
    made = (
        round(level * sound.FULL * math.sin(math.tau * pitch * place / sound.RATE)) for place in range(count)
    )
    return sound.join([sound.silence(around), array("h", made), sound.silence(around)])


def pitch_of(place: int) -> float:
    """Return the pitch of the word at this place of the list."""
    return 300.0 + 45 * place


def read_all(hall: Hall, voice: Voice, *, actor: Actor = SYSTEM) -> list[str]:
    """Record every word that calls need; return them in the order of their pitches."""
    names = queries.needed(voice.agency_id)
    for place, word in enumerate(names):
        keep(hall, voice, word, sound.wav(tone(pitch_of(place))), actor=actor)
    return names


def keep(hall: Hall, voice: Voice, word: str, audio: bytes, *, actor: Actor = SYSTEM) -> None:
    voices.keep_clip(
        hall_id=hall.pk, voice_id=voice.pk, word=word, audio=audio, actor=actor, at=MORNING, key=uuid4().hex
    )


def decoded(content: bytes) -> "array[int]":
    """Return the samples of a WAV as the standard library's reader finds them."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, sound.RATE)
        made = array("h", file.readframes(file.getnframes()))
        assert len(made) == file.getnframes()
    return made


def heard(made: "array[int]", names: list[str]) -> list[str]:
    """Return the words of a hum: of each stretch of sound the pitch that is strongest in it."""
    frame = sound.RATE // 50
    loud = [sound.loudness(made[at : at + frame]) > 600 for at in range(0, len(made), frame)]
    stretches, since = [], None
    for place, on in enumerate([*loud, False]):
        if on and since is None:
            since = place
        elif not on and since is not None:
            stretches.append((since * frame, place * frame))
            since = None
    return [_strongest(made[first:last], names) for first, last in stretches if last - first > 3 * frame]


def _strongest(part: "array[int]", names: list[str]) -> str:
    powers = [_power(part[: sound.RATE // 4], pitch_of(place)) for place in range(len(names))]
    return names[powers.index(max(powers))]


def _power(part: "array[int]", pitch: float) -> float:
    """Return the power at one pitch (Goertzel)."""
    turn = 2 * math.cos(math.tau * pitch / sound.RATE)
    last = before = 0.0
    for value in part:
        last, before = value + turn * last - before, last
    return last * last + before * before - turn * last * before


def paired(hall: Hall, token: str, kind: str = "hall") -> Device:
    """Pair a device that holds this token."""
    code = devices.ask(token, MORNING)
    return devices.pair(
        hall_id=hall.pk, kind=kind, name="Bảng sảnh", code=code, actor=SYSTEM, at=MORNING, key=""
    )
