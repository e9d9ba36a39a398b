"""Models: foreign keys point down the shelves, uniqueness starts with the agency, personal data is named."""

import tomllib
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.constraints import UniqueConstraint

from motcua.base.outbox.events import Event
from motcua.config.subscriptions import SUBSCRIPTIONS
from tests.house.source import PACKAGE, ROOT


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("motcua.")]


# ── Foreign keys point down


def shelves() -> dict[str, int]:
    """Return the height of every app: the order of the layers in pyproject, foundations inside `base`."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    heights: dict[str, int] = {}
    for contract in contracts:
        if contract.get("type") == "layers" and contract.get("exhaustive"):
            inside = contract["containers"] == ["motcua.base"]
            for depth, layer in enumerate(reversed(contract["layers"])):
                for name in layer.replace("(", "").replace(")", "").split("|"):
                    key = f"base.{name.strip()}" if inside else name.strip()
                    heights[key] = depth if inside else depth * 100
    base = heights.pop("base")
    return {name: base + height if name.startswith("base.") else height for name, height in heights.items()}


def shelf(module: str, heights: dict[str, int]) -> int:
    parts = module.split(".")
    return heights[f"base.{parts[2]}" if parts[1] == "base" else parts[1]]


def pointing_up(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Yield every foreign key that leads to a higher app; anybody may point at an account."""
    heights = shelves()
    for model in found:
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                continue
            if isinstance(target, str) or target is None or not target.__module__.startswith("motcua."):
                continue
            if target._meta.label == settings.AUTH_USER_MODEL:
                continue
            if shelf(target.__module__, heights) > shelf(model.__module__, heights):
                yield f"{model._meta.label}.{field.name} → {target._meta.label}"


def test_foreign_keys_point_down() -> None:
    assert list(pointing_up(own_models())) == []


def test_the_shelves_are_those_of_the_import_contract() -> None:
    heights = shelves()
    assert heights["lib"] < heights["base.audit"] < heights["base.files"] < heights["agencies"]
    assert heights["agencies"] < heights["workflow"] < heights["dossiers"] < heights["sites"]


def test_a_planted_upward_key_is_found() -> None:
    from motcua.agencies.models import Agency
    from motcua.dossiers.models import Dossier

    planted = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    planted.set_attributes_from_name("planted")
    planted.model = Agency
    fake = type("Fake", (), {"__module__": Agency.__module__})
    fake._meta = type("Meta", (), {"label": "agencies.Fake", "get_fields": staticmethod(lambda: [planted])})  # type: ignore[attr-defined]
    assert list(pointing_up([fake])) == ["agencies.Fake.planted → dossiers.Dossier"]


# ── Uniqueness


def not_local(model: type[models.Model]) -> Iterator[str]:
    """Yield the unique constraints of an agency's own table that do not start with its home agency."""
    if "home_agency" not in {field.name for field in model._meta.get_fields()}:
        return
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and (constraint.fields or ("",))[0] != "home_agency":
            yield f"{model._meta.label}: {constraint.name}"
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key and not field.one_to_one:
            yield f"{model._meta.label}.{field.name} is unique over all agencies"
    for fields in model._meta.unique_together:
        if fields[0] != "home_agency":
            yield f"{model._meta.label}: {fields}"


def test_uniqueness_starts_with_the_home_agency() -> None:
    assert [fault for model in own_models() for fault in not_local(model)] == []


def test_the_tables_of_dossiers_are_an_agencys_own() -> None:
    """Whatever belongs to a dossier carries the home agency, or the check above would look past it."""
    from motcua.dossiers.models import Dossier

    for model in own_models():
        names = {field.name: field for field in model._meta.get_fields()}
        key = names.get("dossier")
        if isinstance(key, models.ForeignKey) and key.related_model is Dossier and model.__name__ != "Draft":
            assert "home_agency" in names, model._meta.label


def test_a_planted_loose_constraint_is_found() -> None:
    from motcua.dossiers.models import Paper

    meta = type("Meta", (), {
        "label": "x.Loose", "constraints": [UniqueConstraint(fields=["number"], name="loose")],
        "local_fields": [], "unique_together": [], "get_fields": Paper._meta.get_fields,
    })  # fmt: skip
    assert list(not_local(type("Loose", (), {"_meta": meta}))) == ["x.Loose: loose"]


# ── Personal data and events


def undeclared(model: type[models.Model]) -> Iterator[str]:
    declared = model.__dict__.get("personal_data")
    if not isinstance(declared, dict):
        yield f"{model._meta.label} says nothing about personal data"
        return
    names = {field.name for field in model._meta.get_fields()}
    yield from (f"{model._meta.label}: no field {name}" for name in declared if name not in names)
    yield from (
        f"{model._meta.label}.{name}: no reason" for name, why in declared.items() if not str(why).strip()
    )


def encrypted_but_silent(model: type[models.Model]) -> Iterator[str]:
    """A field encrypted with the field key is personal by definition."""
    declared = model.__dict__.get("personal_data") or {}
    for field in model._meta.local_fields:
        secret = field.name in {"secret", "token"}  # of the slip, not of a person
        if type(field).__name__ == "EncryptedTextField" and field.name not in declared and not secret:
            yield f"{model._meta.label}.{field.name}"


def test_every_model_says_which_fields_are_personal() -> None:
    assert [fault for model in own_models() for fault in undeclared(model)] == []


def test_every_encrypted_field_is_declared_personal() -> None:
    assert [fault for model in own_models() for fault in encrypted_but_silent(model)] == []


@pytest.mark.parametrize("declared", [None, {"no_such_field": "x"}, {"payload": " "}])
def test_a_planted_silent_model_is_found(declared: object) -> None:
    from motcua.base.audit.models import Entry

    space = {"_meta": Entry._meta} | ({} if declared is None else {"personal_data": declared})
    assert len(list(undeclared(type("Silent", (), space)))) == 1


def _events(kind: type[Event] = Event) -> Iterator[type[Event]]:
    for one in kind.__subclasses__():
        yield one
        yield from _events(one)


def homeless(found: Iterable[type[Event]]) -> list[str]:
    return [one.name for one in found if one.name not in SUBSCRIPTIONS]


def test_every_event_has_a_home() -> None:
    import importlib

    for path in PACKAGE.glob("**/events.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = [
        one for one in _events() if one.__module__.startswith("motcua.") and ".tests." not in one.__module__
    ]
    assert found and homeless(found) == []
    assert set(SUBSCRIPTIONS) <= {one.name for one in found}, "a subscription to a fact nobody publishes"


def test_a_planted_event_is_found() -> None:
    planted = type("Planted", (), {"name": "dossiers.planted"})
    assert homeless([planted]) == ["dossiers.planted"]
