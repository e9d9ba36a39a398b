"""`python -m bench`: make the data once, run the lanes, print the table, keep the figures."""

import argparse
import json
import resource
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import place

# lane → (what is measured, goal: acts a second, goal: processor ms an act); architecture of docs/reference/bench.md
GOALS: dict[str, tuple[str, float | None, float | None]] = {
    "inbox": ("1 officer's desk, 100 rows", 100, 15),
    "deep": ("2 a deep page of the same desk", None, None),
    "thick": ("3 open a dossier: 15 papers, 40 acts", None, 15),
    "intake": ("4 take a dossier in at the counter", 100, None),
    "track-code": ("5 public tracking by code and secret", 1500, 1),
    "track-token": ("5 public tracking by token", 1500, 1),
    "steps": ("6 a step, then read at once", 200, None),
    "hall": ("7 take a number and call it, 300 screens listening", None, None),
}
OPERATIONS = ("intake", "steps")
ALONE = 60  # acts of one client alone, for the cost of one act


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=150_000)
    parser.add_argument("--templates", type=int, default=60, help="made by real operations, then copied")
    parser.add_argument(
        "--seconds", type=float, default=10, help="for each lane, after a warm-up of six or more"
    )
    parser.add_argument("--lanes", default=",".join(GOALS), help="comma between; none: only make the data")
    parser.add_argument(
        "--against", type=Path, help="another checkout; lanes 4 and 6 are run on both in turn"
    )
    parser.add_argument("--rounds", type=int, default=1, help="of --against")
    parser.add_argument("--profile", action="store_true", help="also print the 15 dearest functions per lane")
    parser.add_argument("--fresh", action="store_true", help="make the data anew")
    parser.add_argument(
        "--screens", action="store_true", help="count the SQL statements of each screen instead of the lanes"
    )
    parser.add_argument("--verify", action="store_true", help="recompute every history chain of the data")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"[{time.perf_counter():8.1f} s] {text}", file=sys.stderr, flush=True)


# ── Data


def make_data(wanted: argparse.Namespace) -> dict[str, Any]:
    """Make the data unless the kept data is what was asked for."""
    made = place.made()
    key = {"dossiers": wanted.dossiers, "templates": wanted.templates, "fingerprint": place.fingerprint()}
    if not wanted.fresh and made.get("key") == key:
        return made
    shutil.rmtree(place.VAR, ignore_errors=True)
    place.VAR.mkdir(parents=True)
    from motcua.cli.run import installation

    started = time.perf_counter()
    with installation.only_one(), installation.database_ready():
        installation.prepare_program(say=say)
        made = {"key": key, "sample": _fill(wanted), "seconds": 0.0}
        if wanted.verify:
            _verify()
    made["seconds"] = round(time.perf_counter() - started, 1)
    place.MADE.write_text(json.dumps(made))
    say(f"data made in {made['seconds']} s")
    return made


def _fill(wanted: argparse.Namespace) -> list[dict[str, str]]:
    from motcua.cli.django import ready

    ready()
    import psycopg
    from django.db import connection

    from bench import multiply, province, templates
    from motcua.cli.demo import content
    from motcua.config import database

    content.load(dossiers=0, say=say)
    made = templates.make(wanted.templates)
    say(f"{len(made)} templates made by operations")
    province.open_agencies(say)
    connection.close()
    url = database.embedded(database.ADMIN_ROLE).url()
    with psycopg.connect(url) as admin:
        admin.execute("set session_replication_role = replica")
        province.offer(admin, say)
    return multiply.fill(url, made, wanted.dossiers, say)


def _verify() -> None:
    from django.db import transaction

    from motcua.base.audit import queries
    from motcua.lib.actor import SYSTEM
    from motcua.ui.routing import set_database_actor

    with transaction.atomic():
        set_database_actor(SYSTEM)
        faults = list(queries.verify_all())
    say(f"history verified: {len(faults)} faults")
    if faults:
        raise SystemExit(str(faults[:3]))


def _screens() -> None:
    from motcua.cli.django import ready
    from motcua.cli.run import installation

    with installation.only_one(), installation.database_ready():
        ready()
        from bench import screens

        print(screens.table(list(screens.measured())))


# ── Measuring


