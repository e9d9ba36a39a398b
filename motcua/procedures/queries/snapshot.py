"""A version read back from its rows into the neutral shape, and the digest that an approval is bound to."""

import hashlib
import json
from dataclasses import asdict

from motcua.procedures.models import FeeRow, ProcedureVersion, TimeLimitRow
from motcua.procedures.queries import catalogue
from motcua.procedures.source.shape import CaseData, FeeData, LimitData, PaperData, VersionData

#: Who writes texts here; everything else came in by the importer.
OFFICE, PROJECT = "office", "motcua"
OWN = (OFFICE, PROJECT)

TEXTS = (
    "field", "kind_text", "summary", "steps_text", "conditions", "where_text", "applicants", "agency_text",
    "authority_text", "issuing_agency", "decision_number", "online_level", "limit_text", "limit_value", "limit_unit",
    "limit_ambiguous",
)  # fmt: skip
_RULES = (
    "ask_within_value", "ask_within_unit", "answer_within_value", "answer_within_unit", "on_expiry", "resume",
    "resume_value", "resume_unit", "allows_boundary_free", "allows_representative", "financial_stop",
    "office_decides",
)  # fmt: skip


def data_of(version: ProcedureVersion) -> VersionData:
    """Return everything a version says, read from its rows (8 queries unless loaded by `with_rows`)."""
    if "variants" not in getattr(version, "_prefetched_objects_cache", {}):
        version = catalogue.with_rows(version)
    variants = list(version.variants.all())
    limits = list(version.limit_rows.all())
    case_of = {row.pk: place for place, row in enumerate(variants)}
    row_of = {row.pk: place for place, row in enumerate(limits)}
    return VersionData(
        key=str(version.procedure_id),
        code=None,
        name=version.name,
        source=version.source,
        source_url=version.source_url,
        plain=version.plain,
        sector=version.field,
        levels=list(version.levels),
        texts={name: getattr(version, name) for name in TEXTS},
        in_force_from=version.in_force_from,
        in_force_to=version.in_force_to,
        cases=[
            CaseData(
                row.name, row.is_default, row.when_text, {name: getattr(row, name) for name in _RULES}
            )
            for row in variants
        ],
        limits=[_limit(row, case_of) for row in limits],
        fees=[_fee(row, case_of, row_of) for row in version.fees.all()],
        papers=[
            PaperData(
                name=row.name, originals=row.originals, copies=row.copies, hint=row.hint, when_text=row.when_text,
                case=case_of.get(row.variant_id or 0), case_text=row.case_text, form_file=row.form_file,
                is_note=row.is_note, must_submit=row.must_submit, always=row.always,
            )
            for row in version.papers.all()
        ],
        results=[(row.name, row.code) for row in version.results.all()],
        references=[(row.number, row.name) for row in version.legal_references.all()],
    )  # fmt: skip


def _limit(row: TimeLimitRow, case_of: dict[int, int]) -> LimitData:
    return LimitData(
        channel=row.channel, case=case_of[row.variant_id], value=row.value, unit=row.unit,
        source_text=row.source_text, source_value=row.source_value, source_unit=row.source_unit,
        ambiguous=row.ambiguous_at_source, note=row.note,
    )  # fmt: skip


def _fee(row: FeeRow, case_of: dict[int, int], row_of: dict[int, int]) -> FeeData:
    return FeeData(
        basis=row.basis, kind=row.kind, row=row_of.get(row.limit_row_id or 0), case=case_of.get(row.variant_id or 0),
        channel=row.channel, name=row.name, amount=row.amount, unit=row.unit, from_quantity=row.from_quantity,
        ceiling=row.ceiling, note=row.note, path=row.path, source_amount=row.source_amount, currency=row.currency,
        source_text=row.source_text,
    )  # fmt: skip


def digest(data: VersionData) -> str:
    """Return the SHA-256 of what a version says: equal for equal texts, whoever wrote them."""
    said = asdict(data)
    for name in ("key", "code", "source", "source_url", "record", "content_hash", "flags", "in_force_from"):
        del said[name]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)
