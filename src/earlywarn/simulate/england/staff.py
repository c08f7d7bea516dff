"""How England's school staff leave, and what they say of it beforehand.

In:  `leavers.csv`, teachers' leaver rates 2024/25 by phase and subject, and the figures below.
Out: shares, 0 to 1. Sources and licence: `SOURCES.md`.

To leave here is to leave state-funded schools altogether; many more resign from a school to teach at another.
"""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Leavers(NamedTuple):
    """Share of teachers who left within a year: all, and the part of it aged under 55, and 55 and over."""

    all: float
    under_55: float
    from_55: float


class ByAge(NamedTuple):
    """Share of an age group who left within a year; `retired` is the part of it who did so to retire."""

    left: float
    retired: float


SUPPORT_LEAVER_RATE = 0.20  # about one in five support staff, 2023/24 to 2024/25
BY_AGE = {"under 35": ByAge(0.108, 0.0), "35-54": ByAge(0.091, 0.004), "55 and over": ByAge(0.276, 0.196)}
INTENT = (0.25, 0.29)  # share who think of leaving within twelve months, not to retire: 2022, and the fourth wave

# Month and day by which teachers give notice to leave at the end of autumn, spring and summer; heads a month earlier.
RESIGN_BY = ((10, 31), (2, 28), (5, 31))
HEADS_RESIGN_BY = ((9, 30), (1, 31), (4, 30))


def primary_leavers() -> Leavers:
    """Return the leaver rates of primary teachers in the Department's workforce model, 2024/25."""
    return _leavers()["primary", ""]


def subject_leavers() -> dict[str, Leavers]:
    """Return the leaver rates of secondary teachers by subject, as above.

    >>> round(subject_leavers()["Physics"].all, 3), round(subject_leavers()["History"].all, 3)
    (0.102, 0.07)
    """
    return {subject: rates for (phase, subject), rates in _leavers().items() if phase == "secondary"}


@cache
def _leavers() -> dict[tuple[str, str], Leavers]:
    text = resources.files("earlywarn.simulate.england").joinpath("leavers.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {
        (row["phase"], row["subject"]): Leavers(float(row["all"]), float(row["under_55"]), float(row["from_55"]))
        for row in rows
    }
