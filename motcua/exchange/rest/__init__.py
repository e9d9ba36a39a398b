"""The programming interface for other agencies' programs: version 1, public host, `/api/v1/`.

Every path goes through `ui.routing.route`, open to everyone there because the token is the right: `door` asks for it,
counts the call, and opens one transaction of the client behind row-level security. The operations are those of the
screens. The description in `docs/reference/openapi-integrators.json` is made from here; a test holds it current.
"""

from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja.openapi import get_schema
from ninja.operation import Operation

from motcua.exchange.models import Scope
from motcua.exchange.rest import catalogue, dossiers, schemas, told
from motcua.exchange.rest.api import PREFIX, api
from motcua.exchange.rest.door import LONGEST_KEY, SHORTEST_KEY, Token, guarded, problem
from motcua.ui.routing import everyone, route

__all__ = ["catalogue", "description", "dossiers", "public_urls", "told"]

#: What must come with a key, so that sending it again writes nothing twice.
KEYED = frozenset({"submit", "answer_supplement", "withdraw", "result_received"})
_CONTENT = {
    "paper": ["application/pdf"],
    "file": ["application/pdf", "image/jpeg", "image/png", "image/heic"],
}
_SAYS = {
    400: "It cannot be read: bad JSON, no key.",
    401: "No token, or one that does not hold.",
    403: "The token, the agency or the network address does not allow it.",
    404: "It does not exist, or not for you.",
    409: "It does not fit how things stand now.",
    413: "It is too large.",
    415: "Another media type is expected.",
    422: "Something in it is not right; `errors` says where.",
    429: "Too many calls in this minute.",
}


def _no_such_path(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404, "no_such_path", _("Không có địa chỉ này trong API."))


def _patterns() -> list[URLPattern]:
    """Put every path of the interface behind `route`, and a last one for those there are not."""
    found: list[URLPattern] = []
    known = _query_names()
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)
        if pattern.name != "api-root":
            view = guarded(pattern.callback, known.get(str(pattern.name), {}))
            path = f"{PREFIX}{pattern.pattern}"
            found.append(route(path, view, permission=everyone, name=str(pattern.name)))
    nothing = guarded(_no_such_path)
    return [
        *found,
        route(f"{PREFIX}<path:rest>", nothing, permission=everyone, name="exchange-nothing"),
        route("api/", nothing, permission=everyone, name="exchange-no-version"),
        route("api/<path:rest>", nothing, permission=everyone, name="exchange-other-version"),
    ]


def _query_names() -> dict[str, dict[str, frozenset[str]]]:
    """Return the names that each path knows in its query, by method."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                names = frozenset(
                    name
                    for model in operation.models
                    if model.__ninja_param_source__ == "query"
                    for name in model.__ninja_flatten_map__
                )
                by_method = found.setdefault(str(operation.url_name), {})
                by_method |= dict.fromkeys(operation.methods, names)
    return found


public_urls: list[URLPattern] = _patterns()


def description() -> dict[str, Any]:
    """Return the OpenAPI description, as committed in docs/reference/openapi-integrators.json."""
    found = cast(dict[str, Any], dict(get_schema(api, path_prefix=f"/{PREFIX}")))
    scopes = {one.value: str(one.name).lower() for one in Scope}
    schema = {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": f"/{PREFIX}token", "scopes": scopes}},
    }
    components = found["components"]
    components["securitySchemes"] = {"token": schema}
    for model in (schemas.Problem, schemas.OAuthError):
        written = model.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= written.pop("$defs", {})
        components["schemas"][model.__name__] = written
    for path, method, operation, said in _operations(found):
        _complete(path, method, operation, said)
        said["responses"] = {str(status): one for status, one in said["responses"].items()}
    return found


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, str, Operation, dict[str, Any]]]:
    by_id = {
        operation.operation_id: operation
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    }
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            yield path, method, by_id[said["operationId"]], said


def _complete(path: str, method: str, operation: Operation, said: dict[str, Any]) -> None:
    """Add what ninja does not know: rights, keys, errors, contents that are no JSON."""
    name = said["operationId"]
    if name == "token":
        error = {"application/json": {"schema": {"$ref": "#/components/schemas/OAuthError"}}}
        for status in (400, 401, 429):
            said["responses"][str(status)] = {"description": _SAYS[status], "content": error}
        said["responses"]["413"] = _problem(413)
        return
    token = next(one for one in operation.auth_callbacks if isinstance(one, Token))
    said["security"] = [{"token": [scope]} for scope in token.scopes]
    statuses = {400, 401, 403, 429}
    if "{" in path:
        statuses.add(404)
    statuses.add(422)  # a name in the query that the address does not know
    if "requestBody" in said:
        statuses |= {404, 409, 413, 415, 422}
    elif method == "post":
        statuses |= {409, 413}
    if name in KEYED:
        said["parameters"] = [*said.get("parameters", []), _key()]
    for status in sorted(statuses):
        said["responses"][str(status)] = _problem(status)
    if name in _CONTENT:
        content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _CONTENT[name]}
        said["responses"]["200"] = {"description": "The content.", "content": content}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _SAYS[status], "content": content}


def _key() -> dict[str, Any]:
    return {
        "in": "header", "name": "Idempotency-Key", "required": True,
        "description": "of this one request: send it again when no answer came",
        "schema": {
            "type": "string", "minLength": SHORTEST_KEY, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$",
            "examples": ["0b2f5e6c-6a39-4c1b-9a3e-6b0f7c1d2e3f"],
        },
    }  # fmt: skip
