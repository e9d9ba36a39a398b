"""The program's own source, read as text and as syntax trees, for the checks of the house."""

import ast
import functools
import io
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "motcua"


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> "Module":
        return cls(path, text, ast.parse(text))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))


@functools.cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the package that is neither a test nor a migration."""
    found = [p for p in sorted(PACKAGE.rglob("*.py")) if not {"tests", "migrations"} & set(p.parts)]
    return tuple(Module.of(str(p.relative_to(ROOT)), p.read_text()) for p in found)


@functools.cache
def migrations() -> tuple[Module, ...]:
    """Return every migration."""
    found = [p for p in sorted(PACKAGE.glob("**/migrations/*.py")) if p.name != "__init__.py"]
    return tuple(Module.of(str(p.relative_to(ROOT)), p.read_text()) for p in found)


@functools.cache
def templates() -> tuple[tuple[str, str], ...]:
    """Return path and text of every template."""
    found = [*PACKAGE.glob("**/templates/**/*.html"), *PACKAGE.glob("**/jinja2/**/*.html")]
    return tuple((str(p.relative_to(ROOT)), p.read_text()) for p in sorted(found))


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Return every file that git keeps."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    return tuple(
        ROOT / name.decode() for name in listed.split(b"\0") if name and (ROOT / name.decode()).is_file()
    )


def layer(module: Module, *names: str) -> bool:
    """Tell whether the module is one of an app's `names` (views.py, views/…)."""
    return bool(set(names) & set(module.parts[1:]))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` of an expression, as far as it is made of names, attributes and calls."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return "…"


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every imported dotted name with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def code_lines(text: str) -> set[int]:
    """Return the numbers of lines that hold code: neither blank, comment nor docstring."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in quiet | {tokenize.ENCODING, tokenize.ENDMARKER}:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                lines -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines
