"""Migrating with models built less often (motcua.cli.run.quick_states) makes the structure that Django would make."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from motcua.cli.run.quick_states import quick_states


def _walk() -> dict[str, Any]:
    """Go through all migrations with the models built from the first one on; return what each class holds."""
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    assert state.apps is not None  # built now, so that each step builds again
    for node in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        state = loader.graph.nodes[node].mutate_state(state, preserve=False)
    return {model._meta.label: _facts(model) for model in state.apps.get_models(include_auto_created=True)}


def _facts(model: Any) -> dict[str, Any]:
    options = model._meta
    return {
        "table": options.db_table,
        "fields": [
            (one.name, one.column, type(one), one.db_type(connection), one.null, one.unique)
            for one in options.local_fields
        ],
        "many": sorted(one.name for one in options.local_many_to_many),
        "targets": {
            one.name: one.related_model._meta.label for one in options.local_fields if one.is_relation
        },
        "pointed_at": sorted(
            f"{one.related_model._meta.label}.{one.field.name}" for one in options.related_objects
        ),
        "indexes": [one.deconstruct() for one in options.indexes],
        "constraints": [one.deconstruct() for one in options.constraints],
    }


@pytest.mark.long
@pytest.mark.django_db  # the driver is asked for its version when it says how it keeps a field
def test_the_models_after_all_migrations_are_the_same() -> None:
    with quick_states():
        quick = _walk()
    plain = _walk()
    assert quick.keys() == plain.keys()
    for label, facts in plain.items():
        assert quick[label] == facts, label
    assert sum(len(facts["constraints"]) for facts in quick.values()) > 100
