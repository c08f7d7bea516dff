"""Take people out of what was kept; remove what is past its day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.config import Population
from earlywarn.errors import ConfigError
from earlywarn.forget.holdings import Kind, find_holdings
from earlywarn.forget.overdue import Overdue, overdue
from earlywarn.forget.people import look_for, remove, take_out
from earlywarn.progress import each, step
from earlywarn.tables.people_file import add_people, read_people


@dataclass(frozen=True)
class Place:
    """Where people were found, in how many rows."""

    path: Path
    kind: Kind
    rows: int


@dataclass(frozen=True)
class Forgotten:
    """What became of people, in numbers only.

    nowhere  : how many of them were found in none of the folders.
    exclude  : the file that keeps them out of the next run, if one was given; `added` were not in it yet.
    done     : False for a dry run, which changes nothing.
    """

    people: int
    nowhere: int
    places: tuple[Place, ...]
    exclude: Path | None
    added: int
    done: bool


def forget(
    named: Collection[str],
    folders: Sequence[Path],
    population: Population = "pupils",
    file: Path | None = None,
    exclude: Path | None = None,
    dry_run: bool = False,
) -> Forgotten:
    """Take people, named here or in a file, out of what was kept, and add them to the exclude file."""
    people = _people(named, file)
    with step("Looking for them"):
        found = look_for(people, population, find_holdings(folders))
    added = 0
    if not dry_run:
        added = add_people(exclude, people, "--exclude") if exclude else 0
        for one in each("Taking them out", found):
            take_out(one)
    seen = frozenset[str]().union(*(one.people for one in found))
    places = tuple(Place(one.holding.path, one.holding.kind, one.rows) for one in found)
    return Forgotten(len(people), len(people) - len(seen), places, exclude, added, not dry_run)


def forget_overdue(folders: Sequence[Path], today: date | None = None, dry_run: bool = False) -> tuple[Overdue, ...]:
    """Remove scores and packs whose delete-by date has passed; a dry run names them only."""
    day = today or date.today()
    found = {one.path.resolve(): one for folder in folders for one in overdue(folder, day)}
    if not dry_run:
        for path in found:
            remove(path)
    return tuple(found.values())


def _people(named: Collection[str], file: Path | None) -> frozenset[str]:
    """Return the person_ids that were named, and those of a file."""
    people = frozenset(one.strip() for one in (*named, *(read_people(file, "--from") if file else ()))) - {""}
    if not people:
        raise ConfigError("nobody is named", fix="give person_ids, or --from FILE with one a line; or --overdue")
    if any(len(one.splitlines()) > 1 for one in people):
        raise ConfigError("a person_id holds a line break", fix="give each by itself")
    return people
