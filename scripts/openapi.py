"""Write docs/reference/openapi.json from the program. Run after changing `motcua/dossiers/rest.py`."""

import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")

import django

django.setup()

from motcua.dossiers import rest  # noqa: E402

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"
TARGET.write_text(json.dumps(rest.description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
