"""Add background work. Apps define their jobs in `jobs.py` with `@job`; they take ids, never objects."""

from typing import Any

from procrastinate.contrib.django import app

job = app.task
periodic = app.periodic


def defer(name: str, **arguments: Any) -> None:
    """Run the job `name` after the caller's transaction has committed."""
    app.configure_task(name).defer(**arguments)
