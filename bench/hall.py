"""The lane of the hall: 300 screens listen while numbers are taken and called; all of them are cut off meanwhile.

`python -m bench.hall call SECONDS PACE` is the process that calls: officers at eight counters, each issue, print
confirmation and call an operation in a transaction of its own; PACE calls a second, 0 for as many as it can.
"""

import asyncio
import json
import os
import sys
import threading
import time
from typing import Any
from uuid import uuid4

SCREENS = 300
COUNTERS = 8
PACE = 5.0  # calls a second of the lane's first part: a hall of sixteen counters makes one in twenty seconds


def prepare() -> int:
    """Return the hall; write it at the first time."""
    from django.db import transaction
    from django.utils import timezone

    from motcua.agencies.models import Counter
    from motcua.counters.models import Hall, Shift
    from motcua.counters.tests import hall_world

    hall = Hall.objects.filter(point__shop__agency__short_name="xã Thử").first()
    if hall is None:
        with transaction.atomic():
            world = hall_world.build(COUNTERS, tuple(f"canbo{n}" for n in range(COUNTERS)))
            world.now = timezone.now()
            for n in range(COUNTERS):
                world.sit(f"canbo{n}", n, "A")
        hall = world.hall
    assert Shift.objects.filter(counter__in=Counter.objects.filter(point=hall.point), ended_at=None).exists()
    return int(hall.pk)


def call(seconds: float, pace: float) -> dict[str, Any]:
    """Call from as many threads as there are counters; return when each call began and was committed, by number."""
    from django.db import connection, transaction
    from django.utils import timezone

    from motcua.agencies.queries import actor_for
    from motcua.counters.models import Call, Service, Shift
    from motcua.counters.operations import calling, tickets
    from motcua.counters.tests.hall_world import KIOSK
    from motcua.ui.routing import set_database_actor

    hall = prepare()
    service = Service.objects.get(hall_id=hall, prefix="A").pk
    shifts = list(Shift.objects.filter(ended_at=None, counter__point__hall=hall))
    started_cpu = time.process_time()
    until = time.time() + seconds
    made: dict[int, tuple[float, float]] = {}
    waits: list[float] = []

    def work(shift: Shift, number: int) -> None:
        actor = actor_for(shift.position_id, timezone.localdate())
        turn = time.time() + number * (len(shifts) / pace if pace else 0) / len(shifts)
        while time.time() < until:
            if pace:
                time.sleep(max(0.0, turn - time.time()))
                turn += len(shifts) / pace
            started = time.time()
            with transaction.atomic():
                set_database_actor(KIOSK)
                ticket = tickets.issue(
                    service_id=service, channel="kiosk", actor=KIOSK, at=timezone.now(), key=uuid4().hex
                )
            with transaction.atomic():
                set_database_actor(KIOSK)
                tickets.confirm(ticket_id=ticket.pk, actor=KIOSK, at=timezone.now(), key=uuid4().hex)
            waits.append((time.time() - started) * 1000)
            started = time.time()
            with transaction.atomic():
                set_database_actor(actor)
                called = calling.call_next(actor=actor, at=timezone.now(), key=uuid4().hex)
            ended = time.time()
            if called is not None:
                last = Call.objects.filter(ticket=called).latest("number")
                made[last.number] = (started, ended)
        connection.close()

    threads = [threading.Thread(target=work, args=(one, number)) for number, one in enumerate(shifts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return {"calls": made, "issue_ms": sorted(waits), "cpu": time.process_time() - started_cpu}


async def _screens(port: int, hall: int, key: bytes, seconds: float, pace: float) -> dict[str, Any]:
    from bench.streams import Listening

    screens = [Listening(port, hall, key) for _number in range(SCREENS)]

    async def stay(screen: Listening) -> None:
        while True:
            await screen.listen()

    began, cpu = time.time(), time.process_time()
    tasks = [asyncio.create_task(stay(one)) for one in screens]
    while not all(one.state for one in screens):
        await asyncio.sleep(0.02)
    connected = time.time() - began
    caller = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.hall", "call", str(seconds), str(pace),
        stdout=asyncio.subprocess.PIPE, env=os.environ | {"MOTCUA_DATABASE_POOL": str(COUNTERS + 1)},
    )  # fmt: skip
    reading = asyncio.create_task(caller.communicate())
    await asyncio.sleep(seconds / 2 + 2)  # django takes a moment to start
    cut_at = time.time()
    for one in screens:
        one.cut()
    output, _nothing = await reading
    await asyncio.sleep(2)
    for task in tasks:
        task.cancel()
    cpu = time.process_time() - cpu
    return {
        "made": json.loads(output),
        "screens": screens,
        "connected": connected,
        "cut_at": cut_at,
        "cpu": cpu,
    }


def run(port: int, seconds: float, pace: float) -> dict[str, Any]:
    """Return calls, what of them each screen missed or got out of order, and how long they took to all screens."""
    from motcua.config import env

    hall = prepare()
    seen = asyncio.run(_screens(port, hall, env.secret("live"), seconds, pace))
    made = {int(number): moments for number, moments in seen["made"]["calls"].items()}
    late: list[float] = []
    pushed: list[float] = []
    lost, unordered = 0, 0
    for screen in seen["screens"]:
        got = [number for number, _at in screen.calls]
        lost += len(made.keys() - set(got))
        unordered += got != sorted(set(got))
        # A call that came while every screen was cut off waits for the reconnect; it is counted with the others.
        late += [(at - made[number][0]) * 1000 for number, at in screen.calls if number in made]
        pushed += [(at - made[number][1]) * 1000 for number, at in screen.calls if number in made]
    late.sort()
    pushed.sort()
    issued = seen["made"]["issue_ms"]
    middle = sorted((ended - began) * 1000 for began, ended in made.values())[len(made) // 2]
    return {
        "acts": len(made),
        "per_second": len(made) / seconds,
        "lost": lost,
        "unordered": unordered,
        "bad": lost + unordered,
        **_percentiles("", late),
        **_percentiles("pushed_", pushed),
        "issue_p50": issued[len(issued) // 2],
        "call_p50": middle,
        "connected_s": seen["connected"],
        "issued_per_second": len(issued) / seconds,
        "calls_cpu_ms": seen["made"]["cpu"] * 1000 / len(made),
        "screens_cpu_ms": seen["cpu"] * 1000 / len(made),
    }


def _percentiles(name: str, ordered: list[float]) -> dict[str, float]:
    count = len(ordered)
    found = {f"{name}p{part}": ordered[count * part // 100] for part in (50, 95, 99)}
    return {**found, f"{name}most": ordered[-1]}


if __name__ == "__main__":
    from motcua.cli.django import ready

    ready()
    print(json.dumps(call(float(sys.argv[2]), float(sys.argv[3]))))
