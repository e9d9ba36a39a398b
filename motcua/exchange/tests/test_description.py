"""The description of the interface: current, whole, true for every operation, and its commands run as they stand."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import schemathesis
from django.conf import settings
from django.db import connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from conftest import need
from motcua.base.files.tests import corpus
from motcua.dossiers.tests.intake_world import World
from motcua.exchange import rest
from motcua.exchange.models import Scope
from motcua.exchange.tests.client_world import Caller, application, browser, register
from motcua.exchange.tests.test_dossiers import submitted

REFERENCE = Path(settings.ROOT) / "docs" / "reference"
DESCRIPTION = REFERENCE / "openapi-integrators.json"


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    """Each test in a transaction of its own."""


def test_the_description_is_current() -> None:
    kept = json.loads(DESCRIPTION.read_text())
    assert kept["openapi"].startswith("3.1")
    assert kept == json.loads(json.dumps(rest.description())), "run scripts/openapi.py"
    assert browser().get("/api/v1/openapi.json").json() == kept


def test_every_path_served_is_described_with_its_right() -> None:
    described = rest.description()["paths"]
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{one.pattern}") for one in rest.public_urls}
    assert served - set(described) == {"/api/v1/openapi.json", "/api/v1/{rest}", "/api/", "/api/{rest}"}
    for path, methods in described.items():
        for said in methods.values():
            assert said["summary"] and said["description"], path
            wanted = [scope for one in said.get("security", []) for scope in one["token"]]
            assert set(wanted) <= set(Scope.values) and (wanted or path.endswith("/token"))


def test_the_example_of_a_submission_is_taken(caller: Caller) -> None:
    example = rest.description()["components"]["schemas"]["SubmissionIn"]["examples"][0]
    example["pressed_by"].pop("at")
    assert caller.post("dossiers", example).status_code == 201


def _try_all(caller: Caller, world: World, examples: int) -> int:
    """Let schemathesis ask each operation what its description allows, and what it forbids; return how many calls."""
    code = submitted(caller)["code"]
    described = rest.description()["paths"]
    schema = schemathesis.openapi.from_dict(rest.description())
    schema.app = application
    checks = [
        not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
        negative_data_rejection,
    ]  # fmt: skip
    headers, made = caller.headers(), [0]
    for result in schema.get_all_operations():
        operation = result.ok()
        of_dossier = "dossiers/{code}" in operation.path
        raw = described[operation.path][operation.method]
        bad = "application/json" in raw.get("requestBody", {}).get("content", {}) or any(
            one["in"] == "query" for one in raw.get("parameters", [])
        )  # forms are tried by hand elsewhere; what takes nothing cannot be asked wrongly
        for mode in (GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if bad else [])):
            strategy = operation.as_strategy(generation_mode=mode)
            _ask(strategy, made, {"code": code} if of_dossier else {}, headers, checks, examples)
    return made[0]


def _ask(
    strategy: Any, made: list[int], known: dict[str, str], headers: dict[str, str], checks: list[Any], examples: int
) -> None:  # fmt: skip
    """Try so many cases of one operation; every second one about the dossier that is there."""

    @bounds(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def ask(case: Any) -> None:
        if known and made[0] % 2 and isinstance(case.path_parameters, dict):
            case.path_parameters.update(known)
        made[0] += 1
        with transaction.atomic():
            case.call_and_validate(base_url="http://localhost", headers=headers, checks=checks)
            transaction.set_rollback(True)

    ask()


def test_every_operation_answers_as_described(world: World) -> None:
    caller = register(world, "thu-het", per_minute=6000)
    assert _try_all(caller, world, 1) >= 30


@pytest.mark.long
def test_every_operation_answers_as_described_to_many(world: World) -> None:
    caller = register(world, "thu-het", per_minute=6000)
    assert _try_all(caller, world, 60) > 1000


@contextmanager
def served() -> Iterator[int]:
    """Serve the program on a free port, in a thread that shares the test's transaction; the test waits meanwhile."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    held = connections["default"]
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)

    def run() -> None:
        connections["default"] = held
        server.serve_forever(poll_interval=0.05)

    held.inc_thread_sharing()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        held.dec_thread_sharing()


def test_the_commands_of_the_reference_run_as_they_stand(caller: Caller, tmp_path: Path) -> None:
    need("curl", "curl")
    need("jq", "jq")
    text = (REFERENCE / "api.md").read_text()
    commands = re.findall(r"```sh\n(.*?)```", text, re.S)
    assert len(commands) >= 5
    (tmp_path / "to-khai.pdf").write_bytes(corpus.pdf())
    with served() as port:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(commands)], cwd=tmp_path, capture_output=True, text=True,
            timeout=60, env={
                "PATH": "/usr/local/bin:/usr/bin:/bin", "BASE": f"http://localhost:{port}/api/v1",
                "CLIENT_ID": caller.client.system, "CLIENT_SECRET": caller.secret, "no_proxy": "*",
            },
        )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Mới đăng ký" in done.stdout
    assert done.stdout.split()[-1] == "7"
