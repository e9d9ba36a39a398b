"""Sound as numbers, and espeak-ng as a process that may hang, fall over or not be there."""

import io
import os
import random
import stat
import threading
import time
import wave
from array import array
from pathlib import Path
from types import SimpleNamespace

import pytest

from motcua.counters.tests.voice_world import decoded, tone
from motcua.counters.voice import kept, sound, speaker
from tests.harness.programs import missing


def other(channels: int = 1, width: int = 2, rate: int = sound.RATE, frames: int = 4000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(os.urandom(channels * width * frames))
    return file.getvalue()


GOOD = sound.wav(tone(440))
NOT_OURS = {
    "empty": b"", "text": b"M\xe1\xbb\x9di s\xe1\xbb\x91" * 20, "mp3": b"ID3\x04" + os.urandom(500), "page": b"<!doctype html>" * 9,
    "head only": GOOD[:44][:40], "two channels": other(channels=2), "8 bit": other(width=1), "24 bit": other(width=3),
    "44,100": other(rate=44_100), "cut": GOOD[:-100], "more behind": GOOD + b"PK\x05\x06" * 9, "odd": GOOD[:-1],
    "endless head": GOOD[:40] + b"\xff\xff\xff\x7f" + GOOD[44:], "not PCM": GOOD[:20] + b"\x03\x00" + GOOD[22:],
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_OURS)
def test_only_our_own_form_is_read(name: str) -> None:
    with pytest.raises(sound.NoSound, match="form"):
        sound.read(NOT_OURS[name], most=4)


def test_what_we_write_others_read_and_we_too() -> None:
    assert decoded(GOOD) == sound.read(GOOD, most=4) == tone(440)
    with pytest.raises(sound.NoSound, match="long"):
        sound.read(GOOD, most=0.5)


def test_speech_is_cut_out_and_made_as_loud_as_all_other() -> None:
    soft, loud = sound.cleaned(tone(440, level=0.02)), sound.cleaned(tone(440, level=0.9))
    for made in (soft, loud):
        assert 0.3 <= sound.seconds(made) <= 0.4, "30 ms are left before and after"
        assert made[0] == made[-1] == 0
        assert max(made) < 0.9 * sound.FULL
    assert sound.loudness(soft) == pytest.approx(sound.loudness(loud), rel=0.02)
    assert sound.loudness(soft) > 4000


def test_the_hum_of_a_room_is_not_speech() -> None:
    chance = random.Random(4)
    noisy = sound.samples(value + chance.randint(-150, 150) for value in tone(440, around=0.8))
    assert 0.3 <= sound.seconds(sound.cleaned(noisy)) <= 0.45


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (sound.silence(2), "silent"), (sound.samples(), "silent"),
        (sound.samples(random.Random(1).randint(-90, 90) for _ in range(sound.RATE)), "silent"),
        (tone(440, seconds=0.03), "short"), (sound.samples([sound.FULL, -sound.FULL] * 9000), "crackles"),
    ],
)  # fmt: skip
def test_what_is_no_word_is_refused(made: "array[int]", why: str) -> None:
    with pytest.raises(sound.NoSound, match=why):
        sound.cleaned(made)


def test_the_chime_is_heard_and_ends_softly() -> None:
    made = sound.chime()
    assert 1 < sound.seconds(made) < 1.5 and sound.loudness(made) > 1500
    assert sound.loudness(made[-2000:]) < sound.loudness(made) / 4 and made == sound.chime()


# ── Kept once


def test_many_askers_make_a_sound_once(tmp_path: Path, settings: SimpleNamespace) -> None:
    settings.DATA = tmp_path
    made: list[int] = []
    answers: list[array[int]] = []

    def make() -> "array[int]":
        made.append(1)
        time.sleep(0.05)
        return tone(500)

    askers = [
        threading.Thread(target=lambda: answers.append(kept.made_once(0, ["x"], make))) for _ in range(8)
    ]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert len(made) == 1 and len(answers) == 8 and all(one == tone(500) for one in answers)
    kept.made_once(0, ["y"], make)
    assert len(made) == 2


def test_a_spoilt_or_full_store_costs_no_call(tmp_path: Path, settings: SimpleNamespace) -> None:
    settings.DATA = tmp_path
    kept.made_once(0, ["x"], lambda: tone(500))
    (path,) = kept.folder().glob("*.wav")
    path.write_bytes(b"half")
    assert kept.made_once(0, ["x"], lambda: tone(500)) == tone(500) == sound.read(path.read_bytes(), most=9)


def test_the_oldest_go_first(
    tmp_path: Path, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(kept, "MOST_FILES", 10)
    for number in range(11):
        kept.made_once(3, [number], lambda: tone(500, seconds=0.1, around=0))
        os.utime(max(kept.folder().glob("3-*.wav"), key=lambda one: one.stat().st_ctime_ns), (number, number))
    assert len(list(kept.folder().glob("*.wav"))) <= 10
    kept.forget(3)
    assert not list(kept.folder().glob("*.wav"))


# ── espeak-ng


def fake(tmp_path: Path, settings: SimpleNamespace, script: str) -> None:
    program = tmp_path / "espeak"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.ESPEAK = str(program)


def test_without_it_nothing_is_spoken(settings: SimpleNamespace) -> None:
    for settings.ESPEAK in ("off", "no-such-program-here"):
        assert speaker.program() is None
        with pytest.raises(speaker.NotSpoken):
            speaker.say("Mời số một", "vi")


def test_one_that_hangs_is_killed(
    tmp_path: Path, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "WALL_SECONDS", 0.4)
    fake(tmp_path, settings, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    begun = time.monotonic()
    with pytest.raises(speaker.NotSpoken, match="TimeoutExpired"):
        speaker.say("Mời số một", "vi")
    assert time.monotonic() - begun < 5
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize(
    "script", ["exit 3", "echo no sound", "true", "kill -9 $$", "head -c 90000 /dev/zero"]
)
def test_one_that_falls_over_gives_no_sound(tmp_path: Path, settings: SimpleNamespace, script: str) -> None:
    fake(tmp_path, settings, f"cat > /dev/null; {script}")
    with pytest.raises(speaker.NotSpoken):
        speaker.say("Mời số một", "vi")


def test_the_real_one_speaks_every_accent_and_english() -> None:
    if speaker.program() is None:
        missing("espeak-ng", "install Debian's package espeak-ng")
    made = {
        voice: speaker.say("Mời số A105 đến quầy số 3", voice)
        for voice in ("vi", "vi-vn-x-central", "vi-vn-x-south")
    }
    made["en"] = speaker.say("Please take your ticket", "en")
    for one in made.values():
        assert 1 < sound.seconds(one) < 8 and sound.loudness(one) > 2000
    assert len({one.tobytes() for one in made.values()}) == 4
