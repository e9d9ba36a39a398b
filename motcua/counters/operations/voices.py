"""An office records an announcer, and a hall chooses what it speaks with."""

import hashlib
from array import array
from dataclasses import fields
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import claim, keep, once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Clip, Hall, Voice
from motcua.counters.models.voice import Accent
from motcua.counters.operations import halls
from motcua.counters.operations.common import hall_of
from motcua.counters.permissions import agency_of
from motcua.counters.voice import guidance, kept, queries, sound
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

WORD_SECONDS, SENTENCE_SECONDS = 4, 25
#: The most bytes that a recording may have, with the head of the file.
MOST_BYTES = 100 + 2 * sound.RATE * SENTENCE_SECONDS


@once("counters.set_voice")
def set_voice(
    *,
    hall_id: int,
    voice_on: bool,
    accent: str,
    volume: int,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
    actor: Actor,
    at: datetime,
    key: str,
) -> Hall:
    """Say how a hall calls: aloud or not, in which voice, how loud, and when it is silent.

    Refuses an accent that does not exist, and a recorded voice that has not read every word yet.
    """
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    if accent not in Accent.values:
        voice = queries.voices(agency_of(hall)).get(_number(accent))
        if voice is None:
            raise Refusal(_("Giọng này không còn. Chọn giọng khác."), code="bad_voice", field="accent")
        left = len(queries.missing(voice))
        if (
            left and accent != hall.voice_accent
        ):  # one in use that lacks a new letter keeps its other settings
            raise Refusal(
                _("Giọng này còn thiếu %(count)s từ. Ghi đủ rồi chọn.") % {"count": left},
                code="voice_not_whole", field="accent",
            )  # fmt: skip
    now: dict[str, Any] = {one.name: getattr(hall, one.name) for one in fields(halls.Rules)}
    now |= {"voice_on": voice_on, "voice_accent": accent, "voice_volume": volume}
    now |= {"quiet_from": quiet_from, "quiet_to": quiet_to}
    return halls.set_rules(hall_id=hall_id, rules=halls.Rules(**now), actor=actor, at=at, key="")


@once("counters.open_voice")
def open_voice(*, hall_id: int, name: str, accent: str, actor: Actor, at: datetime, key: str) -> Voice:
    """Begin a voice that the halls of this hall's agency may speak with."""
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    name = normalize(name)[:60]
    if not name:
        raise Refusal(_("Đặt tên cho giọng đọc, ví dụ “Cô Lan”."), code="no_name", field="name")
    if accent not in Accent.values:
        raise Refusal(_("Chọn vùng của giọng đọc."), code="bad_accent", field="accent")
    try:
        with transaction.atomic():
            voice = Voice.objects.create(agency_id=agency_of(hall), name=name, accent=accent, opened_at=at)
    except IntegrityError:
        raise Refusal(_("Đã có giọng đọc tên này. Đặt tên khác."), code="name_taken", field="name") from None
    _note(hall, "open_voice", actor, at, {"voice": voice.pk, "name": name})
    return voice


def keep_clip(
    *, hall_id: int, voice_id: int, word: str, audio: bytes, actor: Actor, at: datetime, key: str
) -> Clip:
    """Keep a recording of a word: cut to the speech in it, and as loud as all others. What was there stays beside.

    `audio` is a WAV as the page makes it (`sound.read`). Refuses another file, silence, too much, and what crackles.
    """
    with transaction.atomic():
        body = {"hall": hall_id, "voice": voice_id, "word": word, "audio": hashlib.sha256(audio).hexdigest()}
        mine = claim(actor=actor, key=key, verb="counters.keep_clip", body=body, at=at)
        if mine.answer is not None:
            return Clip.objects.get(pk=mine.answer["clip"])
        hall = hall_of(hall_id)
        permissions.require("set_up", actor, hall)
        voice = queries.one_voice(voice_id, hall)
        clip = _keep(voice, word, _clean(word, audio), actor, at)
        _note(hall, "record", actor, at, {"voice": voice.pk, "word": word, "clip": clip.pk})
        keep(mine, {"clip": clip.pk})
        return clip


