"""People looked for in what earlywarn keeps, and taken out of it.

In:  holdings, and the person_ids of pupils or of staff.
Out: for each holding that has them, how many rows, and what becomes of it; nothing that names anyone.

Scores are written again without them, and the packs anew from those. What can be made again from elsewhere is
removed whole: kept features by the next training, packs outside a scores folder by `earlywarn pack`. So is what a
stopped run left half made: a database keeps deleted rows on its pages.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from markupsafe import escape

from earlywarn.config import Population
from earlywarn.errors import ConfigError
from earlywarn.folders import half_made, is_at_work, written_whole
from earlywarn.forget.holdings import PAGE, Holding
from earlywarn.forget.tables import columns_of, copy_without, rows_of
from earlywarn.report.contents import ABOUT, SCORES, STAFF_PAGE, read_contents
from earlywarn.report.scores import write_for_schools


@dataclass(frozen=True)
class Found:
    """A holding with people in it; `rows` are theirs, 0 where it is removed unread."""

    holding: Holding
    people: frozenset[str]
    rows: int


def look_for(people: Collection[str], population: Population, holdings: Sequence[Holding]) -> tuple[Found, ...]:
    """Return the holdings that hold some of the people, and whatever was left half made."""
    theirs = [one for one in holdings if one.population in (population, None)]
    _refuse_while_at_work(theirs)
    found = (_look_in(one, frozenset(people)) for one in theirs)
    return tuple(one for one in found if one.rows or one.holding.kind == "half made")


def take_out(found: Found) -> None:
    """Take people out of a holding; when this returns nothing there is of them."""
    path = found.holding.path
    match found.holding.kind:
        case "scores folder":
            _write_again(path, found.people)
        case "scores by person":
            draft = half_made(path.parent, ".scores").with_suffix(path.suffix)
            copy_without(path, draft, found.people)
            draft.replace(path)
        case _:
            remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _refuse_while_at_work(holdings: Sequence[Holding]) -> None:
    for one in holdings:
        if one.kind == "half made" and is_at_work(one.path):
            raise ConfigError(
                f"{one.path.parent}: a run is at work there, on this machine or another",
                fix=f"wait until it has ended; if none is running, delete {one.path.name} and call again",
            )


def _look_in(holding: Holding, people: frozenset[str]) -> Found:
    there = [person for table in holding.tables for person in rows_of(table, people)]
    if holding.kind == "pack":  # its page also names those who left a list, and who may be scored here no more
        there += _named_on(holding.path / PAGE, people - set(there))
    return Found(holding, people & frozenset(there), len(there))


def _named_on(page: Path, people: Collection[str]) -> list[str]:
    """Return who is named on a page, as the whole text of an element."""
    text = page.read_text(encoding="utf-8")
    return [person for person in people if f">{escape(person)}<" in text]


def _write_again(folder: Path, people: Collection[str]) -> None:
    """Write a scores folder again without some people: whole, or it stays as it was."""
    with written_whole(folder, ABOUT) as draft:
        for path in sorted(folder.iterdir()):
            if "person_id" in columns_of(path):
                copy_without(path, draft / path.name, people)
            elif path.is_file():
                shutil.copy2(path, draft)
            elif path.name != "packs":
                shutil.copytree(path, draft / path.name)
        if not (draft / STAFF_PAGE).exists() and pq.read_metadata(draft / SCORES).num_rows:
            write_for_schools(read_contents(draft), draft)
