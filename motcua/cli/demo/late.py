"""What is near its date or past it in the demo: looked after as the system does, one apology with its reason."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from motcua.base.jobs.system import as_system
from motcua.cli.demo import walk
from motcua.dossiers.models import Apology, Task
from motcua.dossiers.models.apology import ApologyState
from motcua.dossiers.operations import apology, watching
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

REASON = "Đoàn kiểm tra thực địa phải lùi lịch do thời tiết xấu trên đảo."


def load(*, now: datetime) -> None:
    """Look after every date once; of what was prepared, let one holder ask a leader to apologise."""
    watching.look_after(at=now, within=as_system)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        if Apology.objects.filter(state=ApologyState.PROPOSED).exists():
            return
        prepared = Apology.objects.filter(state=ApologyState.PREPARED, new_due_at__gt=now)
        for row in prepared.order_by("missed_at", "due_at").select_related("dossier"):
            task = Task.objects.filter(dossier=row.dossier, ended_at=None, is_owner=True).first()
            if task is None:
                continue
            apology.propose(
                dossier_id=row.dossier_id, actor=walk.actor_of(task, on=now), at=now, key=uuid4().hex,
                new_due_at=row.new_due_at, reason=REASON,
            )  # fmt: skip
            return
