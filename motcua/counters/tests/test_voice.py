"""What a hall says: from recordings alone, by the machine, by the chime; who may hear it; what an office may record."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Unit
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.counters.machines import COOKIE
from motcua.counters.models import Call, Clip, Device, Hall, Voice
from motcua.counters.operations import devices, halls, voices
from motcua.counters.tests.hall_world import HERE, MORNING, OPENED, HallWorld
from motcua.counters.tests.voice_world import decoded, heard, keep, paired, read_all, tone
from motcua.counters.voice import announcing, guidance, kept, queries, sound, speaker, words
from motcua.dossiers.tests.intake_world import logged_in
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor
from tests.harness.programs import missing

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TOKEN = "t" * 43


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, settings: SimpleNamespace) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def alone(settings: SimpleNamespace) -> None:
    """A machine without espeak-ng."""
    settings.ESPEAK = "off"


@pytest.fixture
def lan(hall: HallWorld) -> Voice:
    return voices.open_voice(
        hall_id=hall.hall.pk, name="Cô Lan", accent="vi", actor=SYSTEM, at=MORNING, key=""
    )


def speaks_with(hall: Hall, voice: Voice) -> Hall:
    return voices.set_voice(
        hall_id=hall.pk, voice_on=True, accent=f"own-{voice.pk}", volume=70, actor=SYSTEM, at=MORNING, key=""
    )


# ── From recordings alone


def test_a_call_from_recordings_says_every_word_in_order_twice(
    hall: HallWorld, lan: Voice, alone: None
) -> None:
    names = read_all(hall.hall, lan)
    told = speaks_with(hall.hall, lan)
    content, how = announcing.call(told, "B105", 21)
    said = ["moi-so", "chu-b", "mot", "tram", "linh", "nam", "den-quay-so", "hai", "muoi-2", "mot-2"]
    chime = round((sound.seconds(sound.chime()) + 0.1) * sound.RATE)
    assert (heard(decoded(content)[chime:], names), how) == (said * 2, "recorded")


def test_two_numbers_differ_and_a_sound_is_made_once(hall: HallWorld, lan: Voice, alone: None) -> None:
    read_all(hall.hall, lan)
    told = speaks_with(hall.hall, lan)
    first, second = announcing.call(told, "A105", 3)[0], announcing.call(told, "A106", 3)[0]
    assert first != second and announcing.call(told, "A105", 4)[0] != first
    files = {path: path.stat().st_ino for path in kept.folder().glob("*.wav")}
    assert announcing.call(told, "A105", 3)[0] == first
    assert {path: path.stat().st_ino for path in kept.folder().glob("*.wav")} == files and len(files) == 3


def test_a_new_recording_is_heard_and_the_old_one_kept(hall: HallWorld, lan: Voice, alone: None) -> None:
    read_all(hall.hall, lan)
    told = speaks_with(hall.hall, lan)
    before = announcing.call(told, "A105", 3)[0]
    keep(hall.hall, lan, "nam", sound.wav(tone(2000)))
    assert announcing.call(told, "A105", 3)[0] != before
    assert Clip.objects.filter(voice=lan, word="nam").count() == 2
    (row,) = queries.recorded(lan, ["nam"])
    assert row.before == 1 and row.clip_id == Clip.objects.get(word="nam", replaced_at=None).pk


def test_the_older_recording_comes_back_and_is_heard(hall: HallWorld, lan: Voice, alone: None) -> None:
    read_all(hall.hall, lan)
    told = speaks_with(hall.hall, lan)
    before = announcing.call(told, "A105", 3)[0]
    keep(hall.hall, lan, "nam", sound.wav(tone(2000)))
    after = announcing.call(told, "A105", 3)[0]
    about: dict[str, Any] = {"hall_id": hall.hall.pk, "voice_id": lan.pk, "actor": SYSTEM, "at": MORNING}
    for expected in (before, after, before):
        voices.restore_clip(word="nam", key=uuid4().hex, **about)
        assert announcing.call(told, "A105", 3)[0] == expected
    with pytest.raises(Refusal, match="chưa có bản ghi nào trước"):
        voices.restore_clip(word="moi-so", key=uuid4().hex, **about)
    assert Entry.objects.filter(verb="hall.restore").count() == 3


def test_a_word_that_is_missing_gives_the_whole_call_to_the_machine_or_the_chime(
    hall: HallWorld, lan: Voice, alone: None
) -> None:
    read_all(hall.hall, lan)
    told = speaks_with(hall.hall, lan)
    halls.add_service(hall_id=told.pk, prefix="K", name="Khác", minutes=5, actor=SYSTEM, at=MORNING, key="")
    content, how = announcing.call(told, "K001", 3)
    assert how == "chime" and sound.loudness(decoded(content)) > 1000
    assert announcing.call(told, "A001", 3)[1] == "recorded"
    louder = voices.set_voice(
        hall_id=told.pk, voice_on=True, accent=told.voice_accent, volume=90, actor=SYSTEM, at=MORNING, key=""
    )
    assert louder.voice_volume == 90, "a voice in use stays chosen while a letter is missing"


def test_with_neither_there_is_the_chime(hall: HallWorld, alone: None) -> None:
    content, how = announcing.call(hall.hall, "A105", 3)
    assert how == "chime" and decoded(content) == sound.chime()
    assert announcing.guide(hall.hall, "start", "vi") is None


def test_a_machine_that_hangs_leaves_the_chime_and_nothing_is_kept(
    hall: HallWorld, settings: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "WALL_SECONDS", 0.2)
    program = tmp_path / "espeak"
    program.write_text("#!/bin/sh\nexec sleep 30\n")
    program.chmod(0o700)
    settings.ESPEAK = str(program)
    assert announcing.call(hall.hall, "A105", 3)[1] == "chime"
    assert not list(kept.folder().glob("*.wav"))


# ── By the machine


def test_the_machine_speaks_and_two_numbers_differ(hall: HallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    if speaker.program() is None:
        missing("espeak-ng", "install Debian's package espeak-ng")
    made = {label: announcing.call(hall.hall, label, 3) for label in ("A105", "A106", "B105")}
    assert {how for _content, how in made.values()} == {"machine"}
    assert len({content for content, _how in made.values()}) == 3
    for content, _how in made.values():
        assert 6 < sound.seconds(decoded(content)) < 16 and sound.loudness(decoded(content)) > 1500
    hall.hall.voice_accent = "vi-vn-x-south"
    assert announcing.call(hall.hall, "A105", 3)[0] != made["A105"][0]
    monkeypatch.setattr(speaker, "say", lambda *_asked: pytest.fail("made twice"))
    assert announcing.call(hall.hall, "A105", 3)[1] == "machine"


def test_the_kiosk_speaks_both_languages_and_a_recording_comes_first(hall: HallWorld, lan: Voice) -> None:
    if speaker.program() is None:
        missing("espeak-ng", "install Debian's package espeak-ng")
    made = {
        (name, language): announcing.guide(hall.hall, name, language)
        for name in ("start", "person")
        for language in guidance.LANGUAGES
    }
    assert len({content for content in made.values() if content}) == 4
    read_all(hall.hall, lan)
    keep(hall.hall, lan, guidance.word("start", "vi"), sound.wav(tone(800, seconds=6)))
    told = speaks_with(hall.hall, lan)
    content = announcing.guide(told, "start", "vi")
    assert content and 6 < sound.seconds(decoded(content)) < 6.2
    assert announcing.guide(told, "start", "en") == made["start", "en"]


# ── When a hall is silent


@pytest.mark.parametrize(
    ("on", "volume", "quiet", "clock", "aloud"),
    [
        (True, 80, (None, None), "12:00", True), (False, 80, (None, None), "12:00", False), (True, 0, (None, None), "12:00", False),
        (True, 80, ("11:30", "13:00"), "11:29", True), (True, 80, ("11:30", "13:00"), "11:30", False),
        (True, 80, ("11:30", "13:00"), "12:59", False), (True, 80, ("11:30", "13:00"), "13:00", True),
        (True, 80, ("17:00", "07:00"), "23:00", False), (True, 80, ("17:00", "07:00"), "06:59", False),
        (True, 80, ("17:00", "07:00"), "07:00", True), (True, 80, ("08:00", "08:00"), "08:00", True),
    ],
)  # fmt: skip
def test_quiet_hours(
    hall: HallWorld, on: bool, volume: int, quiet: tuple[Any, Any], clock: str, aloud: bool
) -> None:
    row = hall.hall
    row.voice_on, row.voice_volume = on, volume
    row.quiet_from, row.quiet_to = (time.fromisoformat(one) if one else None for one in quiet)
    at = datetime.combine(MORNING.date(), time.fromisoformat(clock), HERE)
    assert queries.aloud(row, at) is aloud


# ── What may be recorded


def test_a_recording_sent_twice_is_one(hall: HallWorld, lan: Voice) -> None:
    sent: dict[str, Any] = {
        "hall_id": hall.hall.pk, "voice_id": lan.pk, "word": "nam", "audio": sound.wav(tone(500)), "actor": SYSTEM,
        "at": MORNING, "key": "k1",
    }  # fmt: skip
    assert voices.keep_clip(**sent).pk == voices.keep_clip(**sent).pk
    with pytest.raises(Refusal, match="nội dung khác"):
        voices.keep_clip(**sent | {"word": "ba"})
    assert Clip.objects.count() == 1
    assert Entry.objects.filter(verb="hall.record").count() == 1


@pytest.mark.parametrize(
    ("word", "audio", "code"),
    [
        ("nam", b"", "sound_form"), ("nam", b"ID3" + bytes(3000), "sound_form"), ("nam", sound.wav(sound.silence(1)), "sound_silent"),
        ("nam", sound.wav(tone(500, seconds=4)), "sound_long"), ("nam", sound.wav(tone(500, seconds=0.02)), "sound_short"),
        ("nam", sound.wav(sound.samples([sound.FULL, -sound.FULL] * 9000)), "sound_crackles"),
        ("khong-co", sound.wav(tone(500)), "bad_word"), ("../x", sound.wav(tone(500)), "bad_word"),
        ("ki-ot-start-vi", sound.wav(tone(500, seconds=25)), "sound_long"),
    ],
)  # fmt: skip
def test_what_is_no_word_is_not_kept(hall: HallWorld, lan: Voice, word: str, audio: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        keep(hall.hall, lan, word, audio)
    assert refused.value.code == code
    assert not Clip.objects.exists()


def test_random_bytes_with_our_head_are_noise_or_nothing(hall: HallWorld, lan: Voice) -> None:
    """The checks never fall over, whatever the samples are."""
    chance = random.Random(7)
    for size in (2, 10, 4000, 60_000):
        data = sound.wav(sound.samples(chance.randint(-32768, 32767) for _ in range(size)))
        try:
            keep(hall.hall, lan, "nam", data)
        except Refusal as refused:
            assert refused.code.startswith("sound_")


def test_a_voice_is_chosen_only_when_whole_and_only_at_home(hall: HallWorld, lan: Voice) -> None:
    with pytest.raises(Refusal, match="còn thiếu 23 từ"):
        speaks_with(hall.hall, lan)
    for accent in ("", "own-", "own-999", "own--1", "vi; rm", "en", "own-٣"):
        with pytest.raises(Refusal) as refused:
            voices.set_voice(
                hall_id=hall.hall.pk,
                voice_on=True,
                accent=accent,
                volume=70,
                actor=SYSTEM,
                at=MORNING,
                key="",
            )
        assert refused.value.code == "bad_voice"
    read_all(hall.hall, lan)
    assert speaks_with(hall.hall, lan).voice_accent == f"own-{lan.pk}"
    with pytest.raises(Refusal, match="0 đến 100"):
        voices.set_voice(
            hall_id=hall.hall.pk, voice_on=True, accent="vi", volume=101, actor=SYSTEM, at=MORNING, key=""
        )


def test_a_voice_that_ends_is_erased_and_the_hall_speaks_on(
    hall: HallWorld, lan: Voice, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    read_all(hall.hall, lan)
    keep(hall.hall, lan, "nam", sound.wav(tone(900)))
    told = speaks_with(hall.hall, lan)
    announcing.call(told, "A105", 3)
    assert list(kept.folder().glob(f"{lan.pk}-*.wav"))
    with django_capture_on_commit_callbacks(execute=True):
        voices.end_voice(hall_id=told.pk, voice_id=lan.pk, actor=SYSTEM, at=MORNING, key="")
    assert not Clip.objects.exists() and not list(kept.folder().glob(f"{lan.pk}-*.wav"))
    told.refresh_from_db()
    assert told.voice_accent == "vi" and queries.choice(told).voice is None
    with pytest.raises(NotFound):
        keep(told, lan, "nam", sound.wav(tone(900)))
    again = voices.open_voice(hall_id=told.pk, name="Cô Lan", accent="vi", actor=SYSTEM, at=MORNING, key="")
    assert again.pk != lan.pk
    with pytest.raises(Refusal, match="Đã có giọng đọc"):
        voices.open_voice(hall_id=told.pk, name=" Cô  Lan ", accent="vi", actor=SYSTEM, at=MORNING, key="")


def test_only_who_keeps_the_hall_may(hall: HallWorld, lan: Voice) -> None:
    officer = hall.officers["an"]
    with pytest.raises(NotPermitted):
        keep(hall.hall, lan, "nam", sound.wav(tone(900)), actor=officer)
    with pytest.raises(NotPermitted):
        voices.end_voice(hall_id=hall.hall.pk, voice_id=lan.pk, actor=officer, at=MORNING, key="")
    with pytest.raises(NotPermitted):
        voices.set_voice(
            hall_id=hall.hall.pk, voice_on=False, accent="vi", volume=0, actor=officer, at=MORNING, key=""
        )
    with pytest.raises(NotFound):
        voices.keep_clip(
            hall_id=another_hall(hall).pk, voice_id=lan.pk, word="nam", audio=sound.wav(tone(900)), actor=SYSTEM,
            at=MORNING, key="z",
        )  # fmt: skip


def another_hall(hall: HallWorld) -> Hall:
    """A hall of another agency."""
    shop = hall.hall.point.shop
    common: dict[str, Any] = {"opened_on": OPENED, "actor": SYSTEM, "at": MORNING}
    agency = agencies.open_agency(
        name="UBND xã Khác", short_name="xã Khác", level=shop.agency.level, code="H99.2", **common
    )
    other = places.open_shop(agency_id=agency.pk, name="Trung tâm khác", kind=shop.kind, **common)
    point = places.open_point(shop_id=other.pk, name="Sảnh khác", address="Số 2", **common)
    return halls.open_hall(point_id=point.pk, actor=SYSTEM, at=MORNING, key="")


# ── Sounds for devices


@pytest.fixture
def screen(hall: HallWorld) -> Iterator[Client]:
    """A paired display of the hall, after a call a moment ago."""
    hall.now = timezone.now() - timedelta(minutes=2)
    hall.take("A")
    hall.next()
    paired(hall.hall, TOKEN)
    client = Client(HTTP_HOST=django_settings.PUBLIC_HOST)
    client.cookies[COOKIE] = TOKEN
    yield client
    set_database_actor(SYSTEM)


def sound_of(hall: HallWorld) -> str:
    return f"/am-thanh/{hall.hall.pk}/{Call.objects.latest('number').number}.wav"


def test_a_paired_device_hears_a_call(hall: HallWorld, screen: Client) -> None:
    response = screen.get(sound_of(hall))
    assert response.status_code == 200 and response["Content-Type"] == "audio/wav"
    assert response["Cache-Control"] == "private, max-age=3600"
    assert sound.loudness(decoded(response.content)) > 1000
    assert screen.post(sound_of(hall)).status_code == 405
    assert Device.objects.get().seen_at is not None


@pytest.mark.parametrize(
    "why",
    ["stranger", "wrong cookie", "revoked", "another hall", "no such call", "an hour ago", "switched off"],
)
def test_nobody_else_hears_it(hall: HallWorld, screen: Client, why: str) -> None:
    address = sound_of(hall)
    if why == "stranger":
        screen.cookies.clear()
    elif why == "wrong cookie":
        screen.cookies[COOKIE] = "x" * 43
    elif why == "revoked":
        devices.revoke(device_id=Device.objects.get().pk, actor=SYSTEM, at=MORNING, key="")
    elif why == "another hall":
        address = address.replace(f"/{hall.hall.pk}/", f"/{another_hall(hall).pk}/")
    elif why == "no such call":
        address = f"/am-thanh/{hall.hall.pk}/{2**62}.wav"
    elif why == "an hour ago":
        hall.now -= timedelta(hours=2)
        hall.take("A")
        hall.next()
        address = sound_of(hall)
    else:
        Hall.objects.update(voice_on=False)
    assert screen.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/am-thanh/ki-ot/start.wav", 200), ("/am-thanh/ki-ot/take.wav?lang=en", 200), ("/am-thanh/ki-ot/khong-co.wav", 404),
        ("/am-thanh/ki-ot/start.wav?lang=fr", 404), ("/am-thanh/99999999999999999999/1.wav", 404), ("/am-thanh/1/x.wav", 404),
    ],
)  # fmt: skip
def test_what_a_kiosk_says(hall: HallWorld, screen: Client, address: str, status: int) -> None:
    if status == 200 and speaker.program() is None:
        missing("espeak-ng", "install Debian's package espeak-ng")
    assert screen.get(address).status_code == status
    screen.cookies.clear()
    assert screen.get(address).status_code == 404


# ── Pages


@pytest.fixture
def keeper(hall: HallWorld) -> Client:
    """An administrator of the unit before the staff site."""
    return logged_in(Client(HTTP_HOST=django_settings.STAFF_HOST), keeper_account(hall))


def keeper_account(hall: HallWorld) -> Account:
    at = timezone.now()
    account = open_account(
        login_name="quan", full_name="Lê Minh Quân", account_kind=AccountKind.STAFF, actor=SYSTEM, at=at
    )
    people.appoint(
        account_id=account.pk, unit_id=Unit.objects.get().pk, title="Quản trị", roles=(Role.UNIT_ADMIN,),
        valid_from=date(2025, 7, 1), actor=SYSTEM, at=at,
    )  # fmt: skip
    return account


def text(response: Any) -> str:
    set_database_actor(SYSTEM)
    body: str = response.content.decode()
    return body


def test_the_settings_are_saved_and_faults_said(hall: HallWorld, lan: Voice, keeper: Client) -> None:
    address = f"/halls/{hall.hall.pk}/voice/"
    page = keeper.get(address)
    assert "microphone=()" in page["Permissions-Policy"]
    assert "0 trên 23 từ" in text(page) and "Cô Lan (đã ghi)" not in text(page)
    sent = {"key": "k", "accent": "vi-vn-x-south", "volume": "55", "quiet_from": "11h30", "quiet_to": "13:00"}
    assert keeper.post(address, sent).status_code == 302
    set_database_actor(SYSTEM)
    row = Hall.objects.get(pk=hall.hall.pk)
    assert (row.voice_on, row.voice_accent, row.voice_volume) == (False, "vi-vn-x-south", 55)
    assert (row.quiet_from, row.quiet_to) == (time(11, 30), time(13))
    assert row.normals == hall.hall.normals, "the other rules stay"
    for wrong, said in (
        ({"volume": "500"}, "100"), ({"quiet_to": ""}, "Nhập đủ giờ"), ({"quiet_from": "25:00"}, "Giờ này không có"),
        ({"accent": "own-1000"}, "Giọng đọc"),
    ):  # fmt: skip
        answer = keeper.post(address, sent | wrong | {"key": uuid4().hex})
        assert answer.status_code == 422 and said in text(answer), wrong


def test_an_officer_hears_a_call_before_saving(hall: HallWorld, keeper: Client) -> None:
    address = f"/halls/{hall.hall.pk}/voice/sample.wav"
    made = keeper.get(address, {"label": " a 105 ", "counter": "3", "accent": "vi-vn-x-south"})
    assert made.status_code == 200 and made["X-Voice"] in {"machine", "chime"}
    assert made["Cache-Control"] == "private, max-age=60"
    for wrong in (
        {"label": "<b>"},
        {"counter": "-1"},
        {"counter": "٣"},
        {"counter": "9" * 40},
        {"label": ""},
    ):
        assert keeper.get(address, wrong).status_code == 404, wrong
    assert keeper.get(address, {"accent": "en; rm"}).status_code == 200  # the northern machine


def test_recording_by_page(hall: HallWorld, lan: Voice, keeper: Client) -> None:
    address = f"/halls/{hall.hall.pk}/voice/{lan.pk}/"
    page = keeper.get(address)
    assert "microphone=(self)" in page["Permissions-Policy"] and "mời số" in text(page)

    def send(content: bytes, word: str = "nam") -> Any:
        file = SimpleUploadedFile("word.wav", content, content_type="audio/wav")
        answer = keeper.post(address, {"file": file, "word": word, "key": uuid4().hex})
        set_database_actor(SYSTEM)
        return answer

    good = send(sound.wav(tone(700)))
    assert good.status_code == 200 and (good.json()["done"], good.json()["total"]) == (1, 23)
    clip = keeper.get(good.json()["sound"])
    assert 0.3 <= sound.seconds(decoded(clip.content)) <= 0.4
    bad = send(b"RIFF" + bytes(900))
    assert bad.status_code == 422 and "không phải âm thanh" in bad.json()["message"]
    assert send(bytes(voices.MOST_BYTES + 1)).json()["code"] == "sound_long"
    assert keeper.post(address, {"word": "nam"}).json()["code"] == "file_missing"
    assert keeper.get(f"{address}ba.wav").status_code == 404
    assert keeper.get(f"/halls/{another_hall(hall).pk}/voice/{lan.pk}/").status_code in {403, 404}


def test_a_voice_begins_and_ends_by_page(hall: HallWorld, keeper: Client) -> None:
    address = f"/halls/{hall.hall.pk}/voice/"
    begun = keeper.post(f"{address}new/", {"key": "a", "name": "Chú Tư", "accent": "vi-vn-x-south"})
    set_database_actor(SYSTEM)
    voice = Voice.objects.get()
    assert begun["Location"] == f"{address}{voice.pk}/"
    assert "lẻ" in text(keeper.get(begun["Location"])), "the words as the south says them"
    assert keeper.post(f"{address}new/", {"key": "b", "name": "", "accent": "vi"})["Location"] == address
    ended = keeper.post(f"{address}{voice.pk}/end/", {"key": "c"})
    set_database_actor(SYSTEM)
    assert ended["Location"] == address and Voice.objects.get().ended_at is not None


def test_a_word_that_no_voice_has_is_known_to_be_none() -> None:
    assert queries.is_word("nam") and queries.is_word("ki-ot-rate-en") and not queries.is_word("nam.wav")
    assert set(words.ACCENTS) == {"vi", "vi-vn-x-central", "vi-vn-x-south"}


def test_an_actor_of_another_agency_is_kept_out(hall: HallWorld, lan: Voice) -> None:
    stranger = Actor(kind="officer", account_id=5, agency_id=99999, roles=frozenset({Role.UNIT_ADMIN}))
    with pytest.raises(NotPermitted):
        keep(hall.hall, lan, "nam", sound.wav(tone(900)), actor=stranger)
