"""Each producer tells the one whom it concerns, once: on the screen, by mail where they chose it, and nobody else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.accounts.models import Account
from motcua.accounts.operations import informing
from motcua.agencies.models import UnitKind
from motcua.agencies.operations import delegations, letters
from motcua.agencies.roles import Role
from motcua.base.notifications import queries
from motcua.base.notifications.models import Message, State
from motcua.base.notifications.operations import sending, telling
from motcua.base.outbox.models import Message as Fact
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.counters.models import Device
from motcua.counters.operations import stations
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import apology, consultation
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, later, take_in
from motcua.dossiers.tests.test_counter_scans import station
from motcua.dossiers.tests.test_lateness import DUE, NEAR
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
__all__ = ["station"]


def told(world: World, name: str) -> list[Message]:
    return list(queries.of_account(world.accounts[name].pk))


def at_specialist(world: World) -> Dossier:
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    dossier.refresh_from_db()
    return dossier


def wants_mail(world: World, name: str) -> None:
    Account.objects.filter(pk=world.accounts[name].pk).update(email=f"{name}@example.vn")
    informing.choose_mail(wants=True, actor=world.actor(name), at=later(), key=uuid4().hex)


def test_an_answer_comes_to_who_holds_the_dossier_by_code_and_link_alone(world: World, settings: Any) -> None:
    settings.MAIL = True
    wants_mail(world, "hoa")
    dossier = at_specialist(world)
    unit = Task.objects.filter(dossier=dossier, role="receiver")[0].unit_id
    consultation.consult(**common(world, "hoa", dossier, unit_id=unit, question="Có hồ sơ trước không?"))
    said = common(world, "minh", dossier, opinion="Phạm Thị Hương Giang: không có.", agrees=True)
    for _twice in range(2):
        consultation.answer(**said)
    (row,) = told(world, "hoa")
    assert dossier.code in row.subject and row.link == f"/dossiers/{dossier.code}/"
    assert not told(world, "minh") and not told(world, "tuan")
    letter = Message.objects.get(channel="email")
    assert (letter.state, letter.address) == (State.WAITING, "hoa@example.vn")
    for text in (letter.subject, letter.body or "", row.body or ""):
        assert dossier.applicant_name not in text and "Giang" not in text and "031185000017" not in text
    assert letter.link == f"{settings.STAFF_URL}/dossiers/{dossier.code}/"
    assert "/account/reminders/" in (letter.body or "")


def test_the_page_counts_and_opens_what_is_mine_and_nobody_elses(world: World) -> None:
    told_at = timezone.now() - timedelta(minutes=5)
    for number in range(2):
        informing.inform(
            account_ids=[world.accounts["hoa"].pk, None], mark=f"try:{number}", subject=gettext_lazy("Nhắc việc"),
            link="/delegations/", at=told_at,
        )  # fmt: skip
    hoa, minh = world.client("hoa"), world.client("minh")
    counted = hoa.get("/lists/counts").json()
    assert counted["told"] == 2 and counted["reminders"] >= 2
    page = hoa.get("/reminders/").content.decode()
    assert page.count("Chưa đọc") == 2 and "Tin của hệ thống" in page
    assert "Tin của hệ thống" not in minh.get("/reminders/").content.decode()
    set_database_actor(SYSTEM)
    first, second = told(world, "hoa")
    assert minh.get(f"/reminders/{first.pk}/").status_code == 404
    assert hoa.get(f"/reminders/{first.pk}/")["Location"] == "/delegations/"
    assert hoa.get("/lists/counts").json()["told"] == 1
    assert minh.post("/reminders/read").status_code == 302 == hoa.post("/reminders/read").status_code
    assert hoa.get("/lists/counts").json()["told"] == 0
    Message.objects.filter(pk=second.pk).update(link="https://elsewhere.example/")
    assert hoa.get(f"/reminders/{second.pk}/")["Location"] == "/reminders/"


def test_stand_in_and_absent_are_told_but_not_who_did_it_nor_why(world: World) -> None:
    committed.one_more(world, "nam", "Phạm Văn Nam", UnitKind.DIVISION, (Role.SPECIALIST,), timezone.now())
    today = timezone.localdate()
    row = delegations.delegate(
        from_position=world.positions["hoa"], to_position=world.positions["nam"], first_day=today,
        last_day=today + timedelta(days=3), procedures=[], reason="Ốm nặng", actor=world.actor("hoa"),
        at=timezone.now(),
    )  # fmt: skip
    (given,) = told(world, "nam")
    assert world.accounts["hoa"].full_name in given.subject and f"{today:%d/%m/%Y}" in (given.body or "")
    assert "Ốm" not in given.subject + (given.body or "") and not told(world, "hoa")
    for _twice in range(2):
        delegations.end_delegation(delegation_id=row.pk, actor=world.actor("nam"), at=timezone.now())
    assert [len(told(world, name)) for name in ("hoa", "nam", "minh")] == [1, 1, 0]
    assert "thôi làm thay" in told(world, "hoa")[0].subject
    world.positions.pop("nam")


def test_leaders_hear_of_an_apology_once_and_again_after_they_gave_it_back(
    world: World, settings: Any
) -> None:
    settings.MAIL = True
    wants_mail(world, "tuan")
    dossier = at_specialist(world)
    said: dict[str, Any] = {"new_due_at": DUE + timedelta(days=7), "reason": "Chờ kết quả đo đạc"}

    def propose(at: datetime) -> None:
        apology.propose(**common(world, "hoa", dossier, at), **said)

    propose(NEAR)
    propose(NEAR + timedelta(minutes=1))  # said anew: they know
    assert len(told(world, "tuan")) == 1 and not told(world, "hoa") and not told(world, "binh")
    apology.send_back(**common(world, "tuan", dossier, NEAR), reason="Rõ hơn")
    propose(NEAR + timedelta(hours=1))
    assert len(told(world, "tuan")) == 2
    assert set(Message.objects.filter(channel="email").values_list("until", flat=True)) == {dossier.due_at}


def test_who_asked_hears_that_the_station_failed_and_nobody_of_what_was_withdrawn(
    world: World, station: Device
) -> None:
    dossier, now = take_in(world), timezone.now()
    asked: dict[str, Any] = {
        "station_id": station.pk, "subject_kind": "label", "subject_id": dossier.code, "actor": world.actor("minh"),
        "at": now,
    }  # fmt: skip
    stations.withdraw(
        job_id=stations.send_print(**asked, key="a").pk, actor=world.actor("minh"), at=now, key="b"
    )
    stations.send_print(**asked, key="c")
    taken = stations.take(station=station, can=["print"], at=now)
    assert taken is not None
    stations.fail(job_id=taken.job.pk, lease=taken.lease, station=station, problem="no_paper", at=now)
    for news in list(Fact.objects.filter(name="counters.station_job_ended")) * 2:
        for handler in SUBSCRIPTIONS[news.name]:
            handler(news.payload)
    (row,) = told(world, "minh")
    assert dossier.code in row.subject and "hết giấy" in (row.body or "")
    assert row.link == f"/dossiers/{dossier.code}/"


def test_administrators_see_dead_letters_where_they_look_each_day(world: World, settings: Any) -> None:
    settings.MAIL = True
    committed.one_more(world, "an", "Trần Văn An", UnitKind.CLERICAL, (Role.SYSTEM_ADMIN,), timezone.now())
    now = timezone.now()
    assert letters.tell_administrators(at=now) == 0
    dead = telling.tell(
        channel="email", mark="x", subject="Việc hôm nay", body="x", address="hoa@example.vn", at=now,
        account_id=world.accounts["hoa"].pk,
    )  # fmt: skip
    Message.objects.filter(pk=dead.pk).update(
        state=State.FAILED, tries=1, last_error="SMTPRecipientsRefused 550"
    )
    assert [letters.tell_administrators(at=now) for _twice in range(2)] == [1, 1]
    assert len(told(world, "an")) == 1
    client, here = world.client("an"), "/administration/letters/"
    assert 'mc-count is-late">1<' in client.get("/administration/").content.decode()
    page = client.get(here).content.decode()
    assert "Không có hộp thư này" in page and world.accounts["hoa"].full_name in page
    for who in ("minh", "hoa", "tuan"):
        other = world.client(who)
        assert other.get(here).status_code == other.post(f"{here}act", {"act": "all"}).status_code == 403
    for bad in ("", "x", "9" * 30, "0", "-1"):
        answer = client.post(f"{here}act", {"act": "again", "letter": bad, "key": uuid4().hex})
        assert answer.status_code in {302, 404}
    for _twice in range(2):
        client.post(f"{here}act", {"act": "again", "letter": str(dead.pk), "key": "k"})
    set_database_actor(SYSTEM)
    dead.refresh_from_db()
    assert (dead.state, dead.tries) == (State.WAITING, 0)
    Message.objects.filter(pk=dead.pk).update(state=State.FAILED)
    client.post(f"{here}act", {"act": "drop", "letter": str(dead.pk), "key": "l"})
    page = client.get(here).content.decode()
    assert "Tin nào cũng gửi được" in page
    assert "Thôi gửi thư chưa gửi được" in client.get("/administration/trail/").content.decode()
    assert sending.send_waiting(at=now) == 0
    night = timezone.localtime(now).replace(hour=23, minute=10) - timedelta(days=1)
    telling.tell(channel="email", mark="night", subject="Việc", body="x", address="hoa@example.vn", at=night)
    Message.objects.filter(mark="night").update(quiet_from=21, quiet_to=7)
    assert letters.tell_administrators(at=night + timedelta(hours=2)) == 0
    with time_machine.travel(night + timedelta(hours=2), tick=False):
        client = world.client("an")
        page = client.get(here).content.decode()
    assert "Thư điện tử: 1 tin chờ hết giờ yên tĩnh, gửi từ 07:00." in page and "MOTCUA_SMTP_HOST" not in page
    world.positions.pop("an")
