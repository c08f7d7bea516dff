"""Scores and packs past the day by which they are to be deleted.

In:  a folder, and today.
Out: each holding whose delete-by date has passed. A pupil's row carries that date, and so does `about.json`.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from earlywarn.forget.holdings import PUPILS, Holding, Kind, find_holdings
from earlywarn.report.contents import read_about


@dataclass(frozen=True)
class Overdue:
    """Scores or a pack that should be gone; it was to be deleted by `delete_by`."""

    path: Path
    kind: Kind
    delete_by: date


def overdue(folder: Path, today: date) -> tuple[Overdue, ...]:
    """Return the scores and packs in a folder whose last day is before today."""
    dated = ((one, _delete_by(one)) for one in find_holdings([folder]))
    return tuple(Overdue(one.path, one.kind, last) for one, last in dated if last is not None and last < today)


def _delete_by(holding: Holding) -> date | None:
    """Return the last day of a holding; None where nothing says one."""
    match holding.kind:
        case "scores folder":
            return read_about(holding.path).delete_by
        case "scores by person":
            days = pq.read_table(holding.path, columns=["delete_by"]).column(0).to_pylist()
            return max((date.fromisoformat(str(day)[:10]) for day in days), default=None)
        case "pack":
            with (holding.path / PUPILS).open(encoding="utf-8-sig", newline="") as file:
                days = [row["delete_by"] for row in csv.DictReader(file)]
            return max(map(date.fromisoformat, days), default=None)
    return None
