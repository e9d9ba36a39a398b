"""Addresses of dossiers. Public ones are printed on slips and fixed for ever."""

from django.urls import URLPattern

from motcua.dossiers import custody_urls, desk_urls, intake_urls, rest
from motcua.dossiers.views import tracking
from motcua.ui.routing import everyone, route

public_urls: list[URLPattern] = [
    route("tra-cuu", tracking.track, permission=everyone, name="track"),
    route("tra-cuu/ai-da-xem", tracking.readers, permission=everyone, name="track-readers"),
]
staff_urls: list[URLPattern] = [
    *intake_urls.staff_urls,
    *desk_urls.staff_urls,
    *custody_urls.staff_urls,
    *rest.staff_urls,
]
files_urls: list[URLPattern] = desk_urls.files_urls
