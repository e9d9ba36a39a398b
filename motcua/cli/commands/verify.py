"""`motcua verify`: recompute every hash of the history and every daily root."""

import json
import sys

import click
from django.db import transaction

from motcua.cli.django import ready
from motcua.cli.output import progress


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def verify(as_json: bool) -> None:
    """Kiểm tra chuỗi băm của toàn bộ lịch sử. Mã thoát 1 khi có chỗ bị sửa, thiếu hoặc đảo thứ tự."""
    ready()
    from motcua.base.audit import queries  # noqa: PLC0415  (needs Django's apps)
    from motcua.base.audit.models import Entry  # noqa: PLC0415
    from motcua.lib.actor import SYSTEM  # noqa: PLC0415
    from motcua.ui.routing import set_database_actor  # noqa: PLC0415

    with transaction.atomic():
        set_database_actor(SYSTEM)
        with progress("Kiểm tra lịch sử", queries.looks_of_all()) as advance:
            faults = list(queries.verify_all(advance))
        entries = Entry.objects.count()
    if as_json:
        rows = [
            {"subject": [fault.subject_kind, fault.subject_id], "seq": fault.seq, "problem": fault.problem}
            for fault in faults
        ]
        click.echo(json.dumps({"entries": entries, "faults": rows}))
    else:
        for fault in faults:
            click.echo(f"{fault.subject_kind} {fault.subject_id} #{fault.seq}: {fault.problem}")
        click.echo(f"{entries} mục lịch sử, {len(faults)} chỗ sai.")
    sys.exit(1 if faults else 0)
