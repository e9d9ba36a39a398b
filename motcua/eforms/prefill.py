"""What is known already goes into a form before anybody types, each value with the words where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motcua.eforms.engine import answers
from motcua.eforms.engine.model import SILENT, Field, Form, Values, blank, rows_of
from motcua.eforms.paper_kinds import PaperFacts, value_for


@dataclass(frozen=True, slots=True)
class Known:
    """One source. `words` stand beside the field ("thẻ căn cước", "tờ khai ngày 2/11/2026").

    `facts` are by what a field asks of a person ("identity.full_name") and go to the fields of `person` ("requester");
    `values` are an earlier answer's, by field key; `papers` are by kind (`paper_kinds`) and go to questions about such
    a paper.
    """

    words: str
    person: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, PaperFacts] = field(default_factory=dict)


def prefill(form: Form, sources: Sequence[Known], *, on: date) -> tuple[Values, dict[str, str]]:
    """Return values for a new answer and by path the words of their source; earlier sources go before later ones.

    Only what would pass the form's own check is taken; files, computed fields and repeating sections are not.
    """
    values: Values = {}
    marks: dict[str, str] = {}
    for section in form.sections:
        for one in section.fields if section.rows is None else ():
            if one.kind in SILENT or one.kind == "file":
                continue
            for known in sources:
                value = _told(one, known)
                if not blank(value) and answers.fits(one, value, on=on):
                    values[one.key], marks[one.key] = value, known.words
                    break
    return values, marks


def _told(one: Field, known: Known) -> Any:
    if one.key in known.values:
        return known.values[one.key]
    if known.papers and one.source:
        return value_for(one, known.papers)
    mine = not known.person or one.key.startswith(f"{known.person}_")
    return known.facts.get(one.source) if one.source and mine else None


def carried(form: Form, values: Values, *, on: date) -> tuple[Values, set[str]]:
    """Return what of another form's answer has a place in `form` and passes its checks, rows with it; then the keys
    of what was answered and has none."""
    taken: Values = {}
    cut: set[str] = set()
    for section in form.sections:
        fields = [one for one in section.fields if one.kind not in SILENT and one.kind != "file"]
        if section.rows is None:
            taken |= _fitting(fields, values, on)
            continue
        rows = [(row, _fitting(fields, row, on)) for row in rows_of(section, values)]
        if kept := [it for _row, it in rows if it]:
            taken[section.key] = kept
        if any(not blank(value) and key not in it for row, it in rows for key, value in row.items()):
            cut.add(section.key)
    return taken, ({key for key, value in values.items() if not blank(value)} - taken.keys()) | cut


def _fitting(fields: Sequence[Field], values: Values, on: date) -> Values:
    return {
        one.key: values[one.key]
        for one in fields
        if not blank(values.get(one.key)) and answers.fits(one, values[one.key], on=on)
    }
