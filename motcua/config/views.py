"""Two addresses that belong to no app: is the program alive, and which language."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when the database answers; for supervisors and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok\n", content_type="text/plain")


health.plain = True  # type: ignore[attr-defined]


def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language in a cookie and go back to where the visitor was."""
    back = request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
        )
    return response
