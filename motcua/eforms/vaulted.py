"""Papers of an applicant's vault as a source of a form: number, day, issuer of a paper that the form names."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.applicants import vault
from motcua.applicants.models import VaultPaper
from motcua.eforms import paper_kinds
from motcua.eforms.engine.model import Form
from motcua.eforms.paper_kinds import PaperFacts
from motcua.eforms.prefill import Known
from motcua.ui import dates


@dataclass(frozen=True, slots=True)
class FromVault:
    """What the vault has for a form: sources for `prefill`, and the papers they are."""

    sources: list[Known] = field(default_factory=list)
    papers: list[UUID] = field(default_factory=list)


def asks(form: Form) -> set[str]:
    """Return the kinds of papers that a form's questions may be filled in from."""
    return {kind for _section, one in form.fields() if (kind := paper_kinds.wanted(one.source)[0])}


def known(form: Form, applicant_id: UUID, on: date) -> FromVault:
    """Return the papers of a vault that a form asks for, each once: of a kind the newest that is good on the day.

    One of which neither number nor day is known is passed over for an older one. The caller notes the look
    (`applicants.operations.vault.note`), and has asked whether it may look.
    """
    kinds, found = asks(form), FromVault()
    for paper in vault.papers_of(applicant_id) if kinds else []:
        kind = paper_kinds.kind_of(paper.name)
        if kind in kinds and (paper.number or paper.issued_on) and not vault.why_not(paper, on):
            kinds.discard(kind)
            found.sources.append(Known(_words(paper), papers={kind: _facts(paper)}))
            found.papers.append(paper.pk)
    return found


def _facts(paper: VaultPaper) -> PaperFacts:
    return PaperFacts(
        name=paper.name,
        number=paper.number or "",
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        valid_to=paper.valid_to,
    )


def _words(paper: VaultPaper) -> str:
    """Say which paper it is; without its number, for words of a source are kept unencrypted beside the answer."""
    name = paper.name[:1].lower() + paper.name[1:80]
    if paper.issued_on:
        return _("%(paper)s cấp ngày %(day)s, trong kho giấy tờ") % {
            "paper": name, "day": dates.day(paper.issued_on),
        }  # fmt: skip
    return _("%(paper)s, trong kho giấy tờ") % {"paper": name}
