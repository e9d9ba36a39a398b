from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "motcua.moving"
    label = "moving"
