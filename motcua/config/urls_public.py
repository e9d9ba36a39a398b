"""Public host: citizens. Paths are Vietnamese without marks and fixed for ever once printed."""

from django.urls import URLPattern, URLResolver

from motcua.accounts import urls as accounts
from motcua.applicants import urls as applicants
from motcua.config import views
from motcua.counters import phone_urls
from motcua.counters import station_urls as stations
from motcua.counters.voice import urls as voice
from motcua.dossiers import urls as dossiers
from motcua.eforms import urls as eforms
from motcua.exchange import urls as exchange
from motcua.feedback import urls as feedback
from motcua.online import urls as online
from motcua.privacy import urls as privacy
from motcua.procedures import urls as procedures
from motcua.sites.boards import urls as boards
from motcua.sites.kiosk import urls as kiosk
from motcua.sites.portal import urls as portal
from motcua.ui import urls as ui
from motcua.ui.routing import everyone, route

urlpatterns: list[URLPattern | URLResolver] = [
    *portal.public_urls,
    *accounts.public_urls,
    *applicants.public_urls,
    *voice.public_urls,
    *phone_urls.public_urls,
    *dossiers.public_urls,
    *stations.public_urls,
    *feedback.public_urls,
    *privacy.public_urls,
    *kiosk.public_urls,
    *procedures.public_urls,
    *eforms.public_urls,
    *online.public_urls,
    *boards.public_urls,
    *exchange.public_urls,
    *ui.public_urls,
    route("suc-khoe", views.health, permission=everyone, name="health"),
    route("ngon-ngu/<str:code>", views.language, permission=everyone, name="language"),
]

handler403 = "motcua.config.errors.forbidden"
handler404 = "motcua.config.errors.not_found"
handler500 = "motcua.config.errors.server_error"
