"""Sheets about procedures, ready to print: what `base.printing.sheets` draws, said in the words of the public pages.

Papers are Vietnamese whatever language the page is in (architecture, papers).
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from motcua.agencies.models import Point
from motcua.base.printing.sheets import Bring, GuidanceSheet, PosterLine, WallLabels, WallPoster
from motcua.procedures.models import FeeRow, Procedure, ProcedureVersion
from motcua.procedures.queries.posting import Posted
from motcua.procedures.views import present


def place_lines(points: Iterable[Point]) -> tuple[str, ...]:
    """Return reception points as lines: name, address, telephone."""
    return tuple(
        ", ".join(part for part in (f"{point.shop.name}: {point.name}", point.address, point.phone) if part)
        for point in points
    )


def page_url(code: str) -> str:
    """Return the public address of a procedure, as codes on paper carry it."""
    return f"{settings.PUBLIC_URL}{reverse('procedure_page', args=[code], urlconf=settings.ROOT_URLCONF)}"


def posted_url(code: str) -> str:
    """Return the public address of what the agency with an identifier code posts."""
    return f"{settings.PUBLIC_URL}{reverse('portal-posted', args=[code], urlconf=settings.ROOT_URLCONF)}"


def guidance(
    procedure: Procedure, version: ProcedureVersion, *, points: Iterable[Point], at: datetime
) -> GuidanceSheet:
    """Return the sheet of a version that `queries.catalogue.with_rows` loaded."""
    code = procedure.code or ""
    with override("vi"):
        facts = tuple((str(row.key), str(row.value)) for row in present.head_rows(version))
        bring = tuple(
            Bring(title=group.title, hand_in=_said(group.hand_in), show=_said(group.show))
            for group in present.papers(version)
        )
        where = place_lines(points) or tuple(filter(None, [version.where_text.strip()]))
        return GuidanceSheet(
            title=version.name, code=code, sector=version.field, summary=version.summary, facts=facts, bring=bring,
            steps=tuple(present.steps(version)), places=where, decision=version.decision_number,
            url=page_url(code), issued_at=at,
        )  # fmt: skip


def _said(papers: Iterable[present.PaperItem]) -> tuple[str, ...]:
    lines = []
    for paper in papers:
        line = f"{paper.name} ({paper.count})" if paper.count else paper.name
        lines.append(f"{line} – {paper.when}" if paper.when else line)
    return tuple(lines)


def limit_words(row: Posted) -> str:
    """Return the limit at the agency; with several cases, that it is the usual one's."""
    limits = row.variant.limit_rows.all() if row.variant else ()
    words = capfirst(present.limit_words(row.limit, limits))
    return words if row.cases < 2 else f"{words} (trường hợp thường gặp)"


def fee_words(fees: Iterable[FeeRow]) -> str:
    """Return what is paid, kinds that cost nothing left out where others cost something."""
    rows = list(fees)
    if not rows:
        return "Hỏi quầy tiếp nhận"
    said = []
    for fee in rows:
        words = present.fee_words(fee)
        said.append(f"{fee.name}: {words}" if fee.name and len(rows) > 1 else words)
    return capfirst("; ".join(dict.fromkeys(said)))


def poster(
    agency: str, code: str, sectors: list[tuple[str, list[Posted]]], *, points: Iterable[Point], at: datetime
) -> WallPoster:
    """Return the posted list of an agency."""
    with override("vi"):
        return WallPoster(
            agency=agency, title="Thủ tục nhận tại đây", url=posted_url(code), issued_at=at,
            sectors=tuple((name or "Lĩnh vực khác", tuple(_line(row) for row in rows)) for name, rows in sectors),
            places=place_lines(points),
        )  # fmt: skip


def labels(agency: str, sectors: list[tuple[str, list[Posted]]], *, at: datetime) -> WallLabels:
    """Return cards with a QR code for each procedure."""
    with override("vi"):
        lines = tuple(_line(row) for _name, rows in sectors for row in rows)
        return WallLabels(agency=agency, title="Thẻ mã QR thủ tục", lines=lines, issued_at=at)


def _line(row: Posted) -> PosterLine:
    code = row.version.procedure.code or ""
    return PosterLine(
        name=row.version.name, code=code, limit=limit_words(row), fee=fee_words(row.fees), url=page_url(code)
    )
