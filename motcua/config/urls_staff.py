"""Staff host: officers. Paths are English."""

from django.urls import URLPattern, URLResolver

from motcua.accounts import urls as accounts
from motcua.agencies import urls as agencies
from motcua.applicants import urls as applicants
from motcua.certification import urls as certification
from motcua.counters import phone_urls
from motcua.counters import station_urls as stations
from motcua.counters import urls as counters
from motcua.counters.voice import urls as voice
from motcua.dossiers import urls as dossiers
from motcua.eforms import urls as eforms
from motcua.exchange import urls as exchange
from motcua.feedback import urls as feedback
from motcua.moving import urls as moving
from motcua.privacy import urls as privacy
from motcua.procedures import urls as procedures
from motcua.sites.console import urls as console
from motcua.sites.desk import urls as desk
from motcua.ui import urls as ui
from motcua.workflow import urls as workflow

urlpatterns: list[URLPattern | URLResolver] = [
    *desk.staff_urls,
    *console.staff_urls,
    *accounts.staff_urls,
    *agencies.staff_urls,
    *applicants.staff_urls,
    *certification.staff_urls,
    *voice.staff_urls,
    *counters.staff_urls,
    *phone_urls.staff_urls,
    *procedures.staff_urls,
    *eforms.staff_urls,
    *ui.staff_urls,
    *workflow.staff_urls,
    *dossiers.staff_urls,
    *stations.staff_urls,
    *feedback.staff_urls,
    *privacy.staff_urls,
    *moving.staff_urls,
    *exchange.staff_urls,
]

handler403 = "motcua.config.errors.staff_forbidden"
handler404 = "motcua.config.errors.staff_not_found"
handler500 = "motcua.config.errors.server_error"
