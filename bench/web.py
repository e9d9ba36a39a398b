"""The lanes over HTTP: who asks for what, and that the answer is the page that was meant."""

import html
import random
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bench import load
from motcua.accounts import queries as accounts
from motcua.accounts.operations import factors
from motcua.cli.demo.accounts import password_for
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

OFFICER = "hoa"
DEEP = 12  # pages to turn at most


@dataclass(frozen=True)
class Ask:
    """Requests of one lane, and a text that every right answer holds."""

    requests: list[bytes]
    holds: str


def log_in(name: str = OFFICER) -> str:
    """Log in through both steps, as a browser does; return the session's cookie."""
    client = Client(headers={"host": settings.STAFF_HOST})
    answer = client.post("/dang-nhap/", {"login": name, "password": password_for(name)})
    assert answer.status_code == 302, answer.content[:500]
    code = factors.usable_code(account_id=accounts.account_by_name(name).pk, at=timezone.now())
    answer = client.post("/dang-nhap/ma/", {"code": code})
    assert answer.status_code == 302, answer.content[:500]
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def staff(path: str, cookie: str) -> bytes:
    return load.request("GET", path, settings.STAFF_HOST, cookie=cookie)


def inbox(cookie: str) -> Ask:
    return Ask([staff("/?list=mine&rows=100", cookie)], "mc-list-head")


def deep_page(port: int, cookie: str) -> tuple[Ask, int]:
    """Turn pages of the desk as far as full ones go; return the last full one and its number."""
    path, number = "/?list=mine&rows=100", 1
    while number < DEEP:
        further = _older(port, path, cookie)
        if not further or not _older(port, further, cookie):
            break  # what follows is not there, or a short page
        path, number = further, number + 1
    return Ask([staff(path, cookie)], "mc-list-head"), number


def _older(port: int, path: str, cookie: str) -> str:
    """Return the address of the next page; the page's link to itself is not one."""
    status, body = load.one(port, staff(path, cookie))
    assert status == 200, status
    links = re.findall(r'href="(/\?list=mine[^"]*after=[^"]*)"', body.decode())
    return next((link for link in map(html.unescape, links) if link != path), "")


def thick(cookie: str) -> Ask:
    """Dossiers with fifteen papers and forty acts."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        wide = DossierDocument.objects.filter(position=15).values("dossier_id")
        codes = list(Dossier.objects.filter(pk__in=wide).values_list("code", flat=True)[:50])
    return Ask([staff(f"/dossiers/{code}/", cookie) for code in codes], "Giấy tờ số 15")


def tracking(sample: list[dict[str, str]], *, by: str) -> Ask:
    found = []
    for one in random.Random(1).sample(sample, len(sample)):
        body = {"token": one["token"]} if by == "token" else {"code": one["code"], "secret": one["secret"]}
        found.append(load.request("POST", "/tra-cuu", settings.PUBLIC_HOST, body=urlencode(body)))
    return Ask(found, sample[0]["code"][:4])


def check(port: int, ask: Ask) -> int:
    """Send the first request and see that it is answered with the page that was meant; return its size."""
    status, body = load.one(port, ask.requests[0])
    assert status == 200 and ask.holds in body.decode(), (status, body[:300])
    return len(body)
