"""Drift between cohorts: what the test rows look like beside those that the model learnt from.

In:  the same features in training rows and in test rows. No outcome is looked at.
Out: a row a feature, those that moved most first; a model that ranks well on other people than
     it learnt from may still give risks that are too high or too low.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature

BINS = 10
SOME, MUCH = 0.1, 0.25  # standard deviations: below the first a difference is usually called negligible
SHOWN = 12  # rows: enough to see what moved, few enough to read
_LEAST = 1e-4  # the share of an empty bin: the logarithm needs one

Column = NDArray[np.float32]


@dataclass(frozen=True)
class Drift:
    """How one feature moved between training and test.

    moved : the larger of two standardised differences, of the values and of being empty; 0 and up.
    missing_train, missing_test : share of rows in which it is empty, 0 to 1.
    shift : difference of the means, test less training, in standard deviations; None where it is empty on
            one side or never varies.
    psi   : population stability index, 0 and up; empty rows are a bin of their own. It sees what a mean does not,
            but is large for small changes where there are few values, as of a mean of schools: nothing is ranked by it.
    """

    name: str
    means: str
    theme: str
    moved: float
    missing_train: float
    missing_test: float
    shift: float | None
    psi: float


def cohort_drift(train: NDArray[np.float32], test: NDArray[np.float32], features: Sequence[Feature]) -> dict[str, Any]:
    """Return `cohort_drift` of the facts: the features that moved most, and how many moved at all.

    train, test : (rows, features) float32, NaN where a feature is empty; at least one row each.
    """
    found = [_drift(feature, train[:, index], test[:, index]) for index, feature in enumerate(features)]
    found.sort(key=lambda one: (-one.moved, one.name))
    some, much = (sum(one.moved >= least for one in found) for least in (SOME, MUCH))
    return {
        "features": len(found),
        "moved": some,
        "moved_much": much,
        "thresholds": [SOME, MUCH],
        "words": _words(len(found), some, much),
        "rows": [asdict(one) for one in found[:SHOWN]],
    }


def _words(features: int, some: int, much: int) -> str:
    if not some:
        return (
            f"None of the {features} features moved by {SOME:.2f} standard deviations or more: the cohorts look alike."
        )
    return (
        f"Of {features} features, {some} moved by {SOME:.2f} standard deviations or more, "
        f"{much} of them by {MUCH:.2f} or more. "
        "What moved is a reason to look at the risks on these dates, not a fault by itself."
    )


def _drift(feature: Feature, train: Column, test: Column) -> Drift:
    shift = standardised_shift(train, test)
    emptied = standardised_shift(np.isnan(train).astype(np.float32), np.isnan(test).astype(np.float32))
    return Drift(
        name=feature.name,
        means=feature.means,
        theme=feature.theme,
        moved=round(max(abs(shift or 0.0), abs(emptied or 0.0)), 6),
        missing_train=round(float(np.isnan(train).mean()), 6),
        missing_test=round(float(np.isnan(test).mean()), 6),
        shift=None if shift is None else round(shift, 6),
        psi=round(stability_index(train, test), 6),
    )


def standardised_shift(train: Column, test: Column) -> float | None:
    """Return the difference of two means in standard deviations, the mean of both variances under the root.

    train, test : (rows,) float32; NaN is left out.
    returns     : any sign; None where one side is empty or nothing varies.
    source      : Austin (2009), Statistics in Medicine 28: the standardised difference.

    >>> standardised_shift(np.float32([1, 3]), np.float32([3, 5, np.nan]))
    2.0
    """
    before, after = (column[~np.isnan(column)].astype(np.float64) for column in (train, test))
    if not len(before) or not len(after):
        return None
    spread = np.sqrt((before.var() + after.var()) / 2)
    return float((after.mean() - before.mean()) / spread) if spread > 0 else None


def stability_index(train: Column, test: Column) -> float:
    """Return the population stability index over ten bins of equal size in training, and one for empty rows.

    Equal values stay together, so a feature of few values has fewer bins.

    train, test : (rows,) float32, at least one row each.
    returns     : 0, where the shares of all bins are equal, and up.
    source      : Siddiqi (2006), Credit Risk Scorecards; the sum of (p - q) ln(p / q).

    >>> stability_index(np.float32([0, 0, 1, 1]), np.float32([0, 1, 0, 1]))
    0.0
    >>> round(stability_index(np.float32([0, 0, 1, 1]), np.float32([0, 1, 1, 1])), 3)
    0.275
    """
    known = train[~np.isnan(train)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="lower")) if len(known) else known
    before, after = (_shares(column, edges) for column in (train, test))
    return float(np.sum((after - before) * np.log(after / before)))


def _shares(column: Column, edges: Column) -> NDArray[np.float64]:
    """Return the share of rows in each bin, the last for empty rows; a value at an edge lies below it."""
    bins = np.searchsorted(edges, column, side="left")
    bins[np.isnan(column)] = len(edges) + 1
    counts = np.bincount(bins, minlength=len(edges) + 2)
    return np.maximum(counts / len(column), _LEAST)
