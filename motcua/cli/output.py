"""How commands speak: results on standard output, progress and errors on standard error."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")


def echo_json(value: Any) -> None:
    """Print `value` as JSON for programs: Vietnamese letters stay letters; dates and decimals become text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def answer(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    """Say what was done: facts for programs, or one sentence for people."""
    if as_json:
        echo_json(facts)
    else:
        click.echo(sentence)


def track(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Yield `items` under a progress bar; silent when standard error is not a terminal."""
    with progress(label, total) as advance:
        for item in items:
            yield item
            advance(1)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar and give the function that moves it; silent when standard error is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task(label, total=total)
        yield lambda done: shown.advance(task, done)
