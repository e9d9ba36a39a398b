"""The closed language of wordings: plain text with names in braces, for papers and for messages alike.

"Cần hỏi, gọi {điện thoại cơ quan}." Nothing is evaluated: a name is looked up in a list and its value put in as text,
once. A sentence with a name that has no value here is left out whole. A name that begins with a capital gives its value
with one.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from motcua.lib.due_words import Phrase, phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold

Names = Mapping[str, Callable[[Any], str]]

NAMED = re.compile(r"\{([^{}]*)\}")
# What looks like an order to typst, or to a template of another kind: it would be printed as it stands.
_ORDER = re.compile(r"#\s*[A-Za-z({\[]|\{%|%\}|\{\{|\}\}|\{#|<%|\$\{")
_SENTENCE = re.compile(r"(?<=[.!?…])[ ]+")


class BadPassage(Refusal):
    """A text that names what is not in the list, or tries to be more than text."""

    code = "bad_passage"


def check(
    text: str, names: Names, *, most: int, too_long: str, field: str = "", offered: Iterable[str] | None = None
) -> None:  # fmt: skip
    """Refuse anything but text and known names, saying which there are. `most`: letters; `too_long` says %(most)s.

    `offered`: the names that may stand in this place, where not all may; an answer names no other.
    """
    where, usable = field or None, list(names if offered is None else offered)
    if len(text) > most:
        raise BadPassage(phrase(too_long, most=most), field=where)
    listed = ", ".join(f"{{{name}}}" for name in usable)
    if found := _ORDER.search(text):
        what = text[found.start() : found.start() + 12]
        raise BadPassage(
            phrase(_("Đoạn “%(what)s” là lệnh, không phải chữ. Dùng được: %(names)s."), what=what, names=listed),
            field=where,
        )  # fmt: skip
    for name in named(text):
        if lowered(name) not in names and name not in names:
            raise BadPassage(_unknown(name, usable, listed), field=where)
    if set("{}") & set(NAMED.sub("", text)):
        raise BadPassage(
            phrase(_("Dấu ngoặc nhọn phải đi từng cặp và không lồng nhau. Dùng được: %(names)s."), names=listed),
            field=where,
        )  # fmt: skip


def _unknown(name: str, usable: list[str], listed: str) -> Phrase:
    """Say that there is no such name, and which one is likely meant: marks and single letters are easily lost."""
    bare = {fold(one): one for one in usable}
    near = get_close_matches(fold(name), bare, n=1, cutoff=0.75)
    if not near:
        return phrase(_("Không có ô “{%(name)s}”. Dùng được: %(names)s."), name=name[:40], names=listed)
    return phrase(
        _("Không có ô “{%(name)s}”. Ý anh/chị là {%(likely)s}? Dùng được: %(names)s."),
        name=name[:40], likely=bare[near[0]], names=listed,
    )  # fmt: skip


def named(text: str) -> list[str]:
    """Return the names that stand in braces, as written."""
    return NAMED.findall(text)


def fill(text: str, value: Callable[[str], str]) -> str:
    """Return a text with its names replaced; sentences that have nothing to say are left out."""
    said = []
    for sentence in _SENTENCE.split(text):
        values = {name: value(name) for name in named(sentence)}
        if all(values.values()):
            said.append(NAMED.sub(lambda found, values=values: values[found[1]], sentence))
    return " ".join(said)


def value_of(name: str, names: Names, facts: Any) -> str:
    """Return what a name says of `facts`, beginning with a capital where the name does."""
    known = names.get(name)
    if known is not None:
        return known(facts)
    value = names[lowered(name)](facts)
    return value[:1].upper() + value[1:]


def lowered(name: str) -> str:
    """Return a name as the list has it."""
    return name[:1].lower() + name[1:]
