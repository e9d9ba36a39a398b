"""How commands speak: results on standard output, progress and errors on standard error."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")


def echo_json(value: Any) -> None:
    """Print `value` as JSON for programs: Vietnamese letters stay letters; dates and decimals become text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def track(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Yield `items` under a progress bar; silent when standard error is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield from progress.track(items, total=total, description=label)
