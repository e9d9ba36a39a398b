"""Every model with personal data stands in exactly one row of the table of retention; jobs delete by that table."""

from datetime import timedelta

from django.apps import apps

from motcua.accounts.operations import guards
from motcua.base.files import storage
from motcua.dossiers.operations import drafts, people_lists
from motcua.lib import retention
from motcua.moving.operations import moves
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
    spans = {
        "drafts": drafts.KEEP, "lists": people_lists.KEEP, "files": storage.KEEP_ORPHANS, "moving": moves.KEPT,
        "guards": guards.KEEP,
    }  # fmt: skip
    deleted = {kind.key: kind.keep for kind in retention.KINDS if kind.days is not None}
    assert spans == deleted
    assert all(span >= timedelta(days=30) for span in spans.values())


def test_what_a_row_says_is_what_it_does() -> None:
    for kind in retention.KINDS:
        assert kind.name and kind.span and kind.ground and kind.then
        if kind.days is not None:
            assert f"{kind.days} ngày" in kind.span, kind.key


def test_dossiers_are_never_deleted() -> None:
    kept = [kind for kind in retention.KINDS if kind.key in {"dossiers", "applicants", "trail"}]
    assert len(kept) == 3 and all(kind.days is None for kind in kept)
