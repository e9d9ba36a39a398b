"""Versions over time: publish, replace, repeal. What the law says on a day is what the catalogue says."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.operations import importing, publishing
from motcua.procedures.queries import catalogue
from motcua.procedures.tests.records import record

CODE = "9.000001"


def imported(at: datetime, *, publish: bool = True, **changes: Any) -> ProcedureVersion:
    importing.import_records(
        records=[record(**changes)], file_name="t", file_sha256="", actor=SYSTEM, at=at, publish=publish
    )
    return ProcedureVersion.objects.order_by("-pk")[0]


def repeal(at: datetime, day: date, code: str = CODE) -> ProcedureVersion:
    return publishing.repeal(
        code=code, repealed_on=day, decision_number="3509/QĐ-UBND", decision_date=day, actor=SYSTEM, at=at
    )


def publish(version: ProcedureVersion, day: date | None, at: datetime) -> ProcedureVersion:
    return publishing.publish(
        version_id=version.pk,
        in_force_from=day,
        decision_number="1/QĐ",
        decision_date=None,
        actor=SYSTEM,
        at=at,
    )


def test_the_real_lifecycle_cases(db: None, shared_data: Path, monday: datetime) -> None:
    cases = json.loads((shared_data / "procedures" / "lifecycle_cases.json").read_text())
    for event in cases["events"]:
        code = event["code"] or "9.999999"
        if event["event"] == "repealed":
            imported(monday, code=code)
            day = date.fromisoformat(event["decision_date"])
            pinned = catalogue.open_version(code, day - timedelta(days=1))
            version = publishing.repeal(
                code=code,
                repealed_on=day,
                decision_number=event["decision"],
                decision_date=day,
                actor=SYSTEM,
                at=monday,
            )
            assert version == pinned  # dossiers already received keep their version and its rows
            assert catalogue.limit_for(catalogue.variants(pinned)[0], "online") is not None
            for later in (day, day + timedelta(days=400)):
                with pytest.raises(Refusal, match=event["decision"]) as refused:
                    catalogue.open_version(code, later)
                assert refused.value.code == "repealed"
            page = Client().get(f"/thu-tuc/{code}", HTTP_HOST="localhost").content.decode()
            assert event["decision"] in page and "đã bãi bỏ" in page and "Thẻ đọc sách" in page
        else:
            assert event["event"] == "published_not_in_force"
            day = date.fromisoformat(event["in_force_from"])
            publish(imported(monday, code=code, publish=False), day, monday)
            with pytest.raises(Refusal, match="01/03/2027") as refused:
                catalogue.open_version(code, day - timedelta(days=1))
            assert refused.value.code == "not_in_force_yet"
            assert catalogue.open_version(code, day).in_force_from == day


def test_publishing_ends_the_version_before(db: None, monday: datetime) -> None:
    first = imported(monday)
    second = imported(monday, publish=False, steps_text="Khác.")
    publish(second, date(2026, 9, 1), monday)
    first.refresh_from_db()
    assert first.in_force_to == date(2026, 9, 1)
    assert catalogue.open_version(CODE, date(2026, 8, 31)) == first
    assert catalogue.open_version(CODE, date(2026, 9, 1)) == second
    assert Entry.objects.filter(subject_kind="procedure", verb="publish").count() == 1


@pytest.mark.parametrize("day", [None, date(2026, 1, 1)])
def test_a_version_cannot_begin_before_the_one_in_force(db: None, monday: datetime, day: date | None) -> None:
    publish(imported(monday, publish=False), date(2026, 7, 1), monday)
    draft = imported(monday, publish=False, steps_text="Khác.")
    with pytest.raises(Refusal):
        publish(draft, day, monday)


def test_publishing_twice_is_refused(db: None, monday: datetime) -> None:
    version = imported(monday)
    with pytest.raises(Conflict):
        publish(version, date(2026, 9, 1), monday)


def test_a_procedure_without_code_is_not_published(db: None, monday: datetime) -> None:
    with pytest.raises(Refusal, match="chưa có mã"):
        publish(imported(monday, code=None, publish=False), date(2026, 9, 1), monday)


def test_an_import_does_not_bring_a_repealed_procedure_back(db: None, monday: datetime) -> None:
    imported(monday)
    repeal(monday, date(2026, 8, 1))
    assert imported(monday, steps_text="Khác.").state == "draft"


def test_repeal_refuses_what_makes_no_sense(db: None, monday: datetime) -> None:
    with pytest.raises(NotFound):
        repeal(monday, date(2026, 8, 1), code="9.999998")
    publish(imported(monday, publish=False), date(2026, 7, 1), monday)
    with pytest.raises(Refusal, match="đứng trước"):
        repeal(monday, date(2026, 6, 1))
    repeal(monday, date(2026, 8, 1))
    with pytest.raises(Conflict):
        repeal(monday, date(2026, 8, 2))


def test_only_business_administrators_publish(db: None, monday: datetime) -> None:
    version = imported(monday, publish=False)
    officer = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"specialist"}))
    with pytest.raises(NotPermitted):
        publishing.publish(
            version_id=version.pk,
            in_force_from=None,
            decision_number="",
            decision_date=None,
            actor=officer,
            at=monday,
        )


@pytest.mark.sql
def test_the_database_refuses_two_versions_at_once(db: None, monday: datetime) -> None:
    imported(monday)
    draft = imported(monday, publish=False, steps_text="Khác.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=draft.pk).update(state="published")


@pytest.mark.sql
@pytest.mark.parametrize("change", [{"state": "gone"}, {"state": "repealed"}])
def test_the_database_refuses_states_that_mean_nothing(
    db: None, monday: datetime, change: dict[str, str]
) -> None:
    version = imported(monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(**change)


@pytest.mark.sql
@pytest.mark.parametrize("code", ["1.00119", "1.0011933", "a.001193", "1-001193"])
def test_the_database_refuses_a_malformed_code(db: None, monday: datetime, code: str) -> None:
    imported(monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        Procedure.objects.update(code=code)


def test_what_a_person_settled_is_kept_when_the_record_comes_again(
    db: None, monday: datetime, an_officer: Callable[..., Actor]
) -> None:
    from motcua.procedures.models import ImportFlag
    from motcua.procedures.operations import settling

    bare = {"text": "3", "value": 3, "unit": None}
    rows = [{"channel": "in_person", "time_limit": bare}]
    first = imported(monday, channels=rows, time_limit=bare)
    flag = ImportFlag.objects.get(version=first)
    decision = {"value": "3", "unit": "working_day"}
    settling.settle(
        flag_id=flag.pk, decision=decision, note="QĐ 1", actor=an_officer("business_admin"), at=monday
    )
    second = imported(monday, channels=rows, time_limit=bare, steps_text="Khác.")
    again = ImportFlag.objects.get(version=second)
    assert (again.settled_as, again.carried_from) == (decision, flag)
    limit = catalogue.limit_for(catalogue.variants(second)[0], "in_person")
    assert limit is not None and limit.words() == "3 ngày làm việc"
