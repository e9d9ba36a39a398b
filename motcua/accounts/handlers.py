"""What is heard about accounts."""

from typing import Any

from motcua.accounts.operations import emails
from motcua.base.jobs.operations import ring


def address_letter_waits(facts: dict[str, Any]) -> None:
    """Have the letters about addresses sent: by a job, for a slow mail server must not hold up other news."""
    ring(emails.JOB)
