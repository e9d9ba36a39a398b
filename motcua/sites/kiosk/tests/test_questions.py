"""Question sets at the kiosk: one question a view, each touch kept, nobody told who answered."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from motcua.agencies.roles import Role
from motcua.counters.models import Ticket
from motcua.counters.operations import calling
from motcua.counters.tests.hall_world import HallWorld, build
from motcua.feedback.models import QuestionSet, Rating
from motcua.feedback.operations import questions
from motcua.lib.actor import SYSTEM, Actor
from motcua.sites.kiosk.tests.kiosk_hall import Kiosk, pair
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None) -> Iterator[HallWorld]:
    made = build()
    made.sit("an", 0, "A", "B")
    with time_machine.travel(made.now, tick=False):
        yield made


@pytest.fixture
def kiosk(hall: HallWorld) -> Kiosk:
    return Kiosk(pair(hall)[1])


def asked_at_the_hall(hall: HallWorld, **more: object) -> QuestionSet:
    """Publish a set of three questions for the hall's agency, from today on."""
    facts = {
        "title": "Ở quầy", "basis": "Quyết định 1", "scale": "five", "valid_from": timezone.localdate(hall.now),
        "text": "Thái độ của cán bộ | tốt | khá | kém\nBảng chỉ dẫn\nChỗ ngồi chờ | đủ | thiếu", **more,
    }  # fmt: skip
    keeper = Actor(kind="officer", account_id=7, position_id=7, roles=frozenset({Role.BUSINESS_ADMIN}))
    common = {"actor": keeper, "at": hall.now}
    row = questions.draft(facts=questions.Facts(**facts), **common, key=uuid4().hex)  # type: ignore[arg-type]
    return questions.publish(set_id=row.pk, **common, key=uuid4().hex)  # type: ignore[arg-type]


def served(hall: HallWorld) -> Ticket:
    ticket = hall.take("A")
    hall.next()
    calling.finish(ticket_id=ticket.pk, actor=hall.officers["an"], at=hall.later(minutes=4), key=uuid4().hex)
    return ticket


def session_in(page: str) -> str:
    return re.findall(r'name="phien" value="([^"]+)"', page)[0]


def test_the_set_of_today_is_asked_one_question_a_view_and_each_touch_is_kept(
    hall: HallWorld, kiosk: Kiosk
) -> None:
    set_database_actor(SYSTEM)
    row, ticket = asked_at_the_hall(hall), served(hall)
    page = kiosk.said("danh-gia/", text="A001", score="4", reasons=["manner"])
    assert "Thái độ của cán bộ" in page and "Câu 1 trong 3" in page and "Bảng chỉ dẫn" not in page
    set_database_actor(SYSTEM)
    assert Rating.objects.get().question_set == row, "written before the first question"
    page = kiosk.said("danh-gia/cau-hoi/", **{"phien": session_in(page), "cau": "0", "tra-loi": "1"})
    assert "Bảng chỉ dẫn" in page and "Câu 2 trong 3" in page and "k-face" in page
    earlier = kiosk.said("danh-gia/cau-hoi/", phien=session_in(page), cau="1", lui="1")
    assert (
        "Thái độ của cán bộ" in earlier and "đã chọn lúc nãy" in earlier and "data-back-step" not in earlier
    )
    page = kiosk.said("danh-gia/cau-hoi/", **{"phien": session_in(earlier), "cau": "0", "tra-loi": "0"})
    page = kiosk.said("danh-gia/cau-hoi/", phien=session_in(page), cau="1")  # passed over
    assert "Chỗ ngồi chờ" in page and "data-back-step" in page
    last = {"phien": session_in(page), "cau": "2", "tra-loi": "1", "key": uuid4().hex}
    for _press in range(2):
        assert "Cảm ơn" in kiosk.said("danh-gia/cau-hoi/", **last)
    set_database_actor(SYSTEM)
    rating = Rating.objects.get()
    assert (rating.score, rating.reasons, rating.answers) == (4, ["manner"], {"q1": 0, "q3": 1})
    assert ticket.label not in json.dumps(rating.answers) and rating.channel == "kiosk"
    assert "đã được đánh giá" in kiosk.said("danh-gia/", text="A001", score="1"), "once a visit"


def test_a_sealed_word_is_good_at_its_kiosk_for_ten_minutes_and_answers_are_those_of_the_set(
    hall: HallWorld, kiosk: Kiosk
) -> None:
    set_database_actor(SYSTEM)
    asked_at_the_hall(hall)
    served(hall)
    seal = session_in(kiosk.said("danh-gia/", text="A001", score="5"))
    for wrong in ("7", "-1", "x", "<b>"):
        assert "Chạm vào một câu" in kiosk.said(
            "danh-gia/cau-hoi/", **{"phien": seal, "cau": "0", "tra-loi": wrong}
        )
    for number in ("9", "-1", "x", ""):
        assert "Bảng chỉ dẫn" in kiosk.said(
            "danh-gia/cau-hoi/", **{"phien": seal, "cau": number, "tra-loi": "2"}
        )
    set_database_actor(SYSTEM)
    other = Kiosk(pair(hall)[1])
    for machine, word in ((other, seal), (kiosk, f"{seal}x"), (kiosk, "")):
        assert "thôi hỏi" in machine.said("danh-gia/cau-hoi/", **{"phien": word, "cau": "1", "tra-loi": "5"})
    with time_machine.travel(hall.now + timedelta(minutes=11), tick=False):
        assert "thôi hỏi" in kiosk.said("danh-gia/cau-hoi/", **{"phien": seal, "cau": "1", "tra-loi": "5"})
    set_database_actor(SYSTEM)
    assert Rating.objects.get().answers == {"q1": 2}


def test_three_steps_are_asked_where_the_set_says_so(hall: HallWorld, kiosk: Kiosk) -> None:
    set_database_actor(SYSTEM)
    asked_at_the_hall(hall, scale="three", text="")
    served(hall)
    page = kiosk.said("da-quet/", text="A001", viec="danh-gia")
    assert re.findall(r'name="score" value="(\d)"', page) == ["5", "4", "2"]
    assert "một trong các mức" in kiosk.said("danh-gia/", text="A001", score="3")
    assert "Cảm ơn" in kiosk.said("danh-gia/", text="A001", score="2"), "no question more: the thanks at once"


def test_a_set_that_is_over_or_for_the_phone_is_not_asked(hall: HallWorld, kiosk: Kiosk) -> None:
    set_database_actor(SYSTEM)
    asked_at_the_hall(hall, channel="web")
    asked_at_the_hall(hall, valid_from=timezone.localdate(hall.now) + timedelta(days=1))
    served(hall)
    assert "Cảm ơn" in kiosk.said("danh-gia/", text="A001", score="5")
