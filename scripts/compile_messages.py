"""Compile the committed .po files to .mo with Babel: no gettext program is needed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]

for source in sorted(ROOT.glob("motcua/locale/*/LC_MESSAGES/*.po")):
    with source.open("rb") as stream:
        catalog = read_po(stream)
    target = source.with_suffix(".mo")
    with target.open("wb") as stream:
        write_mo(stream, catalog)
