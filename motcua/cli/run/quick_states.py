"""Migrate an empty database in a quarter of the processor time: models that nothing changed are not built again.

Django builds a model's class again, and the classes of all models it is tied to, whenever a migration adds a model,
an index or a constraint. With 150 models that hang together this was 43 of 50 seconds of a first start. Two of
Django's steps are replaced while `motcua migrate` runs forwards:

- A new model is built alone. Nothing points at it yet, and what it points at stays as it is.
- An index or a constraint is written into the options of the class that is there.

The classes of the state before a step are shared with the state after it, so the state before already knows the new
index. No forward operation looks for its absence there: an operation that removes an index or a constraint takes it
from the description of the model, not from its class. The structure that comes out is the same to the letter
(`tests/house/test_quick_states.py`, long profile).
"""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.db.migrations.state import ModelState, ProjectState


@contextlib.contextmanager
def quick_states() -> Iterator[None]:
    """Replace the two steps inside the block."""
    with (
        mock.patch.object(ProjectState, "add_model", _add_model),
        mock.patch.object(ProjectState, "_append_option", _append_option),
        mock.patch.object(ProjectState, "_remove_option", _remove_option),
    ):
        yield


def _add_model(self: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:  # built on demand, as in Django's own
        self.apps.render_multiple([model_state])
        self.apps.clear_cache()


def _append_option(self: Any, app_label: str, model_name: str, option: str, one: Any) -> None:
    _set(self, app_label, model_name, option, lambda there: [*there, one])


def _remove_option(self: Any, app_label: str, model_name: str, option: str, name: str) -> None:
    _set(self, app_label, model_name, option, lambda there: [one for one in there if one.name != name])


def _set(self: Any, app_label: str, model_name: str, option: str, changed: Any) -> None:
    options = self.models[app_label, model_name].options
    options[option] = changed(options[option])
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option, list(options[option]))
