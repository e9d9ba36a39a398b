"""Addresses of integration: the interface on the public host, its administration on the staff host."""

from django.urls import URLPattern

from motcua.agencies.roles import Role
from motcua.exchange import rest, views
from motcua.ui.routing import holds, officer, route

_system = holds(Role.SYSTEM_ADMIN)
_ONE = "integrations/<int:client_id>/"

public_urls: list[URLPattern] = rest.public_urls
staff_urls: list[URLPattern] = [
    route("integrations/", views.client_list, permission=_system, name="integrations"),
    route("integrations/new/", views.new_client, permission=_system, name="integration-new"),
    route("integrations/guide/", views.guide, permission=officer, name="integration-guide"),
    route(_ONE, views.one_client, permission=_system, name="integration"),
    route(f"{_ONE}change/", views.change_client, permission=_system, name="integration-change"),
    route(f"{_ONE}secret/", views.new_secret, permission=_system, name="integration-secret"),
    route(f"{_ONE}end-secrets/", views.end_secrets, permission=_system, name="integration-end-secrets"),
    route(
        f"{_ONE}webhooks/<uuid:hook_id>/resume/",
        views.resume_webhook,
        permission=_system,
        name="integration-resume",
    ),
    route(f"{_ONE}revoke/", views.revoke, permission=_system, name="integration-revoke"),
]
