"""Small middlewares: which host is which site, unstorable text, headers, the language, idle sessions."""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from motcua.config import errors

GetResponse = Callable[[HttpRequest], HttpResponse]
_WASM = "'wasm-unsafe-eval'"  # compiling WebAssembly, nothing else
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class HostMiddleware:
    """Choose the URL table by host name: public, staff or files. Another host is not served at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0]  # refuses hosts outside ALLOWED_HOSTS
        urlconf = settings.HOST_URLCONFS.get(host)
        if urlconf is None and settings.DEMO:
            urlconf = settings.ROOT_URLCONF
        if urlconf is None:
            return HttpResponseNotFound()
        request.urlconf = urlconf
        if request.method not in _SAFE and self._from_our_other_site(request, host):
            return errors.csrf_failure(request)
        return self.get_response(request)

    def _from_our_other_site(self, request: HttpRequest, host: str) -> bool:
        """Tell whether a page of another of our hosts sent this: Django trusts all our addresses alike."""
        origin = request.headers.get("Origin", "")
        ours = {settings.PUBLIC_URL, settings.STAFF_URL, settings.FILES_URL}
        return origin in ours and urlsplit(origin).hostname != host


class StorableMiddleware:
    """Answer 400 to text with a NUL in it: PostgreSQL stores none, and nobody's keyboard types one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The transaction is rolled back by now."""
        unstorable = isinstance(exception, DatabaseError | ValueError) and "NUL (0x00)" in str(exception)
        return HttpResponseBadRequest() if unstorable else None


class HeadersMiddleware:
    """Set what SecurityMiddleware does not: no stored personal pages, no unused features."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        camera = "camera=(self)" if hasattr(response, "motcua_camera") else "camera=()"
        response.headers.setdefault(
            "Permissions-Policy", f"geolocation=(), microphone=(), payment=(), usb=(), {camera}"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
        return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp's policy, written out once: only a page that asks for an exception has it built again."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        asked = hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in response.__dict__)
        if asked or HEADER in response:
            return super().process_response(request, response)
        response.headers[HEADER] = _policy(camera=hasattr(response, "motcua_camera"))
        return response


@cache
def _policy(*, camera: bool) -> str:
    return build_policy(update={"script-src": [_WASM]} if camera else None)


class LanguageMiddleware:
    """Speak Vietnamese unless the visitor chose English: many phones here are set to English by their maker."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


class StaffSessionMiddleware:
    """End a staff session that nobody touched: 15 minutes, administrators 5 (TCVN 14423:2026 §5.5.2.2)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            from motcua.accounts import sessions  # noqa: PLC0415  (apps are not loaded when settings are read)

            sessions.touch_or_end(request, at=timezone.now())
        return self.get_response(request)
