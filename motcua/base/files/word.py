"""Check a DOCX that is a template, and fill one in. Runs only inside the checker's child: no Django, no settings.

A template is a plain document: no macros, nothing embedded, nothing fetched from elsewhere, no DTD. What is to be
filled in are names out of a closed list and one kind of loop over rows, told by Jinja's own parser: its tree may hold
the few kinds of node named below and no other. Where the names stand is proven by filling the template once with marks.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from motcua.lib.refusal import Refusal
from motcua.lib.xml_documents import Element, read_xml

MOST_PARTS = 400
MOST_UNPACKED = 30 * 1024 * 1024
MOST_RATIO = 200
MOST_ROWS = 500
_LONGEST_NAMED = 60

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_XML = (".xml", ".rels")
_KEPT = (*_XML, ".png", ".jpg", ".jpeg", ".gif", ".odttf")
_MACROS = ("vbaproject", "vbadata", "macroenabled", "keymapcustomizations")
_EMBEDDED = ("oleobject", "activex", "/embeddings/", "/package", "/control", "afchunk", "subdocument")
_ACTIVE_ELEMENTS = {"altChunk", "object", "control", "OLEObject", "subDoc"}
_ACTIVE_FIELDS = ("DDE", "INCLUDE", "LINK", "IMPORT", "DATABASE", "MACROBUTTON", "GOTOBUTTON")
_WRITTEN = {"assign": "set", "assignblock": "set", "fromimport": "from … import"}
_FIRST, _LAST = "\ue000", "\ue001"  # around the mark of a name while a template is tried


class Bad(Exception):
    """The template is refused: the problem's word, and what it is about."""

    def __init__(self, problem: str, what: str = "") -> None:
        super().__init__(problem)
        self.problem, self.what = problem, " ".join(what.split())[:_LONGEST_NAMED]


@dataclass
class _Found:
    """What a template names: single names and loops, in the order they first stand there."""

    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)


def warm_up() -> None:
    """Check and fill small documents of our own, so that whatever is imported late (codecs too) is there already."""
    allowed = {"names": ["a"], "loops": {}}
    for text, refused in (("{{ a }}", False), ("{{ a['b'] }}", True)):
        made, kept = Document(), io.BytesIO()
        made.add_paragraph(text)
        made.save(kept)
        assert ("problem" in check(kept, allowed)) is refused
        fill(kept, io.BytesIO(b'{"names": {"a": "b"}, "loops": {}}'), io.BytesIO())


def check(file: BinaryIO, allowed: dict[str, Any]) -> dict[str, Any]:
    """Return the names that a template has, or why it is refused and what about."""
    try:
        parts = _parts(file)
        _refuse_active(parts)
        return {"names": _names(file, parts, allowed)}
    except Bad as bad:
        return {"problem": bad.problem, "what": bad.what}
    except MemoryError:
        return {"problem": "doc_too_heavy", "what": ""}
    except Exception:  # a reader may raise anything on bad data
        return {"problem": "doc_broken", "what": ""}


