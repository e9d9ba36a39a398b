from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "motcua.sites.boards"
    label = "boards"
