"""Addresses of the vault on the public host."""

from django.urls import URLPattern

from motcua.applicants import views
from motcua.ui.routing import citizen, route

_ONE = "giay-to-cua-toi/<uuid:paper_id>/"

public_urls: list[URLPattern] = [
    route("giay-to-cua-toi/", views.mine, permission=citizen, name="vault"),
    route(_ONE, views.paper, permission=citizen, name="vault-paper"),
    route(f"{_ONE}<int:place>/<int:number>.png", views.picture, permission=citizen, name="vault-picture"),
    route(f"{_ONE}<int:place>/tai-ve", views.download, permission=citizen, name="vault-download"),
]
