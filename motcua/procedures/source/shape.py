"""The neutral shape between a source and the tables."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class CaseData:
    """A case ("trường hợp") with its rules of supplement."""

    name: str
    is_default: bool = False
    when_text: str = ""
    rules: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class LimitData:
    """One channel row. `value` and `unit` are what may be reckoned with; empty while doubtful."""

    channel: str
    case: int
    value: Decimal | None = None
    unit: str = ""
    source_text: str = ""
    source_value: Decimal | None = None
    source_unit: str = ""
    ambiguous: bool = False
    note: str = ""


@dataclass(slots=True)
class FeeData:
    """One fee; `row` is the channel row that names it, `case` the case it is for (None: all)."""

    basis: str
    kind: str = "UNKNOWN"
    row: int | None = None
    case: int | None = None
    channel: str = ""
    name: str = ""
    amount: int | None = None
    unit: str = ""
    from_quantity: int | None = None
    ceiling: int | None = None
    note: str = ""
    path: str = ""
    source_amount: Decimal | None = None
    currency: str = ""
    source_text: str = ""


@dataclass(slots=True)
class PaperData:
    """One required paper or, with `is_note`, a remark that the source keeps among the papers."""

    name: str
    originals: int = 0
    copies: int = 0
    case: int | None = None
    hint: str = ""
    when_text: str = ""
    case_text: str = ""
    form_file: str = ""
    is_note: bool = False
    must_submit: bool = True
    always: bool = True


@dataclass(slots=True, frozen=True)
class FlagData:
    """A doubtful place: `path` in the source record, reason code, the source's own text."""

    path: str
    reason: str
    source_text: str = ""


@dataclass(slots=True)
class VersionData:
    """Everything one version says."""

    key: str
    code: str | None
    name: str
    source: str
    source_url: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    plain: bool = False
    sector: str = ""
    sector_code: str = ""
    keywords: str = ""
    levels: list[str] = field(default_factory=list)
    texts: dict[str, Any] = field(default_factory=dict)  # columns of ProcedureVersion by name
    in_force_from: date | None = None
    in_force_to: date | None = None
    cases: list[CaseData] = field(default_factory=list)
    limits: list[LimitData] = field(default_factory=list)
    fees: list[FeeData] = field(default_factory=list)
    papers: list[PaperData] = field(default_factory=list)
    results: list[tuple[str, str]] = field(default_factory=list)  # name, code
    references: list[tuple[str, str]] = field(default_factory=list)  # number, name
    flags: list[FlagData] = field(default_factory=list)


class BadRecord(ValueError):
    """A record that cannot be read at all; the message says what is wrong with it."""
