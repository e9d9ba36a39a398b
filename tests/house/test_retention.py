"""Every model with personal data stands in exactly one row of the table of retention; jobs delete by that table."""

import re

from django.apps import apps

from motcua.lib import retention
from motcua.sites.desk.views import retention as pages
from tests.house.source import PACKAGE
from tests.house.test_models import own_models


def with_personal_data() -> set[str]:
    return {model._meta.label for model in own_models() if getattr(model, "personal_data", None)}


def test_every_model_with_personal_data_has_a_row() -> None:
    assert retention.unnamed(with_personal_data()) == []


def test_a_planted_model_without_a_row_is_named() -> None:
    assert retention.unnamed({"dossiers.Dossier", "planted.Secret"}) == ["planted.Secret"]


def test_no_model_stands_in_two_rows_and_none_is_invented() -> None:
    assert retention.named_twice() == []
    known = {model._meta.label for model in apps.get_models()}
    assert {label for kind in retention.KINDS for label in kind.models} <= known


def test_jobs_delete_by_the_table() -> None:
    """Whatever is deleted is counted for the page, and its job asks the table for the span."""
    deleted = {kind.key for kind in retention.KINDS if kind.days is not None}
    assert set(pages._GONE) == deleted
    asked = {
        key
        for path in PACKAGE.rglob("operations/*.py")
        for key in re.findall(r'keep\("(\w+)"\)', path.read_text())
    }
    asked |= set(re.findall(r'keep\("(\w+)"\)', (PACKAGE / "base/files/operations.py").read_text()))
    assert asked == deleted


def test_what_a_row_says_is_what_it_does() -> None:
    for kind in retention.KINDS:
        assert kind.name and kind.span and kind.ground and kind.then
        assert ("%(days)s" in kind.span) == (kind.days is not None), kind.key
        if kind.days is not None:
            assert kind.least <= kind.days <= kind.most


def test_dossiers_are_never_deleted() -> None:
    kept = [kind for kind in retention.KINDS if kind.key in {"dossiers", "applicants", "trail"}]
    assert len(kept) == 3 and all(kind.days is None for kind in kept)