class Bench:
    """One run over the running product."""

    def __init__(self, wanted: argparse.Namespace, made: dict[str, Any], product: Any, port: int) -> None:
        self.wanted, self.made, self.product, self.port = wanted, made, product, port
        self.cookie = ""
        self.notes: list[str] = []

    def run(self) -> dict[str, dict[str, Any]]:
        results = {}
        for lane in self.wanted.lanes.split(","):
            say(lane)
            run = self.operations if lane in OPERATIONS else self.hall if lane == "hall" else self.pages
            results[lane] = run(lane)
            say(f"{lane}: {results[lane]['per_second']:.1f} a second")
        return results

    def pages(self, lane: str) -> dict[str, Any]:
        from bench import acts, load, web

        ask = self.ask(lane)
        size = web.check(self.port, ask)
        load.run(self.port, ask.requests, max(6, self.wanted.seconds / 3))
        with Meter(self.product) as meter:
            seen = load.run(self.port, ask.requests, self.wanted.seconds)
        if not seen.requests:
            raise SystemExit(f"lane {lane}: no answer within {self.wanted.seconds} s")
        web.check(self.port, ask)
        if self.wanted.profile:
            print(f"\n── {lane}\n{acts.profiled(lambda: self.in_process(ask), 30)}")
        return {
            "per_second": seen.per_second, "p50": seen.p50, "p95": seen.p95, "bad": seen.bad,
            "acts": seen.requests, "maker": seen.maker, "bytes": size, **meter.each(seen.requests),
        }  # fmt: skip

    def hall(self, lane: str) -> dict[str, Any]:
        """Call at the pace of a very busy hall, then as fast as it goes; every screen is cut off in each half."""
        from bench import hall

        for pace in (hall.PACE, 0.0):
            with Meter(self.product) as meter:
                seen = hall.run(self.port + 1, self.wanted.seconds, pace)
            found = {**seen, **meter.each(seen["acts"]), "web_ms": seen["calls_cpu_ms"]}
            how = f"{pace:.0f} calls a second" if pace else "as fast as it goes"
            self.notes.append(
                f"hall, {how}, {hall.SCREENS} screens: {found['issued_per_second']:.1f} numbers and "
                f"{found['per_second']:.1f} calls a second, {found['acts']} in all; to the screen "
                f"p50 {found['p50']:.0f}, p95 {found['p95']:.0f}, p99 {found['p99']:.0f}, "
                f"longest {found['most']:.0f} ms "
                f"(with the reconnect); after the commit p50 {found['pushed_p50']:.0f}, "
                f"p95 {found['pushed_p95']:.0f}, p99 {found['pushed_p99']:.0f} ms; "
                f"lost {found['lost']}, out of order {found['unordered']}; "
                f"all connected in {found['connected_s']:.2f} s; a number took {found['issue_p50']:.0f} ms, a call "
                f"{found['call_p50']:.0f} ms; processor ms for each call with its number: program "
                f"{found['calls_cpu_ms']:.1f}, PostgreSQL {found['postgres_ms']:.1f}, live {found['live_ms']:.1f}, "
                f"worker {found['worker_ms']:.1f}, the screens of the test {found['screens_cpu_ms']:.1f}; "
                f"others took {found['others_percent']:.0f} % of the machine"
            )
        return found

    def in_process(self, ask: Any) -> None:
        """Answer one request inside this process, for the profile."""
        from django.test import Client

        head, _sep, body = ask.requests[0].decode().partition("\r\n\r\n")
        lines = head.split("\r\n")
        method, path, _version = lines[0].split(" ")
        headers = {name.lower(): text for name, _sep, text in (line.partition(": ") for line in lines[1:])}
        client = Client(headers={"host": headers["host"], "cookie": headers.get("cookie", "")})
        if method == "POST":
            client.post(path, body, content_type="application/x-www-form-urlencoded")
        else:
            client.get(path)

    def ask(self, lane: str) -> Any:
        from bench import web

        if lane.startswith("track-"):
            return web.tracking(self.made["sample"], by=lane.removeprefix("track-"))
        self.cookie = self.cookie or web.log_in()
        if lane == "deep":
            ask, number = web.deep_page(self.port, self.cookie)
            self.notes.append(f"deep is page {number} of the desk")
            return ask
        return web.inbox(self.cookie) if lane == "inbox" else web.thick(self.cookie)

    def operations(self, lane: str) -> dict[str, Any]:
        """Run a lane of operations; with --against, both checkouts in turn, the medians of the rounds."""
        from bench import acts

        if self.wanted.against is None:
            return {**self.one(lane, None), "alone": acts.cost(lane, ALONE)}
        ours, theirs = [], []
        for _round in range(self.wanted.rounds):
            theirs.append(self.one(lane, self.wanted.against.resolve()))
            ours.append(self.one(lane, None))
        found = middle(ours)
        found["before"] = middle(theirs)
        found["before"]["alone"] = acts.cost(lane, ALONE, tree=self.wanted.against.resolve())
        found["alone"] = acts.cost(lane, ALONE)
        return found

    def one(self, lane: str, tree: Path | None) -> dict[str, Any]:
        from bench import acts

        acts.run(lane, 2, tree=tree)
        with Meter(self.product) as meter:
            seen = acts.run(lane, self.wanted.seconds, tree=tree)
        each = meter.each(seen["acts"])
        # What the client processes use is the program's own part: there is no web server in this lane.
        each["web_ms"] = seen.pop("client_cpu_ms")
        if tree is None and self.wanted.profile:
            print(f"\n── {lane}\n{acts.profile(lane)}")
        if lane == "intake":
            seen["numbers"] = numbers()
        return {"bad": seen["refused"], **seen, **each}


