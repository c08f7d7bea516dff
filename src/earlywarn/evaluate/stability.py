"""How far two lists hold the same people: would a school that retrains see the same names?

In:  two listings of the same people (`places.listing`: 1 listed, 0 not, between them for ties).
Out: their overlap, from 0 (nobody in common) to 1 (the same list), with an interval over schools.
"""

from collections.abc import Mapping

import numpy as np

from earlywarn.config import Places
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.ground import grounds_of
from earlywarn.evaluate.intervals import leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, Labels, add_up, ratio, ratios, weights_of


def jaccard(ours: Floats, theirs: Floats, weight: Floats | None = None) -> float:
    """Share of the people on either list who are on both.

    People tied at the last place are on a list in part: what two shares have in common is the smaller,
    what they span the larger.

    ours, theirs : (n,) float from 0 to 1, the share in which each person is listed.
    weight       : (n,) float, or None for ones.
    returns      : 0 to 1, symmetric; NaN where both lists are empty.
    source       : Jaccard (1912), New Phytologist 11, 37-50; for shares Ruzicka (1958), Biologia 13, 647-661.

    >>> jaccard(np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.5, 0.5, 0.0]))
    0.6
    """
    weight = weights_of(ours > 0, weight)
    return ratio(weight @ np.minimum(ours, theirs), weight @ np.maximum(ours, theirs))


def stability(
    *,
    ours: Floats,
    theirs: Floats,
    outcome: Bools,
    school: Labels,
    person: Labels,
    as_of: Labels,
    populations: Mapping[str, Bools],
    places: Places,
) -> dict[str, Estimate]:
    """Return, for each population, how far the lists of two models overlap; people are added up over dates.

    ours, theirs : (n,) float, what the two models rank by; the rest as in `ground.grounds_of`.
    """
    grounds = grounds_of(
        outcome=outcome, school=school, person=person, as_of=as_of, populations=populations, places=places
    )
    found = {}
    for name, ground in grounds.items():
        one, other = ground.listed(ours[ground.rows]), ground.listed(theirs[ground.rows])
        weights = leave_one_out(ground.clusters.count)
        both, either = (
            weights @ add_up(shares, ground.clusters.codes, ground.clusters.count)
            for shares in (np.minimum(one, other), np.maximum(one, other))
        )
        found[name] = summarise(ratios(both, either), len(ground.outcome), int(ground.outcome.sum()), (0, 1))
    return found
