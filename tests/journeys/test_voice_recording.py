"""An office records its announcer in the browser: Chromium's own false microphone plays a word, the page does the rest."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect

from motcua.counters.models import Clip, Voice
from motcua.counters.operations import voices
from motcua.counters.tests.hall_world import MORNING, HallWorld, build
from motcua.counters.tests.test_voice import keeper_account
from motcua.counters.tests.voice_world import decoded, keep, read_all, tone
from motcua.counters.voice import announcing, sound
from motcua.dossiers.tests.intake_world import logged_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor
from tests.harness.fixtures import _SPY, PAGES, flags, serve, watch
from tests.harness.programs import SCREENS, chromium

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def hall(db: None) -> HallWorld:
    return build()


@pytest.fixture
def microphone(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose microphone hears half a second of a tone, then silence, again and again."""
    word = tmp_path / "word.wav"
    word.write_bytes(sound.wav(sound.join([sound.silence(0.3), tone(900, seconds=0.5), sound.silence(1.5)])))
    started = playwright.chromium.launch(
        executable_path=chromium(),
        args=[
            *flags(), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={word}", "--autoplay-policy=no-user-gesture-required",
        ],
    )  # fmt: skip
    yield started
    started.close()


@pytest.mark.long
def test_an_announcer_is_recorded_and_the_hall_speaks_with_her_voice(
    hall: HallWorld, microphone: Browser, settings: SimpleNamespace, tmp_path: Path
) -> None:
    settings.DATA, settings.ESPEAK = tmp_path, "off"
    voice = voices.open_voice(
        hall_id=hall.hall.pk, name="Cô Lan", accent="vi", actor=SYSTEM, at=MORNING, key=""
    )
    read_all(hall.hall, voice)
    Clip.objects.filter(word="ba").delete()
    client = logged_in(
        Client(HTTP_HOST=django_settings.STAFF_HOST, enforce_csrf_checks=True), keeper_account(hall)
    )
    context = microphone.new_context(locale="vi-VN", viewport={"width": 1366, "height": 900})
    context.add_init_script(_SPY)
    context.route(PAGES, serve(client))
    page = context.new_page()
    watch(page)
    home = f"http://{django_settings.STAFF_HOST}/halls/{hall.hall.pk}/voice/"

    page.goto(f"{home}{voice.pk}/")
    expect(page.locator("[data-word]")).to_have_text("ba")
    expect(page.locator("[data-done]")).to_have_text("22")
    page.screenshot(path=SCREENS / "voice-record-1366.png")
    page.keyboard.press("r")
    expect(page.locator("#recorder.is-on")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("Đã giữ: ba", timeout=15_000)
    expect(page.locator("[data-done]")).to_have_text("23")
    set_database_actor(SYSTEM)
    kept = Clip.objects.get(voice=voice, word="ba", replaced_at=None)
    assert 400 < kept.milliseconds < 700, "the silence around it is gone"
    assert _pitch(bytes(kept.audio)) == pytest.approx(900, rel=0.02)
    expect(page.locator("[data-word]")).to_contain_text("Xin chào", timeout=10_000)

    page.locator("[data-name=nam] [data-choose]").click()
    page.set_input_files(
        "#sound-file", {"name": "nam.wav", "mimeType": "audio/wav", "buffer": sound.wav(tone(700))}
    )
    expect(page.locator("[data-said]")).to_contain_text("Đã giữ: năm", timeout=10_000)
    page.set_input_files(
        "#sound-file", {"name": "x.wav", "mimeType": "audio/wav", "buffer": b"no sound at all"}
    )
    expect(page.locator("[data-said].is-wrong")).to_contain_text("Không đọc được tệp")
    set_database_actor(SYSTEM)
    assert Clip.objects.filter(voice=voice, word="nam").count() == 2

    _choose_and_hear(page, home, voice)
    set_database_actor(SYSTEM)
    hall.hall.refresh_from_db()
    content, how = announcing.call(hall.hall, "A105", 3)
    assert how == "recorded" and hall.hall.voice_accent == f"own-{voice.pk}"
    assert sound.seconds(decoded(content)) > 8
    complaints = page.complaints + page.evaluate("() => window.motcuaComplaints")  # type: ignore[attr-defined]
    assert [one for one in complaints if "Unable to decode" not in one] == []
    context.close()


def _choose_and_hear(page: Page, home: str, voice: Voice) -> None:
    """Choose the recorded voice, hear a call in it before saving, save."""
    page.goto(home)
    page.locator(f"[name=accent][value=own-{voice.pk}]").check()
    with page.expect_response(re.compile(r"sample\.wav\?")) as answer:
        page.click("#voice-try button")
    assert answer.value.ok and answer.value.headers["x-voice"] == "recorded"
    expect(page.locator("#try-status")).to_have_text("Đang phát")
    page.screenshot(path=SCREENS / "voice-settings-1366.png")
    expect(page.locator("#try-status")).to_have_text("", timeout=30_000)  # played to its end
    page.locator("#voice-form button").first.click()
    expect(page.locator("main")).to_contain_text("Đã lưu")


def _pitch(content: bytes) -> float:
    """Return the pitch of a tone by its crossings of nought."""
    made = decoded(content)
    middle = made[len(made) // 4 : len(made) * 3 // 4]
    crossings = sum(1 for one, other in pairwise(middle) if one < 0 <= other)
    return crossings * sound.RATE / len(middle)


def test_a_refused_microphone_is_told(
    hall: HallWorld, browser: Browser, tmp_path: Path, settings: SimpleNamespace
) -> None:
    """A browser without microphone: the page says what to do; a file still can be chosen."""
    settings.DATA = tmp_path
    voice = voices.open_voice(
        hall_id=hall.hall.pk, name="Cô Lan", accent="vi", actor=SYSTEM, at=MORNING, key=""
    )
    keep(hall.hall, voice, "moi-so", sound.wav(tone(500)))
    client = logged_in(Client(HTTP_HOST=django_settings.STAFF_HOST), keeper_account(hall))
    context = browser.new_context(locale="vi-VN", viewport={"width": 360, "height": 740})
    context.route(PAGES, serve(client))
    page = context.new_page()
    page.goto(f"http://{django_settings.STAFF_HOST}/halls/{hall.hall.pk}/voice/{voice.pk}/")
    page.screenshot(path=SCREENS / "voice-record-360.png")
    page.locator("[data-record]").click()
    expect(page.locator("[data-said].is-wrong")).to_contain_text(re.compile("micrô"))
    assert not page.locator("#recorder.is-on").count()
    context.close()
