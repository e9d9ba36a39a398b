"""Question sets: written as text, looked at, published, asked where they belong, and never changed after."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from motcua.agencies.roles import Role
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.intake_world import world as world  # the fixture
from motcua.feedback import queries
from motcua.feedback.forms.ratings import RatingForm
from motcua.feedback.models import QuestionSet, Rating
from motcua.feedback.operations import questions as operations
from motcua.feedback.operations.questions import Facts
from motcua.feedback.operations.ratings import rate
from motcua.feedback.queries import Visit, Wanted
from motcua.feedback.questions import READY, read, written
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

NOW = datetime.fromisoformat("2026-11-02T10:00:00+07:00")
TODAY = date(2026, 11, 2)
KEEPER = Actor(kind="officer", account_id=7, position_id=7, roles=frozenset({Role.BUSINESS_ADMIN}))


def made(
    text: str = "Thái độ | tốt | khá | kém\nTốc độ", *, publish: bool = True, **more: object
) -> QuestionSet:
    facts = {
        "title": "Bộ hỏi",
        "basis": "Quyết định 1",
        "scale": "five",
        "text": text,
        "valid_from": TODAY,
        **more,
    }
    row = operations.draft(facts=Facts(**facts), actor=KEEPER, at=NOW, key=uuid4().hex)  # type: ignore[arg-type]
    return operations.publish(set_id=row.pk, actor=KEEPER, at=NOW, key=uuid4().hex) if publish else row


@pytest.mark.parametrize("ready", READY, ids=lambda one: one.key)
def test_the_ready_sets_are_read_and_written_back(ready: object) -> None:
    questions = read(ready.text)  # type: ignore[attr-defined]
    assert written(questions) == ready.text  # type: ignore[attr-defined]
    assert len(questions) == {"five": 0, "three": 0, "criteria": 9, "sipas": 5}[ready.key]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "Một | hai",
        "Một | a | b | c | d | e | f",
        "| a | b",
        "Một\nMột",
        "x" * 201,
        "\n".join(map(str, range(16))),
    ],
)
def test_questions_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read(text)


@pytest.mark.django_db
def test_the_most_particular_published_set_is_asked(world: World) -> None:
    visit = Visit(world.home.pk, "m", "dossier", "Khai sinh", procedure_code="1.001193")
    common = made()
    made("Nháp", publish=False, agency_id=world.home.pk)
    assert queries.question_set_for(visit, "web", TODAY) == common
    of_agency = made(agency_id=world.home.pk)
    assert queries.question_set_for(visit, "web", TODAY) == of_agency
    of_procedure = made(procedure_code="1.001193", valid_from=TODAY + timedelta(days=1))
    assert queries.question_set_for(visit, "web", TODAY) == of_agency
    assert queries.question_set_for(visit, "web", TODAY + timedelta(days=1)) == of_procedure
    other = Visit(world.neighbour.pk, "m", "ticket", "Hộ tịch")
    assert queries.question_set_for(other, "kiosk", TODAY) == common
    operations.end(set_id=common.pk, actor=KEEPER, at=NOW, key=uuid4().hex)
    assert queries.question_set_for(other, "kiosk", TODAY) is None


@pytest.mark.django_db
@pytest.mark.sql
def test_a_published_set_stays_as_it_was(world: World) -> None:
    row = made()
    with pytest.raises(Conflict):
        operations.draft(
            facts=Facts("Khác", "Căn cứ", "five", "", TODAY),
            set_id=row.pk,
            actor=KEEPER,
            at=NOW,
            key=uuid4().hex,
        )
    with pytest.raises(NotPermitted):
        operations.end(set_id=row.pk, actor=world.actor("tuan"), at=NOW, key=uuid4().hex)
    late = made(publish=False, valid_from=TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="đã qua"):
        operations.publish(set_id=late.pk, actor=KEEPER, at=NOW, key=uuid4().hex)
    for sql in (
        "update feedback_questionset set title = 'x' where state = 'published'",
        "delete from feedback_questionset",
    ):
        with (
            pytest.raises((InternalError, ProgrammingError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


@pytest.mark.django_db
def test_answers_are_those_of_the_set_and_are_counted(world: World) -> None:
    row = made(agency_id=world.home.pk)
    visit = Visit(world.home.pk, uuid4().hex, "dossier", "Khai sinh")
    for wrong in ({"q1": 3}, {"q9": 1}, {"q2": 0}):
        with pytest.raises(Refusal):
            rate(
                visit=visit,
                score=5,
                channel="web",
                question_set=row,
                answers=wrong,
                actor=PUBLIC,
                at=NOW,
                key=uuid4().hex,
            )
    for number, answers in enumerate(({"q1": 2, "q2": 5}, {"q1": 0}, {})):
        rate(
            visit=Visit(world.home.pk, f"m{number}", "dossier", "Khai sinh"), score=5, channel="web", question_set=row,
            answers=answers, actor=PUBLIC, at=NOW, key=uuid4().hex,
        )  # fmt: skip
    rows = queries.ratings(world.actor("tuan"), Wanted(TODAY, TODAY))
    ((asked, lines),) = queries.answers(rows)
    assert asked == row and lines[0].counts == [("tốt", 1), ("khá", 0), ("kém", 1)]
    assert [count for _label, count in lines[1].counts] == [1, 0, 0, 0, 0]
    rate(
        visit=Visit(world.home.pk, "m1", "dossier", "Khai sinh"), score=4, channel="web", question_set=row,
        answers={"q1": 1}, again=True, actor=PUBLIC, at=NOW, key=uuid4().hex,
    )  # fmt: skip
    assert Rating.objects.get(visit="m1").answers == {"q1": 1}


@pytest.mark.django_db
def test_the_form_asks_the_set_and_a_reason_of_the_discontent() -> None:
    three = made(scale="three")
    form = RatingForm({"score": "2", "q1": "2", "reasons": ["waiting"]}, asked=three)
    assert form.is_valid() and form.answers == {"q1": 2}
    assert [value for value, _label in form.fields["score"].choices] == ["5", "4", "2"]  # type: ignore[attr-defined]
    assert not RatingForm({"score": "3"}, asked=three).is_valid()
    assert not RatingForm({"score": "2"}, asked=three).is_valid()
    assert not RatingForm({"score": "5", "q1": "9"}, asked=three).is_valid()


@pytest.mark.django_db
def test_an_administrator_writes_looks_and_publishes_on_the_page(world: World) -> None:
    from motcua.agencies.operations import people
    from motcua.ui.routing import set_database_actor

    unit = world.actor("hoa").unit_id or 0
    people.appoint(
        account_id=world.accounts["thu"].pk, unit_id=unit, title="Quản trị nghiệp vụ", roles=(Role.BUSINESS_ADMIN,),
        valid_from=date(2025, 7, 1), is_primary=False, actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    client = world.client("thu")
    session = client.session
    session["motcua.position"] = world.accounts["thu"].positions.latest("pk").pk
    session.save()
    form = client.get("/rating-questions/new/?from=criteria").content.decode()
    assert "Thái độ của cán bộ | tốt | khá | kém" in form
    facts = {"title": "Chín tiêu chí", "basis": "NĐ 61", "scale": "five", "text": "Thái độ | tốt | kém",
             "valid_from": f"{timezone.localdate():%d/%m/%Y}", "key": uuid4().hex}  # fmt: skip
    assert client.post("/rating-questions/new/", {**facts, "text": "Một | hai"}).status_code == 422
    there = client.post("/rating-questions/new/", facts)["Location"]
    assert "Người dân được hỏi như sau" in client.get(there).content.decode()
    client.post(f"{there}publish/", {"key": uuid4().hex})
    set_database_actor(SYSTEM)
    assert QuestionSet.objects.get().state == "published"
    client.post(f"{there}end/", {"key": uuid4().hex})
    set_database_actor(SYSTEM)
    assert QuestionSet.objects.get().valid_to == timezone.localdate()
