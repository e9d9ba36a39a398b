"""The page of a dossier says what its applicant was told, by which way, and whether it arrived."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as conf
from django.test import Client

from motcua.base.notifications.models import Message, Recipient, State
from motcua.base.notifications.operations import arriving, choosing, telling
from motcua.clients.delivery import Report
from motcua.clients.sms import Json
from motcua.config.providers import Providers
from motcua.dossiers import told
from motcua.dossiers.operations import messages
from motcua.dossiers.tests.intake_world import World, logged_in
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(hours=8)


@pytest.fixture(autouse=True)
def ways(settings: Any) -> Any:
    settings.MAIL = True
    settings.PROVIDERS = Providers(
        sms=(Json("x", "https://sms.example.vn/", {"to": "{phone}", "t": "{text}"}),)
    )
    with time_machine.travel(NOW, tick=False):
        yield


def sent(dossier: Any, channel: str, reference: str) -> Message:
    """The way was taken by its carrier."""
    row = Message.objects.get(about=f"dossier:{dossier.pk}", channel=channel)
    Message.objects.filter(pk=row.pk).update(state=State.SENT, sent_at=NOW, tries=1, body=None, address=None)
    row.attempts.create(number=1, channel=channel, provider="x", at=NOW, milliseconds=1, reference=reference)
    return row


def page(world: World, code: str, who: str = "minh") -> tuple[int, str]:
    client = logged_in(Client(HTTP_HOST=conf.STAFF_HOST), world.accounts[who])
    answer = client.get(f"/dossiers/{code}/")
    set_database_actor(SYSTEM)
    return answer.status_code, answer.content.decode()


def test_the_officer_reads_what_was_told_and_whether_it_arrived(world: World) -> None:
    dossier = take_in(world, contact_email="giang@example.vn")
    assert "Đã báo cho người nộp" not in page(world, dossier.code)[1]
    set_database_actor(SYSTEM)
    messages.tell(dossier_id=dossier.pk, event="received", mark="received:1", at=NOW)
    (news,) = told.of(dossier)
    assert [(one.way, one.outcome.said) for one in news.ways] == [("SMS", "đang chờ gửi")]
    text = sent(dossier, "sms", "r1")
    arriving.reported(channel="sms", provider="x", report=Report(False, "r1", reason="ABSENT 27"), at=NOW)
    status, shown = page(world, dossier.code)
    part = shown[shown.index('id="told"') :]
    part = part[: part.index("</section>")]
    assert status == 200 and "091••••678" in part and "không tới" in part and "ABSENT 27" in part
    assert "g…@example.vn" in part and "đang chờ gửi" in part and "Chưa cách nào tới" not in part
    assert "0912345678" not in part and "giang@" not in part and dossier.code not in part
    letter = sent(dossier, "email", "")
    Message.objects.filter(pk=letter.pk).update(fate="undelivered", fate_reason="5.1.1", fate_at=NOW)
    Recipient.objects.filter(kind="email").update(failing_since=NOW, failing_reason="5.1.1")
    shown = page(world, dossier.code)[1]
    assert "Chưa cách nào tới" in shown and "trả lại thư, từ" in shown
    telling.forget(before=NOW + timedelta(days=1))
    shown = page(world, dossier.code)[1]
    assert "Tin cũ, lời đã xóa sau 90 ngày" in shown and "không có hộp thư này" in shown
    assert text.about in Message.objects.get(pk=text.pk).about


def test_hostile_codes_are_shown_as_text_and_strangers_see_nothing(world: World) -> None:
    dossier = take_in(world)
    set_database_actor(SYSTEM)
    messages.tell(dossier_id=dossier.pk, event="received", mark="received:1", at=NOW)
    Message.objects.filter(about=f"dossier:{dossier.pk}").update(
        state=State.SENT, body=None, address=None, fate="undelivered", fate_reason="<script>alert(1)</script>",
        subject="<img src=x onerror=alert(1)>",
    )  # fmt: skip
    shown = page(world, dossier.code)[1]
    assert "<script>alert(1)" not in shown and "<img src=x" not in shown and "&lt;img src=x" in shown
    assert page(world, dossier.code, "binh")[0] == 404


def test_who_refused_letters_gets_none_and_is_told_by_telephone_what_the_law_asks(
    world: World, settings: Any
) -> None:
    dossier = take_in(world, contact_email="giang@example.vn")
    set_database_actor(SYSTEM)
    messages.tell(dossier_id=dossier.pk, event="received", mark="received:1", at=NOW)
    mailbox, phone = Recipient.objects.get(kind="email"), Recipient.objects.get(kind="phone")
    choosing.leave(token=choosing.token_of(mailbox), actor=PUBLIC, at=NOW)
    choosing.choose(
        token=choosing.token_of(phone), refused=["sms", "zalo"], quiet=(21, 7), actor=PUBLIC, at=NOW
    )
    assert messages.tell(dossier_id=dossier.pk, event="paused", mark="paused:2", at=NOW) is None
    asked = messages.tell(dossier_id=dossier.pk, event="supplement", mark="supplement:3", at=NOW)
    assert asked is not None and asked.channel == "sms" and asked.chain is None
    choosing.choose(token=choosing.token_of(mailbox), refused=[], quiet=(21, 7), actor=PUBLIC, at=NOW)
    wanted = messages.tell(dossier_id=dossier.pk, event="fee", mark="fee:4", at=NOW)
    assert wanted is not None and wanted.channel == "email", "the way that is wanted, before those refused"
    choosing.leave(token=choosing.token_of(mailbox), actor=PUBLIC, at=NOW)
    settings.PROVIDERS = Providers()  # nobody carries text messages here
    assert messages.tell(dossier_id=dossier.pk, event="fee", mark="fee:5", at=NOW) is None, (
        "it stands on the page"
    )


def test_in_the_quiet_hours_it_says_when_it_goes_and_warns_nobody(world: World) -> None:
    dossier = take_in(world)
    set_database_actor(SYSTEM)
    evening = NOW.replace(hour=22)
    with time_machine.travel(evening, tick=False):
        messages.tell(dossier_id=dossier.pk, event="received", mark="received:1", at=evening)
        (way,) = told.of(dossier)[0].ways
        assert (way.outcome.look, way.outcome.said) == ("", "gửi từ 07:00 ngày mai")
    with time_machine.travel(evening + timedelta(hours=4), tick=False):
        assert told.of(dossier)[0].ways[0].outcome.said == "gửi từ 07:00 hôm nay"
    with time_machine.travel(evening + timedelta(hours=10), tick=False):
        assert told.of(dossier)[0].ways[0].outcome.look == "wait"
