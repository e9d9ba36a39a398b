"""Addresses of the front page and of what each agency posts. Public ones are printed on walls and fixed for ever."""

from django.urls import URLPattern

from motcua.sites.portal import telling, views
from motcua.ui.routing import everyone, route

public_urls: list[URLPattern] = [
    route("", views.home, permission=everyone, name="portal-home"),
    route("niem-yet-ho-so/", views.posting_agencies, permission=everyone, name="portal-postings"),
    route("niem-yet-ho-so/<str:code>", views.posted_dossiers, permission=everyone, name="portal-postings-of"),
    route("niem-yet/<str:code>", views.posted, permission=everyone, name="portal-posted"),
    route("bao-tin/tho.js", telling.worker, permission=everyone, name="telling-worker"),
    route("bao-tin/<str:token>/", telling.choice, permission=everyone, name="telling"),
    route("bao-tin/<str:token>/may", telling.browser, permission=everyone, name="telling-browser"),
]
