"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from motcua.agencies.queries import open_places


def home(request: HttpRequest) -> HttpResponse:
    """Answer "Hồ sơ của tôi đang ở đâu?" first, then the ways on."""
    return render(request, "portal/home.html", {"places": open_places(timezone.localdate())})
