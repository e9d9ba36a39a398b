"""Tokens, the catalogue, figures."""

import base64
import binascii
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.params.functions import Query

from motcua.agencies.queries import code_of
from motcua.exchange import queries
from motcua.exchange.models import Scope
from motcua.exchange.operations import door as operations
from motcua.exchange.rest import schemas
from motcua.exchange.rest.api import api
from motcua.exchange.rest.door import Token, actor_of, in_transaction, storable
from motcua.lib.due import Limit
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries import catalogue
from motcua.procedures.queries.search import search
from motcua.ui.visitors import address_of

_CURSOR = re.compile(r"-?[0-9]{1,9}:[0-9]{1,18}", re.ASCII)  # as `Found.after` writes it
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "scope": {"type": "string", "description": "some of the client's scopes, with spaces between; all without it"},
        "client_id": {"type": "string", "description": "where no Basic authentication is sent"},
        "client_secret": {"type": "string"},
    },
}  # fmt: skip


@api.post(
    "token",
    response={200: schemas.TokenOut},
    operation_id="token",
    url_name="exchange-token",
    summary="Get a token (OAuth 2.0 client credentials)",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FORM}}},
    },
)  # fmt: skip
def token(request: HttpRequest) -> HttpResponse:
    """Client id and secret by Basic authentication, or in the form. A token holds for 15 minutes."""
    if request.content_type != "application/x-www-form-urlencoded":
        return _oauth(
            400, "invalid_request", "send application/x-www-form-urlencoded",
            _("Gửi dạng application/x-www-form-urlencoded."),
        )  # fmt: skip
    form = request.POST
    basic = _basic(request)
    if not all(storable(text) for text in [*form, *form.values(), *(basic or ())]):
        return _oauth(
            400, "invalid_request", "characters that cannot be stored", _("Nội dung có ký tự không lưu được.")
        )
    if any(len(values) > 1 for _name, values in form.lists()):
        return _oauth(400, "invalid_request", "a parameter stands twice", _("Một mục được ghi hai lần."))
    if form.get("grant_type") != "client_credentials":
        code = "unsupported_grant_type" if form.get("grant_type") else "invalid_request"
        return _oauth(
            400, code, "use grant_type=client_credentials", _("Chỉ dùng grant_type=client_credentials.")
        )
    system, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    if basic and form.get("client_secret"):
        return _oauth(
            400,
            "invalid_request",
            "authenticate in one way only",
            _("Xác thực bằng một cách, không phải hai."),
        )
    scopes = form["scope"].split() if form.get("scope") else None
    try:
        given = operations.give_token(
            system=system, secret=secret, scopes=scopes, address=address_of(request), at=timezone.now()
        )
    except operations.Turned as turned:
        response = _oauth(turned.status, turned.code, _TURNED.get(turned.code, ""), turned.message)
        if turned.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="motcua"'
        if turned.wait:
            response.headers["Retry-After"] = str(turned.wait)
        return response
    return JsonResponse(
        {
            "access_token": given.token,
            "token_type": "Bearer",
            "expires_in": given.seconds,
            "scope": " ".join(given.scopes),
        }
    )


#: RFC 6749 §5.2 lets a description have printable ASCII alone; the words for people stand beside it.
_TURNED = {
    "invalid_client": "unknown client or wrong secret, or no longer valid",
    "invalid_scope": "the client was not given all scopes asked for",
    "slow_down": "too many wrong tries; wait as long as Retry-After says",
    "too_many_requests": "too many requests; wait as long as Retry-After says",
}


