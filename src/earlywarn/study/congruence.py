"""Does a scale measure the same thing in two waves, or in two groups: Tucker's congruence of loadings.

In:  answers to one scale (people, items) of both sides, in one table; which rows are of which side; the clusters.
Out: `Congruence`: the coefficient, and each item's loading on both sides.

From 0.95 on the two are the same for all purposes, from 0.85 they are fairly alike, below that a comparison of the
scores compares different things: Lorenzo-Seva and ten Berge (2006), Methodology 2, 57-64. The coefficient is Tucker's
(1951), of loadings of one factor (`one_factor`). Chance alone pulls it below 1, in small groups by some hundredths.
A school is left out of both sides at once, so that pupils who answered twice are not taken for new ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np

from earlywarn.evaluate.intervals import Clusters, among
from earlywarn.evaluate.measures import Bools, Floats, Labels
from earlywarn.study.covariances import Answers, Missing, correlations, covariances, who_counts
from earlywarn.study.figure import FEWEST_CLUSTERS, PLAIN, TOO_FEW_CLUSTERS, WITHIN_ONE, Figure, Scale, figure, missing
from earlywarn.study.groups import rows_by
from earlywarn.study.one_factor import FEWEST_ITEMS, TOO_SHORT, loadings

# Of 50 people in each of two halves of one population, one coefficient in twelve is under 0.95 by chance alone; of 100,
# one in two hundred (five items with loadings of 0.5 to 0.8).
FEWEST_PEOPLE = 100
SAME, ALIKE = 0.95, 0.85
_TOO_FEW = f"fewer than {FEWEST_PEOPLE} people on one side"

Verdict = Literal["the same", "fairly alike", "different", "not estimable"]


@dataclass(frozen=True)
class Congruence:
    """Whether one scale's items hang together alike on two sides.

    value    : Tucker's coefficient, -1 to 1.
    loadings : each item's loading on the first side and on the second, in the order of the answers' columns.
    gaps     : the second less the first: which item has changed.
    """

    value: Figure
    loadings: tuple[tuple[float, float], ...]
    gaps: tuple[Figure, ...]

    @property
    def verdict(self) -> Verdict:
        """What the coefficient says of comparing the two sides' scores."""
        if self.value.value is None:
            return "not estimable"
        return "the same" if self.value.value >= SAME else "fairly alike" if self.value.value >= ALIKE else "different"


def congruence(
    answers: Answers, first: Bools, second: Bools, clusters: Clusters, rule: Missing = "pairwise"
) -> Congruence:
    """Return how alike one scale's items hang together on two sides.

    answers       : (rows, items) one row a person and wave; NaN where not given.
    first, second : (rows,) which rows are of which side.
    clusters      : of all the rows; a school's rows in both waves are one cluster.
    """
    counted = who_counts(answers, rule)
    sides = (first & counted, second & counted)
    n = int(min(rows.sum() for rows in sides))
    if n < FEWEST_PEOPLE or answers.shape[1] < FEWEST_ITEMS:
        return Congruence(missing(_TOO_FEW if n < FEWEST_PEOPLE else TOO_SHORT, n), (), ())
    ours, theirs = _loadings_of(answers, sides, clusters)
    enough = all(among(clusters, rows).count >= FEWEST_CLUSTERS for rows in sides)
    gaps = tuple(_told(each, n, enough) for each in (theirs - ours).T)
    pairs = tuple(zip(ours[0].tolist(), theirs[0].tolist(), strict=True))
    return Congruence(_told(tucker(ours, theirs), n, enough, WITHIN_ONE), pairs, gaps)


def congruence_by(
    answers: Answers, labels: Labels, clusters: Clusters, rule: Missing = "pairwise"
) -> Mapping[tuple[Any, Any], Congruence]:
    """Return the congruence of each two groups, or waves: `labels` (rows,) says whose row is whose."""
    groups = rows_by(labels)
    return {
        (one, other): congruence(answers, groups[one], groups[other], clusters, rule)
        for one, other in combinations(groups, 2)
    }


def tucker(ours: Floats, theirs: Floats) -> Floats:
    """Return (matrices,) the congruence of loadings (matrices, items).

    >>> tucker(np.array([[0.8, 0.6]]), np.array([[0.4, 0.3]])).round(6).tolist()
    [1.0]
    """
    together, own, of_theirs = ((a * b).sum(axis=1) for a, b in ((ours, theirs), (ours, ours), (theirs, theirs)))
    return np.asarray(together / np.sqrt(own * of_theirs))


def _loadings_of(answers: Answers, sides: tuple[Bools, Bools], clusters: Clusters) -> tuple[Floats, Floats]:
    """Return each side's loadings (1 + clusters, items), without the same schools in turn."""
    either = among(clusters, sides[0] | sides[1])
    codes = np.empty(len(clusters.codes), dtype=np.intp)
    codes[sides[0] | sides[1]] = either.codes
    ours, theirs = (
        loadings(correlations(covariances(answers[rows], replace(either, codes=codes[rows])))) for rows in sides
    )
    return ours, theirs


def _told(replicated: Floats, n: int, enough: bool, scale: Scale = PLAIN) -> Figure:
    """Return a figure; without an interval where one side stands in too few schools, whatever the other does."""
    found = figure(replicated, n, scale)
    return found if enough or found.value is None else Figure(found.value, None, None, n, TOO_FEW_CLUSTERS)
