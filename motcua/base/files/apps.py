from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "motcua.base.files"
    label = "files"
