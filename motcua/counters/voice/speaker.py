"""Speech by espeak-ng, a program of its own (GPL, so it is called and never linked); without it nothing breaks.

What it is given are sentences of the product, never what somebody typed.
"""

import logging
import os
import shutil
import subprocess
from array import array

from django.conf import settings

from motcua.counters.voice import sound

WALL_SECONDS = 3  # a sentence takes 15 to 50 ms
WORDS_A_MINUTE = 135
_MOST = 30 * 2 * sound.RATE  # bytes: half a minute of speech

_log = logging.getLogger(__name__)


class NotSpoken(Exception):
    """There is no espeak-ng, or it gave no sound: too slow, or it fell over."""


def program() -> str | None:
    """Return the espeak-ng of this machine; None where there is none, or it is switched off."""
    return None if settings.ESPEAK == "off" else shutil.which(settings.ESPEAK)


def say(text: str, voice: str) -> "array[int]":
    """Return the sound of a sentence in a voice of espeak-ng ("vi", "en"), cleaned. Raises `NotSpoken`."""
    found = program()
    if found is None:
        raise NotSpoken("not installed")
    command = [found, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=WALL_SECONDS, env=_environment(), cwd="/",
            check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise NotSpoken(f"ended with {done.returncode}")
        return sound.cleaned(sound.spoken(done.stdout[:_MOST]))
    except (subprocess.TimeoutExpired, OSError, sound.NoSound) as error:
        _log.warning("espeak-ng gave no sound: %s", type(error).__name__)
        raise NotSpoken(type(error).__name__) from None


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin"), "LANG": "C.UTF-8"}
