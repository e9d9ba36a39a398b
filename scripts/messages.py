#!/usr/bin/env python3
"""Bring motcua/locale/en/LC_MESSAGES/django.po up to date with the source texts.

    .venv/bin/python scripts/messages.py            extract, keep what is translated, list what is missing
    .venv/bin/python scripts/messages.py --check    only tell whether something is missing (exit 1)

Python and Django templates go through GNU gettext (Debian's package gettext), the few Jinja pages through
Babel. The source language is Vietnamese; English is kept complete (a test).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "motcua" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "motcua",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def extracted() -> polib.POFile:
    """Return every message of the source, untranslated."""
    with tempfile.TemporaryDirectory() as folder:
        locale = Path(folder) / "locale"
        locale.mkdir()
        # A copy without its locale folder: makemessages would otherwise write into that one.
        copy = Path(folder) / "motcua"
        skipped = shutil.ignore_patterns(
            "locale", "__pycache__", "static", "tests", "jinja2", "*.woff2", "*.ttf"
        )
        shutil.copytree(ROOT / "motcua", copy, ignore=skipped)
        code = (
            "import django, sys; from django.conf import settings;"
            "from motcua.config import settings as own;"
            "own.LOCALE_PATHS = [sys.argv[1]];"
            "django.setup();"
            "from django.core.management import call_command;"
            "call_command('makemessages', locale=['en'], no_location=True, no_obsolete=True, verbosity=0)"
        )
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "motcua.config.settings"}
        subprocess.run([sys.executable, "-c", code, str(locale)], cwd=copy, env=environment, check=True)
        found = polib.pofile(str(locale / "en" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgid, entry.msgctxt) for entry in found}
    jinja = extract_from_dir(
        str(ROOT / "motcua" / "dossiers" / "jinja2"),
        method_map=[("**.html", "jinja2")],
        options_map={"**.html": {"trimmed": "true", "newstyle_gettext": "true"}},
    )
    for _file, _line, message, _comments, context in jinja:
        text = message[0] if isinstance(message, tuple) else message
        if (text, context) not in known:
            known.add((text, context))
            found.append(polib.POEntry(msgid=text, msgctxt=context))
    return found


def main() -> int:
    have = polib.pofile(str(TARGET)) if TARGET.exists() else polib.POFile()
    old = {(entry.msgid, entry.msgctxt): entry for entry in have}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = HEADER
    missing = []
    for entry in sorted(extracted(), key=lambda one: one.msgid):
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.comment = entry.tcomment = ""
        before = old.get((entry.msgid, entry.msgctxt))
        entry.msgstr, entry.msgstr_plural = (before.msgstr, before.msgstr_plural) if before else ("", {})
        if entry.msgid_plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        if not entry.translated():
            missing.append(entry.msgid)
        fresh.append(entry)
    if "--check" not in sys.argv:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(TARGET))
    for text in missing:
        print(f"missing: {text[:100]}")
    print(f"{len(fresh)} messages, {len(missing)} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
