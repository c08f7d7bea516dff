"""How much of a score is the school: intraclass correlations.

In:  one scale's score of each person, NaN where they have none; each person's school.
Out: `BetweenSchools`.

share       : ICC(1): the share of the scores' variance that lies between schools. From 0.05 on, pupils of a school
              resemble each other enough to make intervals that ignore schools far too narrow.
school_mean : ICC(2): how far the mean of a school of usual size can be trusted; below 0.7, ranking schools by it
              ranks chance.

Both follow from F of the one-way analysis of variance: with s people in a usual school, (F - 1) / (F + s - 1) and
1 - 1 / F. Below 0 (F below 1) schools differ less than chance would have them: read it as 0. Their interval is made
on the logarithm of F, leaving out one school at a time.
Source: Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428, ICC(1,1) and ICC(1,k); the usual size, where
schools differ in size, from Donner (1986), International Statistical Review 54, 67-82.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.intervals import FEWEST_SCHOOLS
from earlywarn.evaluate.measures import Floats, Labels
from earlywarn.study.figure import UP_TO_ONE, Figure, Scale, figure, missing, without_each
from earlywarn.study.groups import rows_by

_LOGARITHM = Scale("log of F", np.log, np.exp)
_TOO_FEW = f"fewer than {FEWEST_SCHOOLS} schools with two people or more"


@dataclass(frozen=True)
class BetweenSchools:
    """How much a scale's scores differ between schools.

    share, school_mean : up to 1.
    schools            : schools with at least two scores; the others say nothing of what lies within a school.
    usual_size         : people in a school of usual size.
    """

    share: Figure
    school_mean: Figure
    schools: int
    usual_size: float


@dataclass(frozen=True)
class Variances:
    """The one-way analysis of variance.

    ratio : F, the variance between schools over that within them.
    size  : people in a school of usual size.
    """

    ratio: Floats
    size: Floats


def between_schools(scores: NDArray[np.floating[Any]], school: Labels, kinds: int = 1) -> BetweenSchools:
    """Return how much of the scores lies between schools; both are (people,).

    kinds : of how many kinds of school the mean has been taken off the scores: 1, or the number of phases.
    """
    people, total, squares = _by_school(scores.astype(np.float64), school)
    n, schools = int(people.sum()), len(people)
    if schools < FEWEST_SCHOOLS:
        none = missing(_TOO_FEW, n)
        return BetweenSchools(none, none, schools, float("nan"))
    found = variances(people, total, squares, kinds)
    ratio, size = figure(found.ratio, n, _LOGARITHM), float(found.size[0])
    of_share = f"log((1 + ({size!r} - 1) * value) / (1 - value))"
    share = _moved(ratio, lambda f: (f - 1) / (f + size - 1), of_share)
    return BetweenSchools(share, _moved(ratio, lambda f: 1 - 1 / f, UP_TO_ONE.name), schools, size)


def between_schools_by(
    scores: NDArray[np.floating[Any]], labels: Labels, school: Labels
) -> Mapping[Any, BetweenSchools]:
    """Return the same for each group, or each wave: `labels` (people,) says whose row is whose."""
    return {label: between_schools(scores[rows], school[rows]) for label, rows in rows_by(labels).items()}


def variances(people: Floats, total: Floats, squares: Floats, kinds: int = 1) -> Variances:
    """Return F and the usual size with all schools, then without each.

    people, total, squares : (schools,) people of a school, the sum and the sum of squares of their scores.
    kinds : of how many kinds of school the mean is known, as in `between_schools`.
    """
    within = without_each(squares - total**2 / people)
    everyone, everything, of_means, sizes = (
        without_each(each) for each in (people, total, total**2 / people, people**2)
    )
    schools = without_each(np.ones(len(people)))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (of_means - everything**2 / everyone) / (schools - kinds)
        ratio = between / (within / (everyone - schools))
    return Variances(ratio, (everyone - sizes / everyone) / (schools - 1))


def _by_school(scores: Floats, school: Labels) -> tuple[Floats, Floats, Floats]:
    """Return people, sums and sums of squares of the schools with two scores or more, about the scores' mean."""
    known = ~np.isnan(scores)
    names, codes = np.unique(school[known], return_inverse=True)
    away = scores[known] - (scores[known].mean() if known.any() else 0)
    kept = np.bincount(codes) > 1
    people, total, squares = (
        np.bincount(codes, each, len(names)).astype(np.float64)[kept] for each in (np.ones(len(away)), away, away**2)
    )
    return people, total, squares


def _moved(ratio: Figure, to: Callable[[float], float], scale: str) -> Figure:
    """Return what a rising function makes of F, its interval and what that was made from; `scale` takes it to log F."""
    value, low, high = (None if each is None else to(each) for each in (ratio.value, ratio.low, ratio.high))
    without = tuple(to(each) for each in ratio.without_each)
    return replace(ratio, value=value, low=low, high=high, without_each=without, scale=scale if without else "")
