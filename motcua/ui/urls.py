"""The few URLs of the look itself. The showcase is open in the demo and for administrators elsewhere."""

from django.conf import settings

from motcua.ui import views
from motcua.ui.routing import everyone, holds, route

_showcase = everyone if settings.DEMO else holds("system_admin")

staff_urls = [
    route("ui/theme", views.theme, permission=everyone, name="ui_theme"),
    route("ui/", views.components, permission=_showcase, name="ui_components"),
    route("ui/public", views.components_public, permission=_showcase, name="ui_components_public"),
    route("ui/options", views.options, permission=_showcase, name="ui_options"),
    route("ui/save", views.save, permission=_showcase, name="ui_save"),
    route("ui/sample.pdf", views.sample_pdf, permission=_showcase, name="ui_sample_pdf"),
]

public_urls = [
    route("thanh-phan", views.components_public, permission=_showcase, name="ui_components_citizen"),
    route("thanh-phan/trang-dau", views.home_model, permission=_showcase, name="ui_home_model"),
    route("thanh-phan/theo-doi", views.track_model, permission=_showcase, name="ui_track_model"),
]
