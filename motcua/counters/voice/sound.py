"""Sound as numbers: 16-bit samples, one channel, 22,050 a second (what espeak-ng speaks). Pure, standard library.

A stranger's file is never decoded: the page that records sends exactly this form, everything else is refused.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache

RATE = 22_050  # samples a second
FULL = 32_767
MEDIA_TYPE = "audio/wav"

_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FRAME = RATE // 100  # 10 ms
_EDGE = 3 * _FRAME  # kept before and after what is spoken
_FADE = RATE // 200
_LOUD = 0.16 * FULL  # root mean square that speech is brought to
_PEAK = 0.89 * FULL  # 1 dB below full scale
_MOST_GAIN = 30.0  # more would bring up the hum of the room
_CLIPPED = 0.01  # share of samples at full scale from which words crackle
_FAINT = 0.008 * FULL


class NoSound(ValueError):
    """The bytes hold no sound that can be used; the argument is one word: form, silent, short, long, crackles."""


def samples(values: Iterable[int] = ()) -> "array[int]":
    """Return an array of samples."""
    return array("h", values)


def silence(seconds: float) -> "array[int]":
    """Return nothing to hear."""
    return array("h", bytes(2 * round(seconds * RATE)))


def seconds(sound: "array[int]") -> float:
    """Return how long a sound lasts."""
    return len(sound) / RATE


def wav(sound: "array[int]") -> bytes:
    """Return a WAV file of a sound."""
    data = _little(sound)
    head = _HEAD.pack(
        b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", len(data)
    )
    return head + data


def read(content: bytes, *, most: float) -> "array[int]":
    """Return the samples of a WAV file in our own form, of at most `most` seconds. Raises `NoSound`."""
    if len(content) < _HEAD.size:
        raise NoSound("form")
    riff, _size, kind, fmt, length, code, channels, rate, _bytes, block, bits, mark, size = _HEAD.unpack_from(
        content
    )
    ours = (riff, kind, fmt, length, code, channels, rate, block, bits, mark) == (
        b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, RATE, 2, 16, b"data",
    )  # fmt: skip
    if not ours or size != len(content) - _HEAD.size or size % 2:
        raise NoSound("form")
    if size > 2 * most * RATE:
        raise NoSound("long")
    return _big(content[_HEAD.size :])


def spoken(content: bytes) -> "array[int]":
    """Return the samples of what espeak-ng wrote to a pipe: its head does not know how long it became."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE" or content[36:40] != b"data":
        raise NoSound("form")
    if struct.unpack_from("<HHI", content, 20) != (1, 1, RATE):
        raise NoSound("form")
    rest = content[44:]
    return _big(rest[: len(rest) - len(rest) % 2])


def cleaned(sound: "array[int]", *, least: float = 0.08) -> "array[int]":
    """Return speech without the silence around it, as loud as all other speech, with soft ends.

    Raises `NoSound` for silence, for less than `least` seconds of speech, and where the microphone was too near.
    """
    peak = _peak(sound)
    if peak < _FAINT:
        raise NoSound("silent")
    if peak >= FULL - 8 and sum(abs(value) >= FULL - 8 for value in sound) > _CLIPPED * len(sound):
        raise NoSound("crackles")
    first, last = _speech(sound, peak)
    kept = sound[max(0, first - _EDGE) : last + _EDGE]
    if last - first < least * RATE:
        raise NoSound("short")
    return _soft(_louder(kept))


def join(parts: Sequence["array[int]"], pause: float = 0.0) -> "array[int]":
    """Return sounds one after the other with a pause in seconds between."""
    made, gap = samples(), silence(pause)
    for place, part in enumerate(parts):
        if place and pause:
            made += gap
        made += part
    return made


@lru_cache(maxsize=1)
def _two_notes() -> bytes:
    """Two soft notes, a third apart and falling: E5 and C5, each dying away within a second."""
    length = round(1.25 * RATE)
    made = [0.0] * length
    for begins, pitch in ((0.0, 659.26), (0.38, 523.25)):
        start = round(begins * RATE)
        for place in range(start, length):
            time = (place - start) / RATE
            rise = min(1.0, time / 0.012)
            tone = math.sin(math.tau * pitch * time) + 0.22 * math.sin(math.tau * 2 * pitch * time)
            made[place] += rise * math.exp(-4.2 * time) * tone
    top = max(map(abs, made))
    return array("h", (round(0.5 * FULL * value / top) for value in made)).tobytes()


def chime() -> "array[int]":
    """Return the two notes before a call."""
    return _soft(array("h", _two_notes()))


def loudness(sound: "array[int]") -> float:
    """Return the root mean square of a sound, 0 to 32,767."""
    return math.sqrt(sum(value * value for value in sound) / len(sound)) if sound else 0.0


def _peak(sound: "array[int]") -> int:
    return max(max(sound), -min(sound)) if sound else 0


def _speech(sound: "array[int]", peak: int) -> tuple[int, int]:
    """Return where speech begins and ends: frames well above both the quietest tenth and a fiftieth of the peak."""
    frames = [loudness(sound[at : at + _FRAME]) for at in range(0, len(sound), _FRAME)]
    hum = sorted(frames)[len(frames) // 10]
    bound = max(peak * 0.02, min(hum * 3, peak * 0.15))
    heard = [place for place, level in enumerate(frames) if level > bound]
    if not heard:
        return 0, 0
    return heard[0] * _FRAME, min(len(sound), (heard[-1] + 1) * _FRAME)


def _louder(sound: "array[int]") -> "array[int]":
    gain = min(_LOUD / max(loudness(sound), 1.0), _PEAK / max(_peak(sound), 1), _MOST_GAIN)
    return array("h", [round(value * gain) for value in sound])


def _soft(sound: "array[int]") -> "array[int]":
    """Let both ends begin and end at nothing: no click between two words."""
    fade = min(_FADE, len(sound) // 2)
    for place in range(fade):
        sound[place] = sound[place] * place // fade
        sound[-1 - place] = sound[-1 - place] * place // fade
    return sound


def _little(sound: "array[int]") -> bytes:
    if sys.byteorder == "big":
        sound = array("h", sound)
        sound.byteswap()
    return sound.tobytes()


def _big(data: bytes) -> "array[int]":
    made = array("h", data)
    if sys.byteorder == "big":
        made.byteswap()
    return made
