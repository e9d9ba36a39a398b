"""`render`: the one PDF maker. Pure: the same paper gives the same bytes, nothing is stored."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from motcua.base.printing import compiler, passages, wording
from motcua.base.printing.data import AppointmentSlip, ControlSheet, FeeLine, HandoverList, JointSlip, Paper
from motcua.base.printing.fitting import slip_size
from motcua.base.printing.legal_forms import FormVersion, form_on
from motcua.base.printing.text import printable
from motcua.lib import barcodes

BOTH_COPIES = (1, 2)

# Text sizes in points, tried from large to small until a copy fits one page, and the size for papers that do
# not. The control sheet is a log of any length: it always flows.
_SIZES: dict[str, tuple[tuple[float, ...], float]] = {
    "A5": ((9.0, 8.6, 8.2, 7.8, 7.4, 7.0), 8.2),
    "A4": ((), 10.5),
}

# Printed width of one Code 128 module: 0.25 mm reads from a 300 dpi printer with a hand scanner.
_BAR_MM = 0.25
_BAR_MOST_MM = 74.0


def render(paper: Paper, *, on: date | None = None, copies: tuple[int, ...] = BOTH_COPIES) -> bytes:
    """Return the PDF of `paper` in the version of its form in force `on` that day (default: day of issue).

    A paper that names a family of forms keeps to it on any day.

    The file is tagged PDF/UA-1 and PDF/A-2a, fonts embedded, its time stamp the paper's own `issued_at`:
    equal papers give equal bytes. `copies` picks copies of the appointment slip (1 for the submitter with
    secret and QR code, 2 kept with the dossier); other papers have one. Raises `legal_forms.NoSuchForm` when
    the form did not exist on that day, ValueError for a naive instant or a code that cannot be a bar code.
    """
    day = on or paper.issued_at.astimezone(wording.HERE).date()
    form = form_on(paper.form, day, getattr(paper, "family", ""))
    values = wording.printed(paper) | {"form": _form(form), "copies": _copies(paper, copies)}
    values["letterhead"]["place"] = wording.place(values["letterhead"]["place"])
    own = [(one.key, one.text) for one in paper.passages]
    values["passages"] = {
        key: printable(text) for key, text in passages.filled(paper.form, own, paper).items()
    }
    extra = _EXTRAS.get(paper.form)
    if extra:
        values |= extra(paper)
    elif url := getattr(paper, "tracking_url", ""):
        values["qr"] = {"svg": barcodes.qr(url).svg}
    for name in ("fees", "fees_paid"):
        if name in values:
            values |= _fees(name, getattr(paper, name))
    return _fitted(paper, form, values, pages=len(values["copies"]))


def _fitted(paper: Paper, form: FormVersion, values: dict[str, Any], *, pages: int) -> bytes:
    """Return the PDF at the largest size at which each copy fits one page, else flowing with page numbers."""
    sizes, flowing = _SIZES[form.size]
    first = slip_size(paper, sizes) if isinstance(paper, AppointmentSlip) else 0
    for size in sizes[first:]:
        made = _make(paper, form, values | {"size": size, "flow": False})
        if compiler.page_count(made) <= pages:
            return made
    return _make(paper, form, values | {"size": flowing, "flow": True})


def _make(paper: Paper, form: FormVersion, values: dict[str, Any]) -> bytes:
    return compiler.pdf(form.template, json.dumps(values, ensure_ascii=False), at=paper.issued_at)


def _copies(paper: Paper, copies: tuple[int, ...]) -> list[int]:
    """Only the appointment slip has copies of different wording."""
    return list(copies) if isinstance(paper, AppointmentSlip) else [1]


def _form(form: FormVersion) -> dict[str, str]:
    return {"number": form.number, "title": form.title, "legal_basis": form.legal_basis}


def _bars(code: str) -> dict[str, Any]:
    drawing = barcodes.code128(code)
    return {"svg": drawing.svg, "width_mm": min(drawing.modules * _BAR_MM, _BAR_MOST_MM)}


def _fees(name: str, fees: tuple[FeeLine, ...]) -> dict[str, Any]:
    """Say what each fee costs; a total only where every amount is fixed and owed."""
    lines = [wording.printed(fee) | {"amount_words": wording.fee(fee.amount, fee.unit)} for fee in fees]
    owed = [fee for fee in fees if not fee.conditional]
    fixed = [fee.amount for fee in owed if fee.amount and not fee.unit]
    total = wording.money(sum(fixed)) if len(fixed) == len(owed) > 1 else ""
    return {name: lines, f"{name}_total": total}


def _slip(paper: AppointmentSlip) -> dict[str, Any]:
    return {
        "bars": _bars(paper.code),
        "qr": {"svg": barcodes.qr(paper.tracking_url).svg},
        "secret": wording.grouped(paper.secret),
    }


def _sheet(paper: ControlSheet | HandoverList) -> dict[str, Any]:
    return {"bars": _bars(paper.code)}


def _joint(paper: JointSlip) -> dict[str, Any]:
    rows = [
        wording.printed(row)
        | {
            "bars": _bars(row.code),
            "qr": {"svg": barcodes.qr(row.tracking_url).svg},
            "secret": wording.grouped(row.secret),
        }
        for row in paper.rows
    ]
    return {"rows": rows}


_EXTRAS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "appointment_slip": _slip,
    "control_sheet": _sheet,
    "joint_slip": _joint,
    "handover_slip": _sheet,
}
