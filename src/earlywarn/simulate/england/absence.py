"""England's absence by year, term, week and weekday, between schools and from year to year.

In:  nothing but the published figures below, in per cent as they were published.
Out: functions that give them as shares, 0 to 1. A year is the calendar year in which it began.

Official full-year figures are the school census's; by term, week and weekday they are the
indicative daily series, which stands up to a point above the census. Sources and licence: `SOURCES.md`.
"""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.england.bands import Phase

Floats = NDArray[np.float64]


class Annual(NamedTuple):
    """Absent over possible sessions, and the shares of enrolments that missed 10% and 50% or more."""

    mean: float
    persistent: float
    severe: float


class Spread(NamedTuple):
    """How schools of a phase differ in persistent absence, 2018/19, schools of 50 enrolments or more.

    pooled    : over all their enrolments.
    sd        : between schools, sampling taken out; `logit_sd` the same on the logit scale.
    p10, p90  : tenth and ninetieth percentile of the schools' shares as they stand, sampling included.
    year_before : correlation of a school's share with that of the year before.
    """

    pooled: float
    sd: float
    logit_sd: float
    p10: float
    p90: float
    year_before: float


YEAR_TO_YEAR = 0.63  # correlation of a pupil's rate in Year 7 with Year 6, 2023/24 to 2024/25, first two terms
SPELLS_OF_2_TO_4 = 0.5  # share of spells that last two to four sessions, both phases, 2021/22

# Share, of pupils absent at the very start of 2022/23, who were persistently absent in that year.
ABSENT_FIRST_DAYS = {range(1, 7): 0.37, range(7, 12): 0.58}

# Mean and persistent absence of the autumn 2024/25: no needs, support, an education, health and care plan; free meals.
AUTUMN_BY_NEEDS = {"N": (0.058, 0.170), "K": (0.101, 0.290), "E": (0.131, 0.351)}
AUTUMN_BY_FREE_MEALS = {True: (0.100, 0.317), False: (0.052, 0.144)}
# Mean and persistent absence of autumn and spring 2024/25, by ethnicity and free meals: the few cells that were found.
BY_ETHNICITY = {
    ("African", True): (0.0480, 0.118),
    ("African", False): (0.0313, 0.060),
    ("any other Asian", True): (0.0635, 0.177),
}

_ANNUAL: dict[Phase, dict[int, tuple[float, float, float]]] = {
    "all": {2018: (4.73, 10.86, 0.85), 2021: (7.55, 22.51, 1.65), 2022: (7.37, 21.22, 2.03),
            2023: (7.15, 19.95, 2.30), 2024: (6.78, 18.14, 2.39)},
    "primary": {2018: (4.03, 8.25, 0.39), 2021: (6.26, 17.70, 0.64), 2022: (5.90, 16.21, 0.75),
                2023: (5.53, 14.56, 0.85), 2024: (5.20, 12.99, 0.93)},
    "secondary": {2018: (5.49, 13.69, 1.32), 2021: (8.99, 27.71, 2.74), 2022: (9.01, 26.52, 3.40),
                  2023: (8.89, 25.56, 3.81), 2024: (8.44, 23.37, 3.88)},
    "special": {2018: (10.13, 28.85, 4.58), 2021: (13.18, 40.36, 5.82), 2022: (13.02, 38.33, 6.24),
                2023: (13.01, 37.21, 6.70), 2024: (12.76, 35.26, 6.91)},
}  # fmt: skip
# Mean absence 2022/23 by free meals and needs, of a two-part beta mixture fitted to the bands.
_MEAN_OF_GROUP: dict[tuple[Phase, bool, bool], float] = {
    ("primary", False, False): 4.9, ("primary", False, True): 6.9,
    ("primary", True, False): 8.2, ("primary", True, True): 10.8,
    ("secondary", False, False): 7.2, ("secondary", False, True): 11.5,
    ("secondary", True, False): 13.8, ("secondary", True, True): 19.8,
    ("special", False, True): 11.6, ("special", True, True): 15.4,
}  # fmt: skip
_TERM_ABSENCE: dict[Phase, dict[int, tuple[float, float, float]]] = {
    "primary": {2022: (6.43, 5.60, 5.84), 2023: (5.23, 5.64, 5.73), 2024: (5.17, 5.30, 5.28)},
    "secondary": {2022: (9.18, 8.74, 10.07), 2023: (8.27, 9.11, 9.86), 2024: (7.91, 8.68, 9.42)},
}
_TERM_PERSISTENT = {2022: (24.9, 21.0, 24.4), 2023: (19.9, 21.8, 23.9), 2024: (19.1, 20.2, 21.9)}
_WEEKDAY: dict[Phase, tuple[float, float, float, float, float]] = {
    "primary": (1.027, 0.952, 0.909, 0.951, 1.161),
    "secondary": (0.951, 0.966, 0.952, 0.987, 1.144),
    "special": (0.961, 0.965, 0.968, 0.995, 1.111),
    "all": (0.984, 0.960, 0.934, 0.972, 1.150),
}
_SPREAD: dict[Phase, Spread] = {
    "primary": Spread(0.082, 0.042, 0.55, 0.029, 0.140, 0.78),
    "secondary": Spread(0.137, 0.059, 0.50, 0.073, 0.214, 0.85),
    "special": Spread(0.285, 0.143, 0.70, 0.159, 0.518, 0.92),
}


def annual(year: int, phase: Phase) -> Annual:
    """Return mean, persistent and severe absence of a school year: 2018, or 2021 to 2024.

    >>> annual(2022, "primary")
    Annual(mean=0.059, persistent=0.1621, severe=0.0075)
    """
    return Annual(*(round(value / 100, 4) for value in _ANNUAL[phase][year]))


def mean_of_group(phase: Phase, fsm: bool, sen: bool) -> float:
    """Return mean absence 2022/23 of a group with known free meals and needs; in special schools all have needs."""
    return _MEAN_OF_GROUP[phase, fsm, sen] / 100


def term_absence(year: int, phase: Phase) -> Floats:
    """Return (3,) absence in autumn, spring and summer, 2022 to 2024, of primaries or secondaries."""
    return np.array(_TERM_ABSENCE[phase][year]) / 100


def term_persistent(year: int) -> Floats:
    """Return (3,) shares of enrolments that missed 10% or more of a term, 2022 to 2024, all phases together."""
    return np.array(_TERM_PERSISTENT[year]) / 100


def weekday(phase: Phase) -> Floats:
    """Return (5,) absence on Monday to Friday over the week's mean, five whole weeks of September 2022 to 2025."""
    return np.array(_WEEKDAY[phase])


def school_spread(phase: Phase) -> Spread:
    """Return how the schools of a phase differ."""
    return _SPREAD[phase]


class Week(NamedTuple):
    """Absence, and illness alone, in a week of an autumn; `week` is the ISO week."""

    week: int
    absence: float
    illness: float


def autumn_weeks(year: int) -> tuple[Week, ...]:
    """Return the weeks of an autumn, 2022 to 2024, all phases together; 2024 ends early in December.

    >>> autumn_weeks(2022)[-1]
    Week(week=50, absence=0.1426, illness=0.0909)
    """
    return tuple(week for began, week in _weeks() if began == year)


@cache
def _weeks() -> tuple[tuple[int, Week], ...]:
    text = resources.files("earlywarn.simulate.england").joinpath("autumn_weeks.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple((int(row["year"]), Week(int(row["week"]), _share(row["all"]), _share(row["illness"]))) for row in rows)


def _share(per_cent: str) -> float:
    return round(float(per_cent) / 100, 4)
