"""Addresses of the vault on the public host, of mandates on the staff host."""

from django.urls import URLPattern

from motcua.applicants.permissions import may_look_at_mandates
from motcua.applicants.views import mandates, vault, vault_adding
from motcua.ui.routing import citizen, route

_ONE = "giay-to-cua-toi/<uuid:paper_id>/"

public_urls: list[URLPattern] = [
    route("giay-to-cua-toi/", vault.mine, permission=citizen, name="vault"),
    route("giay-to-cua-toi/them/", vault_adding.add, permission=citizen, name="vault-add"),
    route(_ONE, vault.paper, permission=citizen, name="vault-paper"),
    route(f"{_ONE}<int:place>/<int:number>.png", vault.picture, permission=citizen, name="vault-picture"),
    route(f"{_ONE}<int:place>/tai-ve", vault.download, permission=citizen, name="vault-download"),
]
staff_urls: list[URLPattern] = [
    route("mandates/", mandates.mandates, permission=may_look_at_mandates, name="mandates"),
    route("mandates/<uuid:mandate_id>/", mandates.mandate, permission=may_look_at_mandates, name="mandate"),
    route(
        "mandates/<uuid:mandate_id>/page/<int:number>.png",
        mandates.proof,
        permission=may_look_at_mandates,
        name="mandate-proof",
    ),
]
