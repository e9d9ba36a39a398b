"""The demo's petitions and ratings: told once, in every state, over several agencies, true to their clocks."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motcua.agencies.demo import load_demo_people
from motcua.base.audit.queries import entries_of, verify
from motcua.cli.demo import content, petitions, ratings
from motcua.cli.demo.accounts import password_for
from motcua.feedback.models import Forwarding, Petition, PetitionMessage, Publication, QuestionSet
from motcua.feedback.queries import petitions as queries
from motcua.feedback.queries.figures import petition_figures
from motcua.lib.actor import SYSTEM
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


def test_the_demos_petitions(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["motcua.accounts.tests.hashers.QuickArgon2"]
    set_database_actor(SYSTEM)
    now = datetime(2026, 11, 25, 9, 40, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    content.load_official_days(actor=SYSTEM, at=now)
    load_demo_catalogue(actor=SYSTEM, at=now)
    load_demo_people(at=now, actor=SYSTEM, password_for=password_for)
    content._assign(content._calendar())
    ratings.load_questions(now=now)
    petitions.load(now=now)
    made = sorted(Petition.objects.values_list("code", flat=True))
    ratings.load_questions(now=now)
    petitions.load(now=now)
    assert sorted(Petition.objects.values_list("code", flat=True)) == made and len(made) == 17, (
        "no dossier here"
    )
    assert QuestionSet.objects.filter(state="published").count() == 2
    states = Counter(Petition.objects.values_list("state", flat=True))
    assert states == {
        "new": 4, "working": 3, "asked": 1, "proposed": 1, "answered": 5, "refused": 1, "passed": 1, "withdrawn": 1
    }  # fmt: skip
    assert Counter(Forwarding.objects.values_list("way", flat=True)) == {"inside": 3, "back": 1, "outside": 1}
    assert Publication.objects.count() == 4 and Petition.objects.filter(score=2).count() == 1
    assert Petition.objects.filter(sender_name="").count() >= 5, "some sent theirs without a name"
    assert not Petition.objects.filter(phone__isnull=False).exists(), "nobody to send a message to"
    assert not PetitionMessage.objects.filter(at__gt=now).exists()
    agencies = set(Petition.objects.values_list("at_agency_id", flat=True))
    assert len(agencies) == 3
    figures = petition_figures(agencies, since=now.date() - timedelta(days=60), until=now.date(), at=now)
    assert sum(one.late for one in figures.values()) == 2, "one forgotten, one that nobody looked at"
    for one in Petition.objects.all():
        assert list(verify(entries_of(queries.SUBJECT, one.pk, agency_id=one.home_agency_id))) == []
