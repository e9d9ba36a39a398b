"""One issued paper as PDF, made anew from what was kept when it was issued."""

import dataclasses

from django.utils import timezone

from motcua.base.printing.data import Correction
from motcua.base.printing.operations import render
from motcua.dossiers import paper_data
from motcua.dossiers.models import Paper


def pdf_of(row: Paper) -> bytes:
    """Return the PDF; one that was replaced says by which paper, a reprint says which one it is."""
    data = paper_data.from_text(row.form, row.data or "")
    newer = getattr(row, "replaced_by", None)
    if newer is not None:
        told = Correction(round=newer.version - 1, number=newer.number, issued_at=newer.issued_at)
        data = dataclasses.replace(data, replaced=told)
    if row.reprints:
        data = dataclasses.replace(data, reprint=row.reprints)
    return render(data, on=timezone.localdate(row.issued_at))
