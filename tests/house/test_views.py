"""Views read through queries, every URL declares its permission, and nobody listens to Django's signals."""

import ast
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from motcua.config import checks
from tests.house.source import Module, imported, layer, modules

# Places where a view touches a manager, with the reason.
BARE: dict[str, str] = {}


def bare_managers(module: Module) -> Iterator[tuple[str, int]]:
    """Yield every `Model.objects`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield ast.unparse(node), node.lineno


def test_no_view_asks_a_model_directly() -> None:
    found = [
        f"{module.path}:{line} {name}"
        for module in modules()
        if layer(module, "views", "templatetags", "urls") and module.path not in BARE
        for name, line in bare_managers(module)
    ]
    assert found == []


def test_a_planted_manager_is_found() -> None:
    module = Module.of("motcua/x/views.py", "def view(request):\n    return list(Dossier.objects.all())\n")
    assert list(bare_managers(module)) == [("Dossier.objects", 2)]


def test_every_url_of_the_three_hosts_declares_its_permission() -> None:
    assert checks.every_route_is_guarded() == []


def test_the_three_hosts_are_looked_at(settings: SimpleNamespace) -> None:
    assert len(settings.HOST_URLCONFS) == 3
    assert sum(1 for table in settings.HOST_URLCONFS.values() for _one in checks.patterns(table)) > 40


def _unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize("host", ["PUBLIC_HOST", "STAFF_HOST", "FILES_HOST"])
def test_a_planted_unguarded_view_refuses_to_start(
    host: str, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = ModuleType("planted_urls")
    planted.urlpatterns = [path("hole", _unguarded)]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "planted_urls", planted)
    tables = {**settings.HOST_URLCONFS, getattr(settings, host): "planted_urls"}
    with override_settings(HOST_URLCONFS=tables):
        faults = checks.every_route_is_guarded()
    assert [fault.id for fault in faults] == ["motcua.E001"]
    assert "/hole" in faults[0].msg


_SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals", "django.contrib.auth.signals",
            "allauth.account.signals", "django.db.backends.signals")  # fmt: skip


def listeners(module: Module) -> list[int]:
    """Return the lines that import something of Django's signals."""
    return [line for name, line in imported(module.tree) if name.startswith(_SIGNALS)]


def test_no_signal_is_used() -> None:
    assert [f"{module.path}:{line}" for module in modules() for line in listeners(module)] == []


def test_a_planted_signal_is_found() -> None:
    assert listeners(Module.of("x.py", "from django.db.models.signals import post_save\n")) == [1]
