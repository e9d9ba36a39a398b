"""Writes happen in operations: screens, jobs, queries, permissions and template tags change no row."""

import ast
from collections.abc import Iterator

from tests.house.source import Module, calls, dotted, layer, modules

READERS = ("views", "rest", "jobs", "handlers", "queries", "permissions", "templatetags", "forms", "urls")
_ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "asave", "adelete"}
_ON_ROWS = {"create", "update", "delete", "save"}

# Path and call, with the reason why it is no write of a row.
ALLOWED: dict[tuple[str, str], str] = {
    ("motcua/eforms/views/filling.py", "answering.save"): "the operation's own name",
    ("motcua/exchange/rest/told.py", "api.delete"): "names the method of a route of the interface",
}


def writes(module: Module) -> Iterator[tuple[str, int]]:
    """Yield every call that changes a row, as far as its name tells."""
    for call in calls(module.tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, receiver = call.func.attr, dotted(call.func.value)
        on_rows = ".objects" in receiver or ".filter()" in receiver or ".all()" in receiver
        if (
            name in _ALWAYS
            or (name in _ON_ROWS and on_rows)
            or (name in {"save", "delete"} and _no_file(receiver))
            or (receiver == "writing" and name in {"insert", "update"})
        ):
            yield f"{receiver}.{name}", call.lineno
    for node in ast.walk(module.tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        first = text.strip().split(" ", 1)[0].lower()
        if first in {"insert", "update", "delete", "truncate"} and " " in text.strip():
            yield f"SQL {first}", getattr(node, "lineno", 0)


def _no_file(receiver: str) -> bool:
    """A cache, a picture and a session are no rows of a model."""
    return not {"cache", "image", "picture", "session"} & set(receiver.lower().replace("()", "").split("."))


def test_only_operations_write() -> None:
    found = [
        f"{module.path}:{line} {call}"
        for module in modules()
        if layer(module, *READERS) and not layer(module, "operations")
        for call, line in writes(module)
        if (module.path, call) not in ALLOWED
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    used = {(module.path, call) for module in modules() for call, _line in writes(module)}
    assert set(ALLOWED) <= used


def test_a_planted_write_is_found() -> None:
    text = (
        "def view(request):\n    Dossier.objects.filter(pk=1).update(status=10)\n    dossier.save()\n"
        "    Task.objects.create()\n    cursor.execute('delete from dossiers_task')\n    {}.update(a=1)\n"
        "    writing.insert([dossier])\n"
    )
    assert sorted(line for _call, line in writes(Module.of("motcua/x/views.py", text))) == [2, 3, 4, 5, 7]
