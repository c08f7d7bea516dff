"""How the answers to a scale's items vary together, with everyone and without each school in turn.

In:  answers (people, items), high as the scale means high, NaN where not given; the clusters.
Out: one matrix with everyone, then one without each cluster.

Pairwise, a covariance rests on all who answered both items, as in R's `psych` and `pandas`; listwise,
on those who answered every item, as in SPSS. Counts, sums and products are added up once for each
school and taken off the whole: 250 leave-one-out matrices cost as much as one.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.intervals import Clusters
from earlywarn.evaluate.measures import Bools, Floats
from earlywarn.study.figure import without_each

Missing = Literal["pairwise", "listwise"]
Answers = NDArray[np.floating[Any]]
_ROUNDING = 1e-12


def who_counts(answers: Answers, rule: Missing = "pairwise") -> Bools:
    """Return who is counted: those with a score (half of the items), or listwise those who answered everything."""
    given, items = (~np.isnan(answers)).sum(axis=1), answers.shape[1]
    return np.asarray(given == items if rule == "listwise" else given * 2 >= items)


def covariances(answers: Answers, clusters: Clusters) -> Floats:
    """Return (1 + clusters, items, items), with everyone first; NaN where fewer than two people answered both items."""
    both, sums, products = (without_each(parts) for parts in _parts(answers.astype(np.float64), clusters))
    with np.errstate(divide="ignore", invalid="ignore"):
        of_means = sums * sums.swapaxes(1, 2) / both
        apart = products - of_means
        # An item that did not vary has a variance of 0, not of what rounding leaves.
        apart[np.abs(apart) <= _ROUNDING * (np.abs(of_means) + np.abs(products[:1]))] = 0
        return np.where(both > 1, apart / (both - 1), np.nan)


def correlations(matrices: Floats) -> Floats:
    """Return the correlations of covariance matrices (matrices, items, items); NaN where an item did not vary."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
        return np.asarray(matrices / (spread[:, :, None] * spread[:, None, :]))


def _parts(answers: Floats, clusters: Clusters) -> tuple[Floats, Floats, Floats]:
    """Return, (clusters, items, items) each, over who answered both items: people, sums of the first, products."""
    known = ~np.isnan(answers)
    # About the middle, where products lose no digits.
    values = np.where(known, answers - np.nanmean(answers) if known.any() else 0, 0.0)
    order = np.argsort(clusters.codes, kind="stable")
    edges = np.searchsorted(clusters.codes[order], np.arange(1, clusters.count))
    schools = zip(np.split(values[order], edges), np.split(known[order].astype(np.float64), edges), strict=True)
    parts = [(_products(seen, seen), _products(each, seen), _products(each, each)) for each, seen in schools]
    both, sums, products = (np.stack(each) for each in zip(*parts, strict=True))
    return both, sums, products


def _products(first: Floats, second: Floats) -> Floats:
    """Return first.T @ second: small matrices, which a threaded `@` takes many times longer over on a busy machine."""
    return np.asarray(np.einsum("ni,nj->ij", first, second))
