"""Public host: citizens. Paths are Vietnamese without marks and fixed for ever once printed."""

from django.urls import URLPattern, URLResolver

from motcua.ui import urls as ui

urlpatterns: list[URLPattern | URLResolver] = [*ui.public_urls]

handler403 = "motcua.config.errors.forbidden"
handler404 = "motcua.config.errors.not_found"
handler500 = "motcua.config.errors.server_error"
