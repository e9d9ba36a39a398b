"""The officers' first page."""

from django.urls import URLPattern

from motcua.dossiers.views import lists
from motcua.ui.routing import officer, route

staff_urls: list[URLPattern] = [
    route("", lists.home, permission=officer, name="home"),
]
