"""Forms of ours, published for the demo's procedures; a filled birth declaration."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from motcua.eforms import source
from motcua.eforms.engine import schema
from motcua.eforms.engine.model import Form
from motcua.eforms.models import FormDefinition
from motcua.eforms.operations import publishing
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import Procedure
from motcua.procedures.operations import demo
from motcua.procedures.tests.conftest import an_officer, staff

ON = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 2, tzinfo=UTC)


def form(code: str) -> Form:
    return next(one.form for one in source.shipped() if one.code == code)


def place(**more: str) -> dict[str, str]:
    return {
        "province": "31",
        "commune": "11407",
        "commune_name": "Phường Hồng Bàng",
        "line": "12 Trần Phú",
    } | more


def residence() -> dict[str, Any]:
    return {"kind": "thuong_tru", "place": place(**_hong_bang())}


def _hong_bang() -> dict[str, str]:
    from motcua.base.codelists import lists

    found = lists.rows("commune", on=ON, parent="31")[0]
    return {"commune": found.code, "commune_name": found.name}


def birth() -> dict[str, Any]:
    """A birth declaration without faults."""
    here = place(**_hong_bang())
    return {
        "requester_name": "Nguyễn Thị Lan", "requester_personal_id": "031190001234", "requester_relation": "me",
        "child_name": "Trần Gia Bảo", "child_born": "2026-11-21", "child_sex": "male", "child_ethnic_group": "01",
        "child_nation": "VN", "child_birthplace": {"at": "Bệnh viện Phụ sản", "place": here}, "child_hometown": here,
        "mother_known": "yes", "mother_name": "Nguyễn Thị Lan", "mother_born": "1990", "mother_personal_id": "031190001234",
        "mother_ethnic_group": "01", "mother_nation": "VN", "father_known": "no", "copies": "yes", "copies_count": 3,
    }  # fmt: skip


def marriage() -> dict[str, Any]:
    """A marriage declaration without faults."""
    found: dict[str, Any] = {"copies": "no"}
    for who, number, born in (
        ("wife", "031195001234", "1995-02-28"),
        ("husband", "031093004321", "1993-05-01"),
    ):
        found |= {
            f"{who}_name": "Nguyễn Thị Lan" if who == "wife" else "Trần Văn Hùng", f"{who}_born": born,
            f"{who}_ethnic_group": "01", f"{who}_nation": "VN", f"{who}_personal_id": number, f"{who}_marriages": 1,
        }  # fmt: skip
    return found


@pytest.fixture
def published(db: None) -> dict[str, FormDefinition]:
    """Three of the shipped forms by their own code, in force today."""
    at = timezone.now()
    found = {}
    for code in ("HT-001", "HT-013", "HKD"):
        one = next(it for it in source.shipped() if it.code == code)
        procedure = Procedure.objects.create(
            code=one.procedure,
            key=one.procedure,
            name=one.form.title,
            lowered="",
            folded="",
            search_text="",
            sort_key="",
        )
        found[code] = publishing.publish(
            procedure_id=procedure.pk, case="", schema=schema.schema_of(one.form), source="project", code=code,
            in_force_from=timezone.localdate(at), actor=SYSTEM, at=at, key="",
        )  # fmt: skip
    return found


@pytest.fixture
def everything(db: None) -> dict[str, FormDefinition]:
    """All shipped forms whose procedure the demo's catalogue has."""
    at = timezone.now()
    demo.load_demo_catalogue(actor=SYSTEM, at=at)
    return {one.code: one for one in publishing.load_shipped(actor=SYSTEM, at=at)}


def posted(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return an answer as a browser posts it."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = before + key
        if isinstance(value, dict) and "province" in value:
            found |= {f"{name}.province": value["province"], f"{name}.commune": value.get("commune_name", ""),
                      f"{name}.line": value.get("line", "")}  # fmt: skip
        elif isinstance(value, dict):
            found |= posted(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                found |= posted(row, f"{name}.{number}.")
        elif key.endswith(("_born", "_day", "issued_on")) or key in {"day", "death_at"}:
            year, _dash, rest = str(value).partition("-")
            month, _dash, day = rest.partition("-")
            found |= {f"{name}.year": year, f"{name}.month": month, f"{name}.day": day}
        else:
            found[name] = value
    return found


__all__ = ["AT", "ON", "an_officer", "birth", "form", "marriage", "place", "posted", "residence", "staff"]
