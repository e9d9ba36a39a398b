"""Addresses of mandates on the staff host."""

from django.urls import URLPattern

from motcua.applicants import views
from motcua.applicants.permissions import may_look_at_mandates
from motcua.ui.routing import route

staff_urls: list[URLPattern] = [
    route("mandates/", views.mandates, permission=may_look_at_mandates, name="mandates"),
    route("mandates/<uuid:mandate_id>/", views.mandate, permission=may_look_at_mandates, name="mandate"),
    route(
        "mandates/<uuid:mandate_id>/page/<int:number>.png",
        views.proof,
        permission=may_look_at_mandates,
        name="mandate-proof",
    ),
]
