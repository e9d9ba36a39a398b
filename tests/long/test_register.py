"""The register at 150,000 dossiers: a workbook in less than 20 s of processor time, memory that stays, a quick page.

`-s` prints the figures.
"""

import resource
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from motcua.base.printing import book
from motcua.dossiers import register
from motcua.dossiers.models import AccessLog, Dossier
from motcua.dossiers.operations.register import MOST_IN_PDF, note_copy
from motcua.dossiers.register import Asked
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.dossiers.views.register import _head
from motcua.ui.routing import set_database_actor

__all__ = ["world"]
pytestmark = [pytest.mark.long, pytest.mark.django_db]
COUNT = 150_000
DAY = date(2026, 7, 6)
_OWN = {
    "id": "gen_random_uuid()",
    "code": "'H24.12-260706-' || (10000 + n)",
    "book_number": "10000 + n",
    "token_hash": "sha256(n::text::bytea)",
}


def fill(seed: Dossier) -> None:
    """Copy one dossier; only what must differ does."""
    columns = [field.column for field in Dossier._meta.concrete_fields]
    values = ", ".join(_OWN.get(name, f'd."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into dossiers_dossier ({names}) select {values} from dossiers_dossier d, "
            f"generate_series(1, %s) n where d.id = %s",
            [COUNT, seed.pk],
        )
        cursor.execute("analyze dossiers_dossier")


def test_the_register_of_a_province(world: World, tmp_path: Path) -> None:
    fill(take_in(world))
    minh = world.actor("minh")
    set_database_actor(minh)
    asked = Asked(world.home, DAY, DAY)
    started = time.monotonic()
    page = register.page(minh, asked, after="2026-100000")
    shown = time.monotonic() - started
    assert page.lines[0].number == 100_001
    started = time.monotonic()
    assert note_copy(asked=asked, kind="xlsx", actor=minh, at=MONDAY) == COUNT + 1
    noted = time.monotonic() - started
    assert AccessLog.objects.count() == COUNT + 1
    head = _head(asked, minh)
    before, used, started = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        time.process_time(),
        time.monotonic(),
    )
    with (tmp_path / "book.xlsx").open("w+b") as out:
        assert book.write_xlsx(head, register.lines(register.dossiers(minh, asked)), out) == COUNT + 1
    used, wall = time.process_time() - used, time.monotonic() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    size = (tmp_path / "book.xlsx").stat().st_size / 1e6
    started = time.monotonic()
    few = register.dossiers(minh, asked)[:MOST_IN_PDF]
    assert book.write_pdf(head, register.lines(few), tmp_path / "book.pdf") == MOST_IN_PDF
    pdf = time.monotonic() - started
    print(
        f"\npage {shown:.2f} s; readings noted {noted:.1f} s; XLSX {wall:.1f} s, {used:.1f} s of processor time, "
        f"{size:.1f} MB, +{grown:.0f} MB of memory; PDF of {MOST_IN_PDF:,} lines {pdf:.1f} s, child at most "
        f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
    )
    assert used < 20
    assert grown < 100
    assert shown < 5  # alone it takes a fraction; the machine may be shared
