"""The one place that touches XML. What others send is read bounded, without DTD, entities or anything fetched.

A document type is refused as such: it is the way of entity bombs and of reading foreign files, and none of the
formats the product takes needs one.
"""

from collections.abc import Mapping
from typing import Final, Protocol
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal

__all__ = ["Element", "SubElement", "has_document_type", "read_xml", "written"]

MOST_BYTES: Final = 10_000_000
MOST_ELEMENTS: Final = 100_000
MOST_DEPTH: Final = 100


def read_xml(data: bytes, *, most: int = MOST_BYTES) -> Element:
    """Return the root of a document; refuses one that is too large, too deep, broken, or has a DTD."""
    if len(data) > most:
        raise Refusal(
            phrase(_("Tệp lớn hơn %(most)s MB. Hãy chọn tệp nhỏ hơn."), most=most // 1_000_000),
            code="xml_too_large",
        )
    try:
        root = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        text = _(
            "Tệp XML khai báo DTD hoặc thực thể nên không được nhận. Hãy xuất lại tệp không có phần này."
        )
        raise Refusal(phrase(text), code="xml_forbidden") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        text = _("Tệp không phải XML đọc được: %(error)s. Hãy xuất lại tệp từ chương trình vẽ.")
        raise Refusal(phrase(text, error=str(error)[:120]), code="xml_broken") from error
    _bounded(root)
    return root


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def has_document_type(file: _Readable) -> bool:
    """Tell whether a document declares a type. Reads as far as the first element; raises nothing on bad XML."""
    try:
        next(iterparse(file, events=("start",), forbid_dtd=True), None)
    except DefusedXmlException:
        return True
    except (ParseError, ValueError, LookupError):
        return False
    return False


def _bounded(root: Element) -> None:
    level, count = [root], 0
    for _depth in range(MOST_DEPTH):
        count += len(level)
        if count > MOST_ELEMENTS:
            break
        level = [child for one in level for child in one]
        if not level:
            return
    raise Refusal(
        phrase(_("Tệp XML có quá nhiều phần tử hoặc lồng nhau quá sâu. Hãy chọn tệp khác.")),
        code="xml_too_large",
    )


def written(root: Element, prefixes: Mapping[str, str]) -> bytes:
    """Return a document as UTF-8, indented; `prefixes` names the namespaces that stand in it."""
    for prefix, uri in prefixes.items():
        ElementTree.register_namespace(prefix, uri)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
