"""`motcua migrate`: bring the database to this version, as the migrating role."""

import click
from django.conf import settings
from django.core.management import call_command

from motcua.cli.django import ready
from motcua.config.env import BadSetting


@click.command()
@click.option("--quiet", is_flag=True)
def migrate(quiet: bool = False) -> None:
    """Cập nhật cấu trúc cơ sở dữ liệu và quyền của chương trình."""
    ready()
    from motcua.cli.run import grants  # noqa: PLC0415  (needs Django's apps)

    if "admin" not in settings.DATABASES:
        raise BadSetting("MOTCUA_DATABASE_ADMIN_URL is not set: migrating needs the owner of the tables")
    call_command("migrate", database="admin", interactive=False, verbosity=0 if quiet else 1)
    grants.apply(role=str(settings.DATABASES["default"]["USER"]))
