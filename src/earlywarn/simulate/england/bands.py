"""England's pupils by how much of the school year 2022/23 they missed: counts in eleven bands.

In:  `bands.csv`, enrolments of Years 1 to 11 by phase, free meals, special needs, sex and year group.
Out: `cells`, as they stand, and `bands`, added up for any choice of them.

Where free meals or needs were not recorded ("unclassified"), pupils are a group of their own, about
one in a hundred and absent far more. Source and licence: `SOURCES.md`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Phase = Literal["primary", "secondary", "special", "all"]
Sex = Literal["F", "M"]

REFERENCE_YEAR = 2022  # the calendar year in which the bands' school year began
BAND_EDGES = np.array([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 100]) / 100
PERSISTENT_FROM, SEVERE_FROM = 2, 10  # first band of each


@dataclass(frozen=True)
class Cell:
    """Enrolments that share all characteristics; `fsm`, `sen` and `sex` are None where not recorded."""

    phase: Phase
    fsm: bool | None
    sen: bool | None
    sex: Sex | None
    year_group: int
    counts: Counts

    @property
    def recorded(self) -> bool:
        """Return whether both free meals and special needs were recorded."""
        return self.fsm is not None and self.sen is not None


@cache
def cells() -> tuple[Cell, ...]:
    """Return every cell that was published."""
    text = resources.files("earlywarn.simulate.england").joinpath("bands.csv").read_text(encoding="utf-8")
    return tuple(_cell(row) for row in list(csv.reader(text.splitlines()))[1:])


def bands(
    phase: Phase = "all",
    fsm: bool | None = None,
    sen: bool | None = None,
    year_group: int | None = None,
    sex: Sex | None = None,
    recorded: bool | None = None,
) -> Counts:
    """Return (11,) enrolments in each band of `BAND_EDGES`, over the cells that are asked for.

    None asks for everyone, so `fsm=None` holds pupils on free meals, the others and those for whom it was
    not recorded; `recorded=False` leaves only pupils of whom free meals or needs are unknown.

    >>> primary = bands("primary", fsm=True, sen=True)
    >>> int(primary.sum()), round(100 * persistent(primary), 1), round(100 * severe(primary), 2)
    (266231, 36.4, 2.24)
    """
    total = np.zeros(len(BAND_EDGES) - 1, np.int64)
    for cell in cells():
        asked = ((phase, cell.phase), (fsm, cell.fsm), (sen, cell.sen), (year_group, cell.year_group), (sex, cell.sex))
        if all(wanted in (None, "all", is_) for wanted, is_ in asked) and recorded in (None, cell.recorded):
            total += cell.counts
    return total


def persistent(counts: Counts) -> float:
    """Return the share of enrolments that missed 10% or more; NaN where there are none."""
    return _share_from(PERSISTENT_FROM, counts)


def severe(counts: Counts) -> float:
    """Return the share of enrolments that missed 50% or more; NaN where there are none."""
    return _share_from(SEVERE_FROM, counts)


def _share_from(band: int, counts: Counts) -> float:
    everyone = counts.sum()
    return float(counts[band:].sum() / everyone) if everyone else float("nan")


def _cell(row: list[str]) -> Cell:
    phase, fsm, sen, sex, year_group, *counts = row
    flag = {"yes": True, "no": False, "": None}
    return Cell(
        phase=phase,  # type: ignore[arg-type]  # the file is ours, and a test reads every row
        fsm=flag[fsm],
        sen=flag[sen],
        sex=sex or None,  # type: ignore[arg-type]
        year_group=int(year_group),
        counts=np.array(counts, np.int64),
    )
