"""Who lets a program in, and where."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from motcua.agencies.models import Agency, Position
from motcua.agencies.operations import agencies
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.exchange.forms import ClientForm
from motcua.exchange.models import Client, Delivery, Scope, Webhook
from motcua.exchange.operations import clients
from motcua.exchange.operations.clients import ClientFacts
from motcua.exchange.tests.client_world import Caller, register
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql


def administrator(world: World, agency: Agency) -> Actor:
    minh = world.actor("minh")
    return replace(minh, roles=frozenset({Role.SYSTEM_ADMIN}), agency_id=agency.pk)


def facts_of(client: Client, **values: Any) -> ClientFacts:
    facts = {
        "name": client.name, "owner": client.owner, "contact": client.contact, "scopes": tuple(client.scopes),
        "agencies": tuple(client.agencies.values_list("pk", flat=True)), "expires_on": client.expires_on,
        "only_own": client.only_own, **values,
    }  # fmt: skip
    return ClientFacts(**facts)


def change(client: Client, actor: Actor, **values: Any) -> None:
    clients.change(
        client_id=client.pk, facts=facts_of(client, **values), actor=actor, at=timezone.now(), key=""
    )
    client.refresh_from_db()


def offered(actor: Actor, client: Client | None = None) -> set[int]:
    form = ClientForm(today=timezone.localdate(), actor=actor, client=client)
    return set(form.fields["agencies"].queryset.values_list("pk", flat=True))  # type: ignore[attr-defined]


def test_a_communes_administrator_opens_their_own_commune_alone(world: World, db: None) -> None:
    an = administrator(world, world.home)
    assert offered(an) == {world.home.pk}
    now = timezone.now()
    facts = ClientFacts(
        name="Cổng", owner="Văn phòng", contact="0900", scopes=(Scope.READ,), agencies=(world.neighbour.pk,),
        expires_on=timezone.localdate(now) + timedelta(days=9),
    )  # fmt: skip
    with pytest.raises(NotPermitted, match="Hải An"):
        clients.register(system="cong-khac", facts=facts, actor=an, at=now, key="")
    mine = replace(facts, agencies=(world.home.pk,))
    made = clients.register(system="cong-minh", facts=mine, actor=an, at=now, key="")
    assert clients.new_secret(client_id=made.pk, keep_hours=0, actor=an, at=now, key="")[1]


def test_what_was_opened_before_stays_but_grows_no_wider(world: World, db: None) -> None:
    an, both = administrator(world, world.home), (world.home.pk, world.neighbour.pk)
    client = register(world, "ca-hai", agencies=both, only_own=True, scopes=(Scope.READ,)).client
    assert offered(an, client) == set(both)
    change(client, an, name="Tên mới")
    assert client.name == "Tên mới" and client.agencies.count() == 2
    for wider in ({"scopes": (Scope.READ, Scope.RESULTS)}, {"only_own": False}):
        with pytest.raises(NotPermitted):
            change(client, an, **wider)
    with pytest.raises(NotPermitted):  # whoever holds the secret holds the neighbour's dossiers
        clients.new_secret(client_id=client.pk, keep_hours=24, actor=an, at=timezone.now(), key="")
    change(client, an, agencies=(world.home.pk,), only_own=False)
    with pytest.raises(NotPermitted):
        change(client, an, agencies=both)


def test_the_provinces_administrator_opens_all(world: World, caller: Caller) -> None:
    now = timezone.now()
    level = agencies.open_level(code="province", name="Cấp tỉnh", rank=10, actor=SYSTEM, at=now)
    top = agencies.open_agency(
        name="UBND thành phố", short_name="Thành phố", level=level, code="H24", opened_on=OPENED, parent_id=None,
        legal_basis="Kiểm thử", actor=SYSTEM, at=now,
    )  # fmt: skip
    agencies.open_agency(
        name="Sở", short_name="Sở", level=level, code="H24.1", opened_on=OPENED, parent_id=top.pk,
        legal_basis="Kiểm thử", actor=SYSTEM, at=now,
    )  # fmt: skip
    son = administrator(world, top)
    assert {world.home.pk, world.neighbour.pk, top.pk} <= offered(son)
    change(caller.client, son, agencies=(world.home.pk, world.neighbour.pk))
    assert caller.client.agencies.count() == 2


def test_an_administrator_has_what_waits_sent_again(world: World, caller: Caller) -> None:
    now = timezone.now()
    hook = Webhook.objects.create(
        client=caller.client, url="https://vi-du.gov.vn/nhan-tin", events=["dossier.accept"], secret="whsec_", fails=2,
        failing_since=now, created_at=now, next_try_at=now + timedelta(hours=1), last_error="HTTP 500", stopped_at=now,
    )  # fmt: skip
    Delivery.objects.create(webhook=hook, event="trial", body={}, created_at=now)
    account = world.accounts["thu"]
    Position.objects.filter(pk=world.positions["thu"]).update(roles=[Role.SYSTEM_ADMIN])
    browser = world.client("thu")
    page = browser.get(f"/integrations/{caller.client.pk}/").content.decode()
    address = f"/integrations/{caller.client.pk}/webhooks/{hook.pk}/resume/"
    assert address in page and "Gửi lại ngay" in page
    assert browser.post(address).status_code == 302
    hook.refresh_from_db()
    assert hook.stopped_at is None and hook.fails == 0 and hook.next_try_at < now + timedelta(minutes=1)
    set_database_actor(SYSTEM)
    assert Entry.objects.get(verb="client.webhook_resume").account_id == account.pk
