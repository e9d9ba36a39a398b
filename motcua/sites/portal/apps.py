from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.sites.portal"
    label = "portal"
