"""Ratings that look arranged: each pattern at its edge, flagged and counted apart; who rated stays hidden."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.feedback import queries
from motcua.feedback.models import Rating, RatingFlag, RatingTrace
from motcua.feedback.operations.ratings import flag_arranged, rate
from motcua.feedback.patterns import Pattern, Seen, arranged
from motcua.feedback.queries import Visit, Wanted
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.ui.routing import set_database_actor

NOON = datetime.fromisoformat("2026-11-02T10:00:00+07:00")


def seen(
    seconds: float, device: str = "a", counter: int | None = None, content: str = "5", kiosk: bool = False
) -> Seen:
    return Seen(uuid4(), NOON + timedelta(seconds=seconds), device.encode(), kiosk, counter, content.encode())


def kinds(traces: list[Seen], *, is_open: bool = True) -> list[str]:
    """Return the patterns of each trace, in their order."""
    found = arranged(traces, lambda _moment: is_open)
    return ["".join(sorted(found.get(one.rating, ()))) for one in traces]


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ([seen(100 * n) for n in range(6)], ["device"] * 6),
        ([seen(100 * n) for n in range(5)], [""] * 5),
        ([seen(121 * n) for n in range(6)], [""] * 6),  # ten minutes and five seconds
        ([seen(40 * n, kiosk=True) for n in range(12)], [""] * 12),
        ([seen(40 * n, kiosk=True) for n in range(13)], ["device"] * 13),
        ([seen(15 * n, str(n), 3) for n in range(4)], ["counter"] * 4),
        ([seen(15 * n, str(n), 3) for n in range(3)], [""] * 3),
        ([seen(16 * n, str(n), 3) for n in range(9)], [""] * 9),
        ([seen(5 * n, str(n), 3 + (n == 2)) for n in range(5)], [""] * 5),
        ([seen(5 * n, str(n)) for n in range(9)], [""] * 9),  # dossiers have no counter
    ],
)
def test_each_pattern_begins_where_it_says(traces: list[Seen], expected: list[str]) -> None:
    assert kinds(traces) == expected


def test_alike_after_hours_is_flagged_different_ones_and_those_of_the_day_are_not() -> None:
    evening = [seen(300 * n, str(n), 3) for n in range(4)]
    assert kinds(evening, is_open=False) == ["alike"] * 4
    assert kinds(evening) == [""] * 4
    assert kinds([seen(300 * n, str(n), 3, str(n)) for n in range(4)], is_open=False) == [""] * 4
    assert kinds([seen(300 * n, str(n)) for n in range(9)], is_open=False) == [""] * 9, "each from a home"


@given(
    st.lists(
        st.tuples(st.integers(0, 4000), st.sampled_from("ab"), st.sampled_from([None, 1, 2])), max_size=25
    )
)
@settings(max_examples=60, deadline=None)
def test_a_device_is_flagged_exactly_when_a_window_is_too_full(
    rows: list[tuple[int, str, int | None]],
) -> None:
    traces = [seen(*row) for row in rows]
    found = arranged(traces, lambda _moment: True)
    for one in traces:
        windows = [
            [other for other in traces if other.device == one.device and start <= other.at <= start + timedelta(minutes=10)]
            for start in (other.at for other in traces if other.device == one.device)
        ]  # fmt: skip
        full = any(len(window) > 5 and one in window for window in windows)
        assert (Pattern.DEVICE in found.get(one.rating, set())) == full


def rated(world: World, at: datetime, device: str = "192.0.2.1", score: int = 5) -> None:
    visit = Visit(world.home.pk, uuid4().hex, "dossier", "Khai sinh")
    rate(visit=visit, score=score, channel="web", device=device, actor=PUBLIC, at=at, key=uuid4().hex)


@pytest.mark.django_db
@pytest.mark.sql
def test_flagged_ratings_are_counted_apart_and_the_traces_go(world: World) -> None:
    for number in range(7):
        rated(world, NOON + timedelta(seconds=30 * number))
    rated(world, NOON, device="192.0.2.2", score=2)
    assert flag_arranged(at=NOON + timedelta(hours=1)) == 7
    assert flag_arranged(at=NOON + timedelta(hours=1)) == 0
    leader, day = world.actor("tuan"), timezone.localdate(NOON)
    assert queries.totals(queries.ratings(leader, Wanted(day, day)))["count"] == 1
    apart = queries.ratings(leader, Wanted(day, day, flagged=True))
    assert queries.totals(apart)["count"] == 7 and Rating.objects.count() == 8
    page = world.client("tuan").get(f"/ratings/?since={day:%d/%m/%Y}&until={day:%d/%m/%Y}").content.decode()
    set_database_actor(SYSTEM)
    assert "7 đánh giá có vẻ sắp đặt" in page
    assert RatingTrace.objects.count() == 8
    flag_arranged(at=NOON + timedelta(days=1))
    assert not RatingTrace.objects.exists() and RatingFlag.objects.count() == 7
    with connection.cursor() as cursor:
        for sql in ("delete from feedback_ratingflag", "update feedback_ratingflag set why = '[]'"):
            cursor.execute(sql)
            assert cursor.rowcount == 0, "no policy lets anybody do that"


@pytest.mark.django_db
@pytest.mark.sql
def test_the_rated_officer_finds_nothing_that_tells_who(world: World) -> None:
    """As the officer at the counter: no page, no row of a trace, and in the rows no moment and no name."""
    rated(world, NOON)
    client = world.client("minh")
    for address in ("/ratings/", "/rating-questions/", "/administration/trail/", "/administration/readings/"):
        assert client.get(address).status_code == 403, address
    assert "Khai sinh" not in client.get("/petitions/").content.decode()
    try:
        set_database_actor(world.actor("minh"))
        assert not RatingTrace.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("select to_jsonb(r) - 'day' from feedback_rating r")
            text = str(cursor.fetchall())
            assert "192.0.2.1" not in text and "2026" not in text and "10:00" not in text
            cursor.execute(
                "select count(*) from audit_entry where verb like 'rat%%' or payload::text like '%%rating%%'"
            )
            assert cursor.fetchone() == (0,)
    finally:
        set_database_actor(SYSTEM)
    number = Rating.objects.get().pk
    assert isinstance(number, UUID) and number.version == 4, "a UUIDv7 would tell the moment"


@pytest.mark.django_db
def test_a_rating_changed_on_its_day_leaves_one_trace(world: World) -> None:
    visit = Visit(world.home.pk, uuid4().hex, "dossier", "Khai sinh")
    for score, again in ((2, False), (5, True)):
        rate(
            visit=visit,
            score=score,
            channel="web",
            device="a",
            again=again,
            actor=PUBLIC,
            at=NOON,
            key=uuid4().hex,
        )
    assert Rating.objects.get().score == 5 and RatingTrace.objects.count() == 1


@pytest.mark.django_db
def test_a_page_on_the_phone_rates_a_dossier_by_its_slip(world: World) -> None:
    from motcua.dossiers.models import Dossier
    from motcua.dossiers.tests.lives import take_in

    dossier = take_in(world)
    client, slip = Client(HTTP_HOST="localhost"), {"token": dossier.token}
    assert "chưa có kết quả" in client.post("/danh-gia/ho-so/", slip).content.decode()
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=dossier.pk).update(status=10, returned_at=timezone.now())
    with time_machine.travel(timezone.now(), tick=False):
        asked = client.post("/danh-gia/ho-so/", {"code": dossier.code, "secret": dossier.secret})
        assert 'name="score"' in asked.content.decode()
        done = client.post("/danh-gia/ho-so/", {**slip, "score": "5", "key": uuid4().hex})
        assert "Cảm ơn" in done.content.decode()
        assert client.post("/danh-gia/ho-so/", {"token": "x" * 22}).status_code == 404
        form = client.post("/phan-anh/ve-ho-so/", {**slip, "ve": "result"}).content.decode()
        assert dossier.code in form and 'name="proof"' in form
    set_database_actor(SYSTEM)
    assert Rating.objects.get().score == 5
