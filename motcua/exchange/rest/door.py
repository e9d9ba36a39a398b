"""Around every call: whose it is, how fast, in which language, and every error as one kind of answer (RFC 9457)."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from motcua.base.audit.keys import KeyReused
from motcua.exchange.operations import door
from motcua.exchange.permissions import NoScope, require_scope
from motcua.exchange.rest import fault_words
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.ui.routing import transaction_of
from motcua.ui.visitors import address_of

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024  # bytes of JSON; files come by upload
DEEPEST = 20
SHORTEST_KEY, LONGEST_KEY = 8, 60
_REALM = 'Bearer realm="motcua"'
V = TypeVar("V", bound=Callable[..., Any])


def problem(
    status: int,
    code: str,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return one error: `code` is stable and for programs, `title` and `detail` are for people."""
    body: dict[str, Any] = {
        "type": f"urn:motcua:problem:{code}",
        "title": _titles().get(status) or HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/problem+json"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _titles() -> dict[int, str]:
    return {
        400: _("Yêu cầu không đọc được"),
        401: _("Chưa xác thực"),
        403: _("Không được phép"),
        404: _("Không tìm thấy"),
        405: _("Không dùng được cách gọi này"),
        409: _("Không khớp với hiện trạng"),
        411: _("Thiếu độ dài nội dung"),
        413: _("Nội dung quá lớn"),
        415: _("Loại nội dung không nhận"),
        422: _("Nội dung chưa đúng"),
        429: _("Gọi quá nhanh"),
        500: _("Lỗi của máy chủ"),
    }


class BadRequest(Refusal):
    """The request cannot be read at all; `status` is 400, 411, 413 or 415."""

    def __init__(self, words: str, *, code: str, status: int = 400) -> None:
        super().__init__(words, code=code)
        self.status = status


class BadParameter(Refusal):
    """Something behind the question mark of the address; `field` is its name, also where a body was sent too."""


class StrictParser(Parser):
    """Reads JSON as the standard has it: UTF-8, no NaN, no name twice, no letters that cannot be stored."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise BadRequest(
                _("Nội dung phải là application/json."), code="unsupported_media_type", status=415
            )
        try:
            found = json.loads(
                request.body.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant
            )
        except (ValueError, RecursionError):
            raise BadRequest(_("Nội dung không phải JSON đúng chuẩn (UTF-8)."), code="bad_json") from None
        _storable(found, 0)
        return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _storable(value: Any, depth: int) -> None:
    """Refuse what PostgreSQL or UTF-8 cannot hold, and nesting that nothing here has."""
    if depth > DEEPEST:
        raise BadRequest(_("Nội dung lồng quá nhiều tầng."), code="bad_json")
    if isinstance(value, str) and not storable(value):
        raise BadRequest(_("Nội dung có ký tự không lưu được."), code="bad_text")
    if isinstance(value, dict):
        for name, one in value.items():
            _storable(name, depth + 1)
            _storable(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _storable(one, depth + 1)


def storable(text: str) -> bool:
    """Tell whether PostgreSQL and UTF-8 can hold a text."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Token:
    """What an operation asks for at the door: a token that covers one of `scopes`."""

    def __init__(self, *scopes: str) -> None:
        self.scopes = tuple(str(one) for one in scopes)

    def __call__(self, request: HttpRequest) -> door.Entered:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not text.strip():
            raise door.Turned(_("Thiếu mã truy cập. Lấy mã ở /api/v1/token."), code="no_token")
        entered = door.enter(token=text.strip(), address=address_of(request), at=timezone.now())
        request.motcua_entered = entered  # type: ignore[attr-defined]
        require_scope(entered.actor, *self.scopes)
        _require_known(request)
        return entered


def _require_known(request: HttpRequest) -> None:
    """Refuse what the address does not know in its query, or has twice: left unread it would answer something else."""
    known = request.motcua_query  # type: ignore[attr-defined]
    for name, texts in request.GET.lists():
        if name not in known:
            raise BadParameter(
                _("Địa chỉ này không có tham số đó."), code="unknown_parameter", field=name[:60]
            )
        if len(texts) > 1:
            raise BadParameter(_("Một tham số được ghi hai lần."), code="unknown_parameter", field=name)


def entered_of(request: HttpRequest) -> door.Entered:
    """Return whose call this is."""
    found = request.motcua_entered  # type: ignore[attr-defined]
    assert isinstance(found, door.Entered)
    return found


def actor_of(request: HttpRequest) -> Actor:
    """Return the client as an actor."""
    return entered_of(request).actor


def in_transaction(view: V) -> V:
    """Run an operation of the interface in one transaction of its client, behind row-level security."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **parts: Any) -> Any:
        with transaction_of(actor_of(request)):
            return view(request, *args, **parts)

    return cast(V, run)


def key_of(request: HttpRequest) -> str:
    """Return the key of a write; with it the same request may be sent again. With or without quotation marks."""
    text = request.headers.get("Idempotency-Key", "").strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not text:
        raise BadRequest(
            _("Thiếu Idempotency-Key: mã của lần gửi, để gửi lại không thành hai."), code="key_missing"
        )
    if not SHORTEST_KEY <= len(text) <= LONGEST_KEY or not all(33 <= ord(one) < 127 for one in text):
        raise BadRequest(_("Idempotency-Key gồm 8–60 ký tự ASCII, không có dấu cách."), code="bad_key")
    return text


# ── Errors


def refused(refusal: Refusal, request: HttpRequest) -> HttpResponse:
    """Return a refusal of an operation as an error."""
    if isinstance(refusal, door.Turned):
        return _turned(refusal)
    headers = {}
    if isinstance(refusal, NoScope):
        headers["WWW-Authenticate"] = f'{_REALM}, error="insufficient_scope"'
    words = _for_programs().get(refusal.code) or refusal.message
    at, errors = refusal.field or "", []
    if at and (
        request.method == "GET" or isinstance(refusal, BadParameter)
    ):  # a GET sends nothing but its address
        errors = [{"parameter": at, "code": refusal.code, "detail": words}]
    elif at:
        errors = [{"pointer": at if at.startswith("/") else f"/{at}", "code": refusal.code, "detail": words}]
    return problem(_status(refusal), refusal.code, words, errors=errors, headers=headers)


def _for_programs() -> dict[str, str]:
    """Return what a program is told where a person is told to load the page again."""
    return {
        "key_reused": _(
            "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác. Yêu cầu mới cần khóa mới; gửi lại yêu cầu cũ"
            " thì gửi đúng nội dung cũ."
        ),
        "not_allowed_now": _(
            "Trạng thái hiện nay của hồ sơ không cho làm việc này. Đọc lại hồ sơ rồi quyết định."
        ),
    }


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, BadRequest):
        return refusal.status
    if isinstance(refusal, KeyReused):
        return 422  # draft-ietf-httpapi-idempotency-key-header: a key with another body
    for kind, status in ((NotFound, 404), (NotPermitted, 403), (Conflict, 409)):
        if isinstance(refusal, kind):
            return status
    return 422


def _turned(refusal: door.Turned) -> HttpResponse:
    headers = {"Retry-After": str(refusal.wait)} if refusal.wait else {}
    if refusal.status == 401:
        error = ', error="invalid_token"' if refusal.code == "invalid_token" else ""
        headers["WWW-Authenticate"] = _REALM + error
    if isinstance(refusal, door.TooFast):
        headers |= _pace(refusal.pace.limit, 0, refusal.pace.reset)
    return problem(refusal.status, refusal.code, refusal.message, headers=headers)


def invalid(fault: ValidationError) -> HttpResponse:
    """Return what is wrong with a body or parameters, each place with its pointer."""
    errors = []
    for one in fault.errors[:50]:
        where = [str(part) for part in one.get("loc", ())]
        # The first parts say body, query or path, and the name of our own argument.
        place = (
            {"pointer": _pointer(where[2:])} if where[:1] == ["body"] else {"parameter": (where or [""])[-1]}
        )
        errors.append({**place, "code": str(one.get("type", "")), "detail": fault_words.of(one)})
    return problem(422, "invalid", _("Có mục chưa đúng; xem “errors”."), errors=errors)


def _pointer(parts: list[str]) -> str:
    """Return the place in the body (RFC 6901), "" the whole of it; which kind of applicant was read is no place."""
    if parts[:1] == ["applicant"] and parts[1:2] in (["person"], ["organization"]):
        parts = [parts[0], *parts[2:]]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def install(api: NinjaAPI) -> None:
    """Have the interface answer every fault through this module."""
    api.exception_handler(Refusal)(lambda request, fault: refused(fault, request))
    api.exception_handler(ValidationError)(lambda request, fault: invalid(fault))
    api.exception_handler(HttpError)(lambda request, fault: _unread(fault, request))


def _unread(fault: HttpError, request: HttpRequest) -> HttpResponse:
    """What the parser refused comes wrapped by ninja."""
    if isinstance(fault.__cause__, Refusal):
        return refused(fault.__cause__, request)
    return problem(fault.status_code, "bad_request", _("Yêu cầu không đọc được."))


# ── The frame


def guarded(
    view: Callable[..., HttpResponseBase], queries: Mapping[str, frozenset[str]] | None = None
) -> Callable[..., HttpResponseBase]:
    """Put the frame around a view of ninja: language, sizes, headers, and no page of HTML whatever happens.

    `queries`: by method, the names that its address may have in the query. HEAD is GET without the body.
    """

    @csrf_exempt  # no cookie opens anything here
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        request.motcua_query = (queries or {}).get(request.method or "", frozenset())  # type: ignore[attr-defined]
        with translation.override(_language(request)):
            response = _whole(_barred(request) or _run(view, request, *args, **parts))
            response.headers["Content-Language"] = translation.get_language() or "vi"
            response.headers["Vary"] = "Accept-Language, Authorization"
            _note(request, response)
            return _without_body(response) if head else response

    answer.plain = True  # type: ignore[attr-defined]  # its transactions are its own: what is counted stays
    return answer


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """Return the head of an answer alone, with the length that its body has where that is known."""
    bare = HttpResponse(status=response.status_code, headers=dict(response.items()))
    if isinstance(response, HttpResponse) and "Content-Length" not in bare.headers:
        bare.headers["Content-Length"] = str(len(response.content))
    bare._resource_closers += response._resource_closers  # type: ignore[attr-defined]  # an open file ends with it
    return bare


def _run(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **parts: Any
) -> HttpResponseBase:
    try:
        return view(request, *args, **parts)
    except Refusal as refusal:
        return refused(refusal, request)
    except RequestDataTooBig:
        return problem(413, "too_large", _("Nội dung quá lớn"))
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return problem(400, "bad_request", _("Yêu cầu không đọc được."))
    except (DatabaseError, ValueError) as fault:
        if "NUL (0x00)" in str(fault) or isinstance(fault, UnicodeEncodeError):
            return problem(422, "bad_text", _("Nội dung có ký tự không lưu được."))
        log.exception("the interface failed")
        return problem(
            500, "internal", _("Máy chủ gặp lỗi; chưa có gì được ghi. Gửi lại với cùng Idempotency-Key.")
        )
    except Exception:
        log.exception("the interface failed")
        return problem(
            500, "internal", _("Máy chủ gặp lỗi; chưa có gì được ghi. Gửi lại với cùng Idempotency-Key.")
        )


def _barred(request: HttpRequest) -> HttpResponse | None:
    """What is turned away before a byte of its body is read."""
    if settings.HTTPS and not request.is_secure():
        return problem(403, "not_secure", _("Chỉ nhận qua HTTPS."))
    if not storable(request.path) or "%00" in request.META.get("QUERY_STRING", ""):
        return problem(400, "bad_text", _("Địa chỉ có ký tự không lưu được."))
    if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
        return problem(411, "length_required", _("Gửi kèm Content-Length."))
    size = str(request.META.get("CONTENT_LENGTH") or "0")
    many = request.content_type == "multipart/form-data"
    if not many and size.isascii() and size.isdigit() and int(size) > LARGEST_BODY:
        return problem(413, "too_large", _("Nội dung lớn hơn 1 MB. Tệp gửi riêng ở /api/v1/uploads."))
    return None


def _whole(response: HttpResponseBase) -> HttpResponseBase:
    """Answer a wrong method as every other error."""
    if response.status_code == 405:
        allow = response.headers.get("Allow", "")
        if "GET" in allow and "HEAD" not in allow:
            allow += ", HEAD"
        text = _("Địa chỉ này chỉ nhận %(methods)s.") % {"methods": allow}
        return problem(405, "method_not_allowed", text, headers={"Allow": allow})
    return response


def _pace(limit: int, left: int, reset: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(0, left)),
        "RateLimit-Reset": str(reset),
    }


def _note(request: HttpRequest, response: HttpResponseBase) -> None:
    entered = getattr(request, "motcua_entered", None)
    if not isinstance(entered, door.Entered):
        return
    for name, value in _pace(entered.limit, entered.left, entered.reset).items():
        response.headers[name] = value
    if response.status_code >= 400:
        door.note_refused(entered.client, timezone.now())


def _language(request: HttpRequest) -> str:
    """Vietnamese, unless the caller likes English better."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        if code.partition("-")[0] in {"vi", "en"}:
            return code.partition("-")[0]
    return "vi"