def fill(file: BinaryIO, values: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    """Write a checked template with its values put in, as text, to `out`."""
    try:
        values.seek(0)
        given = json.loads(values.read())
        made = _filled(file, given["names"], given["loops"])
        out.write(made)
    except MemoryError:
        return {"problem": "doc_too_heavy", "what": ""}
    except Exception:
        return {"problem": "doc_broken", "what": ""}
    return {"size": len(made)}


# ── The container


def _parts(file: BinaryIO) -> dict[str, bytes]:
    """Return every part of the archive, looked at before anything is unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
            _refuse_bomb(found)
            parts = {one.filename: archive.read(one) for one in found if not one.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Bad("doc_broken") from None
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise Bad("not_a_doc")
    return parts


def _refuse_bomb(found: list[zipfile.ZipInfo]) -> None:
    names = [one.filename.lower() for one in found]
    if any(one.flag_bits & 1 for one in found):
        raise Bad("doc_locked")
    size = sum(one.file_size for one in found)
    packed = sum(one.compress_size for one in found) or 1
    if len(found) > MOST_PARTS or size > MOST_UNPACKED or (size > 1024 * 1024 and size / packed > MOST_RATIO):
        raise Bad("doc_too_heavy")
    if len(set(names)) != len(names) or any(
        ".." in name or "\\" in name or name[:1] == "/" for name in names
    ):
        raise Bad("doc_broken")
    for name in names:
        if any(word in name for word in _MACROS):
            raise Bad("doc_macro", name)
        if any(word in name for word in _EMBEDDED) or not name.endswith((*_KEPT, "/")):
            raise Bad("doc_embedded", name)


def _refuse_active(parts: dict[str, bytes]) -> None:
    """Refuse what a document does by itself when it is opened, and whatever it fetches."""
    for name, data in parts.items():
        if not name.lower().endswith(_XML):
            continue
        root = _tree(data)
        if name == "[Content_Types].xml":
            _refuse_types(root)
        elif name.lower().endswith(".rels"):
            _refuse_relations(root)
        else:
            _refuse_elements(root)


def _tree(data: bytes) -> Element:
    try:
        return read_xml(data)
    except Refusal as refusal:
        word = {"xml_forbidden": "doc_dtd", "xml_too_large": "doc_too_heavy"}.get(refusal.code, "doc_broken")
        raise Bad(word) from None


def _refuse_types(root: Element) -> None:
    kinds = {one.get("PartName", ""): one.get("ContentType", "") for one in root}
    for kind in kinds.values():
        if any(word in kind.lower() for word in _MACROS):
            raise Bad("doc_macro", kind)
        if any(word in kind.lower() for word in ("oleobject", "activex")):
            raise Bad("doc_embedded", kind)
    if kinds.get("/word/document.xml") != _MAIN:
        raise Bad("not_a_doc")


def _refuse_relations(root: Element) -> None:
    for one in root:
        kind, target = one.get("Type", ""), one.get("Target", "")
        if one.get("TargetMode", "").lower() == "external" or "://" in target:
            raise Bad("doc_external", target)
        if any(word in kind.lower() for word in _MACROS):
            raise Bad("doc_macro", kind.rpartition("/")[2])
        if kind.lower().endswith(tuple(word.strip("/") for word in _EMBEDDED)):
            raise Bad("doc_embedded", kind.rpartition("/")[2])


def _refuse_elements(root: Element) -> None:
    orders = []
    for one in root.iter():
        name = one.tag.rpartition("}")[2]
        if name in _ACTIVE_ELEMENTS:
            raise Bad("doc_embedded", name)
        if name == "instrText":
            orders.append(one.text or "")
        elif name == "fldSimple":
            orders.append(one.get(f"{_W}instr", ""))
    said = "".join(orders).upper()
    for word in _ACTIVE_FIELDS:
        if word in said:
            raise Bad("doc_field", word)


# ── The language of the placeholders


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _names(file: BinaryIO, parts: dict[str, bytes], allowed: dict[str, Any]) -> list[str]:
    """Return the names in all places that are filled; refuse every other sign of a template."""
    file.seek(0)
    template = DocxTemplate(file)
    template.render_init()
    environment, found, sources = _environment(), _Found(), []
    done = set()
    for part, xml in _sources(template):
        done.add(str(part.partname).lstrip("/"))
        patched = template.patch_xml(xml)
        _walk(_parsed(environment, patched), environment, patched, allowed, found)
        sources.append((part, patched))
    for name, data in parts.items():
        if name not in done and name.lower().endswith(".xml"):
            text = "".join(_tree(data).itertext())
            if any(mark in text for mark in ("{{", "{%", "{#")):
                raise Bad("doc_place", name)
    for rows in (0, 1, 2):
        _try(template, environment, sources, allowed, rows)
    marks = dict.fromkeys(allowed["names"], "x")
    Document(
        io.BytesIO(
            _filled(file, marks, {name: [["x"] * len(columns)] for name, columns in allowed["loops"].items()})
        )
    )
    return found.names


def _sources(template: Any) -> Iterator[tuple[Any, str]]:
    """Yield the parts that are filled: the body, heads and feet of pages, footnotes."""
    yield template.docx.part, template.get_xml()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield part, template.get_part_xml(part)
    for part in template.docx.part.package.parts:
        if part.content_type == _FOOTNOTES:
            yield part, part.blob.decode()


def _parsed(environment: SandboxedEnvironment, source: str) -> nodes.Template:
    try:
        if any(kind == "raw_begin" for _line, kind, _text in environment.lex(source)):
            raise Bad("doc_order", "{% raw %}")
        return environment.parse(source)
    except TemplateError:
        raise Bad("doc_syntax", _culprit(environment, source)) from None


def _culprit(environment: SandboxedEnvironment, source: str) -> str:
    """Return the piece of a faulty template that is most likely at fault, for the sentence that names it."""
    at, last = 0, ""
    while (
        start := min((one for one in (source.find("{{", at), source.find("{%", at)) if one >= 0), default=-1)
    ) >= 0:
        end = source.find("}}" if source[start + 1] == "{" else "%}", start)
        last = source[start : end + 2] if end >= 0 else source[start : start + _LONGEST_NAMED]
        last = last.partition("<")[0]
        words = last.strip("{}%- ").split()
        if source[start + 1] == "%":
            faulty = not words or words[0] not in {"for", "endfor"}
        else:
            try:
                environment.parse(last)
                faulty = False
            except TemplateError:
                faulty = True
        if faulty:
            return last
        at = start + 2
    return last


def _walk(
    tree: nodes.Template, environment: SandboxedEnvironment, source: str, allowed: dict[str, Any], found: _Found
) -> None:  # fmt: skip
    for node in tree.body:
        if isinstance(node, nodes.For):
            _walk_loop(node, allowed, found)
        else:
            _walk_output(node, set(allowed["names"]), found)


def _walk_loop(node: nodes.For, allowed: dict[str, Any], found: _Found) -> None:
    if not isinstance(node.iter, nodes.Name):
        raise Bad("doc_order", _said(node.iter))
    name = node.iter.name
    columns = allowed["loops"].get(name)
    if columns is None:
        raise Bad("doc_loop", name)
    targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
    if [_said(one) for one in targets] != columns or node.test or node.else_ or node.recursive:
        raise Bad("doc_loop", name)
    found.add(name)
    inside = _Found()
    for inner in node.body:
        if isinstance(inner, nodes.For):
            raise Bad("doc_loop", _said(inner.iter))
        _walk_output(inner, {*allowed["names"], *columns}, inside)
    for one in inside.names:
        if one not in columns:
            found.add(one)


def _walk_output(node: nodes.Node, names: set[str], found: _Found) -> None:
    if not isinstance(node, nodes.Output):
        word = type(node).__name__.lower()
        raise Bad("doc_order", f"{{% {_WRITTEN.get(word, word)} %}}")
    for one in node.nodes:
        if isinstance(one, nodes.TemplateData):
            continue
        if not isinstance(one, nodes.Name):
            raise Bad("doc_order", _said(one))
        if one.name not in names:
            raise Bad("doc_unknown", one.name)
        found.add(one.name)


def _said(node: nodes.Node | None) -> str:
    """Return an expression roughly as it was written, for the sentence that names it."""
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr():
            return f"{_said(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{_said(node.node)}[…]"
        case nodes.Call():
            return f"{_said(node.node)}(…)"
        case nodes.Filter():
            return f"{_said(node.node)}|{node.name}"
        case nodes.Const():
            return str(node.value)
        case nodes.BinExpr():
            return f"{_said(node.left)} {node.operator} {_said(node.right)}"
    return type(node).__name__.lower()


# ── Where they stand


def _try(
    template: Any, environment: SandboxedEnvironment, sources: list[tuple[Any, str]], allowed: dict[str, Any], rows: int
) -> None:  # fmt: skip
    """Fill in marks and see that each is text of a run, and that the document still holds together."""
    context: dict[str, Any] = {name: f"{_FIRST}{name}{_LAST}" for name in allowed["names"]}
    for name, columns in allowed["loops"].items():
        context[name] = [[f"{_FIRST}{column}{_LAST}" for column in columns]] * rows
    for part, patched in sources:
        try:
            root = read_xml(template.render_xml_part(patched, part, context, environment).encode())
        except Refusal:
            raise Bad("doc_torn") from None
        for one in root.iter():
            _refuse_place(one)
            last = one[-1].tag if len(one) else ""
            if one.tag == f"{_W}tc" and last != f"{_W}p":
                raise Bad("doc_torn")
            if one.tag == f"{_W}tbl" and one.find(f"{_W}tr") is None and one.find(f".//{_W}tr") is None:
                raise Bad("doc_torn")
            if one.tag == f"{_W}p" and any(child.tag in {f"{_W}p", f"{_W}tbl", f"{_W}t"} for child in one):
                raise Bad("doc_torn")


def _refuse_place(one: Element) -> None:
    said = [*one.attrib.values(), one.tail or ""]
    if one.tag != f"{_W}t":
        said.append(one.text or "")
    for text in said:
        if _FIRST in text:
            raise Bad("doc_place", text.partition(_FIRST)[2].partition(_LAST)[0])


# ── Filling in


def _filled(file: BinaryIO, names: dict[str, str], loops: dict[str, list[list[str]]]) -> bytes:
    file.seek(0)
    template = DocxTemplate(file)
    context: dict[str, Any] = {name: _as_text(value) for name, value in names.items()}
    for name, rows in loops.items():
        context[name] = [[_as_text(value) for value in row] for row in rows[:MOST_ROWS]]
    template.render(context, jinja_env=_environment(), autoescape=True)
    kept = io.BytesIO()
    template.save(kept)
    return kept.getvalue()


def _as_text(value: str) -> Markup:
    """Return a value as it is put into XML: only characters that a document may hold, and nothing that is a sign.

    Braces and underscores go in as numbers: docxtpl reads some of them again after Jinja.
    """
    kept = "".join(one for one in value.replace("\t", " ") if one == "\n" or _is_written(one))
    text = str(escape(kept))
    for sign in "{}_%":
        text = text.replace(sign, f"&#{ord(sign)};")
    return Markup(text)  # noqa: S704  (escaped above)


def _is_written(one: str) -> bool:
    """Tell whether a character may stand in a document: XML 1.0 without controls, and no override of direction."""
    code = ord(one)
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return False
    return 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or code >= 0x10000
