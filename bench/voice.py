"""How long a call waits for its sound: `.venv/bin/python -m bench.voice` (no database; espeak-ng where installed).

Prints wall time and processor time (children too) of making the WAV of a call: by the machine the first time, from
recordings the first time, and again from what was kept.
"""

import math
import os
import statistics
import tempfile
import time
from array import array
from collections.abc import Callable

from django.conf import settings

TIMES = 100


def tone(pitch: int) -> "array[int]":
    """Return a word of a made-up announcer."""
    return array("h", (round(9000 * math.sin(math.tau * pitch * at / 22_050)) for at in range(9_900)))


def told(name: str, make: Callable[[int], object]) -> None:
    """Run it and print its times."""
    walls = []
    before = os.times()
    for number in range(TIMES):
        begun = time.perf_counter()
        make(number)
        walls.append(1000 * (time.perf_counter() - begun))
    after = os.times()
    processor = sum(after[:4]) - sum(before[:4])
    walls.sort()
    print(
        f"{name}: median {statistics.median(walls):.1f} ms, p99 {walls[int(0.99 * TIMES)]:.1f} ms,"
        f" processor {1000 * processor / TIMES:.1f} ms a call"
    )


def main() -> None:
    """Make calls in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings.configure(ESPEAK=os.environ.get("MOTCUA_ESPEAK") or "espeak-ng", DATA=folder)
        from motcua.counters.voice import kept, sound, speaker, words

        clips = {word: tone(300 + 20 * place) for place, word in enumerate(words.needed({"A"}))}

        def whole(said: "array[int]") -> bytes:
            return sound.wav(sound.join([sound.chime(), sound.join([said] * 2, 0.8)], 0.15))

        def recorded(number: int) -> bytes:
            said = words.call(f"A{number + 100}", 3).words
            return whole(
                kept.made_once(1, list(said), lambda: sound.join([clips[word] for word in said], 0.05))
            )

        def machine(number: int) -> bytes:
            text = words.call(f"A{number + 100}", 3).text("vi")
            return whole(kept.made_once(0, [text], lambda: speaker.say(text, "vi")))

        sound.chime()
        if speaker.program() is not None:
            told("machine, first time", machine)
            told("machine, again", machine)
        told("recordings, first time", recorded)
        told("recordings, again", recorded)


if __name__ == "__main__":
    main()