def _oauth(status: int, error: str, description: str, words: str) -> JsonResponse:
    answer = {"error": error, "error_description": description, "detail": words}
    return JsonResponse(answer, status=status)


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    """Read Basic authentication; both parts are form-encoded before they are joined (RFC 6749 §2.3.1)."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        system, _colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(system), unquote_plus(secret)


@api.get(
    "procedures",
    response=schemas.ProcedurePage,
    auth=Token(Scope.CATALOGUE),
    operation_id="list_procedures",
    url_name="exchange-procedures",
    summary="List and search procedures",
)
@in_transaction
def list_procedures(
    request: HttpRequest,
    q: str = Query("", max_length=200, description="words with or without marks, a code, initials"),
    cursor: str = Query("", max_length=60),
    limit: int = Query(50, ge=1, le=100),
) -> dict[str, Any]:
    """Best first for words, else by the alphabet."""
    if cursor and not _CURSOR.fullmatch(cursor):
        raise Refusal(_("Dấu trang này không phải của danh sách."), code="bad_cursor", field="cursor")
    found = search(q, on=timezone.localdate(), after=cursor, limit=limit + 1)
    return {
        "items": [
            {"code": one.code, "name": one.name, "sector": one.sector, "status": one.status}
            for one in found[:limit]
        ],
        "next": found[limit - 1].after if len(found) > limit else None,
    }


@api.get(
    "procedures/{code}",
    response=schemas.ProcedureOut,
    auth=Token(Scope.CATALOGUE),
    operation_id="procedure",
    url_name="exchange-procedure",
    summary="One procedure with its cases, papers, limits and fees",
)
@in_transaction
def procedure(request: HttpRequest, code: str) -> dict[str, Any]:
    """As it holds today; 404 for one that is not known, 422 with the reason for one that takes no new dossier."""
    if len(code) > 20:
        raise NotFound(_("Không có thủ tục này."))
    today = timezone.localdate()
    version = catalogue.open_version(code, today)
    actor = actor_of(request)
    return {
        "code": version.procedure.code or "",
        "name": version.name,
        "version": version.number,
        "sector": version.field,
        "in_force_from": version.in_force_from,
        "in_force_to": version.in_force_to,
        "agencies": [
            code_of(number, today)
            for number in sorted(actor.agencies)
            if catalogue.settles(number, version.procedure_id, today)
        ],
        "cases": [_case(one) for one in catalogue.variants(version)],
    }


def _case(variant: ProcedureVariant) -> dict[str, Any]:
    return {
        "id": variant.pk,
        "name": variant.name,
        "is_default": variant.is_default,
        "channels": [
            {"channel": channel, "limit": _limit(limit), "fees": _fees(variant, channel)}
            for channel, limit in sorted(catalogue.limits_for(variant).items())
        ],
        "papers": [
            {
                "id": one.pk, "name": one.name, "originals": one.originals, "copies": one.copies,
                "must_submit": one.must_submit, "always": one.always, "when": one.when_text,
            }
            for one in catalogue.required_documents(variant)
        ],
    }  # fmt: skip


def _limit(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {"value": float(limit.value), "unit": str(limit.unit.value), "words": limit.words()}


def _fees(variant: ProcedureVariant, channel: str) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "amount": one.amount, "unit": one.unit, "note": one.note}
        for one in catalogue.fees_for(variant, channel)
    ]


@api.get(
    "statistics",
    response=schemas.FiguresOut,
    auth=Token(Scope.STATISTICS),
    operation_id="statistics",
    url_name="exchange-statistics",
    summary="Figures of your agencies",
)
@in_transaction
def statistics(request: HttpRequest, since: schemas.Day, until: schemas.Day) -> dict[str, Any]:
    """What each agency received from `since` to `until`, both days in, at most a year; no names, no codes."""
    if since < date(2000, 1, 1):
        raise Refusal(_("“since” không trước năm 2000."), code="bad_period", field="since")
    if until < since:
        raise Refusal(_("“until” không được trước “since”."), code="bad_period", field="until")
    if until - since > timedelta(days=366):
        raise Refusal(_("Từ “since” đến “until” nhiều nhất một năm."), code="bad_period", field="until")
    found = queries.figures(actor_of(request), since, until)
    return {"since": since, "until": until, "items": [vars(one) for one in found]}


@api.get(
    "openapi.json",
    operation_id="description",
    url_name="exchange-description",
    summary="This description",
    include_in_schema=False,
)
def described(request: HttpRequest) -> HttpResponse:
    """The description of the interface; needs no token."""
    from motcua.exchange.rest import description  # noqa: PLC0415  (which is made from all of these modules)

    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})