@once("counters.restore_clip")
def restore_clip(*, hall_id: int, voice_id: int, word: str, actor: Actor, at: datetime, key: str) -> Clip:
    """Take the recording back that the one of now replaced, as a new one; done twice, the first is back.

    Refuses a word that has no older recording.
    """
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    voice = queries.one_voice(voice_id, hall)
    Voice.objects.select_for_update().get(pk=voice.pk)
    old = (
        Clip.objects.filter(voice=voice, word=word)
        .exclude(replaced_at=None)
        .order_by("-replaced_at", "-pk")
        .first()
    )
    if old is None:
        raise Refusal(_("Từ này chưa có bản ghi nào trước đó."), code="no_older", field="word")
    Clip.objects.filter(voice=voice, word=word, replaced_at=None).update(replaced_at=at)
    clip = Clip.objects.create(
        voice=voice, word=word, audio=bytes(old.audio), milliseconds=old.milliseconds, recorded_at=at,
        recorded_by=actor.account_id,
    )  # fmt: skip
    _note(hall, "restore", actor, at, {"voice": voice.pk, "word": word, "clip": clip.pk, "from": old.pk})
    return clip


def _clean(word: str, audio: bytes) -> "array[int]":
    if not queries.is_word(word):
        raise Refusal(_("Không có từ này trong danh sách. Tải lại trang."), code="bad_word", field="word")
    most = SENTENCE_SECONDS if guidance.sentence(word) else WORD_SECONDS
    try:
        return sound.cleaned(sound.read(audio, most=most))
    except sound.NoSound as fault:
        raise Refusal(_why(str(fault), most), code=f"sound_{fault}", field="file") from None


def _keep(voice: Voice, word: str, clean: "array[int]", actor: Actor, at: datetime) -> Clip:
    Voice.objects.select_for_update().get(pk=voice.pk)
    Clip.objects.filter(voice=voice, word=word, replaced_at=None).update(replaced_at=at)
    return Clip.objects.create(
        voice=voice, word=word, audio=sound.wav(clean), milliseconds=round(1000 * sound.seconds(clean)), recorded_at=at,
        recorded_by=actor.account_id,
    )  # fmt: skip


@once("counters.end_voice")
def end_voice(*, hall_id: int, voice_id: int, actor: Actor, at: datetime, key: str) -> Voice:
    """Use a voice no more and erase its recordings, also those that were replaced: they are its owner's.

    Halls that spoke with it go on with the machine's voice of the same accent.
    """
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    voice = queries.one_voice(voice_id, hall)
    erased, _each = Clip.objects.filter(voice=voice).delete()
    named = f"{queries.OWN}{voice.pk}"
    Hall.objects.filter(voice_accent=named, point__shop__agency_id=voice.agency_id).update(
        voice_accent=voice.accent
    )
    voice.ended_at = at
    voice.save(update_fields=["ended_at"])
    transaction.on_commit(lambda: kept.forget(voice.pk))
    _note(hall, "end_voice", actor, at, {"voice": voice.pk, "erased": erased})
    return voice


def _number(accent: str) -> int:
    rest = accent.removeprefix(queries.OWN)
    return int(rest) if rest.isascii() and rest.isdecimal() and len(rest) < 10 else 0


def _why(fault: str, most: int) -> str:
    return {
        "form": _("Tệp này không phải âm thanh mà trang ghi gửi lên. Bấm “Ghi” để ghi lại."),
        "silent": _("Không nghe thấy gì. Kiểm tra micrô rồi ghi lại."),
        "short": _("Tiếng ghi được quá ngắn. Đọc rõ cả từ rồi ghi lại."),
        "long": _("Dài quá %(most)s giây. Bấm “Dừng” ngay khi đọc xong.") % {"most": most},
        "crackles": _("Tiếng bị vỡ vì quá to. Ngồi xa micrô hơn rồi ghi lại."),
    }[fault]


def _note(hall: Hall, verb: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=f"hall.{verb}", subject_kind="hall", subject_id=hall.pk, at=at, agency_id=agency_of(hall),
        payload=facts,
    )  # fmt: skip
