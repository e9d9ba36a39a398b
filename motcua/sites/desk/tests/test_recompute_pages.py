"""The pages on which dates are counted anew: started from a day, chosen by one, approved by another, logged."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone

from motcua.base.calendars.models import Day, DayKind
from motcua.base.calendars.operations import days
from motcua.base.outbox.models import Message
from motcua.cli.commands.calendar import calendar as calendar_command
from motcua.config.subscriptions import SUBSCRIPTIONS
from motcua.dossiers.models import Dossier, Recompute
from motcua.dossiers.operations import recompute
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
TEXT = "Công điện 7/CĐ-TTg"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def storm(world) -> tuple[Dossier, Day]:
    """A dossier received today, and a day off that came later for the day it is promised for."""
    set_database_actor(SYSTEM)
    dossier = take_in(world, at=timezone.now() - timedelta(hours=1))
    day = days.add_day(
        on=timezone.localdate(dossier.due_at), kind=DayKind.DAY_OFF, name="Nghỉ bão", source=TEXT, actor=SYSTEM,
        at=timezone.now(), calendar_id=world.home.calendar_id,
    )  # fmt: skip
    return dossier, day


def work():
    set_database_actor(SYSTEM)
    recompute.run(at=timezone.now())


def test_two_administrators_move_a_date_on_the_pages(log_in, world, storm):
    dossier, day = storm
    kim, an = log_in("kim"), log_in("an")
    page = text(kim.get(f"/calendars/{world.home.calendar_id}/days/{day.pk}/"))
    assert f"/calendars/days/{day.pk}/recompute/" in page
    answer = kim.post(f"/calendars/days/{day.pk}/recompute/", {"key": "start"})
    here = answer["Location"]
    assert "Đang tính" in text(kim.get(here))
    work()
    page = text(kim.get(here))
    assert dossier.code in page and TEXT in page and "1 muộn hơn, 0 sớm hơn" in page

    assert kim.post(f"{here}act/", {"act": "propose", "choice": "move", "reason": ""}).status_code == 422
    kim.post(f"{here}act/", {"act": "propose", "choice": "move", "reason": "Cả đặc khu nghỉ", "key": "p"})
    page = text(kim.get(here))
    assert "chờ một người giữ lịch khác duyệt" in page and 'value="approve"' not in page
    refused = kim.post(f"{here}act/", {"act": "approve", "key": "own"})
    assert refused.status_code == 422 and "Nhờ một người giữ lịch khác" in text(refused)

    assert "Duyệt: dời 1 hồ sơ" in text(an.get(here))
    an.post(f"{here}act/", {"act": "approve", "key": "a"})
    work()
    before = dossier.due_at
    dossier.refresh_from_db()
    assert before is not None and dossier.due_at is not None and dossier.due_at > before
    log = text(an.get("/calendars/recomputes/"))
    assert "Đã dời xong" in log and "Quản trị nghiệp vụ Kim, Quản trị An" in log
    assert "Hẹn lại theo lịch làm việc" in text(world.client("hoa").get(f"/dossiers/{dossier.code}/due/"))


def test_others_see_no_dossiers_and_no_buttons(log_in, world, storm):
    _dossier, day = storm
    assert log_in("minh").post(f"/calendars/days/{day.pk}/recompute/", {}).status_code == 403
    assert log_in("minh").get("/calendars/recomputes/").status_code == 403
    assert not Recompute.objects.exists()


def test_the_news_of_a_new_recompute_is_heard(log_in, storm):
    _dossier, day = storm
    log_in("kim").post(f"/calendars/days/{day.pk}/recompute/", {"key": "start"})
    news = Message.objects.get(name="dossiers.recompute_waits")
    for _twice in range(2):  # it rings the worker's bell, once however often
        for handler in SUBSCRIPTIONS[news.name]:
            handler(news.payload)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = %s", [recompute.JOB])
        assert cursor.fetchone() == (1,)


def test_a_dry_run_counts_and_writes_nothing(world, storm):
    dossier, day = storm
    said = CliRunner().invoke(
        calendar_command, ["recompute", f"{day.on:%Y-%m-%d}", "--calendar", "THU", "--dry-run", "--json"]
    )
    assert said.exit_code == 0, said.output
    found = json.loads(said.output)
    assert (found["later"], found["earlier"]) == (1, 0) and len(found["procedures"]) == 1
    assert not Recompute.objects.exists() and dossier.due_at is not None
