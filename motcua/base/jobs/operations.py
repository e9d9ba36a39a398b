"""Add background work. Apps define their jobs in `jobs.py` with `@job`; they take ids, never objects."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

job = app.task
periodic = app.periodic


def defer(name: str, **arguments: Any) -> None:
    """Run the job `name` after the caller's transaction has committed."""
    app.configure_task(name).defer(**arguments)


def ring(name: str, **arguments: Any) -> None:
    """Run the job `name` soon; one that is waiting already, by its queueing lock, is not put there again."""
    try:
        with transaction.atomic():
            defer(name, **arguments)
    except AlreadyEnqueued:
        return
