"""QR and Code 128 as SVG text, for papers and for pages. Nothing personal and no secret goes into Code 128.

QR: model 2 (never Micro QR, which phones do not read), level M, quiet zone of 4 modules (ISO/IEC 18004).
Code 128: quiet zone of 10 modules (ISO/IEC 15417). Drawings carry no style attribute, so that they pass a
strict content security policy, and are measured in modules: the user of the picture sets its size.
"""

from dataclasses import dataclass

import segno
from barcode.codex import Code128

QR_QUIET = 4
BAR_QUIET = 10


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG picture and its width in modules with quiet zones; the narrowest bar is one module."""

    svg: str
    modules: int


def qr(text: str) -> Drawing:
    """Return the QR code of `text` (UTF-8). Refuses what does not fit: about 2,300 bytes."""
    code = segno.make_qr(text, error="m", boost_error=False)
    side = len(code.matrix) + 2 * QR_QUIET
    strokes = []
    for y, row in enumerate(code.matrix):
        for start, length in _runs(list(row)):
            strokes.append(f"M{start + QR_QUIET} {y + QR_QUIET}h{length}v1h-{length}z")
    return Drawing(_svg(side, side, "".join(strokes)), side)


def code128(text: str, *, height: int = 40) -> Drawing:
    """Return the Code 128 of `text`, `height` modules high. Refuses letters outside printable ASCII."""
    if not text or any(not " " <= letter <= "~" for letter in text):
        raise ValueError(f"Code 128 here carries printable ASCII, not {text!r}")
    pattern = Code128(text).build()[0]
    width = len(pattern) + 2 * BAR_QUIET
    strokes = [
        f"M{start + BAR_QUIET} 0h{length}v{height}h-{length}z"
        for start, length in _runs([int(module) for module in pattern])
    ]
    return Drawing(_svg(width, height, "".join(strokes)), width)


def _runs(modules: list[int]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs


def _svg(width: int, height: int, path: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{height}h-{width}z"/><path d="{path}"/></svg>'
    )
