"""Addresses of requests about data and of the register of incidents. Public ones are fixed for ever once printed."""

from django.urls import URLPattern

from motcua.privacy.roles import COUNTER, KEEPERS
from motcua.privacy.views import incidents, public, requests
from motcua.ui.routing import citizen, everyone, holds, officer, route

public_urls: list[URLPattern] = [
    route("quyen-du-lieu/", public.home, permission=everyone, name="data-rights"),
    route("quyen-du-lieu/gui", public.ask, permission=everyone, name="data-rights-ask"),
    route("quyen-du-lieu/theo-doi", public.follow, permission=everyone, name="data-rights-follow"),
    route("quyen-du-lieu/ban-sao", public.copy, permission=everyone, name="data-rights-copy"),
    route("quyen-du-lieu/cua-toi/<str:code>", public.mine, permission=citizen, name="data-rights-mine"),
]
_REQUEST = "privacy/<str:code>/"
_INCIDENT = "incidents/<str:code>/"
staff_urls: list[URLPattern] = [
    route("privacy/", requests.listed, permission=officer, name="data-requests"),
    route("privacy/new/", requests.new, permission=holds(*COUNTER, *KEEPERS), name="data-request-new"),
    route("privacy/given/", requests.given, permission=holds(*COUNTER, *KEEPERS), name="data-request-given"),
    route(_REQUEST, requests.one, permission=officer, name="data-request"),
    route(f"{_REQUEST}act/", requests.act, permission=officer, name="data-request-act"),
    route(f"{_REQUEST}erase/", requests.erase, permission=officer, name="data-request-erase"),
    route(f"{_REQUEST}copy.zip", requests.copy, permission=officer, name="data-request-copy"),
    route(
        f"{_REQUEST}certificate.pdf",
        requests.certificate,
        permission=officer,
        name="data-request-certificate",
    ),
    route("incidents/", incidents.listed, permission=officer, name="incidents"),
    route("incidents/new/", incidents.new, permission=officer, name="incident-new"),
    route(_INCIDENT, incidents.one, permission=officer, name="incident"),
    route(f"{_INCIDENT}act/", incidents.act, permission=officer, name="incident-act"),
    route(f"{_INCIDENT}told/", incidents.told, permission=officer, name="incident-told"),
    route(f"{_INCIDENT}notice.pdf", incidents.notice, permission=officer, name="incident-notice"),
]
