"""Writing versions with all their rows, many at a time. Used by the importer and the demo catalogue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from motcua.lib.vietnamese import fold, normalize, sort_key
from motcua.procedures.models import (
    FeeRow,
    ImportFlag,
    ImportRun,
    LegalReference,
    Procedure,
    ProcedureVariant,
    ProcedureVersion,
    RequiredDocument,
    ResultType,
    SearchWord,
    Sector,
    TimeLimitRow,
)
from motcua.procedures.models.words import State
from motcua.procedures.source.shape import VersionData

_NOISE = re.compile(r"^thủ tục\s+", re.IGNORECASE)
_KEYS = "123456789abcdeghiklmnopqrstuvxy"
_BATCH = 2_000
_LONGEST_WORD = 40


@dataclass
class NewVersion:
    """One version to write: where it goes, what it says, and whether it holds."""

    procedure: Procedure
    data: VersionData
    number: int
    state: State = State.DRAFT
    in_force_from: date | None = None
    row: ProcedureVersion | None = None


def sectors_for(versions: Iterable[VersionData]) -> dict[tuple[str, str], Sector]:
    """Return the sectors of `versions` by (name, issuing agency), creating those that are new."""
    wanted = {_sector_key(data): data.sector_code for data in versions if data.sector}
    known = {(row.name, row.issuing_agency): row for row in Sector.objects.all()}
    new = [
        Sector(name=name, issuing_agency=agency, code=code, folded=fold(name), sort_key=sort_key(name))
        for (name, agency), code in wanted.items()
        if (name, agency) not in known
    ]
    for row in Sector.objects.bulk_create(new):
        known[row.name, row.issuing_agency] = row
    return known


def _sector_key(data: VersionData) -> tuple[str, str]:
    return normalize(data.sector), data.texts.get("issuing_agency", "")


def describe(procedure: Procedure, data: VersionData, sectors: dict[tuple[str, str], Sector]) -> None:
    """Set what the procedure's own row shows and is searched by, from a version."""
    name = normalize(data.name)
    procedure.name = name
    procedure.sector = sectors.get(_sector_key(data))
    procedure.levels = data.levels
    procedure.keywords = data.keywords
    procedure.lowered = name.lower()
    procedure.folded = words(name)
    procedure.search_text = " ".join(filter(None, map(words, [name, data.keywords, data.sector])))
    procedure.initials = initials(name)
    procedure.sort_key = sort_key(_NOISE.sub("", name))[:2_000]


DESCRIBED = [
    "name",
    "sector",
    "levels",
    "keywords",
    "lowered",
    "folded",
    "search_text",
    "initials",
    "sort_key",
]


def remember_words(procedures: Iterable[Procedure]) -> None:
    """Add the words of saved procedures to those a mistyped word is compared with."""
    found = {word for row in procedures for word in row.search_text.split() if len(word) <= _LONGEST_WORD}
    SearchWord.objects.bulk_create(
        [SearchWord(word=word) for word in sorted(found)], ignore_conflicts=True, batch_size=_BATCH
    )


def words(text: str) -> str:
    """Return the words of a text, folded, one space between: what a search compares."""
    return " ".join(re.findall(r"\w+", fold(text)))


def initials(name: str) -> str:
    """Return the first letters of a name's words, folded, "Thủ tục" left out: "dkks"."""
    return "".join(word[0] for word in re.findall(r"\w+", fold(_NOISE.sub("", normalize(name)))))


def write(versions: list[NewVersion], *, at: datetime, run: ImportRun | None) -> None:
    """Insert `versions` and all their rows; procedures must be saved already."""
    remember_words(new.procedure for new in versions)
    for new in versions:
        new.row = _version(new, at)
    ProcedureVersion.objects.bulk_create([_row(new) for new in versions], batch_size=_BATCH)
    _write_rows(versions, run)


def rewrite(version: ProcedureVersion, data: VersionData) -> None:
    """Let a draft say `data`: its row is changed, the rows below it are written anew."""
    version.name, version.levels, version.plain = data.name, data.levels, data.plain
    version.content_hash = data.content_hash
    for column, value in data.texts.items():
        setattr(version, column, value)
    version.save()
    below = (version.fees, version.papers, version.limit_rows, version.results, version.legal_references)
    for rows in (*below, version.variants):
        rows.all().delete()
    _write_rows([NewVersion(version.procedure, data, version.number, row=version)], None)


