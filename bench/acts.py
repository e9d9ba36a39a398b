"""The lanes of operations: sixteen clients as two processes of eight threads, as the web workers are.

Run as `python -m bench.acts LANE SECONDS THREADS SEED`; prints one JSON object. Every act is a transaction of
its own as the program's role, with the actor of row-level security set, exactly as `ui.routing` does it.
"""

import cProfile
import io
import json
import os
import pstats
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.place import ROOT

PROCESSES, THREADS_EACH = 2, 8
Act = Callable[[], None]


def run(
    lane: str,
    seconds: float,
    *,
    tree: Path | None = None,
    processes: int = PROCESSES,
    threads: int = THREADS_EACH,
) -> dict[str, Any]:
    """Run a lane for `seconds`; `tree` is another checkout whose motcua is measured instead of ours."""
    environment = os.environ | {"MOTCUA_DATABASE_POOL": str(threads), "PYTHONPATH": f"{tree or ROOT}:{ROOT}"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.acts", lane, str(seconds), str(threads), str(seed)],
            env=environment, stdout=subprocess.PIPE, cwd=tree or ROOT,
        )
        for seed in range(processes)
    ]  # fmt: skip
    parts = []
    for process in started:
        output, _nothing = process.communicate(timeout=seconds + 120)
        if process.returncode:
            raise SystemExit(f"lane {lane} failed")
        parts.append(json.loads(output))
    waits = sorted(wait for part in parts for wait in part["waits"])
    if not waits:
        raise SystemExit(f"lane {lane}: nothing was done")
    took = max(part["seconds"] for part in parts)
    return {
        "acts": len(waits),
        "per_second": len(waits) / took,
        "p50": waits[len(waits) // 2],
        "p95": waits[len(waits) * 95 // 100],
        "client_cpu_ms": sum(part["cpu"] for part in parts) * 1000 / len(waits),
        "refused": sum(part["refused"] for part in parts),
    }


def cost(lane: str, times: int, *, tree: Path | None = None) -> dict[str, float]:
    """Return processor ms of one act, program and PostgreSQL, done `times` times by one client, and its statements.

    One client alone neither waits for a lock nor for the interpreter: on a busy machine this is the figure to
    compare two versions by.
    """
    environment = os.environ | {"PYTHONPATH": f"{tree or ROOT}:{ROOT}"}
    command = [sys.executable, str(Path(__file__)), "cost", lane, str(times)]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, cwd=tree or ROOT, check=True)
    found: dict[str, float] = json.loads(result.stdout)
    return found


def _cost(lane: str, times: int) -> dict[str, float]:
    from django.db import connection

    act = _LANES[lane](random.Random(3), 0, 1)
    for _number in range(10):
        act()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    spent, before = [], _ticks(backend)
    for _number in range(times):
        began = time.thread_time()
        act()
        spent.append((time.thread_time() - began) * 1000)
    postgres = (_ticks(backend) - before) * 1000 / os.sysconf("SC_CLK_TCK") / times
    return {
        "program_ms": sorted(spent)[times // 2],
        "postgres_ms": postgres,
        "statements": count_queries(lane),
    }


def _ticks(stat: Path) -> int:
    fields = stat.read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def profile(lane: str, times: int = 60) -> str:
    """Return the fifteen dearest functions of one act, done `times` times by one client."""
    return profiled(_LANES[lane](random.Random(1), 0, 1), times)


def profiled(act: Act, times: int) -> str:
    """Return the fifteen dearest functions by their own time, and the fifteen of Motcua with what they call."""
    act()
    profiler = cProfile.Profile(time.thread_time)
    profiler.enable()
    for _number in range(times):
        act()
    profiler.disable()
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text)
    stats.sort_stats("tottime").print_stats(15)
    stats.sort_stats("cumulative").print_stats("/motcua/(?!config)", 15)
    head, _sep, further = text.getvalue().partition("ncalls")
    return f"{times} times, processor seconds{_sep}{further}" if further else head


def count_queries(lane: str) -> int:
    """Return how many statements one act of a lane sends."""
    from django.db import connection

    act = _LANES[lane](random.Random(2), 0, 1)
    act()
    number = 0

    def note(execute: Any, query: str, values: Any, many: bool, context: Any) -> Any:
        nonlocal number
        number += 1
        return execute(query, values, many, context)

    with connection.execute_wrapper(note):
        act()
    return number


# ── The acts


def _intake(chance: random.Random, seed: int, _all: int) -> Act:
    from django.db import transaction
    from django.utils import timezone

    from bench import templates
    from motcua.agencies.models import Point
    from motcua.applicants.models import Applicant
    from motcua.dossiers.operations import intake
    from motcua.dossiers.operations.intake import Intake, PaperIn
    from motcua.lib.actor import SYSTEM
    from motcua.procedures.queries.catalogue import required_documents
    from motcua.ui.routing import set_database_actor

    with transaction.atomic():
        set_database_actor(SYSTEM)
        here = templates.world()
        minh = here.actor("minh")
        people = list(Applicant.objects.all()[:100])
        point = Point.objects.filter(shop__agency=here.commune).first()
        plans = []
        for variant in templates.variants(here.commune):
            papers = tuple(
                PaperIn(row.name, row.pk, originals=row.originals or 1)
                for row in required_documents(variant)
                if not row.is_note and row.always
            )
            plans.append((variant, papers))

    def act() -> None:
        variant, papers = chance.choice(plans)
        who = chance.choice(people)
        plan = Intake(
            variant_id=variant.pk, channel="in_person", applicant_id=who.pk, submitter_id=who.pk,
            papers=papers, competent_agency_id=here.commune.pk, contact_phone="0912345678",
            point_id=point.pk if point else None,
        )  # fmt: skip
        with transaction.atomic():
            set_database_actor(minh)
            intake.accept_at_counter(intake=plan, actor=minh, at=timezone.now(), key=uuid4().hex)

    return act


def _steps(_chance: random.Random, seed: int, all_clients: int) -> Act:
    """Đức assigns, then Hoa gives back, on dossiers of this client's own; each time the dossier is read at once."""
    from django.db import transaction
    from django.utils import timezone

    from bench import templates
    from motcua.dossiers import queries
    from motcua.dossiers.models import Task
    from motcua.dossiers.operations import processing
    from motcua.lib.actor import SYSTEM
    from motcua.ui.routing import set_database_actor

    with transaction.atomic():
        set_database_actor(SYSTEM)
        here = templates.world()
        duc, hoa, hoa_at = here.actor("duc"), here.actor("hoa"), here.position("hoa").pk
        assert duc.unit_id is not None, "a head of a unit has one"
        waiting = Task.objects.filter(
            unit_id=duc.unit_id, step_key="assign", ended_at=None, dossier__paused_at=None
        )
        rows = [
            (row.dossier_id, row.dossier.code)
            for row in waiting.select_related("dossier").order_by("-started_at", "id")[:1000]
            if templates.goes_back(row.dossier.workflow_version_id)
        ]
    mine = rows[seed::all_clients][:20]
    assert mine, "no dossier waits to be assigned: make the data again with --fresh"
    at_hoa: set[Any] = set()
    turn = [0]

    def act() -> None:
        dossier_id, code = mine[turn[0] % len(mine)]
        turn[0] += 1
        back = dossier_id in at_hoa
        actor = hoa if back else duc
        common: dict[str, Any] = {
            "dossier_id": dossier_id,
            "actor": actor,
            "at": timezone.now(),
            "key": uuid4().hex,
        }
        with transaction.atomic():
            set_database_actor(actor)
            if back:
                processing.send_back(**common, to_step="assign", reason="Cần phân công lại")
            else:
                processing.assign(**common, to_position=hoa_at)
        at_hoa.discard(dossier_id) if back else at_hoa.add(dossier_id)
        with transaction.atomic():
            set_database_actor(hoa)
            dossier = queries.get_for(hoa, code)
            task = queries.open_tasks(dossier)[0]
        if task.step_key != ("assign" if back else "appraise"):
            raise AssertionError(f"{code} was read at {task.step_key} right after it moved")

    return act


_LANES: dict[str, Callable[[random.Random, int, int], Act]] = {"intake": _intake, "steps": _steps}


def _main(lane: str, seconds: float, threads: int, seed: int) -> None:
    from motcua.cli.django import ready

    ready()
    from django.db import connection

    from motcua.lib.refusal import Refusal

    waits: list[float] = []
    refused = [0]
    spans: list[tuple[float, float]] = []
    used: list[resource.struct_rusage] = []  # when all are ready: preparing is not measured
    barrier = threading.Barrier(threads, lambda: used.append(resource.getrusage(resource.RUSAGE_SELF)))
    errors: list[BaseException] = []

    def client(number: int) -> None:
        try:
            place = seed * threads + number
            act = _LANES[lane](random.Random(place), place, PROCESSES * threads)
            barrier.wait(60)
            start = time.perf_counter()
            while time.perf_counter() - start < seconds:
                began = time.perf_counter()
                try:
                    act()
                except Refusal:
                    refused[0] += 1
                    continue
                waits.append((time.perf_counter() - began) * 1000)
            spans.append((start, time.perf_counter()))
        except BaseException as error:
            errors.append(error)
            barrier.abort()
        finally:
            connection.close()

    clients = [threading.Thread(target=client, args=[number]) for number in range(threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    if errors:
        raise errors[0]
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used[0].ru_utime - used[0].ru_stime
    took = max(end for _start, end in spans) - min(start for start, _end in spans)
    print(json.dumps({"waits": waits, "seconds": took, "cpu": cpu, "refused": refused[0]}))


if __name__ == "__main__" and sys.argv[1] == "cost":
    from motcua.cli.django import ready

    ready()
    print(json.dumps(_cost(sys.argv[2], int(sys.argv[3]))))
elif __name__ == "__main__":
    _main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
