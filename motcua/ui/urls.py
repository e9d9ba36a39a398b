"""The few URLs of the look itself. The showcase is open in the demo and for administrators elsewhere."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from motcua.base.files import views as files
from motcua.lib.refusal import Refusal
from motcua.ui import helping, theme, views
from motcua.ui.routing import everyone, holds, route, signed_in

_showcase = everyone if settings.DEMO else holds("system_admin")

if settings.THEME:
    try:
        theme.parse(settings.THEME)
    except Refusal as refusal:
        raise ImproperlyConfigured(f"MOTCUA_THEME={settings.THEME!r}: {refusal}") from refusal

_theme_sheet = route("ui/theme.css", views.theme_sheet, permission=everyone, name="ui_theme_sheet")

# Whoever may send files says so with an account, or with a page's ticket: the views ask (`base.files.resumable`).
staff_urls = [
    _theme_sheet,
    route("uploads/", files.uploads, permission=everyone, name="uploads"),
    route("uploads/<uuid:upload_id>", files.upload, permission=everyone, name="upload"),
    route("ui/theme", views.theme, permission=everyone, name="ui_theme"),
    route("help/", helping.all_screens, permission=signed_in, name="help"),
    route("help/<str:name>/", helping.one_screen, permission=signed_in, name="help_screen"),
    route("ui/", views.components, permission=_showcase, name="ui_components"),
    route("ui/public", views.components_public, permission=_showcase, name="ui_components_public"),
    route("ui/options", views.options, permission=_showcase, name="ui_options"),
    route("ui/save", views.save, permission=_showcase, name="ui_save"),
    route("ui/clock", views.clock, permission=_showcase, name="ui_clock"),
    route("ui/upload", views.upload, permission=_showcase, name="ui_upload"),
    route("ui/sample.pdf", views.sample_pdf, permission=_showcase, name="ui_sample_pdf"),
]

public_urls = [
    _theme_sheet,
    route("gui-tep/", files.uploads, permission=everyone, name="uploads"),
    route("gui-tep/<uuid:upload_id>", files.upload, permission=everyone, name="upload"),
    route("thanh-phan", views.components_public, permission=_showcase, name="ui_components_citizen"),
    route("thanh-phan/trang-dau", views.home_model, permission=_showcase, name="ui_home_model"),
    route("thanh-phan/theo-doi", views.track_model, permission=_showcase, name="ui_track_model"),
]
