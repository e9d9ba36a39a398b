"""Migrations: named by purpose, complete, and independent of the program they migrate."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.house.source import Module, imported, migrations


def badly_named(path: str) -> bool:
    return "_auto_" in path or path.rsplit("/", 1)[-1].removesuffix(".py").isdigit()


def leaning(module: Module) -> list[str]:
    """Return the program's own modules that a migration imports; field classes and ids are what a column is."""
    columns = ("motcua.lib.encrypted_field", "motcua.lib.ids")
    return [
        name
        for name, _line in imported(module.tree)
        if name.startswith("motcua") and not name.startswith(columns)
    ]


def test_migrations_are_named_by_purpose() -> None:
    assert [module.path for module in migrations() if badly_named(module.path)] == []


def test_a_planted_automatic_name_is_found() -> None:
    assert badly_named("motcua/x/migrations/0002_auto_20261121_1200.py")
    assert not badly_named("motcua/x/migrations/0002_hold_published.py")


def test_migrations_import_no_code_of_the_program() -> None:
    assert {module.path: leaning(module) for module in migrations() if leaning(module)} == {}


def test_a_planted_import_is_found() -> None:
    assert leaning(Module.of("m.py", "from motcua.dossiers.models import Dossier\nimport motcua.lib.ids\n"))


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"a model changed without a migration:\n{said.getvalue()}")


@pytest.mark.django_db
def test_a_changed_model_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.dossiers.models import Task

    monkeypatch.setattr(Task._meta.get_field("note"), "null", True)
    with pytest.raises(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", stdout=StringIO(), stderr=StringIO())
