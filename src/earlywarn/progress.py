"""What a person sees while waiting: one line a step, a bar where the length is known.

Everything goes to standard error, so that standard output holds only results.
A message names steps and counts, never a person.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")

_console = Console(stderr=True, highlight=False)


def be_quiet(quiet: bool = True) -> None:
    """Say nothing from here on (`--json`), or speak again."""
    _console.quiet = quiet


def say(line: str) -> None:
    """Print one line of news."""
    _console.print(line, markup=False, soft_wrap=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Show what is being done, then how long it took.

    >>> be_quiet()
    >>> with step("Counting"):
    ...     total = sum(range(3))
    """
    began = perf_counter()
    with _console.status(f"{doing} ..."):
        yield
    say(f"{doing}: {perf_counter() - began:.1f} s")


class Bar:
    """A bar that is advanced, with an optional note beside it."""

    def __init__(self, progress: Progress, doing: str, total: int) -> None:
        self._progress = progress
        self._doing = doing
        self._task = progress.add_task(doing, total=total)

    def advance(self, note: str = "", by: int = 1) -> None:
        shown = f"{self._doing} ({note})" if note else self._doing
        self._progress.update(self._task, advance=by, description=shown)


@contextmanager
def bar(doing: str, total: int) -> Iterator[Bar]:
    """Show a bar of `total` steps; a single summary line remains."""
    began = perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console, transient=True) as progress:
        yield Bar(progress, doing, total)
    say(f"{doing}: {total:,} done, {perf_counter() - began:.1f} s")


def each(doing: str, items: Sequence[Item]) -> Iterator[Item]:
    """Yield items, one after the other, while a bar counts them.

    >>> be_quiet()
    >>> sum(each("Adding", [1, 2, 3]))
    6
    """
    with bar(doing, len(items)) as shown:
        for item in items:
            yield item
            shown.advance()
