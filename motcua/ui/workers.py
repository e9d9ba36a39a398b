"""Service workers: a file of ours answered under the path whose pages it may serve, with what it has to know."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpResponse

#: The worker fetches from this host alone and does nothing else.
_POLICY = "default-src 'none'; connect-src 'self'"


def worker(script: Path, **known: Any) -> HttpResponse:
    """Answer with the script; `self.motcua` holds `known`. Another script or other knowledge is a new worker.

    Browsers ask anew each time: a release reaches every page at its next look.
    """
    told = json.dumps(known, ensure_ascii=True, sort_keys=True)
    text = f"self.motcua = {told};\n{script.read_text(encoding='utf-8')}"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Content-Security-Policy"] = _POLICY
    return answer
