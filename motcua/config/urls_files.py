"""Files host: stored files, never a page of ours."""

from django.urls import URLPattern, URLResolver

from motcua.dossiers import urls as dossiers

urlpatterns: list[URLPattern | URLResolver] = [*dossiers.files_urls]

handler403 = "motcua.config.errors.forbidden"
handler404 = "motcua.config.errors.not_found"
handler500 = "motcua.config.errors.server_error"
