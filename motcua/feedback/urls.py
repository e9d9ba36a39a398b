"""Addresses of ratings. The public one is printed on tickets' pages and fixed for ever."""

from django.urls import URLPattern

from motcua.feedback import views
from motcua.feedback.permissions import READERS
from motcua.ui.routing import everyone, holds, route

public_urls: list[URLPattern] = [
    route("danh-gia/<str:token>/", views.of_ticket, permission=everyone, name="rate-visit"),
]
staff_urls: list[URLPattern] = [
    route("ratings/", views.ratings, permission=holds(*READERS), name="ratings"),
]
