"""The demo's petitions: at several agencies, in each state, told by the real operations at times in the past.

`petitions.toml` holds the stories, all invented: a petition and what was done with it. What would lie ahead of now is
left out, so each story is as far as it can be.
"""

import random
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Agency, AgencyCode, Position
from motcua.agencies.queries import actor_for
from motcua.cli.demo.dossiers import morning
from motcua.dossiers.models import Dossier
from motcua.feedback.models import Petition
from motcua.feedback.operations import filing, forwarding, petitions, publishing, sender
from motcua.feedback.operations.filing import Facts
from motcua.feedback.queries.petitions import calendar_of
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.ui.routing import set_database_actor

STORIES = Path(__file__).with_suffix(".toml")
_VERBS: dict[str, Callable[..., object]] = {
    "assign": petitions.assign,
    "ask": petitions.ask,
    "propose": petitions.propose,
    "approve": petitions.approve,
    "refuse": petitions.refuse,
    "publish": publishing.publish,
    "forward": forwarding.forward,
    "give_back": forwarding.give_back,
    "send_out": forwarding.send_out,
    "reply": sender.reply,
    "score": sender.score,
    "withdraw": sender.withdraw,
}
_WITH_A_RESULT = (9, 10)


def load(*, now: datetime) -> None:
    """Tell every story once, the oldest first."""
    stories = tomllib.loads(STORIES.read_text())["stories"]
    with transaction.atomic():
        set_database_actor(SYSTEM)
        if Petition.objects.exists():
            return
        agencies = {row.code: row.agency for row in AgencyCode.objects.select_related("agency")}
        for number, story in enumerate(sorted(stories, key=lambda one: -one["days"])):
            _tell(number, story, agencies, now)


def _tell(number: int, story: dict[str, Any], agencies: dict[str, Agency], now: datetime) -> None:
    agency = agencies[story["agency"]]
    dossier = _with_result(agency) if story.get("of_result") else None
    if story.get("of_result") and dossier is None:
        return  # so few dossiers that none has a result
    chance = random.Random(20251129 + number)  # noqa: S311  (the same hours for everybody)
    moment = min(morning(agency, now, story["days"], chance), now)
    facts = Facts(
        agency.pk, story["about"], story["text"], name=story.get("name", ""), whom=story.get("whom", ""),
        may_publish=story.get("may_publish", True), dossier_code=dossier.code if dossier else "",
        holder=dossier is not None,
    )  # fmt: skip
    petition = filing.file_petition(
        facts=facts, address=f"demo-{number}", actor=PUBLIC, at=moment, key=uuid4().hex
    )
    for one in story.get("acts", ()):
        petition.refresh_from_db()
        moment = calendar_of(petition.at_agency_id).add_time(moment, timedelta(hours=one["hours"]))
        if moment >= now:
            return
        _do(petition, dict(one), agencies, moment)


def _do(petition: Petition, given: dict[str, Any], agencies: dict[str, Agency], at: datetime) -> None:
    verb, who = given.pop("verb"), given.pop("who", "")
    del given["hours"]
    if verb == "assign":
        given["position_id"] = _position(given.pop("to")).pk
    elif verb == "forward":
        given["agency_id"] = agencies[given.pop("to")].pk
    elif verb == "send_out":
        given["gone_on"] = timezone.localdate(at)
    elif verb == "approve":
        given["answer"] = petition.answer
    elif verb == "publish":
        given |= {"text": petition.text, "answer": petition.answer}
    actor = actor_for(_position(who).pk, timezone.localdate(at)) if who else PUBLIC
    _VERBS[verb](petition_id=petition.pk, **given, actor=actor, at=at, key=uuid4().hex)


def _position(login: str) -> Position:
    return Position.objects.get(account__login_name=login)


def _with_result(agency: Agency) -> Dossier | None:
    rows = Dossier.objects.filter(competent_agency=agency, home_agency=agency, status__in=_WITH_A_RESULT)
    return rows.order_by("code").first()