def middle(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    ordered = sorted(rounds, key=lambda one: one["per_second"])
    return ordered[len(ordered) // 2]


class Meter:
    """Processor time of the product between two moments, and the part of the machine others took."""

    def __init__(self, product: Any) -> None:
        self.product = product

    def __enter__(self) -> "Meter":
        self.before, self.children, self.start = self.product.cpu(), _clients(), time.perf_counter()
        return self

    def __exit__(self, *_error: object) -> None:
        self.used = self.product.cpu().since(self.before)
        self.clients = _clients() - self.children
        self.seconds = time.perf_counter() - self.start

    def each(self, count: int) -> dict[str, float]:
        ours = self.used.web + self.used.postgres + self.used.worker + self.used.live + self.clients
        return {
            "web_ms": self.used.web * 1000 / count,
            "postgres_ms": self.used.postgres * 1000 / count,
            "worker_ms": self.used.worker * 1000 / count,
            "live_ms": self.used.live * 1000 / count,
            "others_percent": max(0.0, self.used.machine - ours) * 100 / self.seconds / _cores(),
        }


def _clients() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cores() -> int:
    import os

    return os.cpu_count() or 1


def numbers() -> dict[str, int]:
    """Look at today's numbers: every code once, none left out between first and last."""
    import psycopg

    from motcua.config import database

    query = """
    select count(*), count(distinct code), max(split_part(code, '-', 3)::bigint),
      (select max(last) from numbering_series where kind = 'dossier' and period = %s),
      count(distinct (book, book_number))
    from dossiers_dossier where split_part(code, '-', 2) = %s
    """
    day = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    with psycopg.connect(database.embedded(database.ADMIN_ROLE).url()) as connection:
        row = connection.execute(query, [f"{day:%Y-%m-%d}", f"{day:%y%m%d}"]).fetchone()
    assert row is not None
    made, codes, last, series, books = row
    return {"today": made, "duplicates": 2 * made - codes - books, "gaps": max(last or 0, series or 0) - made}


# ── The table


def table(results: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| lane | goal /s | measured /s | ratio | p50 ms | p95 ms | program ms | PostgreSQL ms | goal ms | others |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for lane, found in results.items():
        name, goal, goal_ms = GOALS[lane]
        rows = [(name, found)] + ([(f"{name}, before", found["before"])] if "before" in found else [])
        for label, one in rows:
            ratio = f"{one['per_second'] / goal:.2f}" if goal else "–"
            lines.append(
                f"| {label} | {goal or '–'} | {one['per_second']:.1f} | {ratio} | {one['p50']:.1f} |"
                f" {one['p95']:.1f} | {one['web_ms']:.2f} | {one['postgres_ms']:.2f} | {goal_ms or '–'} |"
                f" {one['others_percent']:.0f} % |"
            )
    return "\n".join(lines)


def main() -> None:
    wanted = options()
    lanes = [lane for lane in wanted.lanes.split(",") if lane]
    unknown = set(lanes) - set(GOALS)
    if unknown:
        raise SystemExit(f"no such lane: {', '.join(sorted(unknown))}")
    from motcua.cli.run.processes import free_port

    port = free_port(18480)
    place.settle(port)
    made = make_data(wanted)
    if wanted.screens:
        _screens()
    if not lanes or wanted.screens:
        return
    from bench.machine import Product, facts

    about = facts()
    product = Product(port)
    try:
        product.wait()
        from motcua.cli.django import ready

        ready()
        bench = Bench(wanted, made, product, port)
        results = bench.run()
    finally:
        product.stop()
    print(table(results))
    for note in bench.notes:
        print(note)
    for lane in set(results) & set(OPERATIONS):
        for when, one in (("", results[lane]), (", before", results[lane].get("before", {}))):
            if "alone" in one:
                cost = {name: round(value, 1) for name, value in one["alone"].items()}
                print(f"{lane}, one client alone{when}: {cost}")
    if "intake" in results:
        print("numbers of today:", results["intake"]["numbers"])
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    file = place.VAR / f"result-{now:%Y-%m-%d-%H%M}.json"
    options_used = {name: str(value) for name, value in vars(wanted).items()}
    report = {
        "at": now.isoformat(),
        "machine": about,
        "options": options_used,
        "data_seconds": made["seconds"],
    }
    file.write_text(json.dumps({**report, "notes": bench.notes, "lanes": results}, indent=1))
    print(f"kept in {file.relative_to(place.ROOT)}")


if __name__ == "__main__":
    main()
