"""`motcua migrate`: bring the database to this version, as the migrating role."""

import os

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from motcua.cli.django import ready
from motcua.config.env import BadSetting


@click.command()
@click.option("--quiet", is_flag=True, help="Không in từng bước.")
@click.option("--if-needed", is_flag=True, help="Chỉ làm khi có thay đổi chưa áp dụng.")
def migrate(quiet: bool = False, if_needed: bool = False) -> None:
    """Cập nhật cấu trúc cơ sở dữ liệu và quyền của chương trình."""
    os.environ["MOTCUA_MIGRATING"] = "1"
    ready()
    from motcua.cli.run import grants  # noqa: PLC0415  (needs Django's apps)
    from motcua.cli.run.quick_states import quick_states  # noqa: PLC0415

    alias = "admin" if "admin" in settings.DATABASES else "default"
    executor = MigrationExecutor(connections[alias])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting and if_needed:
        return
    if alias == "default":
        raise BadSetting("MOTCUA_DATABASE_ADMIN_URL is not set: migrating needs the owner of the tables")
    with quick_states():
        call_command("migrate", database="admin", interactive=False, verbosity=0 if quiet else 1)
    grants.apply(role=str(settings.DATABASES["default"]["USER"]))
