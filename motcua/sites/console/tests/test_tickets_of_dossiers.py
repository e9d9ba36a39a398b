"""A called ticket and the dossiers it brings: joined by what is done at the counter, by hand, and taken off again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.counters.models import Ticket
from motcua.counters.operations import calling
from motcua.counters.states import State
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, HallTicket
from motcua.dossiers.operations import hall_tickets, intake
from motcua.dossiers.tests.lives import plan, take_in
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import NotPermitted
from motcua.sites.console.tests.conftest import Hallway
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def served(hallway: Hallway, db: None) -> Ticket:
    """A number that Minh has called."""
    hallway.sit("minh", 0, "A")
    hallway.take()
    ticket = calling.call_next(actor=hallway.world.actor("minh"), at=timezone.now(), key="")
    assert ticket is not None
    return ticket


def page(client: Client, dossier: Dossier) -> str:
    text = client.get(f"/dossiers/{dossier.code}/").content.decode()
    set_database_actor(SYSTEM)
    return str(text)


def test_dossiers_accepted_meanwhile_are_joined_and_service_has_begun(
    hallway: Hallway, served: Ticket
) -> None:
    one, two = take_in(hallway.world, at=timezone.now()), take_in(hallway.world, at=timezone.now(), key="two")
    assert set(HallTicket.objects.values_list("dossier_id", "ticket_id", "how")) == {
        (one.pk, served.pk, "accept"), (two.pk, served.pk, "accept"),
    }  # fmt: skip
    assert Ticket.objects.get().state == State.SERVING
    entry = queries.history(one).get(verb="accept")
    assert entry.payload["ticket"] == served.label
    shown = hallway.world.client("minh").get("/counter/").content.decode()
    assert one.code in shown and two.code in shown
    assert served.label in page(hallway.world.client("minh"), one)


def test_what_came_online_is_nobodys_visit_while_it_is_looked_at(hallway: Hallway, served: Ticket) -> None:
    minh, at = hallway.world.actor("minh"), timezone.now()
    for key, channel in (("post", "post"), ("online", "online")):
        sent = intake.submit(intake=plan(hallway.world, minh, channel=channel), actor=minh, at=at, key=key)
        intake.accept(dossier_id=sent.pk, actor=minh, at=at, key=f"{key} in")
        assert "ticket" not in queries.history(sent).get(verb="accept").payload
    assert not HallTicket.objects.exists() and Ticket.objects.get().state == State.CALLED


def test_without_a_ticket_and_when_it_is_done_nothing_is_joined(hallway: Hallway, served: Ticket) -> None:
    calling.finish(ticket_id=served.pk, actor=hallway.world.actor("minh"), at=timezone.now(), key="")
    dossier = take_in(hallway.world, at=timezone.now())
    assert not HallTicket.objects.exists()
    assert "ticket" not in queries.history(dossier).get(verb="accept").payload
    assert hall_tickets.at_the_counter(PUBLIC) is None


def test_the_same_press_twice_joins_once(hallway: Hallway, served: Ticket) -> None:
    for _twice in range(2):
        take_in(hallway.world, at=timezone.now(), key="same")
    assert HallTicket.objects.count() == 1


def join(client: Client, dossier: Dossier, label: str, **more: Any) -> Any:
    answer = client.post(f"/dossiers/{dossier.code}/tickets/", {"label": label, "key": uuid4().hex, **more})
    set_database_actor(SYSTEM)
    return answer


def test_a_ticket_of_today_is_joined_by_hand_and_taken_off_with_history(hallway: Hallway) -> None:
    dossier, minh = take_in(hallway.world, at=timezone.now()), hallway.world.client("minh")
    ticket, other = hallway.take(), hallway.take("B")
    assert join(minh, dossier, " a001 ").status_code == 302
    assert join(minh, dossier, other.label).status_code == 302  # several tickets for one dossier
    again = join(minh, dossier, ticket.label)
    assert again.status_code == 422 and "đã gắn" in again.content.decode()
    row = HallTicket.objects.get(ticket=ticket)
    address = f"/dossiers/{dossier.code}/tickets/{row.pk}/off/"
    for _twice in range(2):
        assert minh.post(address).status_code == 302
    set_database_actor(SYSTEM)
    assert HallTicket.objects.filter(removed_at=None).get().ticket_id == other.pk
    verbs = list(queries.history(dossier).values_list("verb", flat=True))
    assert verbs.count("join_ticket") == 2 and verbs.count("take_off_ticket") == 1
    text = page(minh, dossier)
    assert "Gỡ số thứ tự A001" in text and "Gắn số thứ tự B001" in text


@pytest.mark.parametrize("label", ["", "Z999", "A001A001A001A001", "'; --", "A 00"])
def test_a_number_nobody_holds_is_refused_with_what_was_typed(hallway: Hallway, label: str) -> None:
    dossier = take_in(hallway.world, at=timezone.now())
    answer = join(hallway.world.client("minh"), dossier, label)
    assert answer.status_code == 422 and not HallTicket.objects.exists()


def test_a_number_of_yesterday_and_one_that_was_voided_are_refused(hallway: Hallway) -> None:
    dossier, minh = take_in(hallway.world, at=timezone.now()), hallway.world.client("minh")
    hallway.take(ago=24 * 60)
    assert join(minh, dossier, "A001").status_code == 422
    ticket = hallway.take("B")
    Ticket.objects.filter(pk=ticket.pk).update(state=State.VOID, ended_at=timezone.now())
    assert join(minh, dossier, ticket.label).status_code == 422


def test_whoever_does_not_serve_in_the_hall_joins_nothing(hallway: Hallway) -> None:
    dossier = take_in(hallway.world, at=timezone.now())
    ticket = hallway.take()
    assert join(hallway.world.client("hoa"), dossier, ticket.label).status_code == 403
    assert "ticket-label" not in page(hallway.world.client("hoa"), dossier)
    assert join(hallway.world.client("binh"), dossier, ticket.label).status_code == 404
    with pytest.raises(NotPermitted):
        hall_tickets.take_off(
            dossier=dossier, joined_id=uuid4(), actor=hallway.world.actor("hoa"), at=timezone.now()
        )


def test_tickets_of_a_dossier_stand_behind_its_wall(hallway: Hallway, served: Ticket) -> None:
    take_in(hallway.world, at=timezone.now())
    set_database_actor(hallway.world.actor("binh"))
    hidden = HallTicket.objects.count()
    set_database_actor(hallway.world.actor("minh"))
    seen = HallTicket.objects.count()
    set_database_actor(SYSTEM)
    assert (hidden, seen) == (0, 1)


def test_the_times_of_a_visit_stand_at_the_dossier(hallway: Hallway, served: Ticket) -> None:
    dossier = take_in(hallway.world, at=timezone.now())
    at = timezone.now()
    calling.finish(
        ticket_id=served.pk, actor=hallway.world.actor("minh"), at=at + timedelta(minutes=7), key=""
    )
    assert "chờ 10 phút, phục vụ 7 phút" in page(hallway.world.client("minh"), dossier)
