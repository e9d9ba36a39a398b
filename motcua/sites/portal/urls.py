"""Addresses of the front page."""

from django.urls import URLPattern

from motcua.sites.portal import views
from motcua.ui.routing import everyone, route

public_urls: list[URLPattern] = [route("", views.home, permission=everyone, name="portal-home")]
