"""What an applicant has already, offered before it is asked for again: the vault first, then earlier dossiers.

The vault holds papers of all agencies, with validity; it is asked about one applicant who is there (at the counter, or
logged in). Earlier dossiers (`earlier_papers`) are those that the actor may see, and cover what was handed in before
there was a vault.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from motcua.applicants import vault
from motcua.applicants.models import VaultPaper
from motcua.dossiers import earlier_papers
from motcua.dossiers.earlier_papers import Earlier
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.lib import paper_age
from motcua.lib.actor import Actor
from motcua.procedures.models import RequiredDocument


@dataclass(frozen=True)
class Offered:
    """What there is for one paper that is asked for: from the vault, or from an earlier dossier; or why nothing.

    `paper_id` goes to `operations.vault.take_over`; `earlier` is what the intake's own reuse takes.
    """

    paper_id: UUID | None = None
    earlier: Earlier | None = None
    name: str = ""
    origin_code: str = ""
    source: str = ""
    on_day: date | None = None
    valid_to: date | None = None
    for_ever: bool = False
    certified: str = ""  # number, day and who certified
    for_original: bool = False  # signed as the law asks: no original is asked for beside it
    why_not: str = ""

    @property
    def is_good(self) -> bool:
        return not self.why_not


def offers(
    applicant_id: UUID, wanted: Iterable[RequiredDocument], on: date, *, actor: Actor
) -> dict[int, Offered]:  # fmt: skip
    """Return for each paper asked for, by its id, what the applicant has for it on a day.

    Expired and replaced ones are told with the reason and are not good; a good earlier paper goes before them. Whoever
    calls this notes the look (`applicants.operations.vault.note`) when it is shown to an officer.
    """
    papers = list(wanted)
    asked = {one.pk: vault.Wanted(one.name, most_days=most_days(one)) for one in papers}
    held = vault.offers(applicant_id, asked, on)
    earlier = earlier_papers.offers(Q(applicant_id=applicant_id), papers, actor=actor, day=on)
    found = {}
    for one in papers:
        mine = held.get(one.pk)
        if (mine is None or not mine.is_good) and one.pk in earlier:
            was = earlier[one.pk]
            found[one.pk] = Offered(earlier=was, name=one.name, origin_code=was.code, on_day=was.at.date())
        elif mine is not None:
            paper = mine.paper
            found[one.pk] = Offered(
                paper_id=paper.pk if mine.is_good else None, name=paper.name, origin_code=paper.origin_code,
                source=_source(paper), certified=vault.certified_words(paper),
                for_original=paper.stands_for_original,
                on_day=paper.issued_on or paper.handed_in_on, valid_to=paper.valid_to, for_ever=paper.for_ever,
                why_not=mine.why_not,
            )  # fmt: skip
    return found


def most_days(required: RequiredDocument | None) -> int | None:
    """Return how old a paper may be by the words of the catalogue; None where it says nothing, or asks for none."""
    if required is None:
        return None
    return paper_age.most_days(required.name, required.hint, required.when_text)


def good_ones(applicant_id: UUID, on: date) -> list[VaultPaper]:
    """Return the papers of a vault that are good on a day, the newest first: to choose one of another name from."""
    return [one for one in vault.papers_of(applicant_id) if not vault.why_not(one, on)]


def _source(paper: VaultPaper) -> str:
    """Say where a paper comes from; of a certified one also who certified it."""
    said, words = paper.source_words, vault.certified_words(paper)
    return f"{said}: {words}" if words else said


def for_dossier(dossier: Dossier, on: date, *, actor: Actor) -> list[tuple[DossierDocument, Offered]]:
    """Return the papers of a dossier for which the applicant has something from elsewhere, each with what it is."""
    documents = DossierDocument.objects.filter(dossier=dossier, required__isnull=False)
    rows = list(documents.select_related("required").order_by("position"))
    wanted = [one.required for one in rows if one.required is not None]
    found = offers(dossier.applicant_id, wanted, on, actor=actor)
    return [
        (one, found[one.required_id])
        for one in rows
        if one.required_id in found and found[one.required_id].origin_code != dossier.code
    ]
