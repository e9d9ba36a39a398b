"""Texts and templates: translatable sentences are constants, pages carry nothing inline, files name no machine."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, calls, modules, templates, tracked

_MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "_lazy"}


def unmarked(module: Module) -> Iterator[int]:
    """Yield the lines of gettext calls whose message is put together at run time."""
    for call in calls(module.tree):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _MARKS and call.args:
            first = call.args[0]
            formatted = (
                isinstance(first, ast.Call)
                and isinstance(first.func, ast.Attribute)
                and first.func.attr == "format"
            )
            if isinstance(first, ast.JoinedStr | ast.BinOp) or formatted:
                yield call.lineno


def test_no_sentence_is_formatted_before_it_is_translated() -> None:
    assert [f"{module.path}:{line}" for module in modules() for line in unmarked(module)] == []


def test_a_planted_formatted_sentence_is_found() -> None:
    text = '_(f"Hồ sơ {code}")\n_("Hồ sơ " + code)\n_("Hồ sơ {}".format(code))\n_("Hồ sơ %s") % code\n'
    assert list(unmarked(Module.of("x.py", text))) == [1, 2, 3]


def renamed(module: Module) -> Iterator[int]:
    """Yield the lines that import a marking function under a name the extractor does not know."""
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"):
            continue
        if any("gettext" in one.name and one.asname not in {None, *_MARKS} for one in node.names):
            yield node.lineno


def test_every_mark_is_one_that_the_extractor_knows() -> None:
    assert [f"{module.path}:{line}" for module in modules() for line in renamed(module)] == []
    assert list(renamed(Module.of("x.py", "from django.utils.translation import gettext as say"))) == [1]


_INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>""",
    re.IGNORECASE,
)


def inline(text: str) -> list[str]:
    """Return what the strict content policy would refuse."""
    return [match.group().strip() for match in _INLINE.finditer(re.sub(r"\{#.*?#\}", "", text))]


def test_no_template_carries_style_or_script() -> None:
    assert {path: inline(text) for path, text in templates() if inline(text)} == {}


@pytest.mark.parametrize(
    "planted",
    ['<p style="color:red">', "<style>p{}</style>", '<a onclick="x()">', '<a href="javascript:x()">', "<script>x()</script>"],
)  # fmt: skip
def test_planted_inline_parts_are_found(planted: str) -> None:
    assert inline(planted)


def test_scripts_from_files_are_not_inline() -> None:
    assert inline('<script type="module" src="/static/ui/a.js"></script>') == []


_HOSTS = (
    "registry.npmjs" + ".org",
    "files.pythonhosted" + ".org",
    "pypi" + ".org/simple",
    "registry.yarnpkg" + ".com",
)
_MACHINE = re.compile(r"(?<![\w.])/(?:work|home/[a-z]+|Users|root)/[\w.-]+")
_BINARY = {".png", ".ttf", ".woff2", ".pdf", ".jpg", ".jpeg", ".heic", ".ico", ".mo"}


def telling(text: str) -> list[str]:
    """Return registry hosts and paths of somebody's machine in a text."""
    return [host for host in _HOSTS if host in text] + _MACHINE.findall(text)


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = {}
    for path in tracked():
        if path.suffix in _BINARY:
            continue
        faults = telling(path.read_text(errors="replace"))
        if faults:
            found[str(path.relative_to(ROOT))] = faults[:3]
    assert found == {}


def test_planted_addresses_are_found() -> None:
    assert (
        telling(f"https://{_HOSTS[0]}/x" + ".tgz")
        and telling("see /wo" + "rk/main/x.py")
        and telling("/ho" + "me/minh/x")
    )
    assert telling("https://example.gov.vn/work/list and ./var/home") == []


def _addresses(text: str) -> list[str]:
    return re.findall(r"https?://\S+|--(?:extra-)?index-url\S*|\"resolved\"", text)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_lock_files_hold_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    if name.endswith(".json"):  # where to give money is not where to download
        text = re.sub(r'"funding": (?:\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)
    assert _addresses(text) == []


def test_planted_addresses_in_a_lock_are_found() -> None:
    assert _addresses('"resolved"' + ': "https://host/x"') and _addresses("--index" + "-url=x")


def test_every_locked_requirement_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.IGNORECASE)
        bare = [one.splitlines()[0] for one in entries if "==" in one and "--hash=sha256:" not in one]
        assert bare == []


def test_the_markers_of_the_tests_are_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"][
        "markers"
    ]
    assert {one.split(":")[0] for one in declared} >= {"sql", "browser", "long"}


def test_no_third_party_file_is_committed() -> None:
    fonts = [str(path) for path in tracked() if path.suffix in {".ttf", ".woff", ".woff2", ".otf"}]
    minified = [str(path) for path in tracked() if re.search(r"\.min\.(js|css)$", path.name)]
    assert fonts + minified == []
    assert not (Path(ROOT) / "uv.lock").exists() or (ROOT / "uv.lock") not in tracked()


_REFUSALS = {"Refusal", "NotFound", "NotPermitted", "Conflict", "KeyReused"}


def one_tongued(module: Module) -> Iterator[int]:
    """Yield the lines of refusals whose words are a bare literal: nobody could read them in English."""
    for call in calls(module.tree):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _REFUSALS and call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr):
            yield call.lineno


def test_every_refusal_can_be_read_in_english() -> None:
    """But those of the command itself: its words are Vietnamese (architecture, languages)."""
    pages = [module for module in modules() if not module.path.startswith("motcua/cli/")]
    assert [f"{module.path}:{line}" for module in pages for line in one_tongued(module)] == []


def test_a_planted_refusal_in_one_language_is_found() -> None:
    text = 'Refusal("Không")\nNotFound(f"Không {x}", code="y")\nConflict(_("Không"))\nRefusal(phrase(_("Không")))\n'
    assert list(one_tongued(Module.of("x.py", text))) == [1, 2]
