"""The interface object that the modules beside this one hang their operations on."""

from ninja import NinjaAPI

from motcua.exchange.events import EVENTS
from motcua.exchange.rest import door

PREFIX = "api/v1/"

TEXT = f"""
For programs of other agencies. How to begin, with commands: docs/reference/api.md.

- Every write (POST that says so) needs the header `Idempotency-Key`: the same key with the same body gives the same
  answer and writes nothing twice; with another body it is refused.
- Errors are `application/problem+json` (RFC 9457) in Vietnamese or English by `Accept-Language`; programs read `code`.
- `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) say how many calls are left this minute.
- A dossier of another agency answers 404, exactly as one that does not exist.
- Events: {", ".join(f"`{one}`" for one in EVENTS)}.
"""

api = NinjaAPI(
    title="Motcua for integrators",
    version="1.0",
    description=TEXT.strip(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="exchange",
    parser=door.StrictParser(),
)
door.install(api)
