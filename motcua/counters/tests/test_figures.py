"""Figures of a hall: what they count, that each opens exactly what it counts, and the copies as files."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.counters import charts, copies, figure_words, figures
from motcua.counters.figures import Asked
from motcua.counters.models import Service
from motcua.counters.operations import calling, tickets
from motcua.counters.operations.copying import note_copy
from motcua.counters.states import State
from motcua.counters.tests.hall_world import HallWorld
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotPermitted, Refusal

pytestmark = pytest.mark.django_db


def _asked(hall: HallWorld, **more: str) -> Asked:
    day = timezone.localdate(hall.now)
    return figures.asked(hall.hall, SYSTEM, since=day, until=day, **more)


@pytest.fixture
def played(hall: HallWorld) -> HallWorld:
    """A morning: three served, one transferred, one absent, one void, one given back, one waiting."""
    an, be = hall.officers["an"], hall.officers["be"]
    for prefix in "AAB":
        hall.take(prefix)
    for number, minutes in enumerate((10, 20, 30)):  # waits 10, then what the others make of it
        hall.later(minutes=minutes - 1)
        hall.next("an")
        calling.start(ticket_id=hall.taken[number].pk, actor=an, at=hall.later(seconds=30), key=uuid4().hex)
    moved = hall.take("A", priority="elderly")
    hall.next("be")
    calling.transfer(
        ticket_id=moved.pk,
        service_id=hall.services["B"].pk,
        actor=be,
        at=hall.later(minutes=3),
        key=uuid4().hex,
    )
    hall.next("an")
    calling.finish(ticket_id=moved.pk, actor=an, at=hall.later(minutes=7), key=uuid4().hex)
    gone = hall.take("A")
    hall.next("be")
    for _again in range(2):
        calling.recall(ticket_id=gone.pk, actor=be, at=hall.later(seconds=40), key=uuid4().hex)
    calling.no_show(ticket_id=gone.pk, actor=be, at=hall.later(seconds=40), key=uuid4().hex)
    calling.expire(hall_id=hall.hall.pk, actor=SYSTEM, at=hall.later(minutes=16))
    tickets.void(ticket_id=hall.take("C").pk, reason="=1+1", actor=an, at=hall.now, key=uuid4().hex)
    tickets.cancel(token=hall.take("C").token, actor=SYSTEM, at=hall.now, key="")
    hall.take("B")
    return hall


def test_what_they_count(played: HallWorld) -> None:
    found = figures.read(_asked(played))
    whole = found.whole
    counts = (
        whole.issued,
        whole.called,
        whole.served,
        whole.absent,
        whole.transferred,
        whole.void,
        whole.cancelled,
    )
    assert counts == (8, 5, 4, 1, 1, 1, 1)
    assert whole.waited.median is not None and whole.waited.p80 >= whole.waited.median
    assert whole.absent_rate == 20 and whole.told == 5
    services = {one.words[0]: one for one in found.tables["service"]}
    assert (services["A"].served, services["B"].served, services["B"].transferred) == (2, 2, 1)
    assert {one.value for one in found.tables["priority"]} == {"", "elderly"}
    assert {one.words: one.served for one in found.tables["officer"]} == {"Cán bộ an": 4}
    assert sum(one.issued for one in found.tables["hour"]) == 8


def test_a_recall_does_not_make_the_wait_longer(played: HallWorld) -> None:
    rows, _older = figures.page(_asked(played, only="absent"))
    assert len(rows) == 1 and rows[0].waited < 1.5, (
        "called again twice, but the wait ended with the first call"
    )


def test_each_figure_opens_what_it_counts(played: HallWorld) -> None:
    asked = _asked(played)
    found = figures.read(asked)
    names = {"": "issued", "called": "called", "served": "served", "absent": "absent", "transferred": "transferred",
             "void": "void", "cancelled": "cancelled", "told": "told", "day_over": "day_over"}  # fmt: skip
    lines = [found.whole, *(one for table in found.tables.values() for one in table)]
    for line in lines:
        for only, name in names.items():
            behind = replace(asked, by=line.by, value=line.value, only=only)
            rows, _older = figures.page(behind)
            assert len(rows) == figures.count(behind) == getattr(line, name), (line.by, line.value, only)
    missed, _older = figures.page(replace(asked, only="missed"))
    assert len(missed) == found.whole.told - found.whole.hit


def test_the_list_turns_its_pages(played: HallWorld) -> None:
    first, older = figures.page(_asked(played), size=5)
    rest, end = figures.page(_asked(played), before=older, size=5)
    assert (len(first), len(rest), end) == (5, 3, None)
    assert len({one.id for one in (*first, *rest)}) == 8


def test_a_clock_set_back_makes_no_negative_time(hall: HallWorld) -> None:
    ticket = hall.take("A")
    calling.call_next(actor=hall.officers["an"], at=hall.now - timedelta(minutes=20), key=uuid4().hex)
    calling.finish(
        ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.now - timedelta(minutes=30), key=uuid4().hex
    )
    whole = figures.read(_asked(hall)).whole
    assert (whole.waited.mean, whole.took.mean) == (0.0, 0.0)


def test_the_page_says_them(played: HallWorld, settings: Any) -> None:
    settings.ROOT_URLCONF = "motcua.config.urls_staff"
    asked = _asked(played)
    found = figures.read(asked)
    tables = figure_words.tables(asked, found)
    assert [len(one.rows) for one in tables][:1] == [3] and "only=served" in str(tables[0].rows[0][2])
    assert 'role="img"' in figure_words.by_hour(found)
    assert (
        figures.read(
            replace(asked, since=asked.since - timedelta(9), until=asked.since - timedelta(9))
        ).whole.issued
        == 0
    )
    assert (
        not figures.sound("service", "1 or 1=1")
        and not figures.sound("day", "x")
        and not figures.sound("channel", "x")
    )
    assert charts.nice_top(0) == 2 and charts.nice_top(11) == 20 and charts.nice_top(10) == 10


def test_copies(played: HallWorld) -> None:
    asked, words = _asked(played), figures.words_of(played.hall)
    out = io.BytesIO()
    assert copies.write("csv", "x", figures.every(asked), words, out) == 8
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 9 and rows[0][1] == "Số"
    assert [row[19] for row in rows if row[6] == "Hủy số"] == ["'=1+1"], "a spreadsheet must not reckon it"
    out = io.BytesIO()
    copies.write("xlsx", "Sảnh", figures.every(asked), words, out)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet.max_row == 10 and sheet["B3"].value == "A001"
    assert sheet["H3"].value == timezone.localtime(played.taken[0].issued_at).replace(
        tzinfo=None, microsecond=0
    )
    assert [row[19] for row in sheet.iter_rows(values_only=True) if row[6] == "Hủy số"] == ["=1+1"]


def test_a_copy_is_noted_and_too_long_a_one_refused(played: HallWorld) -> None:
    asked = _asked(played)
    with pytest.raises(Refusal) as refused:
        note_copy(asked=asked, kind="csv", most=7, actor=SYSTEM, at=played.now)
    assert refused.value.code == "too_long"
    assert note_copy(asked=asked, kind="csv", most=8, actor=SYSTEM, at=played.now) == 8
    assert Entry.objects.get(verb="hall.copy_figures").payload["tickets"] == 8
    with pytest.raises(NotPermitted):
        note_copy(asked=asked, kind="csv", most=8, actor=played.officers["an"], at=played.now)


@pytest.mark.long
def test_a_hundred_thousand_tickets_in_little_memory(hall: HallWorld) -> None:
    import resource

    with connection.cursor() as cursor:
        cursor.execute(
            "insert into counters_ticket (id, home_agency_id, hall_id, day, label, line, token, service_id,"
            " first_service_id, priority, channel, state, calls, staffed, issued_at, real_at, ended_at, reason)"
            " select gen_random_uuid(), s.agency_id, h.id, %s::date, 'A' || n, n * 1000, md5(n::text), %s, %s, '',"
            " 'kiosk', 'cancelled', 0, 0, %s::timestamptz, %s::timestamptz, %s::timestamptz, ''"
            " from generate_series(1, 100000) n, counters_hall h join agencies_point p on p.id = h.point_id"
            " join agencies_onestopshop s on s.id = p.shop_id where h.id = %s",
            [timezone.localdate(hall.now), *[hall.services["A"].pk] * 2, *[hall.now] * 3, hall.hall.pk],
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = io.BytesIO()
    asked = _asked(hall)
    assert copies.write("xlsx", "x", figures.every(asked), figures.words_of(hall.hall), out) == 100_000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 120, "MB"
    assert figures.read(asked).whole.issued == 100_000


def test_ended_services_keep_their_name(played: HallWorld) -> None:
    Service.objects.filter(pk=played.services["C"].pk).update(valid_to=timezone.localdate(played.now))
    words = {one.words for one in figures.read(_asked(played)).tables["service"]}
    assert "C · Việc khác" in words
    assert State.VOID in {row.state for row in figures.page(_asked(played))[0]}
