"""How far a gap between two groups may be off: schools and people together.

In:  the gap without each cluster in turn, and its standard error if people stood alone.
Out: a standard error and its degrees of freedom.

Two errors can be had. Leaving out one school at a time is right however much the pupils of a school resemble each
other, but of 25 schools it is itself uncertain by a fifth. Taking each pupil alone, with all their dates, is steady,
but blind to schools. Where the schools' error is not clearly above the pupils' (an F test at 5%), the variance is the
mean of the two, never below the pupils'; where it is, as for pupils with EHC plans, of whom most may sit in one special
school, it is the schools' alone, with the freedom of as many schools as carry it.

On made-up trusts of 10,000 pupils in 25 schools both agree on average with how far estimates really vary;
docs/fairness.md says what alarms raised by this error find. Source of the degrees of freedom: Satterthwaite (1946),
Biometrics Bulletin 2, 110-114.
"""

import numpy as np
from scipy.special import chdtri

from earlywarn.evaluate.measures import Floats

CLEARLY = 0.05
FREEDOM_OF_PEOPLE = 400.0  # from there on t is the normal distribution


def error_of(without_one: Floats, among_people: float) -> tuple[float, float]:
    """Return the standard error of a gap, and its degrees of freedom.

    without_one  : (clusters,) the gap without each cluster in turn.
    among_people : the standard error if people stood alone.
    """
    spread = (without_one - without_one.mean()) ** 2
    schools, people = float(spread.sum() * (len(spread) - 1) / len(spread)), among_people**2
    freedom = freedom_of(spread)
    if schools > people * chdtri(freedom, CLEARLY) / freedom:
        return float(np.sqrt(schools)), freedom
    variance = max(people, (schools + people) / 2)
    # Half of the schools' variance stands in it, with the error of its own degrees of freedom.
    return float(np.sqrt(variance)), min(4 * freedom * (variance / schools) ** 2, FREEDOM_OF_PEOPLE)


def freedom_of(spread: Floats) -> float:
    """Return the degrees of freedom of clusters that carry a variance to different parts, at least 2.

    spread : (clusters,) squared deviations. Of normal ones the fourth power is on average three times the squared
             variance, which is taken out: equal clusters have about one freedom fewer than there are.

    >>> freedom_of(np.array([9.0, 0.1, 0.1, 0.1])).__round__(1), freedom_of(np.ones(25))
    (2.2, 24.0)
    """
    carried_by = 3 * float(spread.sum() ** 2 / (spread**2).sum())
    return max(min(carried_by, float(len(spread))) - 1, 2.0)
