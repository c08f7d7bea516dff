"""The list log: who was listed, who was seen, what was decided, by whom and why.

In:  the scores of a list, and what schools wrote on their sheets.
Out: entries, one for each person on a list, kept as `list_log.csv` beside the scores.

A list is advice to a person; the log is where that person answers. What a school has written is never
emptied again: only something newly written replaces it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from earlywarn.cells import as_written, safe_cell
from earlywarn.errors import TableError
from earlywarn.folders import half_made

NOT_DECIDED = "none yet"
DECISIONS = (NOT_DECIDED, "followed up", "overruled")
WRITTEN = ("seen_on", "decision", "by", "why")


@dataclass(frozen=True)
class Entry:
    """A person on a list, and what the school wrote; empty where it has written nothing.

    listed_on : the morning of the list.
    seen_on   : the day on which somebody looked into it.
    decision  : one of `DECISIONS`.
    """

    school_id: str
    person_id: str
    list: str
    listed_on: date
    seen_on: date | None = None
    decision: str = NOT_DECIDED
    by: str = ""
    why: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """The fields that somebody has written."""
        found = {name: getattr(self, name) for name in WRITTEN}
        return {name: said for name, said in found.items() if said and said != NOT_DECIDED}


_HEADER = [field.name for field in fields(Entry)]

Log = Mapping[tuple[str, str], Entry]  # by school and person: nobody stands on two lists of one school


@dataclass(frozen=True)
class Merged:
    """A log with newly written fields in it; `changed` counts entries, `replaced` fields that said something else."""

    log: Log
    changed: int
    replaced: int


def new_log(scores: pd.DataFrame) -> Log:
    """Return an empty entry for everybody who is listed."""
    listed = scores[scores["listed"].astype(bool)].sort_values(["school_id", "person_id"])
    return log_of(
        Entry(str(school), str(person), str(which), pd.Timestamp(on).date())
        for school, person, which, on in listed[["school_id", "person_id", "list", "as_of"]].itertuples(index=False)
    )


def log_of(entries: Iterable[Entry]) -> Log:
    """Return entries by school and person."""
    return {(entry.school_id, entry.person_id): entry for entry in entries}


def merge(log: Log, written: Iterable[Entry]) -> Merged:
    """Fill in what schools wrote, field by field; the last to write has the last word."""
    merged, changed, replaced = dict(log), 0, 0
    for entry in written:
        key = entry.school_id, entry.person_id
        before = merged[key]
        news = {name: said for name, said in entry.said.items() if said != getattr(before, name)}
        merged[key] = replace(before, **news)
        changed += bool(news)
        replaced += len(news.keys() & before.said.keys())
    return Merged(merged, changed, replaced)


def write_log(path: Path, log: Log) -> None:
    """Write the log whole or not at all: an earlier one stays until the new one is complete."""
    draft = half_made(path.parent, ".log")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_HEADER)
        rows.writerows([_cell(getattr(entry, name)) for name in _HEADER] for entry in log.values())
    draft.replace(path)


def _cell(value: object) -> str:
    return "" if value is None else safe_cell(str(value))


def read_log(path: Path) -> Log:
    """Read a log; a folder without one has nobody listed."""
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if list(rows.fieldnames or ()) != _HEADER:
                raise ValueError
            return log_of(map(_entry, rows))
    except (OSError, AttributeError, KeyError, TypeError, ValueError, csv.Error):
        raise TableError(
            f"{path}: damaged, or its columns were changed",
            fix="put back the file as `earlywarn score` or `earlywarn pack --log` wrote it",
        ) from None


def _entry(row: Mapping[str, str]) -> Entry:
    said = {name: as_written(row[name]) for name in _HEADER}
    if said["decision"] not in DECISIONS:
        raise ValueError
    seen_on = date.fromisoformat(said["seen_on"]) if said["seen_on"] else None
    return Entry(**said | {"listed_on": date.fromisoformat(said["listed_on"]), "seen_on": seen_on})  # type: ignore[arg-type]
