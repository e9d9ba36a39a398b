"""Guess the text size at which an appointment slip fills one A5 page, so that it is set once, not five times.

Only a guess: `operations` counts the pages of the result and steps down when it was too hopeful. Figures are
points on the page of `_paper.typ` (A5, 130 × 194 mm of text) and were measured against the template.
"""

from math import ceil

from motcua.base.printing.data import AppointmentSlip, PaperLine

_WIDTH = 368.5
_HEIGHT = 549.9
_LETTER = 0.505  # mean width of a letter of Noto Serif in Vietnamese text, in em
_LINE = 1.335  # from line to line of the fields, in em
_ROW = 1.155  # a line in the table of papers, in em of the page
_ROW_PADDING = 1.6
_FRAME = 14.6  # letterhead, title, headings, table head and signatures, in em
_BAND_AND_LOOKUP = 118.0  # bar code, QR code: they do not shrink
_ROUTE_ROW = 60.0
_ROUTE_HEADING = 2.4  # em
_STATIONS_IN_A_ROW = 10
_TABLE_NAME_SHARE = 0.8


def slip_size(paper: AppointmentSlip, sizes: tuple[float, ...]) -> int:
    """Return the index in `sizes` (large to small) of the first size that should fit; the last at worst."""
    for index, size in enumerate(sizes):
        if _height(paper, size) <= _HEIGHT:
            return index
    return len(sizes) - 1


def _height(paper: AppointmentSlip, size: float) -> float:
    letters = _WIDTH / (size * _LETTER)
    lines = sum(ceil(count / letters) for count in _field_lengths(paper))
    in_a_row = letters * _TABLE_NAME_SHARE
    rows = [ceil(_row_length(line) / in_a_row) for line in paper.papers]
    route = ceil((len(paper.stations) + 1) / _STATIONS_IN_A_ROW) if paper.stations else 0
    return (
        size * (_FRAME + _LINE * lines + _ROW * sum(rows) + (_ROUTE_HEADING if route else 0))
        + len(rows) * _ROW_PADDING
        + route * _ROUTE_ROW
        + _BAND_AND_LOOKUP
    )


def _row_length(line: PaperLine) -> int:
    return len(line.name) + (len(line.note) + 3 if line.note else 0) + (30 if line.shown else 0)


def _field_lengths(paper: AppointmentSlip) -> list[int]:
    """Return the length of each field that takes lines of its own (0 for one that is left out)."""
    submitter = paper.submitter
    contacts = (submitter.phone, submitter.email, submitter.paper_number)
    applicant = paper.applicant
    fees = sum(len(fee.name) + len(fee.note) + len(fee.unit) + 18 for fee in paper.fees)
    fees += 26 if any(fee.conditional for fee in paper.fees) else 0
    return [
        len(paper.letterhead.office) + 22,
        len(paper.post_slip) + 25 if paper.post_slip else 0,
        len(submitter.name) + 8,
        len(submitter.address) + 9 if submitter.address else 0,
        sum(len(part) + 16 for part in contacts if part),
        50,
        len(paper.procedure_name) + len(paper.request) + 30,
        len(applicant.name) + len(applicant.address) + len(applicant.phone) + len(applicant.email) + 55
        if applicant
        else 0,
        70,
        55,
        70 + len(paper.due_explanation) if paper.due_at else 60,
        len(paper.return_place) + 28,
        fees + 20 if fees else 0,
        55 if paper.register_number else 0,
        80 if paper.second_due_at or paper.second_received_at else 0,
    ]
