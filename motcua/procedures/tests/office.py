"""Two administrators, a leader and a stranger before their browsers, without the ceremony of a log-in."""

from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from motcua.accounts.models import Account
from motcua.agencies import queries as agencies
from motcua.agencies.models import Agency, AgencyLevel
from motcua.lib.actor import Actor

PEOPLE = {
    "chi": ("business_admin",),
    "dung": ("business_admin",),
    "tuan": ("leader",),
    "hoa": ("specialist",),
}


class Office:
    """Who works where; `client(name)` is that person's browser."""

    def __init__(self, at: datetime) -> None:
        level = AgencyLevel.objects.get_or_create(code="commune", defaults={"name": "Cấp xã", "rank": 40})[0]
        self.agency = Agency.objects.create(
            name="UBND xã A", short_name="Xã A", level=level, opened_on=date(2025, 7, 1)
        )
        self.other = Agency.objects.create(
            name="UBND xã B", short_name="Xã B", level=level, opened_on=date(2025, 7, 1)
        )
        self.people = {name: self._person(name, roles, at) for name, roles in PEOPLE.items()}

    def _person(self, name: str, roles: tuple[str, ...], at: datetime) -> Actor:
        account = Account.objects.create(
            login_name=name, full_name=name.capitalize(), account_kind="staff", created_at=at
        )
        return Actor(
            kind="officer", account_id=account.pk, position_id=account.pk, agency_id=self.agency.pk,
            roles=frozenset(roles), agencies=frozenset({self.agency.pk}), name=name.capitalize(),
        )  # fmt: skip

    def actor(self, name: str) -> Actor:
        return self.people[name]

    def client(self, name: str) -> Client:
        return Client(HTTP_HOST="canbo.localhost", headers={"X-Who": name})

    def who(self, request: HttpRequest) -> Actor:
        return self.people[request.headers["X-Who"]]


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch, monday: datetime) -> Office:
    made = Office(monday)
    monkeypatch.setattr(agencies, "_actor_of_user", made.who)
    return made


def posted(page: Any) -> dict[str, Any]:
    """Return the fields of the first form of a page as a browser would send them."""
    import re
    from html import unescape

    text = page.content.decode()
    form = max(re.findall(r"<form method=\"post\".*?</form>", text, re.S), key=len)
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        said = unescape(value[1]) if value else ("on" if kind and kind[1] == "checkbox" else "")
        several = kind is not None and kind[1] == "checkbox" and name[1] in found
        found[name[1]] = [*_listed(found[name[1]]), said] if several else said
    for name, body in re.findall(r'<textarea[^>]* ?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(body).removeprefix("\r\n").removeprefix("\n")
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
