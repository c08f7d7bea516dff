"""What others like each person say: the mean of people alike at the other schools.

Alike are, of pupils, those of one year group, band of attendance and pupil premium; where the other schools have too
few of them, those of one year group and band, then of one year group and side of 90% attendance, then of one year
group. A pupil without any is compared with nobody.
This is direct standardisation, person by person: the mean of a group's `expected` is what the other schools would
have if their pupils were mixed as this group is. Source: Fleiss, Levin and Paik (2003), *Statistical Methods for
Rates and Proportions*, chapter 19.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from earlywarn.disclosure import RESPONDENTS_FROM

Floats64 = NDArray[np.float64]
Ints = NDArray[np.int64]

# With some ten measures on a page, an interval of 95% would find a difference by chance on every second page.
SURE = 0.995
# A mean is compared only where nearly all of its people have others like them.
_MOST = 0.9


@dataclass(frozen=True)
class Likes:
    """Of each person, (people,): the mean of others like them, who these are (-1: nobody), and how many."""

    expected: Floats64
    group: Ints
    others: Floats64


@dataclass(frozen=True)
class Compared:
    """Of each unit of people, (units,): mean difference from others like them, and half its 99% interval; or NaN."""

    difference: Floats64
    margin: Floats64


def likes_of(values: NDArray[np.float32], school: Ints, alike: Sequence[Ints]) -> Likes:
    """Return what others like each person say, own school left out.

    alike : numbers of groups of people alike, the narrowest first.
    """
    known = ~np.isnan(values)
    expected, others = np.full(len(values), np.nan), np.zeros(len(values))
    group, numbered = np.full(len(values), -1, np.int64), 0
    for each in alike:
        mean, count = _elsewhere(np.where(known, values, 0.0), known, school, each)
        taken = known & (group < 0) & (count >= RESPONDENTS_FROM)
        expected[taken], others[taken] = mean[taken], count[taken]
        group[taken] = numbered + each[taken]
        numbered += int(each.max()) + 1
    return Likes(expected, group, others)


def _elsewhere(values: Floats64, known: NDArray[np.bool_], school: Ints, alike: Ints) -> tuple[Floats64, Floats64]:
    """Return, for each person, the mean and the number of those alike at other schools."""
    size = int(alike.max()) + 1
    own = school * size + alike
    many = (int(school.max()) + 1) * size

    def of_others(weights: NDArray[np.generic]) -> Floats64:
        found = np.bincount(own, weights, minlength=many).reshape(-1, size)
        return np.asarray((found.sum(axis=0) - found)[school, alike], np.float64)

    count = of_others(known)
    return of_others(values) / np.where(count > 0, count, np.nan), count


def compare(values: NDArray[np.float32], likes: Likes, unit: Ints, units: int) -> Compared:
    """Return by how much each unit of people differs from others like them, beyond what chance makes.

    unit : (people,) the number of each person's unit; a unit lies within one school.

    Chance is how much single people differ: that of the unit's own mean, and that of those it is held against.
    """
    answered = np.bincount(unit[~np.isnan(values)], minlength=units)
    at = np.flatnonzero(likes.group >= 0)
    apart, unit = values[at] - likes.expected[at], unit[at]
    many = np.bincount(unit, minlength=units).astype(np.float64)
    n = np.where((many >= RESPONDENTS_FROM) & (many >= _MOST * answered), many, np.nan)
    difference = np.bincount(unit, apart, minlength=units) / n
    squared = np.bincount(unit, np.square(apart), minlength=units) / n - np.square(difference)
    variance = np.maximum(squared, 0.0) * n / (n - 1)
    error = np.sqrt(variance * (1 / n + _doubt(unit, likes.group[at], likes.others[at], n)))
    return Compared(difference, stdtrit(n - 1, SURE) * error)


def _doubt(unit: Ints, group: Ints, others: Floats64, n: Floats64) -> Floats64:
    """Return how unsure the mean of those alike is: the share of each kind, squared, over how many there are elsewhere.

    In units of one person's variance.
    """
    kinds = int(group.max()) + 1 if len(group) else 1
    kind, first, count = np.unique(unit * kinds + group, return_index=True, return_counts=True)
    where = kind // kinds
    return np.asarray(np.bincount(where, np.square(count / n[where]) / others[first], minlength=len(n)), np.float64)


def mean_margin(values: NDArray[np.float32], unit: Ints, units: int) -> tuple[Ints, Floats64, Floats64]:
    """Return how many values each unit has, their mean, and half of the mean's 99% interval (NaN under two)."""
    known = ~np.isnan(values)
    at = unit[known]
    count = np.bincount(at, minlength=units)
    n = np.where(count > 0, count, np.nan)
    mean = np.bincount(at, values[known], minlength=units) / n
    squared = np.bincount(at, np.square(values[known], dtype=np.float64), minlength=units) / n - np.square(mean)
    freedom = np.where(n > 1, n - 1, np.nan)
    margin = stdtrit(freedom, SURE) * np.sqrt(np.maximum(squared, 0.0) / freedom)
    return count.astype(np.int64), mean, np.asarray(margin, np.float64)
