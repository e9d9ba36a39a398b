"""Clients at a counter, in a process of their own: each intake has a key and is repeated until acknowledged.

An acknowledgement is the return of the operation's transaction, as the screen's "Đã tiếp nhận" is. It goes
to the journal at once. `--early` writes it before COMMIT, which is the fault that the harness must find.

    python -m tests.long.driver JOURNAL STOP-FILE [--early]
    python -m tests.long.driver --check JOURNAL
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from uuid import uuid4

CLIENTS = 8
# Seconds between a false acknowledgement and its COMMIT: longer than a kill takes on a busy machine.
HELD = 2.0


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    if arguments[0] == "--check":
        return check(Path(arguments[1]))
    return drive(Path(arguments[0]), Path(arguments[1]), early="--early" in arguments)


def drive(journal: Path, stop: Path, *, early: bool) -> int:
    from django.db import DatabaseError, connection, transaction
    from django.utils import timezone

    from motcua.agencies.models import Position
    from motcua.agencies.queries import actor_for
    from motcua.applicants.models import Applicant
    from motcua.dossiers.operations import intake
    from motcua.dossiers.operations.intake import Intake, PaperIn
    from motcua.lib.actor import SYSTEM
    from motcua.procedures.models import ProcedureVariant
    from motcua.ui.routing import set_database_actor

    with transaction.atomic():  # the program is up when the clients come
        set_database_actor(SYSTEM)
        minh = actor_for(Position.objects.get(account__login_name="minh").pk, timezone.localdate())
        who = Applicant.objects.first()
        variant = (
            ProcedureVariant.objects.filter(version__procedure__code="1.013225")
            .order_by("-is_default")
            .first()
        )
    assert who is not None and variant is not None and minh.agency_id is not None
    planned = Intake(
        variant_id=variant.pk, channel="in_person", applicant_id=who.pk, submitter_id=who.pk,
        papers=(PaperIn("Đơn đề nghị", originals=1),), competent_agency_id=minh.agency_id,
    )  # fmt: skip
    handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge(key: str, code: str) -> None:
        os.write(handle, (json.dumps({"key": key, "code": code}) + "\n").encode())

    def client() -> None:
        while not stop.exists():
            key = uuid4().hex
            while not stop.exists():
                try:
                    with transaction.atomic():
                        set_database_actor(minh)
                        code = intake.accept_at_counter(
                            intake=planned, actor=minh, at=timezone.now(), key=key
                        ).code
                        if early:
                            acknowledge(key, code)
                            time.sleep(HELD)
                except DatabaseError:
                    connection.close()
                    time.sleep(0.1)
                    if early:
                        break
                    continue
                if not early:
                    acknowledge(key, code)
                break
        connection.close()

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def check(journal: Path) -> int:
    """Compare the journal with the database; print what is wrong as JSON, and how much was compared."""
    from django.db import transaction

    from motcua.base.audit.models import OperationKey
    from motcua.base.outbox.models import Message
    from motcua.dossiers.models import Dossier
    from motcua.lib.actor import SYSTEM
    from motcua.ui.routing import set_database_actor
    from tests.long.program import journal as read

    lines = read(journal)
    faults: list[str] = []
    with transaction.atomic():
        set_database_actor(SYSTEM)
        stored = dict(Dossier.objects.values_list("code", "pk"))
        answers = {
            key: answer["dossier"]
            for key, answer in OperationKey.objects.exclude(answer=None).values_list("key", "answer")
            if "dossier" in answer
        }
        told = set(Message.objects.filter(name="dossiers.accepted").values_list("subject_id", flat=True))
        for line in lines:
            if line["code"] not in stored:
                faults.append(f"lost: {line['code']}")
            elif answers.get(line["key"]) != str(stored[line["code"]]):
                faults.append(f"{line['code']} is not what its key says: {answers.get(line['key'])}")
            elif str(stored[line["code"]]) not in told:
                faults.append(f"{line['code']} was accepted and nobody was told")
        if len({line["code"] for line in lines}) != len(lines):
            faults.append("a code was acknowledged to two clients")
        numbers = sorted(
            int(code.rsplit("-", 1)[1]) for code in stored if code.split("-")[1] == _newest(stored)
        )
        if numbers != list(range(1, len(numbers) + 1)):
            faults.append("the day's numbers have a gap")
    print(json.dumps({"acknowledged": len(lines), "stored": len(stored), "faults": faults[:50]}))
    return 0


def _newest(codes: dict[str, object]) -> str:
    return max((code.split("-")[1] for code in codes), default="")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
