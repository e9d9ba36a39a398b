"""The page of a number in a browser: it keeps itself up to date, and tells its holder when the turn is near."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from motcua.counters import entrance
from motcua.counters.models import Ticket
from motcua.counters.operations import calling
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld
from tests.harness.screens import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.usefixtures("not_just_past_midnight"),
]
SPY = "window.shaken = []; navigator.vibrate = (how) => { window.shaken.push(how); return true; };"


def look(page: Page) -> None:
    """Come back to the page, as somebody who had the phone in the pocket."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_from_the_door_to_the_counter(hall: HallWorld, page: Page, site: Client) -> None:
    hall.now = timezone.now() - timedelta(minutes=15)
    before = [hall.take("A") for _number in range(5)]
    page.set_viewport_size({"width": 360, "height": 740})
    page.add_init_script(SPY)
    page.goto(f"http://localhost/lay-so/{hall.hall.pk}/{entrance.code_of(hall.hall, timezone.now())}/")
    screens(page, "phone-journey-choose", (360,))
    page.get_by_role("button", name="Hộ tịch").click()  # the second touch after the scan
    turn = page.locator("#turn")
    expect(turn).to_contain_text("A006")
    expect(turn).to_contain_text("Trước anh/chị còn 5 người")
    page.get_by_role("button", name="Báo cho tôi khi gần đến lượt").click()
    expect(page.locator("#bell")).to_contain_text("Đã bật báo")
    mine = Ticket.objects.get(label="A006")
    assert mine.state == State.WAITING

    for _call in range(2):
        hall.next("be")
    look(page)
    expect(turn).to_contain_text("Sắp đến lượt: còn 3 lượt")
    assert "còn 3 lượt" in page.title() and len(page.evaluate("window.shaken")) == 2  # the touch, and this
    for _call in range(4):
        hall.next("be")
    look(page)
    expect(turn).to_contain_text("Quầy số 2")
    assert "mời đến quầy 2" in page.title() and len(page.evaluate("window.shaken")) == 3
    screens(page, "phone-journey-called", (360,))
    look(page)
    assert len(page.evaluate("window.shaken")) == 3  # nothing new, nothing told

    for _again in range(2):
        calling.recall(
            ticket_id=mine.pk, actor=hall.officers["be"], at=hall.later(seconds=20), key=uuid4().hex
        )
    calling.no_show(ticket_id=mine.pk, actor=hall.officers["be"], at=timezone.now(), key=uuid4().hex)
    look(page)
    expect(turn).to_contain_text("Đã gọi mà chưa thấy anh/chị")
    turn.get_by_role("button", name="Tôi đã quay lại").click()
    expect(turn).to_contain_text("anh/chị là người tiếp theo")
    assert page.complaints == [] and len(before) == 5  # type: ignore[attr-defined]


def test_a_paper_number_is_kept_by_opening_its_page(hall: HallWorld, page: Page, site: Client) -> None:
    hall.now = timezone.now()
    mine = hall.take("A", real=False)
    page.goto(f"http://localhost/so/{mine.token}/")
    expect(page.locator("#turn")).to_contain_text("anh/chị là người tiếp theo")
    connections["default"].ensure_connection()
    assert Ticket.objects.get(pk=mine.pk).state == State.WAITING


def test_a_lost_connection_is_said_and_found_again(hall: HallWorld, page: Page, site: Client) -> None:
    hall.now = timezone.now()
    mine = hall.take("A")
    page.goto(f"http://localhost/so/{mine.token}/")
    page.context.set_offline(True)
    page.route("**/*phan=1", lambda one: one.abort())
    for _try in range(3):
        look(page)
        page.wait_for_timeout(150)
    expect(page.locator("#lost")).to_be_visible()
    page.unroute("**/*phan=1")
    page.context.set_offline(False)
    look(page)
    expect(page.locator("#lost")).to_be_hidden()
