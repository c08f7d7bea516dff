"""How far a scale's score can be trusted: alpha, omega, and each item's part in them.

In:  answers to one scale (people, items), high as the scale means high, NaN where not given; clusters
     (`evaluate.intervals.clusters_of`); for several groups or waves, each row's label.
Out: `Reliability`, every number with an interval that leaves out one school at a time.

alpha    : the share of the score's variance that would come back if the scale had been made of other items of its
           kind. Cronbach (1951), Psychometrika 16, 297-334.
omega    : the same without taking all items as equally good. McDonald (1999), Test Theory, chapter 6.
item-rest: the correlation of an item with the sum of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from earlywarn.evaluate.intervals import Clusters, among
from earlywarn.evaluate.measures import Floats, Labels
from earlywarn.study.covariances import Answers, Missing, correlations, covariances, who_counts
from earlywarn.study.figure import CORRELATION, FROM_NOTHING, UP_TO_ONE, Figure, figure, figures, missing
from earlywarn.study.groups import rows_by
from earlywarn.study.one_factor import FEWEST_ITEMS, TOO_SHORT, loadings, misfit

# With 30 people and five items an alpha of 0.7 has an interval from 0.46 to 0.83 (Bonett's): with fewer, a good scale
# cannot be told from a poor one.
FEWEST_PEOPLE = 30
_TOO_FEW = f"fewer than {FEWEST_PEOPLE} people"
_ONE_LEFT = "one item alone has no alpha"
_WITHOUT_ERROR = "one item would have to be without error: one thing does not explain these items"


@dataclass(frozen=True)
class ItemFit:
    """What one item adds to its scale.

    rest    : correlation with the sum of the other items, -1 to 1.
    loading : how far it follows what the items share, -1 to 1.
    without : alpha of the scale without it, up to 1.
    """

    rest: Figure
    loading: Figure
    without: Figure


@dataclass(frozen=True)
class Reliability:
    """How far one scale can be trusted, among some people.

    alpha, omega : up to 1; below 0 where items run against each other.
    misfit       : from 0; above 0.08 the items measure more than one thing, and omega says too much.
    items        : in the order of the answers' columns.
    n            : people with a score.
    """

    alpha: Figure
    omega: Figure
    misfit: Figure
    items: tuple[ItemFit, ...]
    n: int


def reliability(answers: Answers, clusters: Clusters, rule: Missing = "pairwise") -> Reliability:
    """Return how far a scale can be trusted.

    answers  : (people, items), at least two items; NaN where not given. Any unit: nothing here depends on it.
    clusters : which rows are left out together.
    rule     : `pairwise` counts all with a score (half of the items), each pair of items with who answered both;
               `listwise` only those who answered every item.
    """
    rows = who_counts(answers, rule)
    n = int(rows.sum())
    if n < FEWEST_PEOPLE:
        none = missing(_TOO_FEW, n)
        return Reliability(none, none, none, (ItemFit(none, none, none),) * answers.shape[1], n)
    matrices = covariances(answers[rows], among(clusters, rows))
    omega, unfit, followed = _one_factor(matrices, n)
    rest = figures(item_rest(matrices), n, CORRELATION)
    without = _without_each_item(matrices, n)
    items = tuple(ItemFit(*each) for each in zip(rest, followed, without, strict=True))
    return Reliability(figure(alpha_of(matrices), n, UP_TO_ONE), omega, unfit, items, n)


def reliability_by(
    answers: Answers, labels: Labels, clusters: Clusters, rule: Missing = "pairwise"
) -> Mapping[Any, Reliability]:
    """Return how far a scale can be trusted in each group, or each wave: `labels` (people,) says whose row is whose."""
    return {label: reliability(answers[rows], among(clusters, rows), rule) for label, rows in rows_by(labels).items()}


def alpha_of(matrices: Floats) -> Floats:
    """Return (matrices,) Cronbach's alpha of covariance matrices (matrices, items, items).

    >>> alpha_of(np.array([[[2.0, 1.0], [1.0, 2.0]]])).round(4).tolist()
    [0.6667]
    """
    items = matrices.shape[1]
    own = np.trace(matrices, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(items / (items - 1) * (1 - own / matrices.sum(axis=(1, 2))))


def omega_of(matrices: Floats, found: Floats) -> Floats:
    """Return (matrices,) McDonald's omega of covariances and the loadings (matrices, items) of their correlations.

    The share of the scale's variance, as the one-factor model has it, that is what the items share.
    """
    variance = np.diagonal(matrices, axis1=1, axis2=2)
    shared = (found * np.sqrt(variance)).sum(axis=1) ** 2
    own = (variance * (1 - found**2)).sum(axis=1)
    return np.asarray(shared / (shared + own))


def item_rest(matrices: Floats) -> Floats:
    """Return (matrices, items) the correlation of each item with the sum of the others."""
    own, with_all = _own(matrices), matrices.sum(axis=2)
    of_others = with_all.sum(axis=1, keepdims=True) - 2 * with_all + own
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((with_all - own) / np.sqrt(own * of_others))


def alpha_without(matrices: Floats) -> Floats:
    """Return (matrices, items) the alpha that a scale has without each of its items, at least three."""
    own, with_all = _own(matrices), matrices.sum(axis=2)
    of_others = with_all.sum(axis=1, keepdims=True) - 2 * with_all + own
    left = matrices.shape[1] - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(left / (left - 1) * (1 - (own.sum(axis=1, keepdims=True) - own) / of_others))


def _own(matrices: Floats) -> Floats:
    return np.diagonal(matrices, axis1=1, axis2=2)


def _without_each_item(matrices: Floats, n: int) -> tuple[Figure, ...]:
    if (items := matrices.shape[1]) < 3:
        return tuple(missing(_ONE_LEFT, n) for _ in range(items))
    return figures(alpha_without(matrices), n, UP_TO_ONE)


def _one_factor(matrices: Floats, n: int) -> tuple[Figure, Figure, tuple[Figure, ...]]:
    """Return omega, the model's misfit and each item's loading."""
    items = matrices.shape[1]
    if items < FEWEST_ITEMS:
        none = missing(TOO_SHORT, n)
        return none, none, (none,) * items
    together = correlations(matrices)
    fitted = loadings(together)
    unfit, followed = figure(misfit(together, fitted), n, FROM_NOTHING), figures(fitted, n, CORRELATION)
    if np.abs(fitted[0]).max() >= 1:
        return missing(_WITHOUT_ERROR, n), unfit, followed
    return figure(omega_of(matrices, fitted), n, UP_TO_ONE), unfit, followed
