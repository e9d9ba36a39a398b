"""Write the descriptions of both interfaces. Run after changing `dossiers/rest.py` or `exchange/rest/`."""

import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")

import django

django.setup()

from motcua.dossiers import rest as officers  # noqa: E402
from motcua.exchange import rest as integrators  # noqa: E402

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
for name, interface in (("openapi.json", officers), ("openapi-integrators.json", integrators)):
    text = json.dumps(interface.description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (REFERENCE / name).write_text(text)