def _write_rows(versions: list[NewVersion], run: ImportRun | None) -> None:
    variants = {id(new): _variants(new) for new in versions}
    ProcedureVariant.objects.bulk_create(
        [row for rows in variants.values() for row in rows], batch_size=_BATCH
    )
    limits = {id(new): _limits(new, variants[id(new)]) for new in versions}
    TimeLimitRow.objects.bulk_create([row for rows in limits.values() for row in rows], batch_size=_BATCH)
    fees = [row for new in versions for row in _fees(new, variants[id(new)], limits[id(new)])]
    papers = [row for new in versions for row in _papers(new, variants[id(new)])]
    FeeRow.objects.bulk_create(fees, batch_size=_BATCH)
    RequiredDocument.objects.bulk_create(papers, batch_size=_BATCH)
    ResultType.objects.bulk_create([row for new in versions for row in _results(new)], batch_size=_BATCH)
    LegalReference.objects.bulk_create(
        [row for new in versions for row in _references(new)], batch_size=_BATCH
    )
    ImportFlag.objects.bulk_create([row for new in versions for row in _flags(new, run)], batch_size=_BATCH)


def _row(new: NewVersion) -> ProcedureVersion:
    assert new.row is not None
    return new.row


def _version(new: NewVersion, at: datetime) -> ProcedureVersion:
    data = new.data
    return ProcedureVersion(
        procedure=new.procedure,
        number=new.number,
        state=new.state,
        in_force_from=new.in_force_from,
        in_force_to=data.in_force_to,
        name=data.name,
        levels=data.levels,
        plain=data.plain,
        source=data.source,
        source_url=data.source_url,
        source_record=data.record,
        content_hash=data.content_hash,
        created_at=at,
        **data.texts,
    )


def _variants(new: NewVersion) -> list[ProcedureVariant]:
    return [
        ProcedureVariant(
            version=_row(new),
            position=position,
            name=case.name,
            when_text=case.when_text,
            is_default=case.is_default,
            **case.rules,
        )
        for position, case in enumerate(new.data.cases)
    ]


def _limits(new: NewVersion, variants: list[ProcedureVariant]) -> list[TimeLimitRow]:
    return [
        TimeLimitRow(
            version=_row(new),
            variant=variants[limit.case],
            position=position,
            channel=limit.channel,
            value=limit.value,
            unit=limit.unit,
            source_text=limit.source_text,
            source_value=limit.source_value,
            source_unit=limit.source_unit,
            ambiguous_at_source=limit.ambiguous,
            note=limit.note,
        )
        for position, limit in enumerate(new.data.limits)
    ]


def _fees(new: NewVersion, variants: list[ProcedureVariant], limits: list[TimeLimitRow]) -> list[FeeRow]:
    return [
        FeeRow(
            version=_row(new),
            variant=None if fee.case is None else variants[fee.case],
            limit_row=None if fee.row is None else limits[fee.row],
            position=position,
            channel=fee.channel,
            kind=fee.kind,
            basis=fee.basis,
            name=fee.name,
            amount=fee.amount,
            unit=fee.unit,
            from_quantity=fee.from_quantity,
            ceiling=fee.ceiling,
            note=fee.note,
            path=fee.path,
            source_amount=fee.source_amount,
            currency=fee.currency,
            source_text=fee.source_text,
        )
        for position, fee in enumerate(new.data.fees)
    ]


def _papers(new: NewVersion, variants: list[ProcedureVariant]) -> list[RequiredDocument]:
    keys = iter(_KEYS)
    return [
        RequiredDocument(
            version=_row(new),
            variant=None if paper.case is None else variants[paper.case],
            position=position,
            key="" if paper.is_note else next(keys, ""),
            name=paper.name,
            hint=paper.hint,
            when_text=paper.when_text,
            case_text=paper.case_text,
            originals=paper.originals,
            copies=paper.copies,
            form_file=paper.form_file,
            is_note=paper.is_note,
            must_submit=paper.must_submit,
            always=paper.always,
        )
        for position, paper in enumerate(new.data.papers)
    ]


def _results(new: NewVersion) -> list[ResultType]:
    rows = enumerate(new.data.results)
    return [
        ResultType(version=_row(new), position=place, name=name, code=code) for place, (name, code) in rows
    ]


def _references(new: NewVersion) -> list[LegalReference]:
    rows = enumerate(new.data.references)
    return [
        LegalReference(version=_row(new), position=place, number=num, name=name)
        for place, (num, name) in rows
    ]


def _flags(new: NewVersion, run: ImportRun | None) -> list[ImportFlag]:
    unique = {(flag.path, flag.reason): flag for flag in new.data.flags}
    return [
        ImportFlag(
            run=run, version=_row(new), path=flag.path, reason=flag.reason, source_text=flag.source_text
        )
        for flag in unique.values()
    ]
