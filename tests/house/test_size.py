"""No module over 400 code lines, no function over 50 without a written reason: a smell to look at, not a law."""

import ast
from collections.abc import Iterator

from tests.house.source import Module, code_lines, modules

MODULE, FUNCTION = 400, 50

# Path, or path and function, with the reason why it stays long.
LONG: dict[str, str] = {
    "motcua/dossiers/operations/intake.py": "submit, accept, refuse and what they share; the choice of case came last",
    "motcua/dossiers/forms/intake.py:__init__": "one field per line of the counter's page, nothing decided",
}


def too_long(module: Module) -> Iterator[tuple[str, int]]:
    """Yield modules and functions over the bound with their code lines."""
    lines = code_lines(module.text)
    if len(lines) > MODULE:
        yield module.path, len(lines)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = sum(
                1 for line in range(node.lineno, (node.end_lineno or node.lineno) + 1) if line in lines
            )
            if size > FUNCTION:
                yield f"{module.path}:{node.name}", size


def test_what_is_too_long_has_a_reason_and_each_reason_is_needed() -> None:
    assert {name for module in modules() for name, _size in too_long(module)} == set(LONG)


def test_planted_long_ones_are_found_and_comments_do_not_count() -> None:
    body = "".join(f"    a{number} = 1\n    # why\n\n" for number in range(51))
    long = Module.of("x.py", f'def f():\n    """Say\n    it."""\n{body}')
    assert list(too_long(long)) == [("x.py:f", 52)]
    assert list(too_long(Module.of("y.py", "a = 1\n" * 400))) == []
    assert list(too_long(Module.of("y.py", "a = 1\n" * 401))) == [("y.py", 401)]
