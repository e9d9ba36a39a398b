"""From a hand-over slip to the data of its paper. Reads only."""

from motcua.agencies.models import Agency, Point, Unit
from motcua.agencies.queries import NoneThen, name_of, parent_of
from motcua.base.printing import data
from motcua.dossiers import custody_words, held
from motcua.dossiers.models import HandoverSlip


def slip_paper(slip: HandoverSlip) -> data.HandoverList:
    """Return the slip as it is printed: who gives what to whom; what was confirmed stands beside each line."""
    return data.HandoverList(
        letterhead=_letterhead(slip),
        issued_at=slip.given_at,
        code=slip.number,
        from_place=_place(slip.from_agency, slip.from_unit, slip.from_point),
        to_place=_place(slip.to_agency, slip.to_unit, slip.to_point),
        note=slip.note,
        items=tuple(
            data.HandoverItem(
                code=line.dossier.code,
                applicant=line.dossier.applicant_name,
                procedure=line.dossier.procedure_version.procedure.name,
                content=custody_words.bundle_words(line.holding.bundle, line.holding.round),
                count=line.holding.originals + line.holding.certified + line.holding.plain_copies,
                state=custody_words.ON_PAPER.get(line.state, ""),
            )
            for line in held.lines_of(slip)
        ),
        giver=data.Signer(name=_name(slip.given_position)),
        taker=data.Signer(name=_name(slip.taken_position)),
        taken_at=slip.taken_at,
    )


def _letterhead(slip: HandoverSlip) -> data.Letterhead:
    agency, day = slip.from_agency, slip.given_at.date()
    try:
        name = name_of(agency.pk, day)
    except NoneThen:  # it has closed since
        name = agency.name
    parent = parent_of(agency.pk, day)
    place = name.removeprefix("UBND ").removeprefix("Ủy ban nhân dân ")
    return data.Letterhead(parent=parent.name if parent else "", office=name, place=place)


def _place(agency: Agency, unit: Unit, point: Point | None) -> str:
    return ", ".join(part for part in (unit.name, point.name if point else "", agency.name) if part)


def _name(position: object) -> str:
    return position.account.full_name if position is not None else ""  # type: ignore[attr-defined]
