"""One question, one answer: how long a newcomer waits is the same at the kiosk, on a phone, on a screen and on paper."""

import re
from dataclasses import replace
from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from motcua.counters import phone_words, printing, queries, standing
from motcua.counters.estimates import Range
from motcua.counters.operations import bookings
from motcua.counters.operations import slots as slot_acts
from motcua.counters.order import Waiting
from motcua.counters.tests.hall_world import KIOSK, HallWorld
from motcua.lib.actor import SYSTEM
from motcua.sites.boards import queries as boards
from motcua.sites.kiosk import choices

pytestmark = pytest.mark.django_db


def figures(words: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", words)]


def test_kiosk_phone_screen_and_ticket_say_the_same(hall: HallWorld) -> None:
    service, weekday = hall.services["A"].pk, timezone.localtime(hall.now).weekday()
    slot_acts.add_rules(
        service_id=service, weekdays=[weekday], from_time=time(8), to_time=time(9), minutes=30, capacity=3,
        valid_from=timezone.localdate(hall.now), actor=SYSTEM, at=hall.now, key="",
    )  # fmt: skip
    eight = timezone.localtime(hall.now).replace(hour=8, minute=0, second=0, microsecond=0)
    for number in range(3):
        bookings.book(
            service_id=service, starts_at=eight, channel="web", actor=KIOSK, at=hall.now, key=f"b{number}"
        )
    for number in range(9):
        hall.take("A", priority="" if number % 3 else "elderly")
    at = hall.later(minutes=10)
    told = queries.told(hall.hall.pk, service, priority=False, at=at)
    assert told is not None and told.low > 1
    line, me = queries.line_of(hall.hall.pk, at=at), Waiting(key="me", service=service, line=2**62)
    assert replace(line, to_come=[], favoured={}).waits([me])["me"] != told, "bookings and priority count"

    (offer,) = [one for one in choices.offers(hall.hall, at) if one.service.pk == service]
    (seen,) = [one for one in standing.outlook(hall.hall, at) if one.service.pk == service]
    (row,) = [one for one in boards.waits(hall.hall, at) if one.prefix == "A"]
    assert offer.wait == seen.wait == told and row.range == told.said
    assert offer.waiting == seen.waiting == row.waiting == 9
    ticket = hall.take("A")
    assert (ticket.told_low, ticket.told_high) == (told.low, told.high)
    said = figures(phone_words.minutes(told.said.low) + phone_words.minutes(told.said.high))
    assert figures(offer.wait_words) == figures(phone_words.waiting(seen.wait)) == said
    assert figures(printing._told(ticket)) == said
    faster = queries.newcomers(hall.hall.pk, [service], at=at, priority=True)[service].wait
    assert faster is not None and faster.high < told.high


def test_a_range_is_said_alike_and_never_as_one_number() -> None:
    said = {
        Range(0, 1): (0, 3), Range(1, 2): (0, 3), Range(2, 6): (2, 6), Range(4, 25): (0, 25), Range(22, 41): (20, 45)
    }  # fmt: skip
    for wait, (low, high) in said.items():
        assert (wait.said.low, wait.said.high) == (low, high)
        assert wait.said.said == wait.said


def test_the_phones_pages_lead_on_to_everything_else(hall: HallWorld) -> None:
    ticket, phone = hall.take("A"), Client(HTTP_HOST="localhost")
    for path in ("/sanh/", f"/sanh/{hall.hall.pk}/", "/dat-lich/", "/so/", f"/so/{ticket.token}/"):
        page = phone.get(path, follow=True).content.decode()
        assert 'href="/tra-cuu"' in page and 'href="/thu-tuc"' in page, path
