"""What is done once a message has been written."""

from typing import Any

from motcua.base.jobs.operations import ring
from motcua.base.notifications.operations.sending import JOB


def message_written(facts: dict[str, Any]) -> None:
    """Have what waits sent soon."""
    ring(JOB)
