"""How a school's mean goes with its pupils' absence after a wave, given their absence before it.

In:  a row a school and wave (`study.school_waves`).
Out: a `Tie` for each scale and domain.

Schools are compared with others of the same phase in the same wave, weighted by pupils; waves are pooled. The interval
leaves out one school at a time, with all its waves.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.intervals import FEWEST_SCHOOLS, Clusters, leave_one_out
from earlywarn.evaluate.measures import NOT_ESTIMABLE, Bools, Floats, Ints
from earlywarn.features.waves import Part, parts_of
from earlywarn.study.figure import CORRELATION, PLAIN, Figure, figure, missing
from earlywarn.study.school_waves import SchoolWaves

_FEW = (
    f"not estimable: fewer than {FEWEST_SCHOOLS} schools have ten respondents, absence before and after a wave, and "
    f"another such school of the same phase beside them"
)
_ALIKE = "not estimable: means or absence do not differ between schools beyond what absence before tells"
_NOTHING_LEFT = 1e-9  # of a variance: what rounding leaves of a difference that is none


@dataclass(frozen=True)
class Tie:
    """How the mean of one scale goes with absence afterwards.

    slope       : percentage points of absence for each point of the mean.
    correlation : of what absence before leaves unsaid in either, -1 to 1.
    """

    instrument: str
    audience: str
    part: Part
    slope: Figure
    correlation: Figure
    schools: int
    waves: int
    pupils: int
    respondents: int


def ties_of(rows: SchoolWaves) -> tuple[Tie, ...]:
    """Return the tie of each scale and domain of a questionnaire."""
    return tuple(_tie(rows, at, part) for at, part in enumerate(parts_of(rows.instrument)))


def _tie(rows: SchoolWaves, at: int, part: Part) -> Tie:
    """Return how one scale or domain goes with absence after its waves."""
    instrument = rows.instrument
    usable = _compared(rows, ~np.isnan(rows.means[:, at]))
    names, school = np.unique(rows.school[usable], return_inverse=True)
    slope, correlation = _slope_and_correlation(rows, at, usable, Clusters(school, len(names), "schools"))
    return Tie(
        instrument.name, instrument.audience, part, slope, correlation, len(names),
        len(np.unique(rows.wave[usable])), int(rows.pupils[usable].sum()), int(rows.respondents[usable, at].sum()),
    )  # fmt: skip


def _compared(rows: SchoolWaves, usable: Bools) -> Bools:
    """Return the usable rows that another school of the same phase and wave can be held against."""
    cell = _cells(rows)
    others: Bools = np.bincount(cell, usable)[cell] > 1
    return usable & others


def _cells(rows: SchoolWaves) -> Ints:
    """Return a number for each wave and phase."""
    labels = np.char.add(np.char.add(rows.wave, "|"), rows.phase)
    return np.unique(labels, return_inverse=True)[1]


def _slope_and_correlation(rows: SchoolWaves, at: int, usable: Bools, schools: Clusters) -> tuple[Figure, Figure]:
    n = int(rows.respondents[usable, at].sum())
    if schools.count < FEWEST_SCHOOLS:
        return missing(_FEW, n), missing(_FEW, n)
    mean, before, after = rows.means[usable, at], 100 * rows.before[usable], 100 * rows.after[usable]
    cell, pupils = _cells(rows)[usable], rows.pupils[usable].astype(np.float64)
    weights = pupils * leave_one_out(schools.count)[:, schools.codes]
    replicated = np.array([partial_slope(mean, after, before, cell, weight) for weight in weights])
    if np.isnan(replicated[0]).any():
        return missing(_ALIKE, n), missing(_ALIKE, n)
    return figure(replicated[:, 0], n, PLAIN), figure(replicated[:, 1], n, CORRELATION)


def partial_slope(x: Floats, y: Floats, given: Floats, cell: Ints, weight: Floats) -> tuple[float, float]:
    """Return the slope of y on x and their correlation, within cells and given a third number.

    x, y, given, weight : (rows,). cell : (rows,) int; every cell has a level of its own.
    returns : NaN, "not estimable", where x or y does not vary beyond the third number.

    >>> x, given, cell = np.array([0.0, 1, 2, 0, 1, 2]), np.array([1.0, 0, 1, 0, 1, 0]), np.array([0, 0, 0, 1, 1, 1])
    >>> slope, correlation = partial_slope(x, 5 * cell - 2 * x + 3 * given, given, cell, np.ones(6))
    >>> round(slope, 9), round(correlation, 9)
    (-2.0, -1.0)
    """
    x, y, given = (_within(values, cell, weight) for values in (x, y, given))
    x_left, y_left = (_beyond(values, given, weight) for values in (x, y))
    of_x, of_y, together = (float(np.sum(weight * each)) for each in (x_left**2, y_left**2, x_left * y_left))
    if of_x <= _NOTHING_LEFT * np.sum(weight) or of_y <= _NOTHING_LEFT * np.sum(weight):
        return NOT_ESTIMABLE, NOT_ESTIMABLE
    return together / of_x, together / float(np.sqrt(of_x * of_y))


def _within(values: Floats, cell: Ints, weight: Floats) -> Floats:
    """Return values less the weighted mean of their cell."""
    total, weights = np.bincount(cell, weight * values), np.bincount(cell, weight)
    found: Floats = values - np.divide(total, weights, out=np.zeros(len(total)), where=weights > 0)[cell]
    return found


def _beyond(values: Floats, given: Floats, weight: Floats) -> Floats:
    """Return what a straight line through the given numbers leaves of values; both have mean 0."""
    spread = float(np.sum(weight * given**2))
    return values - given * (float(np.sum(weight * values * given)) / spread) if spread > 0 else values
