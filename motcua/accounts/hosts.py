"""Which site a request came to: staff and citizens log in on different hosts."""

from django.conf import settings
from django.http import HttpRequest


def on_staff_host(request: HttpRequest) -> bool:
    """Tell whether the request came to the staff host."""
    return request.get_host().rsplit(":", 1)[0] == settings.STAFF_HOST
