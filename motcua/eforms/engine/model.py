"""What a form is made of: sections of fields, rules between them, who else confirms. Frozen values.

An answer is JSON: `{field: value}`, a section that repeats `{section: [{field: value}, …]}`, a group
`{field: {part: value}}`. A path names a place in it: `name`, `paper.number`, `children.0.born`.

| kind | value |
|---|---|
| text, long, name, email, phone, personal_id | text |
| number, money | whole or decimal number |
| date | "2026-11-29"; partial "2026-11" or "2026"; while it is no date the three parts as typed |
| moment | "2026-11-29T07:30" or the day alone; while it is none the parts as typed |
| choice, code | the code; several: a list of codes; yes_no: "yes" or "no" |
| address | {province, commune, commune_name, line, nation} |
| file | list of {id, name} |
| group | {part: value} |
| computed | worked out, never taken from outside; note: no value |
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]
Condition = list[Any]

TEXTS = frozenset({"text", "long", "name", "email", "phone", "personal_id"})
KINDS = TEXTS | {
    "number", "money", "date", "moment", "choice", "several", "yes_no", "code", "address", "file", "group",
    "computed", "note",
}  # fmt: skip
#: Kinds that carry no answer of a person.
SILENT = frozenset({"computed", "note"})
DATE_PARTS = ("day", "month", "year")
MOMENT_PARTS = ("hour", "minute", *DATE_PARTS)
ADDRESS_PARTS = ("province", "commune", "line", "nation")
ABROAD = "00"
YES, NO = "yes", "no"
LONGEST_TEXT, LONGEST_LONG = 200, 4000
MOST_ROWS = 2000
MOST_FIELDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `need` and `show` are conditions (`conditions`); `own` ones the official form does not count.

    `parts` are the fields of a group; `options` pairs of code and words; `list` the code list of kind code; `least` and
    `most` bound numbers, files and choices; `earliest`/`latest` bound dates ("today", or a day).
    """

    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    need: Condition | None = None
    show: Condition | None = None
    options: tuple[tuple[str, str], ...] = ()
    list: str = ""
    longest: int = LONGEST_TEXT
    least: float | None = None
    most: float | None = None
    decimals: int = 0
    earliest: str = ""
    latest: str = ""
    partial: bool = False
    parts: "tuple[Field, ...]" = ()
    compute: tuple[str, tuple[str, ...]] | None = None
    own: bool = False
    default: str = ""
    source: str = ""  # what prefill may put here, as "identity.full_name"

    @property
    def wide(self) -> bool:
        """Tell whether the answer wants a line of its own."""
        return self.kind in {"long", "address", "group", "file", "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions that belong together. `rows` (least, most) makes it repeat; `item` is what one row is called.

    `restart` begins the numbering of the printed form anew.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""
    show: Condition | None = None
    rows: tuple[int, int] | None = None
    item: str = ""
    restart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check between fields: `holds` must be true, else `say` stands beside the field `at`."""

    holds: Condition
    say: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody else who must confirm: `name` is the path of the field that names them."""

    key: str
    title: str
    name: str
    show: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form, as published."""

    title: str
    sections: tuple[Section, ...]
    basis: str = ""
    intro: str = ""
    pledge: str = ""
    to: str = ""
    signature: str = ""
    rules: tuple[Rule, ...] = ()
    signers: tuple[Signer, ...] = ()

    def fields(self) -> Iterator[tuple[Section, Field]]:
        """Yield every question with its section; parts of groups are not among them."""
        for section in self.sections:
            for field in section.fields:
                yield section, field

    def section(self, key: str) -> Section | None:
        """Return a section by its key."""
        return next((one for one in self.sections if one.key == key), None)

    def counted(self) -> int:
        """Return how many numbered fields the printed form has."""
        return sum(1 for _section, field in self.fields() if not field.own and field.kind not in SILENT)


def places(form: Form, values: Values) -> Iterator[tuple[Section, Field, str, Values]]:
    """Yield every question of an answer with its path and the values it stands among; repeating sections row by row."""
    for section in form.sections:
        if section.rows is None:
            for field in section.fields:
                yield section, field, field.key, values
            continue
        for number, row in enumerate(rows_of(section, values)):
            for field in section.fields:
                yield section, field, f"{section.key}.{number}.{field.key}", row


def rows_of(section: Section, values: Values) -> list[Values]:
    """Return the rows of a repeating section; what is no row is left out."""
    found = values.get(section.key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def blank(value: object) -> bool:
    """Tell whether nothing was answered: empty text, an empty list, a group or address without any part."""
    if isinstance(value, dict):
        return all(blank(part) for part in value.values())
    return value is None or value in ("", []) or (isinstance(value, str) and not value.strip())
