"""Addresses of the front page and of what each agency posts. Public ones are printed on walls and fixed for ever."""

from django.urls import URLPattern

from motcua.sites.portal import views
from motcua.ui.routing import everyone, route

public_urls: list[URLPattern] = [
    route("", views.home, permission=everyone, name="portal-home"),
    route("niem-yet-ho-so/", views.posting_agencies, permission=everyone, name="portal-postings"),
    route("niem-yet-ho-so/<str:code>", views.posted_dossiers, permission=everyone, name="portal-postings-of"),
    route("niem-yet/<str:code>", views.posted, permission=everyone, name="portal-posted"),
]
