"""English is complete, and every translation keeps its placeholders."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib

from conftest import need

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "motcua" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_every_message_has_its_english() -> None:
    need("xgettext", "gettext")
    result = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-2000:]


def test_a_new_message_is_missed(tmp_path: Path) -> None:
    copy = tmp_path / "django.po"
    shutil.copy(ENGLISH, copy)
    catalog = polib.pofile(str(copy))
    catalog[0].msgstr = ""
    assert [entry.msgid for entry in catalog.untranslated_entries()] == [catalog[0].msgid]


def _faults(catalog: polib.POFile) -> list[tuple[str, str]]:
    faults = []
    for entry in catalog:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = sorted(PLACEHOLDER.findall(entry.msgid))
        for text in texts:
            found = sorted(PLACEHOLDER.findall(text))
            if found != wanted and not (entry.msgid_plural and set(found) <= set(wanted)):
                faults.append((entry.msgid, text))
    return faults


def test_translations_keep_their_placeholders() -> None:
    assert _faults(polib.pofile(str(ENGLISH))) == []


def test_a_lost_placeholder_is_found() -> None:
    catalog = polib.POFile()
    catalog.append(polib.POEntry(msgid="%(n)s hồ sơ", msgstr="dossiers"))
    assert _faults(catalog) == [("%(n)s hồ sơ", "dossiers")]


def test_english_pages_speak_english(db: None) -> None:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.cookies["motcua-lang"] = "en"
    page = client.get("/tra-cuu").content.decode()
    assert '<html lang="en"' in page
    assert "Where is your dossier" in page
    assert "Hồ sơ của anh/chị" not in page
