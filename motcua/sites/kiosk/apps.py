from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "motcua.sites.kiosk"
    label = "kiosk"
