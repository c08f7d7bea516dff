"""The means of groups at schools, which of them may not be shown, and the same groups at the other schools.

In:  one measure of everyone, their school, their group and their year group.
Out: `Cells`: arrays of (schools, groups).

Under ten people a mean is hidden, and with it a second group of the school (or as many as make ten people together):
a school's whole is shown, and the rest could be taken from it. What is hidden enters no number of another school.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.audit.sharing import slices_of
from earlywarn.benchmarks.divided import Division
from earlywarn.benchmarks.likes import Floats64, Ints, mean_margin
from earlywarn.disclosure import RESPONDENTS_FROM, hide

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Of each school and group, (schools, groups): people with a value, mean, half its 99% interval, of others; NaN."""

    count: Ints
    mean: Floats64
    margin: Floats64
    elsewhere: Floats64
    hidden: Bools


@dataclass(frozen=True)
class Places:
    """Where each person is: the school, and the year group (of staff: none); (people,) int."""

    school: Ints
    schools: tuple[str, ...]
    stage: Ints


def cells_of(values: NDArray[np.float32], places: Places, division: Division, hidden: Bools | None = None) -> Cells:
    """Return the means of one division of one measure.

    hidden : groups that are hidden already.
    """
    shape = (len(places.schools), len(division.names))
    unit = places.school * shape[1] + division.code
    count, mean, margin = mean_margin(values, unit, shape[0] * shape[1])
    hidden = hidden_cells(count.reshape(shape), division, np.zeros(shape, np.bool_) if hidden is None else hidden)
    elsewhere = _elsewhere(values, unit, places, ~hidden)
    return Cells(count.reshape(shape), mean.reshape(shape), margin.reshape(shape), elsewhere, hidden)


def hidden_cells(count: Ints, division: Division, hidden: Bools) -> Bools:
    """Return which groups of which schools are hidden."""
    found = hidden.copy()
    if len(division.names) == 1:
        return found | ((count > 0) & (count < RESPONDENTS_FROM))
    slices = slices_of(division.names, division.by)
    for school in np.flatnonzero((hidden | ((count > 0) & (count < RESPONDENTS_FROM))).any(axis=1)):
        found[school] = _hidden_at(count[school], hidden[school], division.names, slices)
    return found


def _hidden_at(count: Ints, hidden: Bools, names: Sequence[str], slices: list[set[str]]) -> Bools:
    """Return which groups of one school are hidden; a total is known of each slice."""
    table = dict(zip(names, count.tolist(), strict=True))
    before = {name for name, each in zip(names, hidden, strict=True) if each}
    after = hide([table], slices, before, RESPONDENTS_FROM)
    return np.array([name in after for name in names])


def _elsewhere(values: NDArray[np.float32], unit: Ints, places: Places, shown: Bools) -> Floats64:
    """Return the mean of each group at the other schools, in the year groups that this school has; NaN under ten."""
    known = ~np.isnan(values) & shown.reshape(-1)[unit]
    stages = int(places.stage.max()) + 1
    at, many = (unit * stages + places.stage)[known], shown.size * stages
    has = np.bincount(places.school * stages + places.stage, minlength=len(places.schools) * stages) > 0

    def of_others(weights: NDArray[np.float32] | None) -> Floats64:
        own = np.bincount(at, weights, minlength=many).reshape(*shown.shape, stages)
        return np.asarray(((own.sum(axis=0) - own) * has.reshape(-1, 1, stages)).sum(axis=2), np.float64)

    count = of_others(None)
    return of_others(values[known]) / np.where(count >= RESPONDENTS_FROM, count, np.nan)
